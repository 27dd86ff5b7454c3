// Where a thing stands in its own frame's window.
(thing) => {
  const r = thing.getBoundingClientRect();
  return [r.x, r.y, r.width, r.height];
}

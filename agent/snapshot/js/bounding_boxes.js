// Where each element stands on its page, nothing on it scrolled, as `eye.js` tells it.
(elements) => elements.map((el) => {
  const r = el.getBoundingClientRect();
  let x = r.left + scrollX, y = r.top + scrollY;
  for (const [box] of boxesAround(el).boxes) { x += box.scrollLeft; y += box.scrollTop; }
  return [x, y, r.width, r.height].map(Math.round);
})

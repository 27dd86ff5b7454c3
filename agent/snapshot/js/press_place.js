// Where a thing is to be pressed where its middle is not the place: `x,y` in pixels from its corner, else nothing. An entry of a menu
// that is folded out holds its own entries there: it is pressed on its words. What a bar of the window covers in half, even over a
// frame in which the thing stands, is pressed on the strip that shows. "around" where the press would hit what holds the thing,
// "covered" where it would hit something else.
// The thing is brought into the window first.
(thing, words) => {
  const CONTROL = "a, button, summary, li, [role=button], [role=link], [role=menuitem], [role=tab], [role=treeitem], [role=option]";
  const holds = (one, other) => one.contains(other) || other.contains(one);
  // What is hit at a place of the thing: null out of sight, false where something lies over it or over a frame around it.
  function hitAt(across, down) {
    const box = thing.getBoundingClientRect();
    let [x, y] = [box.x + box.width * across, box.y + box.height * down];
    const hit = thing.getRootNode().elementFromPoint(x, y);
    if (!hit || !holds(hit, thing)) return hit && false;
    for (let view = window; view.frameElement; view = view.parent) {
      const frame = view.frameElement, edge = frame.getBoundingClientRect();
      [x, y] = [x + edge.x + frame.clientLeft, y + edge.y + frame.clientTop];
      const over = frame.getRootNode().elementFromPoint(x, y);
      if (over !== frame) return over && false;
    }
    return hit;
  }
  if (hitAt(0.5, 0.5) === null) thing.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  const box = thing.getBoundingClientRect(), hit = hitAt(0.5, 0.5);
  if (hit === false) {
    const down = [0.2, 0.8].find((down) => [0.2, 0.5, 0.8].every((across) => hitAt(across, down)));
    return down ? `${box.width / 2},${box.height * down}` : "covered";
  }
  if (hit && hit !== thing && hit.contains(thing)) return "around";
  const within = hit && hit !== thing && thing.contains(hit) ? hit.closest(CONTROL) : null;
  if (!within || within === thing || !thing.contains(within)) return "";
  const squeezed = (text) => text.replace(/\s/g, "");
  const texts = document.createTreeWalker(thing, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (!words.some((word) => squeezed(node.data).includes(squeezed(word)))) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const place = range.getBoundingClientRect();
    if (!place.width || !place.height) continue;
    return within.contains(node) ? "" : `${place.x + place.width / 2 - box.x},${place.y + place.height / 2 - box.y}`;
  }
  return "";
}

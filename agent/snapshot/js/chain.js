// The boxes that a thing is seen through: those around it that clip or scroll it, the nearest first. What is placed or fixed
// is held by fewer of them than it stands in; `fixed` says whether it stays where it is in the window, however that scrolls.
function boxesAround(el) {
  const boxes = [];
  const held = (style) => style.transform !== "none" || style.filter !== "none" || style.perspective !== "none"
    || /transform|filter/.test(style.willChange) || /paint|layout|strict|content/.test(style.contain);
  const holds = { static: () => true, relative: () => true, sticky: () => true, fixed: held, absolute: (style) => style.position !== "static" || held(style) };
  const free = getComputedStyle(document.documentElement).overflow === "visible" ? document.body : document.documentElement;
  let position = getComputedStyle(el).position;
  const up = (at) => at.assignedSlot || at.parentElement || at.getRootNode().host;
  for (let at = up(el); at; at = up(at)) {
    const style = getComputedStyle(at);
    if (!holds[position](style)) continue;
    position = style.position;
    if (at !== free && at !== document.documentElement) boxes.push([at, style]);
  }
  return { boxes, fixed: position === "fixed" };
}

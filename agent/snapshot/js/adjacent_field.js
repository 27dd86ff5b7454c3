// The visible text field so many fields before or after a known one, in the same document or shadow root.
(known, step) => {
  const typed = new Set(["", "text", "tel", "email", "number"]);
  const isText = (el) => typed.has((el.getAttribute("type") || "").toLowerCase());
  const isSeen = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !el.disabled;
  const all = [...known.getRootNode().querySelectorAll("input")].filter((el) => el === known || (isText(el) && isSeen(el)));
  return all[all.indexOf(known) + step] || null;
}

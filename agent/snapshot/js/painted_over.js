// The thing around a thing whose own paint, drawn before or after what it holds, takes a press on the middle of the thing, and lets
// it be seen; null where that paint is a veil, where the press hits the thing itself or something over it, or the thing takes none.
(thing) => {
  const box = thing.getBoundingClientRect();
  const hit = thing.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const isClear = (style) => style.opacity < 0.05 || (style.backgroundImage === "none" && /^(transparent|rgba\(.*, 0\))$/.test(style.backgroundColor));
  const paints = (style) => !/^(none|normal)$/.test(style.content) && style.position === "absolute";
  const parts = hit ? ["::before", "::after"].map((part) => getComputedStyle(hit, part)).filter(paints) : [];
  const isAround = hit && hit !== thing && hit.contains(thing) && getComputedStyle(thing).pointerEvents !== "none";
  return isAround && parts.length && parts.every(isClear) ? hit : null;
}

// The thing around a thing whose own paint, drawn before or after what it holds, takes a press on the middle of the thing; null
// where the press hits the thing itself, something that lies over it, or where the thing takes none.
(thing) => {
  const box = thing.getBoundingClientRect();
  const hit = thing.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const paints = (part) => !/^(none|normal)$/.test(getComputedStyle(hit, part).content) && getComputedStyle(hit, part).position === "absolute";
  const isAround = hit && hit !== thing && hit.contains(thing) && getComputedStyle(thing).pointerEvents !== "none";
  return isAround && ["::before", "::after"].some(paints) ? hit : null;
}

// Where a thing shows the words it was found by, in pixels from its corner, where a press on its middle would hit a thing to press
// of its own that stands within it: an entry of a menu that is folded out holds its entries. Null elsewhere.
(thing, words) => {
  const CONTROL = "a, button, summary, li, [role=button], [role=link], [role=menuitem], [role=tab], [role=treeitem], [role=option]";
  const box = thing.getBoundingClientRect();
  const hit = thing.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const within = hit && hit !== thing && thing.contains(hit) ? hit.closest(CONTROL) : null;
  if (!within || within === thing || !thing.contains(within)) return null;
  const squeezed = (text) => text.replace(/\s/g, "");
  const texts = document.createTreeWalker(thing, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (!words.some((word) => squeezed(node.data).includes(squeezed(word)))) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const place = range.getBoundingClientRect();
    if (!place.width || !place.height) continue;
    return within.contains(node) ? null : { x: place.x + place.width / 2 - box.x, y: place.y + place.height / 2 - box.y };
  }
  return null;
}

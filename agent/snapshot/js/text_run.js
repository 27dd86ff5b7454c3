// Finds where a page shows a run of characters: the first visible text node with it, brought into view. Returns its element and the
// places of its lines, in pixels from the element's corner; null while there is none or its font is still coming.
async (wanted) => {
  await document.fonts.ready;
  function* texts(root) {
    for (const node of root.childNodes) {
      if (node.nodeType === 3) yield node;
      else if (node.nodeType === 1) {
        if (node.shadowRoot) yield* texts(node.shadowRoot);
        yield* texts(node);
      }
    }
  }
  const shown = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  for (const node of texts(document.body)) {
    const at = node.data.indexOf(wanted);
    const element = node.parentElement || node.getRootNode().host;
    if (at < 0 || !shown(element)) continue;
    element.scrollIntoView({ block: "center", inline: "nearest" });
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + wanted.length);
    const corner = element.getBoundingClientRect();
    const places = [...range.getClientRects()].filter((r) => r.width > 1 && r.height > 1);
    if (!places.length) continue;
    return { element, places: places.map((r) => [r.left - corner.left, r.top - corner.top, r.width, r.height]) };
  }
  return null;
}

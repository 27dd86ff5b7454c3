// Notes which words of a frame may be shown in a picture of it (CSS Custom Highlight API): nothing of the page is changed.
// A text that is one of the given ones, and the part before a colon where that is.
(known) => {
  const texts = new Set(known);
  const ranges = [];
  const squash = (words) => words.replace(/\s+/g, " ").trim();

  function note(node) {
    const words = node.data;
    const start = words.search(/\S/);
    if (start < 0) return;
    const colon = words.search(/[:：]/);
    const end = texts.has(squash(words)) ? words.trimEnd().length : texts.has(squash(words.slice(0, colon + 1))) ? colon + 1 : 0;
    if (end <= start) return;
    const range = new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end });
    ranges.push(range);
  }

  function walk(root) {
    for (const node of root.childNodes) {
      if (node.nodeType === 3) note(node);
      else if (node.nodeType === 1) {
        if (node.shadowRoot) walk(node.shadowRoot);
        walk(node);
      }
    }
  }

  walk(document.body || document.documentElement);
  CSS.highlights.set("gradsync-known", new Highlight(...ranges));
  return true;
}

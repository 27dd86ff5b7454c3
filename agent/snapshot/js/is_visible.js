// Says of each element whether a person sees it as a thing of its own: not transparent, not clipped away, not beside the page,
// not switched off, and, where nothing but its words makes it something to press, not a piece of longer words.
(elements) => {
  const ROLES = ["button", "link", "menuitem", "tab", "option", "radio", "checkbox", "switch", "treeitem"];
  const CONTROL = `a, button, input, select, textarea, summary, [onclick], ${ROLES.map((role) => `[role="${role}"]`)}`;
  const gone = (style) => /^rect\(0px,? 0px,? 0px,? 0px\)$/.test(style.clip) || /^inset\((50|100)%/.test(style.clipPath);
  const up = (el) => el.parentElement || el.getRootNode().host;
  const isPlain = (style) => (style.overflowX === "visible" && style.overflowY === "visible") || /^(inline|contents|table-(row|header|footer).*)$/.test(style.display);
  // True where a box around it lets no more than one pixel of it be seen; what a box scrolls is seen where that box is.
  function isClippedAway(el) {
    const own = el.getBoundingClientRect();
    let [left, top, right, bottom] = [own.left, own.top, own.right, own.bottom];
    const [wide, high] = [Math.min(2, own.width), Math.min(2, own.height)];
    if (!isPlain(getComputedStyle(el)) && (own.width < 2 || own.height < 2)) return true;
    const { boxes, fixed } = boxesAround(el);
    for (const [box, style] of boxes) {
      if (isPlain(style)) continue;
      const r = box.getBoundingClientRect();
      if (/auto|scroll/.test(style.overflowX)) [left, right] = [r.left, r.right];
      else if (style.overflowX !== "visible") [left, right] = [Math.max(left, r.left), Math.min(right, r.right)];
      if (/auto|scroll/.test(style.overflowY)) [top, bottom] = [r.top, r.bottom];
      else if (style.overflowY !== "visible") [top, bottom] = [Math.max(top, r.top), Math.min(bottom, r.bottom)];
      if (right - left < wide || bottom - top < high) return true;
    }
    return fixed && (Math.min(right, innerWidth) - Math.max(left, 0) < wide || Math.min(bottom, innerHeight) - Math.max(top, 0) < high);
  }
  function isCutOrFaint(el) {
    let opacity = 1;
    for (let at = el; at; at = up(at)) {
      const style = getComputedStyle(at);
      opacity *= parseFloat(style.opacity);
      if (opacity < 0.05 || gone(style)) return true;
    }
    return false;
  }
  const isShown = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  function placesOf(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()];
  }
  // True when the words shown right before or after go on without a blank or any room between.
  function goesOn(el, back) {
    const walker = document.createTreeWalker(el.getRootNode(), NodeFilter.SHOW_TEXT);
    walker.currentNode = el;
    while (!back && walker.lastChild());
    let text;
    do text = back ? walker.previousNode() : walker.nextNode();
    while (text && !(isShown(text.parentElement) && placesOf(text).length));
    const own = placesOf(el).at(back ? 0 : -1);
    const other = text && placesOf(text).at(back ? -1 : 0);
    if (!own || !other || own.bottom <= other.top || other.bottom <= own.top) return false;
    const room = back ? own.left - other.right : other.left - own.right;
    return Math.abs(room) < 1 && !/^\s*(新|NEW|HOT)\s*$/i.test(text.data) && /\p{L}/u.test(text.data.at(back ? -1 : 0));
  }
  const isPiece = (el) => !el.closest(CONTROL) && (goesOn(el, true) || goesOn(el, false));
  const isOff = (el) => el.closest('[aria-disabled="true"], [inert]') || getComputedStyle(el).pointerEvents === "none";
  const page = pageOver(), hidden = new Map();
  // What lies under a page that is laid over the whole window is not seen; asked once of each part beside that page.
  function isHidden(el) {
    if (!page || page.contains(el) || el.contains(page)) return false;
    let part = el;
    while (up(part) && !up(part).contains(page)) part = up(part);
    if (!hidden.has(part)) hidden.set(part, isUnder(part, page));
    return hidden.get(part);
  }
  function isSeen(el) {
    const box = el.getBoundingClientRect();
    if (!isShown(el)) return false;
    // What a box around it has scrolled past its edge is on the page still.
    const scrolled = boxesAround(el).boxes.map(([around]) => [around.scrollLeft, around.scrollTop]);
    const [x, y] = scrolled.reduce(([left, top], [right, down]) => [left + right, top + down], [scrollX, scrollY]);
    if (box.right + x <= 0 || box.bottom + y <= 0) return false;
    if (isClippedAway(el) || isCutOrFaint(el) || isHidden(el)) return false;
    return !isOff(el) && !isPiece(el);
  }
  return elements.map(isSeen);
}

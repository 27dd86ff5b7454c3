// Says of each element whether a person sees it as a thing of its own: not transparent, not clipped away, not beside the page,
// not switched off, and, where nothing but its words makes it something to press, not a piece of longer words.
(elements) => {
  const ROLES = ["button", "link", "menuitem", "tab", "option", "radio", "checkbox", "switch", "treeitem"];
  const CONTROL = `a, button, input, select, textarea, summary, [onclick], ${ROLES.map((role) => `[role="${role}"]`)}`;
  const gone = (style) => /^rect\(0px,? 0px,? 0px,? 0px\)$/.test(style.clip) || /^inset\((50|100)%/.test(style.clipPath);
  function isClippedAway(el) {
    const style = getComputedStyle(el);
    const box = el.getBoundingClientRect();
    const tiny = style.overflow !== "visible" && style.display !== "inline" && (box.width <= 1 || box.height <= 1);
    return tiny || gone(style);
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
    return Math.abs(room) < 1 && /\p{L}/u.test(text.data.at(back ? -1 : 0));
  }
  const isPiece = (el) => !el.closest(CONTROL) && (goesOn(el, true) || goesOn(el, false));
  const isOff = (el) => el.closest('[aria-disabled="true"], [inert]') || getComputedStyle(el).pointerEvents === "none";
  function isSeen(el) {
    const box = el.getBoundingClientRect();
    if (!isShown(el)) return false;
    if (box.right + scrollX <= 0 || box.bottom + scrollY <= 0) return false;
    for (let at = el; at; at = at.parentElement || at.getRootNode().host) if (isClippedAway(at)) return false;
    return !isOff(el) && !isPiece(el);
  }
  return elements.map(isSeen);
}

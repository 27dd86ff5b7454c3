// Says of each element whether a person sees it: not transparent, not clipped away, not beside the page.
(elements) => {
  const gone = (style) => /^rect\(0px,? 0px,? 0px,? 0px\)$/.test(style.clip) || /^inset\((50|100)%/.test(style.clipPath);
  function isClippedAway(el) {
    const style = getComputedStyle(el);
    const box = el.getBoundingClientRect();
    const tiny = style.overflow !== "visible" && style.display !== "inline" && (box.width <= 1 || box.height <= 1);
    return tiny || gone(style);
  }
  function isSeen(el) {
    const box = el.getBoundingClientRect();
    if (!el.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    if (box.right + scrollX <= 0 || box.bottom + scrollY <= 0) return false;
    for (let at = el; at; at = at.parentElement || at.getRootNode().host) if (isClippedAway(at)) return false;
    return true;
  }
  return elements.map(isSeen);
}

// The heading of a folded part that holds one of the wanted words, or else of one that says that it is folded; null where none
// does. What a person opens to look for an entry of a menu: short words above short entries, with nothing to fill in or to
// send. A part of a page's own text (`isText`) may be as long as it is; it may lie behind a tab below the words of its `head`.
(root, [source, passed, never, isText, head]) => {
  const wanted = new RegExp(source, "i");
  const longest = isText ? 40 : 20;
  const squash = (text) => (text || "").replace(/[\s\p{Co}]+/gu, " ").trim();
  const said = (el) => squash(el.innerText);
  const isOpen = (el) => {
    const style = getComputedStyle(el);
    if (style.display === "none" || style.visibility !== "visible" || style.opacity === "0") return false;
    const { width, height } = el.getBoundingClientRect();
    return style.overflow === "visible" || style.display === "inline" || (width >= 2 && height >= 2);
  };
  const isShown = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && el.getBoundingClientRect().height > 1;
  const FILLED = "form, input, select, textarea, [type=submit]";
  // An entry of the list itself: 毕业要求：毕业生登记表已提交 submits nothing.
  const isNamed = (words) => isText && wanted.test(words);
  const isHeading = (el) => {
    const words = said(el);
    return isShown(el) && /\p{L}/u.test(words) && words.length <= longest && !passed.includes(words)
      && (isNamed(words) || !never.some((word) => words.includes(word))) && !el.matches(FILLED) && !el.querySelector(FILLED)
      && [...el.querySelectorAll("a, button, [role=button]")].filter(isShown).length <= 1;
  };
  function textsOf(el) {
    const walker = document.createTreeWalker(el, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("script, style, template")) texts.push(walker.currentNode);
    return texts.filter((text) => squash(text.data));
  }
  const isMenu = (el) => !el.querySelector(FILLED) && textsOf(el).every((text) => isText || squash(text.data).length <= 16);
  // The widest thing around it that is folded away.
  function foldOf(el) {
    let fold = null;
    for (let at = el; at && at !== document.body; at = at.parentElement) if (!isOpen(at)) fold = at;
    return fold;
  }
  function headingOf(fold) {
    for (let at = fold.previousElementSibling; at; at = at.previousElementSibling)
      if (isShown(at) && /\p{L}/u.test(said(at))) return isHeading(at) ? at : null;
    return isHeading(fold.parentElement) ? fold.parentElement : null;
  }
  for (const text of textsOf(document.body || root)) {
    const fold = wanted.test(squash(text.data)) && foldOf(text.parentElement);
    const heading = fold && isMenu(fold) && headingOf(fold);
    if (heading) return heading;
  }
  const MENU = "[role=menuitem], [role=treeitem], [aria-haspopup]";
  const FOLDED = isText ? `[aria-expanded=false]:not(${MENU}, [role=combobox])` : `:is(${MENU})[aria-expanded=false]`;
  const folded = [...document.querySelectorAll(FOLDED)].find(isHeading);
  if (folded || !head) return folded || null;
  const heads = new RegExp(head);
  const line = textsOf(document.body || root).find((text) => heads.test(squash(text.data)) && isShown(text.parentElement));
  const isBelow = (el) => line && el.getBoundingClientRect().top >= line.parentElement.getBoundingClientRect().top;
  return [...document.querySelectorAll("[role=tab]:not([aria-selected=true])")].find((el) => isBelow(el) && isHeading(el)) || null;
}

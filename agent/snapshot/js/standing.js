// Where each element stands among other words: "crumb" in a line that says where one is (首页 / 学生服务 / 毕业条件), "list" among
// entries below one another, as a menu at the side, or in the bar at the window's lower edge, "" anywhere else.
(elements) => {
  const SEPARATORS = /[\/／>＞»›→\\|]/;
  const CRUMBS = /breadcrumb|面包屑|当前位置/i;
  const words = (el) => (el.innerText || "").replace(/[\s\p{Co}]/gu, "");
  const up = (el) => el.parentElement || el.getRootNode().host;
  // The widest thing around it that says nothing else.
  function alone(el) {
    while (up(el) && up(el) !== document.body && words(up(el)) === words(el)) el = up(el);
    return el;
  }
  function isCrumb(el) {
    for (let at = el, level = 0; at && level < 6; at = up(at), level += 1)
      if (CRUMBS.test(`${at.getAttribute("aria-label")} ${at.getAttribute("aria-roledescription")}`)) return true;
    const own = words(el), line = up(alone(el));
    if (!line || line.getBoundingClientRect().height > 64) return false;
    const said = words(line), parts = said.split(SEPARATORS);
    return said.length < 80 && parts.length > 1 && parts.includes(own) && parts.every(Boolean);
  }
  // Entries of a menu begin at the same edge, are as wide, short, and stand one below the other.
  function isBelow(one, other) {
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    const aligned = Math.abs(a.left - b.left) < 2 && Math.abs(a.width - b.width) < 2 && b.height > 0 && b.height < 64;
    return aligned && (b.top >= a.bottom - 2 || b.bottom <= a.top + 2) && words(other) !== "" && words(other).length < 20;
  }
  const isAmong = (el) => [...(up(el)?.children || [])].some((other) => other !== el && other.tagName === el.tagName && isBelow(el, other));
  // An entry that is folded out heads its own entries, and those stand below it.
  const heads = (el, hold) => [...hold.children].every((other) => other === el || !other.checkVisibility() || words(other) === ""
    || other.getBoundingClientRect().top >= el.getBoundingClientRect().bottom - 2);
  function isListed(el) {
    const entry = alone(el), hold = up(entry);
    return isAmong(entry) || (hold instanceof Element && heads(entry, hold) && isAmong(hold));
  }
  // A bar of tabs stays at the lower edge whatever is scrolled; its entries are as wide and stand side by side.
  const stays = (el) => el instanceof Element && (getComputedStyle(el).position === "fixed" || stays(up(el)));
  function isTab(entry) {
    const own = entry.getBoundingClientRect();
    const isBeside = (box) => Math.abs(box.top - own.top) < 2 && Math.abs(box.width - own.width) < 2 && box.width > 0;
    const row = [...(up(entry)?.children || [])].filter((other) => isBeside(other.getBoundingClientRect()));
    return row.length > 2 && own.height < 100 && own.bottom > innerHeight - 40 && stays(entry);
  }
  // A badge may stand beside the word in its entry.
  const isInBar = (el) => [alone(el), up(alone(el))].some((entry) => entry instanceof Element && isTab(entry));
  return elements.map((el) => (isCrumb(el) ? "crumb" : isListed(el) || isInBar(el) ? "list" : ""));
}

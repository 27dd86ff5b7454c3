// The heading of a folded part that holds one of the wanted words, or else of one that says that it is folded; null where none
// does. What a person opens to look for an entry of a menu: short words above short entries, with nothing to fill in or to
// send. A part of a page's own text (`isText`) may be as long as it is; it may lie behind a tab between the words of its `head` and
// the first of its `rows`.
(root, [source, passed, never, isText, head, rows]) => {
  const wanted = new RegExp(source, "i");
  const longest = isText ? 40 : 20;
  const squash = (text) => (text || "").replace(/[\s\p{Co}]+/gu, " ").trim();
  // A menu that is drawn narrow shows its headings as pictures alone; their words are there for whoever opens it.
  const said = (el) => squash(el.innerText) || (isText ? "" : squash(el.textContent));
  const isOpen = (el) => {
    const style = getComputedStyle(el);
    if (style.display === "none" || style.visibility !== "visible" || style.opacity === "0") return false;
    const { width, height } = el.getBoundingClientRect();
    return style.overflow === "visible" || style.display === "inline" || (width >= 2 && height >= 2);
  };
  const wide = Math.max(document.documentElement.scrollWidth, innerWidth);
  // What a drawer beside the window holds is not shown until it is opened.
  const isBeside = ({ left, right }) => right + scrollX <= 0 || left + scrollX >= wide;
  const isShown = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && el.getBoundingClientRect().height > 1 && !isBeside(el.getBoundingClientRect());
  const FILLED = "form, input, select, textarea, [type=submit]";
  // An entry of the list itself: 毕业要求：毕业生登记表已提交 submits nothing.
  const isNamed = (words) => isText && wanted.test(words);
  const isHeading = (el) => !passed.includes(said(el)) && saysHeading(el);
  const saysHeading = (el, isGroup = isNamed) => {
    const words = said(el);
    return isShown(el) && /\p{L}/u.test(words) && words.length <= longest
      && (isGroup(words) || !never.some((word) => words.includes(word))) && !el.matches(FILLED) && !el.querySelector(FILLED)
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
  // A wide heading may hear a press on its words alone.
  const pressedOf = (el) => [...el.querySelectorAll("*")].filter((one) => isShown(one) && said(one) === said(el)).pop() || el;
  // Without a heading of words, what is pressed is the one picture, or the one thing with an arrow, that leads to no other page: one's
  // own name in the corner.
  const leadsAway = (el) => el.closest('a[href]:not([href^="#"], [href^="javascript"])');
  const named = (el) => (el.parentElement && !el.textContent.trim() ? named(el.parentElement) : said(el));
  const isOpener = (el) => {
    if (!isShown(el) || leadsAway(el) || passed.includes(named(el))) return false;
    if (!squash(el.innerText)) return el.matches("img, svg, canvas");
    const isPressed = getComputedStyle(el).cursor === "pointer" && getComputedStyle(el.parentElement).cursor !== "pointer";
    return isPressed && /[▾▼▽⌄∨˅]/.test(el.innerText) && isHeading(el);
  };
  function openerIn(box, fold) {
    const openers = isText ? [] : [box, ...box.querySelectorAll("*")].filter((el) => !fold.contains(el) && isOpener(el));
    return openers.length === 1 ? openers[0] : null;
  }
  function headingOf(fold) {
    for (let at = fold.previousElementSibling; at; at = at.previousElementSibling)
      if (isShown(at) && /\p{L}/u.test(said(at))) return isHeading(at) ? pressedOf(at) : openerIn(at, fold);
    return isHeading(fold.parentElement) ? pressedOf(fold.parentElement) : openerIn(fold.parentElement, fold);
  }
  // Pages that are turned: the one that holds the word is beside those that are shown, and its dot, or the arrow that turns to it, below
  // them.
  function isInSight(el) {
    const r = el.getBoundingClientRect(), middle = r.left + r.width / 2;
    for (let at = el.parentElement; at; at = at.parentElement) {
      const box = at.getBoundingClientRect();
      if (getComputedStyle(at).overflowX !== "visible" && (middle < box.left || middle > box.right)) return false;
    }
    return isShown(el);
  }
  const NEXT = /^([›»>＞❯→▶]+|下一[页组]|next)$/i;
  const isTurn = (el) => Math.max(el.getBoundingClientRect().width, el.getBoundingClientRect().height) <= 64 && isInSight(el) && !leadsAway(el);
  const isDot = (el) => isTurn(el) && !/\p{L}/u.test(el.textContent) && getComputedStyle(el).cursor === "pointer";
  function turnOf(el) {
    for (let page = el; page.parentElement && page !== document.body; page = page.parentElement) {
      const pages = [...page.parentElement.children].filter((one) => one.tagName === page.tagName && squash(one.textContent));
      if (isInSight(page) || !pages.some(isInSight)) continue;
      for (let around = page.parentElement, level = 0; around && level < 3; around = around.parentElement, level += 1) {
        const others = [...around.querySelectorAll("*")].filter((one) => !pages.some((other) => other.contains(one)));
        const arrows = others.filter((one) => isTurn(one) && !one.children.length && [one.innerText, one.title, one.ariaLabel].some((name) => NEXT.test(squash(name))));
        if (arrows.length === 1) return arrows[0];
        const dots = others.filter(isDot);
        const isRow = dots.length === pages.length && dots.every((one) => one.parentElement === dots[0].parentElement);
        if (isRow && !arrows.length) return dots[pages.indexOf(page)];
      }
    }
    return null;
  }
  for (const text of textsOf(document.body || root)) {
    if (!wanted.test(squash(text.data))) continue;
    const fold = foldOf(text.parentElement);
    const heading = (fold && isMenu(fold) && headingOf(fold)) || (!isText && turnOf(text.parentElement));
    if (heading) return heading;
  }
  // A row that runs over a whole table and names the rows below it, which are folded away: its arrow is pressed, or it itself.
  const label = isText && textsOf(document.body || root).find((text) => wanted.test(squash(text.data)) && isShown(text.parentElement));
  const isUnder = (el) => label && el.getBoundingClientRect().top >= label.parentElement.getBoundingClientRect().bottom - 1;
  const isArrow = (el) => isShown(el) && !said(el) && el.getBoundingClientRect().width <= 48 && getComputedStyle(el).cursor === "pointer";
  for (const row of document.querySelectorAll("tr, [role=row]")) {
    const above = row.previousElementSibling;
    if (isOpen(row) || !squash(row.textContent) || !above || !isUnder(above)) continue;
    if ([...above.children].filter(isShown).length === 1 && isHeading(above)) return [...above.querySelectorAll("*")].find(isArrow) || above;
  }
  const MENU = "[role=menuitem], [role=treeitem], [aria-haspopup]";
  const FOLDED = isText ? `[aria-expanded=false]:not(${MENU}, [role=combobox])` : `:is(${MENU})[aria-expanded=false]`;
  const folded = [...document.querySelectorAll(FOLDED)].find(isHeading);
  if (folded || !head) return folded || null;
  const heads = new RegExp(head);
  const line = textsOf(document.body || root).find((text) => heads.test(squash(text.data)) && isShown(text.parentElement));
  const isBelow = (el) => line && el.getBoundingClientRect().top >= line.parentElement.getBoundingClientRect().top;
  const tab = [...document.querySelectorAll("[role=tab]:not([aria-selected=true])")].find((el) => isBelow(el) && isHeading(el));
  if (tab) return tab;
  // Tabs that only look so: short words side by side above the rows, to be pressed, of which one looks otherwise than the rest.
  const entries = new RegExp(rows, "i");
  const row = textsOf(document.body || root).find((text) => entries.test(squash(text.data)) && isShown(text.parentElement));
  // What says that it does something is no tab, however it looks.
  const doing = /申请|办理|打印|导出|下载|查询|搜索|重置|上传|填写|填报|修改|编辑|保存|添加|新增|预约|缴费|支付|报名|登录|刷新|返回/;
  // A link without an address is there for a script; elsewhere the pointer tells what is pressed.
  const isPressed = (el) => el.tagName === "A" || (getComputedStyle(el).cursor === "pointer" && getComputedStyle(el.parentElement).cursor !== "pointer");
  const isAbove = (el) => row && el.getBoundingClientRect().bottom <= row.parentElement.getBoundingClientRect().top + 1;
  const words = [...document.querySelectorAll(`body :is(div, span, li, label, a[href^="#"], a:not([href]))`)].filter((el) => isPressed(el) && isShown(el)
    && said(el) && said(el).length <= 12 && !doing.test(said(el)) && isBelow(el) && isAbove(el));
  const look = (el) => { const style = getComputedStyle(el); return [style.color, style.backgroundColor, style.fontWeight].join(); };
  for (const el of words) {
    const beside = words.filter((other) => other.tagName === el.tagName
      && Math.abs(other.getBoundingClientRect().top - el.getBoundingClientRect().top) <= 1);
    const alike = beside.filter((other) => look(other) === look(el));
    const isMarked = beside.length > 2 && alike.length === 1;
    if (beside.length > 1 && beside.length <= 6 && alike.length < beside.length && !isMarked && isHeading(el)) return el;
  }
  if (row) return null;
  // Nothing of the list is shown: short words one below another below its head, each with an arrow at the end of its line.
  const isAtEnd = (el, r) => {
    const b = el.getBoundingClientRect();
    return !said(el) && isShown(el) && [b.width, b.height].every((side) => side >= 4 && side <= 48) && b.left > r.left + r.width * 0.7;
  };
  const isHit = (el) => {
    const r = el.getBoundingClientRect(), hit = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
    return !hit || el.contains(hit);
  };
  // 照片审核 2/4 names a group and how many of its entries are met; 确认提交 1/2 may be a step of something that is sent.
  const isCounted = (words) => /\p{L} ?\d+ ?\/ ?\d+$/u.test(words) && !/确认|提交|删除|撤销|取消|退出/.test(words);
  const lines = [...document.querySelectorAll("body :not(a[href], button, label, table *)")].filter((el) => {
    const r = el.getBoundingClientRect();
    return r.height <= 88 && isShown(el) && isBelow(el) && !doing.test(said(el)) && saysHeading(el, isCounted)
      && [...el.querySelectorAll("svg, i, img, span")].some((one) => isAtEnd(one, r)) && isHit(el);
  });
  const inner = lines.filter((el) => !lines.some((other) => other !== el && el.contains(other)));
  const alike = (one, other) => ["left", "width"].every((side) => Math.abs(one.getBoundingClientRect()[side] - other.getBoundingClientRect()[side]) <= 2);
  return inner.find((el) => !passed.includes(said(el)) && inner.some((other) => other !== el && alike(el, other))) || null;
}

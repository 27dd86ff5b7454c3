// What a person sees in one frame, as a tree: visible text with place and colour, pictures, fields. Open shadow roots are
// looked into. No id, no class and no password ever leaves the page. Returned as JSON text because that crosses faster, after a
// mark of it, what page_activity.js tells of the page ("?" where it has none) and a blank each; where the mark is the one that is given,
// without the text: nothing has changed since.
(known) => {
  const skipped = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "LINK", "META", "IFRAME", "FRAME", "COLGROUP", "DATALIST"]);
  const buttons = new Set(["submit", "button", "reset", "image"]);
  const FAINTEST = 0.05; // what is more transparent than this nobody sees
  const clear = (c) => c === "transparent" || c === "rgba(0, 0, 0, 0)";

  // A view is what a thing is seen through: how far the boxes around it are scrolled, the part of the page (left, top, right,
  // bottom, nothing scrolled) that they let be seen or scrolled to, and how much of what is painted there is not transparent.
  const WINDOW = { x: scrollX, y: scrollY, clip: [0, 0, Infinity, Infinity], opacity: 1 };
  const place = (r, view) => [r.left + view.x, r.top + view.y, r.width, r.height].map(Math.round);
  const cut = (a, b) => [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  const isThere = (b, clip, least) => {
    const left = cut([b[0], b[1], b[0] + b[2], b[1] + b[3]], clip);
    return left[2] - left[0] >= Math.min(least, b[2]) && left[3] - left[1] >= Math.min(least, b[3]);
  };
  // One pixel is for screen readers alone.
  const isInView = (b, view) => isThere(b, view.clip, 2) && b[0] + b[2] > 0 && b[1] + b[3] > 0;

  // A word that its font paints as one picture (a ligature): as wide as the letters are high, and each letter has an equal part of it.
  const WORD = /^\s*[a-z][a-z0-9_]{2,}\s*$/;
  function isLigature(node, style) {
    if (!WORD.test(node.data)) return false;
    const [word, size] = [node.data.trim(), parseFloat(style.fontSize)];
    const start = node.data.indexOf(word);
    const widthTo = (end) => {
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, end);
      return range.getBoundingClientRect().width;
    };
    const isNear = (one, other) => Math.abs(one - other) <= 0.03 * size;
    return isNear(widthTo(start + word.length), size) && isNear(widthTo(start + 1), size / word.length);
  }

  // A letter of no script that is read here, in a font of its own at the beginning of what has words in another: its font paints
  // an icon. Words of a page whose letters are coded by their font stand behind a label, or alone.
  const LONE = /^\s*[^\p{ASCII}\p{sc=Han}\p{sc=Latin}\p{sc=Greek}\p{P}\p{S}\p{N}\p{Z}]\s*$/u;
  const isWorded = (nodes) => /[\p{L}\p{N}]/u.test(nodes.map((node) => node.textContent).join(""));
  function isIcon(node, style) {
    const [el, around] = [node.parentElement, node.parentElement?.parentElement];
    if (!around || !LONE.test(node.data) || getComputedStyle(around).fontFamily === style.fontFamily) return false;
    const among = [...around.childNodes], at = among.indexOf(el);
    return !isWorded(among.slice(0, at)) && isWorded(among.slice(at + 1));
  }

  function text(node, style, view) {
    const words = node.data.replace(/[ \t\n\r\f]+/g, " ");
    if (!words.trim() || style.visibility !== "visible" || parseFloat(style.fontSize) === 0) return null;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = place(range.getBoundingClientRect(), view);
    if (!box[2] || !box[3] || !isInView(box, view)) return null;
    return isLigature(node, style) || isIcon(node, style) ? { t: "svg", i: 1, b: box } : { x: words, b: box, k: style.color };
  }

  // Words that only a style sheet writes, before or behind what stands in an element; signs only in one that says nothing else.
  // Which elements may have some is known from the rules that can be read, so that few are asked for what is written there.
  const WRITES = /\p{sc=Han}|[✓✔✗✘√×☑☐]/u;
  const PART = /::?(before|after)\s*$/;
  const isSelector = (words) => { try { return Boolean(document.createDocumentFragment().querySelector(words)) || true; } catch { return false; } };
  function rulesOf(sheet) {
    try { return [...sheet.cssRules].flatMap((rule) => (rule.styleSheet ? rulesOf(rule.styleSheet) : rule.style ? [rule] : rule.cssRules ? rulesOf(rule) : [])); }
    catch { return []; }
  }
  function writingSelector() {
    const rules = [...document.styleSheets, ...document.adoptedStyleSheets].flatMap(rulesOf).filter((rule) => rule.style.content && WRITES.test(rule.style.content));
    const parts = rules.flatMap((rule) => rule.selectorText.split(",")).filter((part) => PART.test(part));
    return parts.map((part) => part.replace(PART, "").trim() || "*").filter(isSelector).join(",");
  }
  const writing = writingSelector();

  function written(el, name, view) {
    const style = getComputedStyle(el, name);
    const words = /^"(.*)"$/.exec(style.content)?.[1].trim();
    const isThere = style.display !== "none" && style.visibility === "visible" && parseFloat(style.opacity) >= FAINTEST;
    if (!words || !isThere || !WRITES.test(words) || (!/\p{sc=Han}/u.test(words) && el.textContent.trim())) return [];
    const [r, inside] = [el.getBoundingClientRect(), document.createRange()];
    inside.selectNodeContents(el);
    const size = parseFloat(style.fontSize), own = inside.getBoundingClientRect(), width = Math.max(parseFloat(style.width) || 0, size * words.length);
    const isFlowing = style.float === "none" && style.position !== "absolute";
    const left = style.float === "left" || (isFlowing && name === "::before") ? r.left : isFlowing && own.width ? own.right : r.right - width;
    const box = place({ left, top: r.top + (r.height - size) / 2, width, height: size }, view);
    return size > 0 && isInView(box, view) ? [{ x: words, b: box, k: style.color }] : [];
  }

  const isCutToNothing = (style) => /^rect\(0px,? 0px,? 0px,? 0px\)$/.test(style.clip) || /^inset\((50|100)%/.test(style.clipPath);

  // The window scrolls by what stands at the page's root, or at its body where the root says nothing; that body clips nothing.
  const free = getComputedStyle(document.documentElement).overflow === "visible" ? document.body : document.documentElement;
  const BOXLESS = /^(inline|contents|table-row|table-row-group|table-header-group|table-footer-group)$/;

  // How far a part goes that does not scroll by itself but is kept in step with one beside it that does, of the same place and
  // length: the head above a wide table, a frozen column; one that touches it may be made longer than what is ever shown. Else 0.
  function lengthInStep(el, start, extent, overflow) {
    if (el[`scroll${extent}`] <= el[`client${extent}`] + 1) return 0;
    const own = el.getBoundingClientRect();
    const [from, to] = start === "left" ? ["top", "bottom"] : ["left", "right"];
    const touches = (r) => Math.abs(own[to] - r[from]) <= 2 || Math.abs(r[to] - own[from]) <= 2;
    const isTwin = (other) => {
      const r = other.getBoundingClientRect(), longer = el[`scroll${extent}`] - other[`scroll${extent}`];
      const isWide = Math.abs(other[`client${extent}`] - el[`client${extent}`]) <= 24;
      return /auto|scroll/.test(getComputedStyle(other)[overflow]) && Math.abs(r[start] - own[start]) <= 2
        && (Math.abs(longer) <= 24 || (longer > 0 && isWide && touches(r)));
    };
    let around = el.parentElement;
    for (let level = 0; around && level < 3; level += 1, around = around.parentElement)
      for (const other of around.querySelectorAll("*"))
        if (other[`scroll${extent}`] > other[`client${extent}`] && isTwin(other)) return other[`scroll${extent}`] + 24;
    return 0;
  }
  function lengthOf(el, style, start, extent, overflow) {
    if (/auto|scroll/.test(style[overflow])) return Infinity;
    return style[overflow] === "hidden" ? lengthInStep(el, start, extent, overflow) : 0;
  }

  // What the contents of an element are seen through, when it is seen through `view` itself.
  function inner(el, style, view) {
    const opacity = view.opacity * parseFloat(style.opacity);
    if (el === free || el === document.documentElement || BOXLESS.test(style.display)) return { ...view, opacity };
    if (style.overflowX === "visible" && style.overflowY === "visible") return { ...view, opacity };
    const r = el.getBoundingClientRect();
    const left = r.left + view.x, top = r.top + view.y; // of the edge, and of the contents once they are scrolled back
    const edge = (side) => parseFloat(style[`border${side}Width`]);
    const own = [left + edge("Left"), top + edge("Top"), left + r.width - edge("Right"), top + r.height - edge("Bottom")];
    const shown = cut(own, view.clip);
    const gone = shown[2] - shown[0] < 2 || shown[3] - shown[1] < 2;
    const across = gone ? 0 : lengthOf(el, style, "left", "Width", "overflowX");
    const down = gone ? 0 : lengthOf(el, style, "top", "Height", "overflowY");
    const clip = [
      across ? (style.direction === "rtl" ? -Infinity : own[0]) : style.overflowX === "visible" ? view.clip[0] : shown[0],
      down ? (style.flexDirection === "column-reverse" ? -Infinity : own[1]) : style.overflowY === "visible" ? view.clip[1] : shown[1],
      across ? own[0] + across : style.overflowX === "visible" ? view.clip[2] : shown[2],
      down ? own[1] + down : style.overflowY === "visible" ? view.clip[3] : shown[3],
    ];
    const moved = [el.scrollLeft, el.scrollTop];
    // A script may have scrolled what nobody can scroll: the part that is shown moves with it.
    const fixed = [across ? 0 : moved[0], down ? 0 : moved[1]];
    return {
      x: view.x + moved[0], y: view.y + moved[1], opacity,
      clip: [clip[0] + fixed[0], clip[1] + fixed[1], clip[2] + fixed[0], clip[3] + fixed[1]],
    };
  }

  // The views of what stands in the flow, of what is placed by its positioned box, and of what is fixed to the window.
  const VIEWS = { flow: WINDOW, placed: WINDOW, fixed: { ...WINDOW, clip: [scrollX, scrollY, scrollX + innerWidth, scrollY + innerHeight] } };
  const viewOf = (style, views) => views[{ absolute: "placed", fixed: "fixed" }[style.position] || "flow"];
  const movesFixed = (style) => style.transform !== "none" || style.filter !== "none" || style.perspective !== "none" || /transform|filter/.test(style.willChange) || /paint|layout|strict|content/.test(style.contain);

  function viewsInside(el, style, views) {
    const flow = inner(el, style, viewOf(style, views));
    const fade = (view) => ({ ...view, opacity: flow.opacity });
    // Asked for by few: what is neither placed nor fixed stands in the flow.
    let holds, placed, fixed;
    const isHolder = () => (holds ??= movesFixed(style));
    return {
      flow,
      get placed() {
        return (placed ??= style.position !== "static" || isHolder() ? flow : fade(views.placed));
      },
      get fixed() {
        return (fixed ??= isHolder() ? flow : fade(views.fixed));
      },
    };
  }

  // A text field that shows dots for what is typed is a password's, and one that says so: a script may draw the dots only then,
  // or it gives way to one.
  const PASSWORD = /^(请(输入|填写))?(您的)?(登录|登陆|用户|账号)?(密\s*码|口\s*令)$|^(your )?password$/i;
  const isPassword = (el, names) => el.type === "text" && (getComputedStyle(el).webkitTextSecurity !== "none" || names.some((name) => PASSWORD.test((name || "").trim())));

  const ASKS = /^[-\s]*请选择/; // stands where nothing was chosen
  // A disabled field that asks to choose is filled in by a list that its row opens.
  function field(el, out, view) {
    if (!isInView(out.b, view) && el.type !== "file") return null;
    const named = el.labels && [...el.labels].map((l) => l.innerText).join(" ").trim();
    const type = isPassword(el, [named, el.placeholder, el.value === el.defaultValue && el.value]) ? "password" : (el.type || "").toLowerCase();
    if (type === "hidden") return null;
    out.y = type;
    if (named) out.l = named;
    if (el.placeholder) out.p = el.placeholder;
    if (el.readOnly) out.o = 1;
    if (el.disabled && type === "text" && ASKS.test(el.placeholder)) return { ...out, d: undefined, r: "combobox", z: 1, v: el.value };
    if (type === "checkbox" || type === "radio") out.s = el.checked;
    else if (buttons.has(type)) out.x = el.value || el.alt || el.title;
    else if (el.tagName === "SELECT") out.v = el.selectedOptions.length ? el.selectedOptions[0].text : "";
    else if (type !== "password" && type !== "file") out.v = el.value;
    return out;
  }

  // Boxes and lists that the page draws over the browser's own, which it hides: what is drawn stands for it.
  const isShown = (el) => {
    const r = el.getBoundingClientRect();
    return r.width > 1 && r.height > 1 && el.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };

  function drawnBox(el) {
    // The label that it stands in is its own; one beside it names the row, and may be told to be for whatever is first in it.
    const labels = [...(el.labels || [])];
    const siblings = labels.filter((label) => label.parentElement === el.parentElement);
    const near = [el.closest("label"), ...siblings, el.nextElementSibling, ...labels, el.parentElement];
    return near.find((one) => one && isShown(one) && one.querySelectorAll("input").length <= 1) || null;
  }

  function drawnList(el) {
    let at = el.parentElement;
    while (at && !isShown(at)) at = at.parentElement;
    const grows = (one, other) => other.width - one.width > 60 || other.height - one.height > 16;
    while (at?.parentElement && at.parentElement.querySelectorAll("input").length === 1) {
      if (grows(at.getBoundingClientRect(), at.parentElement.getBoundingClientRect())) break;
      at = at.parentElement;
    }
    return at && at.querySelectorAll("input").length === 1 ? at : null;
  }

  const standIns = new Map();
  function findStandIns() {
    for (const el of document.querySelectorAll("input")) {
      const isBox = el.type === "checkbox" || el.type === "radio";
      const isList = el.getAttribute("role") === "combobox";
      if (!isBox && !isList) continue;
      if (isBox && isShown(el)) continue;
      const at = isBox ? drawnBox(el) : drawnList(el);
      if (at && (isBox || !isShown(el) || (!el.value && at.innerText.trim()))) standIns.set(at, el);
    }
  }

  // Lists of choices of which only a box is painted: one line high, with an edge, an arrow at its end and at most one run of words.
  // What tells it from an entry that leads on is that it takes the focus, or that a field is hidden in it.
  const LIST = { least: 18, most: 64, wide: 56 }; // its sides (CSS pixels)
  const OTHER = ["button", "link", "tab", "menuitem", "treeitem", "option", "checkbox", "radio", "switch", "slider", "spinbutton"];
  const NO_LIST = `a[href], button, summary, label, ${OTHER.map((role) => `[role=${role}]`)}`;
  const TYPED = `input:not(${["checkbox", "radio", "file", "hidden", "submit", "button"].map((type) => `[type=${type}]`)}), select, textarea`;
  const near = (one, other) => Math.abs(one - other) <= 3;
  const isSamePlace = (a, b) => near(a.left, b.left) && near(a.top, b.top) && near(a.right, b.right) && near(a.bottom, b.bottom);
  const placeOf = (el) => el.getBoundingClientRect();
  const saysList = (el) => el.getAttribute("role") === "combobox" || el.getAttribute("aria-haspopup") === "listbox";
  const takesFocus = (el) => el.hasAttribute("tabindex") && el.tabIndex >= 0;

  function groundBehind(el) {
    for (let at = el.parentElement; at; at = at.parentElement) {
      const ground = getComputedStyle(at).backgroundColor;
      if (!clear(ground)) return ground;
    }
    return "rgb(255, 255, 255)";
  }

  function isEdged(el) {
    const style = getComputedStyle(el);
    const isLine = (side) => parseFloat(style[`border${side}Width`]) > 0 && !clear(style[`border${side}Color`]);
    if (["Top", "Right", "Bottom", "Left"].every(isLine)) return true;
    return !clear(style.backgroundColor) && style.backgroundColor !== groundBehind(el);
  }

  // An arrow is a small thing without words at the right end, or what a style sheet puts there.
  function isArrowOf(el, box) {
    const r = placeOf(el);
    const isSmall = [r.width, r.height].every((side) => side >= 4 && side <= 48);
    if (isSmall && r.left + r.width / 2 > box.right - 48 && !/[\p{L}\p{N}]/u.test(el.textContent.replace(/\p{Co}/gu, ""))) return true;
    return isSamePlace(r, box) && ["::before", "::after"].some((name) => {
      const style = getComputedStyle(el, name);
      const isThing = style.content !== "none" && style.display !== "none" && style.position === "absolute";
      return isThing && [style.width, style.height].every((side) => parseFloat(side) <= 48);
    });
  }

  function runsOf(el) {
    const walker = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    const runs = [];
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      if (!/[\p{L}\p{N}]/u.test(data) || !isShown(parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      runs.push({ words: data.trim(), box: range.getBoundingClientRect() });
    }
    return runs;
  }

  // Its field is hidden, or empty under the words that are painted over it for what was chosen.
  function hidesField(el, runs) {
    const inside = [...el.querySelectorAll(TYPED)];
    if (inside.length !== 1) return inside.length === 0 && (takesFocus(el) || saysList(el));
    const [field, r] = [inside[0], placeOf(inside[0])];
    const isOver = ({ words, box }) => words !== field.placeholder && box.left >= r.left - 1 && box.right <= r.right + 1;
    return !isShown(field) || (field.value === "" && runs.some(isOver));
  }

  function isListBox(el) {
    const box = placeOf(el);
    if (box.height < LIST.least || box.height > LIST.most || box.width < LIST.wide) return false;
    if (!isShown(el) || (!takesFocus(el) && !saysList(el) && !el.querySelector(TYPED))) return false;
    if (el.querySelector("input[role=combobox]") || (!saysList(el) && el.closest(NO_LIST))) return false;
    const runs = runsOf(el);
    if (runs.length > 1 || !hidesField(el, runs) || [...el.querySelectorAll("a[href], button")].some(isShown)) return false;
    let whole = el;
    while (whole.parentElement && isSamePlace(placeOf(whole.parentElement), box)) whole = whole.parentElement;
    const parts = [whole, ...whole.querySelectorAll("*")];
    return parts.some((one) => isSamePlace(placeOf(one), box) && isEdged(one)) && parts.some((one) => isArrowOf(one, box));
  }

  // A row that has a ground of its own around such a box is none.
  const isInnermost = (el) => ![...el.querySelectorAll("*")].some((one) => !isSamePlace(placeOf(one), placeOf(el)) && isListBox(one));

  const drawnWords = (nodes) => nodes.map((node) => node.x || drawnWords(node.c || [])).filter(Boolean).join(" ");
  const drawnRoles = { checkbox: "checkbox", switch: "checkbox", radio: "radio" };
  const listOf = (words) => ({ t: "input", y: "text", r: "combobox", z: 1, ...(ASKS.test(words) ? { p: words, v: "" } : { v: words }) });
  // A label that floats inside the box, before the value or behind it, is no part of the value.
  function named(field, words) {
    const name = (field.getAttribute("aria-label") || "").trim();
    const rest = words === name ? "" : words.startsWith(`${name} `) ? words.slice(name.length + 1) : words.endsWith(` ${name}`) ? words.slice(0, -name.length - 1) : null;
    return name && rest !== null ? { l: name, ...listOf(rest) } : listOf(words);
  }

  function drawn(el, style, out, views) {
    const own = standIns.get(el);
    if (!own && isListBox(el) && isInnermost(el)) return { ...out, ...listOf(runsOf(el).map((run) => run.words).join(" ")) };
    const type = own ? (own.type || "").toLowerCase() : drawnRoles[el.getAttribute("role")];
    if (!type) return null;
    const below = children(el, style, viewsInside(el, style, views));
    const words = drawnWords(below);
    if (own && own.getAttribute("role") === "combobox") return { ...out, ...named(own, words) };
    const checked = own ? own.checked : el.getAttribute("aria-checked") === "true";
    const label = words || (own && own.title) || out.l || "";
    return { ...out, t: "input", y: type, s: checked, l: label, z: 1, c: below };
  }

  // Without a size of its own such a picture has no place yet, but a person sees that there should be one.
  function isComingOrBroken(el) {
    return el.tagName === "IMG" && Boolean(el.currentSrc || el.src) && !(el.complete && el.naturalWidth);
  }

  function picture(el, out) {
    out.a = (el.alt || el.getAttribute("aria-label") || el.title || "").trim();
    const tag = el.tagName.toLowerCase();
    out.u = tag === "svg" ? el.querySelector("image")?.href.baseVal || "" : el.currentSrc || el.src || "";
    out.n = tag === "img" ? [el.naturalWidth, el.naturalHeight] : tag === "canvas" ? [el.width, el.height] : [0, 0];
    return out;
  }

  function inside(el) {
    if (el.shadowRoot) return el.shadowRoot.childNodes;
    if (el.tagName === "SLOT") {
      const given = el.assignedNodes({ flatten: true });
      return given.length ? given : el.childNodes;
    }
    return el.childNodes;
  }

  // The back of a thing that shows its face alone, turned away by itself or by what turns it along.
  function isTurnedAway(el, style) {
    if (style.backfaceVisibility !== "hidden") return false;
    let turned = new DOMMatrix(style.transform === "none" ? "" : style.transform);
    for (let at = el.parentElement; at; at = at.parentElement) {
      const around = getComputedStyle(at);
      if (around.transformStyle !== "preserve-3d") break;
      if (around.transform !== "none") turned = new DOMMatrix(around.transform).multiply(turned);
    }
    return turned.m33 < 0;
  }

  function element(el, views) {
    if (skipped.has(el.tagName)) return null;
    const style = getComputedStyle(el);
    if (isTurnedAway(el, style)) return null;
    const view = viewOf(style, views);
    if (style.display === "none" || view.opacity * parseFloat(style.opacity) < FAINTEST || isCutToNothing(style)) return null;
    const tag = el.tagName.toLowerCase();
    const out = { t: tag, b: place(el.getBoundingClientRect(), view) };
    if (style.visibility !== "visible" && !el.childNodes.length) return null;
    if (style.display.startsWith("inline") || style.display === "contents") out.i = 1;
    const ground = style.backgroundColor;
    if (!clear(ground)) out.g = ground;
    for (const [key, name] of [["r", "role"], ["h", "href"], ["l", "aria-label"], ["w", "title"]]) {
      const value = el.getAttribute(name);
      if (value) out[key] = value;
    }
    if (el.disabled) out.d = 1;
    if (tag === "input" || tag === "select" || tag === "textarea") return field(el, out, view);
    if (tag === "img" || tag === "canvas" || tag === "svg") return isPictured(el, out.b, view) ? picture(el, out) : null;
    const stand = drawn(el, style, out, views);
    if (stand) return stand;
    const backdrop = el.childNodes.length ? null : /^url\("(.+)"\)$/.exec(style.backgroundImage);
    if (backdrop && out.b[2] > 1 && isInView(out.b, view)) return { ...out, u: backdrop[1], a: out.l || out.w || "", n: [0, 0] };
    out.c = children(el, style, viewsInside(el, style, views));
    if (writing && el.matches(writing)) out.c = [...written(el, "::before", view), ...out.c, ...written(el, "::after", view)];
    return out;
  }

  const isPictured = (el, box, view) => (box[2] && box[3] ? isThere(box, view.clip, 2) : isComingOrBroken(el));

  let page = null; // what is laid over the whole window
  const isHidden = (child, el) => page && child.nodeType === 1 && el !== page && el.contains(page) && !child.contains(page) && isUnder(child, page);

  function children(el, style, views) {
    const seen = [];
    const folded = el.tagName === "DETAILS" && !el.open;
    for (const child of inside(el)) {
      if ((folded && child.tagName !== "SUMMARY") || isHidden(child, el)) continue;
      const node = child.nodeType === 3 ? text(child, style, views.flow) : child.nodeType === 1 ? element(child, views) : null;
      if (node) seen.push(node);
    }
    return seen;
  }

  // What says that something is still coming: by its meaning, or by something without words that moves without end where no
  // words stand beside it (a spinner, a skeleton), or by something that is just fading in.
  const CONTROL = "a, button, summary, [role=button], [role=link], [role=menuitem], [role=tab]";
  const WAITING = "[aria-busy=true], [role=progressbar]:not([aria-valuenow]), progress:not([value])";
  const LONGEST_FADE = 10000; // milliseconds
  const isPainted = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && el.getClientRects().length > 0;
  const wordsOf = (el) => (el.innerText || "").replace(/[\s\p{Co}]/gu, "");
  const saysWait = (words) => words === "" || (words.length < 20 && /加载|请稍|处理中|loading/i.test(words));

  function saysBusy(animation) {
    const { effect } = animation;
    if (!effect || !effect.target || animation.playState !== "running") return false;
    const { iterations, endTime } = effect.getComputedTiming();
    const el = effect.target.closest("svg") || effect.target;
    if (iterations !== Infinity) {
      const fades = effect.getKeyframes().some((frame) => "opacity" in frame) && getComputedStyle(effect.target).opacity < 0.95;
      return fades && endTime < LONGEST_FADE && el.checkVisibility({ visibilityProperty: true });
    }
    const around = el.parentElement;
    return isPainted(el) && !el.closest(CONTROL) && saysWait(wordsOf(el)) && (!around || around === document.body || saysWait(wordsOf(around)));
  }

  const isBusy = () => [...document.querySelectorAll(WAITING)].some(isPainted) || document.getAnimations().some(saysBusy);

  // A file field is mostly hidden itself; it counts where what it stands in or a label of it is shown.
  const isLaidOut = (el) => el.checkVisibility({ visibilityProperty: true });
  const holder = (el) => (getComputedStyle(el.parentElement).display === "contents" ? holder(el.parentElement) : el.parentElement);
  const takesFile = (el) => isLaidOut(holder(el)) || [...(el.labels || [])].some(isLaidOut);

  function see() {
    const files = [...document.querySelectorAll("input[type=file]:not([disabled])")].filter(takesFile).length;
    // While a picture loads for the first time it has no current source yet.
    const coming = (el) => !el.complete && el.loading !== "lazy";
    findStandIns();
    const loading = document.readyState === "loading" || [...document.images].some(coming);
    if (!document.body) return null;
    page = pageOver();
    const text = JSON.stringify({ files, loading, busy: isBusy(), body: element(document.body, VIEWS) });
    const [mark, activity] = [markOf(text), window[Symbol.for("page activity")]];
    const told = `${mark} ${activity ? activity.tell() : "?"}`;
    return mark === known ? told : `${told} ${text}`;
  }

  // Two hashes of 32 bits each (FNV-1a, the second over what it makes of the first) and the length.
  function markOf(text) {
    let [one, two] = [0x811c9dc5, 0x01000193];
    for (let at = 0; at < text.length; at += 1) {
      one = Math.imul(one ^ text.charCodeAt(at), 0x01000193);
      two = Math.imul(two ^ one ^ (one >>> 15), 0x85ebca6b);
    }
    return `${(one >>> 0).toString(36)}.${(two >>> 0).toString(36)}.${text.length}`;
  }

  // A page that has just begun is given a moment, so that half of it is rarely seen.
  if (document.readyState !== "loading") return see();
  return new Promise((done) => {
    const now = () => done(see());
    document.addEventListener("DOMContentLoaded", now, { once: true });
    setTimeout(now, 250);
  });
}

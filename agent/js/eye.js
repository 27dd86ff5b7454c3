// What a person sees in one frame, as a tree: visible text with place and colour, pictures, fields. Open shadow roots are
// looked into. No id, no class and no password ever leaves the page. Returned as JSON text because that crosses faster.
() => {
  const skipped = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "LINK", "META", "IFRAME", "FRAME", "COLGROUP", "DATALIST"]);
  const buttons = new Set(["submit", "button", "reset", "image"]);
  const place = (r) => [r.left + scrollX, r.top + scrollY, r.width, r.height].map(Math.round);
  const onPage = (b) => b[0] + b[2] > 0 && b[1] + b[3] > 0;
  const clear = (c) => c === "transparent" || c === "rgba(0, 0, 0, 0)";

  function text(node, style) {
    const words = node.data.replace(/[ \t\n\r\f]+/g, " ");
    if (!words.trim() || style.visibility !== "visible" || parseFloat(style.fontSize) === 0) return null;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = place(range.getBoundingClientRect());
    return box[2] && box[3] && onPage(box) ? { x: words, b: box, k: style.color } : null;
  }

  // Words for screen readers alone: a box of one pixel, or clipped to nothing.
  function isClippedAway(style, box) {
    const tiny = style.overflow !== "visible" && (box[2] <= 1 || box[3] <= 1) && style.display !== "inline";
    return tiny || /^rect\(0px,? 0px,? 0px,? 0px\)$/.test(style.clip) || /^inset\((50|100)%/.test(style.clipPath);
  }

  function field(el, out) {
    if (!onPage(out.b) && el.type !== "file") return null;
    const type = (el.type || "").toLowerCase();
    if (type === "hidden") return null;
    out.y = type;
    const named = el.labels && [...el.labels].map((l) => l.innerText).join(" ").trim();
    if (named) out.l = named;
    if (el.placeholder) out.p = el.placeholder;
    if (el.readOnly) out.o = 1;
    if (type === "checkbox" || type === "radio") out.s = el.checked;
    else if (buttons.has(type)) out.x = el.value || el.alt || el.title;
    else if (el.tagName === "SELECT") out.v = el.selectedOptions.length ? el.selectedOptions[0].text : "";
    else if (type !== "password" && type !== "file") out.v = el.value;
    return out;
  }

  // Without a size of its own such a picture has no place yet, but a person sees that there should be one.
  function isComingOrBroken(el) {
    return el.tagName === "IMG" && Boolean(el.currentSrc || el.src) && !(el.complete && el.naturalWidth);
  }

  function picture(el, out) {
    out.a = (el.alt || el.getAttribute("aria-label") || el.title || "").trim();
    out.u = el.currentSrc || el.src || "";
    const tag = el.tagName.toLowerCase();
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

  function element(el) {
    if (skipped.has(el.tagName)) return null;
    const style = getComputedStyle(el);
    if (style.display === "none" || style.opacity === "0") return null;
    const tag = el.tagName.toLowerCase();
    const out = { t: tag, b: place(el.getBoundingClientRect()) };
    if (isClippedAway(style, out.b)) return null;
    if (style.visibility !== "visible" && !el.childNodes.length) return null;
    if (style.display.startsWith("inline") || style.display === "contents") out.i = 1;
    if (!clear(style.backgroundColor)) out.g = style.backgroundColor;
    for (const [key, name] of [["r", "role"], ["h", "href"], ["l", "aria-label"], ["w", "title"]]) {
      const value = el.getAttribute(name);
      if (value) out[key] = value;
    }
    if (el.disabled) out.d = 1;
    if (tag === "input" || tag === "select" || tag === "textarea") return field(el, out);
    if (tag === "img" || tag === "canvas" || tag === "svg") return (out.b[2] && out.b[3]) || isComingOrBroken(el) ? picture(el, out) : null;
    const backdrop = /^url\("(.+)"\)$/.exec(style.backgroundImage);
    if (backdrop && !el.childNodes.length && out.b[2] > 1) return { ...out, u: backdrop[1], a: out.l || out.w || "", n: [0, 0] };
    out.c = children(el, style);
    return out;
  }

  function children(el, style) {
    const seen = [];
    const folded = el.tagName === "DETAILS" && !el.open;
    for (const child of inside(el)) {
      if (folded && child.tagName !== "SUMMARY") continue;
      const node = child.nodeType === 3 ? text(child, style) : child.nodeType === 1 ? element(child) : null;
      if (node) seen.push(node);
    }
    return seen;
  }

  function see() {
    const files = document.querySelectorAll("input[type=file]:not([disabled])").length;
    const coming = (el) => !el.complete && el.loading !== "lazy" && el.currentSrc;
    const loading = document.readyState === "loading" || [...document.images].some(coming);
    return document.body ? JSON.stringify({ files, loading, body: element(document.body) }) : null;
  }

  // A page that has just begun is given a moment, so that half of it is rarely seen.
  if (document.readyState !== "loading") return see();
  return new Promise((done) => {
    const now = () => done(see());
    document.addEventListener("DOMContentLoaded", now, { once: true });
    setTimeout(now, 250);
  });
}

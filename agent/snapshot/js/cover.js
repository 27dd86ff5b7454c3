// A page that is laid over the whole window hides what is under it: phones' pages lie on one another so. `pageOver` is the
// topmost such page, or null; `isUnder` says of a part of the document beside it whether all of it that stands in the window lies
// under it. A veil that says nothing is passing, and no page. What lets a press through, as a message that fades, is not asked.
const [ENDS, SPOTS] = [1, 60];
function pageOver() {
  const { clientWidth: width, clientHeight: height, scrollHeight } = document.documentElement;
  const isWhole = (el) => {
    const r = el.getBoundingClientRect();
    return r.left <= ENDS && r.top <= ENDS && r.right >= width - ENDS && r.bottom >= height - ENDS;
  };
  const isFaint = (el) => {
    for (let at = el; at; at = at.parentElement) if (getComputedStyle(at).opacity !== "1") return true;
    return false;
  };
  const lies = (style) => style.position === "fixed" || (style.position === "absolute" && scrollHeight <= height + ENDS);
  return document.elementsFromPoint(width / 2, height / 2).find((el) => {
    const style = getComputedStyle(el);
    return lies(style) && /^rgb\(/.test(style.backgroundColor) && style.clipPath === "none" && isWhole(el) && !isFaint(el) && /\p{L}/u.test(el.innerText);
  }) || null;
}
function isUnder(part, page) {
  const says = (el) => /^(IMG|INPUT|SELECT|TEXTAREA|SVG|CANVAS)$/i.test(el.tagName) || [...el.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  let under = 0, asked = 0;
  for (const el of [part, ...part.querySelectorAll("*")]) {
    if (!says(el) || !el.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const r = el.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
    if (r.width < 2 || r.height < 2 || x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
    if (getComputedStyle(el).pointerEvents === "none") continue;
    const stack = document.elementsFromPoint(x, y);
    const own = stack.findIndex((one) => part.contains(one)), over = stack.findIndex((one) => page.contains(one));
    if (over < 0 || (own >= 0 && own < over)) return false;
    under += 1;
    if ((asked += 1) >= SPOTS) break;
  }
  return under > 0;
}

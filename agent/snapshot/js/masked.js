// The field that has the focus where a known one stood, where it hides what is typed; null where it may show it. A field that is a
// password's by neither type nor style hides it where a letter typed into it is shown as something else.
(known, [letter, x, y, width, height]) => {
  let at = known.ownerDocument.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (at?.tagName !== "INPUT") return null;
  const r = at.getBoundingClientRect();
  if (r.left >= x + width || r.right <= x || r.top >= y + height || r.bottom <= y) return null;
  if (at.type === "password" || getComputedStyle(at).webkitTextSecurity !== "none") return at;
  return at === known && at.value.length === letter.length && at.value !== letter && !/[\p{L}\p{N}]/u.test(at.value) ? at : null;
}

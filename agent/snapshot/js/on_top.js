// Whether words are what a person would hit at a place of the page: not clipped away by a list that turns, not under something.
([x, y, words]) => {
  const el = document.elementFromPoint(x - scrollX, y - scrollY);
  const said = el ? el.textContent.replace(/\s+/g, "") : "";
  return said.includes(words) && said.length <= words.length + 8 ? "yes" : "no";
}

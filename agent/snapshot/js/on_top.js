// Whether words are what a person would hit in the middle of a thing: not clipped away by a list that turns, not under something.
(thing, words) => {
  const place = thing.getBoundingClientRect();
  const el = document.elementFromPoint(place.x + place.width / 2, place.y + place.height / 2);
  const said = el ? el.textContent.replace(/\s+/g, "") : "";
  return said.includes(words) && said.length <= words.length + 8;
}

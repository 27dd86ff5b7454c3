// What holds the disabled field that stands exactly at a place of the page (x, y, width, height), and takes a press; null elsewhere.
(place, placesOf) => {
  const fields = [...document.querySelectorAll("input:disabled")], places = placesOf(fields);
  let at = fields.find((_, n) => String(places[n]) === String(place))?.parentElement;
  while (at && getComputedStyle(at).pointerEvents === "none") at = at.parentElement;
  return at ?? null;
}

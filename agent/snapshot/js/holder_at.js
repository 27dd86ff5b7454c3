// What holds the disabled field that stands exactly at a place of the page (x, y, width, height), alone, and takes a press; null
// elsewhere: what holds further fields is no row of this one, and its middle may be anything.
(place, placesOf) => {
  const fields = [...document.querySelectorAll("input:disabled")], places = placesOf(fields);
  let at = fields.find((_, n) => String(places[n]) === String(place))?.parentElement;
  while (at && getComputedStyle(at).pointerEvents === "none") at = at.parentElement;
  return at && at !== document.body && at.querySelectorAll("input, select, textarea, button").length === 1 ? at : null;
}

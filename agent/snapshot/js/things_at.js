// What a person sees exactly at a place of the page (x, y, width, height) of what a selector names, in the page's order, behind
// shadow roots too. `areSeen` and `placesOf` tell of several elements at once.
(selector, place, areSeen, placesOf) => {
  const named = [];
  function gather(root) {
    for (const el of root.querySelectorAll("*")) {
      if (el.matches(selector)) named.push(el);
      if (el.shadowRoot) gather(el.shadowRoot);
    }
  }
  gather(document);
  const isOfSize = (box) => Math.round(box.width) === place[2] && Math.round(box.height) === place[3];
  const likely = named.filter((el) => isOfSize(el.getBoundingClientRect())), places = placesOf(likely);
  const there = likely.filter((_, at) => String(places[at]) === String(place)), seen = areSeen(there);
  return there.filter((_, at) => seen[at]);
}

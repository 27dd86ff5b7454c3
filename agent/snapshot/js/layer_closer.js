// What closes the layer that lies over a thing, by the first of the words that exactly one control of the layer carries, as its
// words, its label or its title; null where nothing lies over the thing, nothing closes it, or the layer says one of `never`.
// Where it is to be `alone`, the layer has nothing else to press or to fill in; a small cross in its corner says nothing.
(thing, [words, never, alone]) => {
  thing.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  const middle = (el) => { const r = el.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; };
  const top = document.elementFromPoint(...middle(thing));
  if (!top || thing.contains(top) || top.contains(thing)) return null;
  const squash = (text) => (text || "").replace(/[\s\p{Co}]+/gu, "");
  // The outermost of the boxes around an element that lie by themselves and not around the thing.
  const layerOf = (el) => {
    let layer = null;
    for (let at = el; at && at !== document.body && !at.contains(thing); at = at.parentElement)
      if (/fixed|absolute/.test(getComputedStyle(at).position)) layer = at;
    return layer;
  };
  const isOver = (el) => layerOf(el) && !never.some((word) => squash(layerOf(el).innerText).includes(word));
  const isOnTop = (el) => { const hit = document.elementFromPoint(...middle(el)); return hit && (el.contains(hit) || hit.contains(el)); };
  const names = (el) => [el.innerText, el.getAttribute("aria-label"), el.title].map(squash);
  const shown = [...document.querySelectorAll("button, a, [role=button], span, div, i")].filter((el) => names(el).some((name) => words.includes(name)) && isOver(el) && isOnTop(el));
  const PRESSED = "button, a, [role=button], input:not([type=hidden]), select, textarea";
  const CORNER = 48;
  const isCross = (el) => {
    const r = el.getBoundingClientRect(), layer = layerOf(el).getBoundingClientRect();
    return el.matches("button, a, [role=button]") && /^[×✕✖╳xX]?$/.test(squash(el.innerText)) && r.width < 32 && layer.right - r.right < CORNER && r.top - layer.top < CORNER;
  };
  const isAlone = (el) => [...layerOf(el).querySelectorAll(PRESSED)].every((other) => other.contains(el) || el.contains(other)
    || !other.checkVisibility({ visibilityProperty: true }) || other.getBoundingClientRect().height < 2 || isCross(other));
  for (const word of words) {
    const named = shown.filter((el) => names(el).includes(word));
    const inner = named.filter((el) => !named.some((other) => other !== el && el.contains(other)));
    if (inner.length === 1 && (!alone || isAlone(inner[0]))) return inner[0];
  }
  return null;
}

// What closes the layer that lies over a thing, by the first of the words that exactly one control of the layer carries, as its
// words, its label or its title; null where nothing lies over the thing, nothing closes it, or the layer says one of `never`.
// Where it is to be `alone`, the layer has nothing else to press or to fill in; a small cross in its corner says nothing.
// Without words it is that cross itself: the last of the small wordless things in the upper right corner of what the layer tells,
// where there is none below it and nothing to type into.
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
  const every = [...document.body.querySelectorAll("*")].filter((el) => el.textContent.length < 40);
  const shown = every.filter((el) => names(el).some((name) => words.includes(name)) && isOver(el) && isOnTop(el));
  const PRESSED = "button, a, [role=button], input:not([type=hidden]), select, textarea";
  const CORNER = 48;
  const isCross = (el) => {
    const r = el.getBoundingClientRect(), layer = layerOf(el).getBoundingClientRect();
    return el.matches("button, a, [role=button]") && /^[×✕✖╳xX]?$/.test(squash(el.innerText)) && r.width < 32 && layer.right - r.right < CORNER && r.top - layer.top < CORNER;
  };
  const isAlone = (el) => [...layerOf(el).querySelectorAll(PRESSED)].every((other) => other.contains(el) || el.contains(other)
    || !other.checkVisibility({ visibilityProperty: true }) || other.getBoundingClientRect().height < 2 || isCross(other));
  if (!words.length) {
    const place = (el) => el.getBoundingClientRect();
    const isSmall = (el) => /^[×✕✖╳xX]?$/.test(squash(el.textContent)) && Math.min(place(el).width, place(el).height) >= 6 && Math.max(place(el).width, place(el).height) <= 40
      && (el.matches("button, a, [role=button]") || getComputedStyle(el).cursor === "pointer");
    const toldIn = (el) => { let at = el.parentElement; while (at && !/\p{L}/u.test(at.innerText)) at = at.parentElement; return at; };
    const isOfTop = (el) => layerOf(el).contains(top) || !/\p{L}/u.test(top.innerText);
    const isInCorner = (el) => { const box = place(toldIn(el)); return box.width > 150 && box.right - place(el).right < CORNER && place(el).top - box.top < CORNER; };
    const telling = (layer) => [...layer.querySelectorAll("*")].filter((el) => /\p{L}/u.test([...el.childNodes].map((node) => (node.nodeType === 3 ? node.data : "")).join("")) && el.checkVisibility());
    const isFirst = (el) => telling(layerOf(el)).every((one) => place(el).top < place(one).bottom);
    const tells = (el) => ![...layerOf(el).querySelectorAll("input, select, textarea")].some((field) => !/^(checkbox|hidden)$/.test(field.type) && field.checkVisibility());
    const small = every.filter((el) => isSmall(el) && layerOf(el) && isOver(el) && isOnTop(el));
    const crosses = small.filter((el) => isOfTop(el) && isInCorner(el) && isFirst(el) && tells(el)
      && !small.some((other) => layerOf(other) === layerOf(el) && place(other).top >= place(el).bottom && Math.abs(place(other).right - place(el).right) < 8));
    return crosses.sort((one, other) => place(other).right - place(one).right)[0] || null;
  }
  for (const word of words) {
    const named = shown.filter((el) => names(el).includes(word));
    const inner = named.filter((el) => !named.some((other) => other !== el && el.contains(other)));
    if (inner.length === 1 && (!alone || isAlone(inner[0]))) return inner[0];
  }
  return null;
}

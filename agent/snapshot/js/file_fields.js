// Of each file field: the words and the place of what a person sees of it. The words are those of the largest box around it
// with no other file field in it; the place is that of the nearest thing around it that takes up room. Null where nothing is shown.
// A clear field is not seen itself, but is what a person presses where it lies.
// It is away where what it stands in is not shown either, as in a layer that was not opened, and no label of it is.
(fields) => fields.map((field) => {
  const isShown = (el) => el.checkVisibility({ visibilityProperty: true });
  const others = fields.filter((other) => other !== field);
  let box = field;
  while (box && !(isShown(box) && box.getBoundingClientRect().width > 1)) box = box.parentElement;
  if (!box || (box === document.body && field.parentElement !== document.body)) return null;
  let own = field;
  while (own.parentElement && own !== document.body && !others.some((other) => own.parentElement.contains(other))) own = own.parentElement;
  const labels = [...(field.labels || [])].map((label) => label.innerText);
  const r = box.getBoundingClientRect();
  let holder = field.parentElement;
  while (holder !== document.body && getComputedStyle(holder).display === "contents") holder = holder.parentElement;
  const away = !isShown(holder) && ![...(field.labels || [])].some(isShown);
  const words = others.length ? [own.innerText || "", ...labels].join("\n") : "";
  const isThere = isShown(field) && field.getBoundingClientRect().width > 8, isClear = getComputedStyle(field).opacity === "0";
  return { words: words.slice(0, 400), away, place: [r.left + scrollX, r.top + scrollY, r.width, r.height].map(Math.round), native: isThere && !isClear, clear: isThere && isClear };
})

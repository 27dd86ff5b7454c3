// Where each element stands on its page, as `eye.js` tells it.
(elements) => elements.map((el) => {
  const r = el.getBoundingClientRect();
  return [r.left + scrollX, r.top + scrollY, r.width, r.height].map(Math.round);
})

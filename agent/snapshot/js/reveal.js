// Brings every part of a page into view once, as a person does to see what comes only then: the page, and what scrolls inside it.
async () => {
  // Its own timers and frames are none of the page's.
  const { requestAnimationFrame: draw, setTimeout: later } = window[Symbol.for("page activity")] ?? window;
  // Drawn twice: what watches for being in view is told with the second; a window in the background draws nothing.
  const drawn = () => new Promise((done) => draw(() => draw(done)));
  const moment = () => Promise.race([drawn(), new Promise((done) => later(done, 250))]);
  const scrolls = (el) => el.scrollHeight > el.clientHeight + 8 && el.clientHeight > 40 && /auto|scroll|overlay/.test(getComputedStyle(el).overflowY);
  const below = (root) => [...root.querySelectorAll("*")].flatMap((el) => [el, ...(el.shadowRoot ? below(el.shadowRoot) : [])]);
  const page = document.scrollingElement || document.documentElement;
  const before = page.scrollTop;

  async function through(part) {
    const start = part.scrollTop;
    if (part !== page) part.scrollIntoView({ block: "nearest", behavior: "instant" });
    part.scrollTo({ top: 0, behavior: "instant" });
    await moment();
    for (let step = 0; step < 60; step++) {
      const at = part.scrollTop;
      part.scrollBy({ top: part.clientHeight * 0.8, behavior: "instant" });
      await moment();
      if (part.scrollTop === at) break;
    }
    part.scrollTo({ top: start, behavior: "instant" });
  }

  for (const part of [page, ...[document.body, ...below(document.body)].filter((el) => el !== page && scrolls(el)).slice(0, 24)]) await through(part);
  page.scrollTo({ top: before, behavior: "instant" });
  return true;
}

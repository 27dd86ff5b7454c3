// Brings every part of a page into view once, as a person does to see what comes only then: the page, and what scrolls inside it.
async () => {
  const moment = () => new Promise((done) => setTimeout(done, 40));
  const scrolls = (el) => el.scrollHeight > el.clientHeight + 8 && el.clientHeight > 40 && /auto|scroll|overlay/.test(getComputedStyle(el).overflowY);
  const page = document.scrollingElement || document.documentElement;
  const parts = [page, ...[...document.querySelectorAll("body *")].filter(scrolls)].slice(0, 12);
  for (const part of parts) {
    const before = part.scrollTop;
    if (part !== page) part.scrollIntoView({ block: "nearest", behavior: "instant" });
    for (let step = 0; step < 30; step++) {
      const at = part.scrollTop;
      part.scrollBy({ top: part.clientHeight * 0.8, behavior: "instant" });
      await moment();
      if (part.scrollTop === at) break;
    }
    part.scrollTo({ top: before, behavior: "instant" });
  }
  return true;
}

// Scrolls on by most of a window: the page, and what scrolls inside it and is shown. Says whether anything moved.
() => {
  const page = document.scrollingElement || document.documentElement;
  const scrolls = (el) => el !== page && el.clientHeight > 40 && el.scrollHeight > el.clientHeight + 8 && el.checkVisibility()
    && /auto|scroll|overlay/.test(getComputedStyle(el).overflowY);
  let moved = "";
  for (const part of [page, ...[...document.querySelectorAll("body, body *")].filter(scrolls)]) {
    const before = part.scrollTop;
    part.scrollBy({ top: part.clientHeight * 0.7, behavior: "instant" });
    if (part.scrollTop - before > 1) moved = "moved";
  }
  return moved || "at the end";
}

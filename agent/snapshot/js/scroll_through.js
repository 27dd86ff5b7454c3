// Scrolls on by most of a window; true at the page's end.
() => {
  const before = scrollY;
  scrollBy({ top: innerHeight * 0.9, behavior: "instant" }); // a site may let it take its time
  return scrollY === before;
}

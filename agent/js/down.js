// Scrolls on by most of a window; true at the page's end.
() => {
  const before = scrollY;
  scrollBy(0, innerHeight * 0.9);
  return scrollY === before;
}

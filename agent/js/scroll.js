// Brings a height of the page, in pixels from its top, into the window.
(top) => {
  scrollTo(0, Math.max(0, top - innerHeight / 3));
  return true;
}

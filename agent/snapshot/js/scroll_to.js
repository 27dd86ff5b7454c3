// Brings a height of the page, in pixels from its top, into the window.
(top) => {
  scrollTo({ top: Math.max(0, top - innerHeight / 3), behavior: "instant" }); // a site may let it take its time
  return true;
}

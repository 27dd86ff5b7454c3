// Resolves when the page changes, or after so many milliseconds: what is waited for may be in another frame.
// Its own timer is none of the page's.
(longest) => new Promise((wake) => {
  const later = window[Symbol.for("page activity")]?.setTimeout ?? setTimeout;
  const watch = new MutationObserver(() => done(true));
  const timer = later(() => done(true), longest);
  const done = (value) => {
    watch.disconnect();
    clearTimeout(timer);
    wake(value);
  };
  watch.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})

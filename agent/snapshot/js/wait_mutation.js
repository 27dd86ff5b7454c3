// Resolves when the page changes, or after so many milliseconds: what is waited for may be in another frame.
(longest) => new Promise((wake) => {
  const watch = new MutationObserver(() => done(true));
  const timer = setTimeout(() => done(true), longest);
  const done = (value) => {
    watch.disconnect();
    clearTimeout(timer);
    wake(value);
  };
  watch.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})

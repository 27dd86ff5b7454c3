// Resolves when the page changes, or soon: what is waited for may be in another frame.
() => new Promise((wake) => {
  new MutationObserver(() => wake(true)).observe(document, { subtree: true, childList: true, characterData: true });
  setTimeout(() => wake(true), 25);
})

// Resolves once the page has not changed for a moment; a page that never rests is not waited for.
() => new Promise((rest) => {
  let timer = setTimeout(rest, 120, true);
  const again = () => { clearTimeout(timer); timer = setTimeout(rest, 120, true); };
  new MutationObserver(again).observe(document, { subtree: true, childList: true, characterData: true });
  setTimeout(rest, 2000, true);
})

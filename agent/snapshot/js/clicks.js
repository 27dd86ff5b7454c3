// Tells which link, menu entry or tab a person presses: run in an isolated world, where no script of the page can call `gradsyncPressed`.
(() => {
  const PRESSED = "a, button, summary, li, input[type=button], [role=link], [role=button], [role=menuitem], [role=tab], [role=treeitem]";
  const VALUES = "input:not([type=button]), textarea, select, option, [contenteditable='']," + "[contenteditable=true]";
  const sends = (thing) => thing.matches("button") && thing.form && thing.type === "submit";
  const words = (thing) => (thing.matches("input") ? thing.value : thing.innerText || "").trim();
  const pointed = (thing) => getComputedStyle(thing).cursor === "pointer" && words(thing);
  addEventListener("click", (event) => {
    if (!event.isTrusted) return;
    const path = event.composedPath().filter((node) => node instanceof Element);
    const thing = path.find((node) => node.matches(PRESSED)) || path.find(pointed);
    if (!thing || sends(thing) || path.some((node) => node.matches(VALUES))) return;
    gradsyncPressed(JSON.stringify({ words: words(thing), address: location.href }));
  }, true);
})();

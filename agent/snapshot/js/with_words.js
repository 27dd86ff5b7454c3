// What has words: a heading itself, or what is around an arrow that stands for it.
(el) => {
  let at = el;
  while (at.parentElement && !at.textContent.trim()) at = at.parentElement;
  return at;
}

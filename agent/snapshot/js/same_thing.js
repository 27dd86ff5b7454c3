// Whether two words stand in one and the same thing to press, with none of their own around either, or in links to one other page.
(one, other) => {
  const pressed = "a[href], button, [role=button], [role=link], [role=menuitem], [role=tab], [role=option]";
  const thing = one.closest(pressed), second = other.closest(pressed);
  const page = (link) => /^https?:/.test(link?.href) && !link.getAttribute("href").startsWith("#") && link.href + link.target;
  return thing !== null && (thing === second || (page(thing) !== false && page(thing) === page(second)));
}

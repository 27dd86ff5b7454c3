// Whether two words stand in one and the same thing to press, with none of their own around either, or in links to one other page.
// A link to the page itself, or with a handler of its own, may do something else for each of its places: choose a row, delete it.
(one, other) => {
  const pressed = "a[href], button, [role=button], [role=link], [role=menuitem], [role=tab], [role=option]";
  const thing = one.closest(pressed), second = other.closest(pressed);
  const bare = (address) => address.split("#")[0];
  const leadsAway = (link) => /^https?:/.test(link?.href) && bare(link.href) !== bare(location.href) && !link.onclick;
  const isSamePage = () => leadsAway(thing) && leadsAway(second) && thing.href === second.href && thing.target === second.target;
  return thing !== null && (thing === second || isSamePage());
}

// Whether two words stand in one and the same thing to press, with none of their own around either.
(one, other) => {
  const pressed = "a[href], button, [role=button], [role=link], [role=menuitem], [role=tab], [role=option]";
  const thing = one.closest(pressed);
  return thing !== null && thing === other.closest(pressed);
}

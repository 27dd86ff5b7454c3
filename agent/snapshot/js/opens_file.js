// Says whether a control opens the chooser of a hidden file field: it holds it, labels it, or (unless something else opens it)
// stands right before it or alone with it in a box.
(control, others) => {
  const fields = [...control.getRootNode().querySelectorAll("input[type=file]")];
  const isShown = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && el.getBoundingClientRect().width > 8;
  const PRESSED = "button, a, label, [role=button], [onclick], input[type=button], input[type=submit]";
  const isPressed = (el) => el.matches(PRESSED) || (getComputedStyle(el).cursor === "pointer" && !(el.parentElement && getComputedStyle(el.parentElement).cursor === "pointer"));
  function alone(field) {
    let box = field.parentElement;
    while (box && !box.contains(control)) box = box.parentElement;
    if (!box || box === document.body) return false;
    return ![...box.querySelectorAll("*")].some((el) => isPressed(el) && !el.contains(control) && !control.contains(el) && isShown(el));
  }
  return fields.some((field) => {
    if (control.contains(field) || [...(field.labels || [])].some((label) => label.contains(control))) return true;
    if (others || isShown(field)) return false;
    return control.nextElementSibling === field || alone(field);
  });
}

// Takes the focus out of whatever field has it, as a person does who goes on elsewhere; no other field gets it.
() => {
  if (document.activeElement && document.activeElement !== document.body) document.activeElement.blur();
  return true;
}

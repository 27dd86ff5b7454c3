// Says whether a thing looks as if it could be pressed: it is a control, or the pointer says so.
(el) => el.matches("button, a, label, input, summary, [role=button], [role=link], [onclick]") || getComputedStyle(el).cursor === "pointer"

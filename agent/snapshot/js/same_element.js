// Whether two are one and the same element.
(one, other) => one === other

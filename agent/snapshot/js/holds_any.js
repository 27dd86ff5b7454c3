// Whether a thing is around one of the others.
(one, others) => others.some((other) => other !== one && one.contains(other))

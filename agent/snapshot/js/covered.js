// Whether something else would be hit at a place of a thing, given as parts of its width and height; false where it is out of sight.
(thing, [across, down]) => {
  const box = thing.getBoundingClientRect();
  const hit = thing.getRootNode().elementFromPoint(box.x + box.width * across, box.y + box.height * down);
  return hit !== null && !hit.contains(thing) && !thing.contains(hit);
}

"""Pages on real component libraries, written as vendors write them, and a judge of whole runs against them."""

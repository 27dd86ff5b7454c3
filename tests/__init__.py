"""The tests. What one of their processes has compiled the others load, also where the environment wants no bytecode kept."""

import sys

# Assertions are rewritten in every worker that finds no bytecode, which is half of the work of collecting.
sys.dont_write_bytecode = False

"""The tests. What one of their processes has compiled the others load, also where the environment wants no bytecode kept."""

import sys

sys.dont_write_bytecode = (
    False  # with assertions rewritten, compiling is half of the work of collecting, in every worker
)

"""Many students: a roster, a sealed store, a durable queue, workers, and a report over all of them.

Needs the extra ``cohort``; nothing else of the program does.
"""

"""The local web page on which a student, and an officer beside them, do everything; one process per running case."""

"""What the program does on pages, notices and machines that nobody wrote it for."""

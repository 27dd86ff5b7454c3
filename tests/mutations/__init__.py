"""The whole job on pages that were changed, and what three usual ways of finding things make of the same pages."""

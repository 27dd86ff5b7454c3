"""Hypothesis without deadlines: how long an example takes says something about the machine, not about the code."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("gradsync", deadline=None, max_examples=60)
settings.load_profile("gradsync")

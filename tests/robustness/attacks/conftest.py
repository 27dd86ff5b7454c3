"""The command itself, for attacks on the whole program."""

from __future__ import annotations

from tests.agent.cli.conftest import browser_settings, gradsync, plain

__all__ = ["browser_settings", "gradsync", "plain"]

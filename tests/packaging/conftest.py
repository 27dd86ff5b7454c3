"""The browser that the packaged program is told to use."""

from __future__ import annotations

from tests.agent.cli.conftest import browser_settings

__all__ = ["browser_settings"]

"""The command in an empty folder, with a desk beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agent.cli.conftest import browser_settings, gradsync, plain
from tests.agent.cohort.desk import Desk

__all__ = ["browser_settings", "gradsync", "plain"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with nothing on it yet."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(folder)

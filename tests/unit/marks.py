"""Parameters of which some are known to fail: they stand in the list like the others, and must be freed when they pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest


def failing(values: Iterable[Any], reason: str, *names: str, name: Callable[[Any], str] = str) -> list[Any]:
    """Return the values as parameters with their names as ids, those in ``names`` marked as failing today."""
    mark = pytest.mark.xfail(strict=True, reason=reason)
    return [pytest.param(it, id=name(it), marks=mark if name(it) in names else ()) for it in values]

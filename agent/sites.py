"""Sites by id: whoever knows them registers them, so that settings take their names and reports and asks call them by theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SiteName:
    """A site's names.

    Args:
        id: In settings, profiles and the ids of steps and asks, e.g. ``chsi``.
        title: In Chinese, as windows and messages call it.
        shown_as: What reports call it; ``title`` where it is left out.
        short: The same where two sites' values stand in one sentence; ``shown_as`` where it is left out.
    """

    id: str
    title: str
    shown_as: str = ""
    short: str = ""


_KNOWN: dict[str, SiteName] = {}


def register(*names: SiteName) -> None:
    """Make sites known, in the order in which they are listed."""
    _KNOWN.update({name.id: name for name in names})


def known() -> Mapping[str, SiteName]:
    """Return the sites that were registered, by id."""
    return _KNOWN


def shown_as(site: str, short: bool = False) -> str:
    """Return what reports call a site; an unknown id as it is."""
    name = _KNOWN.get(site, SiteName(site, site))
    return (short and name.short) or name.shown_as or name.title

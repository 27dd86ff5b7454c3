"""Waiting for one thing of a page, for tests of what is done with it."""

from __future__ import annotations

from agent.browser.locators import Clickable, Target
from agent.browser.site_browser import SiteBrowser


def shown(view: SiteBrowser, target: Target, page: str = "页面") -> Clickable:
    """Return the one visible thing that carries the target's words, once it has come.

    Args:
        view: The site's windows.
        target: What to find.
        page: The page's name, for messages.

    Raises:
        SiteChanged: It has not come within the patience, or there is more than one.
    """
    return view.wait(lambda snapshots: view.match(target, snapshots, page), page, target.name)

"""Recorder of a person's clicks in the windows of one site; only the words of what was pressed are kept.

The listener runs in an isolated world of each document, so that no script of the page can call it, and it counts only events
that the browser says are trusted: a page that clicks its own menu by script leaves no trace here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Error, Frame, Page

from agent.snapshot.fields import contains
from agent.snapshot.frame import LONGEST_NAME
from agent.snapshot.scripts import script

CLICKS = script("clicks")
WORLD, BINDING = "gradsync-clicks", "gradsyncPressed"
ACTING = (
    *("提交", "确认", "确定", "删除", "保存", "发送", "退出", "注销", "Submit", "Confirm", "Delete"),
    *("Save", "Sign out"),
)
"""What confirms, sends, deletes or ends, at whatever site."""
_EDGES = re.compile(r"^[^\w（(《【]+|[^\w）)》】]+$")
_BADGE = re.compile(r"\s+\d{1,3}\+?$|\s*[（(\[【]\s*\d{1,3}\+?\s*[)）\]】]$|\s+(?:NEW|HOT)$", re.IGNORECASE)
_VALUE = re.compile(r"\d{5,}|[\w.]+@\w")


@dataclass
class ClickRecorder:
    """Recorder of clicks, while it is entered.

    Args:
        context: The site's own browser context.
        allowed: Matches every address that is the site's; what is pressed elsewhere is not heard.
        never: Words of things that are not kept, e.g. 删除.
        pressed: The words of what was pressed, in order.
    """

    context: BrowserContext
    allowed: re.Pattern[str]
    never: Sequence[str]
    pressed: list[str] = field(default_factory=list)
    _sessions: dict[Page | Frame, CDPSession | None] = field(default_factory=dict, repr=False)

    def __enter__(self) -> ClickRecorder:
        self.context.on("page", self._attach)
        self.attend()
        return self

    def __exit__(self, *_: object) -> None:
        self.context.remove_listener("page", self._attach)
        for session in filter(None, self._sessions.values()):
            try:
                session.detach()
            except Error:
                continue  # its window has been closed

    def attend(self) -> None:
        """Listen to windows and frames that have come since."""
        for page in self.context.pages:
            self._attach(page)
            for frame in page.frames[1:]:
                self._attach(frame)

    def _attach(self, where: Page | Frame) -> None:
        """Listen to a window, or a frame with a process of its own; any other is heard with its window."""
        if where in self._sessions:
            return
        self._sessions[where] = None
        try:
            session = self.context.new_cdp_session(where)
            session.on("Runtime.bindingCalled", self._heard)
            session.send("Runtime.enable")
            session.send("Page.enable")
            session.send("Runtime.addBinding", {"name": BINDING, "executionContextName": WORLD})
            script = {"source": CLICKS, "worldName": WORLD, "runImmediately": True}
            session.send("Page.addScriptToEvaluateOnNewDocument", script)
        except Error:
            return
        self._sessions[where] = session

    def _heard(self, event: Mapping[str, Any]) -> None:
        if event["name"] != BINDING:
            return
        told = json.loads(event["payload"])
        name = menu_name(told["words"])
        if self.allowed.match(told["address"]) and name and not contains(name, (*self.never, *ACTING)):
            self.pressed.append(name)


def menu_name(text: str) -> str:
    """Return a menu entry's words without ornaments and badges; empty where they are none, too long, or hold a value."""
    name, before = " ".join(text.split()), ""
    while name != before:
        before, name = name, _BADGE.sub("", _EDGES.sub("", name))
    return name if 2 <= len(name) <= LONGEST_NAME and not _VALUE.search(name) else ""

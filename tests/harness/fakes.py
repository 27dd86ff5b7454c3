"""A site in memory: what is there, what was done to it, and how it misbehaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from agent.engine.plan import Change
from agent.engine.steps import WriteStep

PHOTO = Change("chaoxing.photo.upload", "photo", "上传毕业照片", "旧", "新", "d0", "k1")


@dataclass
class FakeSite:
    """One value on one page.

    Args:
        there: What the page shows.
        on_act: Called by each act, with the value to be stored; stores it by itself when left out.
    """

    there: str = "旧"
    on_act: Callable[[FakeSite, str], None] | None = None
    log: list[str] = field(default_factory=list)

    @property
    def acts(self) -> int:
        """How often something was sent."""
        return sum(line.startswith("act") for line in self.log)

    def observe(self) -> str:
        """Look."""
        self.log.append(f"observe {self.there}")
        return self.there

    def act(self, value: str) -> None:
        """Change."""
        self.log.append(f"act {value}")
        if self.on_act:
            self.on_act(self, value)
        else:
            self.there = value

    def write(self, duty: str = "photo", value: str = "新", **change: str) -> WriteStep[str]:
        """Return the writing step that puts ``value`` there, as seen now."""
        described = replace(PHOTO, duty=duty, before=self.there, after=value, **change)
        return WriteStep(
            change=described,
            evidence_of=self.there,
            observe=self.observe,
            is_done=lambda there: there == value,
            act=lambda: self.act(value),
            describe=lambda there: f"现在是{there}",
        )


def broken_line(error: BaseException, *, arrives: bool) -> Callable[[FakeSite, str], None]:
    """Return an act that ends in an error, its effect having arrived or not."""

    def act(site: FakeSite, value: str) -> None:
        if arrives:
            site.there = value
        raise error

    return act


def nothing(*_: Any) -> None:
    """Do nothing, as a site that takes a submission and forgets it."""

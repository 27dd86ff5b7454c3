"""Evidence recorder: before a write, once it is verified, and at each stop, with nothing of the person in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from agent.browser.redacted_capture import capture
from agent.browser.site_browser import SiteBrowser
from agent.case.case import Case
from agent.engine.steps import Moment
from agent.privacy.private_files import Json
from agent.snapshot.tree import key
from flows.profiles.schema import Profile

LONGEST_MESSAGE = 60
SPOKEN = ("trouble", "success", "refused")
"""Fields of the profile with the words by which a site's messages are known."""


@dataclass
class EvidenceRecorder:
    """Recorder of what a site's windows show.

    Args:
        case: Gets the evidence.
        browsers: The windows by site, as far as they are open.
        profile: Its words may be read; others may not.
    """

    case: Case
    browsers: Mapping[str, SiteBrowser]
    profile: Profile
    stops: dict[str, str] = field(default_factory=dict)
    """The picture of what stood there when a step stopped, as a file of the case, by the step's id."""

    def __call__(self, step: str, moment: Moment) -> None:
        """Keep what the site of a step shows at this moment; nothing where it was not opened or has gone."""
        browser = self.browsers.get(step.partition(".")[0])
        taken = capture(browser, self.is_known) if browser else None
        if taken is None:
            return
        self.case.evidence.keep(f"{moment}-{step}", taken.outline)
        if taken.picture is not None:
            file = self.case.evidence.keep_picture(f"{moment}-{step}", taken.picture)
            self.stops |= {step: file} if moment == "stop" else {}

    def is_known(self, text: str) -> bool:
        """True for the notice's own words, and for a short message of the platform that names nobody and no number."""
        if key(text) in self._words:
            return True
        is_message = len(text) <= LONGEST_MESSAGE and any(word in key(text) for word in self._spoken)
        names_nobody = not any(map(str.isdigit, text)) and self.case.redactor.redact(text) == text
        return is_message and names_nobody

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(key(text) for _, text in self._texts)

    @cached_property
    def _spoken(self) -> frozenset[str]:
        """Words by which the platform's messages are known."""
        return frozenset(key(text) for name, text in self._texts if name in SPOKEN)

    @property
    def _texts(self) -> Iterator[tuple[str, str]]:
        return _named("", self.profile.model_dump(mode="json"))


def _named(name: str, value: Json) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for below, inside in value.items():
            yield from _named(below, inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _named(name, inside)

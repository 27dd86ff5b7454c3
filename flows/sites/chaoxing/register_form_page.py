"""成教学生服务平台: 毕业生登记表 with 自我评价, which is submitted once and for all (dossier ``chaoxing``, 1.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import ElementHandle, Locator

from agent.browser.controls.form_controls import Control, FormControls
from agent.browser.controls.popup import waits
from agent.browser.locators import Clickable, Target
from agent.browser.site_browser import Match
from agent.browser.stability import TIME_TO_TAKE, Settling, wait_stable
from agent.errors import GradsyncError, NotSent, SiteChanged
from agent.snapshot import fields
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.page_steps import PageSteps, offers_next
from agent.snapshot.tree import Node, key
from flows.profiles.site_words import RegisterFormWords
from flows.sites.chaoxing import evaluation
from flows.sites.chaoxing.entries.groups import is_heading
from flows.sites.chaoxing.evaluation import Evaluation
from flows.sites.chaoxing.platform import PlatformPage
from flows.sites.navigation.walk import Walk
from flows.sites.submission import Submission, words_of

TITLE = "毕业生登记表"


@dataclass
class RegisterPage(PlatformPage):
    """毕业生登记表.

    Args:
        least: How long a submitted text is at least (characters without white space).
    """

    least: int

    @property
    def _place(self) -> RegisterFormWords:
        return self.platform.data.register_form

    def read(self) -> tuple[Evaluation, str]:
        """Open the page anew; return what it shows once it stands still, and its words for the evidence.

        Raises:
            SiteChanged: There is no way to it, or it shows neither a field nor a text.
        """
        self._steps = PageSteps()
        self.platform.open(self._place, TITLE, self._shown, further=self._turning)

        def look(snapshots: list[FrameSnapshot]) -> Settling[tuple[FrameSnapshot, Evaluation]] | None:
            found = self._shown(snapshots)
            return Settling(found, found[1].text, found[1].is_submitted) if found else None

        snapshot, shown = wait_stable(self._view, look, TITLE, self._place.label[0])
        return shown, words_of(snapshot)

    def _turning(self, snapshots: list[FrameSnapshot], walk: Walk) -> Match | None:
        """The tab of 自我评价, where the page shows another one first; 下一步 where it is a step."""
        for snapshot in snapshots:
            titles = [leaf for leaf in snapshot.root.leaves if is_heading(leaf.words, self._place.label)]
            tabs = [leaf for leaf in titles if any(node.role == "tab" for node in leaf.ancestors())]
            if len(tabs) == 1:
                return self._title_of(snapshot, tabs[0], walk, TITLE)
            if len(titles) == 1 and walk.has_led_nowhere(snapshots):
                return self._next_step(snapshot, titles[0], walk, TITLE)
        return None

    def _shown(self, snapshots: Sequence[FrameSnapshot]) -> tuple[FrameSnapshot, Evaluation] | None:
        for snapshot in snapshots:
            if fields.says(snapshot.root, *self._place.landmark) and not snapshot.loading:
                found = evaluation.read(snapshot.root, self._place, self.least)
                if found is not None and (found.field or not offers_next(snapshot.root)):
                    return snapshot, found
        return None

    def _control(self) -> Control:
        snapshot, shown = self._view.wait(self._shown, TITLE, self._place.label[0])
        if shown.field is None:
            raise SiteChanged(TITLE, self._place.label[0], ())
        return Control(snapshot, shown.field)

    def _boxes(self, agreed: str) -> list[Control]:
        """What is ticked to say that one knows what the student has agreed to, in these words."""
        snapshot, _ = self._view.wait(self._shown, TITLE, self._place.label[0])
        known = re.compile(
            rf"(?:我|本人)?已?经?(?:知晓|知悉|知道|了解|阅读并知晓)[,，。:：]?{re.escape(key(agreed))}[。.!！]?"
        )
        boxes = [node for node in snapshot.root.walk() if node.type == "checkbox"]
        said = ["".join(node.label.split()) or _behind(node, snapshot.root) for node in boxes]
        return [
            Control(snapshot, box)
            for box, words in zip(boxes, said, strict=True)
            if known.fullmatch(key(words))
        ]

    def _box(self, agreed: str) -> Control:
        found = self._boxes(agreed)
        if len(found) != 1:
            raise SiteChanged(TITLE, agreed, (f"{len(found)} 处",))
        return found[0]

    def submit(self, text: str, agreed: str) -> GradsyncError | None:
        """On the open page: type the text, see that it stands there, and press 提交 once.

        Args:
            text: What the student has written.
            agreed: What the student has said to it; a box by which the page wants to hear just that is ticked.

        Returns:
            What the platform said against it, or None.

        Raises:
            SiteChanged: There is no field or no button, or the text does not stand there; nothing was sent.
            NotSent: The button cannot be pressed.
        """
        controls = FormControls(self._view, TITLE)
        controls.set_value(self._control, self._place.label[0], text)
        if self._boxes(agreed):
            controls.tick(partial(self._box, agreed), agreed, ticked=True)
        snapshot, typed = self._view.wait(self._shown, TITLE, self._place.label[0])
        if key(typed.text) != key(text):
            raise SiteChanged(TITLE, "填好的自我评价", ())
        sent = self._place.submission
        target = Target.of(*sent.words, kind="button")
        button = self._view.only_match(target, snapshot, TITLE)
        self._see_usable(button, target)
        return Submission(
            self.platform.browser, self.platform.data.heard, TITLE, sent.question, text, sent.done
        ).press(button, target)

    def _see_usable(self, button: Clickable, target: Target) -> None:
        """Wait until the button can be pressed; raises ``NotSent`` where it cannot: what else is to be ticked is for the student to agree to."""

        def is_usable() -> bool | None:
            with self._view.translated_errors():
                return not isinstance(button, Locator | ElementHandle) or button.is_enabled() or None

        if not waits(self._view, TITLE, is_usable, TIME_TO_TAKE):
            told = f"「{TITLE}」页面的「{target.name}」还不能按，自我评价没有提交；页面可能要求先勾选声明"
            raise NotSent(told, "请自己打开该页面，看清声明后勾选并提交，再办理一次核对。")


def _behind(box: Node, root: Node) -> str:
    """The words right behind a box on its line."""
    line = [leaf for leaf in root.leaves if leaf.box.overlap_y(box.box) > 0 and leaf.box.x >= box.box.right]
    return min(line, key=lambda leaf: leaf.box.x).words if line else ""

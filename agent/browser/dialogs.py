"""Native dialogs of a site: accepted only where a step said which words to expect, dismissed otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Dialog, Error

from agent.errors import SiteUnavailable, UnforeseenQuestion

MOST_ON_A_PAGE = 25
"""Native dialogs after which a page is taken for one that never stops: nobody would click more of them away."""


@dataclass
class Dialogs:
    """Handler of the native dialogs of one site's windows.

    Args:
        context: The site's own browser context.
        invalidate: To be called when what was seen counts no more.
    """

    context: BrowserContext
    invalidate: Callable[[], None]
    messages: list[str] = field(default_factory=list)
    """What the site said in dialogs that ask nothing."""
    _decide: Callable[[str], bool] | None = field(default=None, repr=False)
    """Asks a person about a confirm that nobody foresaw; None where nobody is asked."""
    _accepts: Callable[[str], bool] = field(default=lambda text: False, repr=False)
    _refused: list[str] = field(default_factory=list)
    _shown: Counter[str] = field(default_factory=Counter, repr=False)

    def __post_init__(self) -> None:
        self.context.on("dialog", self._answer)

    @contextmanager
    def accepting(
        self, *words: str, never: tuple[str, ...] = (), any_of: tuple[str, ...] = ()
    ) -> Iterator[None]:
        """Accept native confirms that contain all of the words, one of ``any_of`` and none of ``never`` while inside.

        Raises:
            UnforeseenQuestion: Another confirm came up, before or while inside; it was dismissed.
        """

        def agreed(text: str) -> bool:
            named = all(word in text for word in words) and (not any_of or any(w in text for w in any_of))
            return named and not any(word in text for word in never)

        with self.accepting_where(agreed):
            yield

    @contextmanager
    def accepting_where(self, agreed: Callable[[str], bool]) -> Iterator[None]:
        """Accept native confirms whose text is agreed to while inside.

        Raises:
            UnforeseenQuestion: Another confirm came up, before or while inside; it was dismissed.
        """
        self.stop_on_refused()
        before, self._accepts = self._accepts, agreed
        try:
            yield
        finally:
            self._accepts = before
        self.stop_on_refused()

    @contextmanager
    def put_to(self, decide: Callable[[str], bool]) -> Iterator[None]:
        """Let a person decide about confirms that nobody foresaw while inside; those of before are theirs to see again."""
        self._refused.clear()
        self._decide = decide
        try:
            yield
        finally:
            self._decide = None

    def stop_on_refused(self) -> None:
        """Raise ``UnforeseenQuestion`` when the site asked something in a dialog that nobody foresaw."""
        if self._refused:
            raise unforeseen(self._refused.pop())

    def stop_on_endless(self, title: str) -> None:
        """Raise ``SiteUnavailable`` when a page of the site (called ``title``) has shown dialogs without end."""
        if any(shown > MOST_ON_A_PAGE for shown in self._shown.values()):
            raise SiteUnavailable(f"网站（{title}）不停地弹出提示框，页面无法使用。")

    def _answer(self, dialog: Dialog) -> None:
        self.invalidate()
        address = dialog.page.url if dialog.page else ""
        self._shown[address] += 1
        if self._shown[address] > MOST_ON_A_PAGE:
            return  # left open: a page that waits for its dialog cannot keep the browser busy with the next one
        accepts = self._accepts_now(dialog)
        with suppress(Error):  # the person has closed it in the window, or the window has gone
            dialog.accept() if accepts else dialog.dismiss()

    def _accepts_now(self, dialog: Dialog) -> bool:
        """Whether a dialog is accepted; what it says is kept, or refused where nobody foresaw it."""
        if dialog.type in ("alert", "beforeunload"):
            self.messages.append(dialog.message)
            return True
        if dialog.type == "confirm" and self._is_agreed(dialog.message):
            return True
        if not self._decide:
            self._refused.append(dialog.message)
        return False

    def _is_agreed(self, text: str) -> bool:
        return self._accepts(text) or bool(self._decide and self._decide(text))


def unforeseen(text: str) -> UnforeseenQuestion:
    """Return the stop before a question in the site's words ``text``."""
    return UnforeseenQuestion(f"网站弹出了没有预料到的确认框：“{text}”，程序没有同意。", said=text)

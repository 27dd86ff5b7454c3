"""What people do on the console's pages, in a real browser, and what axe-core says of every page they see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Locator, Page, expect

PATIENCE = 60_000
"""Milliseconds for a step of a case; the machine may be busy with others."""
expect.set_options(timeout=PATIENCE)
WORDS = "信息无误"


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page as it stands, one line each."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def _says_yes(dialog: Dialog) -> None:
    dialog.accept()


@dataclass
class Person:
    """Somebody at the console's page.

    Args:
        page: The page.
        wrong: What axe-core found on the way, by the page's title.
    """

    page: Page
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def looks(self) -> None:
        """Have axe-core look at the page as it is now."""
        if found := violations(self.page):
            self.wrong[self.page.title()] = found

    def opens(self, address: str) -> None:
        """Open the console's address."""
        self.page.set_default_timeout(PATIENCE)
        self.page.goto(address)
        expect(self.page.get_by_role("heading", name="开始办理")).to_be_visible()

    def begins(self, *, student: str = "", helping: bool = False) -> None:
        """Choose on the first page and press 开始."""
        if student:
            self.page.get_by_label("用哪名虚构的学生演练").select_option(student)
        else:
            self.page.get_by_role("radio", name="西安交通大学").check()
        if helping:
            self.page.get_by_role("radio", name="协助他人办理").check()
        self.page.get_by_role("button", name="开始", exact=True).click()

    def consents(self, name: str, number: str, *ticks: str) -> None:
        """Fill the consent in as officer and student together."""
        for label, text in (
            ("姓名和单位", "李老师（直属教学点）"),
            ("联系方式", "029-00000000"),
            ("姓名", name),
            ("证件号码", number),
        ):
            self.page.get_by_label(label, exact=True).fill(text)
        for tick in (*ticks, "本人已阅读并自愿同意"):
            self.page.get_by_role("checkbox", name=tick).check()
        self.page.get_by_role("button", name="写下同意书，开始办理").click()

    def asked(self, text: str) -> Locator:
        """Wait until the page asks this, and return the question, which has the focus."""
        ask = self.page.get_by_role("heading", name=text)
        expect(ask).to_be_visible()
        expect(ask).to_be_focused()
        return ask

    def types(self, label: str, text: str, button: str) -> None:
        """Type into the field of the ask and press its button."""
        self.page.get_by_role("textbox", name=label).fill(text)
        self.page.get_by_role("button", name=button, exact=True).click()

    def presses(self, button: str) -> None:
        """Press a button, and say yes if the page asks back."""
        self.page.on("dialog", _says_yes)
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.remove_listener("dialog", _says_yes)

    def sees_the_end(self) -> None:
        """Wait until the case has ended with a report."""
        expect(self.page.get_by_role("link", name="打开完整报告")).to_be_visible()

"""Every ask that the code raises is in the registry, and so are the contract's; the consents are asked for by it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from agent.ask_registry import ASKS, registered
from flows.run import consents
from tests.structure.source import ROOT

CONTRACT = (
    "apply-plan",
    "choose-enrollment",
    "captcha.chsi",
    "code.lzu",
    "signed-in.chaoxing",
    "take-over.chsi",
    "chsi.proofread",
    "confirm.registration_check",
    "confirm.self_evaluation",
    "confirm.profile_check",
)


def _raised() -> Iterator[str]:
    """The id of every ask that is made in the product; what is put into it at run time is an ``x``."""
    sources = (file.read_text("utf-8") for top in ("agent", "flows") for file in (ROOT / top).rglob("*.py"))
    for tree in (ast.parse(source) for source in sources if "Ask(" in source):
        names = {
            target.id: _text(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Ask" and call.args:
                first = call.args[0]
                yield names.get(first.id, "") if isinstance(first, ast.Name) else _text(first)


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return "take-over." if getattr(node.value, "id", "") == "TAKE_OVER" else "x"
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


RAISED = sorted({ask for ask in _raised() if ask})


def test_the_asks_are_found() -> None:
    assert {"captcha.x", "apply-plan", "confirm.profile_check", "photo.compare-faces"} <= set(RAISED)


@pytest.mark.parametrize("ask", [*RAISED, *CONTRACT, "family.change"])
def test_every_ask_is_registered(ask: str) -> None:
    assert registered(ask) is not None


def test_no_pattern_stands_twice() -> None:
    assert len({entry.pattern for entry in ASKS}) == len(ASKS)


def test_an_ask_about_an_official_click_takes_the_students_consent() -> None:
    assert consents.needed("confirm.photo", "ask") == consents.needed("confirm.profile_check", "ask")
    assert consents.needed("confirm.photo", "ask")
    assert consents.needed("captcha.chsi", "ask") is None

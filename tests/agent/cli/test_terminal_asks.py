"""Asks on the terminal: what is waited for in the window can be left out by typing."""

from __future__ import annotations

import os
from contextlib import nullcontext

import pytest

from agent.asks import TAKE_OVER, Ask, AskKind
from agent.cli.prompts import Terminal

ASK = Ask(f"{TAKE_OVER}chaoxing", AskKind.DONE, "请在打开的窗口里自己点到这一页", "chaoxing")


@pytest.mark.skipif(os.name == "nt", reason="a pipe is no console of Windows")
@pytest.mark.parametrize(("typed", "skipped"), [("", False), ("s\n", True), ("跳过\n", True), ("\n", False)])
def test_a_page_is_left_out_by_typing(typed: str, skipped: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    monkeypatch.setattr("agent.cli.prompts.there_is_somebody", lambda: True)
    with open(reading, encoding="utf-8") as stdin, open(writing, "w", encoding="utf-8") as keys:
        monkeypatch.setattr("sys.stdin", stdin)
        print(typed, end="", file=keys, flush=True)
        assert Terminal(nullcontext).skipped(ASK) is skipped
        assert not Terminal(nullcontext).skipped(Ask("signed-in.chsi", AskKind.DONE, "", "chsi"))

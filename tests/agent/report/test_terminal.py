"""The terminal: the report in short, and progress, with and without a terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from agent.engine.steps import Progress
from agent.plain_text import clean
from agent.report.model import Report
from agent.report.progress import PlainProgress, RichProgress, open_progress
from agent.report.summary import summary, summary_lines, write_summary

from .reading import filled
from .samples import SAMPLES, degraded, no_photo, wrong_password


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def spinning(self) -> bool:
        """Whether the cursor is hidden now, as it is while a spinner turns."""
        return self.getvalue().rfind("\x1b[?25l") > self.getvalue().rfind("\x1b[?25h")


def _drawn(report: Report) -> str:
    console = Console(file=io.StringIO(), width=500, color_system=None)
    with console.capture() as captured:
        console.print(summary(report))
    return captured.get()


def test_the_short_report_in_plain_lines() -> None:
    lines = summary_lines(degraded())
    assert lines[0] == "! 照片已上传并核对；有 2 处内容请自己再看一眼。"
    assert "  · 截止 6月11日（周二），还剩8天" in lines
    assert "  √ 学费已缴清：已完成" in lines
    assert "  × 学信网信息已校对：未校对" in lines
    assert "  ? 平台信息已确认：审核退回" in lines
    assert "  ? 学信网毕业图像比对结果合格：（空白）" in lines
    assert "  √ 2项可接受的差别，7项一致" in lines
    assert any(
        line.startswith("  × 层次不一致 · 学信网：专科起点本科 · 成教学生服务平台：专升本") for line in lines
    )


def test_trouble_comes_with_its_remedy() -> None:
    lines = summary_lines(wrong_password())
    assert lines[:4] == [
        "× 没有登录成功，什么都没有改变。",
        "办理时间：",
        "  × 截止 2024年6月11日（周二），已结束",
        "发生了什么：",
    ]
    assert summary_lines(no_photo())[0].startswith("! ")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_terminal_shows_the_same_as_plain_lines(name: str) -> None:
    drawn = _drawn(SAMPLES[name]())
    for line in summary_lines(SAMPLES[name]()):
        assert line.strip(" ·√×?!：") in drawn


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1).map(lambda text: f"[red]\x1b]0;x\x07\x9b{text}"))
def test_no_text_reaches_the_terminal_as_an_order(text: str) -> None:
    report = filled(degraded(), text)
    drawn = _drawn(report)
    assert "[red]" in drawn
    assert all(char.isprintable() or char == "\n" for char in drawn)
    assert all(line.isprintable() for line in summary_lines(report))


def test_clean_keeps_what_can_be_seen() -> None:
    assert clean("  学籍\x1b[31m状态\n在籍 ") == "学籍 [31m状态 在籍"


def test_plain_progress_writes_lines() -> None:
    stream = io.StringIO()
    progress: Progress = PlainProgress(stream)
    progress.step_started("chsi.sign_in", "登录学信网")
    progress.say("请在窗口里登录\x1b[2J")
    progress.step_ended("chsi.sign_in", "done", 2.14, "")
    progress.step_ended("chsi.photo.save", "failed", 0.5, "不是照片")
    assert stream.getvalue().splitlines() == [
        "… 登录学信网",
        "请在窗口里登录 [2J",
        "√ 登录学信网（2.1 秒）",
        "× chsi.photo.save：失败（0.5 秒）不是照片",
    ]


def test_rich_progress_leaves_one_line_for_each_step() -> None:
    terminal = _Terminal()
    console = Console(file=terminal, force_terminal=True, width=80, record=True)
    progress = RichProgress(console)
    progress.step_started("a", "上传[毕业照片]")
    progress.say("平台：上传成功")
    with progress.paused():
        assert not terminal.spinning()
    assert terminal.spinning()
    progress.step_ended("a", "unverified", 1.0, "没有读到")
    assert not terminal.spinning()
    text = console.export_text()
    assert "平台：上传成功" in text
    assert "! 上传[毕业照片]：未能核实（1.0 秒）没有读到" in text


def test_a_spinner_does_not_outlive_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    def _fail() -> None:
        with open_progress() as progress:
            assert isinstance(progress, RichProgress)
            progress.step_started("a", "登录学信网")
            assert terminal.spinning()
            raise LookupError

    with pytest.raises(LookupError):
        _fail()
    assert not terminal.spinning()


@pytest.mark.parametrize("term", ["dumb", "xterm"])
def test_without_a_terminal_there_are_plain_lines(
    term: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", term)
    if term == "dumb":
        monkeypatch.setattr("sys.stderr", _Terminal())
    with open_progress() as progress:
        assert isinstance(progress, PlainProgress)
        with progress.paused():
            progress.say("请回答")
    assert capsys.readouterr().out == ""


def test_write_summary_chooses_by_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    plain, terminal = io.StringIO(), _Terminal()
    write_summary(no_photo(), plain)
    write_summary(no_photo(), terminal)
    assert plain.getvalue().splitlines() == summary_lines(no_photo())
    assert "\x1b[" in terminal.getvalue()

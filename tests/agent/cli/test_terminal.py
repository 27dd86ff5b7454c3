"""A person at a terminal: asked once, in their language, and free to say no or to leave."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from agent.consent import Action, Sensitive, load
from agent.consent.statements import ACTIONS, SEPARATE
from agent.settings import PREFIX
from fixtures.server import MockSites
from tests.agent.cli.conftest import PATIENCE, PROFILE, TODAY, Gradsync
from tests.harness.cases import NUMBER

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals"),
    pytest.mark.timeout(300),
]
PHOTO = ("run", *PROFILE, *TODAY, "--only", "photo", "--out", "case")
QUESTION = "输入 y 同意，直接回车不同意："


@dataclass
class Terminal:
    """A pseudo-terminal with a command in it, and all it has shown."""

    process: subprocess.Popen[str]
    keys: int
    shown: str = ""

    def until(self, words: str) -> None:
        """Read until the words are shown."""
        while words not in self.shown:
            self._read(words)

    def type(self, text: str) -> None:
        """Type."""
        os.write(self.keys, text.encode())

    def end(self) -> int:
        """Read to the end and return the exit status."""
        while self.process.poll() is None or select.select([self.keys], [], [], 0)[0]:
            if not self._read("the end"):
                break
        return self.process.wait(PATIENCE)

    def _read(self, awaited: str) -> bool:
        ready, _, _ = select.select([self.keys], [], [], PATIENCE)
        assert ready, f"{awaited} never came; shown: {self.shown[-500:]}"
        try:
            data = os.read(self.keys, 65536)
        except OSError:  # what Linux says when the last one has left the terminal
            return False
        self.shown += data.decode("utf-8", "replace")
        return bool(data)


@contextmanager
def _at_a_terminal(gradsync: Gradsync, *args: str) -> Iterator[Terminal]:
    """Run a command with a terminal of its own, so that Ctrl-C reaches it as from a keyboard."""
    import fcntl
    import pty
    import termios

    keys, screen = pty.openpty()

    def take() -> None:
        os.setsid()
        fcntl.ioctl(screen, termios.TIOCSCTTY, 0)

    process = gradsync.started(*args, stdin=screen, stdout=screen, stderr=screen, preexec_fn=take)
    os.close(screen)
    try:
        yield Terminal(process, keys)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(keys)


def _report(gradsync: Gradsync) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((gradsync.folder / "case" / "report.json").read_text("utf-8"))
    return report


def test_yes_at_the_plan(gradsync: Gradsync, sites: MockSites) -> None:
    with _at_a_terminal(gradsync.at(sites), *PHOTO) as terminal:
        terminal.until(QUESTION)
        assert sites.world.state()["effects"] == []
        assert "【需要你】要按下面的计划在网站上操作吗" in terminal.shown
        assert "上传毕业照片：现在「尚未上传」，之后「学信网的学历照片」" in terminal.shown
        terminal.type("y\n")
        assert terminal.end() == 0, terminal.shown
    assert [effect["kind"] for effect in sites.world.state()["effects"]] == ["photo_upload"]
    assert "毕业照片已上传并核对" in terminal.shown
    assert _report(gradsync)["asks"] == [{"id": "apply-plan", "answer": "yes", "by": "terminal"}]


def test_ctrl_c_at_the_plan(gradsync: Gradsync, sites: MockSites) -> None:
    with _at_a_terminal(gradsync.at(sites), *PHOTO) as terminal:
        terminal.until(QUESTION)
        terminal.type("\x03")
        assert terminal.end() == 10, terminal.shown
    assert sites.world.state()["effects"] == []
    assert _report(gradsync)["trouble"]["code"] == "interrupted"
    assert "Traceback" not in terminal.shown


def test_a_student_consents_item_by_item(plain: Gradsync) -> None:
    """What is refused stays unticked, and the number is not shown while it is typed."""
    refused = ACTIONS[Action.UPLOAD_PHOTO].title
    asked = [
        said.title for tick, said in (*ACTIONS.items(), *SEPARATE.items()) if tick is not Action.COMPARE_FACES
    ]
    who = ("--helper", "李老师", "--contact", "029-00000000", "--out", "consent")
    with _at_a_terminal(plain, "consent", "new", *who) as terminal:
        terminal.until("姓名：")
        terminal.type("王岚\n")
        terminal.until("证件号码（输入时不会显示）：")
        terminal.type(f"{NUMBER}\n")
        for title in asked:
            terminal.until(f"学生本人是否同意“{title}”")
            terminal.type("\n" if title == refused else "y\n")
        terminal.until("确认请原样输入“本人已阅读并自愿同意”")
        assert f"× 不同意　{refused}" in terminal.shown
        terminal.type("本人已阅读并自愿同意\n")
        assert terminal.end() == 0, terminal.shown
    assert load(plain.folder / "consent").ticks == {*Action, *Sensitive} - {Action.UPLOAD_PHOTO}
    assert NUMBER not in terminal.shown


def test_a_whole_roster_is_deleted_only_on_a_yes(plain: Gradsync) -> None:
    """Whoever has typed the command to see what it does loses nothing; a script is not asked."""
    kept = Gradsync(
        plain.folder, {**plain.environ, f"{PREFIX}COHORT__KEY_FILE": str(plain.folder.parent / "key")}
    )
    (plain.folder / "roster.csv").write_text(f"姓名,证件号码\n王岚,{NUMBER}\n", "utf-8")
    assert kept("cohort", "import", "roster.csv").status == 0
    for typed, status, left in (("\n", 10, 1), ("y\n", 0, 0)):
        with _at_a_terminal(kept, "cohort", "forget") as terminal:
            terminal.until(QUESTION)
            assert "全部 1 名学生" in terminal.shown
            terminal.type(typed)
            assert terminal.end() == status, terminal.shown
        assert f"共 {left} 名学生" in kept("cohort", "status").out

"""What the command says when something was typed wrongly or cannot be shown: in Chinese, with what to type, and nothing made."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agent.cli.app import COMMANDS_OF_GROUPS
from fixtures.people.students import BY_ID
from fixtures.server import MockSites
from tests.agent.cli.conftest import PROFILE, TODAY, Gradsync

ENGLISH = re.compile(
    r"Usage:|Error|Invalid|No such|Missing|Try |requires|unexpected|Errno|not a valid|should be", re.I
)


@pytest.mark.parametrize(
    ("args", "said", "typed"),
    [
        (("fly",), "没有命令 fly", "gradsync --help"),
        (("run",), "缺少选项 --profile", "gradsync run --help"),
        (("run", "--profil", "x"), "没有选项 --profil", "--profile"),
        (("run", "--profile"), "--profile 后面缺少", "--help"),
        (("run", "--yes=1"), "--yes 不带值", "--help"),
        (("cohort", "stat"), "没有命令 stat", "status"),
        (("run", *PROFILE, "--today", "heute"), "heute", "2024-06-03"),
        (("run", *PROFILE, "--today", "2024年6月3日"), "应该是日期", "gradsync run --help"),
        (("cohort", "run", *PROFILE, "--workers", "三"), "整数", "gradsync cohort run --help"),
        (("sites", "serve", "--port-base", "八千"), "整数", "gradsync sites serve --help"),
        (("console", "--no-open", "--port", "８０８０号"), "整数", "gradsync console --help"),
        (("doctor", "x", "y"), "多出了 x y", "gradsync doctor --help"),
        (("cohort", "run", *PROFILE, "--workers", "0"), "最小是 1", "gradsync cohort run --help"),
        (("cohort", "run", *PROFILE, "--workers", "x"), "整数", "gradsync cohort run --help"),
        (("photo", "check"), "缺少参数 FILE", "gradsync photo check --help"),
        (("photo", "compare", "a"), "缺少参数 B", "gradsync photo compare --help"),
        (("report",), "案例文件夹", "--help"),
        (("photo", "check", "x" * 300), "太长", "路径"),
        (("photo", "compare", "x" * 300, "y"), "太长", "路径"),
        (("form", "check", "x" * 300), "太长", "form new"),
        (("run", "--profile", "x" * 300 + ".toml"), "太长", "路径"),
        (("report", "x" * 300), "太长", "路径"),
        (("check", *PROFILE, "--out", "x" * 300), "太长", "路径"),
        (("cohort", "import", "x" * 300), "太长", "路径"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_chinese_with_what_to_type(
    args: tuple[str, ...], said: str, typed: str, plain: Gradsync
) -> None:
    ran = plain(*args)
    assert ran.status == 2, ran.err
    assert said in ran.err
    assert typed in ran.err + ran.out
    assert not ENGLISH.search(re.sub("x{20,}", "", ran.err)), ran.err


def test_help_lists_the_commands_of_every_group(plain: Gradsync) -> None:
    said = plain("--help").out
    for group, commands in COMMANDS_OF_GROUPS.items():
        assert all(re.search(rf"\b{command}\b", said) for command in (group, *commands))
    assert {"import", "status", "attend"} <= set(COMMANDS_OF_GROUPS["cohort"])


def test_the_version_is_printed(plain: Gradsync) -> None:
    ran = plain("--version")
    assert (ran.status, ran.err) == (0, "")
    first, *others = ran.out.splitlines()
    assert re.fullmatch(r"gradsync \d+\.\d+\S*", first)
    assert [line.split()[0] for line in others] == ["commit", "Python", "Playwright", "浏览器"]
    assert re.search(r" \d+\.\d+", others[-1])


@pytest.mark.parametrize(
    "args",
    [("status",), ("status", "--json"), ("report",), ("forget",), ("answer", "x", "choose-enrollment", "y"),
     ("attend", "x", *PROFILE), ("run", *PROFILE)],
)  # fmt: skip
def test_looking_at_no_cohort_makes_nothing(args: tuple[str, ...], plain: Gradsync) -> None:
    before = _everything(plain.folder.parent)
    ran = plain("cohort", *args)
    assert ran.status == 2
    assert "gradsync cohort import" in ran.err
    assert str(plain.folder) in ran.err
    assert _everything(plain.folder.parent) == before


def _everything(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


def test_consent_without_a_terminal_advises_nothing_that_it_has_not(plain: Gradsync) -> None:
    ran = plain("consent", "new", "--helper", "张老师", "--contact", "029")
    assert ran.status == 10
    assert "--headed" not in ran.err
    assert "终端" in ran.err


@pytest.mark.parametrize("mark", ["\u202a", "\u200e", "\ufeff", "\u2066", "\u202a\u200e"])
def test_a_path_copied_with_a_mark_is_found(mark: str, plain: Gradsync) -> None:
    (plain.folder / "form.toml").write_text("", "utf-8")
    assert "form.toml" not in plain("form", "check", f"{mark}form.toml").err


@pytest.mark.parametrize("name", ["a%20b", "a b", "中文", "a#b", "a&b=c"])
def test_a_cohort_in_a_folder_of_any_name(name: str, plain: Gradsync) -> None:
    (plain.folder / "名单.csv").write_text("姓名,证件号码\n王岚,610000199603164229\n", "utf-8")
    assert plain("cohort", "import", "名单.csv", "--folder", f"{name}/c").status == 0
    ran = plain("cohort", "status", "--folder", f"{name}/c", "--json")
    assert ran.status == 0
    assert [path.name for path in plain.folder.iterdir() if path.is_dir()] == [name]


# -- output ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def roster(plain: Gradsync) -> tuple[str, ...]:
    """A command that prints letters of few code pages and ends 2."""
    (plain.folder / "名单.csv").write_text("姓名,证件号码,学号\n𠮷𠮷1,610000199603164229,\n", "utf-8")
    return ("cohort", "import", "名单.csv")


@pytest.mark.parametrize("code_page", ["ascii", "gbk", "cp1252", "latin-1", "big5", "cp437"])
@pytest.mark.parametrize("flag", [(), ("--json",)])
def test_any_code_page(code_page: str, flag: tuple[str, ...], plain: Gradsync) -> None:
    done = _run(plain, ("profiles", *flag), code_page)
    assert done.returncode == 0, done.stderr
    if flag:
        assert "兰州大学" in str(json.loads(done.stdout.decode(code_page)))
    assert b"Traceback" not in done.stderr
    assert _run(plain, ("profiles", "show", "nothing"), code_page).returncode == 2


RARE = "𠮷一𠮷"
"""A name with a letter that GBK has not, and that is two units in UTF-16."""


@pytest.mark.parametrize("page", ["ascii", "gbk", "cp1252", "big5", "utf-16"])
def test_a_whole_run_is_not_lost_by_its_letters(page: str, gradsync: Gradsync) -> None:
    with MockSites(mutate=lambda site, path, html: html.replace(BY_ID["s01"].name, RARE)) as sites:
        check = ("check", *PROFILE, *TODAY, "--only", "chsi_check", "--out", "c")
        done = _run(gradsync.at(sites), check, page)
    report = json.loads((gradsync.folder / "c/report.json").read_text("utf-8"))
    assert done.returncode == report["exit_status"] == 0, done.stderr
    assert report["subject"]["name"] == "𠮷**"
    assert page not in ("gbk", "utf-16") or "信息核对" in done.stdout.decode(page)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("page", ["ascii", "gbk", "cp437", "latin-1", "big5"])
@pytest.mark.parametrize("flag", [(), ("--json",)])
def test_a_demo_is_not_lost_by_its_letters(page: str, flag: tuple[str, ...], gradsync: Gradsync) -> None:
    done = _run(gradsync, ("demo", "--out", "c", *flag), page)
    assert done.returncode == 0, done.stderr
    written = json.loads((gradsync.folder / "c/report.json").read_text("utf-8"))
    assert written["exit_status"] == 0
    assert not flag or json.loads(done.stdout.decode(page)) == written


def _run(
    plain: Gradsync, args: tuple[str, ...], page: str, **streams: Any
) -> subprocess.CompletedProcess[bytes]:
    environ = {**plain.environ, "PYTHONIOENCODING": page, "PYTHONUTF8": "0"}
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.run(
        [*plain.command, *args], cwd=plain.folder, env=environ, stdin=subprocess.DEVNULL, check=False, **given
    )


@pytest.mark.skipif(sys.platform != "linux", reason="has no such device")
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize(("args", "status"), [(("profiles",), 0), (("profiles", "--json"), 0), (("profiles", "show", "no"), 2),
                                              (("--help",), 0), (("fly",), 2)])  # fmt: skip
def test_a_full_stream_does_not_change_the_status(
    stream: str, args: tuple[str, ...], status: int, plain: Gradsync
) -> None:
    with Path("/dev/full").open("wb") as full:
        assert _run(plain, args, "utf-8", **{stream: full}).returncode == status


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell that closes streams")
@pytest.mark.parametrize(
    "closed", [">&-", "2>&-", "<&-", ">&- 2>&-", ">&- 2>&- <&-", "| true", "2>&1 | true"]
)
@pytest.mark.parametrize(("args", "status"), [("profiles --json", 0), ("profiles show no", 2), ("fly", 2)])
def test_a_closed_stream_does_not_change_the_status(
    closed: str, args: str, status: int, plain: Gradsync
) -> None:
    command = " ".join(f"'{part}'" for part in plain.command)
    script = f'set -- {command} {args}\n"$@" {closed}\nexit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", script], cwd=plain.folder, env=plain.environ, check=False)
    assert done.returncode == status

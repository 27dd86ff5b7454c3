"""``gradsync profiles``: the notices as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.profiles.catalog import FOLDER
from flows.profiles.schema import load
from tests.agent.cli.conftest import Gradsync

XJTU = FOLDER.joinpath("xjtu-2024-07.toml").read_text("utf-8")


def test_the_list_has_a_line_for_each_notice(plain: Gradsync) -> None:
    ran = plain("profiles")
    assert (ran.status, ran.err) == (0, "")
    line = next(line for line in ran.out.splitlines() if line.startswith("xjtu-2024-07 "))
    assert "2024-05-31 至 2024-06-11" in line


def test_the_list_as_data(plain: Gradsync) -> None:
    ran = plain("profiles", "--json")
    assert (ran.status, ran.err) == (0, "")
    row = next(row for row in ran.json if row["id"] == "xjtu-2024-07")
    assert (row["start"], row["end"]) == ("2024-05-31", "2024-06-11")


def test_a_notice_is_shown_whole(plain: Gradsync) -> None:
    ran = plain("profiles", "show", "xjtu-2024-07")
    assert (ran.status, ran.err) == (0, "")
    assert len(ran.json["conditions"]) == 14
    assert ran.json["sites"]["chaoxing"]["hall"][0] == "学生服务"


def test_a_good_file_has_no_problem(plain: Gradsync) -> None:
    (plain.folder / "mine.toml").write_text(XJTU.replace('id = "xjtu-2024-07"', 'id = "mine"'), "utf-8")
    ran = plain("profiles", "validate", "mine.toml")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"mine：没有发现问题（{XJTU.count('[[duties]]')} 项任务，14 项毕业条件）\n"


def test_a_repaired_file_says_what_the_repair_affects(plain: Gradsync) -> None:
    words = load("xjtu-2024-07").status_words.model_dump(mode="json")
    rows = {**words, "met": [*words["met"], "已办结"]}
    table = "\n".join(f"{name} = {json.dumps(said, ensure_ascii=False)}" for name, said in rows.items())
    repaired = XJTU.replace("[[duties]]", f"[status_words]\n{table}\n\n[[duties]]", 1)
    (plain.folder / "xjtu.toml").write_text(repaired, "utf-8")
    ran = plain("profiles", "validate", "xjtu.toml")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[1:] == [
        "  · status_words.met：增加 已办结 → 影响：毕业条件的状态；任务：conditions"
    ]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("closing_days = 3", 'closing_days = "three"', "window.closing_days"),
        ("[photo]", "[foto]", "foto"),
        ('school = "西安交通大学"', "school = ", "TOML"),
    ],
)
def test_a_bad_file_is_refused_with_the_key(old: str, new: str, key: str, plain: Gradsync) -> None:
    (plain.folder / "mine.toml").write_text(XJTU.replace(old, new), "utf-8")
    ran = plain("profiles", "validate", "mine.toml")
    assert (ran.status, ran.out) == (2, "")
    assert key in ran.err
    assert "怎么办" in ran.err


LEARNED = """[sites.chaoxing.conditions]
words = ["离校资格"]
via = ["办事大厅"]

[at.chaoxing]
conditions = 2024-06-03T10:00:00+08:00
"""


def test_learned_words_are_shown_exported_and_forgotten(plain: Gradsync) -> None:
    empty = plain("profiles", "learned")
    assert (empty.status, empty.out) == (0, "xjtu-2024-07：没有学到过菜单文字。\n")
    folder = Path(plain.environ["XDG_DATA_HOME"], "gradsync", "learned")
    folder.mkdir(parents=True)
    (folder / "xjtu-2024-07.toml").write_text(LEARNED, "utf-8")
    shown = plain("profiles", "learned", "show", "--profile", "xjtu-2024-07")
    assert shown.out == "sites.chaoxing.conditions：办事大厅 → 离校资格（2024-06-03）\n"
    exported = plain("profiles", "learned", "export")
    assert exported.status == 0
    assert '"离校资格"]' in exported.out
    assert plain("profiles", "learned", "forget").status == 0
    assert plain("profiles", "learned", "export").status == 2

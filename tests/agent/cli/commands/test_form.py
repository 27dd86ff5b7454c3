"""``gradsync form``: a blank form, its check, and a run that refuses a bad one before anything is opened."""

from __future__ import annotations

from tests.agent.cli.conftest import PROFILE, Gradsync


def test_a_new_form_is_written_once_and_passes_its_own_check(plain: Gradsync) -> None:
    made = plain("form", "new")
    assert (made.status, made.err) == (0, "")
    assert "form.toml" in made.out
    checked = plain("form", "check")
    assert (checked.status, checked.out) == (0, "form.toml：没有发现问题（还没有填写任何内容）\n")
    again = plain("form", "new")
    assert (again.status, again.out) == (2, "")
    assert "已经存在" in again.err


def test_the_check_lists_every_problem_and_ends_with_2(plain: Gradsync) -> None:
    (plain.folder / "mine.toml").write_text("[[family]]\nname = '李示例'\nage = 'x'\n", "utf-8")
    ran = plain("form", "check", "mine.toml")
    assert ran.status == 2
    assert ran.out.startswith("mine.toml 有 3 处要改：\n  第 1 行 家庭成员第 1 条“关系”")
    data = plain("form", "check", "mine.toml", "--json")
    assert (data.status, len(data.json["problems"])) == (2, 3)


def test_a_run_with_a_bad_form_opens_nothing_and_leaves_nothing(plain: Gradsync) -> None:
    (plain.folder / "mine.toml").write_text("[[family]]\nname = '李示例'\n", "utf-8")
    ran = plain("run", *PROFILE, "--form", "mine.toml", "--out", "case")
    assert (ran.status, ran.out) == (2, "")
    assert "有 2 处要改" in ran.err
    assert not (plain.folder / "case").exists()

"""The person: answers written down before, exact words, and the typed stop when nobody is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import AskRefused, CaptchaRequired, NobodyThere, UsageError
from agent.human import NO, YES, Answer, Answerer, Ask, AskKind, Desk, Scripted, scripted_from_file

PLAN = Ask("apply-plan", AskKind.YES_NO, "要按计划操作吗")
WORDS = Ask("confirm.self_evaluation", AskKind.WORDS, "提交自我评价", options=("提交后不可更改",))


@dataclass
class Somebody:
    """Answers everything with one text, and keeps what was asked."""

    text: str
    asked: list[str] = field(default_factory=list)

    def answer(self, ask: Ask) -> Answer | None:
        """Answer."""
        self.asked.append(ask.id)
        return Answer(self.text, "terminal")

    def expects(self, ask_id: str) -> bool:
        """Somebody who answers everything."""
        return True


def _desk(**answers: str) -> Desk:
    return Desk([Scripted({name.replace("_", "-"): text for name, text in answers.items()})])


# -- who may answer --------------------------------------------------------------------------------------------------------


def test_what_needs_an_answer_is_planned_where_one_can_be_hoped_for() -> None:
    person = Somebody(NO)
    assert Desk([Scripted({}), person]).expects("confirm.photo")
    assert Desk([Scripted({"confirm.photo": "x"})]).expects("confirm.photo")
    assert not Desk([Scripted({"apply-plan": YES})]).expects("confirm.photo")
    assert not Desk([]).expects("confirm.photo")
    assert person.asked == []


# -- who answers ---------------------------------------------------------------------------------------------------------


def test_the_first_who_has_an_answer_gives_it_and_the_next_is_not_asked() -> None:
    person = Somebody(NO)
    desk = Desk([Scripted({"other": NO}), Scripted({"apply-plan": YES}, by="flag"), person])
    assert desk.ask(PLAN) == YES
    assert person.asked == []
    assert [(ask.id, answer.by) for ask, answer in desk.asked if answer] == [("apply-plan", "flag")]


def test_an_empty_answer_is_an_answer() -> None:
    assert Desk([Scripted({"apply-plan": ""}), Somebody(YES)]).ask(PLAN) == ""


@pytest.mark.parametrize("answerers", [[], [Scripted({})], [Scripted({"apply-plan-2": YES})]])
def test_nobody_there_is_a_stop_that_names_the_ask(answerers: list[Answerer]) -> None:
    desk = Desk(answerers)
    with pytest.raises(NobodyThere, match="apply-plan"):
        desk.ask(PLAN)
    assert desk.asked == [(PLAN, None)]


def test_the_ask_chooses_what_nobody_means() -> None:
    with pytest.raises(CaptchaRequired):
        Desk([]).ask(Ask("captcha.chsi", AskKind.SECRET, "验证码"), nobody=CaptchaRequired)


def test_every_ask_is_told_before_it_is_answered() -> None:
    told: list[str] = []
    with pytest.raises(NobodyThere):
        Desk([], on_ask=lambda ask: told.append(ask.id)).ask(PLAN)
    assert told == ["apply-plan"]


# -- consent -------------------------------------------------------------------------------------------------------------


def test_yes_is_consent() -> None:
    _desk(apply_plan=f" {YES}\n").confirm(PLAN)


@given(st.text().filter(lambda text: text.strip() != YES))
def test_anything_but_yes_is_a_refusal(text: str) -> None:
    with pytest.raises(AskRefused, match="apply-plan"):
        _desk(apply_plan=text).confirm(PLAN)


def test_exact_words_are_consent() -> None:
    Desk([Somebody("提交后不可更改")]).confirm(WORDS)


@pytest.mark.parametrize(
    "text", [YES, "", "提交后可更改", "提交后不可更改。", "我知道提交后不可更改", "提交后不可更 改"]
)
def test_other_words_are_a_refusal(text: str) -> None:
    with pytest.raises(AskRefused):
        Desk([Somebody(text)]).confirm(WORDS)


def test_nobody_there_is_not_a_refusal() -> None:
    with pytest.raises(NobodyThere):
        Desk([]).confirm(WORDS)


def test_the_yes_of_the_plan_confirms_nothing_irreversible() -> None:
    with pytest.raises(NobodyThere):
        Desk([Scripted({"apply-plan": YES}, by="flag")]).confirm(WORDS)


# -- what is kept --------------------------------------------------------------------------------------------------------


def test_an_answer_does_not_show_itself() -> None:
    assert "7352" not in repr(Answer("7352", "terminal"))


def test_the_picture_of_a_captcha_does_not_show_itself() -> None:
    assert "image" not in repr(Ask("captcha.chsi", AskKind.SECRET, "验证码", image=b"\xff\xd8"))


# -- the file of answers -------------------------------------------------------------------------------------------------


def test_a_file_of_answers(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(
        '{"apply-plan": true, "other": false, "captcha.chsi": 7352, "choose-enrollment": "专升本"}', "utf-8"
    )
    scripted = scripted_from_file(file)
    assert dict(scripted.answers) == {
        "apply-plan": YES,
        "other": NO,
        "captcha.chsi": "7352",
        "choose-enrollment": "专升本",
    }
    assert scripted.by == "script"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"yes"', b"null", b"\xff\xfe", b'["apply-plan"]'])
def test_a_file_that_is_no_object_is_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_bytes(data)
    with pytest.raises(UsageError, match=r"answers\.json"):
        scripted_from_file(tmp_path / "answers.json")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"answers\.json"):
        scripted_from_file(tmp_path / "answers.json")

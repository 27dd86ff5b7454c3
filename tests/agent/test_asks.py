"""The person: answers written down before, exact words, and the typed stop when nobody is there."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from agent.asks import (
    NO,
    YES,
    Answer,
    Answerer,
    Ask,
    AskField,
    AskKind,
    AskPicture,
    AskRouter,
    FieldShown,
    Scripted,
    kept_answer,
    scripted_from_file,
    words_problem,
)
from agent.errors import AskRefused, CaptchaRequired, NobodyThere, UsageError

JSON = TypeAdapter(Ask)
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


def _desk(**answers: str) -> AskRouter:
    return AskRouter([Scripted({name.replace("_", "-"): text for name, text in answers.items()})])


# -- who may answer --------------------------------------------------------------------------------------------------------


def test_what_needs_an_answer_is_planned_where_one_can_be_hoped_for() -> None:
    person = Somebody(NO)
    assert AskRouter([Scripted({}), person]).expects("confirm.photo")
    assert AskRouter([Scripted({"confirm.photo": "x"})]).expects("confirm.photo")
    assert not AskRouter([Scripted({"apply-plan": YES})]).expects("confirm.photo")
    assert not AskRouter([]).expects("confirm.photo")
    assert person.asked == []


# -- who answers ---------------------------------------------------------------------------------------------------------


def test_the_first_who_has_an_answer_gives_it_and_the_next_is_not_asked() -> None:
    person = Somebody(NO)
    asks = AskRouter([Scripted({"other": NO}), Scripted({"apply-plan": YES}, by="flag"), person])
    assert asks.ask(PLAN) == YES
    assert person.asked == []
    assert [(ask.id, answer.by) for ask, answer in asks.asked if answer] == [("apply-plan", "flag")]


def test_what_is_none_of_the_choices_goes_on_to_the_next_who_may_choose() -> None:
    """An officer who wrote a school down wrong is no reason not to ask the student who is there."""
    ask = Ask("choose-enrollment", AskKind.CHOICE, "请选择学籍", options=("甲校 本科", "乙校 专升本"))
    wrong = Scripted({"choose-enrollment": "甲校"})
    assert AskRouter([wrong, Scripted({"choose-enrollment": "乙校 专升本"})]).ask(ask) == "乙校 专升本"
    with pytest.raises(NobodyThere, match="甲校 本科；乙校 专升本"):
        AskRouter([wrong]).ask(ask)


def test_an_empty_answer_is_an_answer() -> None:
    assert AskRouter([Scripted({"apply-plan": ""}), Somebody(YES)]).ask(PLAN) == ""


@pytest.mark.parametrize("answerers", [[], [Scripted({})], [Scripted({"apply-plan-2": YES})]])
def test_nobody_there_is_a_stop_that_names_the_ask(answerers: list[Answerer]) -> None:
    asks = AskRouter(answerers)
    with pytest.raises(NobodyThere, match="要按计划操作吗"):
        asks.ask(PLAN)
    assert asks.asked == [(PLAN, None)]


def test_the_ask_chooses_what_nobody_means() -> None:
    with pytest.raises(CaptchaRequired):
        AskRouter([]).ask(Ask("captcha.chsi", AskKind.SECRET, "验证码"), nobody=CaptchaRequired)


def test_every_ask_is_told_before_it_is_answered() -> None:
    told: list[str] = []
    with pytest.raises(NobodyThere):
        AskRouter([], on_ask=lambda ask: told.append(ask.id)).ask(PLAN)
    assert told == ["apply-plan"]


# -- consent -------------------------------------------------------------------------------------------------------------


def test_yes_is_consent() -> None:
    _desk(apply_plan=f" {YES}\n").confirm(PLAN)


@given(st.text().filter(lambda text: text.strip() != YES))
def test_anything_but_yes_is_a_refusal(text: str) -> None:
    with pytest.raises(AskRefused, match="要按计划操作吗"):
        _desk(apply_plan=text).confirm(PLAN)


def test_exact_words_are_consent() -> None:
    AskRouter([Somebody("提交后不可更改")]).confirm(WORDS)


@pytest.mark.parametrize(
    "text", [YES, "", "提交后可更改", "提交后不可更改。", "我知道提交后不可更改", "提交后不可更 改"]
)
def test_other_words_are_a_refusal(text: str) -> None:
    with pytest.raises(AskRefused):
        AskRouter([Somebody(text)]).confirm(WORDS)


def test_nobody_there_is_not_a_refusal() -> None:
    with pytest.raises(NobodyThere):
        AskRouter([]).confirm(WORDS)


def test_the_yes_of_the_plan_confirms_nothing_irreversible() -> None:
    with pytest.raises(NobodyThere):
        AskRouter([Scripted({"apply-plan": YES}, by="flag")]).confirm(WORDS)


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


def test_what_is_never_asked_is_named(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    known = ["apply-plan", "take-over.anywhere", "family.change", "confirm.photo", "captcha.chsi"]
    file.write_text(json.dumps(dict.fromkeys([*known, "apply_plan", "画像"], "yes")), "utf-8")
    mistyped, other = scripted_from_file(file).unknown
    assert "“apply_plan”" in mistyped
    assert "apply-plan" in mistyped
    assert "“画像”" in other


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"yes"', b"null", b"\xff\xfe", b'["apply-plan"]'])
def test_a_file_that_is_no_object_is_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_bytes(data)
    with pytest.raises(UsageError, match=r"answers\.json"):
        scripted_from_file(tmp_path / "answers.json")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"answers\.json"):
        scripted_from_file(tmp_path / "answers.json")


# -- forms ---------------------------------------------------------------------------------------------------------------

FORM = Ask(
    "consent.student",
    AskKind.FORM,
    "请填写",
    fields=(AskField("name", "姓名"), AskField("number", "号码", secret=True)),
)


def test_a_form_is_filled_in() -> None:
    answer = '{"number": "7352", "name": " 王岚 "}'
    assert AskRouter([Somebody(answer)]).fill_in(FORM) == {"name": "王岚", "number": "7352"}


@pytest.mark.parametrize(
    "answer", ["", "王岚", "[]", "{}", '{"name": "王岚"}', '{"name": 1, "number": 2, "more": 3}']
)
def test_a_form_filled_in_otherwise_is_named_and_not_repeated(answer: str) -> None:
    with pytest.raises(UsageError, match=r"consent\.student.*name、number") as caught:
        AskRouter([Somebody(answer)]).fill_in(FORM)
    assert "王岚" not in caught.value.message


def test_a_file_of_answers_may_fill_a_form_in(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text('{"consent.student": {"name": "王岚", "number": "7352"}}', "utf-8")
    asks = AskRouter([scripted_from_file(tmp_path / "answers.json")])
    assert asks.fill_in(FORM) == {"name": "王岚", "number": "7352"}


# -- as JSON -------------------------------------------------------------------------------------------------------------

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_ASKS = st.builds(
    Ask,
    id=_TEXTS,
    kind=st.sampled_from(AskKind),
    text=_TEXTS,
    site=st.none() | _TEXTS,
    options=st.lists(_TEXTS, max_size=3).map(tuple),
    details=st.lists(_TEXTS, max_size=3).map(tuple),
    image=st.none() | st.binary(max_size=300),
    seconds=st.floats(0, 1e6),
    fields=st.lists(st.builds(AskField, _TEXTS, _TEXTS, st.booleans()), max_size=3).map(tuple),
    shown=st.lists(st.builds(FieldShown, _TEXTS, _TEXTS, _TEXTS, _TEXTS, st.booleans()), max_size=3).map(
        tuple
    ),
    pictures=st.lists(st.builds(AskPicture, _TEXTS, st.binary(max_size=90)), max_size=2).map(tuple),
    sides=st.lists(_TEXTS, max_size=2).map(tuple),
    expires_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(_ASKS)
def test_an_ask_goes_through_json_and_is_the_same(ask: Ask) -> None:
    back = JSON.validate_json(JSON.dump_json(ask))
    assert back == ask
    assert back.expires_at == ask.expires_at


def test_a_page_can_show_the_image_of_an_ask() -> None:
    """``data:`` addresses take the plain alphabet, not the one for addresses."""
    picture = b"\x89PNG\xff\xfe\xfb"
    ask = json.loads(JSON.dump_json(Ask("captcha.chsi", AskKind.SECRET, "验证码", image=picture)))
    assert b64decode(ask["image"], validate=True) == picture


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "guess"},
        {"image": "x"},
        {"text": None},
        {"canary": 1},
        {"expires_at": "canary"},
        {"fields": [{"name": "x"}]},
        {"expires_at": "2024-06-03T10:00:00"},
    ],
)
def test_what_is_no_ask_is_refused(change: dict[str, object]) -> None:
    data = {**json.loads(JSON.dump_json(PLAN)), **change}
    with pytest.raises(ValidationError, match="Ask"):
        JSON.validate_json(json.dumps(data))


def test_an_ask_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        PLAN.text = "别的"  # type: ignore[misc]


def test_an_ask_that_was_raised_says_when_it_expires() -> None:
    told: list[Ask] = []
    AskRouter([Somebody(YES)], told.append).ask(PLAN)
    (raised,) = told
    assert raised == PLAN
    assert raised.expires_at is not None
    left = raised.expires_at - datetime.now(UTC)
    assert timedelta(0) < left <= timedelta(seconds=PLAN.seconds)
    assert PLAN.expires_at is None


@pytest.mark.parametrize("kind", AskKind)
def test_codes_and_what_is_typed_into_forms_is_kept_nowhere(kind: AskKind) -> None:
    assert Ask("x", kind, "?").secret == (kind in (AskKind.SECRET, AskKind.FORM, AskKind.FIELDS))


FIELDS = Ask(
    "registration_check.fields",
    AskKind.FIELDS,
    "每一项对不对",
    shown=(
        FieldShown("专业", "应用气象学", "大气科学", "和学信网不一致", differs=True, name="major"),
        FieldShown("学院", "大气科学学院", name="college"),
        FieldShown("学校", "兰州大学"),
    ),
)


@pytest.mark.parametrize(
    ("answer", "corrected"),
    [
        ("{}", {}),
        ('{"major": " 大气科学 "}', {"major": "大气科学"}),
        ('{"major": null}', {"major": None}),
    ],
)
def test_fields_are_corrected_by_their_names(answer: str, corrected: dict[str, str | None]) -> None:
    assert AskRouter([Scripted({FIELDS.id: answer})]).corrected(FIELDS) == corrected


@pytest.mark.parametrize("answer", ["", "yes", "[]", '{"学校": "别的"}', '{"major": ""}'])
def test_what_corrects_no_field_shown_is_refused(answer: str) -> None:
    with pytest.raises(UsageError, match="major、college"):
        AskRouter([Scripted({FIELDS.id: answer})]).corrected(FIELDS)


def test_a_field_that_is_wrong_wants_to_be_put_right() -> None:
    assert FIELDS.problem('{"major": "", "college": "别的"}') == "选了“不对”的要写上正确的内容：专业。"
    assert FIELDS.problem('{"major": "大气科学"}') == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("信息 无误", "多了空格"),
        ("信息无误\u3000", "多了空格"),
        ("信息无误。 ", "多了“。”和空格"),
        ("信息误", "少了“无”"),
    ],
)
def test_blanks_that_were_typed_too_are_named(typed: str, said: str) -> None:
    assert f"：{said}。" in words_problem("信息无误", typed)


def test_a_blank_that_was_left_out_is_named() -> None:
    assert "：少了空格。" in words_problem("我 确认", "我确认")


@pytest.mark.parametrize(
    ("ask_id", "value"),
    [
        ("apply-plan", "maybe"),
        ("apply-plan", "<b>yes</b>"),
        ("apply-plan", ""),
        ("chsi.proofread", "yes"),
        ("registration_check.fields", "yes"),
        ("registration_check.fields", "[1]"),
        ("registration_check.fields", "[" * 5000),
        ("choose-enrollment", " "),
        ("choose-enrollment", "甲校\x1b[31m"),
        ("choose-enrollment", "甲校\n乙校"),
        ("choose-enrollment", "\u202e甲校"),
        ("choose-enrollment", "甲" * 2000),
        ("confirm.profile_check", ""),
        ("captcha.chsi", "1234"),
        ("code.chaoxing", "1234"),
        ("nope", "yes"),
        ("", "yes"),
    ],
)
def test_what_is_no_answer_to_an_ask_is_not_kept_for_it(ask_id: str, value: str) -> None:
    with pytest.raises(UsageError) as stop:
        kept_answer(ask_id, value)
    assert stop.value.remedy
    assert "\x1b" not in stop.value.message


@pytest.mark.parametrize(
    ("ask_id", "value", "kept"),
    [
        ("apply-plan", " yes ", "yes"),
        ("apply-plan", "YES", "yes"),
        ("apply-plan", "是", "yes"),
        ("apply-plan", "不同意", "no"),
        ("chsi.proofread", "done", "done"),
        ("choose-enrollment", "西安交通大学 本科 ", "西安交通大学 本科"),
        ("confirm.profile_check", "信息无误", "信息无误"),
        ("registration_check.fields", '{"major": "大气科学"}', '{"major": "大气科学"}'),
    ],
)
def test_an_answer_is_kept_as_its_ask_takes_it(ask_id: str, value: str, kept: str) -> None:
    assert kept_answer(ask_id, value) == kept

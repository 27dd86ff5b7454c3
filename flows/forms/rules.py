"""What a notice asks of a form: every entry that it would refuse, each with what is wrong and an example (notice, 二（二）2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from agent.errors import UsageError
from agent.files.text_files import read_text
from agent.reconcile import document_numbers
from agent.snapshot.tree import key
from flows.forms import registration
from flows.forms.base import FormProblem
from flows.forms.model import (
    EXAMPLES,
    NOW,
    EvaluationText,
    FamilyMember,
    Form,
    FormData,
    HistoryEntry,
    characters,
    month,
    month_text,
)
from flows.profiles.schema import FormRules, HistoryRule, Profile

_PHONE = re.compile(r"\+?\d[\d -]{5,18}\d")
_OLDEST = 130


def rules_of(profile: Profile) -> FormRules:
    """Return the notice's rules for family, history and self-evaluation; raises ``LookupError`` where it has none."""
    if profile.rules is None:
        raise LookupError("the profile has no [rules]")
    return profile.rules


def require_a_form(profile: Profile) -> None:
    """Raise ``UsageError`` where the notice asks students to fill nothing in."""
    if profile.rules is None and profile.registration is None:
        raise UsageError(
            f"通知 {profile.id} 不需要学生填写 form.toml。", "请去掉 --form，或换一个 --profile。"
        )


def checked(data: FormData, profile: Profile, today: date, folder: Path) -> tuple[Form, list[FormProblem]]:
    """Hold the tables against the notice's rules.

    Args:
        data: What the file holds; entries left blank do not count.
        profile: Gives the rules and the school.
        today: No time may lie after this day.
        folder: Where the file of the self-evaluation is looked for.
    """
    require_a_form(profile)
    problems = list(_of_another_notice(data, profile))
    stated = data.registration
    if stated.latest_photo:
        stated = stated.model_copy(update={"latest_photo": str(folder / stated.latest_photo)})
    form = Form(registration=stated)
    if profile.registration:
        problems += registration.problems(data.registration, profile.registration, today, folder)
    if profile.rules:
        filled, more = _filled_in(data, profile, profile.rules, today, folder)
        form = replace(filled, registration=stated)
        problems += more
    return form, problems


def _of_another_notice(data: FormData, profile: Profile) -> Iterator[FormProblem]:
    """Tables that are filled in although this notice does not ask for them."""
    asked = {"registration": profile.registration is not None}
    asked |= dict.fromkeys(("family", "history", "self_evaluation"), profile.rules is not None)
    for table, is_asked in asked.items():
        if not is_asked and getattr(data, table) != getattr(FormData(), table):
            yield FormProblem((table, 0), "", f"通知 {profile.id} 不需要填写这一部分，请删掉")


def _filled_in(
    data: FormData, profile: Profile, rules: FormRules, today: date, folder: Path
) -> tuple[Form, list[FormProblem]]:
    family = {place: entry for place, entry in enumerate(data.family) if not entry.is_blank}
    history = {place: entry for place, entry in enumerate(data.history) if not entry.is_blank}
    text, problems = _evaluation(data.self_evaluation, folder, rules)
    problems += [
        problem for place, entry in family.items() for problem in _relative(place, entry, rules, today)
    ]
    problems += _twice(family)
    problems += history_problems(history, profile.school, rules.history, today)
    return Form(tuple(family.values()), tuple(history.values()), text), problems


def _evaluation(given: EvaluationText, folder: Path, rules: FormRules) -> tuple[str, list[FormProblem]]:
    where, least = ("self_evaluation", 0), rules.self_evaluation.least_characters
    if given.text and given.file:
        return "", [FormProblem(where, "file", "text 和 file 只能填一个")]
    text = given.text
    if given.file:
        try:
            text = read_text(folder / given.file).strip()
        except UsageError as error:
            what = f"这个文件打不开：{error.message.rstrip('。')}"
            return "", [FormProblem(where, "file", what, 'file = "自我评价.txt"')]
    said = characters(text)
    if 0 < said < least or (given.file and not said):
        what = f"不少于 {least} 字（标点算、空格和换行不算），现在是 {said} 字"
        return text, [FormProblem(where, "file" if given.file else "text", what)]
    return text, []


def _relative(place: int, entry: FamilyMember, rules: FormRules, today: date) -> Iterator[FormProblem]:
    where = ("family", place)
    for field in ("relation", "name", "phone"):
        if not getattr(entry, field):
            yield FormProblem(where, field, "不能为空", EXAMPLES[field])
    if entry.relation and entry.relation not in rules.family.relations:
        yield FormProblem(where, "relation", f"只填{'、'.join(rules.family.relations)}", EXAMPLES["relation"])
    if entry.phone and not _PHONE.fullmatch(entry.phone):
        yield FormProblem(where, "phone", "应该是电话号码", EXAMPLES["phone"])
    if entry.age and not (entry.age.isdecimal() and 0 < int(entry.age) <= _OLDEST):
        yield FormProblem(where, "age", "应该是周岁，一个整数", EXAMPLES["age"])
    if entry.document_number and not entry.document_type:
        yield FormProblem(
            where, "document_type", "填了证件号码就要填证件类型", 'document_type = "居民身份证"'
        )
    if entry.document_number and entry.document_type:
        read = document_numbers.parse(entry.document_number, entry.document_type, today=today)
        if not read.valid:
            yield FormProblem(where, "document_number", f"请对照证件改正：{read.problems[0].rstrip('。')}")


def _twice(family: Mapping[int, FamilyMember]) -> Iterator[FormProblem]:
    seen: set[tuple[str, str]] = set()
    for place, entry in family.items():
        who = (key(entry.relation), key(entry.name))
        if entry.name and who in seen:
            yield FormProblem(("family", place), "name", "同一个人填了两次，请删掉一条")
        seen.add(who)


def history_problems(
    history: Mapping[int, HistoryEntry], school: str, rule: HistoryRule, today: date
) -> list[FormProblem]:
    """Hold the history against the notice: from 高中 to now, in order, without gaps, with the study at this school.

    Args:
        history: The entries by their place in the file.
        school: The school whose study must not be missing.
        rule: How large a gap may be, and how a first school is recognised.
        today: No time may lie after this day.
    """
    problems = [problem for place, entry in history.items() for problem in _stay(place, entry, today)]
    timed = [(place, entry, entry.months) for place, entry in history.items() if entry.months]
    if not history or problems or len(timed) != len(history):
        return problems
    entries = list(history.items())
    (first_place, first), (last_place, last) = entries[0], entries[-1]
    if not any(word in key(first.place + first.stage) for word in map(key, rule.begins)):
        what = "要从高中填起，从单位名称看不出是高中阶段；是的话请填写阶段（stage）"
        problems.append(FormProblem(("history", first_place), "place", what, EXAMPLES["stage"]))
    problems += _order(entries)
    problems += _repeated(entries)
    problems += gaps(entries, rule.largest_gap_months)
    if not any(key(school) in key(entry.place) for _, entry in entries):
        what, example = f"缺少在{school}学习的经历", f'place = "{school}"'
        problems.append(FormProblem(("history", last_place), "place", what, example))
    if not last.is_open:
        problems.append(
            FormProblem(("history", last_place), "end", f"最后一条要填写到{NOW}", f'end = "{NOW}"')
        )
    return problems


def _stay(place: int, entry: HistoryEntry, today: date) -> Iterator[FormProblem]:
    where, now = ("history", place), today.year * 12 + today.month - 1
    for field in ("place", "start", "end"):
        if not getattr(entry, field):
            yield FormProblem(where, field, "不能为空", EXAMPLES[field])
    first, last = month(entry.start), month(entry.end)
    for field, number in (("start", first), ("end", last)):
        text = getattr(entry, field)
        if text and number is None and not (field == "end" and entry.is_open):
            yield FormProblem(where, field, "应该写成年-月", EXAMPLES[field])
        elif number is not None and number > now:
            yield FormProblem(where, field, "在今天以后", EXAMPLES[field])
    if first is not None and last is not None and last < first:
        yield FormProblem(where, "end", "早于开始时间", EXAMPLES["end"])
    if entry.witness_phone and not _PHONE.fullmatch(entry.witness_phone):
        yield FormProblem(where, "witness_phone", "应该是电话号码", EXAMPLES["witness_phone"])


def _order(entries: Sequence[tuple[int, HistoryEntry]]) -> Iterator[FormProblem]:
    for (_, before), (place, entry) in pairwise(entries):
        if before.months and entry.months and entry.months[0] < before.months[0]:
            yield FormProblem(("history", place), "start", "要按时间先后排列，这一条比上一条开始得早")


def _repeated(entries: Sequence[tuple[int, HistoryEntry]]) -> Iterator[FormProblem]:
    seen: set[tuple[str, int | None]] = set()
    for place, entry in entries:
        what = (key(entry.place), month(entry.start))
        if what in seen:
            yield FormProblem(("history", place), "place", "同一段经历填了两次，请删掉一条")
        seen.add(what)


def gaps(entries: Sequence[tuple[int, HistoryEntry]], largest: int) -> Iterator[FormProblem]:
    """Yield a problem for each stretch of more than ``largest`` whole months that no entry covers."""
    until: int | None = None
    before = ""
    for place, entry in sorted(entries, key=lambda pair: month(pair[1].start) or 0):
        first, last = entry.months or (0, None)
        if until is not None and first - until - 1 > largest:
            missing = f"{month_text(until + 1)} 至 {month_text(first - 1)}"
            what = f"{missing} 没有履历（在“{before}”之后、“{entry.place}”之前）"
            example = f'加一条 start = "{month_text(until + 1)}"，待业也要写上'
            yield FormProblem(("history", place), "start", what, example)
        if last is None:
            return
        if until is None or last > until:
            until, before = last, entry.place

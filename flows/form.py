"""The student's own entries, ``form.toml``: family, history and self-evaluation, read, checked and said back in full.

Every problem is found at once, each with its line, the entry, what is wrong and an example (notice, 二（二）2). Nothing here
needs a browser; a form with a problem is refused before any site is opened.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from agent import identity
from agent.errors import UsageError
from agent.layout import key
from agent.masking import Redactor
from agent.settings import reason
from flows import statement
from flows.profile import FormRules, HistoryRule, Profile, RegistrationRules
from flows.statement import NOTHING_STATED, Statement
from flows.tables import Problem, Table, Text

TEMPLATE = files("flows").joinpath("form.template.toml")
FILE_NAME = "form.toml"
FILE_MODE = 0o600
NOW = "至今"
_MONTH = re.compile(r"(?P<year>(?:19|20)\d\d)\s*(?:[-./年]\s*)?(?P<month>0?[1-9]|1[0-2])\s*月?")
_PHONE = re.compile(r"\+?\d[\d -]{5,18}\d")
_OLDEST = 130


class Relative(Table):
    """One family member, with the notice's fields."""

    relation: Text = ""
    name: Text = ""
    phone: Text = ""
    document_type: Text = ""
    document_number: Text = ""
    age: Text = ""
    ethnicity: Text = ""
    party: Text = ""
    address: Text = ""
    post: Text = ""

    @property
    def is_blank(self) -> bool:
        """True for an entry of the template that was left as it was."""
        return not any(value for field, value in self if field != "relation")


class Stay(Table):
    """One part of the history; ``stage`` says what sort of school the first one is where its name does not."""

    place: Text = ""
    post: Text = ""
    start: Text = ""
    end: Text = ""
    witness: Text = ""
    witness_phone: Text = ""
    stage: Text = ""

    @property
    def is_blank(self) -> bool:
        """True for an entry of the template that was left as it was."""
        return not any(value for _, value in self)

    @property
    def months(self) -> tuple[int, int | None] | None:
        """First and last month as numbers, the last one None for 至今; None when they cannot be read."""
        first, last = month(self.start), month(self.end)
        if first is None or (last is None and not self.is_open):
            return None
        return first, last

    @property
    def is_open(self) -> bool:
        """True when it goes on until now."""
        return key(self.end) == NOW


class SelfEvaluation(Table):
    """自我评价: the text, or the file it stands in."""

    text: Text = ""
    file: Text = ""


class FormData(Table):
    """What form.toml holds."""

    family: tuple[Relative, ...] = ()
    history: tuple[Stay, ...] = ()
    self_evaluation: SelfEvaluation = SelfEvaluation()
    registration: Statement = NOTHING_STATED


@dataclass(frozen=True)
class Form:
    """A form without problems.

    Args:
        family: The family members that were filled in.
        history: The parts of the history that were filled in, from 高中 to now.
        self_evaluation: The text; empty when none was given.
        registration: What the student states about 个人信息核对.
    """

    family: tuple[Relative, ...] = ()
    history: tuple[Stay, ...] = ()
    self_evaluation: str = ""
    registration: Statement = NOTHING_STATED

    def teach(self, redactor: Redactor) -> None:
        """Let the redactor know what must not be written out."""
        names = [entry.name for entry in self.family] + [entry.witness for entry in self.history]
        numbers = [number for entry in self.family for number in (entry.document_number, entry.phone)]
        names.append(self.registration.name)
        numbers.append(self.registration.id_number)
        for name in filter(None, names):
            redactor.add_name(name)
        for number in filter(None, [*numbers, *(entry.witness_phone for entry in self.history)]):
            redactor.add_number(number)

    def summary(self) -> str:
        """Say in Chinese what it holds."""
        said = characters(self.self_evaluation)
        parts = (
            f"家庭成员 {len(self.family)} 条" if self.family else "",
            f"履历 {len(self.history)} 条" if self.history else "",
            f"自我评价 {said} 字" if said else "",
            self.registration.summary(),
        )
        return "，".join(filter(None, parts)) or "还没有填写任何内容"


LABELS = {
    "family": "家庭成员",
    "history": "履历",
    "self_evaluation": "自我评价",
    "relation": "关系",
    "name": "姓名",
    "phone": "联系方式",
    "document_type": "证件类型",
    "document_number": "证件号码",
    "age": "年龄",
    "ethnicity": "民族",
    "party": "政治面貌",
    "address": "工作单位或居住地址",
    "post": "职务",
    "place": "学习或工作单位",
    "start": "开始时间",
    "end": "结束时间",
    "witness": "证明人",
    "witness_phone": "证明人联系方式",
    "stage": "阶段",
    "text": "内容",
    "file": "文件",
} | statement.LABELS
EXAMPLES = {
    "relation": 'relation = "母亲"',
    "name": 'name = "李某某"',
    "phone": 'phone = "13800000000"',
    "age": "age = 52",
    "place": 'place = "某某市第一高级中学"',
    "start": 'start = "2014-09"',
    "end": 'end = "2017-06"，还在继续的写 end = "至今"',
    "witness_phone": 'witness_phone = "13800000000"',
    "stage": 'stage = "高中"',
} | statement.EXAMPLES


def characters(text: str) -> int:
    """Count 字 as the platform's counter does: every character, punctuation too, that is no white space."""
    return len(re.sub(r"\s", "", text))


def month(text: str) -> int | None:
    """Return a month such as 2014-09, 2014.9, 201409 or 2014年9月 as one number, or None when it is none."""
    found = _MONTH.fullmatch(text.strip())
    return int(found["year"]) * 12 + int(found["month"]) - 1 if found else None


def month_text(number: int) -> str:
    """Return a month's number as ``YYYY-MM``, the form the platform wants."""
    return f"{number // 12:04}-{number % 12 + 1:02}"


# -- reading ---------------------------------------------------------------------------------------------------------------


def load(path: Path, profile: Profile, today: date) -> Form:
    """Read and check a form.

    Args:
        path: The file.
        profile: Gives the notice's rules.
        today: No time may lie after this day.

    Raises:
        UsageError: It cannot be read, or has problems; the message lists every one of them.
    """
    form, problems = examine(path, profile, today)
    if problems:
        listed = "\n".join(f"  {line}" for line in problems)
        raise UsageError(
            f"{path.name} 有 {len(problems)} 处要改，还没有打开任何网站：\n{listed}",
            f"请改正后用 gradsync form check {path.name} 再检查一遍。",
        )
    return form


def examine(path: Path, profile: Profile, today: date) -> tuple[Form, list[str]]:
    """Read a form and return it with one Chinese line per problem, in the file's order.

    Raises:
        UsageError: It cannot be read, or is no TOML.
    """
    text = _text(path)
    lines = Lines(text)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            _not_toml(path.name, str(error)), "文字要放在英文的双引号里；请改正后再试。"
        ) from None
    data, problems = _validated(raw)
    form, more = checked(data, profile, today, path.parent)
    named = {(problem.where, problem.field) for problem in problems}
    more = [problem for problem in more if (problem.where, problem.field) not in named]
    found = sorted([*problems, *more], key=lines.of)
    return form, [lines.said(problem) for problem in found]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")  # Windows' editor puts a mark before the text
    except UnicodeDecodeError:
        raise UsageError(f"{path.name} 不是 UTF-8 编码。", "请用编辑器另存为 UTF-8 编码。") from None
    except OSError as error:
        raise UsageError(
            f"{path} 读不出来：{error.strerror}。", "用 gradsync form new 可以生成一份带说明的模板。"
        ) from None


def _not_toml(name: str, said: str) -> str:
    place = re.search(r"line (\d+), column (\d+)", said)
    where = f"第 {place[1]} 行第 {place[2]} 列附近" if place else "末尾"
    return f"{name} {where}的写法不对。"


def _validated(raw: Mapping[str, Any]) -> tuple[FormData, list[Problem]]:
    """The tables that can be used, and a problem for every key that cannot."""
    try:
        return FormData.model_validate(raw), []
    except ValidationError as error:
        wrong = error.errors()
    usable = deepcopy(dict(raw))
    for item in wrong:
        _drop(usable, item["loc"])
    return FormData.model_validate(usable), [_of_pydantic(item) for item in wrong]


def _drop(raw: dict[str, Any], path: Sequence[int | str]) -> None:
    """Take out the one value that cannot be used; of a list an entry is left blank, so that the others keep their places."""
    *above, last = path
    holder: Any = raw
    for part in above:
        holder = holder[part]
    if isinstance(last, int):
        holder[last] = {}
    else:
        holder.pop(last)


def _of_pydantic(item: ErrorDetails) -> Problem:
    table, *rest = item["loc"]
    number = next((part for part in rest if isinstance(part, int)), 0)
    field = next((part for part in rest if isinstance(part, str)), "")
    known = "、".join(TABLES[str(table)].model_fields) if str(table) in TABLES else ""
    example = f"可以用 {known}" if item["type"] == "extra_forbidden" and known else EXAMPLES.get(field, "")
    return Problem((str(table), number), field, reason(item), example)


TABLES: dict[str, type[Table]] = {
    "family": Relative,
    "history": Stay,
    "self_evaluation": SelfEvaluation,
    statement.TABLE: Statement,
}


class Lines:
    """Where tables and keys stand in a TOML text, which the parser does not tell.

    Args:
        text: The file's text.
    """

    _HEAD = re.compile(r"\s*(\[\[?)\s*([\w.]+)\s*\]\]?")
    _KEY = re.compile(r"\s*([\w-]+)\s*=\s*(.*)")

    def __init__(self, text: str) -> None:
        self._at: dict[tuple[str, int, str], int] = {}
        table, number, inside = "", 0, ""
        for line, words in enumerate(text.splitlines(), start=1):
            if inside:
                inside = "" if inside in words else inside
            elif head := self._HEAD.match(words):
                table, number = head[2], self._next(head[2]) if head[1] == "[[" else 0
                self._at[table, number, ""] = line
            elif pair := self._KEY.match(words):
                where = (table, number, pair[1]) if table else (pair[1], 0, "")
                self._at.setdefault(where, line)
                inside = next((mark for mark in ('"""', "'''") if pair[2].count(mark) == 1), "")

    def _next(self, table: str) -> int:
        return sum(name == table and not field for name, _, field in self._at)

    def of(self, problem: Problem) -> int:
        """Return the line of the key, else of its table; 0 when neither stands in the file."""
        return self._at.get((*problem.where, problem.field), self._at.get((*problem.where, ""), 0))

    def said(self, problem: Problem) -> str:
        """Return the problem as one Chinese line."""
        table, number = problem.where
        entry = f"{LABELS.get(table, table)}{f'第 {number + 1} 条' if table in ('family', 'history') else ''}"
        field = f"“{LABELS.get(problem.field, problem.field)}”（{problem.field}）" if problem.field else ""
        line = self.of(problem)
        example = f"，例如：{problem.example}" if problem.example else ""
        return f"{f'第 {line} 行 ' if line else ''}{entry}{field}：{problem.what}{example}"


def rules_of(profile: Profile) -> FormRules:
    """Return the notice's rules for family, history and self-evaluation; raises ``LookupError`` where it has none."""
    if profile.rules is None:
        raise LookupError("the profile has no [rules]")
    return profile.rules


def _require_a_form(profile: Profile) -> None:
    """Raise ``UsageError`` where the notice asks students to fill nothing in."""
    if profile.rules is None and profile.registration is None:
        raise UsageError(
            f"通知 {profile.id} 不需要学生填写 form.toml。", "请去掉 --form，或换一个 --profile。"
        )


# -- the notice's rules ----------------------------------------------------------------------------------------------------


def checked(data: FormData, profile: Profile, today: date, folder: Path) -> tuple[Form, list[Problem]]:
    """Hold the tables against the notice's rules.

    Args:
        data: What the file holds; entries left blank do not count.
        profile: Gives the rules and the school.
        today: No time may lie after this day.
        folder: Where the file of the self-evaluation is looked for.
    """
    _require_a_form(profile)
    problems = list(_of_another_notice(data, profile))
    stated = data.registration
    if stated.latest_photo:
        stated = stated.model_copy(update={"latest_photo": str(folder / stated.latest_photo)})
    form = Form(registration=stated)
    if profile.registration:
        problems += statement.problems(data.registration, profile.registration, today, folder)
    if profile.rules:
        filled, more = _filled_in(data, profile, profile.rules, today, folder)
        form = replace(filled, registration=stated)
        problems += more
    return form, problems


def _of_another_notice(data: FormData, profile: Profile) -> Iterator[Problem]:
    """Tables that are filled in although this notice does not ask for them."""
    asked = {"registration": profile.registration is not None}
    asked |= dict.fromkeys(("family", "history", "self_evaluation"), profile.rules is not None)
    for table, is_asked in asked.items():
        if not is_asked and getattr(data, table) != getattr(FormData(), table):
            yield Problem((table, 0), "", f"通知 {profile.id} 不需要填写这一部分，请删掉")


def _filled_in(
    data: FormData, profile: Profile, rules: FormRules, today: date, folder: Path
) -> tuple[Form, list[Problem]]:
    family = {place: entry for place, entry in enumerate(data.family) if not entry.is_blank}
    history = {place: entry for place, entry in enumerate(data.history) if not entry.is_blank}
    text, problems = _evaluation(data.self_evaluation, folder, rules)
    problems += [
        problem for place, entry in family.items() for problem in _relative(place, entry, rules, today)
    ]
    problems += _twice(family)
    problems += history_problems(history, profile.school, rules.history, today)
    return Form(tuple(family.values()), tuple(history.values()), text), problems


def _evaluation(given: SelfEvaluation, folder: Path, rules: FormRules) -> tuple[str, list[Problem]]:
    where, least = ("self_evaluation", 0), rules.self_evaluation.least_characters
    if given.text and given.file:
        return "", [Problem(where, "file", "text 和 file 只能填一个")]
    text = given.text
    if given.file:
        try:
            text = (folder / given.file).read_text("utf-8-sig").strip()
        except (OSError, UnicodeDecodeError):
            return "", [
                Problem(where, "file", "这个文件打不开，或不是 UTF-8 编码的文本", 'file = "自我评价.txt"')
            ]
    said = characters(text)
    if 0 < said < least or (given.file and not said):
        what = f"不少于 {least} 字（标点算、空格和换行不算），现在是 {said} 字"
        return text, [Problem(where, "file" if given.file else "text", what)]
    return text, []


def _relative(place: int, entry: Relative, rules: FormRules, today: date) -> Iterator[Problem]:
    where = ("family", place)
    for field in ("relation", "name", "phone"):
        if not getattr(entry, field):
            yield Problem(where, field, "不能为空", EXAMPLES[field])
    if entry.relation and entry.relation not in rules.family.relations:
        yield Problem(where, "relation", f"只填{'、'.join(rules.family.relations)}", EXAMPLES["relation"])
    if entry.phone and not _PHONE.fullmatch(entry.phone):
        yield Problem(where, "phone", "应该是电话号码", EXAMPLES["phone"])
    if entry.age and not (entry.age.isdecimal() and 0 < int(entry.age) <= _OLDEST):
        yield Problem(where, "age", "应该是周岁，一个整数", EXAMPLES["age"])
    if entry.document_number and not entry.document_type:
        yield Problem(where, "document_type", "填了证件号码就要填证件类型", 'document_type = "居民身份证"')
    if entry.document_number and entry.document_type:
        read = identity.parse(entry.document_number, entry.document_type, today=today)
        if not read.valid:
            yield Problem(where, "document_number", f"请对照证件改正：{read.problems[0].rstrip('。')}")


def _twice(family: Mapping[int, Relative]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for place, entry in family.items():
        who = (key(entry.relation), key(entry.name))
        if entry.name and who in seen:
            yield Problem(("family", place), "name", "同一个人填了两次，请删掉一条")
        seen.add(who)


def history_problems(
    history: Mapping[int, Stay], school: str, rule: HistoryRule, today: date
) -> list[Problem]:
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
        what = "要从高中填起，从单位名称看不出是高中阶段；是的话请加一行 stage"
        problems.append(Problem(("history", first_place), "place", what, EXAMPLES["stage"]))
    problems += _order(entries)
    problems += _repeated(entries)
    problems += gaps(entries, rule.largest_gap_months)
    if not any(key(school) in key(entry.place) for _, entry in entries):
        what, example = f"缺少在{school}学习的经历", f'place = "{school}"'
        problems.append(Problem(("history", last_place), "place", what, example))
    if not last.is_open:
        problems.append(Problem(("history", last_place), "end", f"最后一条要填写到{NOW}", f'end = "{NOW}"'))
    return problems


def _stay(place: int, entry: Stay, today: date) -> Iterator[Problem]:
    where, now = ("history", place), today.year * 12 + today.month - 1
    for field in ("place", "start", "end"):
        if not getattr(entry, field):
            yield Problem(where, field, "不能为空", EXAMPLES[field])
    first, last = month(entry.start), month(entry.end)
    for field, number in (("start", first), ("end", last)):
        text = getattr(entry, field)
        if text and number is None and not (field == "end" and entry.is_open):
            yield Problem(where, field, "应该写成年-月", EXAMPLES[field])
        elif number is not None and number > now:
            yield Problem(where, field, "在今天以后", EXAMPLES[field])
    if first is not None and last is not None and last < first:
        yield Problem(where, "end", "早于开始时间", EXAMPLES["end"])
    if entry.witness_phone and not _PHONE.fullmatch(entry.witness_phone):
        yield Problem(where, "witness_phone", "应该是电话号码", EXAMPLES["witness_phone"])


def _order(entries: Sequence[tuple[int, Stay]]) -> Iterator[Problem]:
    for (_, before), (place, entry) in pairwise(entries):
        if before.months and entry.months and entry.months[0] < before.months[0]:
            yield Problem(("history", place), "start", "要按时间先后排列，这一条比上一条开始得早")


def _repeated(entries: Sequence[tuple[int, Stay]]) -> Iterator[Problem]:
    seen: set[tuple[str, int | None]] = set()
    for place, entry in entries:
        what = (key(entry.place), month(entry.start))
        if what in seen:
            yield Problem(("history", place), "place", "同一段经历填了两次，请删掉一条")
        seen.add(what)


def gaps(entries: Sequence[tuple[int, Stay]], largest: int) -> Iterator[Problem]:
    """Yield a problem for each stretch of more than ``largest`` whole months that no entry covers."""
    until: int | None = None
    before = ""
    for place, entry in sorted(entries, key=lambda pair: month(pair[1].start) or 0):
        first, last = entry.months or (0, None)
        if until is not None and first - until - 1 > largest:
            missing = f"{month_text(until + 1)} 至 {month_text(first - 1)}"
            what = f"{missing} 没有履历（在“{before}”之后、“{entry.place}”之前）"
            example = f'加一条 start = "{month_text(until + 1)}"，待业也要写上'
            yield Problem(("history", place), "start", what, example)
        if last is None:
            return
        if until is None or last > until:
            until, before = last, entry.place


# -- the template ----------------------------------------------------------------------------------------------------------


def template(profile: Profile) -> str:
    """Return a commented form to fill in, with the notice's rules in its comments."""
    _require_a_form(profile)
    parts = [_blank_entries(profile, profile.rules)] if profile.rules else []
    return "\n\n".join(
        [*parts, *([_blank_statement(profile, profile.registration)] if profile.registration else [])]
    )


def _blank_statement(profile: Profile, rules: RegistrationRules) -> str:
    return statement.TEMPLATE.read_text("utf-8").format(
        id=profile.id,
        title=profile.title,
        documents="；".join(f"{rule.who}填{rule.says}" for rule in rules.documents),
        parties="、".join(rules.parties),
    )


def _blank_entries(profile: Profile, rules: FormRules) -> str:
    return TEMPLATE.read_text("utf-8").format(
        title=profile.title,
        school=profile.school,
        relations="、".join(rules.family.relations),
        gap=rules.history.largest_gap_months,
        least=rules.self_evaluation.least_characters,
    )


def write_template(path: Path, profile: Profile) -> None:
    """Write the template to a new file that only its owner can read.

    Raises:
        UsageError: There is such a file already, or it cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    except FileExistsError:
        raise UsageError(f"{path} 已经存在，没有覆盖它。", "请换一个文件名，或直接编辑它。") from None
    except OSError as error:
        raise UsageError(f"{path} 写不了：{error.strerror}。", "请换一个可写的文件夹。") from None
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(template(profile))

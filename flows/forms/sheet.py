"""What students fill in, as a page shows it: the same model and rules as ``form.toml``, which it reads and writes."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from agent.console.ports import Entries, SheetCheck, SheetField, SheetPart, SheetProblem
from agent.errors import UsageError
from agent.files.text_files import decoded, lost_character, parse_toml
from flows.forms import model, registration
from flows.forms.base import FormProblem
from flows.forms.model import LABELS, NOW, OPEN, FormData, characters, month, month_text
from flows.forms.rules import checked
from flows.forms.shown_entries import shown_entries
from flows.forms.toml_file import FILE_NAME, Lines, examine_data
from flows.profiles.schema import FormRules, Profile, RegistrationRules

TOPICS = "政治思想表现、个人品德、学习态度、学习收获与心得"
DOCUMENTS = ("居民身份证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "护照")
PARTIES = ("群众", "共青团员", "中共预备党员", "中共党员")
FIRST_RELATIVES = 2
FIRST_STAYS = 3
YES = "yes"


class ProfileSheets:
    """The sheets of the notices (``agent.console.ports.FormSheets``).

    Args:
        profiles: Reads a notice.
        today: Returns the day of a notice on which no time may lie after.
    """

    def __init__(self, profiles: Callable[[str], Profile], today: Callable[[Profile], date]) -> None:
        self._profiles, self._today = profiles, today

    def parts(self, profile: str) -> Sequence[SheetPart]:
        """Return the parts of a notice's sheet; none where it asks students to fill nothing in."""
        loaded = self._profiles(profile)
        entries = _entry_parts(loaded, loaded.rules) if loaded.rules else []
        return [*entries, *([_statement_part(loaded.registration)] if loaded.registration else [])]

    def read(self, profile: str, data: bytes) -> Entries:
        """Return what a file holds; raises ``UsageError`` where it cannot be read, or a part of it would be left out."""
        text = decoded(data, FILE_NAME)
        found, problems = examine_data(parse_toml(text, FILE_NAME))
        lines = Lines(text)
        said = [lines.said(problem) for problem in (*problems, *_not_on_a_page(found))]
        if said:
            raise UsageError(
                f"{FILE_NAME} 里有 {len(said)} 处读不进来：{'；'.join(said)}。",
                "请在文件里改好再读入，或直接在这一页填写。",
            )
        return {part.id: _rows_of(found, part) for part in self.parts(profile)}

    def kept(self, profile: str, data: bytes) -> Entries:
        """Return a draft as ``write`` wrote it, with whatever is still wrong in it; raises ``UsageError`` where somebody changed it."""
        try:
            raw = tomllib.loads(data.decode("utf-8"))
        except (ValueError, RecursionError):
            raise UsageError(f"{FILE_NAME} 的写法不对。", "请重新填写。") from None
        found, _ = examine_data(raw)
        return {part.id: _rows_of(found, part) for part in self.parts(profile)}

    def shown(self, profile: str, folder: Path) -> Entries:
        """Return the rows that the platform has already shown, as the last reading kept them in a case folder; by part."""
        kept = shown_entries(folder)
        return {
            part.id: [
                {field.name: _text(field, row.get(field.name, "")) for field in part.fields}
                for row in kept[part.id]
            ]
            for part in self.parts(profile)
            if part.row and kept.get(part.id)
        }

    def check(self, profile: str, entries: Entries) -> SheetCheck:
        """Hold what was filled in against the notice's rules."""
        loaded = self._profiles(profile)
        data = _form_data(entries, self.parts(profile))
        _, problems = checked(data, loaded, self._today(loaded), Path())
        lost = list(_lost_characters(entries))
        found = [SheetProblem(*problem.where, problem.field, problem.what) for problem in problems]
        text = entries.get("self_evaluation", [{}])[0].get("text", "")
        least = loaded.rules.self_evaluation.least_characters if loaded.rules else 0
        counts = {("self_evaluation", 0, "text"): characters(text)} if loaded.rules else {}
        return SheetCheck([*lost, *found], counts, least, is_blank=_is_blank(data))

    def write(self, profile: str, entries: Entries) -> bytes:
        """Return the file that holds it, for ``--form`` and for another day."""
        lines = [f"# {self._profiles(profile).title}"]
        for part in self.parts(profile):
            for row in entries.get(part.id, ()):
                lines += ["", f"[[{part.id}]]" if part.row else f"[{part.id}]"]
                lines += [f"{field.name} = {_literal(field, row)}" for field in part.fields]
        return ("\n".join(lines) + "\n").encode()


def _entry_parts(profile: Profile, rules: FormRules) -> list[SheetPart]:
    gap, least = rules.history.largest_gap_months, rules.self_evaluation.least_characters
    relations = rules.family.relations
    family = SheetPart(
        "family",
        LABELS["family"],
        (f"自愿填写，只填{'、'.join(relations)}。平台上已经有的不会重复添加。",),
        tuple(_relative_field(name, relations) for name in model.FamilyMember.model_fields),
        row="家庭成员",
        begins=tuple({"relation": relation} for relation in relations[:FIRST_RELATIVES]),
    )
    history = SheetPart(
        "history",
        "过往履历",
        (
            f"从高中填到现在，按时间先后，一条接一条，中间空着的时间不能超过 {gap} 个月（待业也写一条）。",
            f"要有在{profile.school}学习的一条；最后一条的结束时间是{NOW}。平台上已经有的也请写全，不会重复添加。",
        ),
        tuple(map(_stay_field, dict.fromkeys(("place", "stage", *model.HistoryEntry.model_fields)))),
        row="履历",
        begins=({},) * FIRST_STAYS,
        required=True,
    )
    evaluation = SheetPart(
        "self_evaluation",
        LABELS["self_evaluation"],
        (
            f"从{TOPICS}等方面写，不少于 {least} 字（标点算、空格和换行不算）。要真实、客观，由本人负责。",
            "提交后不可更改，会进入毕业档案；程序提交前会把全文给你看，并要你亲手输入确认的话。",
        ),
        (SheetField("text", "自我评价", "long"),),
        required=True,
    )
    return [family, history, evaluation]


def _relative_field(name: str, relations: Sequence[str]) -> SheetField:
    required = name in ("relation", "name", "phone")
    if name == "relation":
        return SheetField(name, LABELS[name], "choice", required, tuple(relations))
    suggested = {"document_type": DOCUMENTS, "party": PARTIES}.get(name, ())
    return SheetField(name, LABELS[name], "text", required, suggested, "周岁" if name == "age" else "")


def _stay_field(name: str) -> SheetField:
    if name in ("start", "end"):
        return SheetField(name, LABELS[name], "month", True, now=NOW if name == "end" else "")
    hint = "单位名称看不出是高中阶段的，写：高中" if name == "stage" else ""
    return SheetField(name, LABELS[name], "text", name == "place", hint=hint)


def _statement_part(rules: RegistrationRules) -> SheetPart:
    flags = ("party_confirmed", "photo_replaced")
    names = [name for name in registration.RegistrationStatement.model_fields if name != "latest_photo"]
    return SheetPart(
        registration.TABLE,
        registration.LABELS[registration.TABLE],
        (
            "注册系统里哪一项不对，就在这里写上正确的内容；对的和不清楚的都空着。",
            "也可以先不填：办理时会把读到的每一项列出来，由你逐项选“对”或“不对”。",
        ),
        tuple(
            SheetField(
                name,
                registration.LABELS[name],
                "flag" if name in flags else "choice" if name == "party" else "text",
                options=tuple(rules.parties) if name == "party" else (),
            )
            for name in names
        ),
    )


def _rows_of(data: FormData, part: SheetPart) -> list[dict[str, str]]:
    """The rows of a part as texts; a part that the file leaves out begins as a blank sheet does."""
    table = getattr(data, part.id)
    rows = list(table) if part.row else [table]
    texts = [{field.name: _text(field, getattr(row, field.name)) for field in part.fields} for row in rows]
    return texts or [dict(row) for row in part.begins]


def _not_on_a_page(data: FormData) -> Iterator[FormProblem]:
    """What a file may name and a page has no place for."""
    if data.self_evaluation.file:
        yield FormProblem(
            ("self_evaluation", 0), "file", "网页上不能用另一个文件，请把文字贴到自我评价里，去掉这一行"
        )
    if data.registration.latest_photo:
        yield FormProblem((registration.TABLE, 0), "latest_photo", "网页上不能给照片文件，请去掉这一行")


def _text(field: SheetField, value: str | bool) -> str:
    if isinstance(value, bool):
        return YES if value else ""
    if field.kind != "month":
        return value
    number = month(value)
    is_open = field.now and value in OPEN
    return month_text(number) if number is not None else NOW if is_open else value


def _form_data(entries: Entries, parts: Sequence[SheetPart]) -> FormData:
    raw: dict[str, Any] = {}
    for part in parts:
        rows = [
            {field.name: _value(field, row) for field in part.fields} for row in entries.get(part.id, ({},))
        ]
        raw[part.id] = rows if part.row else rows[0]
    return FormData.model_validate(raw)


def _value(field: SheetField, row: Mapping[str, str]) -> str | bool:
    text = row.get(field.name, "")
    return text == YES if field.kind == "flag" else text


def _is_blank(data: FormData) -> bool:
    rows = [*(row.is_blank for row in data.family), *(row.is_blank for row in data.history)]
    return all(rows) and not data.self_evaluation.text and not data.registration.summary()


def _lost_characters(entries: Entries) -> Iterator[SheetProblem]:
    for part, rows in entries.items():
        for number, row in enumerate(rows):
            for name, text in row.items():
                if said := lost_character(text):
                    yield SheetProblem(part, number, name, said)


def _literal(field: SheetField, row: Mapping[str, str]) -> str:
    """A TOML value: JSON's strings are basic strings of TOML too, but for one character that TOML wants escaped."""
    value = _value(field, row)
    if not isinstance(value, str):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

"""``form.toml``: its template, and reading one with every problem found at once, each with its line.

Nothing here needs a browser; a form with a problem is refused before any site is opened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from agent.errors import UsageError
from agent.files.system_errors import os_reason
from agent.files.text_files import parse_toml, read_text
from agent.settings import reason
from flows.forms import registration
from flows.forms.base import FormProblem, FormTable
from flows.forms.model import EXAMPLES, LABELS, EvaluationText, FamilyMember, Form, FormData, HistoryEntry
from flows.forms.registration import RegistrationStatement
from flows.forms.rules import checked, require_a_form
from flows.profiles.schema import FormRules, Profile, RegistrationRules

TEMPLATE = files("flows.forms").joinpath("form.template.toml")
FILE_NAME = "form.toml"
FILE_MODE = 0o600


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
    text = read_text(path, "文件", "用 gradsync form new 可以生成一份带说明的模板。")
    lines = Lines(text)
    raw = parse_toml(text, path.name)
    data, problems = examine_data(raw)
    form, more = checked(data, profile, today, path.parent)
    named = {(problem.where, problem.field) for problem in problems}
    more = [problem for problem in more if (problem.where, problem.field) not in named]
    found = sorted([*problems, *more], key=lines.of)
    return form, [lines.said(problem) for problem in found]


def examine_data(raw: Mapping[str, Any]) -> tuple[FormData, list[FormProblem]]:
    """Return the tables that can be used, and a problem for every key that cannot."""
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


def _of_pydantic(item: ErrorDetails) -> FormProblem:
    table, *rest = item["loc"]
    number = next((part for part in rest if isinstance(part, int)), 0)
    field = next((part for part in rest if isinstance(part, str)), "")
    known = "、".join(TABLES[str(table)].model_fields) if str(table) in TABLES else ""
    example = f"可以用 {known}" if item["type"] == "extra_forbidden" and known else EXAMPLES.get(field, "")
    return FormProblem((str(table), number), field, reason(item), example)


TABLES: dict[str, type[FormTable]] = {
    "family": FamilyMember,
    "history": HistoryEntry,
    "self_evaluation": EvaluationText,
    registration.TABLE: RegistrationStatement,
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

    def of(self, problem: FormProblem) -> int:
        """Return the line of the key, else of its table; 0 when neither stands in the file."""
        return self._at.get((*problem.where, problem.field), self._at.get((*problem.where, ""), 0))

    def said(self, problem: FormProblem) -> str:
        """Return the problem as one Chinese line."""
        table, number = problem.where
        entry = f"{LABELS.get(table, table)}{f'第 {number + 1} 条' if table in ('family', 'history') else ''}"
        field = f"“{LABELS.get(problem.field, problem.field)}”（{problem.field}）" if problem.field else ""
        line = self.of(problem)
        example = f"，例如：{problem.example}" if problem.example else ""
        return f"{f'第 {line} 行 ' if line else ''}{entry}{field}：{problem.what}{example}"


def template(profile: Profile) -> str:
    """Return a commented form to fill in, with the notice's rules in its comments."""
    require_a_form(profile)
    parts = [_blank_entries(profile, profile.rules)] if profile.rules else []
    return "\n\n".join(
        [*parts, *([_blank_statement(profile, profile.registration)] if profile.registration else [])]
    )


def _blank_statement(profile: Profile, rules: RegistrationRules) -> str:
    return registration.TEMPLATE.read_text("utf-8").format(
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
        raise UsageError(f"{path} 写不了：{os_reason(error)}。", "请换一个可写的文件夹。") from None
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(template(profile))

"""What others rely on: the report's schema, the words in it, and a command line that starts quickly."""

from __future__ import annotations

import json
import subprocess
import sys
from enum import Enum
from typing import Any, get_args

import jsonschema
import pytest
from typer.testing import CliRunner

from agent import photo
from agent.cli.app import app
from agent.engine.engine import DutyStatus
from agent.engine.steps import Status
from agent.errors import ExitStatus
from agent.reconcile import compare
from agent.report import model
from agent.snapshot import fields
from flows.job import DUTIES

CONTRACT_KEYS = {
    "schema", "outcome", "exit_status", "profile", "generated_at", "subject", "steps", "checks", "photo", "conditions",
    "grades", "duties", "next_steps", "degraded", "asks", "evidence", "audit",
}  # fmt: skip
CONTRACT_DUTIES = {
    "chsi_check", "photo", "conditions", "profile_check", "family", "history", "self_evaluation", "grades",
    "registration_check",
}  # fmt: skip
HEAVY = (
    "numpy",
    "PIL",
    "imagehash",
    "playwright",
    "pydantic",
    "starlette",
    "uvicorn",
    "jinja2",
    "rich.progress",
)


def _values(kind: type[Enum]) -> set[str]:
    return {member.value for member in kind}


def test_the_published_schema_is_the_model() -> None:
    printed = CliRunner().invoke(app, ["report", "--schema"])
    schema: dict[str, Any] = json.loads(printed.stdout)
    assert schema == json.loads(json.dumps(model.json_schema()))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == model.SCHEMA_ID
    assert schema["additionalProperties"] is False


def test_the_schema_has_every_key_of_the_contract() -> None:
    assert set(model.json_schema()["properties"]) >= CONTRACT_KEYS  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("published", "used"),
    [
        (model.DutyStatus, _values(DutyStatus)),
        (model.StepStatus, _values(Status)),
        (model.Colour, set(get_args(fields.Colour))),
        (model.CheckRow.model_fields["verdict"].annotation, _values(compare.Verdict)),
        (model.ComparisonRow.model_fields["verdict"].annotation, _values(photo.PhotoVerdict)),
        (model.FindingRow.model_fields["level"].annotation, _values(photo.Level)),
    ],
)
def test_the_report_has_a_word_for_all_that_can_be(published: object, used: set[str]) -> None:
    assert set(get_args(published)) == used


def test_duties_have_the_contracts_ids() -> None:
    assert set(DUTIES) <= CONTRACT_DUTIES


def test_exit_statuses_are_the_contracts() -> None:
    assert sorted(ExitStatus) == [0, 1, 2, 10, 11, 12, 13, 20, 21, 22, 30, 31, 32, 40]


def test_the_command_line_loads_nothing_heavy() -> None:
    """``gradsync --help`` must be quick: what a command needs is imported inside the command."""
    code = "import sys, flows.main, agent.cli.app; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert [name for name in HEAVY if name in loaded] == []

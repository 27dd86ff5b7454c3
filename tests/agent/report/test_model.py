"""report.json validates against the published schema, and a report that is wrong does not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from agent.report.model import SCHEMA_ID, Report, json_schema

from .samples import SAMPLES


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _json(name: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(SAMPLES[name]().to_json())
    return parsed


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_validates_and_reads_back(name: str, validator: Draft202012Validator) -> None:
    validator.validate(_json(name))
    assert Report.model_validate_json(SAMPLES[name]().to_json()) == SAMPLES[name]()


def test_keys_are_those_of_the_contract() -> None:
    document = _json("done")
    assert document["schema"] == SCHEMA_ID
    assert document["subject"] == {"name": "王*", "id_number": "**************4229"}
    assert document["generated_at"] == "2024-06-03T10:00:00+08:00"
    assert document["duties"][0]["deadline"] == "2024-06-11"
    assert document["conditions"]["items"][13]["status_text"] == ""
    assert document["conditions"]["items"][13]["status"] == "unknown"


def test_what_was_not_read_is_null() -> None:
    document = _json("bare")
    assert {key for key, value in document.items() if value is None} >= {
        "conditions",
        "photo",
        "grades",
        "window",
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [("outcome", "fine"), ("schema", "gradsync/report/2"), ("exit_status", "0"), ("extra", 1)],
)
def test_a_wrong_document_is_refused(key: str, value: object, validator: Draft202012Validator) -> None:
    with pytest.raises(ValidationError):
        validator.validate(_json("done") | {key: value})

"""The audit log: a chain that shows every tampering, survives a kill, and is never broken by what it records."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.case.audit_log import FILE_NAME, GENESIS, AuditLog, Head, verify
from agent.errors import UsageError
from agent.privacy.private_files import PrivateFolder
from agent.privacy.redaction import Redactor

LENGTH = 5
LINES = range(1, LENGTH + 1)


def _log(path: Path, redactor: Redactor | None = None) -> AuditLog:
    return AuditLog(PrivateFolder(path, (redactor or Redactor()).redact))


@pytest.fixture
def lines(tmp_path: Path) -> list[str]:
    """The lines of a log of five events."""
    log = _log(tmp_path)
    for number in LINES:
        log.append("step", step=f"step-{number}", seconds=0.5, detail="读取毕业条件")
    return _read(tmp_path)


def _read(path: Path) -> list[str]:
    return (path / FILE_NAME).read_text("utf-8").splitlines()


def _write(path: Path, lines: list[str]) -> None:
    (path / FILE_NAME).write_text("".join(f"{line}\n" for line in lines), "utf-8")


# -- the chain -----------------------------------------------------------------------------------------------------------


def test_no_log_is_an_empty_chain(tmp_path: Path) -> None:
    assert verify(tmp_path) == Head(0, GENESIS)


def test_the_head_is_that_of_the_file(tmp_path: Path, lines: list[str]) -> None:
    assert len(lines) == LENGTH
    assert verify(tmp_path) == Head(LENGTH, json.loads(lines[-1])["hash"])


def test_a_later_run_goes_on_from_the_head(tmp_path: Path, lines: list[str]) -> None:
    log = _log(tmp_path)
    assert log.head.records == LENGTH
    log.append("run", mode="check")
    assert verify(tmp_path) == log.head == Head(LENGTH + 1, log.head.hash)
    assert _read(tmp_path)[:LENGTH] == lines


def test_events_name_what_happened(lines: list[str]) -> None:
    record = json.loads(lines[0])
    assert (record["n"], record["event"], record["step"]) == (1, "step", "step-1")
    assert record["at"][-6] in "+-"  # with its zone


# -- tampering -----------------------------------------------------------------------------------------------------------


def _reworded(line: str) -> str:
    return line.replace("读取", "改写")


def _rehashed(line: str) -> str:
    record = json.loads(line)
    return json.dumps({**record, "hash": record["hash"][::-1]}, ensure_ascii=False)


def _without_hash(line: str) -> str:
    record = json.loads(line)
    record.pop("hash")
    return json.dumps(record, ensure_ascii=False)


def _with_a_key(line: str) -> str:
    return json.dumps({**json.loads(line), "more": 1}, ensure_ascii=False)


def _no_object(line: str) -> str:
    return "[]"


def _emptied(line: str) -> str:
    return ""


def _doubled_key(line: str) -> str:
    return line.replace('{"n"', '{"event": "nothing", "n"')


@pytest.mark.parametrize("number", LINES)
@pytest.mark.parametrize(
    "tamper",
    [
        _reworded,
        _rehashed,
        _without_hash,
        _with_a_key,
        _no_object,
        _emptied,
        _doubled_key,
    ],
)
def test_a_changed_line_is_named(
    tamper: Callable[[str], str], number: int, tmp_path: Path, lines: list[str]
) -> None:
    lines[number - 1] = tamper(lines[number - 1])
    _write(tmp_path, lines)
    with pytest.raises(UsageError, match=f"第 {number} 行"):
        verify(tmp_path)


@pytest.mark.parametrize("number", LINES[:-1])
def test_a_line_taken_out_is_noticed(number: int, tmp_path: Path, lines: list[str]) -> None:
    _write(tmp_path, lines[: number - 1] + lines[number:])
    with pytest.raises(UsageError, match=f"第 {number} 行"):
        verify(tmp_path)


@pytest.mark.parametrize("number", LINES)
def test_a_line_put_in_twice_is_noticed(number: int, tmp_path: Path, lines: list[str]) -> None:
    _write(tmp_path, lines[:number] + lines[number - 1 :])
    with pytest.raises(UsageError, match=f"第 {number + 1} 行"):
        verify(tmp_path)


def test_lines_changed_about_are_noticed(tmp_path: Path, lines: list[str]) -> None:
    _write(tmp_path, [lines[1], lines[0], *lines[2:]])
    with pytest.raises(UsageError, match="第 1 行"):
        verify(tmp_path)


def test_a_tail_cut_off_gives_another_head_than_the_reports(tmp_path: Path, lines: list[str]) -> None:
    """A shorter chain is whole in itself; that is why the report carries the head."""
    before = verify(tmp_path)
    _write(tmp_path, lines[:-1])
    assert verify(tmp_path) != before


def test_a_tampered_log_is_not_gone_on_with(tmp_path: Path, lines: list[str]) -> None:
    _write(tmp_path, [_reworded(lines[0]), *lines[1:]])
    with pytest.raises(UsageError):
        _log(tmp_path)


@given(data=st.data())
def test_no_byte_can_be_changed_unseen(data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        log = _log(folder)
        for number in range(3):
            log.append("step", step=str(number), detail="x")
        raw = bytearray((folder / FILE_NAME).read_bytes())
        place = data.draw(st.integers(0, len(raw) - 2))  # the last is the new line that ends the last record
        raw[place] = data.draw(st.integers(9, 126).filter(lambda byte: byte != raw[place]))
        (folder / FILE_NAME).write_bytes(raw)
        with pytest.raises(UsageError):
            verify(folder)


# -- a kill in the middle of a line --------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", [1, 40, -1])
def test_a_torn_last_line_is_dropped_and_the_chain_goes_on(
    keep: int, tmp_path: Path, lines: list[str]
) -> None:
    whole = (tmp_path / FILE_NAME).read_bytes()
    (tmp_path / FILE_NAME).write_bytes(whole + whole.splitlines()[-1][:keep])
    log = _log(tmp_path)
    log.append("run", mode="run")
    assert verify(tmp_path).records == LENGTH + 1


def test_a_torn_first_line_leaves_an_empty_chain(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"n": 1, "ev')
    assert _log(tmp_path).head == Head(0, GENESIS)


# -- what is recorded ----------------------------------------------------------------------------------------------------


def test_secrets_are_redacted_and_the_chain_holds(tmp_path: Path) -> None:
    redactor = Redactor()
    redactor.add_secret("Kx9#canary")
    redactor.add_number("610000199603164229")
    log = _log(tmp_path, redactor)
    log.append("step", detail="密码 Kx9#canary，证件 610000199603164229")
    text = (tmp_path / FILE_NAME).read_text("utf-8")
    assert "Kx9#canary" not in text
    assert "610000199603164229" not in text
    assert verify(tmp_path) == log.head


_DETAIL = st.text() | st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_PRINTED = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="=:\"'"))


@given(st.lists(_PRINTED, max_size=4))
def test_the_chain_holds_whatever_plain_words_are_recorded(details: list[str]) -> None:
    with TemporaryDirectory() as name:
        log = _log(Path(name))
        for detail in details:
            log.append("step", detail=detail)
        assert verify(Path(name)) == log.head


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_a_separator_inside_a_text_is_no_new_line(mark: str, tmp_path: Path) -> None:
    log = _log(tmp_path)
    log.append("step", detail=f"上传{mark}失败")
    assert verify(tmp_path) == log.head


@pytest.mark.parametrize("detail", ["token=", "password:", "ticket =", 'x secret="'])
def test_a_text_that_looks_like_a_secret_does_not_break_the_chain(detail: str, tmp_path: Path) -> None:
    log = _log(tmp_path)
    log.append("step", detail=detail)
    assert verify(tmp_path) == log.head


def test_a_secret_that_is_a_word_of_json_does_not_break_the_chain(tmp_path: Path) -> None:
    redactor = Redactor()
    redactor.add_secret("null")
    log = _log(tmp_path, redactor)
    log.append("end", trouble=None)
    assert verify(tmp_path) == log.head

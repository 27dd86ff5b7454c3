"""The receipt: what it says, what it does not, and what makes it void."""

from __future__ import annotations

import hashlib
import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.consent import Action, Receipt, Register, Sensitive, Tick, load, withdraw
from agent.consent.receipt import issue
from agent.consent.receipt_page import lines, render
from agent.consent.registry import to_bytes
from agent.consent.statements import ACTIONS, SEPARATE
from agent.errors import ConsentExpired, ConsentWithdrawn, OutsideConsent, SomebodyElse, UsageError
from tests.harness.cases import NUMBER
from tests.harness.consents import EVERYTHING, HELPER, NOW, WEEK, Clock, gate, receipt

OTHER = "61000019940518531X"
READ = frozenset[Tick]({Action.READ_CHSI, Sensitive.ID_NUMBER})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A receipt on the disk."""
    (tmp_path / "consent.json").write_bytes(to_bytes(receipt()))
    return tmp_path / "consent.json"


# -- what it says --------------------------------------------------------------------------------------------------------


def test_every_tick_is_put_to_the_student_in_words() -> None:
    assert set(ACTIONS) == set(Action)
    assert set(SEPARATE) == set(Sensitive)


_TICKS = st.sets(st.sampled_from(sorted(Action)), min_size=1).flatmap(
    lambda actions: st.builds(
        lambda number: frozenset[Tick](
            {
                *actions,
                *({Sensitive.FACE_COMPARISON} if Action.COMPARE_FACES in actions else set()),
                *({Sensitive.ID_NUMBER} if number else set()),
            }
        ),
        st.booleans(),
    )
)


@settings(max_examples=15)
@given(ticks=_TICKS)
def test_a_receipt_read_back_is_the_same(
    ticks: frozenset[Tick], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("receipt") / "consent.json"
    written = receipt(ticks)
    path.write_bytes(to_bytes(written))
    assert load(path) == load(path.parent) == written
    assert written.ticks == ticks


def test_it_names_who_for_what_how_long_and_how_to_withdraw() -> None:
    data = json.loads(to_bytes(receipt()))
    assert data["party_identification"] == {
        "party_role": "pii_controller",
        "party_name": "李老师（教学点）",
        "party_contact": "029-00000000",
    }
    assert (data["pii_principal"]["name"], data["pii_principal"]["id_number"]) == ("王*", "*" * 14 + "4229")
    terms = data["pii_processing"]
    assert [row["action"] for row in terms["purposes"]] == list(Action)
    assert [row["item"] for row in terms["separate_consents"]] == list(Sensitive)
    for word in ("gradsync consent withdraw", "撤回"):
        assert word in terms["withdrawal_method"]
    assert (data["shaped_on"], data["schema"]) == ("ISO/IEC TS 27560:2023", "gradsync/consent/1")


def test_neither_the_number_nor_the_name_nor_a_quick_digest_of_them_stands_there() -> None:
    text = to_bytes(receipt()).decode() + render(receipt()) + "".join(lines(receipt()))
    salt = receipt().pii_principal.binding.salt
    quick = [hashlib.sha256(f"{part}{NUMBER}".encode()).hexdigest() for part in ("", salt)]
    assert [secret for secret in (NUMBER, "王岚", "19960316", *quick) if secret in text] == []


def test_two_receipts_of_one_student_have_nothing_in_common_to_find_them_by() -> None:
    one, other = receipt().pii_principal.binding, receipt().pii_principal.binding
    assert one.digest != other.digest
    assert one.fits(NUMBER)
    assert other.fits(f" {NUMBER.lower()} ")
    assert not one.fits(OTHER)


def test_what_was_read_is_kept_at_least_as_long_as_the_consent_holds() -> None:
    short = receipt(valid=WEEK, keep=timedelta(days=1))
    assert short.delete_after == short.valid_until == NOW + WEEK


# -- what cannot be consented to -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["", "12345", "610000199603164228", "6100**********4229", "王岚"])
def test_a_wrong_number_is_refused_and_not_repeated(number: str) -> None:
    with pytest.raises(UsageError) as caught:
        issue("王岚", number, HELPER, EVERYTHING, NOW, WEEK, WEEK)
    assert not number or number not in caught.value.message


@pytest.mark.parametrize(("number", "fits"), [("610000201006035429", True), ("610000201006045424", False)])
def test_nobody_under_14_can_consent_alone(number: str, fits: bool) -> None:
    """PIPL art. 31; the two were born 14 years before that day and a day later."""
    if fits:
        issue("王岚", number, HELPER, EVERYTHING, NOW, WEEK, WEEK)
        return
    with pytest.raises(UsageError, match="十四"):
        issue("王岚", number, HELPER, EVERYTHING, NOW, WEEK, WEEK)


@pytest.mark.parametrize("ticks", [READ | {Action.COMPARE_FACES}, READ | {Sensitive.FACE_COMPARISON}])
def test_faces_take_a_consent_of_their_own(ticks: frozenset[Tick]) -> None:
    with pytest.raises(UsageError, match="单独"):
        receipt(ticks)


def test_no_action_is_no_consent() -> None:
    with pytest.raises(UsageError):
        receipt(frozenset({Sensitive.ID_NUMBER}))


# -- what makes it void --------------------------------------------------------------------------------------------------


def _edited(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_a_tick_added_afterwards_makes_it_void(tmp_path: Path) -> None:
    file = tmp_path / "consent.json"
    file.write_bytes(to_bytes(receipt(READ)))
    _edited(file, '"given": false', '"given": true')
    with pytest.raises(UsageError, match="改动"):
        load(file)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"schema": "gradsync/consent/2"}'])
def test_another_file_is_no_receipt(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "consent.json").write_bytes(data)
    with pytest.raises(UsageError, match=r"consent\.json"):
        load(tmp_path)


def test_a_missing_receipt_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"mine\.json"):
        load(tmp_path / "mine.json")


# -- withdrawal ----------------------------------------------------------------------------------------------------------


def test_a_withdrawal_is_written_into_the_receipt_and_leaves_its_terms(file: Path, tmp_path: Path) -> None:
    before = load(file)
    gone = withdraw(file, Register(tmp_path / "register"), NOW + timedelta(hours=1))
    assert load(file) == gone
    assert (gone.withdrawn_at, gone.digest) == (NOW + timedelta(hours=1), before.digest)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "已于" in lines(gone)[-1]
    assert "不再有效" in render(gone)


def test_withdrawing_twice_keeps_the_first_time(file: Path, tmp_path: Path) -> None:
    register = Register(tmp_path / "register")
    withdraw(file, register, NOW)
    assert withdraw(file, register, NOW + WEEK).withdrawn_at == NOW


def test_a_copy_made_before_is_withdrawn_too(file: Path, tmp_path: Path) -> None:
    door = gate(tmp_path)
    file.write_bytes(to_bytes(door.receipt))
    door.check("chsi.sign_in", "read")
    withdraw(file, door.register, NOW)
    with pytest.raises(ConsentWithdrawn):
        door.check("chsi.sign_in", "read")


def test_a_receipt_with_its_withdrawal_in_it_opens_nothing(tmp_path: Path) -> None:
    door = gate(tmp_path)
    door.receipt = door.receipt.withdrawn(NOW)
    with pytest.raises(ConsentWithdrawn):
        door.require_valid()


def test_the_register_forgets_cases_that_hold_no_consent_any_more(tmp_path: Path) -> None:
    register, case = Register(tmp_path / "register"), tmp_path / "case"
    case.mkdir()
    (case / "consent.json").write_bytes(to_bytes(receipt()))
    register.add_case(case)
    register.add_case(case)
    assert list(register.cases()) == [case]
    (case / "consent.json").unlink()
    assert list(register.cases()) == []
    assert not any((tmp_path / "register" / "cases").iterdir())


# -- the gate ------------------------------------------------------------------------------------------------------------


def test_time_runs_out(tmp_path: Path) -> None:
    clock = Clock()
    door = gate(tmp_path, clock=clock)
    clock.now = NOW + WEEK - timedelta(seconds=1)
    door.require_valid()
    clock.now = NOW + WEEK
    with pytest.raises(ConsentExpired):
        door.require_valid()


def test_a_step_without_a_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutsideConsent, match=r"chaoxing\.exam\.enter"):
        gate(tmp_path).check("chaoxing.exam.enter", "write")


def test_nothing_is_written_before_it_is_known_whose_account_it_is(tmp_path: Path) -> None:
    door = gate(tmp_path)
    door.check("chaoxing.photo.look", "read")
    with pytest.raises(OutsideConsent, match="登录"):
        door.check("chaoxing.photo.upload", "write")
    door.belongs_to("6100**********4229")
    with pytest.raises(OutsideConsent, match="登录"):
        door.check("chaoxing.photo.upload", "write")
    door.belongs_to(NUMBER)
    door.check("chaoxing.photo.upload", "write")


def test_another_students_number_is_refused(tmp_path: Path) -> None:
    door = gate(tmp_path)
    with pytest.raises(SomebodyElse) as caught:
        door.belongs_to(OTHER)
    assert OTHER not in caught.value.message


def test_the_refusal_names_what_was_not_consented_to(tmp_path: Path) -> None:
    with pytest.raises(OutsideConsent, match="保存学历照片"):
        gate(tmp_path, READ).check("chsi.photo.save", "read")


# -- the page ------------------------------------------------------------------------------------------------------------


def test_the_page_asks_for_nothing_from_outside_and_has_every_item() -> None:
    page = render(receipt(READ))
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("☑") == 2
    assert page.count("☐") == len(Action) + len(Sensitive) - 2


def test_what_a_helper_is_called_is_no_markup() -> None:
    helper = HELPER.model_copy(update={"party_name": "<script>alert(1)</script>"})
    made = issue("王岚", NUMBER, helper, READ, NOW, WEEK, WEEK)
    assert "<script" not in render(made)
    assert isinstance(made, Receipt)

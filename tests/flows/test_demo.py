"""Whom one may rehearse with on the console, and where a rehearsal leads."""

from __future__ import annotations

from agent.settings import load as load_settings
from fixtures.server import MockSites
from flows.demo import WHAT, students_at
from flows.profiles.schema import load


def test_every_student_on_offer_is_there(sites: MockSites) -> None:
    assert [row.id for row in students_at(sites)] == list(WHAT)


def test_somebody_who_signs_in_by_hand_is_given_no_password(sites: MockSites) -> None:
    student = students_at(sites)[0]
    by_hand, given = (load_settings(student.overrides(hand)).sites for hand in (True, False))
    for site in (by_hand.of("chsi"), by_hand.of("chaoxing")):
        assert all(address.startswith("http://127.0.0.1:") for address in site.addresses)
        assert (site.username, site.password) == (None, None)
    assert given.of("chsi").addresses == by_hand.of("chsi").addresses
    password = given.of("chsi").password
    assert password
    shown = {account.site: account for account in student.accounts}
    assert shown["chsi"].password == password.get_secret_value()


def test_a_rehearsal_is_inside_the_window(sites: MockSites) -> None:
    window, day = load("xjtu-2024-07").window, students_at(sites)[0].today
    assert window
    assert day
    assert window.state(day) == "open"

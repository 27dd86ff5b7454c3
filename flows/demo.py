"""Demo at the mock sites: whom one may be there, and the settings that lead there."""

from __future__ import annotations

from collections.abc import Mapping

from agent.console.ports import Account, DemoStudent
from fixtures.people.everybody import BY_ID
from fixtures.people.students import Credentials, Student
from fixtures.server import MockSites
from flows.profiles.schema import load

WHAT: Mapping[str, str] = {
    "s01": "照片还没有上传，毕业条件没有全部达到",
    "s10": "学信网会要求输入验证码，要自己在窗口里输入",
    "s14": "学信网上有两个学籍，一个已经毕业",
    "s04": "学信网上还没有学历照片",
    "s05": "照片已经上传过，不用再传",
    "s15": "两个网站上的信息有几处不一样",
    "s06": "平台不接受照片",
    "l02": "注册系统的专业和出生日期不对",
    "l03": "已成为预备党员，注册系统还是共青团员",
}
"""The invented students to choose from, each with what is special about them; the first one is ordinary."""
NOTICES: Mapping[str, str] = {"s": "xjtu-2024-07", "l": "lzu-2024"}
"""The notice that is for a student, by the first letter of the student's id."""


def students_at(sites: MockSites) -> list[DemoStudent]:
    """Return whom one may rehearse with at mock sites that are running."""
    return [_practised(BY_ID[name], what, sites) for name, what in WHAT.items()]


def _practised(student: Student, what: str, sites: MockSites) -> DemoStudent:
    known = student.credentials
    profile = NOTICES[student.student[0]]
    return DemoStudent(
        student.student,
        profile,
        student.name,
        student.id_number,
        what,
        tuple(Account(site, pair.username, pair.password) for site, pair in known.items()),
        load(profile).practice_day,
        lambda by_hand: {"sites": mock_settings(sites, {} if by_hand else known), "answers": None},
    )


def mock_settings(sites: MockSites, credentials: Mapping[str, Credentials]) -> dict[str, dict[str, str]]:
    """Return the settings that lead to mock sites.

    Args:
        sites: Those that are running.
        credentials: What a student signs in with, by site; nothing for one who signs in by hand.
    """
    given = sites.addresses
    addresses = {
        "chsi": {"login_url": given.chsi_login, "archive_url": given.chsi_archive},
        "chaoxing": {"login_url": given.chaoxing_login},
        "lzu": {"portal_url": given.lzu_portal},
    }
    secrets = {
        site: {"username": pair.username, "password": pair.password} for site, pair in credentials.items()
    }
    return {site: {**urls, **secrets.get(site, {})} for site, urls in addresses.items()}

"""Everything that may stand between password and page: an ask where somebody is there, else exit 10 with the page's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import Answer, Answerer, Ask, Scripted
from agent.engine.engine import Mode
from agent.report.model import Report
from fixtures.drawing.captcha import ANSWERS
from fixtures.people.everybody import BY_ID
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from fixtures.sites.sign_in import CODE, PAGES
from flows.profiles.schema import load as load_profile
from tests.harness.program import run_job, site_settings

AFTER_PASSWORD = [name for name in PAGES if name != "qr_only"]
CODES = [name for name in AFTER_PASSWORD if name.startswith("code_")]
SITE = "chaoxing"
NOTICES = {
    "chsi": ("xjtu-2024-07", "chsi_check"),
    "chaoxing": ("xjtu-2024-07", "conditions"),
    "lzu": ("lzu-2024", "registration_check"),
}
"""A notice by the site, and its duty that signs in there."""
WHO = {"chsi": STUDENTS[0], "chaoxing": STUDENTS[0], "lzu": BY_ID["l01"]}


def look(
    browser: Browser,
    sites: MockSites,
    folder: Path,
    *answerers: Answerer,
    site: str = SITE,
    patience: float = 4,
) -> Report:
    """Read what the site has for the notice, with whoever is there; as a person who comes for the first time."""
    notice, duty = NOTICES[site]
    return run_job(
        browser,
        site_settings(sites, WHO[site]),
        folder,
        mode=Mode.CHECK,
        answerers=answerers,
        only=[duty],
        patience=patience,
        profile=load_profile(notice),
    )


def passwords(sites: MockSites, site: str = SITE) -> tuple[int, int]:
    """How many passwords the site got, and how many of them it refused."""
    count = sites.world.state()["logins"][site].get(WHO[site].student, {"attempted": 0, "rejected": 0})
    return count["attempted"], count["rejected"]


def pass_elsewhere(sites: MockSites, site: str) -> None:
    """Let the person have dealt with what stands there, at every site but this one."""
    sites.world.record(WHO[site]).passed.update(other for other in NOTICES if other != site)


@dataclass
class Listening:
    """Somebody with answers written down, who keeps what they were asked."""

    answers: dict[str, str]
    told: list[str] = field(default_factory=list)

    def answer(self, ask: Ask) -> Answer | None:
        """Return the written answer."""
        if not self.expects(ask.id):
            return None
        self.told.append(ask.text)
        return Answer(self.answers[ask.id], "test")

    def expects(self, ask_id: str) -> bool:
        """True for what is written down."""
        return ask_id in self.answers


@dataclass
class Dealing(Listening):
    """Somebody at the window who deals with what the page wants.

    Args:
        browser: Where the window is.
    """

    answers: dict[str, str] = field(default_factory=lambda: {f"take-over.{SITE}": "done"})
    browser: Browser = field(kw_only=True)

    def answer(self, ask: Ask) -> Answer | None:
        """Press the page's one button."""
        if self.expects(ask.id):
            self.browser.contexts[-1].pages[0].locator("button[type=submit]").click()
        return super().answer(ask)


@pytest.mark.parametrize("site", NOTICES)
@pytest.mark.parametrize("scenario", AFTER_PASSWORD)
def test_nobody_there_ends_with_the_pages_own_words(
    browser: Browser, sites: MockSites, tmp_path: Path, scenario: str, site: str
) -> None:
    sites.world.set_scenario(scenario)
    pass_elsewhere(sites, site)
    report = look(browser, sites, tmp_path / "case", site=site)
    assert report.trouble is not None
    code = "login.code" if scenario in CODES else "site.interstitial"
    assert (report.exit_status, report.trouble.code) == (10, code), report.trouble
    assert all(words in report.trouble.said for words in PAGES[scenario])
    assert PAGES[scenario][1] in report.trouble.message
    assert passwords(sites, site) == (1, 0)


@pytest.mark.parametrize("scenario", [name for name in AFTER_PASSWORD if name not in CODES])
def test_somebody_there_deals_with_it_and_the_program_goes_on(
    browser: Browser, sites: MockSites, tmp_path: Path, scenario: str
) -> None:
    sites.world.set_scenario(scenario)
    person = Dealing(browser=browser)
    report = look(browser, sites, tmp_path / "case", person)
    assert report.exit_status == 0, report.trouble
    assert report.conditions is not None
    assert [PAGES[scenario][1] in text for text in person.told] == [True]
    assert passwords(sites) == (1, 0)


@pytest.mark.parametrize("site", NOTICES)
@pytest.mark.parametrize("scenario", CODES)
def test_a_code_is_asked_for_and_sent_once(
    browser: Browser, sites: MockSites, tmp_path: Path, scenario: str, site: str
) -> None:
    sites.world.set_scenario(scenario)
    pass_elsewhere(sites, site)
    person = Listening({f"code.{site}": CODE})
    report = look(browser, sites, tmp_path / "case", person, site=site)
    assert report.trouble is None
    assert [PAGES[scenario][1] in text for text in person.told] == [True]
    assert passwords(sites, site) == (1, 0)


@pytest.mark.parametrize("scenario", ["weak_password", "real_person_first"])
def test_what_stands_before_the_record_is_dealt_with_by_who_is_there(
    browser: Browser, sites: MockSites, tmp_path: Path, scenario: str
) -> None:
    """The account's own page says that somebody is signed in; what it wants comes with the first page of the archive."""
    sites.world.set_scenario(scenario)
    pass_elsewhere(sites, "chsi")
    person = Dealing({"take-over.chsi": "done"}, browser=browser)
    report = look(browser, sites, tmp_path / "case", person, site="chsi")
    assert report.trouble is None
    assert [PAGES[scenario][1] in text for text in person.told] == [True]
    assert passwords(sites, "chsi") == (1, 0)


def test_no_code_is_sent_for_that_the_person_does_not_want(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.set_scenario("code_sms")
    answers = Scripted({f"send-code.{SITE}": "no", f"code.{SITE}": CODE})
    report = look(browser, sites, tmp_path / "case", answers)
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (10, "site.interstitial")
    assert "请先获取验证码" in report.trouble.said


def test_a_wrong_code_is_sent_once(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    sites.world.set_scenario("code_mail")
    report = look(browser, sites, tmp_path / "case", Scripted({f"code.{SITE}": "000000"}))
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (10, "site.interstitial")
    assert "验证码错误或已失效" in report.trouble.said
    assert passwords(sites) == (1, 0)


def test_who_does_not_want_to_deal_with_it_leaves_it(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.set_scenario("unknown_page")
    report = look(browser, sites, tmp_path / "case", Scripted({f"take-over.{SITE}": "skip"}))
    assert report.exit_status == 10
    assert report.conditions is None
    assert passwords(sites) == (1, 0)


def test_a_qr_code_and_no_form_is_the_persons(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    sites.world.set_scenario("qr_only")
    report = look(browser, sites, tmp_path / "case")
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (10, "site.interstitial")
    assert PAGES["qr_only"][1] in report.trouble.said
    assert passwords(sites) == (0, 0)


def test_a_captcha_after_the_first_try_is_sent_with_the_same_password_once_more(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.set_scenario("captcha_chaoxing", "s01")
    report = look(browser, sites, tmp_path / "case", Scripted({f"captcha.{SITE}": ANSWERS[SITE]}))
    assert report.exit_status == 0, report.trouble
    assert passwords(sites) == (2, 0)


def test_a_wrong_captcha_is_not_followed_by_a_third_password(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.set_scenario("captcha_chaoxing", "s01")
    report = look(browser, sites, tmp_path / "case", Scripted({f"captcha.{SITE}": "0000"}))
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (10, "login.captcha")
    assert "验证码错误" in report.trouble.said
    assert passwords(sites) == (2, 0)


def test_nobody_there_for_a_captcha_after_the_first_try(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.set_scenario("captcha_chaoxing", "s01")
    report = look(browser, sites, tmp_path / "case")
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (10, "login.captcha")
    assert "请输入验证码" in report.trouble.message
    assert passwords(sites) == (1, 0)


def refused_with_captcha(site: str, path: str, html: str) -> str:
    """A refusal that asks for a captcha in the same breath."""
    return html.replace("用户名或密码错误", "用户名或密码错误，请输入验证码")


def test_a_refusal_that_asks_for_a_captcha_as_well_is_a_refusal(browser: Browser, tmp_path: Path) -> None:
    with MockSites(scenario="wrong_password", mutate=refused_with_captcha) as sites:
        report = look(browser, sites, tmp_path / "case", Scripted({f"captcha.{SITE}": ANSWERS[SITE]}))
        assert report.trouble is not None
        assert (report.exit_status, report.trouble.code) == (11, "login.rejected")
        assert passwords(sites) == (1, 1)


def test_a_session_that_is_lost_after_two_passwords_is_not_followed_by_a_third(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.set_scenario("captcha_chaoxing", "s01")
    sites.world.add_fault("chaoxing", "conditions", "logout")
    report = look(browser, sites, tmp_path / "case", Scripted({f"captcha.{SITE}": ANSWERS[SITE]}))
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (21, "site.session_lost")
    assert passwords(sites) == (2, 0)


def test_a_session_that_is_lost_twice_is_not_followed_by_a_third_password(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    """Signing in anew once is what is agreed; the log of the sites' requests says how often a password came."""
    sites.world.add_fault("chaoxing", "conditions", "logout", nth=0)
    report = look(browser, sites, tmp_path / "case")
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (21, "site.session_lost")
    assert passwords(sites) == (2, 0)


def with_sign_out(site: str, path: str, html: str) -> str:
    """What stands between offers to sign out, as the site's own pages do."""
    return html.replace('<main class="card">', '<a href="/logout">退出登录</a><main class="card">')


@pytest.mark.parametrize("scenario", ["code_sms", "weak_password"])
def test_a_link_to_sign_out_is_not_taken_for_the_sites_own_page(
    browser: Browser, tmp_path: Path, scenario: str
) -> None:
    with MockSites(scenario=scenario, mutate=with_sign_out) as sites:
        report = look(browser, sites, tmp_path / "case")
        assert report.exit_status == 10, report.trouble
        assert report.trouble is not None
        assert PAGES[scenario][1] in report.trouble.said

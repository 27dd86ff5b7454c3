"""The error taxonomy: every leaf has a code of its own, a remedy and a status of the contract, ranked as the rulings say."""

from __future__ import annotations

import inspect
import itertools
import re

import pytest

from agent import errors
from agent.errors import PRECEDENCE, ExitStatus, GradsyncError, gravest

CLASSES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, GradsyncError) and kind is not GradsyncError
]
RANKING = [1, 12, 11, 13, 22, 21, 20, 30, 31, 32, 10, 40, 0]
"""The contract's own order (rulings, Exit status); 2 ends a run before it begins."""

STATUS_OF = {
    "Bug": 1,
    "WorkersDied": 1,
    "UsageError": 2,
    "BrowserMissing": 2,
    "CaseBusy": 2,
    "PersonBusy": 2,
    "JournalUnusable": 2,
    "RowUnreadable": 10,
    "CaseVanished": 2,
    "LinkInCase": 2,
    "CaseTaken": 2,
    "ActionNeeded": 10,
    "NobodyThere": 10,
    "AskRefused": 10,
    "CaptchaRequired": 10,
    "CodeRequired": 10,
    "LoginByHandNeeded": 10,
    "Interstitial": 10,
    "UnforeseenQuestion": 10,
    "Covered": 10,
    "UnderReview": 10,
    "NotSent": 10,
    "IdentityUnread": 10,
    "PhotoNotYet": 10,
    "NoBatch": 10,
    "EntryRefused": 10,
    "WindowClosed": 10,
    "Interrupted": 10,
    "SignInUnclear": 10,
    "CredentialsRejected": 11,
    "SomebodyElse": 12,
    "NotTheirCase": 12,
    "ConsentMissing": 13,
    "ConsentExpired": 13,
    "ConsentWithdrawn": 13,
    "OutsideConsent": 13,
    "SiteChanged": 20,
    "SiteUnavailable": 21,
    "PersonSkipped": 10,
    "PageUnreadable": 10,
    "SessionLost": 21,
    "OriginBlocked": 22,
    "PhotoNotAcceptable": 30,
    "UploadRefused": 30,
    "PlanStale": 31,
    "WriteUnverified": 32,
}


def _example(kind: type[GradsyncError]) -> GradsyncError:
    return kind("毕业条件", "毕业要求") if issubclass(kind, errors.SiteChanged) else kind("出了点事。")


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_says_what_happened_and_what_to_do(kind: type[GradsyncError]) -> None:
    error = _example(kind)
    assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", error.code)
    assert error.message
    assert re.search(r"[\u4e00-\u9fff].*[。！]$", error.remedy), error.remedy
    assert str(error) == error.message


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_no_remedy_speaks_of_running_a_program(kind: type[GradsyncError]) -> None:
    """Whoever reads it on the page has only pressed 开始."""
    if kind is not errors.UsageError:
        assert not re.search(r"再运行|后运行|正设置", _example(kind).remedy)


def test_a_password_from_the_settings_is_put_right_where_it_was_written() -> None:
    error = errors.CredentialsRejected("没有接受。")
    assert "自己登录" in error.remedy
    assert "gradsync.toml" in error.command


def test_a_page_of_errors_is_not_waited_for_longer() -> None:
    assert "gradsync.toml" in errors.SiteUnavailable("没有响应。").command
    assert errors.SiteUnavailable("错误页面。", status=503).command == ""
    assert errors.SiteUnavailable("域名。", command="改网址").command == "改网址"


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in CLASSES]
    assert sorted(set(codes)) == sorted(codes)


def test_every_class_has_the_contracts_exit_status() -> None:
    assert {kind.__name__: int(kind.exit_status) for kind in CLASSES} == STATUS_OF


def test_a_remedy_of_its_own_outranks_the_classes() -> None:
    assert errors.NoBatch("没有批次。", "请等等。").remedy == "请等等。"


def test_what_stops_everybody_ends_the_run_and_what_stops_one_duty_does_not() -> None:
    ending = {kind.__name__ for kind in CLASSES if kind.ends_run}
    assert ending >= {
        "CredentialsRejected",
        "SomebodyElse",
        "ConsentMissing",
        "OriginBlocked",
        "Bug",
        "Interrupted",
    }
    assert ending.isdisjoint({"PhotoNotYet", "UploadRefused", "NoBatch", "SiteChanged", "WriteUnverified"})


def test_site_changed_names_page_target_and_what_was_there() -> None:
    error = errors.SiteChanged("毕业条件", "毕业要求", ("毕业", "要求"))
    for word in ("毕业条件", "毕业要求", "毕业、要求"):
        assert word in error.message
    assert "没有相近的内容" in errors.SiteChanged("毕业条件", "毕业要求").message


# -- precedence ----------------------------------------------------------------------------------------------------------


def test_precedence_ranks_every_status_once() -> None:
    assert sorted(PRECEDENCE) == sorted(ExitStatus)


@pytest.mark.parametrize(("graver", "lesser"), [*itertools.combinations(RANKING, 2)])
def test_the_graver_status_wins_in_either_order(graver: int, lesser: int) -> None:
    both = [ExitStatus(graver), ExitStatus(lesser)]
    assert gravest(both) == gravest(reversed(both)) == graver


def test_nothing_at_all_is_done() -> None:
    assert gravest([]) is ExitStatus.DONE


@pytest.mark.parametrize("said", ["用户名或密码有误", "用户名或密码有误。", "用户名或密码有误. "])
def test_what_a_site_says_is_quoted_without_its_full_stop(said: str) -> None:
    assert errors.quote(said) == "“用户名或密码有误”"

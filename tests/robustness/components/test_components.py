"""Whole runs on pages of real component libraries: a few in every run of the suite, all of them by the marker."""

from __future__ import annotations

import pytest

from tests.harness import npm_packages
from tests.robustness.components import cache
from tests.robustness.components.cases import CASES, Case
from tests.robustness.components.judge import Verdict
from tests.robustness.components.runner import TIMEOUT_SECONDS, own_command, run_case


@pytest.fixture(scope="session")
def _libraries() -> None:
    try:
        cache.libraries()
    except npm_packages.PackagesMissingError as error:
        pytest.skip(f"component pages need the libraries, which npm fetches: {error}")


def _cases() -> list[object]:
    return [
        pytest.param(case, id=case.id, marks=() if case.ordinary else pytest.mark.exhaustive)
        for case in CASES
    ]


@pytest.mark.usefixtures("_libraries")
@pytest.mark.timeout(2 * TIMEOUT_SECONDS + 60)
@pytest.mark.parametrize("case", _cases())
def test_case_on_a_real_library_is_right(case: Case) -> None:
    result = run_case(case, own_command())
    assert result.verdict is Verdict.RIGHT, result.line

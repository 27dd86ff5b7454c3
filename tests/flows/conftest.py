"""The suite runs a bounded part of the variants; the rest stands behind the ``exhaustive`` marker."""

from __future__ import annotations

import pytest

LONG = (
    "second_run_changes_nothing[chromium-in_place]",
    "second_run_changes_nothing[chromium-new_window]",
    "second_run_changes_nothing[chromium-submit_confirm]",
    "second_run_changes_nothing[chromium-drawn_selects]",
    "submitted_once_and_read_back[chromium-in_place]",
    "submitted_once_and_read_back[chromium-submit_confirm]",
    "stays_without_a_yes[chromium-None]",
    "test_a_stay_that_belongs_between_two_goes_there",
    "test_a_value_that_the_page_does_not_offer_saves_nothing",
    "test_a_check_with_a_form_changes_nothing",
    "words_submits[chromium-plan not agreed to]",
    "words_submits[chromium-nobody]",
    "never_submitted_twice[chromium-reset_before]",
    "words_confirms[chromium-yes]",
    "words_confirms[chromium-nobody]",
    "test_a_later_class_is_for_the_student_to_judge",
    "test_a_check_confirms_nothing",
    "test_a_platform_without_a_grade_page",
    "test_grades_without_a_failed_course_need_no_review",
    "test_without_the_number_nobody_is_read",
    "test_one_line_puts_it_right[chromium-学费已经结清]",
    "test_without_it_the_run_says_so[chromium-repair1",
    "test_what_is_only_different_is_done_all_the_same[chromium-in_place]",
    "test_trouble_has_its_own_end[chromium-chaoxing_down]",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the long ones, before pytest deselects by markers."""
    for item in items:
        if "tests/flows" in item.path.as_posix() and any(name in item.name for name in LONG):
            item.add_marker(pytest.mark.exhaustive)

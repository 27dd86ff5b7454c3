"""The suite runs a bounded part of the long flows; all of them stand behind the ``exhaustive`` marker."""

from __future__ import annotations

import pytest

BOUNDED = {
    "test_consented_job.py": (
        "test_with_the_students_consent_it_is_done",
        "test_without_the_tick_nothing_is_uploaded_and_the_rest_is_done",
    ),
    "test_entries.py": (
        "test_what_is_missing_is_added_once_and_a_second_run_changes_nothing[chromium-ordinary]",
    ),
    "test_grades.py": ("test_every_page_is_read_and_held_against_the_conditions",),
    "test_probe.py": ("test_a_word_that_moved_is_named_with_its_key[chromium-\\u5f53",),
    "test_profile_check.py": (
        "test_the_exact_words_confirm_once_and_a_second_run_changes_nothing[chromium-ordinary]",
        "test_what_differs_from_chsi_is_not_confirmed",
    ),
    "test_repair.py": ("test_one_line_puts_it_right[chromium-\\u8d44",),
    "test_self_evaluation.py": (
        "test_it_is_shown_whole_submitted_once_and_read_back[chromium-ordinary]",
        "test_nothing_but_plan_and_words_submits[chromium-other words]",
    ),
    "test_whole_job.py": (),
}
"""By file; a file that is not named here runs whole."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put everything outside the bounded part behind the marker, before pytest deselects by markers."""
    for item in items:
        bounded = BOUNDED.get(item.path.name) if item.path.parent.name == "flows" else None
        if bounded is not None and not item.name.startswith(bounded):
            item.add_marker(pytest.mark.exhaustive)

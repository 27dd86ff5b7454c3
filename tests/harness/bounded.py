"""Which of the long tests the suite runs: a bounded part of each, so that it stays within its ten minutes on two cores.

What is left out stands behind the ``exhaustive`` marker and is run by name: ``pytest -m exhaustive``.
"""

from __future__ import annotations

KEPT: dict[str, tuple[str, ...]] = {
    "tests/journeys/sites/test_chsi_variants.py": (
        "test_every_era",
        "test_a_record_whose_rows_come",
        "test_what_only_the_person_can_settle_stops_it[chromium-questionnaire",
        "test_what_only_the_person_can_settle_stops_it[chromium-chsi_412",
        "test_what_only_the_person_can_settle_stops_it[chromium-no_enrollment",
        "test_of_two_that_fit",
        "test_a_photo_that_was_taken",
    ),
    "tests/journeys/runs/test_consented_job.py": (
        "test_without_the_tick_nothing_is_uploaded_and_the_rest_is_done",
    ),
    "tests/journeys/duties/test_entries.py": (
        "test_what_is_missing_is_added_once_and_a_second_run_changes_nothing[chromium-ordinary]",
    ),
    "tests/journeys/duties/test_grades.py": ("test_every_page_is_read_and_held_against_the_conditions",),
    "tests/journeys/sites/test_near_miss.py": ("test_the_person_says_that_it_is_meant",),
    "tests/journeys/sites/test_person.py": (
        "test_person_signs_in_by_hand",
        "test_nobody_there_to_sign_in",
        "test_who_does_not_sign_in_in_time",
        "test_window_closed_by_the_person",
        "test_somebody_else_at_the_platform_stops_before_any_upload",
    ),
    "tests/journeys/sites/test_probe.py": ("test_a_word_that_moved_is_named_with_its_key[chromium-\\u5f53",),
    "tests/journeys/duties/test_profile_check.py": (
        "test_the_exact_words_confirm_once_and_a_second_run_changes_nothing[chromium-ordinary]",
    ),
    "tests/journeys/duties/test_registration.py": (),  # 个人信息核对 on pages not seen before does the same
    "tests/journeys/sites/test_repair.py": ("test_one_line_puts_it_right[chromium-\\u8d44",),
    "tests/journeys/sites/test_sign_in_outcomes.py": (
        *(
            f"test_nobody_there_ends_with_the_pages_own_words[chromium-{scenario}]"
            for scenario in ("code_sms", "unknown_page")
        ),
        "test_somebody_there_deals_with_it_and_the_program_goes_on[chromium-weak_password]",
        "test_a_code_is_asked_for_and_sent_once[chromium-code_sms]",
        "test_a_captcha_after_the_first_try_is_sent",
        "test_a_refusal_that_asks_for_a_captcha",
    ),
    "tests/journeys/duties/test_self_evaluation.py": (
        "test_it_is_shown_whole_submitted_once_and_read_back[chromium-ordinary]",
    ),
    "tests/journeys/runs/test_third_university.py": (),
    "tests/journeys/runs/test_trouble.py": (
        *(
            f"test_trouble_has_its_own_end[chromium-{scenario}]"
            for scenario in ("no_photo", "photo_html", "other_person", "upload_refused")
        ),
        "test_what_is_only_different_is_done_all_the_same[chromium-session_lost]",
        "test_unknown_status_word_is_quoted_and_degrades",
        "test_nothing_is_uploaded_without_a_yes[chromium-refused]",
    ),
    "tests/journeys/runs/test_two_halves.py": (),  # the command line's transcripts do the same
    "tests/journeys/runs/test_whole_job.py": (),
    "tests/robustness/unseen/test_layouts.py": (
        "test_names_and_texts_are_exact",
        "test_the_record_and_its_own_photo",
    ),
    "tests/agent/photo/test_consent.py": tuple(
        f"test_{name}"
        for name in ("off_by", "with_consent", "without_consent", "nobody", "the_ask", "a_run_with_")
    ),
    "tests/robustness/unseen/test_lzu.py": ("test_it_is_submitted_once_with_the_remark[chromium-element]",),
    "tests/robustness/unseen/test_unseen.py": (
        "test_the_whole_job[chromium-lists-frames]",
        "test_of_two_alike",
        "test_wrong_password_is_sent_once[chromium-cards]",
        "test_a_question_about_something_irreversible_is_not_answered[chromium-\\u786e\\u8ba4\\u4e0a\\u4f20\\u8be5\\u7167\\u7247\\uff0c\\u4e0a\\u4f20\\u540e\\u4e0d\\u80fd\\u518d\\u6362-spa]",
    ),
}
"""By file, how the names begin of what the suite runs of it; a file that is not named here runs whole."""


def is_left_out(path: str, name: str) -> bool:
    """True for a test that the suite leaves to the exhaustive run.

    Args:
        path: The file, from the project's root, with forward slashes.
        name: The test's name with its parameters.
    """
    kept = KEPT.get(path)
    return kept is not None and not name.startswith(kept)

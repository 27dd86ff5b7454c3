"""Which of the long tests the suite runs: a bounded part of each, so that it stays short on two cores.

What is left out stands behind the ``exhaustive`` marker and is run by name: ``pytest -m exhaustive``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

KEPT: dict[str, tuple[str, ...]] = {
    "tests/journeys/sites/test_chsi_variants.py": (
        "test_every_era_gives_the_same_facts_and_the_original_photo[chromium-chsi_captions",
        "test_a_record_whose_rows_come_one_by_one_is_read_whole[chromium-chsi_mobile]",
        "test_what_only_the_person_can_settle_stops_it[chromium-questionnaire",
        "test_what_only_the_person_can_settle_stops_it[chromium-chsi_412",
        "test_what_only_the_person_can_settle_stops_it[chromium-no_enrollment",
        "test_of_two_that_fit",
        "test_a_photo_that_was_taken",
        "test_a_stand_in",
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
        "test_somebody_else_who_signs_in_anew_at_chsi",
    ),
    "tests/journeys/sites/test_probe.py": ("test_a_word_that_moved_is_named_with_its_key[chromium-\\u5f53",),
    "tests/journeys/duties/test_number.py": (
        "test_one_wrong_digit_is_a_mismatch_and_nothing_is_written[chromium-run]",
    ),
    "tests/journeys/duties/test_profile_check.py": (
        "test_the_exact_words_confirm_once_and_a_second_run_changes_nothing[chromium-ordinary]",
    ),
    "tests/journeys/duties/test_registration.py": (),  # 个人信息核对 on pages not seen before does the same
    "tests/journeys/sites/test_read_by_eye.py": (
        "test_without_ocr_nothing_is_uploaded_for_somebody_unknown",
    ),
    "tests/journeys/sites/test_repair.py": ("test_one_line_puts_it_right[chromium-\\u8d44",),
    "tests/journeys/sites/test_sign_in_outcomes.py": (
        *(
            f"test_nobody_there_ends_with_the_pages_own_words[chromium-{scenario}]"
            for scenario in ("code_sms-chaoxing", "code_sms-chsi", "unknown_page-lzu")
        ),
        "test_somebody_there_deals_with_it_and_the_program_goes_on[chromium-weak_password]",
        "test_a_code_is_asked_for_and_sent_once[chromium-code_sms-chaoxing]",
        "test_what_stands_before_the_record_is_dealt_with_by_who_is_there[chromium-weak_password]",
        "test_a_captcha_after_the_first_try_is_sent",
        "test_a_refusal_that_asks_for_a_captcha",
    ),
    "tests/journeys/duties/test_self_evaluation.py": (
        "test_it_is_shown_whole_submitted_once_and_read_back[chromium-ordinary]",
    ),
    "tests/journeys/runs/test_third_university.py": (),
    "tests/journeys/runs/test_trouble.py": (
        *(f"test_trouble_has_its_own_end[chromium-{scenario}]" for scenario in ("no_photo", "other_person")),
        "test_unknown_status_word_is_quoted_and_degrades",
    ),
    "tests/journeys/runs/test_two_halves.py": (),  # the command line's transcripts do the same
    "tests/journeys/runs/test_whole_job.py": (),
    "tests/agent/cli/test_manners.py": (
        "test_a_mistake",
        "test_help",
        "test_the_version",
        "test_looking",
        "test_consent",
        "test_a_path",
        "test_a_cohort",
        *(f"test_any_code_page[{page}]" for page in ("flag0-cp437", "flag0-gbk", "flag1-ascii")),
        "test_a_whole_run_is_not_lost_by_its_letters[chromium-gbk]",
        "test_a_full_stream",
        "test_a_closed_stream_does_not_change_the_status[profiles --json",
        "test_a_closed_stream_does_not_change_the_status[fly-2-| true]",
    ),
    "tests/journeys/duties/test_proofread.py": ("test_the_person_clicks",),
    "tests/journeys/window/test_unread_pages.py": (
        "test_it_is_shown_veiled_and_the_other_duties_go_on[chromium-answerers0",
    ),
    "tests/journeys/console/test_whole_jobs.py": (),  # tests/agent/console/test_journeys.py has a whole job on the page
    "tests/journeys/runs/test_walk.py": ("test_a_sample_of_students[chromium-l04]",),
    "tests/journeys/window/test_take_over.py": (
        "test_the_person_leads_on_chsi",
        "test_a_page_that_nobody_knows",
    ),
    "tests/journeys/window/test_unexpected.py": ("test_they_sign_in_as_somebody_else",),
    "tests/journeys/window/test_upload_by_hand.py": (
        "test_the_person_uploads_once_and_it_is_verified[chromium-cropping]",
    ),
    "tests/agent/cli/commands/test_drawn_photo.py": (
        "test_the_file_that_came_is_kept_and_sent[width=480 height=640-an element]",
    ),
    "tests/robustness/attacks/redirects/test_redirected_runs.py": (
        "test_a_sign_in_form_is_not_redirected[chromium-chsi-307]",
        "test_a_sign_in_form_is_not_redirected[chromium-chaoxing-302]",
        "test_a_page_carries_nothing_out",
    ),
    "tests/robustness/components/test_form_pages.py": (
        "test_entries_are_filled_in_saved_once_and_read_back[chromium-history-bootstrap]",
        "test_the_evaluation_is_submitted_once_and_read_back[chromium-vant2]",
    ),
    "tests/robustness/form_controls/test_form_controls.py": (
        *(
            f"test_text_and_lists_are_given_their_values[chromium-{name}"
            for name in ("ant-design-vue", "easyui", "vant")
        ),
        *(
            f"test_an_option_that_is_not_there_is_told_with_those_that_are[chromium-{name}"
            for name in ("easyui", "element-plus")
        ),
        "test_a_month_is_chosen_or_typed[chromium-layui",
        "test_a_drawn_box_is_ticked_once_and_cleared[chromium-element-ui",
    ),
    "tests/robustness/form_controls/test_entry_groups.py": (
        "test_entries_are_saved_one_by_one_and_read_back[chromium-family-groups-element-plus-drawer]",
        "test_a_value_that_is_not_offered",
        "test_a_form_that_is_still_leaving",
    ),
    "tests/robustness/uploads/test_upload_words.py": (
        "test_a_page_that_sends_the_moment_a_file_is_chosen[chromium-base64]",
        "test_of_two_fields_in_one_place_the_one_is_meant_that_a_press_opens[chromium-\\u9009",
        "test_a_page_that_refuses_when_the_file_is_chosen[chromium-Only JPG files]",
        "test_under_review_is_waiting_and_is_not_sent_again[chromium-\\u4e0a",
        "test_what_was_uploaded_while_the_plan_was_shown_is_not_sent_again[chromium-<p>\\u7167",
        "test_a_layer_that_nobody_foresaw_is_handed_to_the_person[chromium-\\u56fe\\u7247\\u88c1",
        "test_a_stored_photo_that_comes_late_is_not_uploaded_again[chromium-once loaded]",
        "test_analytics_are_not_taken",
        "test_a_question_about_something_irreversible",
    ),
    "tests/robustness/unseen/test_layouts.py": (
        "test_names_and_texts_are_exact",
        "test_the_record_and_its_own_photo",
    ),
    "tests/agent/photo/test_consent.py": tuple(
        f"test_{name}" for name in ("off_by", "with_consent", "without_consent", "nobody", "the_ask")
    ),
    "tests/robustness/unseen/test_lzu.py": ("test_it_is_submitted_once_with_the_remark[chromium-element]",),
    "tests/robustness/unseen/test_unseen.py": (
        "test_the_whole_job[chromium-lists-frames]",
        "test_of_two_alike",
        "test_wrong_password_is_sent_once[chromium-cards]",
    ),
}
"""By file, how the names begin of what the suite runs of it; a file that is not named here runs whole."""


CASES: dict[str, int] = {
    **dict.fromkeys(
        (
            "tests/agent/browser/controls/test_popups.py",
            "tests/agent/browser/frames/test_page_activity.py",
            "tests/agent/browser/test_image_kinds.py",
            "tests/agent/browser/test_launcher.py",
            "tests/agent/browser/test_layers.py",
            "tests/agent/console/test_forms.py",
            "tests/agent/report/test_browser.py",
            "tests/flows/sites/chaoxing/test_forms_in_browser.py",
            "tests/flows/sites/test_login_ways.py",
            "tests/journeys/sites/test_chsi_tabs.py",
            "tests/journeys/sites/test_who.py",
            "tests/robustness/attacks/redirects/test_redirects.py",
            "tests/robustness/attacks/test_console_session.py",
            "tests/robustness/components/test_components.py",
        ),
        2,
    ),
    **dict.fromkeys(
        (
            "tests/flows/sites/chaoxing/test_entries_in_browser.py",
            "tests/journeys/sites/test_sign_in_agreement.py",
            "tests/robustness/attacks/redirects/test_redirected_runs.py",
            "tests/robustness/attacks/redirects/test_sign_in_elsewhere.py",
            "tests/robustness/attacks/test_hanging_pages.py",
            "tests/robustness/faults/test_faults.py",
        ),
        1,
    ),
    "tests/agent/cli/test_help.py": 8,
    "tests/agent/cli/test_manners.py": 6,
    "tests/robustness/mutations/test_mutations.py": 3,
    "tests/robustness/readings/test_readings.py": 60,
    "tests/robustness/unseen/test_layouts.py": 6,
}
"""By file, how many cases of each of its tests the suite runs, evenly from its whole table; other files' tests run all."""


def left_out(tests: Iterable[tuple[str, str]]) -> Iterator[bool]:
    """Tell of each test whether the suite leaves it to the exhaustive run.

    Args:
        tests: File, from the project's root with forward slashes, and name with its parameters, in the order of collection.

    Yields:
        True where it is left out, one for each test.
    """
    tests = list(tests)
    ran = [name.startswith(KEPT.get(path, "")) for path, name in tests]
    tables: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, (path, name) in enumerate(tests):
        if ran[at] and path in CASES:
            tables[path, name.partition("[")[0]].append(at)
    for (path, _), table in tables.items():
        chosen = set(_spread(table, CASES[path]))
        for at in table:
            ran[at] = at in chosen
    for runs in ran:
        yield not runs


def _spread(table: list[int], most: int) -> list[int]:
    """At most so many of a table, at even distances from its first."""
    count = min(most, len(table))
    return [table[at * len(table) // count] for at in range(count)]

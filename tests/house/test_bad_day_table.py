"""Every kind of bad input and bad day has tests that hold it, where this table says."""

import ast
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

TESTS = Path(__file__).parents[1]

HELD_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "an unknown user": (
        "handlers/test_squad_people.py::test_an_unknown_group_user_or_channel_gets_a_sentence",
        "handlers/test_bad_days.py::test_somebody_unknown_is_said_to_be",
    ),
    "an unknown task": (
        "handlers/test_audits.py::test_an_unknown_task_names_the_closest_and_how_work_comes_in",
    ),
    "someone else's squad, or workspace": (
        "handlers/test_foreign_ids.py::test_no_button_opens_or_changes_what_is_not_ours",
        "handlers/test_foreign_ids.py::test_no_form_changes_what_is_not_ours",
        "handlers/test_foreign_ids.py::test_no_command_names_its_way_elsewhere",
        "services/test_services_imports.py::test_work_of_another_squad_is_not_taken_over",
    ),
    "a role that may not": (
        "rules/test_rules_roles.py::test_who_may_do_what",
        "handlers/test_coaching.py::test_only_managers_and_auditors_of_the_persons_squad_may",
        "handlers/test_digests.py::test_a_contributor_may_not",
        "house/test_catalogue.py::test_who_may_not_hears_who_can",
    ),
    "empty or endless text": (
        "handlers/test_bad_days.py::test_any_text_gets_a_private_sentence",
        "handlers/test_bad_days.py::test_any_text_said_to_the_bot_gets_one_too",
        "handlers/test_audits.py::test_the_longest_that_can_be_typed_still_fits_into_a_message",
        "house/test_doors.py::test_what_people_typed_never_makes_a_button_too_long",
    ),
    "calls to everybody, and links, in notes": (
        "handlers/test_bad_days.py::test_notes_call_nobody_and_link_nowhere",
        "handlers/test_projects.py::test_what_people_type_can_neither_mention_nor_link",
        "handlers/test_coaching.py::test_words_reach_the_person_alone_with_who_wrote_them",
    ),
    "a form sent twice": (
        "handlers/test_audits.py::test_the_form_sent_twice_is_one_audit",
        "handlers/test_coaching.py::test_the_form_sent_twice_is_one_message",
        "handlers/test_projects.py::test_the_form_sent_twice_is_one_project",
        "handlers/test_timeoff.py::test_the_form_sent_twice_is_one_absence",
    ),
    "the same command twice": (
        "handlers/test_coaching.py::test_the_same_command_twice_is_one_message_and_later_a_second",
        "handlers/test_squads.py::test_the_same_command_twice_makes_one_squad",
        "handlers/test_timeoff.py::test_the_same_command_twice_is_noted_once",
        "handlers/test_digests.py::test_pressed_twice_it_is_posted_once",
    ),
    "a button on an old message": (
        "handlers/test_bad_days.py::test_a_button_of_last_year_does_what_it_says",
    ),
    "a button of an older version": (
        "handlers/test_bad_days.py::test_a_button_of_an_older_version_says_so",
        "house/test_doors.py::test_a_payload_of_another_version_is_an_old_button",
    ),
    "an expired trigger": (
        "handlers/test_switchboard.py::test_an_expired_trigger_gets_a_sentence",
        "handlers/test_audits.py::test_a_form_opened_too_late_gets_a_sentence",
    ),
    "an archived channel": (
        "handlers/test_digests.py::test_an_archived_channel_is_refused_and_reported",
        "handlers/test_squads.py::test_channels_that_cannot_be_used_are_refused",
        (
            "handlers/test_agenda_bad_days.py"
            "::test_a_channel_archived_between_planning_and_sending_is_told_of_and_loses_nothing"
        ),
        (
            "jobs/test_jobs_workspace.py"
            "::test_managers_hear_of_what_their_channels_did_not_get_and_of_nothing_else"
        ),
    ),
    "a channel without the bot": (
        "handlers/test_bad_days.py::test_where_the_bot_is_no_member_commands_are_answered",
        "dispatch/test_sending.py::test_what_slack_refuses_is_refused_with_its_reason",
    ),
    "a deactivated user, or a guest": (
        "handlers/test_bad_days.py::test_nobody_deactivated_is_written_to",
        "dispatch/test_sending.py::test_who_cannot_be_reached_is_refused",
        "services/test_services_squads.py::test_guests_audit_and_never_manage",
        "handlers/test_muster.py::test_no_guest_stranger_bot_or_leaver_administers_or_manages",
    ),
    "somebody gone between planning and sending": (
        (
            "handlers/test_oneonone_bad_days.py"
            "::test_nobody_is_reminded_of_a_meeting_with_somebody_who_was_deactivated"
        ),
        (
            "handlers/test_oneonone_bad_days.py"
            "::test_where_only_slack_knows_yet_the_other_is_reminded_and_nothing_is_tried_for_ever"
        ),
        "handlers/test_oneonone_bad_days.py::test_a_manager_who_left_is_waited_for_by_nobody",
    ),
    "a weekly meeting on a day off": (
        (
            "handlers/test_agenda_bad_days.py"
            "::test_a_weekly_meeting_says_which_of_the_next_ones_do_not_take_place"
        ),
        "rules/test_rules_explaining.py::test_a_weekly_sync_has_one_slot_a_week_and_is_not_moved",
    ),
    "the only manager away for a month, or gone": (
        "handlers/test_agenda_bad_days.py::test_nobody_there_and_no_channel_lose_nothing",
        (
            "services/test_services_oneonones.py"
            "::test_time_off_moves_within_the_round_and_a_month_away_is_said"
        ),
        (
            "services/test_services_oneonones.py"
            "::test_a_managers_people_go_to_another_with_their_topics"
        ),
    ),
    "hours that change for good": (
        (
            "services/test_services_oneonone_hours.py"
            "::test_a_pair_whose_hours_left_their_home_gets_another_and_nobody_else_moves"
        ),
    ),
    "somebody in two squads that meet at once": (
        "jobs/test_jobs_syncs.py::test_who_is_in_two_squads_that_meet_at_once_leads_one_of_them",
    ),
    "five hundred topics, or a table in one": (
        "handlers/test_agenda_bad_days.py::test_five_hundred_topics_and_a_table_fit",
    ),
    "two who write on the same notes": (
        "services/test_services_agenda.py::test_of_two_who_write_at_once_one_sees_both",
        "handlers/test_oneonone_packs.py::test_two_who_write_at_once_lose_nothing",
    ),
    "the last admin gone": (
        "handlers/test_muster.py::test_admins_make_and_unmake_admins_but_never_the_last",
        "handlers/test_muster.py::test_once_the_last_admin_is_deactivated_setup_is_open_again",
    ),
    "429 with Retry-After": (
        "dispatch/test_faults.py::test_a_limit_is_waited_out_while_other_methods_go_on",
        "handlers/test_bad_days.py::test_a_form_that_slack_will_not_open_is_asked_for_again",
        "handlers/test_bad_days.py::test_a_stranger_whom_slack_does_not_describe_may_ask_again",
    ),
    "Slack down for ten minutes": ("dispatch/test_faults.py::test_slack_down_for_ten_minutes",),
    "the database locked": (
        "handlers/test_bad_days.py::test_a_locked_database_is_said_and_the_same_again_is_done",
        "handlers/test_bad_days.py::test_a_form_answers_in_time_though_it_is_locked",
        "dispatch/test_faults.py::test_a_busy_store_loses_and_doubles_nothing",
    ),
    "the database restarted": (
        "handlers/test_bad_days.py::test_after_the_database_was_restarted_the_next_click_works",
        "jobs/test_jobs_away.py::test_a_database_that_is_away_ends_no_ticker",
        "jobs/test_jobs_away.py::test_after_the_database_was_restarted_the_ticker_goes_on",
    ),
    "a process killed between post and bookkeeping, twice for the same message": (
        "dispatch/test_two_at_once.py::test_killed_twice_between_post_and_bookkeeping",
        "dispatch/test_two_at_once.py::test_killed_at_random_moments_nothing_is_lost_or_doubled",
        "handlers/test_bad_days.py::test_a_post_whose_answer_was_lost_is_there_once",
    ),
    "two clocks": (
        "jobs/test_jobs_ticker.py::test_two_processes_whose_clocks_differ_post_each_slot_once",
    ),
    "a schedule changed after today's ran": (
        "jobs/test_jobs_changes.py::test_a_change_after_todays_ran_and_back_again_posts_once_a_day",
        "jobs/test_jobs_syncs.py::test_moved_after_todays_ran_and_back_again_it_counts_from_the_next",
        "jobs/test_jobs_syncs.py::test_removed_and_added_again_it_is_the_same_one_and_today_runs_once",
    ),
    "a time in the skipped or the doubled hour": (
        "rules/test_rules_explaining.py::test_the_next_change_of_the_clocks_that_touches_a_time_is_found",
        "handlers/test_schedules.py::test_everything_is_changed_by_forms_and_counts_at_once",
    ),
    "an unknown zone or country, 24:00, hours or days that leave none": (
        "rules/test_rules_calendar.py::test_a_calendar_that_cannot_be_lived_is_refused",
        "handlers/test_schedules.py::test_a_form_says_at_its_field_what_cannot_be_read",
    ),
    "syncs without end, or two of a name": (
        "jobs/test_jobs_syncs.py::test_who_may_and_what_does_not_fit",
    ),
    "the server's clock set back an hour": (
        "handlers/test_oneonone_bad_days.py::test_a_clock_that_is_set_back_reminds_nobody_twice",
        "jobs/test_jobs_syncs.py::test_a_short_gap_is_no_downtime_and_a_clock_set_back_runs_nothing_twice",
    ),
    "a machine that was down over a meeting": (
        "jobs/test_jobs_syncs.py::test_what_a_downtime_took_is_told_in_the_channel_and_to_the_managers",
        "handlers/test_schedules.py::test_a_downtime_is_told_with_its_times_in_today_and_in_the_channel",
    ),
    "the night the clocks change": (
        "jobs/test_jobs_ticker.py::test_the_night_the_clocks_change_has_one_occurrence",
        "rules/test_clock.py::test_a_day_of_the_change_has_23_or_25_hours_and_a_left_out_day_none",
    ),
    "a CSV with a BOM, semicolons, Windows-1252": (
        "intake/test_intake_files.py::test_encodings_are_found_and_read",
        "intake/test_intake_tables.py::test_every_delimiter_and_line_end",
        "services/test_services_imports.py::test_files_as_offices_write_them",
    ),
    "a CSV with a missing column": (
        "intake/test_intake_tables.py::test_missing_columns_are_named_together_with_what_is_there",
        "services/test_services_imports.py::test_an_unreadable_file_changes_nothing",
    ),
    "ten thousand bad rows": (
        "intake/test_intake_source.py::test_ten_thousand_bad_rows_leave_the_good_ones",
        "services/test_services_imports.py::test_ten_thousand_bad_rows_stop_nothing",
    ),
}


@functools.cache
def defined_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


@pytest.mark.parametrize("day", HELD_BY)
def test_each_is_held_by_tests_that_are_there(day: str) -> None:
    assert HELD_BY[day]
    for named in HELD_BY[day]:
        path, _, name = named.partition("::")
        assert (TESTS / path).is_file(), named
        assert name in defined_in(path), named

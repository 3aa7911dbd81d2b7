"""What collection and cleaning promise to whoever brings data, and the tests that hold them to it.

A test is named ``file::function`` below ``tests/``; :mod:`tests.test_capabilities` holds the list against the tests
that there are. Beside it stands :mod:`tests.bad_inputs`, the list of what real deliveries do wrong.
"""

from __future__ import annotations

API, WIDE, INTAKE = (f"sources/test_{name}.py" for name in ("reader_api", "reader_wide", "intake"))
RULES, SALES, STANDARDS = (f"cleaning/test_{name}.py" for name in ("rules", "sales_rules", "standards"))
VISITS, ENGAGEMENT = "behavior/test_visits.py", "behavior/test_engagement.py"
SPARSE, PLANTED, FILE = "test_sparse_studies.py", "test_planted_truths.py", "study/test_file.py"
CODES, CALLS, SERIES = (f"satisfaction/listening/test_{name}.py" for name in ("codes", "calls", "series"))

#: By promise, the tests that fail where it is not kept.
PROMISES: dict[str, tuple[str, ...]] = {
    "who customers are, each described once, and nothing personal where it does not belong": (
        f"{SALES}::test_two_descriptions_of_one_customer_are_refused_with_the_key_masked",
        "sources/values/test_personal.py::test_a_personal_key_is_refused_with_what_to_do",
        "sources/values/test_personal.py::test_a_personal_text_is_refused",
        "reporting/test_show.py::test_a_column_declared_personal_is_refused",
    ),
    "what customers are like and where they live; what nobody described is said": (
        "cleaning/test_consistency.py::test_a_region_that_nobody_described_is_counted_against_the_share",
        "sources/test_companion_beside.py::test_households_live_in_regions_of_three_kinds_as_many_as_their_size_says",
        f"{RULES}::test_a_customer_nobody_described_is_kept_as_unknown",
    ),
    "purchases: money of lines, orders and customers adds up": (
        "behavior/test_orders.py::test_nothing_is_lost_between_lines_orders_and_customers",
        f"{SALES}::test_units_times_price_are_the_lines_money_within_a_cent",
        f"{INTAKE}::test_every_record_is_kept_repaired_or_set_aside_and_money_adds_up",
    ),
    "visits on the web and in the app, by device": (
        f"{VISITS}::test_figures_and_reach_by_hand",
        f"{VISITS}::test_time_on_site_reaches_to_the_end_of_the_last_page_and_no_page_counts_longer_than_the_pause",
        f"{VISITS}::test_devices_add_up_to_all_visits_each_with_its_own_metrics",
    ),
    "messages: rates of a customer, missing where nothing arrived": (
        f"{ENGAGEMENT}::test_rates_of_a_customer_are_missing_where_nothing_arrived",
        "behavior/test_planted_touches.py::test_the_planted_chances_to_be_opened_and_clicked_are_found",
    ),
    "service contacts: who asked, how soon someone answered": (
        f"{ENGAGEMENT}::test_what_is_open_counts_as_longer_not_as_closed",
        "satisfaction/handling/test_agents.py::test_longer_waits_that_are_rated_worse_are_found_within_each_channel",
        f"{PLANTED}::test_each_rule_for_what_customers_say_finds_exactly_what_was_planted",
    ),
    "calls: what was said and how it sounded, by agent": (
        f"{CALLS}::test_planted_agents_are_found_and_of_like_ones_none",
        f"{CALLS}::test_sounds_of_calls_rated_well_and_badly",
        f"{CALLS}::test_phrases_that_tell_calls_apart_are_found_and_others_not",
    ),
    "surveys, a row per answer or per sheet; items the other way round are seen": (
        f"{WIDE}::test_a_sheet_becomes_a_row_per_answer_and_three_ways_of_giving_none",
        f"{WIDE}::test_an_item_worded_the_other_way_round_goes_against_the_others",
        "sources/draft/test_draft_of_exports.py::test_what_people_wrote_under_open_questions_is_feedback",
    ),
    "notes of interviews and visits, coded by readers": (
        f"{CODES}::test_kappa_by_hand",
        f"{CODES}::test_themes_by_value_level_count_customers_once",
    ),
    "reviews, posts and comments, day by day": (
        f"{SERIES}::test_each_day_shows_the_four_weeks_up_to_it",
        f"{SPARSE}::test_reviews_alone_are_read_from_stars_and_from_labels",
    ),
    "one customer in the shop and online": (
        "segments/test_portraits.py::test_channels_are_shares_of_the_orders_whose_channel_is_known",
        "segments/test_chapter.py::test_without_a_delivery_of_channels_those_of_the_order_lines_tell_who_orders_online",
    ),
    "opportunities from lead to contract": (
        "behavior/test_opportunities.py::test_conversion_counts_those_that_left_a_stage",
        "sources/test_pipeline_works.py::test_an_opportunity_enters_stages_in_order_and_ends_once",
        f"{SPARSE}::test_opportunities_move_on_as_they_were_made_to",
    ),
    "points of a loyalty program": (
        f"{ENGAGEMENT}::test_an_account_of_points_by_hand",
        "behavior/test_planted_touches.py::test_points_add_up_though_delivered_balances_do_not",
    ),
    "visitors whom nobody knows yet": (
        "cleaning/identity/test_whole.py::test_a_visitor_is_known_back_to_the_first_event_in_the_same_browser",
        "cleaning/identity/test_whole.py::test_in_a_shared_browser_only_the_visit_of_one_customer_is_linked",
        f"{PLANTED}::test_who_neither_opened_an_account_nor_logged_in_stays_unknown",
    ),
    "whose data, what for, why, how long: no run without": (
        f"{FILE}::test_a_source_without_an_owner_or_a_reason_is_refused",
        "sources/draft/test_draft.py::test_a_draft_is_refused_until_somebody_says_why_the_data_may_be_used",
    ),
    "services that are asked page by page": (
        f"{API}::test_a_service_that_fails_and_throttles_is_asked_again_and_waited_for",
        f"{API}::test_pages_and_records_that_come_again_are_counted_and_read_once",
        f"{API}::test_a_download_that_was_killed_goes_on_where_it_stopped",
        f"{API}::test_a_token_that_is_missing_or_none_is_asked_for_by_the_name_of_its_variable",
    ),
    "usage, contracts, referrals; a study of events alone": (
        f"{ENGAGEMENT}::test_use_by_hand",
        f"{ENGAGEMENT}::test_contracts_kept_for_so_long_by_hand",
        f"{SPARSE}::test_a_study_of_a_few_tables_goes_to_the_end_without_a_pretended_number",
    ),
    "one store of typed tables, and what each sentence rests on": (
        "reruns/test_dictionary.py::test_every_column_of_every_stage_is_described",
        "test_registry.py::test_trace_prints_what_a_sentence_rests_on",
    ),
    "one unit, one clock, one currency; sources that contradict each other are seen": (
        f"{SALES}::test_another_currency_is_never_summed",
        f"{RULES}::test_a_wrong_time_zone_shows_in_the_senders_weeks",
        "cleaning/test_consistency.py::test_a_region_that_nobody_described_is_counted_against_the_share",
    ),
    "cleaned by named rules; cleaned twice is cleaned once": (
        "cleaning/test_whole.py::test_any_delivery",
        f"{RULES}::test_records_and_money_balance_from_rule_to_rule",
        f"{RULES}::test_cleaning_what_is_clean_drops_nothing_more",
        f"{STANDARDS}::test_telephone_numbers_are_written_one_way_or_not_at_all",
    ),
    "complete, valid, recent: measured, and held against limits": (
        f"{STANDARDS}::test_a_delivery_below_its_limit_stops_the_run_with_one_sentence",
        f"{STANDARDS}::test_a_delivery_at_its_limit_passes",
        "sources/test_arrivals.py::test_a_record_is_late_where_an_earlier_hand_over_came_without_it",
    ),
    "a new delivery updates what depends on it; loaded one by one or all at once is the same": (
        f"{INTAKE}::test_an_incremental_load_is_a_full_rebuild_byte_for_byte",
        "reruns/test_freshness.py::test_a_changed_delivery_concerns_the_first_stage",
        "reruns/test_freshness.py::test_a_changed_function_makes_its_stage_stale_and_not_its_siblings",
    ),
    "only what is needed: columns that nobody reads are named and not kept": (
        f"{INTAKE}::test_columns_that_nobody_asked_for_are_named_and_not_read",
        f"{STANDARDS}::test_columns_called_unread_are_read_by_no_chapter",
    ),
}

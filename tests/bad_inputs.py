"""What real deliveries do to a customer-data pipeline, row by row, and the tests that say what becomes of it.

The numbers are those that tests and docstrings of this project mean by "row" of the list of bad inputs. A test is named
``file::function`` below ``tests/``; :mod:`tests.test_bad_inputs` holds the list against the tests that there are.
"""

from __future__ import annotations

from typing import NamedTuple

CSV, FILES, JSON, EXCEL = (f"sources/test_{name}.py" for name in ("csv", "files", "reader_json", "reader_excel"))
VALUES, BAD, INTAKE = "sources/values/test_bad_inputs.py", "sources/test_bad_deliveries.py", "sources/test_intake.py"
RULES, SALES, SAID = (f"cleaning/test_{name}.py" for name in ("rules", "sales_rules", "answer_rules"))
SCALES, GUARDS = "cleaning/test_scale_rules.py", "cleaning/identity/test_guards.py"
STANDARDS, CONVERT = "cleaning/test_standards.py", "sources/values/test_convert.py"
CLUSTERS, RFM, SHEETS = "segments/test_clusters.py", "segments/test_rfm.py", "satisfaction/test_sheets.py"


class Row(NamedTuple):
    """One bad input: what it is, and the tests that cover it."""

    what: str
    tests: tuple[str, ...]


def _row(what: str, *tests: str) -> Row:
    return Row(what, tests)


ROWS: dict[int, Row] = {
    # bytes and encoding
    1: _row("a GBK or GB18030 file", f"{CSV}::test_chinese_encodings_are_read_where_the_contract_names_them"),
    2: _row("names of four bytes in GB18030", f"{CSV}::test_four_byte_names_are_read_also_where_the_contract_says_gbk"),
    3: _row("UTF-8 with a byte-order mark", f"{CSV}::test_a_byte_order_mark_wins_over_the_contract"),
    4: _row("UTF-16 with a byte-order mark", f"{CSV}::test_a_byte_order_mark_wins_over_the_contract"),
    5: _row(
        "lines in UTF-8 among lines in GBK",
        f"{CSV}::test_lines_in_utf8_amid_another_encoding_are_read_as_such_and_counted",
    ),
    6: _row(
        "Latin-1 read as GB18030",
        f"{CSV}::test_latin_letters_are_read_where_the_contract_names_them_and_nothing_falls_back",
    ),
    7: _row(
        "detection of a short text's encoding",
        f"{CSV}::test_a_short_text_that_both_encodings_allow_is_read_in_the_declared_one",
        f"{CSV}::test_a_file_in_an_undeclared_encoding_is_set_aside_line_by_line_and_never_guessed",
    ),
    8: _row(
        "UTF-8 encoded twice",
        f"{CSV}::test_letters_decoded_wrongly_before_the_delivery_are_put_right_and_counted",
        f"{CSV}::test_right_letters_are_left_alone",
    ),
    9: _row("the sign for lost letters", f"{CSV}::test_a_sign_for_lost_letters_is_kept_and_counted"),
    10: _row("zero bytes", f"{CSV}::test_a_record_with_zero_bytes_is_set_aside", f"{VALUES}::test_a_text"),
    11: _row("Ctrl-Z at the end", f"{CSV}::test_an_end_of_file_sign_is_no_record"),
    12: _row("half a letter", f"{JSON}::test_half_a_letter_is_repaired_and_a_whole_one_kept"),
    13: _row("an empty file", f"{CSV}::test_a_file_without_a_header_is_refused_as_empty"),
    14: _row("empty lines only", f"{CSV}::test_a_file_without_a_header_is_refused_as_empty"),
    15: _row(
        "a header only",
        f"{CSV}::test_a_header_only_is_a_delivery_of_no_record",
        f"{STANDARDS}::test_a_delivery_below_its_limit_stops_the_run_with_one_sentence",
    ),
    16: _row("a page or JSON called .csv", f"{CSV}::test_another_format_under_the_name_of_csv_is_refused"),
    17: _row("a cut or false gzip", f"{FILES}::test_a_packed_file_that_is_cut_or_not_packed_is_refused"),
    18: _row(
        "a file that unpacks to hundreds of times its size",
        f"{FILES}::test_a_file_that_unpacks_to_more_than_is_honest_is_refused_before_it_is_read",
        f"{FILES}::test_many_alike_records_are_no_bomb",
    ),
    19: _row("a value of many megabytes", f"{CSV}::test_a_value_larger_than_any_value_is_refused"),
    20: _row("ten thousand columns", f"{CSV}::test_more_columns_than_any_delivery_has_are_refused"),
    21: _row("cut parquet", f"{FILES}::test_a_cut_parquet_file_is_refused"),
    22: _row(
        "parquet with a flipped bit",
        f"{FILES}::test_a_flipped_bit_that_parquet_does_not_see_is_seen_by_the_checksum",
        "test_warehouse.py::test_every_flipped_bit_is_found_before_a_number_is_read",
    ),
    23: _row(
        "a missing or unreadable file, an empty folder",
        f"{BAD}::test_23_a_folder_without_a_file_is_no_delivery",
        f"{BAD}::test_23_a_file_that_may_not_be_read_is_refused_with_the_reason",
        f"{FILES}::test_what_is_not_there_is_refused_with_what_to_do",
    ),
    # structure of delimited text
    24: _row("semicolons with a decimal comma", f"{CSV}::test_a_decimal_comma_in_a_semicolon_file_stays_one_value"),
    25: _row("tabs called .csv", f"{CSV}::test_another_delimiter_than_declared_is_refused_and_named"),
    26: _row("a line end within quotes", f"{CSV}::test_records_are_counted_and_not_lines"),
    27: _row(
        "a quote that is not closed",
        f"{CSV}::test_a_quote_after_which_nobody_knows_where_records_begin_refuses_the_file",
    ),
    28: _row("a quote within a value", f"{CSV}::test_a_quote_within_a_value_is_a_sign_like_any_other"),
    29: _row("backslashes", f"{CSV}::test_backslashes_escape_only_where_the_contract_says_so"),
    30: _row(
        "other and mixed line ends",
        f"{CSV}::test_any_line_end_ends_a_line",
        f"{CSV}::test_mixed_line_ends_are_read",
    ),
    31: _row("two columns of one name", f"{CSV}::test_two_columns_of_one_name_are_refused"),
    32: _row("names that differ by capitals", f"{CSV}::test_names_differ_neither_by_capitals_nor_by_spaces"),
    33: _row("a missing column", f"{CSV}::test_a_missing_column_is_refused_with_the_name_most_like_it"),
    34: _row(
        "an unknown column",
        f"{CSV}::test_an_unknown_column_refuses_a_strict_contract_only",
        f"{INTAKE}::test_columns_that_nobody_asked_for_are_named_and_not_read",
    ),
    35: _row(
        "columns in another order",
        f"{CSV}::test_columns_are_found_by_name_wherever_they_stand_and_others_are_left_out",
    ),
    36: _row("a renamed column", f"{CSV}::test_a_missing_column_is_refused_with_the_name_most_like_it"),
    37: _row("a value too many", f"{CSV}::test_a_record_with_too_many_values_is_set_aside"),
    38: _row("a value too many everywhere", f"{BAD}::test_38_a_value_too_many_in_every_record_refuses_the_file"),
    39: _row("a short record", f"{CSV}::test_a_record_with_too_few_values_is_set_aside"),
    40: _row(
        "a separator at the end of every record",
        f"{CSV}::test_a_separator_at_the_end_of_every_record_is_no_value",
        f"{CSV}::test_a_value_behind_the_last_column_of_some_records_sets_them_aside",
    ),
    41: _row("no header", f"{CSV}::test_a_file_without_header_is_refused_and_shows_no_value"),
    42: _row(
        "lines above the header", f"{CSV}::test_lines_before_the_header_are_skipped_where_the_contract_counts_them"
    ),
    43: _row("a total at the end", f"{CSV}::test_a_total_is_no_record"),
    44: _row("the header again", f"{CSV}::test_the_header_amid_records_of_files_put_together_is_passed_over"),
    45: _row("empty lines", f"{CSV}::test_empty_lines_are_passed_over_and_counted"),
    46: _row(
        "another kind of value after many records",
        f"{BAD}::test_46_another_kind_of_value_after_many_records_sets_that_record_aside",
    ),
    47: _row(
        "a broken line of JSON", f"{JSON}::test_a_record_that_cannot_be_taken_apart_is_set_aside_and_stops_no_other"
    ),
    48: _row(
        "a key twice in JSON", f"{JSON}::test_a_record_that_cannot_be_taken_apart_is_set_aside_and_stops_no_other"
    ),
    49: _row("long numbers in JSON", f"{JSON}::test_numbers_keep_their_digits_and_nested_keys_are_called_with_dots"),
    # workbooks
    50: _row(
        "00123 as text in a cell",
        f"{EXCEL}::test_cells_arrive_as_the_text_that_is_stored",
        f"{EXCEL}::test_the_broken_twin_that_lets_pandas_decide_is_found_out",
    ),
    51: _row(
        "formulas without a result, errors",
        f"{EXCEL}::test_what_a_workbook_cannot_tell_any_more_is_set_aside_with_the_cell",
    ),
    52: _row("merged cells", f"{EXCEL}::test_merged_cells_are_set_aside_or_filled_as_the_contract_says"),
    53: _row("date cells beside numbers", f"{EXCEL}::test_a_date_cell_arrives_in_a_format_that_the_contract_reads"),
    54: _row("days counted from 1904", f"{EXCEL}::test_days_counted_from_1904_are_the_same_days"),
    55: _row(
        "twenty digits as a number",
        f"{EXCEL}::test_what_a_workbook_cannot_tell_any_more_is_set_aside_with_the_cell",
    ),
    56: _row(
        "15 % beside 0.15",
        f"{BAD}::test_56_a_share_in_percent_beside_one_in_parts_is_the_same_share",
    ),
    57: _row(
        "other sheets, stray cells",
        f"{EXCEL}::test_empty_rows_and_stray_cells_are_passed_over_and_counted",
        f"{EXCEL}::test_one_sheet_is_read_and_it_is_the_one_that_is_named",
    ),
    58: _row(
        "no workbook, or a protected one", f"{EXCEL}::test_a_file_that_cannot_be_used_is_refused_with_code_and_remedy"
    ),
    # identity
    59: _row("leading zeros", f"{VALUES}::test_a_key"),
    60: _row(
        "keys that end in .0",
        f"{CONVERT}::test_60_point_zero_goes_where_the_whole_column_shows_it",
        f"{CONVERT}::test_60_a_key_with_and_without_point_zero_in_one_file_is_set_aside",
    ),
    61: _row("keys beyond 53 bits", f"{VALUES}::test_a_key", f"{CONVERT}::test_61_keys_that_come_as_numbers"),
    62: _row("keys a spreadsheet rounded", f"{VALUES}::test_a_key"),
    63: _row(
        "customers called NA or null",
        f"{VALUES}::test_a_key",
        f"{VALUES}::test_63_what_means_not_given_is_for_the_contract_to_say",
    ),
    64: _row("an empty key", f"{VALUES}::test_a_key"),
    65: _row("spaces, unseen and wide signs in keys", f"{VALUES}::test_a_key"),
    66: _row(
        "one person with two numbers",
        f"{SALES}::test_former_numbers_become_present_ones_everywhere",
        f"{STANDARDS}::test_numbers_are_followed_to_the_end_and_circles_refused",
        f"{GUARDS}::test_one_address_joins_the_records_of_one_person",
        f"{GUARDS}::test_two_persons_with_one_name_and_birthday_stay_two",
        f"{GUARDS}::test_father_and_son_of_one_name_at_one_telephone_stay_two",
        f"{GUARDS}::test_a_chain_is_cut_where_two_of_it_contradict_each_other",
    ),
    67: _row(
        "one number of two persons",
        "cleaning/test_account_rules.py::test_a_number_with_far_more_lines_than_any_other_is_counted",
        f"{GUARDS}::test_a_family_card_joins_nobody_by_itself_and_is_reported",
        f"{GUARDS}::test_a_family_card_without_names_is_told_by_birthdays",
        f"{GUARDS}::test_a_tills_number_is_nobodys_even_where_no_name_contradicts",
        f"{GUARDS}::test_a_number_passed_on_joins_nobody",
        f"{GUARDS}::test_empty_keys_meet_nobody",
    ),
    68: _row("guests", f"{SALES}::test_tests_and_staff_are_left_out_and_guests_stay_in_the_totals"),
    69: _row("test accounts, staff", f"{SALES}::test_tests_and_staff_are_left_out_and_guests_stay_in_the_totals"),
    70: _row(
        "programs among the visitors",
        "cleaning/test_account_rules.py::test_visits_messages_and_accounts_with_one_fault_of_each_kind",
        "cleaning/test_account_rules.py::test_a_program_that_calls_itself_a_browser_is_told_by_its_pace",
        "behavior/test_visits.py::test_an_order_belongs_to_its_visit_and_programs_have_none",
    ),
    71: _row(
        "keys as text here and as numbers there",
        f"{SALES}::test_keys_are_texts_so_that_large_numbers_and_leading_zeros_stay_apart",
    ),
    72: _row("a description twice", f"{SALES}::test_two_descriptions_of_one_customer_are_refused_with_the_key_masked"),
    73: _row(
        "orders of nobody, of nothing",
        f"{RULES}::test_a_product_nobody_described_is_kept_as_unknown",
        f"{RULES}::test_a_customer_nobody_described_is_kept_as_unknown",
    ),
    # numbers and money
    **{
        number: _row(what, f"{VALUES}::test_money")
        for number, what in (
            (74, "signs between thousands"),
            (75, "signs of currency"),
            (76, "brackets, signs behind"),
            (77, "wide and Arabic digits"),
        )
    },
    78: _row("1_000 and 0x1F", f"{VALUES}::test_money", f"{VALUES}::test_counts_measures_shares_and_truths"),
    79: _row("infinite numbers", f"{VALUES}::test_money", f"{VALUES}::test_counts_measures_shares_and_truths"),
    80: _row("returns", f"{SALES}::test_what_was_brought_back_is_no_purchase_and_names_the_one_it_takes_back"),
    81: _row("cancellations", f"{SALES}::test_a_cancellation_is_told_by_its_number_or_by_its_status"),
    82: _row(
        "returns larger than the purchase",
        f"{SALES}::test_returns_that_together_are_larger_than_the_purchase_are_flagged",
    ),
    83: _row("a price of zero", f"{RULES}::test_a_line_without_units_and_money_is_not_a_sale_but_a_free_item_is_kept"),
    84: _row("money without goods", f"{SALES}::test_money_that_moves_without_goods_is_a_correction"),
    85: _row(
        "a file in cents",
        "sources/values/test_drift.py::test_85_a_file_in_another_unit_is_refused",
        "sources/values/test_drift.py::test_85_other_prices_are_no_other_unit",
    ),
    86: _row(
        "80,995 pieces",
        f"{SALES}::test_too_many_units_and_a_purchase_before_registration_are_kept_and_counted",
    ),
    87: _row(
        "pieces times price is not the amount", f"{SALES}::test_units_times_price_are_the_lines_money_within_a_cent"
    ),
    88: _row("money as binary numbers", f"{VALUES}::test_money"),
    89: _row("a line twice", f"{RULES}::test_a_record_delivered_twice_counts_once"),
    90: _row(
        "an order in two files",
        f"{INTAKE}::test_the_latest_delivery_of_a_record_counts",
        f"{INTAKE}::test_keeping_the_first_delivery_instead_of_the_latest_is_caught",
    ),
    # time
    91: _row("05/01/2026", f"{VALUES}::test_a_moment"),
    92: _row("years of two digits", f"{VALUES}::test_a_moment"),
    93: _row("days and seconds that are counted", f"{VALUES}::test_a_moment"),
    94: _row("days that are in no calendar", f"{VALUES}::test_a_moment", f"{VALUES}::test_a_day"),
    95: _row(
        "anniversaries of 29 February",
        "schemas/test_anniversary.py::test_an_anniversary_of_29_february_is_28_february_in_a_year_without_one",
    ),
    96: _row(
        "1900-01-01, 9999-12-31",
        f"{VALUES}::test_a_moment",
        f"{VALUES}::test_a_sentinel_in_a_column_that_must_be_filled_sets_the_record_aside",
    ),
    97: _row("24:00:00 and :60", f"{VALUES}::test_a_moment"),
    98: _row("2026年1月5日", f"{VALUES}::test_a_moment", f"{VALUES}::test_a_day"),
    99: _row(
        "times with and without a zone",
        f"{VALUES}::test_a_moment",
        f"{CONVERT}::test_99_moments_that_come_as_such",
        "behavior/test_orders.py::test_three_in_the_morning_utc_is_the_evening_before_in_new_york",
    ),
    100: _row("changes of the clock", f"{VALUES}::test_a_moment"),
    101: _row(
        "dates in the future, clocks that go ahead",
        "sources/test_ahead.py::test_a_clock_that_goes_ahead_is_put_back_and_a_wrong_date_is_set_aside",
        "sources/test_ahead.py::test_what_is_set_aside_is_known_since_it_was_handed_over_and_changes_nothing_before",
    ),
    102: _row(
        "an answer before the question, a purchase before registration",
        f"{SAID}::test_a_contact_answered_before_it_was_opened_has_no_answer_and_one_answered_at_once_keeps_it",
        f"{SALES}::test_too_many_units_and_a_purchase_before_registration_are_kept_and_counted",
    ),
    103: _row(
        "late arrivals",
        f"{INTAKE}::test_when_a_record_was_handed_over_decides_what_is_known_and_what_is_later",
        f"{INTAKE}::test_a_record_that_is_not_yet_known_replaces_nothing",
        "sources/test_arrivals.py::test_a_record_is_late_where_an_earlier_hand_over_came_without_it",
    ),
    104: _row("a last day before the first record", f"{INTAKE}::test_a_study_in_which_nothing_happened_is_refused"),
    105: _row(
        "a last day in the past",
        "test_as_of.py::test_later_records_change_no_table_and_no_finding_of_any_stage",
        f"{INTAKE}::test_what_comes_after_the_last_day_changes_nothing",
    ),
    106: _row("half a day", f"{INTAKE}::test_half_a_day_is_thin"),
    # text
    107: _row(
        "unseen signs, letters put together",
        f"{VALUES}::test_a_text",
        "wording/test_names.py::test_what_cannot_be_seen_is_shown_as_an_escape",
    ),
    108: _row("traditional and simplified letters", f"{STANDARDS}::test_spellings_of_one_word_have_one_form"),
    109: _row(
        "markup and formulas",
        "reporting/test_show.py::test_any_label_stays_text",
        "reporting/test_publish.py::test_texts_from_a_study_are_shown_and_not_run",
        "test_charts.py::test_dollar_signs_are_not_mathematics",
    ),
    110: _row(
        "a telephone number in a text",
        "test_sparse_studies.py::test_no_words_of_a_customer_stand_in_a_table_but_feedback",
        "satisfaction/test_service.py::test_texts_are_counted_and_never_shown",
    ),
    111: _row(
        "spellings of a category",
        f"{VALUES}::test_a_word_of_the_contracts_list",
        f"{STANDARDS}::test_what_spellings_become_is_a_spelling_that_stays",
    ),
    112: _row(
        "a list in a value, another separator",
        "sources/test_lists.py::test_a_list_in_a_text_becomes_a_record_per_value_and_never_letters",
        "sources/test_lists.py::test_a_wrong_separator_refuses_the_file_and_names_the_one_that_is_there",
        "sources/test_lists.py::test_each_value_of_a_list_is_a_record_beside_what_stands_around_it",
    ),
    # surveys
    113: _row(
        "ten points beside five",
        f"{SHEETS}::test_recommendation_on_another_scale_is_no_net_promoter_question",
        f"{SAID}::test_one_scale_for_all_items_would_spoil_the_recommendations",
        f"{SCALES}::test_a_question_answered_on_another_scale_is_refused_and_all_its_answers_are_emptied",
        "cleaning/test_scale_rules.py::test_a_question_answered_on_another_scale_is_refused_and_all_its_answers_are_emptied",
        "cleaning/test_scale_rules.py::test_recommendations_given_on_a_shorter_scale_are_said",
    ),
    114: _row(
        "questions the other way round",
        f"{SHEETS}::test_a_reversed_item_is_turned_before_it_is_averaged",
        "satisfaction/test_reliability.py::test_an_item_read_in_the_wrong_direction_is_seen",
    ),
    115: _row("answers off the scale", f"{SAID}::test_an_answer_outside_the_items_own_scale_is_emptied_and_counted"),
    116: _row("straight lines", f"{SHEETS}::test_the_same_answer_to_all_items_is_straight_lining"),
    117: _row(
        "answers given too fast, or no time",
        "cleaning/test_scale_rules.py::test_the_mean_answer_stands_with_and_without_fast_and_uniform_sheets",
        "cleaning/test_scale_rules.py::test_a_sheet_without_a_time_is_no_fast_one_and_without_doubts_there_is_nothing_to_set_beside",
    ),
    118: _row(
        "the same sheet twice",
        "cleaning/test_scale_rules.py::test_sheets_that_two_customers_hand_in_at_one_moment_with_the_same_answers_are_counted",
        f"{SAID}::test_of_two_answers_to_an_item_the_later_counts",
    ),
    119: _row(
        "not asked, not known, refused",
        "sources/test_reader_wide.py::test_a_sheet_becomes_a_row_per_answer_and_three_ways_of_giving_none",
    ),
    120: _row(
        "who is silent is not like the others",
        "satisfaction/test_nonresponse.py::test_weights_recover_what_behavior_explains_and_the_raw_score_does_not",
        "satisfaction/test_nonresponse.py::test_what_behavior_does_not_explain_stays_and_the_right_scenario_covers_it",
    ),
    121: _row(
        "survey weights that are missing, zero, negative or huge",
        "cleaning/test_scale_rules.py::test_weights_below_zero_are_emptied_missing_ones_left_out_and_large_ones_capped",
    ),
    122: _row(
        "words or several answers in a rating",
        "sources/test_reader_wide.py::test_a_sheet_becomes_a_row_per_answer_and_three_ways_of_giving_none",
        "sources/test_readers_together.py::test_one_workbook_feeds_answers_and_customers",
    ),
    # too little to analyze
    123: _row(
        "one customer",
        "test_sparse_studies.py::test_a_study_of_a_few_tables_goes_to_the_end_without_a_pretended_number",
        f"{RFM}::test_scores_and_tiers_of_one_customer_and_of_none",
    ),
    124: _row(
        "one order each",
        "test_sparse_studies.py::test_a_study_of_a_few_tables_goes_to_the_end_without_a_pretended_number",
        "test_sparse_studies.py::test_each_study_says_what_its_data_do_answer",
    ),
    125: _row(
        "equal values",
        f"{RFM}::test_equal_values_have_equal_scores_and_better_values_no_lower_ones",
        f"{RFM}::test_where_a_sixth_came_on_the_last_day_they_share_one_score",
    ),
    126: _row("fewer customers than groups", f"{CLUSTERS}::test_fewer_different_customers_than_clusters_is_refused"),
    127: _row(
        "customers who are all alike",
        f"{CLUSTERS}::test_fewer_different_customers_than_clusters_is_refused",
        "segments/test_chapter.py::test_where_all_shop_alike_no_segments_are_made",
    ),
    128: _row("missing or infinite traits", f"{CLUSTERS}::test_a_missing_or_infinite_feature_is_refused_by_name"),
    129: _row("huge values", "segments/test_profiles.py::test_one_extreme_customer_moves_nobody_else_far"),
    130: _row(
        "a trait that all share",
        "segments/test_profiles.py::test_customers_with_few_orders_are_left_out_and_a_shared_habit_is_not_used",
    ),
    131: _row(
        "a single group", f"{CLUSTERS}::test_where_nothing_can_be_found_there_is_a_verdict_and_nothing_is_pretended"
    ),
    132: _row(
        "a single class to predict",
        "outlook/churn/test_forecaster.py::test_one_class_only_is_said",
        "outlook/churn/test_warning.py::test_everybody_buys_is_one_class_and_said",
        "outlook/leads/test_leads.py::test_too_few_or_all_alike_are_no_failure",
    ),
    133: _row(
        "nothing that is frequent",
        "patterns/test_mining.py::test_nothing_frequent_and_impossible_settings",
        "patterns/test_search.py::test_where_there_is_too_little_the_account_says_so",
    ),
    134: _row(
        "an item in every basket",
        "patterns/test_chance.py::test_baskets_of_one_item_are_left_out_and_an_item_in_every_basket_is_no_trouble",
    ),
    135: _row(
        "answers that do not vary",
        "satisfaction/test_reliability.py::test_alpha_is_not_defined_where_all_answers_are_equal",
    ),
    136: _row(
        "nothing is not zero",
        "test_sparse_studies.py::test_what_was_not_delivered_leaves_no_row_that_speaks_of_it",
        "reporting/test_show.py::test_a_gap_is_a_dash",
    ),
    137: _row(
        "groups of fewer than ten",
        "behavior/test_groups.py::test_a_group_below_the_floor_is_blank_and_cannot_be_worked_out",
        "segments/test_profiles.py::test_no_blank_cell_can_be_had_by_subtraction",
    ),
}

#: Rows that no test of their own covers yet, and why. Whoever writes one takes the row out of here.
OPEN: dict[int, str] = {}

#: How many rows the list has.
LAST = 137

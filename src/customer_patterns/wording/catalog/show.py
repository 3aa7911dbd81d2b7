"""The words around findings and tables."""

SENTENCES: dict[str, str] = {
    "show.grade_description": "Description",
    "show.grade_association": "Association",
    "show.grade_time-ordered": "Time-ordered",
    "show.grade_experimental": "Experimental",
    "show.interval": "{value:level} interval {value:interval}",
    "show.intervals": "{value:level} interval of {value}: {value:interval}",
    "show.counted": "counted in full",
    "show.source": "table {table}",
    "show.from_table": "Table {table}, {first} to {last}",
    "show.too_few": "Too few {customers} for this figure: what so few do is not shown",
    "show.no_intervals": (
        "Where a whole column is blank, no interval can be given for its figures, and without one they are not shown"
    ),
    "show.not_delivered": "No {kind} were delivered, so nothing is said here. An answer would need the table {table}",
    "show.neither_delivered": (
        "Neither {kind} nor {other_kind} were delivered, so nothing is said here. "
        "An answer would need the tables {table} and {other_table}"
    ),
    "show.no_record": "None of the {kind} that were delivered count up to the last day, so nothing is said here",
    "show.word_survey_questions": "survey questions",
    "show.word_codes_of_texts": "codes of texts",
    "show.word_survey_invitations": "survey invitations",
    "show.left_open": "What these data leave open",
    "show.no_findings": "These data allow no finding here",
    "show.see_figure": "see the figure",
    "show.simulated": "Simulated data",
    "show.more_rows": "{rows} more",
    "show.findings": "Findings",
    "show.others": "others {value}",
    # columns of tables made for one chart, as its alternative text names them
    "show.word_day": "day",
    "show.word_kind": "kind",
    "show.word_missing": "missing",
    "show.word_name": "name",
    "show.word_rows": "rows",
    "show.word_share": "share",
    "show.word_value": "value",
}

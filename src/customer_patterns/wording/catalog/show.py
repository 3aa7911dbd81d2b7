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
    "show.see_figure": "see the figure",
    "show.simulated": "Simulated data",
    "show.more_rows": "{rows} more",
    "show.findings": "Findings",
    # columns of tables made for one chart, as its alternative text names them
    "show.word_day": "day",
    "show.word_kind": "kind",
    "show.word_missing": "missing",
    "show.word_name": "name",
    "show.word_rows": "rows",
    "show.word_share": "share",
    "show.word_value": "value",
}

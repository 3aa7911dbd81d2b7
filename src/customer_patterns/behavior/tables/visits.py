"""Tables of visits to the website and the app."""

from __future__ import annotations

from customer_patterns.behavior.tables.columns import HOUR, WEEKDAY
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column


def _visitors(meaning: str) -> Column:
    return n_column(meaning, "Visitors", "visitors")


_VISITS = Column("visits", "integer", "visits", label="Visits", unit="visits", nullable=True, minimum=0)

_ALL_VISITORS = Column(
    "visitors", "integer", "all visitors, on whom the shares rest", "All visitors", "visitors", minimum=0
)

VISITS = TableSchema(
    name="visits",
    grain="visit to the web site or the app",
    key=("visit_id",),
    meaning="Events put together to visits, by local time. Never printed: a row is about one visitor.",
    reads=("events",),
    columns=(
        Column("visit_id", "text", "the visit's key"),
        Column("visitor", "text", "who visited: a customer's key, else a browser's, else a session's"),
        Column("started_at", "timestamp", "when the first event happened", unit="UTC"),
        Column("started_on", "date", "on which day, local", unit="local day"),
        WEEKDAY,
        HOUR,
        Column("events", "integer", "events of the visit", unit="events", minimum=1),
        Column("device", "text", "on which kind of device"),
        Column("channel", "text", "web, app …, as the sender calls it"),
        Column("known", "boolean", "whether the visitor is a known customer"),
        Column("pages", "integer", "page views of the visit", unit="page views", minimum=0),
        Column(
            "seconds",
            "number",
            "from the first event to the end of the last, as far as the sender says how long pages were looked at; "
            "missing for a single event of which it does not",
            unit="seconds",
            nullable=True,
            minimum=0,
        ),
        Column("ordered", "boolean", "whether there was an order in the visit"),
    ),
)

VISIT_FIGURES = TableSchema(
    name="visit_figures",
    grain="figure",
    key=("figure",),
    meaning="How much visitors visit.",
    reads=("visits",),
    columns=(
        Column(
            "figure",
            "text",
            "what is estimated",
            label="Figure",
            levels=(
                "visits per visitor",
                "days with a visit per visitor",
                "events per visit",
                "page views per visit",
                "time on site per visit",
                "visits of a single event",
                "visits without an order",
                "visits by unknown visitors",
                "visitors seen on a second day",
                "visitors who are unknown",
            ),
        ),
        Column("unit", "text", "its unit", label="Unit"),
        *estimate_columns("value", "number", "the figure", "Value"),
        _visitors("visitors it rests on"),
        _VISITS,
    ),
)

EVENT_KINDS = TableSchema(
    name="event_kinds",
    grain="kind of event",
    key=("event_type",),
    meaning="What visitors do, and how many of them do it.",
    reads=("events",),
    columns=(
        Column("event_type", "text", "what happened", label="What they do"),
        Column("events", "integer", "events", label="Events", unit="events", nullable=True, minimum=0),
        *estimate_columns("reach", "share", "share of visitors who ever did it", "Visitors who do"),
        _visitors("visitors who ever did it"),
        _ALL_VISITORS,
        SUPPRESSED,
    ),
)

VISIT_HOURS = TableSchema(
    name="visit_hours",
    grain="hour of the day",
    key=("hour",),
    meaning="Visits by the local hour in which they begin.",
    reads=("visits",),
    columns=(
        HOUR,
        _VISITS,
        *estimate_columns("share_of_visits", "share", "share of all visits", "Visits"),
        _visitors("visitors who ever came then"),
        _ALL_VISITORS,
        SUPPRESSED,
    ),
)

VISIT_WEEKDAYS = TableSchema(
    name="visit_weekdays",
    grain="day of the week",
    key=("weekday",),
    meaning="Visits by the local day of the week on which they begin.",
    reads=("visits",),
    columns=(
        WEEKDAY,
        Column("days", "integer", "such days in the period", label="Days", unit="days", minimum=0),
        _VISITS,
        *estimate_columns(
            "visits_index", "number", "visits per such day by visits per day, 1: an even week", "Visits", "ratio"
        ),
        _visitors("visitors who ever came then"),
        _ALL_VISITORS,
        SUPPRESSED,
    ),
)

VISIT_DEVICES = TableSchema(
    name="visit_devices",
    grain="kind of device",
    key=("device",),
    meaning="Visits by the device on which they are made, and how they go there.",
    reads=("visits",),
    columns=(
        Column("device", "text", "on which kind of device", label="Device"),
        _VISITS,
        *estimate_columns("share_of_visits", "share", "share of all visits", "Visits"),
        *estimate_columns("bounce_rate", "share", "share of these visits that hold a single event", "Bounce rate"),
        *estimate_columns("pages_per_visit", "number", "page views per visit", "Page views", "page views"),
        *estimate_columns(
            "seconds_per_visit", "number", "mean time on site, of the visits of which it is known", "Time", "seconds"
        ),
        _visitors("visitors who ever used it"),
        _ALL_VISITORS,
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        VISITS,
        VISIT_FIGURES,
        EVENT_KINDS,
        VISIT_HOURS,
        VISIT_WEEKDAYS,
        VISIT_DEVICES,
    )
}

"""The tables of journeys: which touch comes after which, and along which paths customers come to an order."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: Where an order was made; the last where that is not known.
ORDERS = ("store order", "online order", "order")
#: What the seller sends.
SENT = "mail sent"
#: All kinds of touch; short, since they head the columns of a chart.
TOUCHES = (SENT, "mail opened", "web visit", "app visit", "service contact", "feedback given", "survey", *ORDERS)

#: What stands where no touch came within the pause.
NOTHING = "nothing"

#: How a journey ends.
ENDS = ("order", "pause")

#: What a row is called that stands for all paths that are not listed.
OTHER_PATHS = "all other paths"

#: What journeys are put together from.
SOURCES = (
    "events",
    "order_lines",
    "order_channels",
    "messages",
    "contacts",
    "feedback",
    "survey_responses",
)

_TOUCH_MEANING = "what passed between a customer and the seller; an order without more: the channel is not known"


def _persons(meaning: str) -> Column:
    return n_column(meaning, "Visitors", "visitors")


TOUCH_KINDS = TableSchema(
    name="touch_kinds",
    grain="kind of touch",
    key=("touch",),
    meaning="Which kinds of touch there are, from when on they were recorded, and whom they reach.",
    reads=SOURCES,
    columns=(
        Column("touch", "text", _TOUCH_MEANING, label="Touch", levels=TOUCHES),
        Column("first_on", "date", "day of the first one", label="First", unit="local day", nullable=True),
        Column("last_on", "date", "day of the last one", label="Last", unit="local day", nullable=True),
        Column("touches", "integer", "touches", label="Touches", unit="touches", nullable=True, minimum=0),
        _persons("customers and other visitors with one"),
        SUPPRESSED,
    ),
)

TOUCH_TRANSITIONS = TableSchema(
    name="touch_transitions",
    grain="kind of touch and what came next",
    key=("touch", "next_touch"),
    meaning=(
        "What came next within the pause, in shares that add up to 1 per kind of touch. Touches with less than the "
        "pause left to the last day are in none."
    ),
    reads=SOURCES,
    columns=(
        Column("touch", "text", _TOUCH_MEANING, label="After", levels=TOUCHES),
        Column("next_touch", "text", "what came next", label="Next", levels=(*TOUCHES, NOTHING)),
        Column(
            "transitions",
            "integer",
            "how many times",
            label="Times",
            unit="touches",
            nullable=True,
            minimum=0,
        ),
        Column(
            "touches",
            "integer",
            "touches of this kind of which it is known what came next",
            label="Touches",
            unit="touches",
            minimum=0,
        ),
        *estimate_columns("share_of_touches", "share", "share of these touches", "Share"),
        _persons("customers and other visitors with such a step"),
        SUPPRESSED,
    ),
)

JOURNEY_FIGURES = TableSchema(
    name="journey_figures",
    grain="figure",
    key=("figure",),
    meaning="Journeys, each from its first touch to an order or a long pause, in a few figures.",
    reads=SOURCES,
    columns=(
        Column(
            "figure",
            "text",
            "what is estimated",
            label="Figure",
            levels=(
                "journeys that end in an order",
                "journeys to an order with another touch before it",
                "touches per journey",
            ),
        ),
        Column("unit", "text", "its unit", label="Unit"),
        *estimate_columns("value", "number", "the figure", "Value"),
        _persons("customers and other visitors with a journey"),
        Column("journeys", "integer", "journeys it rests on", label="Journeys", unit="journeys", minimum=0),
        Column(
            "left_out",
            "integer",
            "journeys in no figure: begun within a pause of the last day, still open then, or perhaps begun too early",
            label="Left out",
            unit="journeys",
            minimum=0,
        ),
    ),
)

JOURNEY_PATHS = TableSchema(
    name="journey_paths",
    grain="path",
    key=("path",),
    meaning="The most frequent paths of journeys, repeats of one touch in a row counted once.",
    reads=SOURCES,
    columns=(
        Column("rank", "integer", "place by the number of journeys", label="Rank", minimum=1),
        Column("path", "text", "the touches in their order; one that ends in no order ends in a pause", label="Path"),
        Column("journeys", "integer", "journeys", label="Journeys", unit="journeys", nullable=True, minimum=0),
        *estimate_columns("share_of_journeys", "share", "share of all journeys", "Of journeys"),
        _persons("customers and other visitors with one"),
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema for schema in (TOUCH_KINDS, TOUCH_TRANSITIONS, JOURNEY_FIGURES, JOURNEY_PATHS)
}

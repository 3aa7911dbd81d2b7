"""The tables about portraits of segments and tiers."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, n_column
from customer_patterns.segments.tags.tables import GROUPINGS, OTHERS, OWN

#: What a portrait tells of a group, in its order.
SIZE, VALUE, BASKETS, LIFECYCLE, CHANNELS, TAGS = TOPICS = (
    "size",
    "value",
    "baskets",
    "lifecycle",
    "channels",
    "tags",
)

#: What a number stands for; a stage, a channel and a tag stand for themselves.
MEASURES = ("customers", "revenue", "revenue a month", "median orders", "value of an order")


def _portraits(name: str, what: str, reads: tuple[str, ...]) -> TableSchema:
    return TableSchema(
        name=name,
        grain="group, topic and measure",
        key=("grouping", "group", "topic", "measure"),
        meaning=f"Portraits of segments and value tiers: what {what}.",
        reads=reads,
        columns=(
            Column("place", "integer", "place of the line in the table", "No.", minimum=1),
            Column("grouping", "text", "how customers are grouped", "Grouped by", levels=GROUPINGS),
            Column("group", "text", "a segment or a value tier", "Group"),
            Column("topic", "text", "what the line is about", "About", levels=TOPICS),
            Column("measure", "text", "what is measured: a measure, a stage, a channel or the key of a tag", "Measure"),
            n_column("customers on whom it rests"),
            Column("unit", "text", "unit of the figure", "Unit", levels=("share", "currency", "orders")),
            Column("figure", "number", "the figure, in its unit", "Figure", nullable=True, minimum=0),
            Column("figure_low", "number", "lower bound of figure at 95 %", nullable=True, minimum=0),
            Column("figure_high", "number", "upper bound of figure at 95 %", nullable=True, minimum=0),
            Column("elsewhere", "number", "the same among all other customers", "Others", nullable=True, minimum=0),
            SUPPRESSED,
        ),
    )


PORTRAITS = _portraits("portraits", "purchases, descriptions and coupons say", OWN)
PORTRAITS_BESIDE = _portraits("portraits_beside", "channels and other deliveries say", (*OWN, *OTHERS))

TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (PORTRAITS, PORTRAITS_BESIDE)}

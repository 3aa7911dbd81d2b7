"""The tables about patterns of groups of customers, which the room of patterns makes and that of segments writes."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: What is said of a pair in a group: nothing, that it stands, and whether it stands out from the other groups.
CHANCE, STANDS, STRONGER, WEAKER = "may be chance", "as elsewhere", "stronger here", "weaker here"

#: What stands in for loyalty; what is bought elsewhere is not observed.
ORDERS, SPEND, CATEGORIES = "orders", "spend", "categories"
MEASURES = (ORDERS, SPEND, CATEGORIES)

_READS = ("order_lines", "products")
_LEVEL = Column("level", "text", "level of the product hierarchy", "Level")
_SEGMENT = Column("segment", "text", "the segment's computed name, or another group of customers", "Segment")


def _lifts(name: str, meaning: str, label: str) -> tuple[Column, ...]:
    return estimate_columns(name, "number", meaning, label, "ratio")


def _pairs(name: str, meaning: str, label: str) -> Column:
    return Column(name, "integer", meaning, label, "pairs", minimum=0)


GROUP_RULES = TableSchema(
    name="segment_rules",
    grain="group and tested pair of items",
    key=("level", "segment", "rule"),
    meaning="Pairs tested in each group of customers, beyond basket size, and held against all other groups.",
    reads=_READS,
    columns=(
        _LEVEL,
        _SEGMENT,
        Column("rule", "text", "both items", "Pair"),
        *_lifts("lift", "times as often as basket size explains, in the group", "Lift"),
        *_lifts("elsewhere_lift", "the same among customers of all other groups", "Elsewhere"),
        *_lifts("ratio", "lift in the group by that elsewhere", "Ratio"),
        n_column("customers of the group (who test) with both"),
        Column("p", "number", "p-value against basket size", minimum=0, maximum=1),
        Column("p_yekutieli", "number", "adjusted over the pairs of all groups", minimum=0, maximum=1),
        Column("p_apart", "number", "p-value against elsewhere, two-sided", nullable=True, minimum=0, maximum=1),
        Column("p_apart_yekutieli", "number", "adjusted over all held apart", nullable=True, minimum=0, maximum=1),
        Column("verdict", "text", "what stands", "Verdict", levels=(CHANCE, STANDS, STRONGER, WEAKER)),
        SUPPRESSED,
    ),
)  # fmt: skip

GROUP_ACCOUNT = TableSchema(
    name="segment_rule_account",
    grain="group of customers",
    key=("level", "segment"),
    meaning="How many pairs were tested in each group, stand there, and tell it from the others.",
    reads=_READS,
    columns=(
        _LEVEL,
        _SEGMENT,
        Column("customers", "integer", "customers of the group with a basket", "Customers", "customers", minimum=0),
        _pairs("tested", "pairs that the group's half that explores shows", "Tested"),
        _pairs("stand", "that stand beyond basket size among its other half", "Stand"),
        _pairs("stronger", "that are stronger there than elsewhere", "Stronger here"),
        _pairs("weaker", "that are weaker there than elsewhere", "Weaker here"),
    ),
)

GROUP_TRENDS = TableSchema(
    name="segment_trends",
    grain="group of customers and measure",
    key=("segment", "measure"),
    meaning="Whether the customers of a group buy more or less from quarter to quarter, each held against themselves.",
    reads=_READS,
    columns=(
        _SEGMENT,
        Column("measure", "text", "what stands in for loyalty", "Measure", levels=MEASURES),
        *estimate_columns("own_change", "number", "as many times as a quarter earlier", "Own", "ratio"),
        *estimate_columns("change", "number", "the same, groups drawn toward each other", "Change", "ratio"),
        n_column("customers it rests on"),
        SUPPRESSED,
    ),
)

GROUP_TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (GROUP_RULES, GROUP_ACCOUNT, GROUP_TRENDS)}

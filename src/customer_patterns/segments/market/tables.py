"""The tables about which group of customers to turn to first."""

from __future__ import annotations

from customer_patterns.schemas import Column, TableSchema, estimate_columns, n_column

#: By what groups are ranked.
CRITERIA = ("size", "value", "growth", "reach")

#: What "reach" rests on: the first of these that a study has.
CONSENTED, MAILED, NO_REACH = REACHES = ("allowed marketing", "on the mailing list", "not known")

_READS = ("orders", "order_lines", "products", "campaign_recipients", "consents")
_GROUP = Column("group", "text", "a segment, or a value tier where there are no segments", "Group")


TARGET_MARKETS = TableSchema(
    name="target_markets",
    grain="group",
    key=("group",),
    meaning="Groups ranked by size, value, growth and reach with the declared weights, and how far that holds.",
    reads=_READS,
    columns=(
        Column("place", "integer", "place with the declared weights", "No.", minimum=1),
        _GROUP,
        n_column("customers in the group"),
        *estimate_columns("size", "share", "share of the customers", "Size"),
        *estimate_columns("value", "number", "revenue per customer and month", "Value a month", "currency"),
        *estimate_columns("growth", "number", "revenue of the last window by that before", "Growth", "ratio"),
        *estimate_columns("reach", "share", "share who can be reached", "Reach"),
        Column("reached_by", "text", "what reach means here", "Reached", levels=REACHES),
        Column("score", "share", "weighted mean of the criteria, each from the worst group to the best", "Score", ""),
        Column("draws", "integer", "weightings drawn", "Weightings", "weightings", minimum=1),
        *estimate_columns(
            "first", "share", "share of drawn weightings and resampled customers in which it ranks first", "First"
        ),
        Column("first_by_weights", "share", "with these customers", "First, other weights", "share", False, 0, 1),
        Column(
            "first_by_customers", "share", "the same with the declared weights", "First, other customers", "share",
            False, 0, 1,
        ),
    ),
)  # fmt: skip

TARGET_RANKS = TableSchema(
    name="target_ranks",
    grain="group and rank",
    key=("group", "rank"),
    meaning="How often each group takes each rank, over drawn weightings and resampled customers.",
    reads=_READS,
    columns=(
        _GROUP,
        Column("rank", "integer", "rank, the best first", "Rank", minimum=1),
        Column("draws", "integer", "weightings drawn", "Weightings", "weightings", minimum=1),
        Column("share", "share", "share of the draws", "Share", "share", False, 0, 1),
    ),
)

TARGET_WEIGHTS = TableSchema(
    name="target_weights",
    grain="criterion",
    key=("criterion",),
    meaning="What the criteria count for: declared, not found in the data.",
    columns=(
        Column("criterion", "text", "criterion", "Criterion", levels=CRITERIA),
        Column(
            "weight", "share", "what it counts for; none where the study does not know it", "Weight", "", False, 0, 1
        ),
    ),
)

TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (TARGET_MARKETS, TARGET_RANKS, TARGET_WEIGHTS)}

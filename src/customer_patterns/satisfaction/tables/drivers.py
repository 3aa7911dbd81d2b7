"""The tables of what goes with contentment overall."""

from __future__ import annotations

from customer_patterns.satisfaction.tables.columns import ANSWERS, DIMENSION, answers, customers
from customer_patterns.schemas import Column, TableSchema, estimate_columns

QUADRANT_NAMES = ("keep it up", "look here first", "more than needed", "can wait")

DRIVERS = TableSchema(
    name="drivers",
    grain="dimension",
    key=("dimension",),
    meaning="How much of what the dimensions explain of contentment overall each accounts for, and how well it does.",
    columns=(
        Column("rank", "integer", "by importance, 1 the most important", label="Rank", minimum=1),
        DIMENSION,
        answers("answer sheets with all dimensions"),
        customers(),
        *estimate_columns("importance", "share", "part of the explained variance (LMG)", "Importance"),
        *estimate_columns("alone", "share", "explained by no other dimension, of all variance", "On its own"),
        *estimate_columns("performance", "number", "mean score, 0 to 100", "Performance", "points"),
        *estimate_columns("explained", "share", "variance that all dimensions explain together", "Explained by all"),
        Column(
            "quadrant",
            "text",
            "where importance and performance most likely lie against their means",
            label="Where it lies",
            levels=QUADRANT_NAMES,
        ),
        Column(
            "quadrant_probability", "share", "share of resamples in which it lies there", "Likely", "share", False, 0, 1
        ),
    ),
    reads=ANSWERS,
)

DRIVER_PAIRS = TableSchema(
    name="driver_pairs",
    grain="pair of dimensions",
    key=("dimension", "other"),
    meaning="Which dimensions can be told apart by their importance.",
    columns=(
        Column("dimension", "text", "the more important one", label="Dimension"),
        Column("other", "text", "the less important one", label="Compared with"),
        answers("answer sheets with all dimensions"),
        *estimate_columns("difference", "number", "difference of importance", "Difference", "share", signed=True),
        Column(
            "verdict",
            "text",
            "whether the interval of the difference lies above zero",
            label="Verdict",
            levels=("told apart", "not told apart"),
        ),
    ),
    reads=ANSWERS,
)

#: Where a slope holds, in a drawing of both.
BELOW, ABOVE = "below the median", "above the median"

MUST_BE, PERFORMANCE, DELIGHT, NO_EFFECT = KINDS = ("must-be", "performance", "delight", "no effect found")

ASYMMETRY = TableSchema(
    name="penalties_and_rewards",
    grain="dimension",
    key=("dimension",),
    meaning="By how much contentment overall falls where a dimension does badly, and rises where it does well.",
    columns=(
        DIMENSION,
        answers("answer sheets with all dimensions"),
        Column("middle", "number", "median score, where penalties end", "Median", "points", False, 0, 100),
        *estimate_columns("penalty", "number", "per ten points below the median", "Penalty", "points", signed=True),
        *estimate_columns("reward", "number", "per ten points above the median", "Reward", "points", signed=True),
        *estimate_columns("asymmetry", "number", "reward less penalty", "Reward less penalty", "points", signed=True),
        Column("kind", "text", "which of the two is larger, beyond chance", label="It is", levels=KINDS),
    ),
    reads=ANSWERS,
)

MATTERS_MORE, MATTERS_LESS, MATTERS_UNSURE = MATTERS = ("matters", "matters less", "not sure")

FIRST, KEEP, MINOR, THEY_DIFFER, NOT_SURE = VIEW_VERDICTS = (
    "all say: look here first",
    "all say: keep it up",
    "all say: can wait",
    "they differ",
    "not sure",
)

DRIVER_VIEWS = TableSchema(
    name="driver_views",
    grain="dimension",
    key=("dimension",),
    meaning="What three ways of asking say of each dimension, and where they agree.",
    columns=(
        DIMENSION,
        answers("answer sheets with all dimensions"),
        *estimate_columns("importance", "share", "part of the explained variance (LMG)", "Importance"),
        Column("by_share", "text", "whether that is more than its part", "By its share", levels=MATTERS),
        *estimate_columns("penalty", "number", "per ten points below the median", "Penalty", "points", signed=True),
        Column("kind", "text", "which of penalty and reward is larger, beyond chance", label="It is", levels=KINDS),
        Column("by_slope", "text", "whether it moves contentment overall", "By its slopes", levels=MATTERS),
        Column("quadrant", "text", "where it lies most often", "On the map", levels=QUADRANT_NAMES),
        Column("quadrant_probability", "share", "in which share of resamples", "Likely", "share", False, 0, 1),
        Column("by_map", "text", "whether it lies in the upper half for sure", "By the map", levels=MATTERS),
        Column("verdict", "text", "what all three say", "All three", levels=VIEW_VERDICTS),
    ),
    reads=ANSWERS,
)

GROUP_DRIVERS = TableSchema(
    name="group_drivers",
    grain="segment and dimension",
    key=("segment", "dimension"),
    meaning="What each dimension accounts for in a segment, beside all other customers.",
    columns=(
        Column("segment", "text", "the segment's name", label="Segment"),
        DIMENSION,
        answers("answer sheets of the segment"),
        *estimate_columns("importance", "share", "part of the explained variance (LMG)", "Importance"),
        *estimate_columns("difference", "number", "less that among all others", "Difference", "share", signed=True),
        Column("adjusted_p", "number", "of such a difference by chance, adjusted", "p, adjusted", "", True, 0, 1),
        Column("verdict", "text", "whether it differs", "Verdict", levels=("differs", "not told apart")),
    ),
    reads=(*ANSWERS, "customer_segments"),
)

#: The tables by name.
TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        DRIVERS,
        DRIVER_PAIRS,
        ASYMMETRY,
        DRIVER_VIEWS,
        GROUP_DRIVERS,
    )
}

"""The tables about who has moved from one period to the next."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: What counts as a move.
SEGMENT, TIER, HIGHER, LOWER = MOVES = (
    "into another segment",
    "into another value tier",
    "to a higher value level",
    "to a lower value level",
)

#: What the comparison ends in.
MORE, NO_MORE, TOO_SHORT, TOO_FEW = VERDICTS = (
    "more than resampling alone",
    "no more than resampling alone",
    "study too short",
    "too few to compare",
)

#: What became of a cluster.
KEPT, NEW, SPLIT, GONE, MERGED = FATES = ("kept", "new", "split off", "gone", "merged")

#: What is compared with what, in charts.
COUNTED, RESAMPLED = "counted here", "by resampling alone"

_LEVELS = ("high", "potential", "ordinary")
_HABITS = ("orders", "order_lines", "products")
_COMPARED = Column("compared", "integer", "customers with orders enough in both periods", "Compared", "customers")


def _resampled(meaning: str) -> tuple[Column, ...]:
    """What random splits of the same weeks give: their mean, and the middle nine tenths of them."""
    return (
        Column(
            "by_resampling", "share", f"{meaning}, mean of even random splits of the same weeks", "By resampling alone"
        ),
        Column("by_resampling_from", "share", "the lowest twentieth of the splits lies below", "Splits from"),
        Column("by_resampling_to", "share", "the highest twentieth of the splits lies above", "Splits to"),
    )


MOVEMENT_VERDICT = TableSchema(
    name="movement_verdict",
    grain="study",
    key=("verdict",),
    meaning="Which two periods were compared to see who has moved, of whom, and what came of it.",
    reads=_HABITS,
    columns=(
        Column("verdict", "text", "what the comparison ended in", "Verdict", levels=VERDICTS),
        Column("period_days", "integer", "days of either period", "Days", "days", minimum=0),
        Column("from_day", "date", "first day of the earlier period", "From", nullable=True),
        Column("middle_day", "date", "first day of the later period", "Then from", nullable=True),
        Column("to_day", "date", "last day of the later period", "To", nullable=True),
        _COMPARED,
        Column("others", "integer", "customers with an order in them who have too few", "Too few orders", "customers"),
        Column("splits", "integer", "random splits of the weeks, clusters and all", "Splits", minimum=0),
    ),
)

MOVEMENT = TableSchema(
    name="movement",
    grain="kind of move",
    key=("moved",),
    meaning="How many customers moved from one period to the next, and how many would by resampling alone.",
    reads=_HABITS,
    columns=(
        Column("moved", "text", "what counts as a move", "Moved", levels=MOVES),
        Column("n", "integer", "customers compared", "Customers", "customers", minimum=0),
        *estimate_columns("share_moved", "share", "share who moved", "Counted"),
        *_resampled("share who would move"),
        *estimate_columns("excess", "share", "share who moved less that of the splits", "Beyond", signed=True),
        Column("deals", "integer", "random splits that this rests on", "Splits", minimum=0),
        Column("p_value", "share", "share of splits, the real one included, that move as many", "Splits as many"),
        Column("adjusted_p", "share", "the same, adjusted for there being several kinds of move", "Adjusted"),
        Column("stands", "boolean", "whether more moved than resampling alone would move", "Stands"),
    ),
)

MOVEMENT_FLOWS = TableSchema(
    name="movement_flows",
    grain="value level before and after",
    key=("before", "after"),
    meaning="From which value level to which customers moved, beside what resampling alone would give.",
    reads=("orders",),
    columns=(
        Column("before", "text", "value level in the earlier period", "Before", levels=_LEVELS),
        Column("after", "text", "value level in the later period", "After", levels=_LEVELS),
        n_column("customers"),
        *estimate_columns("share", "share", "share of those of the earlier level", "Share"),
        Column("by_resampling", "share", "the same, mean of random splits", "By resampling alone", nullable=True),
        SUPPRESSED,
    ),
)

MOVEMENT_MATCHES = TableSchema(
    name="movement_matches",
    grain="cluster of either period",
    key=("place",),
    meaning="Which cluster of the later period is which of the earlier, and which are new, gone, split off or merged.",
    reads=_HABITS,
    columns=(
        Column("place", "integer", "place in the order of the table", "No.", minimum=1),
        Column("earlier", "text", "computed name in the earlier period", "Earlier", nullable=True),
        Column("later", "text", "computed name in the later period", "Later", nullable=True),
        Column("fate", "text", "what became of it", "Became", levels=FATES),
        Column("n", "integer", "customers in both; of a new or gone one all", "Customers", "customers", nullable=True),
        Column(
            "overlap",
            "share",
            "customers of the later period who are in it by either period's borders, by those in one of them (Jaccard)",
            "In common",
            nullable=True,
        ),
        Column(
            "least_overlap",
            "share",
            "what the worst match of even splits has in common, nineteen times of twenty",
            "By chance at least",
        ),
        SUPPRESSED,
    ),
)

TABLES = {table.name: table for table in (MOVEMENT_VERDICT, MOVEMENT, MOVEMENT_FLOWS, MOVEMENT_MATCHES)}

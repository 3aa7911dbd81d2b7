"""The table about sequences that tell groups apart."""

from __future__ import annotations

from customer_patterns.patterns.tables import LEVEL, READS, lifts
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema

#: In which group a sequence follows more often beyond chance.
FIRST, SECOND, NEITHER = "more in the first", "more in the second", "may be chance"

DISTINGUISHING_SEQUENCES = TableSchema(
    name="distinguishing_sequences",
    grain="tested sequence of two items",
    key=("level", "sequence"),
    meaning="Sequences held apart between two groups of customers, each against its own visits in another order.",
    reads=READS,
    columns=(
        LEVEL,
        Column("sequence", "text", "its visits in order", "Sequence"),
        *lifts("first_lift", "times as often as by chance in the first group", "First group"),
        *lifts("second_lift", "the same in the second group", "Second group"),
        *lifts("ratio", "lift in the first group by that in the second", "Ratio"),
        Column("first_n", "integer", "customers of the first group who show it", "First", "customers", True, 0),
        Column("second_n", "integer", "customers of the second group who show it", "Second", "customers", True, 0),
        Column("p", "number", "p-value of the difference, two-sided", minimum=0, maximum=1),
        Column("p_yekutieli", "number", "adjusted by Benjamini and Yekutieli", minimum=0, maximum=1),
        Column("verdict", "text", "what stands", "Verdict", levels=(FIRST, SECOND, NEITHER)),
        SUPPRESSED,
    ),
)

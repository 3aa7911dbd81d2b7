"""The tables about sequences: what each row is, each column, its unit and range."""

from __future__ import annotations

from customer_patterns.patterns.tables import LATER, LEVEL, OUTCOMES, READS, lifts
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, n_column

#: What stands of a sequence: chance, things bought in one phase or season in any order, or an order.
CHANCE, ANY_ORDER, IN_ORDER = "may be chance", "close in time", "in this order"

_LENGTH = Column("length", "integer", "items in the sequence", "Items", minimum=2, maximum=3)


def _sequences(name: str, meaning: str, label: str) -> Column:
    return Column(name, "integer", meaning, label, "sequences", minimum=0)


SEQUENCE_ACCOUNT = TableSchema(
    name="sequence_account",
    grain="level and length of sequences",
    key=("level", "length"),
    meaning="How many sequences were searched, and how many stand after each test.",
    reads=READS,
    columns=(
        LEVEL,
        _LENGTH,
        Column("outcome", "text", "how the search ended", "Outcome", levels=OUTCOMES),
        Column("visits", "integer", "days on which customers bought goods of this level", "Visits", minimum=0),
        Column("customers", "integer", "customers with such a day", "Customers", "customers", minimum=0),
        Column("items", "integer", "items of which enough customers bought", "Items", minimum=0),
        _sequences("frequent", "that enough of those who explore show; for three items: of those grown", "Frequent"),
        _sequences("tested", "of these more often than visits in another order would bring", "Tested"),
        _sequences("close", "beyond chance and season on those who test, by Benjamini and Yekutieli", "Close in time"),
        _sequences("in_order", "and in this order rather than the other", "In order"),
        _sequences("confirmed", "confirmed in the later months", "Confirmed"),
        Column(
            "detectable_lift", "number", "lift that is found in four of five such studies", "To be found", "ratio",
            True, 1,
        ),
    ),
)  # fmt: skip

SEQUENCES = TableSchema(
    name="tested_sequences",
    grain="tested sequence of items at a level",
    key=("level", "sequence"),
    meaning="Every sequence that was tested, with all that the tests say.",
    reads=READS,
    columns=(
        LEVEL,
        Column("sequence", "text", "its visits in order, items of one visit joined by a plus", "Sequence"),
        _LENGTH,
        Column(
            "explored_lift", "number", "lift among those who explore: chosen as large", "Explored", "ratio", True, 0
        ),
        n_column("customers (who test) who show it"),
        *lifts("order_lift", "times as often as if visits had come in another order, season apart", "Lift"),
        Column("back_lift", "number", "the same the other way round", "Other way", "ratio", True, 0),
        Column("order_ratio", "number", "lift by that of the other way round", "By order", "ratio", True, 0),
        Column("p", "number", "p-value against chance and season", minimum=0, maximum=1),
        Column("p_order", "number", "p-value against the other order", minimum=0, maximum=1),
        Column("p_yekutieli", "number", "p, adjusted by Benjamini and Yekutieli", minimum=0, maximum=1),
        Column("p_both", "number", "the larger p-value, adjusted by Benjamini and Yekutieli", minimum=0, maximum=1),
        Column("verdict", "text", "what stands", "Verdict", levels=(CHANCE, ANY_ORDER, IN_ORDER)),
        *lifts("later_lift", "lift in the later months", "Later"),
        Column("later_n", "integer", "customers who show it in the later months", "Later", "customers", True, 0),
        Column("later", "text", "what the later months say", "Later months", levels=LATER),
        SUPPRESSED,
    ),
)

#: What a sequence is held against, and the other way round.
SHUFFLED, SEASON, OTHER_WAY = "beyond shuffled visits", "time of year taken out too", "the other way round"

SEQUENCE_COMPARISONS = TableSchema(
    name="sequence_comparisons",
    grain="lift of a sequence of two, by what it is compared with",
    key=("level", "sequence", "measure"),
    meaning="The sequences that came out strongest, held against shuffled visits, season and the other order.",
    reads=READS,
    columns=(
        LEVEL,
        SEQUENCES["sequence"],
        Column("measure", "text", "what is compared", "Compared", levels=(SHUFFLED, SEASON, OTHER_WAY)),
        *lifts("lift", "how many times as often as that lets expect", "Lift"),
        Column("n", "integer", "customers who show it", "Customers", "customers", minimum=0),
    ),
)

SEQUENCE_TABLES: dict[str, TableSchema] = {
    schema.name: schema for schema in (SEQUENCE_ACCOUNT, SEQUENCES, SEQUENCE_COMPARISONS)
}

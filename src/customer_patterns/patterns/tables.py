"""The tables that the stage ``patterns`` writes: what each row is, each column, its unit and range."""

from __future__ import annotations

from customer_patterns.patterns.baskets import LEVEL_WORDS
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

READS = ("order_lines", "products")

#: Baskets of more different items are set aside: no household fills them.
LARGEST_BASKET = 150

#: How a search at one level ended.
SEARCHED, TOO_FEW, NO_ITEMS, NOTHING_FREQUENT, TOO_MUCH = (
    "searched",
    "too few customers",
    "no items",
    "nothing frequent",
    "too much memory",
)
OUTCOMES = (SEARCHED, TOO_FEW, NO_ITEMS, NOTHING_FREQUENT, TOO_MUCH)

#: What stands after the tests: chance, tastes that go together, or a meeting in the basket itself.
CHANCE, SAME_CUSTOMERS, SAME_BASKET = "may be chance", "same customers", "same basket"

#: What the later months say.
CONFIRMED, WEAKER, NOT_FOUND, NOT_ENOUGH, NOT_ASKED = (
    "confirmed",
    "weaker",
    "not found again",
    "not enough data",
    "not asked",
)
LATER = (CONFIRMED, WEAKER, NOT_FOUND, NOT_ENOUGH, NOT_ASKED)

#: The sieves that sets pass, in their order.
STEPS = (
    "could be found",
    "frequent",
    "pass a naive test",
    "worth testing",
    "beyond basket size, on others",
    "beyond habit as well",
    "confirmed later",
)

LEVEL = Column("level", "text", "level of the product hierarchy", "Level", levels=LEVEL_WORDS)
_LENGTH = Column("length", "integer", "items in the set", "Items in a set", minimum=2, maximum=3)
SIDES = (
    Column("antecedents", "text", "items of which the rule speaks first, ascending", "With"),
    Column("consequents", "text", "the item that is then found more often", "Also"),
)
_N = n_column("customers (who test) with all of it in one basket")


def lifts(name: str, meaning: str, label: str) -> tuple[Column, ...]:
    """Columns of a lift and of its interval."""
    return estimate_columns(name, "number", meaning, label, "ratio")


def _measure(name: str, meaning: str, label: str = "", *, share: bool = False, signed: bool = False) -> Column:
    """One of mlxtend's measures, over the baskets of those who explore."""
    least = None if signed else 0
    unit = "share" if share else ""
    return Column(name, "share" if share else "number", meaning, label, unit, True, least, 1 if share else None)


_ACCOUNT = (
    Column("baskets", "integer", "baskets of goods with an item of this level", "Baskets", "baskets", minimum=0),
    Column("customers", "integer", "customers with such a basket", "Customers", "customers", minimum=0),
    Column("giants", "integer", "baskets set aside as too large for a household", "Set aside", "baskets", minimum=0),
    Column("items", "integer", "items of this level", "Items on sale", minimum=0),
    Column("frequent_items", "integer", "items that are frequent by themselves", "Frequent items", minimum=0),
)


def _sets(name: str, meaning: str, label: str) -> Column:
    return Column(name, "integer", meaning, label, "sets", minimum=0)


SEARCH_ACCOUNT = TableSchema(
    name="search_account",
    grain="level and length of sets",
    key=("level", "length"),
    meaning="How many sets were searched, and how many of them stand after each test.",
    reads=READS,
    columns=(
        LEVEL,
        _LENGTH,
        Column("outcome", "text", "how the search ended", "Outcome", levels=OUTCOMES),
        *_ACCOUNT,
        _sets("searched", "sets of frequent items: all that could be frequent", "Possible"),
        _sets("frequent", "frequent among those who explore", "Frequent"),
        _sets("naive", "that pass a test which takes baskets for independent and of one size", "Naive test"),
        _sets("tested", "worth testing: met more often than by chance among those who explore", "Tested"),
        _sets("hochberg", "beyond basket size among those who test, by Benjamini and Hochberg", "Hochberg"),
        _sets("yekutieli", "beyond basket size among those who test, by Benjamini and Yekutieli", "Stand"),
        _sets("same_basket", "beyond each customer's own habit as well", "Beyond habit"),
        _sets("confirmed", "confirmed in the later months", "Confirmed"),
        Column(
            "detectable_lift",
            "number",
            "lift that is found in four of five such studies",
            "To be found",
            "ratio",
            True,
            1,
        ),
    ),
)

FUNNEL = TableSchema(
    name="funnel",
    grain="sieve of a level and length of sets",
    key=("level", "length", "position"),
    meaning="The same account, one sieve after the other.",
    reads=READS,
    columns=(
        LEVEL,
        _LENGTH,
        Column("position", "integer", "place of the sieve", "Position", minimum=1),
        Column("step", "text", "the sieve", "Sieve", levels=STEPS),
        _sets("sets", "sets that pass it", "Sets"),
    ),
)

ITEMSETS = TableSchema(
    name="itemsets",
    grain="frequent set of items at a level",
    key=("level", "itemset"),
    meaning="What is frequent in the baskets of those who explore.",
    reads=READS,
    columns=(
        LEVEL,
        Column("itemset", "text", "its items, ascending", "Set"),
        Column("length", "integer", "how many items", "Length", minimum=1, maximum=3),
        Column("baskets", "integer", "baskets that hold all of it", "Baskets", "baskets", minimum=0),
        Column("support", "share", "their share of all baskets", "Support", minimum=0, maximum=1),
    ),
)

RULES = TableSchema(
    name="tested_rules",
    grain="tested set of items at a level, as the rule of its largest confidence",
    key=("level", "antecedents", "consequents"),
    meaning="Every set that was tested, with all that the tests say; up to kulczynski the measures are mlxtend's.",
    reads=READS,
    columns=(
        LEVEL,
        *SIDES,
        _LENGTH,
        _measure("antecedent_support", "share of baskets with the antecedents", share=True),
        _measure("consequent_support", "share of baskets with the consequent", share=True),
        _measure("support", "share of baskets with all of it", "Baskets with both", share=True),
        _measure(
            "confidence", "share of baskets with the antecedents that hold the consequent", "Of these", share=True
        ),
        _measure(
            "lift", "confidence by the consequent's support: what basket size explains is still in it", "Naive lift"
        ),
        _measure("leverage", "support less the product of both supports", signed=True),
        _measure("conviction", "how often the rule would be wrong by chance, by how often it is; missing: never"),
        _measure("zhangs_metric", "Zhang's measure, -1 to 1", signed=True),
        _measure("jaccard", "baskets with all of it by baskets with any side", share=True),
        _measure("certainty", "certainty factor, -1 to 1", signed=True),
        _measure("kulczynski", "mean of the confidences in both directions", share=True),
        _measure("explored_lift", "lift beyond basket size among those who explore: chosen as large"),
        Column("around", "text", "the item among whose baskets the lift is taken; missing for pairs", nullable=True),
        *lifts("stratified_lift", "how many times as often as basket size explains, among those who test", "Lift"),
        *lifts("habit_lift", "the same beyond each customer's own habit", "Beyond habit"),
        _N,
        Column("extra_baskets", "share", "share of baskets in which they meet beyond chance", "Extra", nullable=True),
        Column("p", "number", "p-value against basket size", minimum=0, maximum=1),
        Column("p_hochberg", "number", "adjusted by Benjamini and Hochberg", minimum=0, maximum=1),
        Column("p_yekutieli", "number", "adjusted by Benjamini and Yekutieli", minimum=0, maximum=1),
        Column(
            "p_habit", "number", "p-value against habit; missing where not asked", nullable=True, minimum=0, maximum=1
        ),
        Column("p_both", "number", "the larger p-value, adjusted by Benjamini and Yekutieli", minimum=0, maximum=1),
        Column("verdict", "text", "what stands", "Verdict", levels=(CHANCE, SAME_CUSTOMERS, SAME_BASKET)),
        *lifts("later_lift", "lift beyond basket size in the later months", "Later"),
        *lifts("expected_lift", "later lift, drawn towards the others' as far as its error demands", "To expect"),
        Column("later_n", "integer", "customers with all of it in one later basket", "Later", "customers", True, 0),
        Column("later", "text", "what the later months say", "Later months", levels=LATER),
        SUPPRESSED,
    ),
)

SHOWN_RULES = TableSchema(
    name="shown_rules",
    grain="rule that the chapter shows",
    key=("level", "rank"),
    meaning="The few rules to look at first: they stand, are confirmed, are strong, and no item fills the list.",
    reads=READS,
    columns=(
        LEVEL,
        Column("rank", "integer", "place by baskets beyond chance", "No.", minimum=1),
        *SIDES,
        Column("rule", "text", "both sides together", "Rule"),
        RULES["support"],
        RULES["confidence"],
        RULES["extra_baskets"],
        *lifts("stratified_lift", "how many times as often as basket size explains", "Lift"),
        *lifts("habit_lift", "the same beyond each customer's own habit", "Beyond habit"),
        *lifts("later_lift", "the lift in the later months", "Later"),
        *lifts("expected_lift", "the lift to expect: the later one, drawn towards the others'", "To expect"),
        Column(
            "n", "integer", "customers (who test) with all of it in one basket", "Customers", "customers", minimum=0
        ),
        RULES["later_n"],
        RULES["later"],
    ),
)

#: Against what the meetings of a rule's items are held.
BEYOND_SIZE, BEYOND_HABIT, LATER_ON = "beyond basket size", "beyond habit as well", "beyond basket size, later"

COMPARISONS = TableSchema(
    name="comparisons",
    grain="lift of a pair that stands, by what it is compared with",
    key=("level", "rule", "measure"),
    meaning="The same pairs held against basket size, against habit, and looked at again later.",
    reads=READS,
    columns=(
        LEVEL,
        RULES["antecedents"],
        RULES["consequents"],
        SHOWN_RULES["rule"],
        Column("measure", "text", "what is compared", "Compared", levels=(BEYOND_SIZE, BEYOND_HABIT, LATER_ON)),
        *lifts("lift", "how many times as often as that explains", "Lift"),
        Column("n", "integer", "customers with all of it in one basket", "Customers", "customers", minimum=0),
    ),
)

LATER_COUNTS = TableSchema(
    name="later_counts",
    grain="level and what the later months say",
    key=("level", "later"),
    meaning="How many of the sets that stand were found again in the later months.",
    reads=READS,
    columns=(
        LEVEL,
        Column("later", "text", "what the later months say", "Later months", levels=LATER),
        _sets("sets", "sets of which that is so", "Sets"),
        _sets("stand", "all sets of the level that stand, beyond habit as well", "Of"),
    ),
)

PLAIN_LIFTS = TableSchema(
    name="plain_lifts",
    grain="pair that the chapter shows",
    key=("level", "rule"),
    meaning="The shown pairs in one plain stratification by basket size (Mantel-Haenszel), over everybody's baskets.",
    reads=READS,
    columns=(
        LEVEL,
        RULES["antecedents"],
        RULES["consequents"],
        SHOWN_RULES["rule"],
        Column("baskets", "integer", "baskets that hold both", "Baskets", "baskets", minimum=0),
        *lifts("plain_lift", "how many times as often as shares among baskets of one size explain", "Plain lift"),
        Column("n", "integer", "customers with both in one basket", "Customers", "customers", minimum=0),
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        SEARCH_ACCOUNT,
        FUNNEL,
        ITEMSETS,
        RULES,
        SHOWN_RULES,
        COMPARISONS,
        LATER_COUNTS,
        PLAIN_LIFTS,
    )
}

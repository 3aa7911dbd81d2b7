"""The tables that the stage ``segments`` writes."""

from __future__ import annotations

from customer_patterns.features.group_patterns import GROUP_TABLES
from customer_patterns.features.habits import CUSTOMER_HABITS
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column
from customer_patterns.segments.bases import tables as bases
from customer_patterns.segments.clusters import tables as clusters
from customer_patterns.segments.lifecycle import tables as lifecycle
from customer_patterns.segments.market import tables as market
from customer_patterns.segments.movement import tables as movement
from customer_patterns.segments.portraits import tables as portraits
from customer_patterns.segments.tags import tables as tags

#: The tiers, from the highest to the lowest. Their rules stand in ``tiers.RULES``.
TIER_NAMES = (
    "Champions",
    "Loyal regulars",
    "Champions seen less lately",
    "Regulars seen less lately",
    "Promising shoppers",
    "Regulars not seen lately",
    "Steady shoppers",
    "Light shoppers",
    "Shoppers not seen lately",
    "Light shoppers not seen lately",
)

#: The coarse view.
VALUE_LEVELS = ("high", "potential", "ordinary")

#: What the search for clusters ends in.
CLUSTERS, CONSTRUCTIVE, NONE, NOT_ENOUGH = VERDICTS = (
    "clusters",
    "constructive segmentation",
    "none",
    "not enough data",
)

#: How a group's share is counted, and what is compared with what, in charts.
BY_NUMBER, BY_REVENUE = "share by number", "share by revenue"
THESE, CLOUDS = "found here", "one cloud without clusters"

#: What the tables are made from; nothing here is made from answers, contacts or feedback.
_ORDERS, _HABITS = ("orders",), ("orders", "order_lines", "products")

_CUSTOMER = Column("customer_id", "text", "the customer's key")
_PLACE = Column("place", "integer", "place in the order of the table", label="No.", minimum=1)
_TIER = Column("tier", "text", "value tier", label="Tier", levels=TIER_NAMES)
_LEVEL = Column("value_level", "text", "coarse view of the tiers", label="Value level", levels=VALUE_LEVELS)
_SEGMENT = Column("segment", "text", "the segment's computed name", label="Segment")


_ALL = Column(
    "customers", "integer", "all customers, on whom the shares rest", "All {customers}", "customers", minimum=0
)


def _score(name: str, meaning: str) -> Column:
    return Column(f"{name}_score", "integer", meaning, f"{name.capitalize()} score", minimum=1, maximum=5)


CUSTOMER_SEGMENTS = TableSchema(
    name="customer_segments",
    grain="customer",
    key=("customer_id",),
    meaning="Scores, tier and segment of each customer who ordered goods. Never printed: a row is about one customer.",
    reads=_HABITS,
    columns=(
        _CUSTOMER,
        Column("recency_days", "integer", "days since the last order of goods", "Last order", "days", minimum=0),
        Column("orders", "integer", "orders of goods", unit="orders", minimum=1),
        Column("revenue", "money", "goods and fuel", unit="currency", minimum=0),
        _score("recency", "5: ordered most lately"),
        _score("frequency", "5: most orders"),
        _score("monetary", "5: most revenue"),
        _TIER,
        _LEVEL,
        Column(
            "segment", "text", "computed name of the cluster; none with too few orders, or no clusters", nullable=True
        ),
    ),
)

SCORES = TableSchema(
    name="score_levels",
    grain="score and level",
    key=("measure", "level"),
    meaning="Who has which score, and what it means in days, orders and money.",
    reads=_ORDERS,
    columns=(
        Column("measure", "text", "what is scored", label="Measure", levels=("recency", "frequency", "monetary")),
        Column("level", "integer", "the score, 5 best", label="Score", minimum=1, maximum=5),
        n_column("customers with this score"),
        _ALL,
        *estimate_columns("share_of_customers", "share", "share of all customers", "Customers"),
        *estimate_columns("typical_recency_days", "number", "median days since the last order", "Last order", "days"),
        *estimate_columns("typical_orders", "number", "median number of orders", "Orders", "orders"),
        *estimate_columns("typical_revenue", "number", "median revenue", "Revenue", "currency"),
        Column("empty", "boolean", "whether nobody has this score: too many share a value", "Empty"),
        SUPPRESSED,
    ),
)

TIER_RULES = TableSchema(
    name="tier_rules",
    grain="tier",
    key=("tier",),
    meaning="Between which scores the customers of each tier lie; declared, not found in the data.",
    columns=(
        _PLACE,
        _TIER,
        _LEVEL,
        Column("recency_from", "integer", "lowest recency score", "Recency from", minimum=1, maximum=5),
        Column("recency_to", "integer", "highest recency score", "Recency to", minimum=1, maximum=5),
        Column("worth_from", "integer", "lowest frequency and monetary score together", "F + M from", minimum=2),
        Column("worth_to", "integer", "highest frequency and monetary score together", "F + M to", maximum=10),
        Column("combinations", "integer", "combinations of scores in the tier", "Combinations", minimum=1, maximum=125),
    ),
)


TIER_GRID = TableSchema(
    name="tier_grid",
    grain="sum of frequency and monetary score",
    key=("worth",),
    meaning="The tier of every combination of scores, written out from the rules.",
    columns=(
        Column("worth", "integer", "frequency and monetary score together", "F + M", minimum=2, maximum=10),
        *(
            Column(f"recency_{score}", "text", f"tier at recency score {score}", f"Recency {score}", levels=TIER_NAMES)
            for score in range(5, 0, -1)
        ),
    ),
)


def _values(name: str, grain: str, group: Column, meaning: str, reads: tuple[str, ...]) -> TableSchema:
    return TableSchema(
        name=name,
        grain=grain,
        key=(group.name,),
        meaning=meaning,
        reads=reads,
        columns=(
            _PLACE,
            group,
            n_column("customers in the group"),
            _ALL,
            *estimate_columns("share_of_customers", "share", "share of the customers", "Customers"),
            *estimate_columns("share_of_revenue", "share", "share of their revenue", "Revenue"),
            *estimate_columns(
                "monthly_revenue", "number", "revenue per customer and month", "Revenue a month", "currency"
            ),
            *estimate_columns(
                "typical_recency_days", "number", "median days since the last order", "Last order", "days"
            ),
            *estimate_columns("typical_orders", "number", "median number of orders", "Orders", "orders"),
            SUPPRESSED,
        ),
    )


TIERS = _values("tiers", "tier", _TIER, "How many customers each tier has and what it brings.", _ORDERS)
VALUES = _values("value_levels", "value level", _LEVEL, "The same for the coarse view of the tiers.", _ORDERS)
SEGMENTS = _values("segments", "segment", _SEGMENT, "How many customers each segment has and what it brings.", _HABITS)

CLUSTER_STABILITY = TableSchema(
    name="cluster_stability",
    grain="number of clusters",
    key=("clusters",),
    meaning="How well clusters are found again in halves of the customers, beside clouds that have none.",
    reads=_HABITS,
    columns=(
        Column("clusters", "integer", "how many clusters", "Clusters", minimum=2),
        Column("stability", "share", "mean Jaccard similarity to clusters of random halves", "Found again"),
        Column("null_mean", "share", "the same in clouds without clusters, mean", "In clouds without clusters"),
        Column("null_from", "share", "the lowest twentieth of the clouds lies below", "Clouds from"),
        Column("null_to", "share", "the highest twentieth of the clouds lies above", "Clouds to"),
        Column(
            "prediction_strength",
            "share",
            "share of pairs of the worst cluster of a half that the other half foretold to be together",
            "Foretold",
        ),
        Column("null_prediction", "share", "the same in clouds without clusters, mean", "Foretold in clouds"),
        Column(
            "p_value",
            "share",
            "p: share of clouds, the customers included, where any number of clusters stands out as much",
            "Clouds as good",
        ),
        Column("smallest_share", "share", "share of the customers in the smallest cluster", "Smallest cluster"),
        Column("n", "integer", "customers on whom it was judged", "Customers", "customers", minimum=0),
        Column("chosen", "boolean", "whether this number was taken", "Taken"),
    ),
)

SEGMENT_VERDICT = TableSchema(
    name="segment_verdict",
    grain="study",
    key=("verdict",),
    meaning="Whether there are clusters, how many segments were made, and of whom.",
    reads=_HABITS,
    columns=(
        Column("verdict", "text", "what the search for clusters ended in", "Verdict", levels=VERDICTS),
        Column("segments", "integer", "how many segments were made", "Segments", "segments", minimum=0),
        Column("n", "integer", "customers with orders enough", "Customers", "customers", minimum=0),
        _ALL,
        Column("min_orders", "integer", "orders that were enough", "Orders needed", "orders", minimum=1),
        Column("p_value", "share", "the smallest p of any number of clusters", "Clouds as good", nullable=True),
    ),
)

HABIT_LABELS = (
    "orders a month",
    "value of a basket",
    "value of a product",
    "orders at the weekend",
    "orders in the evening",
    "own brand",
    "discounts",
    "focus on few categories",
)
_HABIT = Column("habit", "text", "what customers differ in", "Habit", levels=HABIT_LABELS)

HABIT_RELIABILITY = TableSchema(
    name="habit_reliability",
    grain="habit",
    key=("habit",),
    meaning="How far the differences between customers are theirs and not chance, from alternate weeks.",
    reads=_HABITS,
    columns=(
        _HABIT,
        n_column("customers with the habit in both halves of the weeks"),
        *estimate_columns(
            "reliability",
            "number",
            "one: the same in both halves; zero: nothing in common",
            "Reliability",
            "ratio",
            signed=True,
        ),
        Column("used", "boolean", "whether customers are grouped by it", "Used"),
    ),
)

SEGMENT_PROFILES = TableSchema(
    name="segment_profiles",
    grain="segment and habit",
    key=("segment", "habit"),
    meaning="How far each segment lies from the average customer, in standard deviations.",
    reads=_HABITS,
    columns=(
        _SEGMENT,
        _HABIT,
        n_column("customers in the segment"),
        *estimate_columns(
            "effect", "number", "standard deviations above the mean of all", "Standard deviations", "ratio", signed=True
        ),
        SUPPRESSED,
    ),
)

SEGMENT_HABITS = TableSchema(
    name="segment_habits",
    grain="segment",
    key=("segment",),
    meaning="The mean of each habit in each segment, in its own units.",
    reads=_HABITS,
    columns=(
        _PLACE,
        _SEGMENT,
        n_column("customers in the segment"),
        *(
            part
            for column in CUSTOMER_HABITS.columns[2:]
            for part in estimate_columns(
                column.name, column.kind, f"mean of: {column.meaning}", column.heading, column.unit
            )
        ),
        SUPPRESSED,
    ),
)

FEATURE_EFFECTS = TableSchema(
    name="feature_effects",
    grain="habit",
    key=("habit",),
    meaning="Which habits the segments are about: how much of the variance lies between segments.",
    reads=_HABITS,
    columns=(
        _HABIT,
        n_column("customers"),
        *estimate_columns("between", "share", "share of the variance that lies between segments", "Between segments"),
    ),
)

LEVELS_BY_SEGMENT = TableSchema(
    name="levels_by_segment",
    grain="segment and value level",
    key=("segment", "value_level"),
    meaning="How segments and value levels overlap.",
    reads=_HABITS,
    columns=(
        _SEGMENT,
        _LEVEL,
        n_column("customers in both"),
        Column("customers", "integer", "customers of the segment", "All of the segment", "customers", minimum=0),
        *estimate_columns("share_of_segment", "share", "share of the segment", "Of the segment"),
        SUPPRESSED,
    ),
)

AGREEMENT = TableSchema(
    name="agreement",
    grain="way to group customers",
    key=("compared",),
    meaning="Whether value tiers and segments say the same of customers.",
    reads=_HABITS,
    columns=(
        Column(
            "compared", "text", "what is compared with the segments", "Compared", levels=("value tiers", "value levels")
        ),
        n_column("customers in both"),
        *estimate_columns(
            "adjusted_rand",
            "number",
            "adjusted Rand index: one where they are the same, zero where they agree as by chance",
            "Agreement",
            signed=True,
        ),
    ),
)

TABLES: dict[str, TableSchema] = (
    {
        schema.name: schema
        for schema in (
            CUSTOMER_SEGMENTS,
            CUSTOMER_HABITS,
            SCORES,
            TIER_RULES,
            TIER_GRID,
            TIERS,
            VALUES,
            HABIT_RELIABILITY,
            CLUSTER_STABILITY,
            SEGMENT_VERDICT,
            SEGMENTS,
            SEGMENT_PROFILES,
            SEGMENT_HABITS,
            FEATURE_EFFECTS,
            LEVELS_BY_SEGMENT,
            AGREEMENT,
        )
    }
    | GROUP_TABLES
    | clusters.TABLES
    | movement.TABLES
    | lifecycle.TABLES
    | tags.TABLES
    | portraits.TABLES
    | bases.TABLES
    | market.TABLES
)

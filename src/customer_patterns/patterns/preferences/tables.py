"""The tables about what customers prefer and what changes in it: what each row is, each column, its unit and range."""

from __future__ import annotations

from customer_patterns.features.group_patterns import CATEGORIES, GROUP_TRENDS, MEASURES, ORDERS, SPEND
from customer_patterns.patterns.preferences.choices import ATTRIBUTE_WORDS, OTHERS
from customer_patterns.patterns.preferences.switching_tables import (
    ANY_ORDER,
    BEFORE,
    IN_WINDOW,
    LESS,
    MORE,
    NO_MORE,
    SWITCHING,
    SWITCHING_RATES,
    SWITCHING_SUMMARY,
    TIMES,
    TOO_FEW,
)
from customer_patterns.patterns.preferences.unusual_tables import (
    AMOUNT,
    HOUR,
    MIX,
    REASONS,
    UNITS,
    UNUSUAL_COUNTS,
    UNUSUAL_ORDERS,
)
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

_MIX = ("order_lines", "products")
_OWN = "Never printed: a row is about one customer."

#: Whether a customer has a channel of their own.
DOMINANT, MIXED = "mostly one channel", "no channel clearly"
#: What is said of a change.
CHANGED, AS_BEFORE = "changed", "as chance lets it"
#: Looks like a change at the level, the same if there were none, and what stands once it is allowed for how many were
#: asked.
LOOKS, CHANCE, SURELY = "look as if they did", "would by chance", "clearly do"
STEPS = (LOOKS, CHANCE, SURELY)
#: Where something goes.
RISING, FALLING, UNCLEAR = "rising", "falling", "cannot be told"
#: How what comes next is foretold.
OWN_DRAWN, OWN_RAW, POPULATION = "own, drawn toward all", "own as it is", "all customers"
FORECASTS = (OWN_DRAWN, OWN_RAW, POPULATION)

_CUSTOMER = Column("customer_id", "text", "the customer's key")
_N = n_column("customers it rests on")
_ATTRIBUTE = Column("attribute", "text", "what of a product is chosen", "Attribute", levels=ATTRIBUTE_WORDS)
_RAW = Column("raw_share", "share", "the customer's share as it is", minimum=0, maximum=1)

CHANNEL_PREFERENCES = TableSchema(
    name="channel_preferences",
    grain="customer and channel",
    key=("customer_id", "channel"),
    meaning=f"Through which channel a customer orders, drawn toward all customers where orders are few. {_OWN}",
    reads=("order_lines", "order_channels"),
    columns=(
        _CUSTOMER,
        Column("channel", "text", "the channel", "Channel"),
        Column("orders", "integer", "orders through it", "Orders", "orders", minimum=0),
        _RAW,
        *estimate_columns("share", "share", "the same, drawn toward all customers", "Share of orders"),
        Column("n", "integer", "the customer's orders of known channel", "Orders", "orders", minimum=1),
    ),
)

DOMINANT_CHANNELS = TableSchema(
    name="dominant_channels",
    grain="customer",
    key=("customer_id",),
    meaning=f"Which channel a customer uses for more than half of the orders, where enough orders show it. {_OWN}",
    reads=("order_lines", "order_channels"),
    columns=(
        _CUSTOMER,
        Column("dominant_channel", "text", "the channel; missing where none is shown", "Channel", nullable=True),
        Column("n", "integer", "the customer's orders of known channel", "Orders", "orders", minimum=1),
        Column("verdict", "text", "what the orders show", "Verdict", levels=(DOMINANT, MIXED, TOO_FEW)),
    ),
)

CHANNEL_CUSTOMERS = TableSchema(
    name="channel_customers",
    grain="what the orders of a customer show",
    key=("verdict", "channel"),
    meaning="How many customers order mostly through one channel.",
    reads=("order_lines", "order_channels"),
    columns=(
        Column("verdict", "text", "what their orders show", "Verdict", levels=(DOMINANT, MIXED, TOO_FEW)),
        Column("channel", "text", "the channel; missing where there is none", "Channel", nullable=True),
        *estimate_columns("share_of_customers", "share", "of customers with an order of known channel", "Customers"),
        _N,
        Column("customers", "integer", "customers with an order of known channel", unit="customers", minimum=0),
        SUPPRESSED,
    ),
)

PREFERENCES = TableSchema(
    name="preferences",
    grain="customer, attribute and value",
    key=("customer_id", "attribute", "value"),
    meaning=f"What a customer buys most of, drawn toward all customers where little was bought. {_OWN}",
    reads=_MIX,
    columns=(
        _CUSTOMER,
        _ATTRIBUTE,
        Column("value", "text", f"what is chosen; {OTHERS}: any of the values bought least", "Value"),
        Column("bought", "integer", "products of it in the customer's baskets", "Bought", "products", minimum=1),
        _RAW,
        *estimate_columns("share", "share", "the same, drawn toward all customers", "Share"),
        Column("population_share", "share", "the mean customer's share", "All customers", minimum=0, maximum=1),
        Column("place", "integer", "1 for the largest share of the customer", "Place", minimum=1),
        Column("above_population", "boolean", "whether even the lower bound is above the population's share"),
        Column("n", "integer", "products of known value that the customer bought", "Bought", "products", minimum=1),
    ),
)

PREFERENCE_FORECASTS = TableSchema(
    name="preference_forecasts",
    grain="attribute, by what foretells it",
    key=("attribute", "forecast"),
    meaning="How well later purchases are foretold: by customers' own shares, drawn toward all or not, or by those of "
    "all.",
    reads=_MIX,
    columns=(
        _ATTRIBUTE,
        Column("forecast", "text", "whose shares foretell", "Foretold by", levels=FORECASTS),
        *estimate_columns("log_loss", "number", "mean surprise of a later purchase, in nats", "Surprise"),
        *estimate_columns(
            "worse_by", "number", "surprise beyond that of shares drawn, in nats", "Worse by", signed=True
        ),
        _N,
    ),
)

PREFERENCE_STRENGTH = TableSchema(
    name="preference_strength",
    grain="attribute",
    key=("attribute",),
    meaning="How much customers differ in what they choose, and from how many purchases on their own history counts.",
    reads=_MIX,
    columns=(
        _ATTRIBUTE,
        Column("values", "integer", "values that are told apart", "Values", "values", minimum=1),
        Column("half_own", "number", "products after which half of a share is own", "Half own from", "products", True),
        Column("clumping", "number", "products of a visit that say as much as one by itself", minimum=1),
        *estimate_columns("with_preference", "share", "customers surely above the mean in something", "Prefer"),
        _N,
    ),
)

PREFERENCE_CHANGES = TableSchema(
    name="preference_changes",
    grain="customer and attribute",
    key=("customer_id", "attribute"),
    meaning=f"How far what a customer chooses moved, by what the customer's own visits in any order would show. {_OWN}",
    reads=_MIX,
    columns=(
        _CUSTOMER,
        _ATTRIBUTE,
        Column("visits_before", "integer", "visits in the earlier window", unit="visits", minimum=1),
        Column("visits_after", "integer", "visits in the later window", unit="visits", minimum=1),
        Column("distance", "number", "Hellinger distance of the two windows", "Distance", minimum=0, maximum=1),
        Column("by_chance", "number", "mean distance with the visits exchanged", "By chance", minimum=0, maximum=1),
        Column("excess", "number", "distance beyond that", "Beyond chance", minimum=-1, maximum=1),
        Column("more_of", "text", "what grew most; missing: nothing did", "More of", nullable=True),
        Column("less_of", "text", "what shrank most; missing: nothing did", "Less of", nullable=True),
        Column("p", "number", "p-value: visits might have come in any order", minimum=0, maximum=1),
        Column("p_adjusted", "number", "by Benjamini and Hochberg, within the attribute", minimum=0, maximum=1),
        Column("verdict", "text", "what stands", "Verdict", levels=(CHANGED, AS_BEFORE)),
    ),
)

CHANGE_COUNTS = TableSchema(
    name="change_counts",
    grain="attribute",
    key=("attribute",),
    meaning="How many customers chose otherwise than before, beyond what chance shows.",
    reads=_MIX,
    columns=(
        _ATTRIBUTE,
        *estimate_columns("below_level", "share", "customers whose p-value is at or below the level", "Looks changed"),
        Column("by_chance", "share", "the same if nobody had changed", "By chance", minimum=0, maximum=1),
        *estimate_columns("named", "share", "customers named, few of them falsely", "Changed"),
        *estimate_columns("excess", "number", "mean distance beyond chance", "Beyond chance", signed=True),
        Column("set_aside", "integer", "customers with too few visits", "Too few visits", "customers", True, 0),
        _N,
    ),
)

CHANGE_STEPS = TableSchema(
    name="change_steps",
    grain="attribute and what is said",
    key=("attribute", "step"),
    meaning="How many customers look as if they chose otherwise, how many would by chance, and how many surely do.",
    reads=_MIX,
    columns=(
        _ATTRIBUTE,
        Column("step", "text", "what is said", "Customers", levels=STEPS),
        *estimate_columns("share", "share", "of customers with enough visits", "Share"),
        _N,
    ),
)

LOYALTY_TRENDS = TableSchema(
    name="loyalty_trends",
    grain="customer and measure",
    key=("customer_id", "measure"),
    meaning=f"Whether a customer buys more or less from quarter to quarter: a stand-in, not a share of wallet. {_OWN}",
    reads=_MIX,
    columns=(
        _CUSTOMER,
        Column("measure", "text", "what stands in for loyalty", "Measure", levels=MEASURES),
        Column("weeks", "integer", "weeks since the one of the first order", "Weeks", "weeks", minimum=2),
        Column("n", "integer", "orders since then", "Orders", "orders", minimum=1),
        *estimate_columns(
            "own_change", "number", "as many times as a quarter earlier, from own orders", "Own", "ratio"
        ),
        *estimate_columns("change", "number", "the same, drawn toward the mean customer", "Change", "ratio"),
        Column("wrong_way", "share", "chance that it goes the other way", "Wrong way", minimum=0, maximum=1),
        Column("verdict", "text", "where it goes", "Trend", levels=(RISING, FALLING, UNCLEAR)),
    ),
)

TREND_COUNTS = TableSchema(
    name="trend_counts",
    grain="measure and direction",
    key=("measure", "verdict"),
    meaning="How many customers surely buy more from quarter to quarter, and how many less.",
    reads=_MIX,
    columns=(
        Column("measure", "text", "what stands in for loyalty", "Measure", levels=MEASURES),
        Column("verdict", "text", "where it goes", "Trend", levels=(RISING, FALLING)),
        *estimate_columns("share", "share", "of customers with enough weeks", "Share"),
        _N,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        *(CHANNEL_PREFERENCES, DOMINANT_CHANNELS, CHANNEL_CUSTOMERS),
        *(PREFERENCES, PREFERENCE_FORECASTS, PREFERENCE_STRENGTH, PREFERENCE_CHANGES, CHANGE_COUNTS, CHANGE_STEPS),
        *(LOYALTY_TRENDS, TREND_COUNTS, SWITCHING, SWITCHING_RATES, SWITCHING_SUMMARY),
        *(UNUSUAL_ORDERS, UNUSUAL_COUNTS),
    )
}

__all__ = [
    "AMOUNT",
    "ANY_ORDER",
    "BEFORE",
    "CATEGORIES",
    "GROUP_TRENDS",
    "HOUR",
    "IN_WINDOW",
    "LESS",
    "MEASURES",
    "MIX",
    "MORE",
    "NO_MORE",
    "ORDERS",
    "REASONS",
    "SPEND",
    "TABLES",
    "TIMES",
    "TOO_FEW",
    "UNITS",
]

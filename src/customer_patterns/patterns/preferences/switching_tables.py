"""The tables about switching brands: what each row is, each column, its unit and range."""

from __future__ import annotations

from customer_patterns.schemas import Column, TableSchema, estimate_columns, n_column

_MIX = ("order_lines", "products")
_OWN = "Never printed: a row is about one customer."

#: Whether brands are switched otherwise than before.
MORE, LESS, NO_MORE = "more than before", "less than before", "as before"
#: When brands were switched, or how it would be with each customer's purchases of the window in any order.
IN_WINDOW, BEFORE, ANY_ORDER = "in the last weeks", "before", "in any order"
TIMES = (IN_WINDOW, BEFORE, ANY_ORDER)
#: Where too little is on record for an answer.
TOO_FEW = "too few orders"

_CUSTOMER = Column("customer_id", "text", "the customer's key")
_N = n_column("customers it rests on")
_P = Column("p", "number", "p-value; missing where not asked", nullable=True, minimum=0, maximum=1)
_P_ADJUSTED = Column("p_adjusted", "number", "by Benjamini and Hochberg", nullable=True, minimum=0, maximum=1)

SWITCHING = TableSchema(
    name="switching",
    grain="customer",
    key=("customer_id",),
    meaning=f"How often the next purchase of a category is of another brand, lately and before. {_OWN}",
    reads=_MIX,
    columns=(
        _CUSTOMER,
        Column("chances_before", "integer", "next purchases before the window", unit="purchases", minimum=0),
        Column("switched_before", "integer", "of these of another brand", unit="purchases", minimum=0),
        Column("n", "integer", "next purchases in the window", unit="purchases", minimum=0),
        Column("switched", "integer", "of these of another brand", unit="purchases", minimum=0),
        *estimate_columns("rate", "share", "share of another brand in the window, drawn", "Switches"),
        Column("expected", "number", "switches in the window at the rate of all the time", unit="purchases", minimum=0),
        Column("comparable", "number", "what the window and the time before it can both show", minimum=0),
        Column("unordered", "number", "switches in the window with brands in any order", unit="purchases", minimum=0),
        Column("signal", "number", "switches beyond expected, in standard errors; missing: too few", nullable=True),
        _P,
        _P_ADJUSTED,
        Column("verdict", "text", "how it compares", "Verdict", levels=(MORE, LESS, NO_MORE, TOO_FEW)),
    ),
)

SWITCHING_RATES = TableSchema(
    name="switching_rates",
    grain="time",
    key=("time",),
    meaning="How often the next purchase of a category is of another brand, in the window and before.",
    reads=_MIX,
    columns=(
        Column("time", "text", "when, or how it would be", "Purchases", levels=TIMES),
        *estimate_columns("rate", "share", "next purchases of another brand", "Another brand"),
        _N,
    ),
)

SWITCHING_SUMMARY = TableSchema(
    name="switching_summary",
    grain="study",
    key=("change",),
    meaning="Whether customers switch brands more often in the window than before.",
    reads=_MIX,
    columns=(
        *estimate_columns(
            "change", "number", "rate in the window beyond that before, category by category", "Change", signed=True
        ),
        *estimate_columns("switch_more", "share", "customers who surely switch more than before", "Switch more"),
        *estimate_columns("switch_less", "share", "customers who surely switch less than before", "Switch less"),
        _N,
    ),
)

"""The tables of what customers are worth."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: Who came on one day only is a group of its own.
ONE_TIME, UNGROUPED = "came on one day only", "in no group"
#: Whether spend goes with frequency, which the model of values takes not to be so.
INDEPENDENT, TIED = "as good as independent", "goes with frequency"
#: Whether what came lies among the futures.
HELD, MISSED = "as expected", "outside what was expected"
#: Two ways to foretell revenue, and whether they agree.
ONE_BY_ONE, SALES_AS_A_WHOLE = "customers, one by one", "all sales, day by day"
MEET, APART = "the two agree", "the two do not agree"
#: What a change of worth is made of; the last is the sum of the others.
COMPONENTS = (
    "still there or not",
    "how often they order",
    "what an order brings",
    "who joined",
    "all together",
)

#: The models that are compared.
MODELS = ("BG/NBD model", "MBG/NBD model", *(f"MBG/CNBD-{k} model" for k in range(2, 7)))
#: Contracts of all plans together.
ALL_PLANS = "all plans"

_READS = ("orders",)
_N = Column("n", "integer", "customers", "Customers", "customers", minimum=0)
_SHOWN_N = n_column("customers")
_ALL = Column("customers", "integer", "all customers", "All {customers}", "customers", minimum=0)
_DAY = Column("as_of", "date", "the day; nothing later was known", "Day", "local day")


def _money(name: str, meaning: str, label: str) -> tuple[Column, ...]:
    return estimate_columns(name, "number", meaning, label, "currency")


def _number(name: str, meaning: str, label: str = "", unit: str = "", *, nullable: bool = False) -> Column:
    return Column(name, "number", meaning, label, unit, nullable)


CUSTOMER_VALUES = TableSchema(
    name="customer_values",
    grain="customer",
    key=("customer_id",),
    meaning="What is expected of each customer within the horizon. Never printed: a row is about one customer.",
    reads=_READS,
    columns=(
        Column("customer_id", "text", "the customer's key"),
        Column("one_time", "boolean", "whether the customer came on one day only"),
        Column("known_before", "boolean", "whether the customer was there before the study's window"),
        Column("shopping_days", "integer", "days with goods", unit="days", minimum=1),
        Column("watched_days", "integer", "days since the first order, or the window's start", unit="days", minimum=0),
        Column("chance_alive", "share", "chance to be still a customer", unit="share", minimum=0, maximum=1),
        Column("expected_orders", "number", "days with goods expected", unit="orders", minimum=0),
        Column("orders_from", "integer", "in 97.5 % of futures at least so many", unit="orders", minimum=0),
        Column("orders_to", "integer", "in 97.5 % of futures at most so many", unit="orders", minimum=0),
        Column("value_per_order", "number", "expected worth of such a day", unit="currency", minimum=0),
        Column("expected_value", "number", "expected worth within the horizon", unit="currency", minimum=0),
        Column("value_from", "number", "in 97.5 % of futures at least so much", unit="currency", minimum=0),
        Column("value_to", "number", "in 97.5 % of futures at most so much", unit="currency", minimum=0),
    ),
)

WORTH_TOTAL = TableSchema(
    name="worth_total",
    grain="study",
    key=("as_of",),
    meaning="What all customers are worth within the horizon, beside what follows if revenue goes on as of late.",
    reads=_READS,
    columns=(
        _DAY,
        _number("horizon_weeks", "how far ahead", "Weeks ahead", "weeks"),
        _N,
        Column("one_time", "integer", "customers who came on one day only", "Came once", "customers", minimum=0),
        Column("without_value", "integer", "customers whose returns ate up what they brought", minimum=0),
        Column("model", "text", "the model of orders", "Model", levels=MODELS),
        Column("margin", "number", "share of revenue that counts as worth", "Margin", minimum=0),
        *estimate_columns("orders", "number", "days with goods expected of all", "Orders", "orders"),
        *_money("value", "worth of all", "Worth"),
        _number("continued_value", "worth if revenue goes on as of late", "If it goes on", "currency"),
        *estimate_columns("beside_continued", "number", "worth by that", "Times that", "ratio"),
        *estimate_columns(
            "spend_frequency",
            "number",
            "rank correlation of frequency and order value",
            "Frequency and value",
            "ratio",
            signed=True,
        ),
        Column(
            "spend_verdict", "text", "whether order value goes with frequency", "They are", levels=(INDEPENDENT, TIED)
        ),
    ),
)

WORTH_GROUPS = TableSchema(
    name="worth_groups",
    grain="group of customers",
    key=("group",),
    meaning="What each value tier is worth within the horizon; those who came on one day only apart.",
    reads=("orders", "customer_segments"),
    columns=(
        Column("place", "integer", "place in the order of groups", "Place", minimum=1),
        Column("group", "text", "value tier, or what else they are", "Group"),
        _SHOWN_N,
        _ALL,
        Column("alive", "share", "mean chance to be still a customer", "Still a customer", "share", True, 0, 1),
        *_money("value", "worth of all in the group", "Worth"),
        *_money("value_each", "worth of each", "Worth of each"),
        *estimate_columns("share_of_value", "share", "share of all worth", "Of all worth"),
        SUPPRESSED,
    ),
)

LIFETIME_MODELS = TableSchema(
    name="lifetime_models",
    grain="model",
    key=("model",),
    meaning="The models of orders that were compared, and how well they foretold the weeks held back.",
    reads=_READS,
    columns=(
        Column("place", "integer", "place", "Place", minimum=1),
        Column("model", "text", "the model", "Model", levels=MODELS),
        Column("regularity", "integer", "1 where orders come at random moments, more where regularly", minimum=1),
        _number("r", "shape of the distribution of rates"),
        _number("alpha_days", "scale of the distribution of rates", unit="days"),
        _number("a", "first parameter of the distribution of chances to leave"),
        _number("b", "second parameter of it"),
        _number("log_likelihood", "logarithm of the likelihood, times in days", "Log-likelihood"),
        _number("bic", "Bayesian information criterion", "BIC"),
        _N,
        Column("alive", "share", "mean chance to be still a customer", "Still a customer", "share", False, 0, 1),
        Column("one_time_alive", "share", "the same of those who came once", "Came once", "share", True, 0, 1),
        _number("expected_orders", "orders expected within the horizon", "Orders expected", "orders"),
        _number("holdout_expected", "orders expected in the weeks held back", "Expected", "orders", nullable=True),
        _number("holdout_came", "orders that came in them", "Came", "orders", nullable=True),
        _number("holdout_ratio", "expected by what came", "Times what came", "ratio", nullable=True),
        Column("chosen", "boolean", "whether figures rest on it", "Chosen"),
    ),
)

BACKTEST = TableSchema(
    name="worth_backtest",
    grain="tenth of the customers, 0 for all",
    key=("tenth",),
    meaning="What was expected of the weeks held back, knowing nothing of them, beside what came.",
    reads=_READS,
    columns=(
        Column("tenth", "integer", "tenth by expected worth, the most first; 0: all", "Tenth", minimum=0, maximum=10),
        _N,
        _ALL,
        *estimate_columns("expected_orders", "number", "orders expected", "Orders expected", "orders"),
        Column("came_orders", "number", "orders that came", "Orders came", "orders", minimum=0),
        *_money("expected_value", "worth expected", "Expected"),
        _number("came_value", "worth that came", "Came", "currency"),
        _number("value_ratio", "expected by what came", "Times what came", "ratio", nullable=True),
        Column("verdict", "text", "whether what came lies among the futures", "Verdict", levels=(HELD, MISSED)),
    ),
)

WORTH_DATES = TableSchema(
    name="worth_dates",
    grain="day",
    key=("as_of",),
    meaning="What the customers of each day were worth within the horizon, knowing nothing later.",
    reads=_READS,
    columns=(
        _DAY,
        _N,
        *_money("value", "worth of all", "Worth"),
        *_money("value_each", "worth of each", "Worth of each"),
        Column("alive", "share", "mean chance to be still a customer", "Still a customer", "share", False, 0, 1),
        _number("orders_if_alive", "mean orders of who is still there", "Orders if there", "orders"),
        _number("value_per_order", "mean worth of an order", "Worth of an order", "currency"),
        _number("came_value", "worth that came, where the horizon has passed", "Came", "currency", nullable=True),
    ),
)

WORTH_CHANGES = TableSchema(
    name="worth_changes",
    grain="step from day to day and component",
    key=("from_day", "component"),
    meaning="What each change of worth is made of; components add up to the last one.",
    reads=_READS,
    columns=(
        Column("from_day", "date", "the day before", "From", "local day"),
        Column("to_day", "date", "the day after", "To", "local day"),
        Column("component", "text", "what changed", "What changed", levels=COMPONENTS),
        _N,
        *estimate_columns("change", "number", "change of worth", "Change", "currency", signed=True),
        *estimate_columns("share", "number", "change by the worth before", "Of the worth before", "ratio", signed=True),
    ),
)

WORTH_BESIDE_SALES = TableSchema(
    name="worth_beside_sales",
    grain="way to foretell revenue",
    key=("added_up",),
    meaning="What customers are expected to bring, added up, beside the forecast of all sales over the same weeks.",
    reads=("orders", "order_lines", "products"),
    columns=(
        Column("place", "integer", "place", "Place", minimum=1),
        Column("added_up", "text", "what is added up", "Added up", levels=(ONE_BY_ONE, SALES_AS_A_WHOLE)),
        Column("weeks", "integer", "how far ahead", "Weeks ahead", "weeks", minimum=1),
        _N,
        *_money("revenue", "revenue expected until then", "Revenue"),
        Column("verdict", "text", "whether the intervals overlap", "Verdict", levels=(MEET, APART)),
    ),
)

CONTRACT_WORTH = TableSchema(
    name="contract_worth",
    grain="plan",
    key=("plan",),
    meaning="How many running contracts go on until the horizon, and the fees they bring until then.",
    reads=("contracts",),
    columns=(
        Column("place", "integer", "place; all plans together come first", "Place", minimum=1),
        Column("plan", "text", "the plan", "Plan"),
        n_column("contracts that have begun", "Contracts", "contracts"),
        Column("running", "integer", "running today", "Running", "contracts", nullable=True, minimum=0),
        Column("cancelled", "integer", "cancellations seen", "Cancelled", "contracts", nullable=True, minimum=0),
        *estimate_columns("kept", "share", "share of those running that run on until then", "Run on"),
        *_money("value", "fees until then", "Fees"),
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        CUSTOMER_VALUES,
        WORTH_TOTAL,
        WORTH_GROUPS,
        LIFETIME_MODELS,
        BACKTEST,
        WORTH_DATES,
        WORTH_CHANGES,
        WORTH_BESIDE_SALES,
        CONTRACT_WORTH,
    )
}

"""The tables of how contacts are handled: waits beside ratings, agents beside each other, improvements."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

ALL_CHANNELS = "all channels"
LESS_CONTENT, MORE_CONTENT, NOT_APART = WAIT_SIDES = ("rated worse", "rated better", "not told apart")
FASTER, SLOWER, AS_FAST = SPEEDS = ("sooner", "later", "like the others")
BETTER, WORSE, AS_GOOD = RATINGS = ("better", "worse", "like the others")
FEWER, MORE, AS_OTHERS, NOT_ENOUGH = CHANGES = ("fewer", "more", "like all other topics", "not enough data")


def _n(meaning: str, unit: str = "contacts", label: str = "Contacts") -> Column:
    return n_column(meaning, label, unit)


def _customers(meaning: str) -> Column:
    return Column("customers", "integer", meaning, "Customers", "customers", True, 0)


WAITS_AND_RATINGS = TableSchema(
    name="waits_and_ratings",
    grain="channel, and all together",
    key=("channel",),
    meaning="Whether contacts that waited longer for a first answer are rated worse, within each channel.",
    columns=(
        Column("channel", "text", "through which channel, or all of them", "Channel"),
        _n("rated contacts with an answer", label="Rated"),
        _customers("customers who rated them"),
        *estimate_columns(
            "rank_correlation", "number", "of wait and rating, over ranks", "Rank correlation", signed=True
        ),
        Column("adjusted_p", "number", "of such a correlation by chance, adjusted", "Adjusted p", "", True, 0, 1),
        Column(
            "verdict", "text", "how those that waited longer are rated", "Longer waits", "", True, levels=WAIT_SIDES
        ),
        SUPPRESSED,
    ),
    reads=("contacts",),
)

SERVICE_AGENTS = TableSchema(
    name="service_agents",
    grain="agent of the service",
    key=("agent",),
    meaning="How soon each agent answers and how they are rated, for contacts of one topic, channel and time of day.",
    columns=(
        Column("agent", "text", "number of the agent, in the order of the sender's keys", "Agent"),
        _n("contacts that the agent answered"),
        _customers("customers who had them"),
        *estimate_columns(
            "wait_ratio", "number", "wait by that of the median agent, same mix", "Wait by the median agent's"
        ),
        Column("speed", "text", "whether that is beyond chance", "Speed", "", True, levels=SPEEDS),
        Column("rated", "integer", "contacts with a rating", "With a rating", "contacts", True, 0),
        *estimate_columns(
            "rating_difference",
            "number",
            "rating less that of the median agent, same mix",
            "Rating",
            "stars",
            signed=True,
        ),
        Column("rated_as", "text", "whether that is beyond chance", "Rating is", "", True, levels=RATINGS),
        Column(
            "own_weight", "share", "how much of the wait is the agent's own, not the others'", "", "share", True, 0, 1
        ),
        SUPPRESSED,
    ),
    reads=("contacts",),
)

IMPROVEMENTS = TableSchema(
    name="improvements",
    grain="improvement that the study file declares",
    key=("started_on", "cause", "action"),
    meaning="Contacts about a cause before and after something was done about it, beside all other topics.",
    columns=(
        Column("started_on", "date", "from which day on", "From", "local day"),
        Column("cause", "text", "topic of contacts that it is about", "About"),
        Column("action", "text", "what was done", "Action"),
        Column("owner", "text", "who answers for it", "Responsible"),
        Column("days", "integer", "days looked at, before and after each", "Days", "days", minimum=0),
        Column("before", "integer", "contacts about it before", "Before", "contacts", True, 0),
        Column("after", "integer", "contacts about it after", "After", "contacts", True, 0),
        n_column("customers who had them"),
        *estimate_columns("change", "number", "after by before", "After by before"),
        *estimate_columns("beyond_others", "number", "that by the same of all other topics", "Beside all others"),
        Column(
            "adjusted_p", "number", "of such a change beside others by chance, adjusted", "Adjusted p", "", True, 0, 1
        ),
        Column("verdict", "text", "whether there are fewer, beside all other topics", "Now", levels=CHANGES),
        SUPPRESSED,
    ),
    reads=("contacts",),
)

TABLES = {schema.name: schema for schema in (WAITS_AND_RATINGS, SERVICE_AGENTS, IMPROVEMENTS)}

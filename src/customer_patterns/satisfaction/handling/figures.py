"""The figures that the chapter's sentences on how contacts are handled speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.satisfaction.handling.tables import (
    ALL_CHANNELS,
    AS_FAST,
    AS_GOOD,
    FEWER,
    NOT_ENOUGH,
)
from customer_patterns.wording import Figures, Name

#: The findings of this part: sentence, grade of its evidence, table and figure that show it.
FINDINGS = (
    (
        (
            "satisfaction.service_agents",
            "satisfaction.service_agents_speed",
            "satisfaction.service_agents_rating",
            "satisfaction.service_agents_alike",
        ),
        "association",
        "service_agents",
        "service-agents",
    ),
    (("satisfaction.improved",), "association", "improvements", None),
)


def _waits(figures: Figures, table: pd.DataFrame) -> None:
    known = table[table["rank_correlation"].notna()]
    if len(known):
        row = known.iloc[0]
        figures["wait_channel"] = Name(row["channel"], "word" if row["channel"] == ALL_CHANNELS else "label")
        figures.estimate("wait_and_rating", row, "rank_correlation", "", of="contacts", method="delta method")


def _agents(figures: Figures, table: pd.DataFrame) -> None:
    known = table[(table["suppressed"] == "no") & table["wait_ratio"].notna()]
    if len(known) > 1:
        figures.count("agents_compared", len(known), "agents")
        for name, column, usual in (("agents_speed", "speed", AS_FAST), ("agents_rating", "rated_as", AS_GOOD)):
            if apart := int((known[column].notna() & (known[column] != usual)).sum()):
                figures.count(name, apart, "agents")
        slow = known.loc[known["wait_ratio"].astype(float).idxmax()]
        if slow["speed"] is not None and slow["speed"] != AS_FAST:
            figures["slow_agent"] = Name(slow["agent"])
            figures.estimate("slow_agent_ratio", slow, "wait_ratio", "", of="contacts", method="partial pooling")


def _improvements(figures: Figures, table: pd.DataFrame) -> None:
    known = table[table["verdict"] != NOT_ENOUGH]
    if (known["verdict"] == FEWER).any():
        figures.count("improvements", len(known), "improvements")
        figures.count("improved", (known["verdict"] == FEWER).sum(), "improvements")


READERS = {"waits_and_ratings": _waits, "service_agents": _agents, "improvements": _improvements}

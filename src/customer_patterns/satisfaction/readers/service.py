"""The figures of contacts with the service that the chapter's sentences speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.features.cells import shown
from customer_patterns.satisfaction.tables.service import SAME_AS_BEFORE
from customer_patterns.wording import Figures, Name

#: Waits shorter than so many hours are told in minutes.
_HOURS_FROM = 2


def _complaint_topics(figures: Figures, table: pd.DataFrame) -> None:
    known = shown(table, "share_of_bad")
    if len(known):
        row = known.iloc[0]
        figures["complained_topic"] = Name(row["topic"], "label")
        figures.estimate("complained_share", row, "share_of_bad", "share", n="all_bad", of="contacts")
        if changed := int((known["verdict"] != SAME_AS_BEFORE).sum()):
            figures.count("changed_topics", changed, "topics")
            figures.count("known_topics", len(known), "topics")
        else:
            figures.count("steady_topics", len(known), "topics")


def _response_times(figures: Figures, table: pd.DataFrame) -> None:
    rows = shown(table, "median_hours").sort_values(["median_hours", "channel"], ignore_index=True)
    if len(rows) < 2:
        return
    for name, place in (("fast", 0), ("slow", -1)):
        row = rows.iloc[place].copy()
        ends = ["median_hours", "median_hours_low", "median_hours_high"]
        unit = "hours" if row["median_hours"] >= _HOURS_FROM else "minutes"
        if unit == "minutes":
            row[ends] = [60 * float(row[end]) for end in ends]
        figures[f"{name}_channel"] = Name(row["channel"])
        figures.estimate(f"{name}_wait", row, "median_hours", unit, of="contacts")


def _contact_satisfaction(figures: Figures, table: pd.DataFrame) -> None:
    rows = shown(table, "content")
    if len(rows) > 1:
        for name, place in (("soonest", 0), ("latest", -1)):
            if not rows.iloc[place]["content"] > 0:  # nobody of few: no share to head a chart with
                continue
            figures[f"{name}_band"] = Name(rows.iloc[place]["band"])
            figures.estimate(f"{name}_content", rows.iloc[place], "content", "share", of="contacts")


READERS = {
    "complaint_topics": _complaint_topics,
    "response_times": _response_times,
    "contact_satisfaction": _contact_satisfaction,
}

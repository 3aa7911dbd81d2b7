"""The figures of trends that the chapter's sentences speak of, taken from their table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.estimates import bounded
from customer_patterns.outlook.trend.tables import CHANGED, UNCLEAR
from customer_patterns.wording import Name

METHOD = "regression with autocorrelated errors"

#: Findings of this section: sentence, grade of its evidence, table and figure that show it.
FINDINGS: tuple[tuple[str, str, str, str | None], ...] = (
    ("outlook.changed", "time-ordered", "trends", "trends"),
    ("outlook.changed_for", "time-ordered", "trends", "trends"),
    ("outlook.moving", "time-ordered", "trends", "trends"),
    ("outlook.steady", "time-ordered", "trends", "trends"),
)


def trends_shown(table: pd.DataFrame) -> pd.DataFrame:
    """The key figures that a chart can draw."""
    return table.dropna(subset=bounded("change_share")).reset_index(drop=True)


def weeks_shown(weeks: pd.DataFrame, trends: pd.DataFrame) -> pd.DataFrame:
    """The weeks of these key figures, those that can be drawn; none where one has less than two."""
    known = weeks[weeks["figure"].isin(trends_shown(trends)["figure"])].dropna(subset=["index"])
    enough = known.groupby("figure")["index"].transform("size") > 1
    return known[enough].reset_index(drop=True)


def _trends(figures: wording.Figures, table: pd.DataFrame) -> None:
    known = trends_shown(table)
    if known.empty:
        return
    figures.count("trend_weeks", known["weeks"].iloc[0], "weeks")
    figures.count("trend_customers", known["n"].iloc[0], "customers")
    figures.count("key_figures", len(known), "key figures")
    changed = known[(known["verdict"] == CHANGED)].dropna(subset=["shift_share", "changed_on"])
    moving = known[known["direction"] != UNCLEAR]
    look = {"unit": "share", "n": "weeks", "of": "weeks", "method": METHOD}
    if len(moving):
        chance = moving["rising_probability"]
        row = moving.loc[(chance - 0.5).abs().idxmax()]
        figures["moving_figure"] = figures["named_figure"] = Name(row["figure"], "word")
        figures["moving_direction"] = Name(row["direction"], "word")
        figures.estimate("moved", row, "change_share", **look)
    if len(changed):
        row = changed.loc[changed["change_probability"].idxmax()]
        figures["changed_figure"] = figures["named_figure"] = Name(row["figure"], "word")
        figures["changed_on"] = pd.Timestamp(row["changed_on"]).date()
        if pd.notna(row["changed_until"]):
            figures["changed_from"] = figures.pop("changed_on")
            figures["changed_until"] = pd.Timestamp(row["changed_until"]).date()
        figures.estimate("shift", row, "shift_share", **look)
    if not len(moving) and not len(changed):
        figures.count("steady_figures", len(known), "key figures")


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {"trends": _trends}


def title_key(figures: wording.Figures) -> str:
    """Which title says most: a new level, else a direction, else that there is neither."""
    keys = ("outlook.changed_title", "outlook.changed_for_title", "outlook.moving_title")
    return next((key for key in keys if figures.suffice(key)), "outlook.steady_title")

"""The figures of what goes with contentment overall that the chapter's sentences speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.satisfaction.tables.drivers import DELIGHT, FIRST, KEEP, MINOR, MUST_BE
from customer_patterns.wording import Figures, Name


def _drivers(figures: Figures, drivers: pd.DataFrame) -> None:
    if len(drivers):
        first, last = drivers.iloc[0], drivers.iloc[-1]
        figures["top_driver"], figures["last_driver"] = Name(first["dimension"]), Name(last["dimension"])
        figures.estimate("top_importance", first, "importance", "share", of="answers")
        figures.estimate("last_importance", last, "importance", "share", of="answers")
        figures.estimate("top_performance", first, "performance", "", of="answers")
        figures.estimate("explained", first, "explained", "share", of="answers")


def _driver_pairs(figures: Figures, pairs: pd.DataFrame) -> None:
    if len(pairs):
        if apart := int((pairs["verdict"] == "told apart").sum()):
            figures.count("pairs", len(pairs), "pairs")
            figures.count("told_apart", apart, "pairs")
        else:
            figures.count("like_pairs", len(pairs), "pairs")


def _penalties(figures: Figures, table: pd.DataFrame) -> None:
    for name, kind in (("must_be", MUST_BE), ("delight", DELIGHT)):
        rows = table[table["kind"] == kind]
        if len(rows):
            figures[name] = Name(", ".join(rows["dimension"]))
    if len(table):
        row = table.loc[table["penalty"].astype(float).idxmax()]
        figures["worst_penalty_of"] = Name(row["dimension"])
        figures.estimate("worst_penalty", row, "penalty", "points", of="answers")


def _driver_views(figures: Figures, table: pd.DataFrame) -> None:
    figures.count("viewed", len(table), "dimensions")
    if agreed := int(table["verdict"].isin([FIRST, KEEP, MINOR]).sum()):
        figures.count("agreed_views", agreed, "dimensions")


def _group_drivers(figures: Figures, table: pd.DataFrame) -> None:
    if len(table):
        if differ := int((table["verdict"] == "differs").sum()):
            figures.count("weighed", len(table), "comparisons")
            figures.count("weighed_otherwise", differ, "comparisons")
        else:
            figures.count("weighed_alike", len(table), "comparisons")


READERS = {
    "drivers": _drivers,
    "driver_pairs": _driver_pairs,
    "penalties_and_rewards": _penalties,
    "driver_views": _driver_views,
    "group_drivers": _group_drivers,
}

"""The figures about preferences that the chapter's sentences speak of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns import wording
from customer_patterns.estimates import ENDS, Count, bounded
from customer_patterns.patterns.preferences import tables
from customer_patterns.wording import Name

#: How intervals of shares of customers are made.
_WILSON = "Wilson"

FINDINGS = (
    ("patterns.changed", "description", "change_counts", "changes"),
    ("patterns.changed_none", "description", "change_counts", "changes"),
    ("patterns.preferred", "time-ordered", "preference_forecasts", "preferences"),
    ("patterns.trend", "description", "trend_counts", "trends"),
    ("patterns.switching_more", "description", "switching_summary", None),
    ("patterns.switching_less", "description", "switching_summary", None),
    ("patterns.switching_alike", "description", "switching_summary", None),
    ("patterns.unusual", "description", "unusual_counts", None),
    ("patterns.own_channel", "description", "channel_customers", None),
)


def _channel_customers(figures: wording.Figures, table: pd.DataFrame) -> None:
    figures.count("channel_customers", table["customers"].iloc[0], "customers")
    rows = table[(table["verdict"] == tables.DOMINANT) & (table["suppressed"] == "no")]
    if len(rows):
        largest = rows.loc[rows["n"].astype("int64").idxmax()]
        figures["own_channel"] = Name(largest["channel"])
        figures.estimate("own_channel_share", largest, "share_of_customers", "share", n="customers", method=_WILSON)
    few = table[(table["verdict"] == tables.TOO_FEW) & (table["suppressed"] == "no")]
    if len(few):
        figures.estimate("channel_untold", few.iloc[0], "share_of_customers", "share", n="customers", method=_WILSON)


def _preference_forecasts(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.set_index(["attribute", "forecast"])
    if ("category", tables.OWN_DRAWN) not in rows.index:
        return
    if not rows.at[("category", tables.POPULATION), "worse_by_low"] > 0:  # no better than the shares of all
        return
    figures.count("foretold", rows.loc[("category", tables.OWN_DRAWN), "n"], "customers")
    for name, forecast in (("likelier_than_raw", tables.OWN_RAW), ("likelier_than_all", tables.POPULATION)):
        row = rows.loc[("category", forecast)]
        # A surprise is the log of a chance: a difference of the one is a ratio of the other.
        ratio = {f"ratio{end}": np.exp(row[f"worse_by{end}"]) for end in ENDS}
        figures.estimate(name, pd.Series({**ratio, "n": row["n"]}), "ratio", "ratio")


def _preference_strength(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.dropna(subset=["half_own"]).set_index("attribute")
    for attribute in rows.index:
        name = attribute.replace(" ", "_")
        figures.count(f"half_own_{name}", round(float(rows.at[attribute, "half_own"])), "purchases")
        figures.estimate(f"prefer_{name}", rows.loc[attribute], "with_preference", "share", method=_WILSON)


def _change_counts(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("attribute")
    for attribute in rows.index:
        row, name = rows.loc[attribute], attribute.replace(" ", "_")
        figures.count(f"change_tested_{name}", row["n"], "customers")
        figures[f"by_chance_{name}"] = Count(float(row["by_chance"]), "share", n=int(row["n"]), of="customers")
        if row["named"] > 0:
            figures.estimate(f"changed_{name}", row, "named", "share", method=_WILSON)
        else:
            figures.count(f"unchanged_{name}", row["n"], "customers")
        figures.estimate(f"looks_changed_{name}", row, "below_level", "share", method=_WILSON)


def _trend_counts(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.set_index(["measure", "verdict"])
    for name, verdict in (("order_less", tables.FALLING), ("order_more", tables.RISING)):
        if (tables.ORDERS, verdict) in rows.index:
            row = rows.loc[(tables.ORDERS, verdict)]
            if not row["share"] > 0:  # nobody: no share is told, and nothing of the others
                continue
            figures.estimate(name, row, "share", "share", method=_WILSON)
            figures.count("trends_asked", row["n"], "customers")


def _switching_rates(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("time")
    for name, time in (("rate", tables.IN_WINDOW), ("unordered", tables.ANY_ORDER)):
        figures.estimate(f"switching_{name}", rows.loc[time], "rate", "share")


def _switching_summary(figures: wording.Figures, table: pd.DataFrame) -> None:
    # Of one time and another only what the same customers did in the same categories can be compared.
    points = 100 * table.iloc[0][bounded("change")].astype(float)
    if points["change_high"] < 0:
        name, points = "switching_less", -points.rename({"change_low": "change_high", "change_high": "change_low"})
    else:
        name = "switching_more" if points["change_low"] > 0 else "switching_alike"
    row = pd.concat([points, table.iloc[0][["n"]]])
    figures.estimate(name, row, "change", "percentage points")


def _unusual_counts(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table[table["suppressed"] == "no"].set_index("reason")
    if {"any"} < set(rows.index):
        row = rows.loc["any"]
        figures.count("unusual_orders", row["unusual"], "orders")
        figures.count("unusual_by_chance", round(float(row["by_chance"])), "orders")
        figures.count("unusual_of", row["orders"], "orders")
        each = rows.loc[rows.index != "any", "promised"].iloc[0]
        figures["unusual_promised"] = Count(float(each), "share", n=int(row["orders"]), of="orders")


READERS = {
    "channel_customers": _channel_customers,
    "preference_forecasts": _preference_forecasts,
    "preference_strength": _preference_strength,
    "change_counts": _change_counts,
    "trend_counts": _trend_counts,
    "switching_rates": _switching_rates,
    "switching_summary": _switching_summary,
    "unusual_counts": _unusual_counts,
}

"""The figures of the customer-base audit that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.behavior.audit import tables
from customer_patterns.features.cells import shown


def _audit_change(figures: wording.Figures, change: pd.DataFrame) -> None:
    figures["later_from"] = change["later_from"].iloc[0]
    figures.count("audited", change["customers"].iloc[0], "customers")
    rows = shown(change, "change_share").set_index("became", drop=False)
    for name, became in (("came_share", tables.CAME), ("more_share", tables.MORE)):
        if became in rows.index:
            figures.estimate(name, rows.loc[became], "change_share", "share", n="customers")
    for name, became in (("left_share", tables.LEFT), ("less_share", tables.LESS)):
        if became in rows.index:  # what is lost is said without its sign
            low, high = -rows.at[became, "change_share_high"], -rows.at[became, "change_share_low"]
            turned = {"change_share": -rows.at[became, "change_share"], "change_share_low": low}
            row = rows.loc[became].copy()
            row.update(pd.Series({**turned, "change_share_high": high}))
            figures.estimate(name, row, "change_share", "share", n="customers")


def _audit_factors(figures: wording.Figures, factors: pd.DataFrame) -> None:
    rows = factors[factors["who"] == "all customers"].set_index("factor")
    named = {"active_ratio": tables.ACTIVE, "orders_ratio": tables.ORDERS_EACH}
    for name, factor in {**named, "value_ratio": tables.VALUE_EACH, "revenue_ratio": tables.REVENUE}.items():
        if factor in rows.index:
            figures.estimate(name, rows.loc[factor], "ratio", "ratio")


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {
    "audit_change": _audit_change,
    "audit_factors": _audit_factors,
}

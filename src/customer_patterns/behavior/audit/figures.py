"""The figures of the customer-base audit that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.behavior.audit import tables
from customer_patterns.estimates import ENDS
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
    if tables.REVENUE not in rows.index:
        return
    # As a change: of a ratio near one hardly a digit would be left.
    row = rows.loc[tables.REVENUE]
    change = pd.Series({f"change{end}": row[f"ratio{end}"] - 1 for end in ENDS} | {"n": row["n"]})
    if change["change_high"] < 0:
        low, high = -change["change_high"], -change["change_low"]
        change.update(pd.Series({"change": -change["change"], "change_low": low, "change_high": high}))
        figures.estimate("revenue_less", change, "change", "share")
    else:
        figures.estimate("revenue_more" if change["change_low"] > 0 else "revenue_alike", change, "change", "share")


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {
    "audit_change": _audit_change,
    "audit_factors": _audit_factors,
}

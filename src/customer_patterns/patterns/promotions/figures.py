"""The figures about coupons, campaigns and promotions that the chapter's sentences speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns import wording
from customer_patterns.patterns.promotions import tables
from customer_patterns.wording import Name

#: How the intervals of factors are made.
_BY_CUSTOMER, _BY_PRODUCT = "sandwich over customers", "sandwich over products"

FINDINGS = (
    ("patterns.promotion", "association", "promotion_response", "promotions"),
    ("patterns.promotion_unpriced", "association", "promotion_response", "promotions"),
)


def _coupon_use(figures: wording.Figures, table: pd.DataFrame) -> None:
    shown = table[table["suppressed"] == "no"].dropna()
    if len(shown):
        largest = shown.loc[shown["mailings"].astype("int64").idxmax()]
        figures["coupon_type"] = Name(largest["campaign_type"])
        figures.estimate("redeemed_share", largest, "redeemed_share", "share")


def _promoted_revenue(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("deal")
    if not (rows["revenue_share"] > 0).any():  # no line was delivered with a discount: nothing to tell
        return
    for name, deal in (("discount_share", tables.SHOP_DISCOUNT), ("coupon_share", tables.COUPON)):
        figures.estimate(name, rows.loc[deal], "revenue_share", "share")


def _mailed_differ(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("mail")
    for name, mail in (("mailed_orders", tables.MAILED), ("unmailed_orders", tables.NOT_MAILED)):
        figures.estimate(name, rows.loc[mail], "orders_each", "orders")


def _campaign_change(figures: wording.Figures, table: pd.DataFrame) -> None:
    row = table.iloc[0]
    figures.count("campaign_recipients", row["n"], "customers")
    figures.estimate("campaign_change", row, "change", "ratio", method=_BY_CUSTOMER)
    name = "before_alike" if row["verdict"] == tables.FLAT else "before_unlike"
    figures.estimate(name, row, "before", "ratio", method=_BY_CUSTOMER)


def _promotion_response(figures: wording.Figures, table: pd.DataFrame) -> None:
    priced = table["prices"].eq(tables.EQUAL_PRICES).any()
    figures.count("response_products", table["n"].max(), "products")
    for prices, ending in ((tables.WITH_PRICES, ""), (tables.EQUAL_PRICES, "_equal")):
        rows = table[table["prices"] == prices].set_index("state")
        for name, state in (("both", tables.BOTH), ("cheaper", tables.CHEAPER)):
            if state in rows.index:
                _factor(figures, f"{name}{ending}", rows.loc[state])
    if "both" in figures and not priced:
        figures["both_unpriced"] = figures["both"]
    rows = table[table["prices"] == (tables.EQUAL_PRICES if priced else tables.WITH_PRICES)].set_index("state")
    if tables.BEFORE in rows.index:
        before = rows.loc[tables.BEFORE]
        flat = before["factor_low"] <= 1 <= before["factor_high"]
        _factor(figures, "week_before_flat" if flat else "week_before_not", before)


def _factor(figures: wording.Figures, name: str, row: pd.Series) -> None:
    figures.estimate(name, row, "factor", "ratio", of="products", method=_BY_PRODUCT)


READERS = {
    "coupon_use": _coupon_use,
    "promoted_revenue": _promoted_revenue,
    "mailed_differ": _mailed_differ,
    "campaign_change": _campaign_change,
    "promotion_response": _promotion_response,
}

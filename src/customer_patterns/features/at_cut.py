"""What is known of each customer at a cut in time: one row per customer, made from what lies before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.schemas import Column, TableSchema

_NUMBER = {"kind": "number", "nullable": True}
_SHARE = {"kind": "share", "nullable": True, "minimum": 0, "maximum": 1}

CUT_FEATURES = TableSchema(
    name="cut_features",
    grain="cut and customer",
    key=("cut", "customer_id"),
    meaning="What was known of each customer at a cut in time. Never printed: a row is about one customer.",
    reads=("order_lines", "products"),
    columns=(
        Column("cut", "date", "last day whose purchases are known"),
        Column("customer_id", "text", "the customer's key"),
        Column("shopping_days", "integer", "days with goods in the window", "Shopping days", "days", minimum=1),
        Column("base_spend", "number", "value of goods in the window", "Spend", "currency"),
        Column("recency_days", "integer", "days since the last one", "Days since the last visit", "days", minimum=0),
        Column("own_gap_days", meaning="median gap between shopping days", label="Own gap", unit="days", **_NUMBER),
        Column("recency_by_gap", meaning="days since the last visit by the own gap", label="Silence", **_NUMBER),
        Column("gap_spread", meaning="spread of the gaps by their mean", label="Irregularity", **_NUMBER),
        Column("days_per_week", meaning="shopping days a week", label="Visits a week", **_NUMBER),
        Column("spend_per_week", meaning="value of goods a week", label="Spend a week", unit="currency", **_NUMBER),
        Column("basket_value", meaning="value of goods a shopping day", label="Basket", unit="currency", **_NUMBER),
        Column("visit_trend", meaning="logarithm of recent visits by those of the window", label="Visits", **_NUMBER),
        Column("spend_trend", meaning="logarithm of recent spend by that of the window", label="Spend", **_NUMBER),
        Column("departments", "integer", "departments bought from", "Departments", "departments", minimum=0),
        Column(
            "department_trend",
            meaning="share of the window's departments bought from recently",
            label="Departments lately",
            **_SHARE,
        ),
        Column("discount_share", meaning="discounts by value before discounts", label="Discounts", **_SHARE),
        Column("discount_trend", meaning="recent discount share less that before", label="Discounts", **_NUMBER),
        Column("own_brand_share", meaning="share of the retailer's own brand", label="Own brand", **_SHARE),
        Column("brand_switching", meaning="share of recent chances at which the brand changed", **_SHARE),
        Column("brand_switching_trend", meaning="that share less the one before", label="Brands", **_NUMBER),
        Column("channel_switching", meaning="share of recent orders through another channel", **_SHARE),
        Column("channel_switching_trend", meaning="that share less the one before", label="Channels", **_NUMBER),
        Column("contacts", meaning="contacts with the service in the window", label="Contacts", **_NUMBER),
    ),
)

#: What is added up of the recent part of a window beside the whole of it.
_SUMMED = ("goods", "discounts", "known_brand", "own_brand")
_COUNTED = ("brand_chances", "brand_switches", "channel_chances", "channel_switches")
_RECENT = ("goods", "discounts", *_COUNTED)


def features_at(
    days: ir.Table,
    cuts: Sequence[date],
    *,
    window_days: int = 112,
    recent_days: int = 28,
    least_days: int = 1,
    contacts: ir.Table | None = None,
) -> pd.DataFrame:
    """Describe each customer as of each cut, from the window that ends with it.

    Every cut looks back equally far, so that a model made at one can be used at another, whenever the study began.

    Parameters
    ----------
    days
        One row per customer and shopping day, from :func:`~customer_patterns.features.shopping_days.shopping_days`.
    cuts
        Last days whose purchases are known. Later rows change nothing.
    window_days, recent_days
        How far back features reach, and which part of that counts as recent; 1 to ``window_days - 1`` days.
    least_days
        Customers with fewer shopping days in the window are left out, before anything is worked out about them.
    contacts
        One row per contact with the service, ``customer_id`` and ``opened_at``; ``None`` where none may be used.

    Returns
    -------
    DataFrame
        One row per cut and customer with so many shopping days in its window, by both; columns as in
        :data:`CUT_FEATURES`. Missing is what has no basis: a gap with a single shopping day, switching without a chance
        to switch.

    Raises
    ------
    ValueError
        The recent part is not shorter than the window.

    Notes
    -----
    Recency, frequency, spend, breadth, discounts and own brand as predictors of partial defection: Buckinx and Van den
    Poel 2005, European Journal of Operational Research 164, 252–268. Trends add one visit, or one basket, to both
    sides, so that few purchases do not look like a change.
    """
    if not 0 < recent_days < window_days:
        raise ValueError(f"the recent part ({recent_days} days) must be shorter than the window ({window_days} days)")
    parts = [_sums(days, cut, window_days, recent_days, least_days, contacts) for cut in sorted(set(cuts))]
    parts = [part for part in parts if len(part)]
    return _derived(pd.concat(parts, ignore_index=True) if parts else None, window_days, recent_days)


def _sums(
    days: ir.Table, cut: date, window_days: int, recent_days: int, least_days: int, contacts: ir.Table | None
) -> pd.DataFrame:
    """Add up the window that ends with a cut, and the recent part of it: one row per customer."""
    after, turn = (cut - timedelta(days=back) for back in (window_days, recent_days))
    within = days.filter((days.ordered_on > ibis.literal(after)) & (days.ordered_on <= ibis.literal(cut)))
    recent = within.ordered_on > ibis.literal(turn)
    gap = within.gap_days.cast("float64")
    sums = within.group_by("customer_id").aggregate(
        shopping_days=within.count(),
        recency_days=ibis.literal(cut).delta(within.ordered_on.max(), unit="day"),
        recent_days=within.count(where=recent),
        own_gap_days=within.gap_days.median(),
        gap_mean=gap.mean(),
        gap_square=(gap * gap).mean(),
        mask=within.departments.bit_or(),
        recent_mask=within.departments.bit_or(where=recent),
        **{name: _whole(within[name]).sum() for name in (*_SUMMED, *_COUNTED)},
        **{f"recent_{name}": _whole(within[name]).sum(where=recent).fill_null(0) for name in _RECENT},
    )
    if least_days > 1:
        sums = sums.filter(sums.shopping_days >= least_days)
    if contacts is not None:
        sums = _with_contacts(sums, contacts, after, cut)
    table = sums.order_by("customer_id").to_pandas()
    table.insert(0, "cut", cut)
    return table


def _whole(numbers: ir.IntegerColumn) -> ir.FloatingColumn:
    """Whole numbers as doubles, whose sums are exact in any order below 2^53; DuckDB's own need 128 bits each."""
    return numbers.cast("float64")


def _with_contacts(sums: ir.Table, contacts: ir.Table, after: date, cut: date) -> ir.Table:
    """Count the contacts of the window; zero where there are none."""
    asked = contacts.select("customer_id", asked_on=contacts.opened_at.date())
    asked = asked.filter((asked.asked_on > ibis.literal(after)) & (asked.asked_on <= ibis.literal(cut)))
    counted = asked.group_by("customer_id").aggregate(contacts=asked.count())
    joined = sums.left_join(counted, "customer_id")
    return joined.select(*sums.columns, contacts=joined.contacts.fill_null(0))


def _derived(sums: pd.DataFrame | None, window_days: int, recent_days: int) -> pd.DataFrame:
    """Ratios and trends from the sums."""
    if sums is None or sums.empty:
        types = {"text": "str", "date": "object", "integer": "int64"}
        return pd.DataFrame({c.name: pd.Series(dtype=types.get(c.kind, "float64")) for c in CUT_FEATURES.columns})
    of = {name: sums[name].to_numpy(dtype=float) for name in sums.columns if name not in ("cut", "customer_id")}
    part, weeks = recent_days / window_days, window_days / 7
    spend, recent_spend = of["goods"] / 100, of["recent_goods"] / 100
    basket = spend / of["shopping_days"]
    spread = np.sqrt(np.maximum(of["gap_square"] - of["gap_mean"] ** 2, 0))
    masks = (sums[name].fillna(0).to_numpy(dtype=np.int64) for name in ("mask", "recent_mask"))
    bits, recent_bits = (np.bitwise_count(mask).astype(float) for mask in masks)
    off, recent_off = of["goods"] + of["discounts"], of["recent_goods"] + of["recent_discounts"]
    late = _share(of["recent_discounts"], recent_off)
    columns = {
        "cut": sums["cut"],
        "customer_id": sums["customer_id"].astype("str"),
        "shopping_days": sums["shopping_days"].astype("int64"),
        "base_spend": spend,
        "recency_days": sums["recency_days"].astype("int64"),
        "own_gap_days": of["own_gap_days"],
        "recency_by_gap": _by(of["recency_days"], of["own_gap_days"]),
        "gap_spread": np.where(of["shopping_days"] >= 3, _by(spread, of["gap_mean"]), np.nan),
        "days_per_week": of["shopping_days"] / weeks,
        "spend_per_week": spend / weeks,
        "basket_value": basket,
        "visit_trend": np.log((of["recent_days"] + 1) / (of["shopping_days"] * part + 1)),
        "spend_trend": _log_ratio(recent_spend, spend * part, basket),
        "departments": bits.astype("int64"),
        "department_trend": _share(recent_bits, bits),
        "discount_share": _share(of["discounts"], off),
        "discount_trend": late - _share(of["discounts"] - of["recent_discounts"], off - recent_off),
        "own_brand_share": _share(of["own_brand"], of["known_brand"]),
        "contacts": of.get("contacts", np.full(len(sums), np.nan)),
    }
    for name in ("brand", "channel"):
        n, k = of[f"{name}_chances"], of[f"{name}_switches"]
        late_n, late_k = of[f"recent_{name}_chances"], of[f"recent_{name}_switches"]
        columns[f"{name}_switching"] = _share(late_k, late_n)
        columns[f"{name}_switching_trend"] = columns[f"{name}_switching"] - _share(k - late_k, n - late_n)
    return pd.DataFrame(columns)[CUT_FEATURES.names]


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """A share from 0 to 1; missing without a whole."""
    return np.clip(_by(part, whole), 0, 1)


def _by(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """A ratio; missing where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


def _log_ratio(recent: np.ndarray, expected: np.ndarray, basket: np.ndarray) -> np.ndarray:
    """Logarithm of recent by expected spend, a basket added to both; missing where a customer's net spend is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(basket > 0, np.log(np.maximum(recent, 0) + basket) - np.log(expected + basket), np.nan)


def last_cuts(last_day: date, *, horizon_days: int, cuts: int) -> list[date]:
    """The last days after each of which a whole horizon lies within the study, ascending, one horizon apart.

    Examples
    --------
    >>> [str(day) for day in last_cuts(date(2017, 12, 31), horizon_days=56, cuts=2)]
    ['2017-09-10', '2017-11-05']
    """
    return [last_day - timedelta(days=horizon_days * back) for back in range(cuts, 0, -1)]

"""The behavior chapter's tables in plain pandas; see :mod:`tests.benchmarks.in_pandas`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import pandas as pd

from customer_patterns.behavior.baskets import limits_for
from customer_patterns.behavior.cohorts import _statuses, month_after
from customer_patterns.behavior.groups import DAYS_A_MONTH, _by_level
from customer_patterns.behavior.tables import ATTRIBUTES
from customer_patterns.estimates import (
    Interval,
    bootstrap_mean,
    bootstrap_quantile,
    bootstrap_rank_shares,
    bootstrap_ratio,
    bootstrap_share,
    kaplan_meier,
    wilson,
    with_interval,
)
from customer_patterns.features.cells import suppress
from customer_patterns.study import Study
from tests.benchmarks.base_in_pandas import annual_index, audit, holidays, profile
from tests.benchmarks.journeys_in_pandas import journeys, life_cohorts
from tests.benchmarks.market_in_pandas import sold

Frames = dict[str, pd.DataFrame]

RHYTHM_NAMES = ("weekly", "every two weeks", "monthly", "less often", "one day at most")
QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9]


def behavior(frames: Frames, study: Study) -> Frames:
    """Make the chapter's tables from the clean lines, products and customers."""
    lines = frames["order_lines"]
    orders = _orders(lines, study)
    goods = orders[orders["kind"] == "goods"]
    last = pd.Timestamp(study.last_day)
    gaps = _gaps(goods, last)
    rhythm = _rhythm(orders, goods, gaps, last)
    weekdays = _profile(orders, orders["weekday"], range(1, 8))
    length = (study.last_day - study.first_day).days + 1
    days = np.bincount([(study.first_day + timedelta(days=i)).weekday() for i in range(length)], minlength=7)
    for what in ("orders", "revenue"):
        shares = (weekdays[f"share_of_{what}{end}"] * length / days for end in ("", "_low", "_high"))
        weekdays = with_interval(weekdays, f"{what}_index", Interval(*shares))
    width, last_class = _class_limits(goods["goods_revenue"] / 100)
    value = np.minimum(goods["goods_revenue"] // round(width * 100), round(last_class / width))
    return {
        "orders": orders,
        "shopping_gaps": gaps,
        "customer_rhythm": rhythm,
        "rhythm_groups": _rhythm_groups(rhythm),
        "rhythm_figures": _rhythm_figures(rhythm),
        "next_shopping_day": _next_shopping_day(gaps),
        "revenue_deciles": _deciles(rhythm),
        "basket_figures": _statistics(
            goods, {"basket_value": ("goods_revenue", 100), "basket_products": ("products", 1)}
        ),
        "basket_values": _profile(goods, value, range(round(last_class / width) + 1), of=("orders",)),
        "fuel_figures": _statistics(orders[orders["kind"] == "fuel"], {"fuel_value": ("fuel_revenue", 100)}),
        "hours": _profile(orders, orders["hour"], range(24)),
        "weekdays": weekdays,
        "weeks": _weeks(orders, study),
        **_cohorts(orders, study),
        **_groups(rhythm, frames["customers"], length),
        "annual_index": annual_index(orders),
        "holidays": holidays(orders, study, _sums),
        **audit(orders, study),
        "profile": profile(frames["customers"], rhythm),
        **sold(lines, frames["products"]),
        **journeys(orders, study),
        "life_cohorts": life_cohorts(orders, study),
    }


def _orders(lines: pd.DataFrame, study: Study) -> pd.DataFrame:
    kind = lines["line_kind"].cat.codes.to_numpy()
    names = {name: code for code, name in enumerate(lines["line_kind"].cat.categories)}
    revenue = lines["revenue"].to_numpy()
    parts = pd.DataFrame(
        {
            "order_id": lines["order_id"],
            "customer_id": lines["customer_id"].cat.codes,
            "ordered_at": lines["ordered_at"],
            "ordered_on": lines["ordered_on"],
            "products": (kind == names["goods"]).astype("int64"),
            "has_fuel": kind == names["fuel"],
            **{f"{name}_revenue": np.where(kind == code, revenue, 0) for name, code in names.items()},
        },
        copy=False,
    )
    how = dict.fromkeys(("customer_id", "ordered_at", "ordered_on"), "min")
    how |= dict.fromkeys(("products", "goods_revenue", "fuel_revenue", "gift_card_revenue"), "sum")
    orders = parts.groupby("order_id", observed=True).agg({**how, "has_fuel": "max"}).reset_index()
    orders["customer_id"] = pd.Categorical.from_codes(orders["customer_id"], dtype=lines["customer_id"].dtype)
    weekday = orders["ordered_on"].dt.day_of_week
    wall = orders["ordered_at"].dt.tz_localize("UTC").dt.tz_convert(study.time_zone)
    orders["week_starts_on"] = orders["ordered_on"] - pd.to_timedelta(weekday, unit="D")
    orders["weekday"], orders["hour"] = weekday + 1, wall.dt.hour
    orders["kind"] = np.select([orders["products"] > 0, orders.pop("has_fuel")], ["goods", "fuel"], "gift_card")
    orders["revenue"] = orders["goods_revenue"] + orders["fuel_revenue"]
    return orders


def _class_limits(value: pd.Series) -> tuple[float, float]:
    """How wide the classes of basket values are, and where the last one begins."""
    lower, upper, most = value.quantile([0.25, 0.75, 0.975])
    return limits_for(len(value), upper - lower, most)


def _gaps(goods: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    days = goods[["customer_id", "ordered_on"]].drop_duplicates().sort_values(["customer_id", "ordered_on"])
    following = days.groupby("customer_id", observed=True)["ordered_on"].shift(-1)
    days["observed"] = following.notna()
    days["days"] = (following.fillna(last) - days["ordered_on"]).dt.days
    return days.reset_index(drop=True)


def _rhythm(orders: pd.DataFrame, goods: pd.DataFrame, gaps: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    people = orders.groupby("customer_id", observed=True).agg(
        first_on=("ordered_on", "min"),
        last_on=("ordered_on", "max"),
        orders=("order_id", "size"),
        revenue=("revenue", "sum"),
    )
    trips = goods.groupby("customer_id", observed=True)
    people["trips"] = trips.size().reindex(people.index, fill_value=0)
    people["active_weeks"] = trips["week_starts_on"].nunique().reindex(people.index, fill_value=0)
    by = gaps.groupby("customer_id", observed=True)
    people["shopping_days"] = by.size().reindex(people.index, fill_value=0)
    # Kaplan-Meier median of each customer's gaps, the last of them censored
    open_days = gaps.loc[~gaps["observed"]].set_index("customer_id")["days"]
    seen = gaps[gaps["observed"]].sort_values(["customer_id", "days"])
    key = seen["customer_id"]
    seen = seen.assign(shorter=seen["days"] <= key.map(open_days).astype("int64"))
    grouped = seen.groupby("customer_id", observed=True)
    k, m = grouped.cumcount() + 1, grouped["days"].transform("size")
    j = grouped["shorter"].transform("sum")
    halved = np.where(k <= j, 2 * (m + 1 - k) <= m + 1, 2 * (m + 1 - j) * (m - k) <= (m + 1) * (m - j))
    people["median_gap_days"] = seen[halved].groupby("customer_id", observed=True)["days"].min().reindex(people.index)
    people["silent_days"] = (last - people["last_on"]).dt.days
    return people.reset_index()


def _rhythm_groups(rhythm: pd.DataFrame) -> pd.DataFrame:
    gap, limits = rhythm["median_gap_days"].to_numpy(dtype=float), [7, 14, 31]
    group = np.where(np.isnan(gap), 4, np.searchsorted(limits, gap))
    member = (group[:, None] == np.arange(5)).astype(float)
    size = member.sum(axis=0)
    table = pd.DataFrame({"rhythm": RHYTHM_NAMES, "n": size, "customers": len(rhythm)})
    table = with_interval(table, "share_of_customers", wilson(size, np.full(5, len(rhythm))))
    for measure in ("orders", "revenue"):
        total = rhythm[measure].to_numpy(dtype=float)
        table = with_interval(table, f"share_of_{measure}", bootstrap_share(member * total[:, None], total))
    return table


def _rhythm_figures(rhythm: pd.DataFrame) -> pd.DataFrame:
    gap = rhythm["median_gap_days"].to_numpy(dtype=float)
    trips, weeks = rhythm["trips"].to_numpy(), rhythm["active_weeks"].to_numpy()
    known, active = ~np.isnan(gap), weeks > 0
    found = [
        bootstrap_quantile(gap[known], np.flatnonzero(known)),
        bootstrap_ratio(trips[active], weeks[active]),
        bootstrap_mean(trips),
    ]
    table = pd.DataFrame({"figure": ["median_gap", "trips_per_active_week", "trips_per_customer"]})
    return with_interval(table, "value", Interval(*np.array([[float(p) for p in one] for one in found]).T))


def _next_shopping_day(gaps: pd.DataFrame) -> pd.DataFrame:
    codes, _ = pd.factorize(gaps["customer_id"])
    curve = kaplan_meier(gaps["days"].to_numpy(), gaps["observed"].to_numpy(), codes)
    curve = curve[curve["days"].between(1, 28)].dropna()
    return pd.DataFrame(
        {
            "days": curve["days"],
            "returned": 1 - curve["survival"],
            "returned_low": 1 - curve["survival_high"],
            "returned_high": 1 - curve["survival_low"],
        }
    )


def _deciles(rhythm: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"decile": np.arange(1, 11)})
    return with_interval(table, "share_of_revenue", bootstrap_rank_shares(rhythm["revenue"].to_numpy(dtype=float)))


def _statistics(orders: pd.DataFrame, measures: dict[str, tuple[str, int]]) -> pd.DataFrame:
    codes, names = pd.factorize(orders["customer_id"])
    table = pd.DataFrame({"statistic": ["mean", *map(str, QUANTILES)], "orders": len(codes), "n": len(names)})
    for name, (column, divisor) in measures.items():
        values = orders[column].to_numpy(dtype=float)
        mean = bootstrap_ratio(np.bincount(codes, values), np.bincount(codes))
        found = np.column_stack([mean, bootstrap_quantile(values, codes, q=QUANTILES)]) / divisor
        table = with_interval(table, name, Interval(*found))
    return table


def _sums(frame: pd.DataFrame, by: pd.Series, levels: Iterable[int], measure: str | None = None) -> np.ndarray:
    """Sums (or counts) per customer and level, one row per customer who has any row."""
    grouped = frame.groupby([frame["customer_id"], by.rename("level")], observed=True)
    sums = grouped.size() if measure is None else grouped[measure].sum()
    table = sums.unstack(fill_value=0)  # noqa: PD010  there is nothing to aggregate any more
    return table.reindex(columns=list(levels), fill_value=0).to_numpy(dtype=float)


def _profile(
    orders: pd.DataFrame, by: pd.Series, levels: Iterable[int], of: tuple[str, ...] = ("orders", "revenue")
) -> pd.DataFrame:
    counts = _sums(orders, by, levels)
    table = pd.DataFrame(
        {"orders": counts.sum(axis=0), "n": (counts > 0).sum(axis=0), "customers": len(counts)}, index=list(levels)
    )
    for what in of:
        sums = counts if what == "orders" else _sums(orders, by, levels, "revenue")
        table = with_interval(table, f"share_of_{what}", bootstrap_share(sums, sums.sum(axis=1)))
    return table.reset_index(drop=True)


def _weeks(orders: pd.DataFrame, study: Study) -> pd.DataFrame:
    monday = pd.Timestamp(study.first_day - timedelta(days=study.first_day.weekday()))
    number = (orders["week_starts_on"] - monday).dt.days // 7
    weeks = range((pd.Timestamp(study.last_day) - monday).days // 7 + 1)
    counts, revenue = _sums(orders, number, weeks), _sums(orders, number, weeks, "revenue")
    active = counts > 0
    table = pd.DataFrame(
        {
            "week_starts_on": [monday + pd.Timedelta(weeks=w) for w in weeks],
            "orders": counts.sum(axis=0),
            "n": active.sum(axis=0),
            "revenue": revenue.sum(axis=0) / 100,
            "customers": len(active),
            "seen": np.maximum.accumulate(active, axis=1).sum(axis=0),
        }
    )
    return with_interval(table, "revenue_per_customer", bootstrap_mean(revenue / 100))


def _cohorts(orders: pd.DataFrame, study: Study) -> Frames:
    start = study.first_day.replace(day=1)
    length = (study.last_day.year - start.year) * 12 + study.last_day.month - start.month + 1
    months = [month_after(start, i) for i in range(length)]
    number = (orders["ordered_on"].dt.year - start.year) * 12 + orders["ordered_on"].dt.month - start.month
    active = _sums(orders, number, range(length)) > 0
    first, statuses = active.argmax(axis=1), _statuses(months, study.first_day, 3)
    sizes = np.bincount(first, minlength=length)
    table = pd.DataFrame({"cohort": months, "status": statuses, "n": sizes, "customers": len(active)})
    table = with_interval(table, "share_of_customers", wilson(sizes, np.full(length, len(active))))
    rows = [
        (months[c], age, int((first == c).sum()), int(active[first == c, c + age].sum()))
        for c in range(length)
        for age in range(1, length - c)
        if sizes[c]
    ]
    kept = pd.DataFrame(rows, columns=["cohort", "age_months", "n", "active"])
    kept = with_interval(kept, "retention", wilson(kept["active"].to_numpy(float), kept["n"].to_numpy(float)))
    shares = [f"share_of_customers{end}" for end in ("", "_low", "_high")]
    table = suppress(table[sizes > 0].reset_index(drop=True), shares, partition=True)
    why = kept["cohort"].map(table.set_index("cohort")["suppressed"])
    blanks = ("n", "active", "retention", "retention_low", "retention_high")
    return {"cohorts": table, "retention": kept.assign(**{name: kept[name].where(why == "no") for name in blanks})}


def _groups(rhythm: pd.DataFrame, customers: pd.DataFrame, length: int) -> Frames:
    people = rhythm.astype({"customer_id": "str"}).merge(customers.astype({"customer_id": "str"}), on="customer_id")
    spend = people["revenue"].to_numpy() / 100 / (length / DAYS_A_MONTH)
    tables = _by_level(people.assign(monthly_spend=spend), ATTRIBUTES, 30)
    has = people["has_demographics"].to_numpy(dtype=bool)
    rows = []
    for name, member in {"described": has, "not described": ~has, "everyone": np.ones(len(has), dtype=bool)}.items():
        part = people[member]
        figures = {
            "median_orders": bootstrap_quantile(part["orders"], np.arange(len(part))),
            "monthly_spend": bootstrap_ratio(spend[member], np.ones(len(part))),
            "silent": wilson((part["silent_days"] > 56).sum(), len(part)),
        }
        row = {"customers_with": name, "n": len(part)}
        for measure, figure in figures.items():
            row |= dict(zip((measure, f"{measure}_low", f"{measure}_high"), map(float, figure), strict=True))
        rows.append(row)
    return {"spend_by_group": tables, "described": pd.DataFrame(rows)}

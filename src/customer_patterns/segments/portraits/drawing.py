"""Portraits of segments and value tiers: what is known of each, every figure with its n and interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, NotEnoughData, bootstrap_ratio, bounded, renamed, wilson
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.segments.agreement import protect
from customer_patterns.segments.lifecycle.tables import LIFECYCLE_STAGES
from customer_patterns.segments.portraits.tables import (
    BASKETS,
    CHANNELS,
    LIFECYCLE,
    MEASURES,
    PORTRAITS,
    PORTRAITS_BESIDE,
    SIZE,
    TAGS,
    TOPICS,
    VALUE,
)
from customer_patterns.segments.tags.tables import MORE

Floats = NDArray[np.float64]

#: A tag belongs to a portrait if it is met so many times as often as elsewhere, at the least; and at most so many do.
LEAST_RATIO, MOST_TAGS = 1.2, 3
#: Channels through which a smaller share of all orders comes are not drawn.
LEAST_CHANNEL = 0.01


@dataclass(frozen=True)
class Sitters:
    """The groups of one grouping that are portrayed.

    Attributes
    ----------
    grouping
        ``"segment"`` or ``"value tier"``.
    table
        One row per group, from :func:`~customer_patterns.segments.values.group_values`.
    group
        The group of each customer, by key.
    """

    grouping: str
    table: pd.DataFrame
    group: pd.Series

    @property
    def levels(self) -> list[str]:
        """The groups, in order."""
        return self.table.iloc[:, 1].tolist()


def draw_portraits(
    sitters: Sequence[Sitters], people: pd.DataFrame, lives: pd.DataFrame, contrasts: pd.DataFrame
) -> pd.DataFrame:
    """Portray groups by what purchases, descriptions and coupons say.

    Parameters
    ----------
    sitters
        The groupings.
    people
        One row per customer: ``customer_id``, ``orders``, ``revenue``.
    lives
        One row per customer: ``customer_id``, ``stage``; it may be empty.
    contrasts
        Tags by group, from :func:`~customer_patterns.segments.tags.tag_contrasts`.

    Returns
    -------
    DataFrame
        One row per group, topic and measure, in the order of groupings, groups and topics: columns as in
        :data:`~customer_patterns.segments.portraits.tables.PORTRAITS`. Groups of too few customers are blank; tags
        are those met more often than elsewhere, beyond chance and beyond the number of comparisons.
    """
    parts = []
    for one in sitters:
        member = _member(one, people["customer_id"])
        parts += [_known(one), _baskets(one, people, member), _stages(one, lives), top_tags(one, contrasts)]
    return _put_together(parts, sitters, PORTRAITS.names) if any(map(len, parts)) else empty(PORTRAITS)


def draw_beside(
    sitters: Sequence[Sitters], orders: ir.Table, channels: ir.Table, contrasts: pd.DataFrame
) -> pd.DataFrame:
    """Portray groups by what else was delivered: channels of orders, and tags from other tables.

    Parameters
    ----------
    sitters
        The groupings.
    orders
        One row per order: ``order_id``, ``customer_id``, ``kind``. Orders of goods count.
    channels
        One row per order whose channel is known: ``order_id``, ``channel``.
    contrasts
        Tags by group that rest on such deliveries.

    Returns
    -------
    DataFrame
        As :func:`draw_portraits`, for the topics ``channels`` (share of a group's orders whose channel is known) and
        ``tags``.
    """
    goods = orders.filter(orders.kind == "goods").select("order_id", "customer_id")
    known = goods.inner_join(channels.select("order_id", "channel"), "order_id")
    counts = known.group_by("customer_id", "channel").aggregate(orders=known.count()).to_pandas()
    counts = counts[counts["channel"] != UNKNOWN]
    wide = counts.set_index(["customer_id", "channel"])["orders"].unstack(fill_value=0).sort_index()  # noqa: PD010
    parts = [_channels(one, wide) for one in sitters] + [top_tags(one, contrasts) for one in sitters]
    return _put_together(parts, sitters, PORTRAITS_BESIDE.names) if any(map(len, parts)) else empty(PORTRAITS_BESIDE)


def top_tags(one: Sitters, contrasts: pd.DataFrame) -> pd.DataFrame:
    """Return the tags that stand out most in each group of a grouping, as lines of its portrait."""
    found = contrasts[
        (contrasts["grouping"] == one.grouping) & (contrasts["verdict"] == MORE) & (contrasts["ratio"] >= LEAST_RATIO)
    ]
    found = found.sort_values(["group", "ratio", "tag"], ascending=[True, False, True]).groupby("group").head(MOST_TAGS)
    columns = {"tag": "measure", "share": "figure", "share_low": "figure_low", "share_high": "figure_high"}
    lines = found.rename(columns=columns)[["group", *columns.values(), "elsewhere", "n"]]
    return lines.assign(grouping=one.grouping, topic=TAGS, unit="share").reset_index(drop=True)


def _known(one: Sitters) -> pd.DataFrame:
    """The lines that the table of the grouping holds already."""
    parts = []
    taken = (
        (SIZE, MEASURES[0], "share_of_customers", "share"),
        (VALUE, MEASURES[1], "share_of_revenue", "share"),
        (VALUE, MEASURES[2], "monthly_revenue", "currency"),
        (BASKETS, MEASURES[3], "typical_orders", "orders"),
    )
    for topic, measure, column, unit in taken:
        ends = renamed(column, "figure")
        lines = one.table[["n", *ends]].rename(columns=ends)
        parts.append(lines.assign(group=one.levels, topic=topic, measure=measure, unit=unit))
    return pd.concat(parts, ignore_index=True).assign(grouping=one.grouping, elsewhere=np.nan)


def _baskets(one: Sitters, people: pd.DataFrame, member: Floats) -> pd.DataFrame:
    """The value of an order in each group, and among all others."""
    revenue = np.array([round(float(value) * 100) for value in people["revenue"]], dtype=float)[:, None] / 100
    orders = people["orders"].to_numpy(dtype=float)[:, None]
    return _ratios(one, BASKETS, MEASURES[4], "currency", revenue, orders, member)


def _stages(one: Sitters, lives: pd.DataFrame) -> pd.DataFrame:
    """The share of each stage in each group, and among all others; small cells and those that give them away blank."""
    known = lives[lives["customer_id"].isin(one.group[one.group.notna()].index)]
    member = _member(one, known["customer_id"]).T > 0
    inside = np.array([(known["stage"] == stage).to_numpy() for stage in LIFECYCLE_STAGES])
    counts, n = (member[:, None] & inside[None]).sum(axis=2), member.sum(axis=1)
    why = protect(counts)
    parts = []
    for j, stage in enumerate(LIFECYCLE_STAGES):
        k = counts[:, j]
        elsewhere = _apart(inside[j].sum() - k, len(known) - n)
        parts.append(
            _lines(one, LIFECYCLE, stage, "share", wilson(k, n), n, elsewhere).assign(why=why[:, j].astype(object))
        )
    return pd.concat(parts, ignore_index=True)


def _channels(one: Sitters, wide: pd.DataFrame) -> pd.DataFrame:
    """The share of each channel in the orders of each group, and of all others."""
    total = wide.to_numpy(dtype=float).sum(axis=1, keepdims=True)
    member = _member(one, pd.Series(wide.index))
    shares = wide.sum() / max(float(total.sum()), 1.0)
    drawn = [channel for channel in wide.columns if shares[channel] >= LEAST_CHANNEL]
    parts = [
        _ratios(one, CHANNELS, channel, "share", wide[[channel]].to_numpy(dtype=float), total, member)
        for channel in drawn
        if len(drawn) > 1
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _ratios(
    one: Sitters, topic: str, measure: str, unit: str, above: Floats, below: Floats, member: Floats
) -> pd.DataFrame:
    """The ratio of two sums in each group, resampling customers, and among all others."""
    n = member.sum(axis=0)
    try:
        found = bootstrap_ratio(member * above, member * below)
    except NotEnoughData:
        found = Interval.missing(len(one.levels))
    a, b = (member * above).sum(axis=0), (member * below).sum(axis=0)
    inside = member.any(axis=1)
    return _lines(one, topic, measure, unit, found, n, _apart(above[inside].sum() - a, below[inside].sum() - b))


def _lines(
    one: Sitters, topic: str, measure: str, unit: str, found: Interval, n: NDArray, elsewhere: Floats
) -> pd.DataFrame:
    few = n < SMALLEST_CELL
    value, low, high = (np.where(few, np.nan, part) for part in found)
    return pd.DataFrame(
        {
            "grouping": one.grouping,
            "group": one.levels,
            "topic": topic,
            "measure": measure,
            "n": pd.Series(n).astype("Int64").mask(few),
            "unit": unit,
            "figure": value,
            "figure_low": low,
            "figure_high": high,
            "elsewhere": np.where(few, np.nan, elsewhere),
        }
    )


def _apart(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.round(np.where(below > 0, above / below, np.nan), 9)


def _member(one: Sitters, customers: pd.Series) -> Floats:
    """Customers × groups."""
    group = customers.map(one.group).to_numpy(dtype=object)
    return np.array([group == level for level in one.levels], dtype=float).reshape(len(one.levels), len(group)).T


def _put_together(parts: list[pd.DataFrame], sitters: Sequence[Sitters], names: list[str]) -> pd.DataFrame:
    """All lines in order; those of a group that its own table keeps blank are blank, whatever they are about."""
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    blank = {
        (one.grouping, group): why
        for one in sitters
        for group, why in zip(one.levels, one.table["suppressed"], strict=True)
    }
    why = [blank[key] for key in zip(table["grouping"], table["group"], strict=True)]
    table = table.assign(suppressed=pd.Series(why, dtype="str"), n=table["n"].astype("Int64"))
    if "why" in table:  # cells of a cross-table with a known margin
        table["suppressed"] = table["suppressed"].mask(
            table["suppressed"].eq("no") & table["why"].notna(), table["why"]
        )
    open_ = table["suppressed"] == "no"
    blanks = ["n", *bounded("figure"), "elsewhere"]
    table = table.assign(**{name: table[name].where(open_) for name in blanks})
    places = {(one.grouping, group): (i, j) for i, one in enumerate(sitters) for j, group in enumerate(one.levels)}
    keys = zip(table["grouping"], table["group"], table["topic"], strict=True)
    order = [(*places[grouping, group], TOPICS.index(topic), i) for i, (grouping, group, topic) in enumerate(keys)]
    table = table.iloc[[i for *_, i in sorted(order)]].reset_index(drop=True)
    return table.assign(place=range(1, len(table) + 1))[names]

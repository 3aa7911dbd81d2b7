"""What else is on a planted shop's receipts: fuel, gift cards, coupons, gifts, and orders at treacherous moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.assortment import COUPON, FUEL, GIFT_CARD
from customer_patterns.sources.planted_shop.baskets import Contents
from customer_patterns.sources.planted_shop.lines import Lines
from customer_patterns.sources.planted_shop.plan import Truth
from customer_patterns.sources.planted_shop.visits import Visits, delivered_days

_FUEL_ORDER_SHARE = 0.20
_GIFT_CARD_ORDER_SHARE = 0.004
_FREE_LINE_SHARE = 0.003
_COUPON_LINE_SHARE = 0.004
#: Chance that a product bought by a recipient, while the campaign runs, is paid with its coupon.
_REDEEM_SHARE = 0.05
_COUPON_CENTS, _MATCH_CENTS = 100, 50
_MATCH_SHARE = 0.2

#: Moments at which a wrong clock shows: UTC, the wall clock in the shop, and what is treacherous about it.
_TRAPS: tuple[tuple[str, str, str], ...] = (
    ("2017-01-01T04:40", "2016-12-31 23:40", "before the first day, though the UTC day is the first"),
    ("2017-01-01T05:20", "2017-01-01 00:20", "in the first hour of the study"),
    ("2017-03-12T06:45", "2017-03-12 01:45", "just before clocks go forward"),
    ("2017-03-12T07:10", "2017-03-12 03:10", "just after clocks went forward"),
    ("2017-10-01T03:40", "2017-09-30 23:40", "last hour of September, though the UTC day is in October"),
    ("2017-10-01T04:10", "2017-10-01 00:10", "first hour of October"),
    ("2017-11-05T05:30", "2017-11-05 01:30", "in the hour that comes twice, the first time"),
    ("2017-11-05T06:30", "2017-11-05 01:30", "in the hour that comes twice, the second time"),
    ("2018-01-01T04:30", "2017-12-31 23:30", "last hour of the study, though the UTC day is in the next year"),
    ("2018-01-01T05:15", "2018-01-01 00:15", "first hour after the study"),
)

NO_TRAPS = pd.DataFrame(
    {
        "order_id": pd.Series(dtype=object),
        "ordered_at": pd.Series(dtype="datetime64[us]"),
        "local_time": pd.Series(dtype=object),
        "why": pd.Series(dtype=object),
    }
)


def buy_fuel(rng: np.random.Generator, truth: Truth, people: pd.DataFrame, visits: Visits) -> Contents:
    """Let those who buy fuel here fill up on some of their visits; a thousandth of a gallon is a unit."""
    drivers = people["buys_fuel"].to_numpy()[visits.customer]
    fills = np.flatnonzero(drivers & (rng.random(len(visits)) < _FUEL_ORDER_SHARE))
    thousandths = rng.integers(5_000, 18_000, len(fills))
    cents_per_gallon = 230 + 10 * np.sin(visits.day[fills] / 58.0)
    return Contents(
        visit=fills,
        product=rng.choice(_rows(truth, FUEL), size=len(fills), p=(0.85, 0.15)),
        quantity=thousandths,
        revenue=np.rint(thousandths / 1000 * cents_per_gallon).astype("int64"),
        retail_discount=np.zeros(len(fills), dtype="int64"),
    )


def buy_gift_cards(rng: np.random.Generator, truth: Truth, visits: Visits) -> Contents:
    """Sell a gift card on a few visits."""
    gives = np.flatnonzero(rng.random(len(visits)) < _GIFT_CARD_ORDER_SHARE)
    return Contents(
        visit=gives,
        product=rng.choice(_rows(truth, GIFT_CARD), size=len(gives)),
        quantity=np.ones(len(gives), dtype="int64"),
        revenue=rng.choice([2500, 5000, 10000], size=len(gives)),
        retail_discount=np.zeros(len(gives), dtype="int64"),
    )


def fall_into_traps(truth: Truth, people: pd.DataFrame, next_order: int) -> tuple[pd.DataFrame, Lines | None]:
    """Place one small order at each treacherous moment, by customers who are there all the time.

    Returns
    -------
    DataFrame
        As in ``Drawn.traps``; ``order_id`` is still the order's number.
    Lines
        One line per trap; nothing where nobody is there all the time.
    """
    steady = np.flatnonzero(people["leaves_on"].isna().to_numpy() & ~people["starts_inside"].to_numpy())
    if not len(steady):
        return NO_TRAPS, None
    count = len(_TRAPS)
    moments = np.array([moment for moment, _, _ in _TRAPS], dtype="datetime64[us]")
    local_days = [date.fromisoformat(wall[:10]) for _, wall, _ in _TRAPS]
    milk = _rows(truth, "MILK")[0]
    nothing = np.zeros(count, dtype="int64")
    number = next_order + np.arange(count)
    lines = Lines(
        order=number,
        customer=steady[np.arange(count) % len(steady)],
        product=np.full(count, milk),
        store=np.ones(count, dtype="int64"),
        sold_at=moments,
        day=np.array([(day - truth.first_day).days for day in local_days]),
        quantity=np.ones(count, dtype="int64"),
        revenue=np.full(count, truth.products["price_cents"].to_numpy()[milk]),
        retail_discount=nothing,
        coupon_discount=nothing,
        coupon_match_discount=nothing,
    )
    walls, reasons = [wall for _, wall, _ in _TRAPS], [why for _, _, why in _TRAPS]
    table = pd.DataFrame({"order_id": number, "ordered_at": moments, "local_time": walls, "why": reasons})
    return table, lines


def redeem_coupons(rng: np.random.Generator, truth: Truth, lines: Lines) -> tuple[Lines, pd.DataFrame, Lines]:
    """Let recipients pay with coupons for what they buy anyway, each coupon once.

    Returns
    -------
    Lines
        The lines with the coupons' discounts.
    DataFrame
        As in ``Drawn.redemptions``.
    Lines
        The coupons' own lines on the receipts: no units, no money.
    """
    row_of = {key: row for row, key in enumerate(truth.products["product_id"])}
    # Only the customers of these lines: a large shop has a million.
    first = int(lines.customer.min(initial=0))
    here = truth.customers["customer_id"].iloc[first : int(lines.customer.max(initial=-1)) + 1]
    customer_ids = here.to_numpy(dtype=object)
    own = truth.recipients[truth.recipients["customer_id"].isin(here)]
    customer_row = pd.Series(np.arange(len(customer_ids)), index=customer_ids)
    dates = np.array([truth.first_day + timedelta(days=day) for day in range(delivered_days(truth))], dtype=object)
    used = np.zeros(len(lines), dtype=bool)
    rows, redeemed = [], []
    for campaign in truth.campaigns.itertuples():
        received = np.zeros(len(customer_ids), dtype=bool)
        mailed = own["campaign_id"] == campaign.campaign_id
        received[customer_row[own.loc[mailed, "customer_id"]].to_numpy()] = True
        begins, ends = ((day - truth.first_day).days for day in (campaign.starts_on, campaign.ends_on))
        runs = (lines.day >= max(begins, 0)) & (lines.day <= ends)
        eligible = runs & received[lines.customer - first] & (lines.revenue >= _COUPON_CENTS + _MATCH_CENTS)
        coupons = truth.coupons[truth.coupons["campaign_id"] == campaign.campaign_id]
        for coupon, covered in coupons.groupby("coupon_id", sort=True):
            good_for = np.isin(lines.product, [row_of[product] for product in covered["product_id"]])
            chosen = np.flatnonzero(eligible & good_for & ~used & (rng.random(len(lines)) < _REDEEM_SHARE))
            chosen = chosen[np.unique(lines.customer[chosen], return_index=True)[1]]
            used[chosen] = True
            rows.append(chosen)
            redeemed.append(
                pd.DataFrame(
                    {
                        "customer_id": customer_ids[lines.customer[chosen] - first],
                        "coupon_id": np.full(len(chosen), coupon, dtype=object),
                        "campaign_id": np.full(len(chosen), campaign.campaign_id, dtype=object),
                        "redeemed_on": dates[lines.day[chosen]],
                    }
                )
            )
    at = np.concatenate(rows)
    coupon, match, revenue = lines.coupon_discount.copy(), lines.coupon_match_discount.copy(), lines.revenue.copy()
    coupon[at] = _COUPON_CENTS
    matched = at[rng.random(len(at)) < _MATCH_SHARE]
    match[matched] = _MATCH_CENTS
    revenue[matched] -= _MATCH_CENTS
    paid = replace(lines, coupon_discount=coupon, coupon_match_discount=match, revenue=revenue)
    order = ["redeemed_on", "customer_id", "coupon_id"]
    table = pd.concat(redeemed, ignore_index=True).sort_values(order, ignore_index=True)
    return paid, table, _coupon_lines(rng, truth, lines.take(at))


def stray_coupons(rng: np.random.Generator, truth: Truth, lines: Lines) -> Lines:
    """Return lines of coupons that no campaign explains: no units, no money."""
    beside = lines.take(np.flatnonzero(rng.random(len(lines)) < _COUPON_LINE_SHARE))
    return _coupon_lines(rng, truth, beside)


def give_away(rng: np.random.Generator, truth: Truth, lines: Lines) -> Lines:
    """Give some goods away: units, but no money."""
    goods = (truth.products["popularity"].to_numpy() > 0)[lines.product]
    free = goods & (lines.coupon_discount == 0) & (rng.random(len(lines)) < _FREE_LINE_SHARE)
    return replace(
        lines,
        retail_discount=np.where(free, lines.retail_discount + lines.revenue, lines.retail_discount),
        revenue=np.where(free, 0, lines.revenue),
    )


def _coupon_lines(rng: np.random.Generator, truth: Truth, beside: Lines) -> Lines:
    """The till's note of a coupon, beside a line of its receipt."""
    nothing = np.zeros(len(beside), dtype="int64")
    return replace(
        beside,
        product=rng.choice(_rows(truth, COUPON), size=len(beside)),
        quantity=nothing,
        revenue=nothing,
        retail_discount=nothing,
        coupon_discount=nothing,
        coupon_match_discount=nothing,
    )


def _rows(truth: Truth, product_type: str) -> np.ndarray:
    """The rows of a product type in the assortment."""
    return np.flatnonzero(truth.products["product_type"].to_numpy() == product_type)

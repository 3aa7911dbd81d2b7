"""Delivery passes: contracts with a known risk of cancellation, their use before it, and who brought whom."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Block, Made
from customer_patterns.sources.planted_shop.visits import delivered_days, moments

#: Share of the customers who hold a pass, and of these, of the larger plan.
HOLDERS, PLUS_SHARE = 0.22, 0.4
#: Plan: monthly fee in cents, risk of cancellation per 30 days (constant: lifetimes are exponential), uses per week.
PLANS: dict[str, tuple[int, float, float]] = {"basic": (490, 0.10, 0.8), "plus": (990, 0.05, 1.2)}
#: In so many days before a cancellation the pass is used at this share of its usual rate.
WARNING_DAYS, WARNING_SHARE = 28, 0.4
FEATURES = {"delivery": 0.6, "recipes": 0.3, "shopping list": 0.1}
#: Expected persons brought along per holder and year, by plan; everybody else brings none.
REFERRALS = {"basic": 0.10, "plus": 0.30}
#: Who is brought along and becomes a customer does so within so many days.
_BEGINS_WITHIN = 21


def draw_subscriptions(block: Block) -> Made:
    """Draw contracts, use and referrals of a block's customers.

    Returns
    -------
    Made
        ``contracts`` by contract, ``usage`` by moment, ``referrals`` by moment. The truth ``contracts`` has the day of
        cancellation of every contract, also where it lies behind the delivery.
    """
    rng, truth = block.rng("subscriptions"), block.truth
    days = delivered_days(truth)
    row = np.flatnonzero((rng.random(len(block)) < HOLDERS) & (block.end - block.start > 1))
    plus = rng.random(len(row)) < PLUS_SHARE
    plan = np.where(plus, "plus", "basic").astype(object)
    start = block.start[row] + (rng.random(len(row)) * (block.end - block.start)[row] * 0.5).astype("int64")
    risk = np.where(plus, PLANS["plus"][1], PLANS["basic"][1])
    lasts = 1 + np.floor(rng.exponential(30 / -np.log1p(-risk))).astype("int64")
    ends = np.minimum(start + lasts, 10_000)
    ids = np.array([f"P{block.first + one:07d}" for one in row], dtype=object)
    first = np.datetime64(truth.first_day, "s")
    planned = start + np.where(plus, 365, 180)
    contracts = pd.DataFrame(
        {
            "contract_id": ids,
            "customer_id": block.ids[row],
            "plan": plan,
            "starts_on": pd.Series(first + start * np.timedelta64(1, "D")),
            "ends_on": pd.Series(first + planned * np.timedelta64(1, "D")),
            "cancelled_on": pd.Series(first + ends * np.timedelta64(1, "D")).where(ends < days),
            "monthly_fee": [Decimal(PLANS[one][0]).scaleb(-2) for one in plan],
        }
    )
    true_end = [truth.first_day + timedelta(days=int(day)) for day in ends]
    known = pd.DataFrame(
        {
            "contract_id": ids,
            "customer_id": block.ids[row],
            "plan": plan,
            "starts_on": [truth.first_day + timedelta(days=int(day)) for day in start],
            "cancelled_on": true_end,
            "risk_per_30_days": risk,
            "seen": ends < days,
        }
    )
    usage = _usage(rng, block, row, plus, start, ends)
    referrals = _referrals(block, row, plus, start, np.minimum(ends, days))
    return Made({"contracts": contracts, "usage": usage, "referrals": referrals}, {"contracts": known}, {})


def _usage(
    rng: np.random.Generator, block: Block, row: np.ndarray, plus: np.ndarray, start: np.ndarray, ends: np.ndarray
) -> pd.DataFrame:
    """Draw uses by a Poisson process that slackens before a cancellation."""
    days = delivered_days(block.truth)
    stop = np.minimum(ends, days)
    rate = np.where(plus, PLANS["plus"][2], PLANS["basic"][2]) / 7
    at = np.repeat(np.arange(len(row)), rng.poisson(rate * (stop - start)))
    day = start[at] + (rng.random(len(at)) * (stop - start)[at]).astype("int64")
    slack = (day >= ends[at] - WARNING_DAYS) & (rng.random(len(at)) >= WARNING_SHARE)
    at, day = at[~slack], day[~slack]
    names = np.array(list(FEATURES), dtype=object)
    feature = names[rng.choice(len(names), size=len(at), p=list(FEATURES.values()))]
    used = moments(block.truth, day, rng.integers(7 * 3600, 22 * 3600, len(at)))
    table = pd.DataFrame(
        {
            "customer_id": block.ids[row[at]],
            "used_at": used,
            "feature": feature,
            "amount": np.where(feature == "delivery", rng.integers(1, 4, len(at)), rng.integers(1, 30, len(at))),
            "unit": np.where(feature == "delivery", "boxes", "minutes").astype(object),
        }
    )
    return table.sort_values(["used_at", "customer_id", "feature"], ignore_index=True)


def _referrals(block: Block, row: np.ndarray, plus: np.ndarray, start: np.ndarray, stop: np.ndarray) -> pd.DataFrame:
    """Draw who brings whom: a customer of the block who begins soon after, or else someone who never became one."""
    rng = block.rng("referrals")
    rate = np.where(plus, REFERRALS["plus"], REFERRALS["basic"]) / 365
    who = np.repeat(np.arange(len(row)), rng.poisson(rate * (stop - start)))
    day = start[who] + (rng.random(len(who)) * (stop - start)[who]).astype("int64")
    at = moments(block.truth, day, rng.integers(8 * 3600, 20 * 3600, len(who)))
    fresh = {int(new): int(block.start[new]) for new in np.flatnonzero(block.people["starts_inside"].to_numpy())}
    brought = []
    for place in np.argsort(at, kind="stable"):
        soon = [
            new
            for new, begins in fresh.items()
            if 0 <= begins - day[place] <= _BEGINS_WITHIN and new != row[who[place]]
        ]
        if soon:
            del fresh[soon[0]]
        brought.append((place, block.ids[soon[0]] if soon else f"N{block.first + int(place):07d}"))
    referred = np.empty(len(who), dtype=object)
    for place, key in brought:
        referred[place] = key
    table = pd.DataFrame({"referrer_id": block.ids[row[who]], "referred_id": referred, "referred_at": at})
    return table.sort_values(["referred_at", "referrer_id"], ignore_index=True)

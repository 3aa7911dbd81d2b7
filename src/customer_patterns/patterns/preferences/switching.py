"""Whether customers change brands more often than they did: what the next purchase of a category is.

A customer buys a category, and then again: of the same brand, or of another. How often it is another depends on the
category, so the purchases of a window are held against the customer's own earlier ones category by category (Mantel and
Haenszel 1959, J. Natl. Cancer Inst. 22, 719–748). Switches hang together even where each brand is drawn anew: whoever
takes a rare brand comes from another and goes to another. The variance allows for that.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.estimates import Interval, bootstrap_ratio, bootstrap_share, wilson, with_interval
from customer_patterns.estimates.false_discovery import benjamini_hochberg
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.patterns.preferences import tables
from customer_patterns.patterns.preferences.dirichlet import fit_population, posterior_shares
from customer_patterns.patterns.preferences.switches import Switches

Floats = NDArray[np.float64]

#: A signal needs so much variance of the number of switches in the window: below it, steps of one purchase rule.
_LEAST_VARIANCE = 2.0


def switching(switches: Switches, *, false_discovery: float = 0.05, level: float = 0.95) -> pd.DataFrame:
    """Say of each customer how often brands are switched in the window, beside the customer's own earlier rate.

    Parameters
    ----------
    switches
        From :func:`~customer_patterns.patterns.preferences.switches.category_switches`.
    false_discovery
        Share of false ones allowed among the customers who are said to switch more or less than before.
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        One row per customer with a next purchase, by it; columns as in ``SWITCHING``. ``rate`` is drawn toward the
        customer's earlier rate where the window is thin, and with it toward all customers (beta-binomial); missing
        without a purchase in the window. ``expected``: each category's switches of all the time spread evenly over it.
        ``signal`` is above zero where more is switched than before.
    """
    if not len(switches.customer):
        return empty(tables.SWITCHING)
    of = dict(switches.counts)
    n, k, late = (of[name] for name in ("chances", "switched", "late"))
    with np.errstate(invalid="ignore", divide="ignore"):
        of["expected"] = late * k / n
        of["variance"] = np.where(n > 1, late * (n - late) * k * (n - k) / (n**2 * (n - 1)), 0.0)
    of["comparable"] = late * (n - late) / n
    of["by_order"] = late * of["unordered"]
    people, who = np.unique(switches.customer, return_inverse=True)
    sums = {name: np.bincount(who, part) for name, part in of.items()}
    variance = sums["variance"] * (1 + 2 * max(_next_alike(of), 0.0))
    # A category that is only in the window, or only before it, says nothing of a change.
    enough = variance >= _LEAST_VARIANCE
    off = sums["late_switched"] - sums["expected"]
    near = np.sign(off) * np.maximum(np.abs(off) - 0.5, 0.0)  # counts move in steps of one
    signal = np.where(enough, near / np.sqrt(np.where(enough, variance, 1.0)), np.nan)
    p = np.where(enough, 2 * ndtr(-np.abs(signal)), np.nan)
    adjusted = np.full(len(people), np.nan)
    adjusted[enough] = benjamini_hochberg(p[enough])
    surely = enough & (np.nan_to_num(adjusted, nan=1.0) <= false_discovery)
    rate = _drawn(sums, level)
    whole = {name: sums[name].astype(np.int64) for name in ("chances", "switched", "late", "late_switched")}
    table = pd.DataFrame(
        {
            "customer_id": pd.Series(switches.customers[people], dtype="str"),
            "chances_before": whole["chances"] - whole["late"],
            "switched_before": whole["switched"] - whole["late_switched"],
            "n": whole["late"],
            "switched": whole["late_switched"],
            "expected": sums["expected"],
            "comparable": sums["comparable"],
            "unordered": sums["by_order"],
            "signal": signal,
            "p": p,
            "p_adjusted": adjusted,
            "verdict": np.select(
                [~enough, surely & (signal > 0), surely & (signal < 0)],
                [tables.TOO_FEW, tables.MORE, tables.LESS],
                tables.NO_MORE,
            ),
        }
    )
    return with_interval(table, "rate", rate)[tables.SWITCHING.names]


@empty_unless_enough(tables.SWITCHING_RATES)
def switching_rates(switched: pd.DataFrame) -> pd.DataFrame:
    """Put the customers' switching together: in the window, before it, and as it would be in any order.

    Parameters
    ----------
    switched
        From :func:`switching`.

    Returns
    -------
    DataFrame
        One row per time, in the order of ``TIMES``; columns as in ``SWITCHING_RATES``, from customers with next
        purchases in the window and before it. Intervals resample customers.
    """
    rows = _with_both(switched)
    if len(rows) < 2:
        return empty(tables.SWITCHING_RATES)
    part = rows[["switched", "switched_before", "unordered"]].to_numpy(dtype=float)
    of = rows[["n", "chances_before", "n"]].to_numpy(dtype=float)
    table = pd.DataFrame({"time": list(tables.TIMES), "n": pd.Series([len(rows)] * len(tables.TIMES), dtype="Int64")})
    return with_interval(table, "rate", bootstrap_share(part, of))[tables.SWITCHING_RATES.names]


@empty_unless_enough(tables.SWITCHING_SUMMARY)
def summarize_switching(switched: pd.DataFrame) -> pd.DataFrame:
    """Say whether customers switch more in the window than before, and how many surely do.

    Parameters
    ----------
    switched
        From :func:`switching`.

    Returns
    -------
    DataFrame
        One row; columns as in ``SWITCHING_SUMMARY``: ``change`` from customers with next purchases in the window and
        before it (the risk difference of Mantel and Haenszel, customer by customer and category by category; intervals
        resample customers), shares and ``n`` from those of them who have enough to be told.
    """
    rows = _with_both(switched)
    told = rows["verdict"] != tables.TOO_FEW
    if len(rows) < 2 or not told.any():
        return empty(tables.SWITCHING_SUMMARY)
    off = rows[["switched"]].to_numpy(dtype=float) - rows[["expected"]].to_numpy(dtype=float)
    table = pd.DataFrame({"n": pd.Series([int(told.sum())], dtype="Int64")})
    table = with_interval(table, "change", bootstrap_ratio(off, rows[["comparable"]].to_numpy(dtype=float)))
    for name, verdict in (("switch_more", tables.MORE), ("switch_less", tables.LESS)):
        share = wilson(np.array([(rows["verdict"] == verdict).sum()]), np.array([told.sum()]))
        table = with_interval(table, name, share)
    return table[tables.SWITCHING_SUMMARY.names]


def _with_both(switched: pd.DataFrame) -> pd.DataFrame:
    """Customers with next purchases in the window and before it."""
    return switched[(switched["n"] > 0) & (switched["chances_before"] > 0)]


def _next_alike(of: dict[str, Floats]) -> float:
    """The correlation of a switch with the next one of the same customer and category, over all of them.

    Deviations from a mean of n add up to nothing, so that neighbors look opposed by 1/n each: that is added back.
    """
    n = of["chances"]
    spread = of["squares"].sum()
    if spread <= 0:
        return 0.0
    return float((of["joint"] + of["squares"] / n).sum() / spread)


def _drawn(sums: dict[str, Floats], level: float) -> Interval:
    """The rate in the window: the customer's earlier purchases count, as much as windows and earlier rates agree.

    The earlier rate is drawn toward that of all customers; the window is drawn toward what its categories let expect.
    """
    late, seen = sums["late"], sums["late_switched"]
    before, earlier = sums["chances"] - late, sums["switched"] - seen
    found = Interval.missing(len(late))
    use = before > 0
    if not use.any():
        return found
    at = np.flatnonzero(use)
    counts = np.stack([earlier[at], before[at] - earlier[at]], axis=1)
    who, what = np.nonzero(counts > 0)
    population = fit_population(who, what, counts[who, what], values=2)
    share, s = float(population.shares[0]), population.concentration
    prior = np.full(len(late), share)
    prior[at] = (earlier[at] + s * share) / (before[at] + s)
    there = late > 0
    drawn = posterior_shares(seen[there], late[there], prior[there], s, level=level)
    for to, part in zip(found, drawn, strict=True):
        to[there] = part
    return found

"""Rules customer by customer: confidence and lift on any baskets, with intervals in which the customer is the unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from customer_patterns.patterns.baskets import Baskets
from customer_patterns.patterns.miner.found import Itemsets, TooMuchMemory

Ints = NDArray[np.int64]


def by_customer(
    baskets: Baskets,
    itemsets: Itemsets,
    antecedent: Ints,
    consequent: Ints,
    *,
    level: float = 0.95,
    max_memory_mb: float = 400,
) -> pd.DataFrame:
    """Count rules on baskets, and give them intervals and a test in which the customer is the unit.

    The baskets need not be those that were mined: rules found on one half of the customers are counted on the other.

    Parameters
    ----------
    baskets
        The baskets, with their customers; items by the numbers by which they were mined.
    itemsets
        Sets, for the sides of the rules.
    antecedent, consequent
        Per rule: the places of its sides in ``itemsets``, as in :attr:`Rules.table`.
    level
        Confidence level of the intervals.
    max_memory_mb
        The most that the bits of the baskets may take.

    Returns
    -------
    DataFrame
        One row per rule, in their order: ``baskets`` (that hold it all), ``n`` (customers with such a basket),
        ``confidence``, ``lift``, each with ``_low`` and ``_high``, ``log_lift_error``, and ``p`` (one-sided: more than
        independence brings). Where no basket holds it all, or only one customer has one, these are missing and p is 1.

    Raises
    ------
    TooMuchMemory
        The bits would take more than ``max_memory_mb``.

    Notes
    -----
    Linearized, customers taken for independent (Kish and Frankel 1974, J. R. Stat. Soc. B 36, 1–37): the variance of
    log lift is G/(G − 1) Σ ψ², with ψ = both/Σboth − left/Σleft − right/Σright + baskets/Σbaskets per customer.
    Student's t has as many degrees of freedom as baskets with both sides would have customers if these shared them
    evenly, less one: (Σ both)² / Σ both² − 1. Basket size is not allowed for: see
    :mod:`~customer_patterns.patterns.association`.
    """
    antecedent, consequent = np.asarray(antecedent, np.int64), np.asarray(consequent, np.int64)
    order = np.argsort(antecedent, kind="stable")
    sums = np.zeros(7 * len(order))
    held = np.bincount(baskets.customer, minlength=len(baskets.customers)).astype(float)
    customers = int((held > 0).sum())
    if len(order) and len(baskets):
        bits, owner, rows = _bits(baskets, itemsets, np.append(antecedent, consequent), held, max_memory_mb)
        from customer_patterns.patterns.miner.summing import sum_rules

        sum_rules(bits, owner, held, itemsets.edges, rows, antecedent[order], consequent[order], sums)
    found = np.empty((len(order), 7))
    found[order] = sums.reshape(-1, 7)
    both, left, right, people, squares, of_lift, of_confidence = found.T
    with np.errstate(invalid="ignore", divide="ignore"):
        inflate = customers / (customers - 1) if customers > 1 else np.nan
        freedom = both**2 / squares - 1
        reach = stdtrit(np.where(freedom > 0, freedom, np.nan), 0.5 + level / 2)
        confidence, lift = both / left, both * held.sum() / (left * right)
        error = np.sqrt(of_lift * inflate)
        half = reach * np.sqrt(of_confidence * inflate) / left
        factor = np.exp(reach * error)
        p = 1 - stdtr(freedom, np.log(lift) / error)
    return pd.DataFrame(
        {
            "baskets": both.astype(np.int64),
            "n": people.astype(np.int64),
            "confidence": confidence,
            "confidence_low": np.clip(confidence - half, 0, 1),
            "confidence_high": np.clip(confidence + half, 0, 1),
            "lift": lift,
            "lift_low": lift / factor,
            "lift_high": lift * factor,
            "log_lift_error": error,
            "p": np.where(np.isfinite(p) & (error > 0), p, 1.0),
        }
    )


def _bits(
    baskets: Baskets, itemsets: Itemsets, places: Ints, held: NDArray[np.float64], max_memory_mb: float
) -> tuple[NDArray[np.uint64], Ints, Ints]:
    """One row of bits per item that a rule is made of, each customer's baskets beginning a word; whose each word is."""
    asked = np.zeros(len(itemsets), dtype=bool)
    asked[places] = True
    items = np.unique(itemsets.items[np.repeat(asked, itemsets.lengths)])
    words_held = (held.astype(np.int64) + 63) // 64
    owner = np.repeat(np.arange(len(held)), words_held)
    needed = len(items) * len(owner) * 8 / 2**20
    if needed > max_memory_mb:
        raise TooMuchMemory(
            f"the bits of {len(items):,} items would take about {needed:,.0f} MB, and {max_memory_mb:,.0f} are "
            "allowed; ask about fewer rules, or allow more memory"
        )
    row = np.full(max(len(baskets.items), int(itemsets.items.max(initial=-1)) + 1), -1, np.int64)
    row[items] = np.arange(len(items))
    order = np.argsort(baskets.customer, kind="stable")
    begin = np.cumsum(held.astype(np.int64)) - held.astype(np.int64)
    place = np.empty(len(baskets), np.int64)
    first_word = np.cumsum(words_held) - words_held
    owners = baskets.customer[order]
    place[order] = 64 * first_word[owners] + np.arange(len(order)) - begin[owners]
    bits = np.zeros(len(items) * len(owner), np.uint64)
    known = row[baskets.item] >= 0
    bit = place[baskets.basket[known]]
    np.bitwise_or.at(
        bits, row[baskets.item[known]] * len(owner) + (bit >> 6), np.uint64(1) << (bit & 63).astype(np.uint64)
    )
    return bits, owner, row[itemsets.items]

"""What each customer prefers, drawn toward all customers where the history is thin, and whether that foretells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, bootstrap_ratio, wilson, with_interval
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.patterns.preferences import tables
from customer_patterns.patterns.preferences.choices import Choices
from customer_patterns.patterns.preferences.dirichlet import MOST, chance_at_most, posterior_shares

Floats = NDArray[np.float64]

#: How much of a forecast by a customer's raw shares is the population's, so that no purchase is impossible.
_SPARED = 0.01


def preference_table(choices: Choices, *, most: int = 10, level: float = 0.95) -> pd.DataFrame:
    """Say what each customer buys most of.

    Parameters
    ----------
    choices
        Purchases of one attribute, from :func:`~customer_patterns.patterns.preferences.choices.read_choices`.
    most
        So many values of each customer, those of the largest shares.
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        One row per customer and value, by both; columns as in ``PREFERENCES``. What was not bought has no row: its
        share is the population's times how much the population still weighs.

    Raises
    ------
    ValueError
        ``most`` is less than 1.
    """
    if most < 1:
        raise ValueError(f"one value at least is said of each customer, not {most}")
    if not len(choices.count):
        return empty(tables.PREFERENCES)
    population, clumping = choices.population, choices.clumping
    vectors = choices.vectors
    total = choices.totals[vectors.customer]
    of_all = population.shares[vectors.value]
    own, s = vectors.count / clumping, population.concentration
    mean = (own + s * of_all) / (total / clumping + s)
    # Equal shares: what is bought more, then by name.
    order = np.lexsort((vectors.value, -vectors.count, -mean, vectors.customer))
    starts = np.searchsorted(vectors.customer[order], np.arange(len(choices.customers)))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - starts[vectors.customer[order]] + 1
    kept = np.flatnonzero(place <= most)
    names = choices.names
    share = posterior_shares(own[kept], total[kept] / clumping, of_all[kept], s, level=level)
    table = pd.DataFrame(
        {
            "customer_id": pd.Series(choices.customers[vectors.customer[kept]], dtype="str"),
            "attribute": pd.Series([choices.attribute_in_words] * len(kept), dtype="str"),
            "value": pd.Series(names[vectors.value[kept]], dtype="str"),
            "bought": vectors.count[kept].astype(np.int64),
            "raw_share": (vectors.count / total)[kept],
            "population_share": of_all[kept],
            "place": place[kept],
            "above_population": share.low > of_all[kept],
            "n": total[kept].astype(np.int64),
        }
    )
    table = with_interval(table, "share", share)
    return table[tables.PREFERENCES.names].sort_values(["customer_id", "value"], ignore_index=True)


def preference_strength(choices: Choices, *, level: float = 0.95) -> pd.DataFrame:
    """Say how much customers differ in what they choose.

    Parameters
    ----------
    choices
        Purchases of one attribute.
    level
        Of the intervals; a customer surely prefers something if a share's lower bound, at this level for each
        customer's shares together (Bonferroni), lies above the population's.

    Returns
    -------
    DataFrame
        One row; columns as in ``PREFERENCE_STRENGTH``. ``half_own`` is missing where customers do not differ beyond
        chance. Without a row where fewer than two values were bought.
    """
    if len(choices.names) < 2 or not len(choices.count):
        return empty(tables.PREFERENCE_STRENGTH)
    population, clumping = choices.population, choices.clumping
    vectors = choices.vectors
    total, of_all = choices.totals[vectors.customer], population.shares[vectors.value]
    # What is drawn toward a share stays on its side of it: only what was bought more of can be above.
    more = np.flatnonzero(vectors.count > total * of_all)
    at_most = chance_at_most(
        vectors.count[more] / clumping, total[more] / clumping, of_all[more], population.concentration
    )
    surely = more[at_most < (1 - level) / len(choices.names) / 2]
    above = np.zeros(len(choices.customers), dtype=bool)
    above[vectors.customer[surely]] = True
    differ = population.concentration < MOST
    table = pd.DataFrame(
        {
            "attribute": pd.Series([choices.attribute_in_words], dtype="str"),
            "values": [len(choices.names)],
            "half_own": [population.concentration * clumping if differ else np.nan],
            "clumping": [clumping],
            "n": pd.Series([len(above)], dtype="Int64"),
        }
    )
    share = wilson(np.array([above.sum()]), np.array([len(above)]), level=level)
    return with_interval(table, "with_preference", share)[tables.PREFERENCE_STRENGTH.names]


@empty_unless_enough(tables.PREFERENCE_FORECASTS)
def preference_forecasts(earlier: Choices, later: Choices) -> pd.DataFrame:
    """Hold later purchases against what earlier ones foretell, by shares drawn toward all and by two that are not.

    Parameters
    ----------
    earlier, later
        Purchases of one attribute before and after a day, of one study (:meth:`Choices.between`).

    Returns
    -------
    DataFrame
        One row per forecast, in the order of ``FORECASTS``; columns as in ``PREFERENCE_FORECASTS``: the mean of
        −log(share) over later purchases by customers with earlier ones, intervals resample customers. Raw shares keep
        a hundredth of the population's, without which one new value would make them wrong without bound. Empty where
        fewer than two customers bought before and after.
    """
    if not len(earlier.count) or not len(later.count):
        return empty(tables.PREFERENCE_FORECASTS)
    losses, bought = surprise(earlier, later)
    there = bought > 0
    parts = np.stack([losses[name][there] for name in tables.FORECASTS], axis=1)
    of = bought[there][:, None]
    table = pd.DataFrame(
        {
            "attribute": pd.Series([earlier.attribute_in_words] * len(tables.FORECASTS), dtype="str"),
            "forecast": list(tables.FORECASTS),
            "n": pd.Series([int(there.sum())] * len(tables.FORECASTS), dtype="Int64"),
        }
    )
    both = bootstrap_ratio(np.c_[parts, parts[:, 1:] - parts[:, :1]], of)
    table = with_interval(table, "log_loss", Interval(*(part[: len(table)] for part in both)))
    # Nothing is worse than itself by anything.
    table = with_interval(table, "worse_by", Interval(*(np.r_[0.0, part[len(table) :]] for part in both)))
    return table[tables.PREFERENCE_FORECASTS.names]


def surprise(
    earlier: Choices, later: Choices, *, forecasts: Sequence[str] = tables.FORECASTS
) -> tuple[dict[str, Floats], Floats]:
    """Add up each customer's surprise at later purchases.

    Parameters
    ----------
    earlier, later
        As in :func:`preference_forecasts`.
    forecasts
        Which.

    Returns
    -------
    dict, ndarray
        Per forecast the sum of −log(share) over each customer's later purchases, and how many they are; zeros where a
        customer has no earlier ones.
    """
    population, clumping = earlier.population, earlier.clumping
    values, people = len(earlier.names), len(earlier.customers)
    # A value that nobody bought before may be bought all the same: it is given half a purchase.
    shares = population.shares * earlier.totals.sum() + 0.5 / values
    shares /= shares.sum()
    known, came = earlier.vectors, later.vectors
    cells = known.customer * values + known.value
    wanted = came.customer * values + came.value
    at = np.minimum(np.searchsorted(cells, wanted), len(cells) - 1)
    own = np.where(cells[at] == wanted, known.count[at], 0.0)
    total = earlier.totals[came.customer]
    seen = total > 0
    raw = np.divide(own, total, out=np.zeros_like(own), where=seen)
    s = population.concentration
    chances = {
        tables.OWN_DRAWN: (own / clumping + s * shares[came.value]) / (total / clumping + s),
        tables.OWN_RAW: (1 - _SPARED) * raw + _SPARED * shares[came.value],
        tables.POPULATION: shares[came.value],
    }
    sums = {
        name: np.bincount(came.customer, np.where(seen, -came.count * np.log(chances[name]), 0.0), people)
        for name in forecasts
    }
    return sums, np.bincount(came.customer, np.where(seen, came.count, 0.0), people)

"""Which products of one category are bought instead of each other, and which with each other.

Two kinds of one thing that the same customers buy, but seldom on one trip, stand in for each other; two that lie in one
basket more often than that go together (Russell and Petersen 2000, Journal of Retailing 76, 367–392, for whole
categories). Taste and basket size have to be held, since both alone make pairs meet: see
:mod:`~customer_patterns.patterns.assortment.tastes`. It is observed, not tried: that one is taken instead of the other
does not say that it would be if the other were gone, and a reason to visit the category at all pushes its products
together.
"""

from __future__ import annotations

from itertools import combinations

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from customer_patterns.estimates import bounded
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.patterns.assortment import tables
from customer_patterns.patterns.assortment.tastes import Tastes
from customer_patterns.patterns.baskets import AND, Baskets
from customer_patterns.patterns.chance import Strata
from customer_patterns.schemas.canonical import UNKNOWN

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Meetings that chance has to bring, for their absence to say something.
FEWEST_EXPECTED = 10
#: Two that were not on sale at the same time could not meet: weeks are taken four by four, since single ones scatter,
#: and where sales have less than this share in common, nothing is asked.
_OVERLAP, _DAYS = 0.8, 28


def categories_of(products: ir.Table) -> dict[str, str]:
    """Return the category of each product type that lies in one only.

    Parameters
    ----------
    products
        One row per product: ``product_type``, ``category``; ``"unknown"`` is none.
    """
    table = products.select("product_type", "category").distinct()
    table = table.filter(table.product_type.notnull(), table.category.notnull()).execute()
    table = table[(table["product_type"] != UNKNOWN) & (table["category"] != UNKNOWN)]
    single = table.groupby("product_type")["category"].agg(["first", "nunique"]).query("nunique == 1")
    return {name.replace(AND, AND.strip()): category for name, category in single["first"].items()}


def sibling_pairs(
    baskets: Baskets, categories: dict[str, str], *, least_baskets: int, margin: float, false_discovery: float
) -> pd.DataFrame:
    """Test which product types of one category are bought instead of each other, and which with each other.

    Parameters
    ----------
    baskets
        The baskets, by product type.
    categories
        The category of each product type.
    least_baskets
        Product types in fewer baskets are passed over.
    margin
        What meets less often than 1 / margin times as by chance is bought instead, what meets more often than margin
        times is bought with each other; the interval has to lie beyond. Above 1.
    false_discovery
        Share of false ones allowed among all that are named.

    Returns
    -------
    DataFrame
        One row per pair of which chance brings enough meetings, by category and names; columns as in ``SIBLINGS``. The
        family of tests is these pairs, chosen by what is bought alone. Intervals and tests take the customer as the
        unit. Rows of too few customers are blank.
    """
    if not len(baskets):
        return empty(tables.SIBLINGS)
    strata = Strata.of(baskets)
    tastes = Tastes(strata)
    by_category: dict[str, list[int]] = {}
    for item in np.flatnonzero(baskets.counts >= least_baskets):
        if category := categories.get(baskets.items[item]):
            by_category.setdefault(category, []).append(int(item))
    through_time = _shares_through_time(baskets)
    rows = []
    for category in sorted(by_category):
        for first, second in combinations(by_category[category], 2):
            who, seen, expected = tastes.meetings(first, second)
            if expected.sum() < FEWEST_EXPECTED:
                continue
            overlap = float(np.minimum(through_time[first], through_time[second]).sum())
            names = (baskets.items[first], baskets.items[second])
            rows.append((category, *names, AND.join(names), len(who), overlap, *_compare(seen, expected)))
    if not rows:
        return empty(tables.SIBLINGS)
    table = pd.DataFrame(rows, columns=["category", "product_type", "other_type", "pair", "n", "overlap", *_COMPARED])
    return _judged(table, margin=margin, false_discovery=false_discovery)[tables.SIBLINGS.names]


_COMPARED = ("baskets", "expected", *bounded("factor"), "p")


def _compare(seen: Floats, expected: Floats, *, level: float = 0.95) -> tuple[float, ...]:
    """Observed over expected meetings, summed over customers; interval on the log scale and two-sided p-value."""
    together, chance = float(seen.sum()), float(expected.sum())
    # Satterthwaite's degrees of freedom: ten customers who make up all that is expected count as ten.
    freedom = max(chance**2 / float((expected**2).sum()) - 1, 1.0)
    score = seen - expected
    spread = float((score**2).sum())
    p = float(2 * stdtr(freedom, -abs(score.sum()) / np.sqrt(spread))) if spread > 0 else 1.0
    factor = together / chance
    # Where nothing was seen the logarithm has no value: half a basket gives the bound.
    counted = max(together, 0.5)
    influence = seen / counted - expected / chance
    error = np.sqrt(max(float((influence**2).sum()), 1 / counted if together == 0 else 0.0))
    reach = float(stdtrit(freedom, 0.5 + level / 2)) * error
    low = 0.0 if together == 0 else factor * np.exp(-reach)
    return together, chance, factor, low, counted / chance * np.exp(reach), p


def _shares_through_time(baskets: Baskets) -> Floats:
    """Each item's baskets by four weeks, as shares: rows of items."""
    part = (baskets.day - baskets.day.min()).astype("timedelta64[D]").astype(np.int64) // _DAYS
    parts = int(part.max()) + 1
    cells = baskets.item * parts + part[baskets.basket]
    counts = np.bincount(cells, minlength=len(baskets.items) * parts).reshape(-1, parts).astype(float)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def _judged(table: pd.DataFrame, *, margin: float, false_discovery: float) -> pd.DataFrame:
    asked = (table["overlap"] >= _OVERLAP).to_numpy()
    enough = (table["n"] >= SMALLEST_CELL).to_numpy()
    table["p_adjusted"] = np.nan
    table.loc[asked, "p_adjusted"] = benjamini_yekutieli(table.loc[asked, "p"])
    table.loc[~asked, "p"] = np.nan
    stands = asked & enough & (table["p_adjusted"] <= false_discovery).to_numpy()
    table["verdict"] = np.select(
        [~asked, stands & (table["factor_high"] < 1 / margin), stands & (table["factor_low"] > margin)],
        [tables.APART, tables.SUBSTITUTES, tables.COMPLEMENTS],
        tables.NEITHER,
    )
    blank = ["baskets", "expected", *bounded("factor"), "n"]
    table = table.astype({"baskets": "Int64", "n": "Int64"})
    table["suppressed"] = np.where(enough, "no", "too few")
    table.loc[~enough, blank] = pd.NA
    return table.sort_values(["category", "product_type", "other_type"], ignore_index=True)


def choose_siblings(siblings: pd.DataFrame, *, most: int) -> pd.DataFrame:
    """Choose the pairs to look at first: those that are most clearly bought instead of, or with, each other.

    Parameters
    ----------
    siblings
        Rows as in ``SIBLINGS``.
    most
        How many of each kind.

    Returns
    -------
    DataFrame
        Rows of ``siblings``, from the least to the largest factor.
    """
    parts = []
    for verdict, ascending in ((tables.SUBSTITUTES, True), (tables.COMPLEMENTS, False)):
        rows = siblings[siblings["verdict"] == verdict]
        rows = rows.assign(by=rows["factor_high" if ascending else "factor_low"])
        parts.append(rows.sort_values(["by", "pair"], ascending=[ascending, True]).head(most))
    return pd.concat(parts).drop(columns="by").sort_values(["factor", "pair"], ignore_index=True)

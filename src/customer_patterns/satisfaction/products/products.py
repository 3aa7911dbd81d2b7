"""How content customers are with single products: stars, returns and complaints, flagged only beyond noise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import bdtr, stdtr

from customer_patterns.estimates import Interval, bounded, pool_means, with_interval
from customer_patterns.estimates.false_discovery import benjamini_hochberg
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.few import blank_few
from customer_patterns.satisfaction.products.shares import pool_shares
from customer_patterns.satisfaction.products.tables import (
    BETTER,
    CATEGORY,
    COMPLAINED,
    LIKE_OTHERS,
    MEASURES,
    PRODUCT,
    PRODUCT_SATISFACTION,
    RETURNED,
    STARS,
    WORSE,
)
from customer_patterns.satisfaction.reviews import writer_of
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.sources.cut import first_moment_after

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Up to so many stars a text is a complaint.
_BAD_STARS = 2
#: So often what is usual is found anew without what stands out.
_ROUNDS = 3
_NAMES = ["level", "name", "category", "measure", "n", "total", "squares"]


def product_counts(
    order_lines: ir.Table,
    reversals: ir.Table,
    feedback: ir.Table,
    products: ir.Table,
    *,
    last_day: date,
    time_zone: str,
) -> pd.DataFrame:
    """Count who bought, returned and rated each product and category.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``customer_id``, ``product_id``, ``ordered_on``, ``line_kind``.
    reversals
        One row per line that takes a purchase back: ``customer_id``, ``product_id``, ``ordered_at`` (UTC), ``kind``.
    feedback
        One row per text: ``feedback_id``, ``customer_id``, ``author_key``, ``product_id``, ``rating``, ``written_at``.
    products
        One row per product: ``product_id``, ``category``, ``product_type``.
    last_day, time_zone
        The study's; later rows change nothing.

    Returns
    -------
    DataFrame
        One row per level, name and measure: ``level``, ``name`` (of a product what it is, if known, and its key),
        ``category``, ``measure``, ``n`` (customers, each once: buyers where it is about returns, else writers),
        ``total`` and ``squares`` (of the customers' values, added up: stars from 1 to 5, else 1 or 0). A
        measure that the data do not hold at all, since nothing was returned, or no text names a product, has no rows.
    """
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    known_as = products.product_type.nullif(UNKNOWN) + " " + products.product_id
    of = products.select("product_id", "category", name=known_as)
    rated = feedback.filter(feedback.product_id.notnull(), feedback.rating.between(1, 5), feedback.written_at < end)
    rated = rated.select("product_id", value=rated.rating.cast("float64"), customer_id=writer_of(rated))
    returned = reversals.filter(reversals.kind == "return", reversals.ordered_at < end)
    returned = returned.select("product_id", "customer_id").distinct()
    parts = []
    if rated.count().to_pyarrow().as_py():
        bad = rated.mutate(value=(rated.value <= _BAD_STARS).cast("float64"))
        parts += [(STARS, rated, "mean"), (COMPLAINED, bad, "max")]
    if returned.count().to_pyarrow().as_py():
        goods = order_lines.filter(order_lines.line_kind == "goods", order_lines.ordered_on <= ibis.literal(last_day))
        bought = goods.select("product_id", "customer_id").distinct()
        both = [bought.mutate(value=ibis.literal(0.0)), returned.mutate(value=ibis.literal(1.0))]
        parts.append((RETURNED, ibis.union(*both), "max"))
    frames = []
    for measure, rows, how in parts:
        known = rows.left_join(of, "product_id").select("product_id", "name", "category", "customer_id", "value")
        known = known.mutate(category=known.category.fill_null(UNKNOWN), name=known.name.fill_null(known.product_id))
        frames.append(_summed(known, ["product_id", "name", "category"], how).assign(level=PRODUCT, measure=measure))
        whole = _summed(known, ["category"], how).assign(level=CATEGORY, measure=measure)
        frames.append(whole.assign(name=whole["category"]))
    if not frames:
        return pd.DataFrame(columns=_NAMES)
    table = pd.concat(frames, ignore_index=True)
    return table[_NAMES].sort_values(["level", "name", "measure"], ignore_index=True)


def product_satisfaction(counts: pd.DataFrame, *, level: float = 0.05) -> pd.DataFrame:
    """Say which products and categories stand out in stars, returns or complaints.

    Parameters
    ----------
    counts
        What :func:`product_counts` returns.
    level
        Share of flags that may be false.

    Returns
    -------
    DataFrame
        One row per level, name and measure with ten customers or more, and how many there are with fewer is not told;
        columns as in ``PRODUCT_SATISFACTION``. Shares and means of all, small ones too, lend each other strength.

    Notes
    -----
    What stands out is left out of what the others are compared with, else one bad product makes all others look good
    (as limits of a control chart are set: Montgomery 2012, Introduction to Statistical Quality Control, chapter 6).
    Shares: pooled as :func:`~customer_patterns.satisfaction.products.shares.pool_shares`, tested against all others by
    the exact binomial. Stars: pooled as :func:`~customer_patterns.estimates.pool_means`, tested by Student's t with the
    spread within products. A customer counts once per product, so one who returns everything flags no product. All
    tests of all measures and levels are one family (Benjamini and Hochberg 1995; a product's customers are among those
    of its category, so tests depend on each other positively: Benjamini and Yekutieli 2001, theorem 1.2).
    """
    parts = []
    for (where, measure), part in counts.groupby(["level", "measure"], sort=True):
        rows = part.reset_index(drop=True)
        if len(rows) < 2:
            continue
        found = _beside_usual(rows, _stars if measure == STARS else _share, level=level)
        pooled = _pooled_stars(rows) if measure == STARS else pool_shares(rows["total"], rows["n"])
        parts.append(with_interval(rows.assign(level=where, measure=measure, **found), "pooled", pooled))
    if not parts:
        return empty(PRODUCT_SATISFACTION)
    table = pd.concat(parts, ignore_index=True)
    table = table[table["n"] >= SMALLEST_CELL].reset_index(drop=True)
    if table.empty:
        return empty(PRODUCT_SATISFACTION)
    p = table["p"].to_numpy(dtype=float)
    known, adjusted = np.isfinite(p), np.full(len(p), np.nan)
    if known.any():
        adjusted[known] = benjamini_hochberg(p[known])
    above = (table["own"] > table["others"]).to_numpy()
    good = above == (table["measure"] == STARS).to_numpy()
    verdict = np.where(adjusted <= level, np.where(good, BETTER, WORSE), LIKE_OTHERS).astype(object)
    table = table.assign(adjusted_p=adjusted, verdict=pd.Series(np.where(known, verdict, None), dtype="object"))
    table = table.assign(n=table["n"].astype("Int64"), place=table["measure"].map(MEASURES.index))
    table = table.sort_values(["level", "name", "place"], ignore_index=True)
    blanks = ["own", *bounded("pooled"), "others", "adjusted_p", "verdict"]
    return blank_few(table, blanks)[PRODUCT_SATISFACTION.names]


def _summed(rows: ir.Table, keys: list[str], how: str) -> pd.DataFrame:
    """Customers of each group and their values: each customer's mean, or whether it ever happened."""
    own = rows.value.mean() if how == "mean" else rows.value.max()
    each = rows.group_by([*keys, "customer_id"]).aggregate(value=own.round(9))
    sums = each.group_by(keys).aggregate(
        n=each.count(), total=each.value.sum().round(6), squares=(each.value * each.value).sum().round(6)
    )
    return sums.order_by(keys).to_pandas()


def _beside_usual(
    rows: pd.DataFrame, compare: Callable[[pd.DataFrame, Flags, float], dict[str, Floats]], *, level: float
) -> dict[str, Floats]:
    """Compare each group with all others that are not far out themselves: these are left out of what is usual.

    What is far out is first told beside the median group, which no few groups can move.
    """
    own = (rows["total"] / rows["n"]).to_numpy(dtype=float)
    order = np.argsort(own, kind="stable")
    below = rows["n"].to_numpy(dtype=float)[order].cumsum()
    middle = float(own[order][np.searchsorted(below, below[-1] / 2)])
    usual = np.ones(len(rows), dtype=bool)
    found = compare(rows, usual, middle if middle > 0 else np.nan)  # most shares of what is rare are none
    for _ in range(_ROUNDS):
        p = found["p"]
        known, adjusted = np.isfinite(p), np.ones(len(p))
        if known.any():
            adjusted[known] = benjamini_hochberg(p[known])
        left = adjusted > level
        usual = left if left.sum() >= max(2, len(rows) / 2) else usual
        found = compare(rows, usual, np.nan)
    return found


def _others(values: Floats, n: Floats, usual: Flags, middle: float) -> tuple[Floats, Floats]:
    """Mean of all other usual groups, and how many customers that is from; or what stands in for it."""
    size = np.where(usual, n, 0).sum() - np.where(usual, n, 0)
    if np.isfinite(middle):
        return np.full(len(n), middle), size
    return (np.where(usual, values, 0).sum() - np.where(usual, values, 0)) / np.maximum(size, 1), size


def _share(rows: pd.DataFrame, usual: Flags, middle: float) -> dict[str, Floats]:
    """Shares of groups, and the chance of one as far from all other usual ones."""
    n, events = (rows[name].to_numpy(dtype=float) for name in ("n", "total"))
    others, _ = _others(events, n, usual, middle)
    p = np.full(len(n), np.nan)
    inside = (others > 0) & (others < 1)
    k, size, share = events[inside], n[inside], others[inside]
    up_to, from_on = bdtr(k, size, share), 1 - bdtr(np.maximum(k - 1, 0), size, share) * (k > 0)
    p[inside] = np.clip(2 * np.minimum(up_to, from_on), 0, 1)
    return {"own": np.round(events / n, 9), "others": np.round(others, 9), "p": p}


def _stars(rows: pd.DataFrame, usual: Flags, middle: float) -> dict[str, Floats]:
    """Mean stars of groups, and the chance of one as far from all other usual ones."""
    n, total = (rows[name].to_numpy(dtype=float) for name in ("n", "total"))
    others, size = _others(total, n, usual, middle)
    spread, freedom = _spread(rows)
    error = spread * np.sqrt(1 / n + 1 / np.maximum(size, 1))
    p = 2 * stdtr(freedom, -np.abs(total / n - others) / error) if spread > 0 else np.full(len(n), np.nan)
    return {"own": np.round(total / n, 9), "others": np.round(others, 9), "p": p}


def _spread(rows: pd.DataFrame) -> tuple[float, float]:
    """Standard deviation of stars within groups, and its degrees of freedom; none where too few say it."""
    n, total, squares = (rows[name].to_numpy(dtype=float) for name in ("n", "total", "squares"))
    rest, freedom = (squares - total**2 / n).sum(), n.sum() - len(n)
    return (float(np.sqrt(rest / freedom)), freedom) if freedom >= SMALLEST_CELL and rest > 0 else (0.0, freedom)


def _pooled_stars(rows: pd.DataFrame) -> Interval:
    n, total = (rows[name].to_numpy(dtype=float) for name in ("n", "total"))
    spread, _ = _spread(rows)
    if not spread > 0:
        return Interval(*np.full((3, len(n)), np.nan))
    pooled = pool_means(total / n, spread / np.sqrt(n)).interval
    return Interval(*(np.round(np.clip(part, 1, 5), 9) for part in pooled))

"""How content customers are with single products: stars, returns and complaints, flagged only beyond noise."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import bdtr, stdtr

from customer_patterns.estimates import Interval, pool_means
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
from customer_patterns.sources.cut import first_moment_after

Floats = NDArray[np.float64]

#: Up to so many stars a text is a complaint.
_BAD_STARS = 2
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
        One row per product: ``product_id``, ``category``.
    last_day, time_zone
        The study's; later rows change nothing.

    Returns
    -------
    DataFrame
        One row per level, name and measure: ``level``, ``name``, ``category``, ``measure``, ``n`` (customers, each
        once: buyers where it is about returns, else writers), ``total`` and ``squares`` (of the customers' values,
        added up: stars from 1 to 5, else 1 or 0). A measure that the data do not hold at all, since nothing was
        returned, or no text names a product, has no rows.
    """
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    of = products.select("product_id", "category")
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
        known = rows.left_join(of, "product_id").select("product_id", "category", "customer_id", "value")
        known = known.mutate(category=known.category.fill_null("unknown"))
        frames.append(_summed(known, ["product_id", "category"], how).assign(level=PRODUCT, measure=measure))
        whole = _summed(known, ["category"], how).assign(level=CATEGORY, measure=measure)
        frames.append(whole.assign(name=whole["category"]))
    if not frames:
        return pd.DataFrame(columns=_NAMES)
    table = pd.concat([frame.rename(columns={"product_id": "name"}) for frame in frames], ignore_index=True)
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
        found = _stars(rows) if measure == STARS else _share(rows)
        parts.append(rows.assign(level=where, measure=measure, **found))
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
    blanks = ["own", "pooled", "pooled_low", "pooled_high", "others", "adjusted_p", "verdict"]
    return blank_few(table, blanks)[PRODUCT_SATISFACTION.names]


def _summed(rows: ir.Table, keys: list[str], how: str) -> pd.DataFrame:
    """Customers of each group and their values: each customer's mean, or whether it ever happened."""
    own = rows.value.mean() if how == "mean" else rows.value.max()
    each = rows.group_by([*keys, "customer_id"]).aggregate(value=own.round(9))
    sums = each.group_by(keys).aggregate(
        n=each.count(), total=each.value.sum().round(6), squares=(each.value * each.value).sum().round(6)
    )
    return sums.order_by(keys).to_pandas()


def _share(rows: pd.DataFrame) -> dict[str, Floats]:
    """Shares of groups, pooled, and the chance of one as far from all others."""
    n, events = (rows[name].to_numpy(dtype=float) for name in ("n", "total"))
    others = (events.sum() - events) / np.maximum(n.sum() - n, 1)
    pooled = pool_shares(events, n)
    p = np.full(len(n), np.nan)
    inside = (others > 0) & (others < 1)
    k, size, share = events[inside], n[inside], others[inside]
    up_to, from_on = bdtr(k, size, share), 1 - bdtr(np.maximum(k - 1, 0), size, share) * (k > 0)
    p[inside] = np.clip(2 * np.minimum(up_to, from_on), 0, 1)
    return _columns(events / n, pooled, others, p)


def _stars(rows: pd.DataFrame) -> dict[str, Floats]:
    """Mean stars of groups, pooled, and the chance of one as far from all others."""
    n, total, squares = (rows[name].to_numpy(dtype=float) for name in ("n", "total", "squares"))
    mean, rest = total / n, squares - total**2 / n
    freedom = n.sum() - len(n)
    others = (total.sum() - total) / np.maximum(n.sum() - n, 1)
    nothing = np.full(len(n), np.nan)
    if freedom < SMALLEST_CELL or not rest.sum() > 0:
        return _columns(mean, Interval(nothing, nothing, nothing), others, nothing)
    spread = np.sqrt(rest.sum() / freedom)
    pooled = pool_means(mean, spread / np.sqrt(n)).interval
    pooled = Interval(*(np.round(np.clip(part, 1, 5), 9) for part in pooled))
    error = spread * np.sqrt(1 / n + 1 / np.maximum(n.sum() - n, 1))
    return _columns(mean, pooled, others, 2 * stdtr(freedom, -np.abs(mean - others) / error))


def _columns(own: Floats, pooled: Interval, others: Floats, p: Floats) -> dict[str, Floats]:
    bounds = {f"pooled{end}": part for end, part in zip(("", "_low", "_high"), pooled, strict=True)}
    return {"own": np.round(own, 9), **bounds, "others": np.round(others, 9), "p": p}

"""Which tags are met more often in a group of customers than among all others, beyond chance and beyond the family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import bounded, wilson, with_interval
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.segments.tags.evaluating import UNKNOWN, YES
from customer_patterns.segments.tags.fisher import fisher_two_sided
from customer_patterns.segments.tags.tables import AS_ELSEWHERE, CONTRASTS, LESS, MORE


def tag_contrasts(
    held: pd.DataFrame,
    groups: Mapping[str, pd.Series],
    levels: Mapping[str, Sequence[str]],
    keys: Sequence[str],
    *,
    false_discovery: float = 0.05,
) -> pd.DataFrame:
    """Compare how often tags are met in each group with how often among all others.

    Parameters
    ----------
    held
        One row per customer (the index), one column per tag: 1 has it, 0 has it not, -1 not known.
    groups
        For each grouping, the group of each customer by key; who is in none takes no part in it.
    levels
        For each grouping, its groups in order.
    keys
        The tags that are compared. Those that a grouping was made from do not belong here: they restate it.
    false_discovery
        Share of false ones allowed among those that are said to be met more often or less often.

    Returns
    -------
    DataFrame
        One row per grouping, group and tag: ``n`` (customers of the group of whom it is known), ``share`` of these who
        have it (Wilson interval), ``elsewhere`` (the share among all others of the grouping), ``ratio`` of both,
        ``p`` and ``p_yekutieli`` (Fisher's exact test, two-sided; adjusted over all rows), ``verdict``,
        ``suppressed``. Groups in which fewer than ten are known, have it, or lack it, are blank but for nobody and
        everybody, and are not tested.

    Notes
    -----
    Tags depend on each other, hence Benjamini and Yekutieli (2001). The two-sided p-value is twice the smaller tail of
    the hypergeometric distribution, at most 1: never smaller than the customary one's half, and exact in level.
    """
    parts = []
    for grouping, of in groups.items():
        member = _members(held.index, of, levels[grouping])
        inside = member.any(axis=0)
        for key in keys:
            values = held[key].to_numpy()
            known, has = (values != UNKNOWN) & inside, (values == YES) & inside
            parts.append(_rows(grouping, levels[grouping], key, member, known, has))
    if not parts or not any(len(part) for part in parts):
        return empty(CONTRASTS)
    table = pd.concat(parts, ignore_index=True)
    tested = table["p"].notna()
    adjusted = np.full(len(table), np.nan)
    adjusted[tested.to_numpy()] = benjamini_yekutieli(table.loc[tested, "p"].to_numpy())
    stands = adjusted <= false_discovery
    more = (table["share"] > table["elsewhere"]).to_numpy()
    verdict = np.select([stands & more, stands & ~more], [MORE, LESS], AS_ELSEWHERE)
    table = table.assign(p_yekutieli=adjusted, verdict=pd.Series(verdict, dtype="str"))
    return table.sort_values(["grouping", "group", "tag"], ignore_index=True)[CONTRASTS.names]


def _members(people: pd.Index, of: pd.Series, levels: Sequence[str]) -> NDArray[np.bool_]:
    """Groups × customers."""
    group = of.reindex(people).to_numpy(dtype=object)
    return np.array([group == level for level in levels]).reshape(len(levels), len(people))


def _rows(
    grouping: str,
    levels: Sequence[str],
    key: str,
    member: NDArray[np.bool_],
    known: NDArray[np.bool_],
    has: NDArray[np.bool_],
) -> pd.DataFrame:
    member = np.asarray(member, dtype=bool)  # (of no group there is nothing to say which kind it is of)
    n, k = (member & known).sum(axis=1), (member & has).sum(axis=1)
    all_n, all_k = int(known.sum()), int(has.sum())
    others, others_k = all_n - n, all_k - k
    with np.errstate(divide="ignore", invalid="ignore"):
        elsewhere = np.where(others > 0, others_k / others, np.nan)
        ratio = np.where(elsewhere > 0, k / n / elsewhere, np.nan)
    few = (n > 0) & ((n < SMALLEST_CELL) | ((k > 0) & (k < SMALLEST_CELL)) | ((k < n) & (n - k < SMALLEST_CELL)))
    open_ = (n > 0) & ~few
    p = fisher_two_sided(k, n, having=all_k, of=all_n)
    testable = open_ & (others > 0) & (0 < all_k < all_n)
    table = pd.DataFrame(
        {
            "grouping": grouping,
            "group": pd.Series(list(levels), dtype="str"),
            "tag": key,
            "n": whole_numbers(n),
            "elsewhere": np.where(open_, np.round(elsewhere, 9), np.nan),
            "ratio": np.where(open_, np.round(ratio, 9), np.nan),
            "p": np.where(testable, np.round(p, 15), np.nan),
            "suppressed": pd.Series(np.where(few, "too few", "no"), dtype="str"),
        }
    )
    table = with_interval(table, "share", wilson(k, n))
    blank = [*bounded("share"), "n"]
    return table.assign(**{name: table[name].where(~few) for name in blank})

"""The same customers, grouped by who they are, where they live and what they do: how far these agree."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincc

from customer_patterns.estimates import Interval, bounded, in_row, percentiles, wilson, with_interval
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.segments.agreement import adjusted_rand, protect
from customer_patterns.segments.bases.tables import BASIS_AGREEMENT, BASIS_LEVELS, BY_CHANCE, FEW, RELATED

Floats = NDArray[np.float64]

#: With fewer customers of whom both are known nothing is said; levels of fewer than ten take no part.
FEWEST = 100
_RESAMPLES = 999


def basis_agreement(
    traits: pd.DataFrame,
    behaviors: Mapping[str, pd.Series],
    *,
    basis: str,
    shuffles: int = 199,
    false_discovery: float = 0.05,
    seed: int = 0,
) -> pd.DataFrame:
    """Say how far each attribute groups customers as their behavior does.

    Parameters
    ----------
    traits
        One row per customer: ``customer_id``, and attributes as columns; missing where one is not known.
    behaviors
        For each grouping by behavior, the group of each customer, by key.
    basis
        Which basis the attributes are: ``"demographic"``, ``"geographic"``, ``"attitude"``.
    shuffles
        How often customers are shuffled to see what chance does.
    false_discovery
        Share of false ones allowed among the agreements that are called more than chance.
    seed
        Of all chance.

    Returns
    -------
    DataFrame
        One row per attribute and grouping of which enough is known to be looked at, the closest first: columns as in
        :data:`~customer_patterns.segments.bases.tables.BASIS_AGREEMENT`.

    Notes
    -----
    Cramér's V is corrected for the association that chance brings about (Bergsma 2013, Journal of the Korean
    Statistical Society 42, 323–328); resamples of a table bring it about twice, and are corrected twice. P-values are
    those of a gamma distribution with the moments of shuffled tables. Whoever knows several attributes compares them
    all: they are adjusted over all rows (Benjamini and Yekutieli 2001).
    """
    rows = []
    for number, column in enumerate(name for name in traits.columns if name != "customer_id"):
        for place, (behavior, of) in enumerate(behaviors.items()):
            a, b = _codes(traits, column, of)
            if a.size == 0 or a.max() < 1 or b.max() < 1:
                continue
            random = np.random.default_rng([seed, number, place])
            row = {"basis": basis, "attribute": column.replace("_", " "), "behavior": behavior, "n": a.size}
            rows.append({**row, "levels": int(a.max()) + 1, **_compared(a, b, random, shuffles)})
    if not rows:
        return empty(BASIS_AGREEMENT)
    table = pd.DataFrame(rows)
    enough = table["n"] >= FEWEST
    table["p"] = table["p"].where(enough)
    table["p_yekutieli"] = np.nan
    table.loc[enough, "p_yekutieli"] = benjamini_yekutieli(table.loc[enough, "p"].to_numpy())
    said = np.where(table["p_yekutieli"] <= false_discovery, RELATED, BY_CHANCE)
    table["verdict"] = pd.Series(np.where(enough, said, FEW), dtype="str")
    table = table.astype({"n": "Int64"})
    table = table.sort_values(["cramers_v", "attribute", "behavior"], ascending=[False, True, True], ignore_index=True)
    return table[BASIS_AGREEMENT.names]


def _codes(traits: pd.DataFrame, column: str, of: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The levels of both of each customer of whom both are known, numbered; without levels of too few."""
    both = pd.DataFrame({"a": traits[column], "b": traits["customer_id"].map(of)}).dropna()
    size = both["a"].value_counts()
    both = both[both["a"].isin(size[size >= SMALLEST_CELL].index)]
    both = both.sort_values(["a", "b"])  # which customer is which says nothing
    return pd.factorize(both["a"], sort=True)[0], pd.factorize(both["b"], sort=True)[0]


def _compared(
    a: NDArray[np.int64], b: NDArray[np.int64], random: np.random.Generator, shuffles: int
) -> dict[str, float]:
    shape = int(a.max()) + 1, int(b.max()) + 1
    counts = np.bincount(a * shape[1] + b, minlength=shape[0] * shape[1])
    drawn = random.multinomial(a.size, counts / a.size, size=_RESAMPLES).reshape(-1, *shape)
    table = counts.reshape(shape)
    shuffled = np.array([random.permutation(b) for _ in range(shuffles)])
    cells = (np.arange(shuffles)[:, None] * counts.size + a * shape[1] + shuffled).ravel()
    chance = np.bincount(cells, minlength=shuffles * counts.size).reshape(-1, *shape)
    v, by_chance = corrected_v(table), corrected_v(chance, corrections=0)
    found = {"p": _beyond(float(corrected_v(table, corrections=0)) ** 2, by_chance**2)}
    for name, value, sample in (
        ("adjusted_rand", float(adjusted_rand(table)), adjusted_rand(drawn)),
        ("cramers_v", float(v), corrected_v(drawn, corrections=2)),
    ):
        found |= in_row(name, percentiles(value, sample))
    return {name: round(float(value), 9) for name, value in found.items()}


def _beyond(seen: float, by_chance: Floats) -> float:
    """How seldom chance is so large: a gamma distribution with the mean and variance of the shuffles.

    So many rows are adjusted for that shares of few shuffles could never be small enough.
    """
    mean, variance = float(by_chance.mean()), float(by_chance.var())
    return float(gammaincc(mean**2 / variance, seen * mean / variance)) if variance > 0 else 1.0


def corrected_v(tables: NDArray[np.int64], *, corrections: int = 1) -> Floats:
    """Cramér's V of cross-tables, less what chance brings about.

    Parameters
    ----------
    tables
        Counts, the last two axes the levels of either grouping.
    corrections
        How often the association expected by chance is taken off: 1, 2 for resampled tables, 0 for none.

    Returns
    -------
    ndarray
        0 to 1 for each table.

    Examples
    --------
    >>> round(float(corrected_v(np.array([[50, 0], [0, 50]]))), 3), float(corrected_v(np.full((2, 2), 25)))
    (1.0, 0.0)
    """
    table = np.asarray(tables, dtype=float)
    n = table.sum(axis=(-2, -1))
    rows, columns = table.sum(axis=-1, keepdims=True), table.sum(axis=-2, keepdims=True)
    expected = rows * columns / n[..., None, None]
    chi = np.divide((table - expected) ** 2, expected, out=np.zeros_like(table), where=expected > 0).sum(axis=(-2, -1))
    r, c = (rows > 0).sum(axis=(-2, -1)), (columns > 0).sum(axis=(-2, -1))
    phi = np.maximum(chi / n - corrections * (r - 1) * (c - 1) / (n - 1), 0)
    least = (
        np.minimum(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1 if corrections else np.minimum(r, c) - 1
    )
    return np.sqrt(np.clip(np.divide(phi, least, out=np.zeros_like(phi), where=least > 0), 0, 1))


def basis_levels(
    traits: pd.DataFrame, behaviors: Mapping[str, pd.Series], groups: Mapping[str, list[str]], *, basis: str
) -> pd.DataFrame:
    """Cross-tabulate each attribute with each grouping by behavior.

    Parameters
    ----------
    traits, behaviors, basis
        As for :func:`basis_agreement`.
    groups
        For each grouping its groups, in order.

    Returns
    -------
    DataFrame
        One row per attribute, level, grouping and group: ``n`` (customers in both), ``customers`` (of the level),
        ``share_of_level`` (Wilson interval), ``suppressed``. Cells of too few customers are blank, and as many others
        as keep them from being worked out. Levels of fewer than ten customers have no row, nor the smallest other one
        where they are fewer than ten together: the rest of all customers would tell how many they are.
    """
    parts = []
    for column in (name for name in traits.columns if name != "customer_id"):
        for behavior, of in behaviors.items():
            both = pd.DataFrame({"a": traits[column], "b": traits["customer_id"].map(of)}).dropna()
            levels = sorted(both["a"].unique(), key=_in_order)
            if len(levels) >= 2 and len(groups[behavior]) >= 2:
                counts = pd.crosstab(both["a"], both["b"]).reindex(index=levels, columns=groups[behavior], fill_value=0)
                few = _left_out(counts.sum(axis=1).to_numpy())
                if (~few).sum() >= 2:
                    shown = [level for level, out in zip(levels, few, strict=True) if not out]
                    parts.append(_cross(counts.to_numpy(), few, shown, groups[behavior], basis, column, behavior))
    return pd.concat(parts, ignore_index=True)[BASIS_LEVELS.names] if parts else empty(BASIS_LEVELS)


def _left_out(sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which levels are of too few customers, and which keep these from being counted as what remains of all."""
    out = sizes < SMALLEST_CELL
    for row in np.argsort(sizes, kind="stable"):
        if not out.any() or sizes[out].sum() >= SMALLEST_CELL:
            break
        out[row] = True
    return out


def _cross(
    every: NDArray[np.int64],
    out: NDArray[np.bool_],
    levels: list[str],
    groups: list[str],
    basis: str,
    column: str,
    behavior: str,
) -> pd.DataFrame:
    """The rows of all levels but those left out, which as one more row take part in what is blank."""
    counts = every[~out]
    total = np.repeat(counts.sum(axis=1), len(groups))
    why = protect(np.vstack([counts, every[out].sum(axis=0)]) if out.any() else counts)[: len(counts)].ravel()
    table = pd.DataFrame(
        {
            "basis": basis,
            "attribute": column.replace("_", " "),
            "level": pd.Series(np.repeat(np.array(levels, dtype=object), len(groups)), dtype="str"),
            "behavior": behavior,
            "group": pd.Series(groups * len(levels), dtype="str"),
            "n": whole_numbers(counts.ravel()),
            "customers": total,
            "suppressed": pd.Series(why, dtype="str"),
        }
    )
    table = with_interval(table, "share_of_level", Interval(*wilson(counts.ravel(), total)))
    open_ = table["suppressed"] == "no"
    blank = ["n", *bounded("share_of_level")]
    return table.assign(**{name: table[name].where(open_) for name in blank})


def _in_order(level: str) -> tuple[float, str]:
    """Levels by the first number in them, then by name."""
    digits = "".join(c if c.isdigit() else " " for c in level).split()
    first = float(digits[0]) if digits else float("inf")
    return (first - 0.5 if level.lower().startswith("under") else first, level)

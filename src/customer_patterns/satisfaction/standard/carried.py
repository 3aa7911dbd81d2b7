"""What became of old scales: a table of bridges, and the error that they add to a wave's score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.standard.bridges import FEWEST_BOTH, Link
from customer_patterns.satisfaction.standard.joined import Replaced
from customer_patterns.satisfaction.standard.tables import (
    APART,
    AS_DECLARED,
    BRIDGED,
    BRIDGES,
    DECLARED,
    EQUIPERCENTILE,
    FEW_BOTH,
    LINEAR,
    NO_BRIDGE,
    NOTHING,
)
from customer_patterns.satisfaction.tables import OVERALL

if TYPE_CHECKING:
    from customer_patterns.satisfaction.sheets import Sheets

Floats = NDArray[np.float64]

_REACH = 1.959963984540054
_LINKS = {"equipercentile": EQUIPERCENTILE, "linear": LINEAR, "declared": AS_DECLARED}


def scale_bridges(replaced: tuple[Replaced, ...]) -> pd.DataFrame:
    """List the items that were replaced on another scale, and what joins their answers to the new ones.

    Parameters
    ----------
    replaced
        ``Sheets.replaced``.

    Returns
    -------
    DataFrame
        One row per replaced item, by its key; columns as in ``BRIDGES``. The interval of ``after`` holds the error of
        the answers and that of the link; that of a declared link is not known, and left out of it. Figures of too few
        customers are blank.
    """
    rows = [_row(one) for one in sorted(replaced, key=lambda one: one.old)]
    if not rows:
        return empty(BRIDGES)
    kinds = {"both": "Int64", "n": "Int64", "customers": "Int64"}
    return pd.DataFrame(rows).astype(kinds)[BRIDGES.names]


def link_error(link: Link, old_points: Floats) -> float:
    """Standard error that a link adds to the mean of carried answers, in points; 0 where none is known.

    Parameters
    ----------
    link
        The link.
    old_points
        The old answers that are carried over, 0 to 100 of the old scale.
    """
    if not len(link.drawn) or not len(old_points):
        return 0.0
    low, high = link.steps[0][0], link.steps[0][-1]
    places = np.round(low + old_points * (high - low) / 100 - low).astype(np.int64)
    shares = np.bincount(places, minlength=len(link.steps[0])) / len(places)
    return float(np.std(link.points(link.drawn) @ shares, ddof=1))


def added_error(sheets: Sheets, measure: str, wave: str) -> float:
    """Standard error that carried answers add to a wave's mean score, in points; 0 where none were carried.

    Parameters
    ----------
    sheets
        What was answered.
    measure, wave
        A dimension or ``"overall"``, and the wave. The Net Promoter Score is no mean of points: nothing is added to it.
    """
    errors = []
    for one in sheets.replaced:
        own = one.answers[one.waves == wave]
        if one.about.replace("_", " ") == measure and one.link is not None and one.link.holds and len(own):
            items = int((sheets.items["dimension"] == measure).sum())
            if measure == OVERALL and sheets.single_items is not None:
                items = int((sheets.single_items["role"] == OVERALL).sum())
            errors.append(link_error(one.link, own) / max(items, 1))
    return float(np.hypot.reduce(errors)) if errors else 0.0


def _row(one: Replaced) -> dict[str, object]:
    link, n = one.link, len(one.answers)
    people = len(np.unique(one.customers))
    row = {
        "old_item": one.old,
        "new_item": one.new,
        "dimension": one.about.replace("_", " "),
        "waves": ", ".join(one.old_waves),
        "link": _LINKS[link.by] if link is not None and link.holds else NOTHING,
        "both": link.both if link is not None else 0,
        "together": round(link.together[0], 9) if link is not None else np.nan,
        "n": n,
        "customers": people,
        "link_error": np.nan,
        "verdict": _verdict(link),
    }
    row |= _mean("before", one.answers, one.customers, 0.0)
    if link is not None and link.holds:
        low, high = link.steps[0][0], link.steps[0][-1]
        placed = np.interp(low + one.answers * (high - low) / 100, *link.steps)
        added = link_error(link, one.answers)
        row |= _mean("after", link.points(placed), one.customers, added)
        row["link_error"] = np.nan if link.by == "declared" else round(added, 9)
    else:
        row |= dict.fromkeys(("after", "after_low", "after_high"), np.nan)
    if people < SMALLEST_CELL:
        row |= dict.fromkeys(("n", "customers"), None)
        row |= dict.fromkeys([f"{name}{end}" for name in ("before", "after") for end in ("", "_low", "_high")], np.nan)
    return row


def _verdict(link: Link | None) -> str:
    if link is None:
        return NO_BRIDGE
    if link.holds:
        return DECLARED if link.by == "declared" else BRIDGED
    return FEW_BOTH if link.both < FEWEST_BOTH or not np.isfinite(link.together[1]) else APART


def _mean(name: str, points: Floats, customers: NDArray, added: float) -> dict[str, float]:
    """Mean of points with an interval in which one customer's answers go together; NaN where none is."""
    if len(points) < 2:
        return {f"{name}{end}": np.nan for end in ("", "_low", "_high")}
    mean, codes = float(points.mean()), pd.factorize(customers, sort=True)[0]
    sums = np.sort(np.bincount(codes, points - mean))
    k = len(sums)
    error = np.sqrt(k / max(k - 1, 1) * (sums**2).sum() / len(points) ** 2 + added**2)
    ends = (mean, max(mean - _REACH * error, 0.0), min(mean + _REACH * error, 100.0))
    return {f"{name}{end}": round(float(part), 9) for end, part in zip(("", "_low", "_high"), ends, strict=True)}

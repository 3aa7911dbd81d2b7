"""What became of old scales: a table of bridges, and the error that they add to a wave's score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from customer_patterns.estimates import Z95, Interval, bounded, in_row
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
from customer_patterns.satisfaction.standard.thresholds import DETRACTOR, PROMOTER
from customer_patterns.satisfaction.tables.columns import ALL_WAVES, NPS_MEASURE, OVERALL

if TYPE_CHECKING:
    from customer_patterns.satisfaction.sheets import Sheets

Floats = NDArray[np.float64]

#: The share of those who gave one of the two best answers.
CONTENT = "content"
#: What the items of a score are about, where it is called otherwise.
_ABOUT = {NPS_MEASURE: "recommendation", CONTENT: OVERALL}
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


def link_error(link: Link, old_points: Floats, *, above: float | None = None) -> float:
    """Standard error that a link adds to the mean of carried answers, in points; 0 where none is known.

    Parameters
    ----------
    link
        The link.
    old_points
        The old answers that are carried over, 0 to 100 of the old scale.
    above
        Instead of the mean: the share, in percent, of answers that are at least this one on the new scale.
    """
    drawn = link.points(link.drawn) if above is None else 100 * link.above(above)[1]
    return _spread_of(link, drawn, old_points)


def _promoting_error(link: Link, old_points: Floats) -> float:
    """The same for the Net Promoter Score: promoters less detractors."""
    return _spread_of(link, 100 * (link.above(PROMOTER)[1] + link.above(DETRACTOR + 1)[1] - 1), old_points)


def _spread_of(link: Link, drawn: Floats, old_points: Floats) -> float:
    """How much the mean of old answers varies over resamples that give each of their steps another value."""
    if not len(drawn) or not len(old_points):
        return 0.0
    steps = link.step_of(old_points)
    shares = np.bincount(steps, minlength=len(link.steps[0])) / len(steps)
    return float(np.std(drawn @ shares, ddof=1))


def added_error(sheets: Sheets, measure: str, wave: str) -> float:
    """Standard error that carried answers add to a wave's score, in points; 0 where none were carried.

    Parameters
    ----------
    sheets
        What was answered.
    measure, wave
        A dimension, ``"overall"``, ``"content"`` (the share of the two best answers) or ``"NPS"``; and the wave, or
        all of them.

    Notes
    -----
    A wave's score is made of carried answers and of others. The link's error counts by the share of the carried ones;
    of a dimension also by the share that the item has in it.
    """
    errors = []
    known = np.isfinite(_measured(sheets, measure))
    inside = known if wave == ALL_WAVES else known & (sheets.rows["wave"] == wave).to_numpy()
    for one in sheets.replaced:
        own = one.answers if wave == ALL_WAVES else one.answers[one.waves == wave]
        if one.about.replace("_", " ") != _ABOUT.get(measure, measure) or not len(own) or not inside.any():
            continue
        if one.link is None or not one.link.holds:
            continue
        share = min(len(own) / inside.sum(), 1.0)
        if measure == NPS_MEASURE:
            errors.append(share * _promoting_error(one.link, own))
        elif measure == CONTENT:
            errors.append(share * link_error(one.link, own, above=one.link.scale[1] - 1))
        else:
            errors.append(share * link_error(one.link, own) / max(_items_of(sheets, measure), 1))
    return float(np.hypot.reduce(errors)) if errors else 0.0


def widened(interval: Interval, added: ArrayLike, *, lowest: float = 0.0, highest: float = 100.0) -> Interval:
    """Return the same with room for the error of answers that were carried over from another scale.

    Parameters
    ----------
    interval
        Figures with their intervals at 95 %.
    added
        The standard error that is to be added, of each figure.
    lowest, highest
        What a figure can be.
    """
    reach = Z95 * np.asarray(added, dtype=float)
    some = reach > 0
    low = np.maximum(interval.value - np.hypot(interval.value - interval.low, reach), lowest)
    high = np.minimum(interval.value + np.hypot(interval.high - interval.value, reach), highest)
    return Interval(interval.value, np.where(some, low, interval.low), np.where(some, high, interval.high))


def _measured(sheets: Sheets, measure: str) -> Floats:
    """A score of each sheet, or something that is known where the score is."""
    column = {NPS_MEASURE: "recommendation", CONTENT: "content", OVERALL: "overall"}.get(measure)
    table = sheets.scores if column is None else sheets.rows
    if (column or measure) not in table:
        return np.full(len(sheets.rows), np.nan)
    return table[column or measure].to_numpy(dtype=float)


def _items_of(sheets: Sheets, measure: str) -> int:
    """Of how many items a score is the mean."""
    if measure == OVERALL:
        return 1 if sheets.single_items is None else int((sheets.single_items["role"] == OVERALL).sum())
    return int((sheets.items["dimension"] == measure).sum())


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
        row |= dict.fromkeys(bounded("after"), np.nan)
    if people < SMALLEST_CELL:
        row |= dict.fromkeys(("n", "customers"), None)
        row |= dict.fromkeys(bounded("before", "after"), np.nan)
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
        return dict.fromkeys(bounded(name), np.nan)
    mean, codes = float(points.mean()), pd.factorize(customers, sort=True)[0]
    sums = np.sort(np.bincount(codes, points - mean))
    k = len(sums)
    error = np.sqrt(k / max(k - 1, 1) * (sums**2).sum() / len(points) ** 2 + added**2)
    ends = (mean, max(mean - Z95 * error, 0.0), min(mean + Z95 * error, 100.0))
    return in_row(name, ends, digits=9)

"""From where to where customers moved, and what became of the clusters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from customer_patterns.estimates import bounded, renamed, wilson, with_interval
from customer_patterns.features.cells import whole_numbers
from customer_patterns.segments.agreement import protect
from customer_patterns.segments.movement.comparing import Compared
from customer_patterns.segments.movement.matching import broken, merged_into, split_from
from customer_patterns.segments.movement.tables import (
    COUNTED,
    GONE,
    KEPT,
    MERGED,
    MOVEMENT_FLOWS,
    MOVEMENT_MATCHES,
    NEW,
    RESAMPLED,
    SPLIT,
)
from customer_patterns.segments.names import name_segments
from customer_patterns.segments.profiles import standard_effects
from customer_patterns.segments.tables import VALUE_LEVELS


def flows(real: Compared, drawn: Sequence[Compared]) -> pd.DataFrame:
    """Count who went from which value level to which; shares are of those of the earlier level."""
    size = len(VALUE_LEVELS)

    def count(one: Compared) -> np.ndarray:
        before, after = one.level[:, one.known]
        return np.bincount(before * size + after, minlength=size * size).reshape(size, size)

    counts = count(real)
    totals = np.repeat(counts.sum(axis=1), size)
    by_chance = []
    for one in drawn:
        cells = count(one)
        whole = cells.sum(axis=1, keepdims=True)
        by_chance.append(np.divide(cells, whole, out=np.full(cells.shape, np.nan), where=whole > 0))
    table = pd.DataFrame(
        {
            "before": pd.Series(np.repeat(list(VALUE_LEVELS), size), dtype="str"),
            "after": pd.Series(list(VALUE_LEVELS) * size, dtype="str"),
            "n": whole_numbers(counts.ravel()),
            "by_resampling": np.mean(by_chance, axis=0).ravel().round(9),
            "suppressed": pd.Series(protect(counts).ravel(), dtype="str"),
        }
    )
    table = with_interval(table, "share", wilson(counts.ravel(), totals))
    shown = table["suppressed"] == "no"
    blank = ["n", *bounded("share")]
    return table.assign(**{name: table[name].where(shown) for name in blank})[MOVEMENT_FLOWS.names]


def matches(real: Compared, drawn: Sequence[Compared]) -> pd.DataFrame:
    """Say of each cluster of either period what became of it, or where it came from."""
    if not len(real.both):
        return pd.DataFrame(columns=MOVEMENT_MATCHES.names)
    least = float(np.quantile([one.alike.min() for one in drawn], 0.05))
    k = len(real.both)
    earlier, later = (
        name_segments(standard_effects(scaled, cluster, k), scaled.used)
        for scaled, cluster in zip(real.scaled, real.cluster, strict=True)
    )
    lost = broken(real.alike, least)
    sources, goals = split_from(real.regions, real.match), merged_into(real.regions, real.match)
    rows = []
    for old in np.argsort(-real.both.sum(axis=1), kind="stable"):
        new = int(real.match[old])
        if not lost[old]:
            rows.append((earlier[old], later[new], KEPT, real.both[old, new], real.alike[old]))
            continue
        goal, source = int(goals[old]), int(sources[new])
        merged = (MERGED, real.both[old, goal]) if goal >= 0 else (GONE, real.both[old].sum())
        rows.append((earlier[old], later[goal] if goal >= 0 else None, *merged, np.nan))
        split = (SPLIT, real.both[source, new]) if source >= 0 else (NEW, real.both[:, new].sum())
        rows.append((earlier[source] if source >= 0 else None, later[new], *split, np.nan))
    table = pd.DataFrame(rows, columns=["earlier", "later", "fate", "n", "overlap"])
    why = protect(table["n"].to_numpy(dtype=np.int64)[:, None]).ravel()
    table = table.assign(
        place=np.arange(1, len(table) + 1),
        n=whole_numbers(table["n"].astype(int)).where(why == "no"),
        overlap=table["overlap"].where(why == "no").round(9),
        least_overlap=round(least, 9),
        suppressed=pd.Series(why, dtype="str"),
    )
    return table.astype({"earlier": "str", "later": "str", "fate": "str"})[MOVEMENT_MATCHES.names]


def drawn_movement(moves: pd.DataFrame) -> pd.DataFrame:
    """Put what was counted and what resampling alone gives below each other, to be drawn.

    Parameters
    ----------
    moves
        One row per kind of move, as in :data:`~customer_patterns.segments.movement.tables.MOVEMENT`.

    Returns
    -------
    DataFrame
        Two rows per kind: ``moved``, ``counted`` (which of the two), ``share`` with ``share_low`` and ``share_high``:
        the interval of what was counted, the middle nine tenths of the splits.
    """
    own = moves.rename(columns=renamed("share_moved", "share"))
    bands = {"by_resampling": "share", "by_resampling_from": "share_low", "by_resampling_to": "share_high"}
    other = moves.rename(columns=bands)
    columns = ["moved", "counted", *bounded("share")]
    both = pd.concat([own.assign(counted=COUNTED)[columns], other.assign(counted=RESAMPLED)[columns]])
    place = {name: number for number, name in enumerate(moves["moved"])}
    return both.sort_values("moved", key=lambda names: names.map(place), kind="stable", ignore_index=True)

"""Journeys: from the first touch to an order, or to a pause so long that what comes after it begins anew."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.journeys.tables import JOURNEY_FIGURES, JOURNEY_PATHS, ORDERS, OTHER_PATHS
from customer_patterns.behavior.journeys.transitions import in_order
from customer_patterns.estimates import Interval, bootstrap_ratio, bootstrap_share, bounded, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, customer_sums, suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.sources.cut import first_moment_after

_DAY = 86_400
#: Between the touches of a path.
ARROW = " → "


def find_journeys(touches: ir.Table, *, pause_days: int, first_day: date, last_day: date, time_zone: str) -> ir.Table:
    """Cut each visitor's line of touches into journeys.

    A journey ends with an order. Without one it ends when no touch came for the pause; with less than the pause left
    until the study's end it is still open. Seen whole is one that is not open, did not begin within the pause before
    the end (of those begun so late only the short ones have ended), and not within the pause after ``first_day`` as a
    visitor's first (it may have begun before).

    Parameters
    ----------
    touches
        One row per touch: ``who``, ``at`` (UTC), ``touch``, ``place``; none before ``first_day``.
    pause_days
        A longer time without a touch ends a journey; 1 or more.
    first_day, last_day
        The days from which and up to which touches were recorded, local.
    time_zone
        The study's.

    Returns
    -------
    Table
        One row per journey, in no order: ``who``, ``number`` (from 1 per visitor), ``path`` (touches joined by an
        arrow, repeats in a row once), ``touches`` (repeats counted), ``ends`` (``"order"``, ``"pause"``, ``"open"``),
        ``whole`` (whether it was seen whole), ``steps`` (touches without such repeats).
    """
    begin, end = (
        ibis.literal(first_moment_after(day, time_zone=time_zone)).cast("timestamp(6)")
        for day in (first_day - timedelta(days=1), last_day)
    )
    line = ibis.window(group_by="who", order_by=in_order())
    rows = touches.mutate(
        before=touches["at"].lag().over(line), last=touches.touch.lag().over(line), nth=ibis.row_number().over(line)
    )
    paused = rows["at"].delta(rows.before, unit="second") > pause_days * _DAY
    starts = (paused | rows["last"].isin(ORDERS)).fill_null(True)
    so_far = ibis.cumulative_window(group_by="who", order_by=in_order())
    rows = rows.mutate(starts=starts.cast("int64"))
    rows = rows.mutate(number=rows.starts.sum().over(so_far))
    rows = rows.mutate(alone=(rows.starts == 1) & (rows.starts.lead().over(line) == 1).fill_null(True))
    # Most journeys are one touch; only the others need to be put together, in order.
    single = rows.filter(rows.alone).select(
        "who",
        "number",
        path="touch",
        touches=ibis.literal(1),
        steps=ibis.literal(1),
        ordered=ibis._.touch.isin(ORDERS),
        began="at",
        ended="at",
        first=ibis._.before.isnull(),
    )
    several = rows.filter(~rows.alone)
    # A touch that repeats the one before it within a journey is no new step of the path.
    fresh = (several.starts == 1) | (several.touch != several["last"])
    found = several.group_by("who", "number").aggregate(
        path=several.touch.group_concat(ARROW, where=fresh, order_by=[several["at"], several.place]),
        touches=several.count(),
        steps=fresh.sum(),
        ordered=several.touch.isin(ORDERS).any(),
        began=several["at"].min(),
        ended=several["at"].max(),
        first=several.before.isnull().any(),
    )
    found = found.union(single.cast({"touches": "int64", "steps": "int64"}))
    closed = end.delta(found.ended, unit="second") > pause_days * _DAY
    ends = ibis.cases((found.ordered, "order"), (closed, "pause"), else_="open")
    begun = ~found["first"] | (found.began.delta(begin, unit="second") > pause_days * _DAY)
    in_time = end.delta(found.began, unit="second") > pause_days * _DAY
    return found.select(
        "who", "number", "path", "touches", "steps", ends=ends, whole=begun & in_time & (ends != "open")
    )


@empty_unless_enough(JOURNEY_FIGURES)
def journey_figures(journeys: ir.Table) -> pd.DataFrame:
    """Estimate how journeys end, and how long they are.

    Parameters
    ----------
    journeys
        One row per journey, from :func:`find_journeys`. Those not seen whole are counted and left out.

    Returns
    -------
    DataFrame
        One row per figure; columns as in ``JOURNEY_FIGURES``. Intervals resample customers and other visitors. Without
        rows where they are too few.
    """
    whole = journeys.filter(journeys.whole)
    ordered = ibis._.ends == "order"
    sums = customer_sums(
        whole.rename(customer_id="who"),
        {
            "journeys": ibis._.count(),
            "ordered": ordered.sum(),
            "prepared": (ordered & (ibis._.steps > 1)).sum(),
            "touches": ibis._.touches.sum(),
        },
    )
    people = len(sums["customer_id"])
    if people < SMALLEST_CELL:
        return empty(JOURNEY_FIGURES)
    shares = bootstrap_share(
        np.column_stack([sums["ordered"], sums["prepared"]]), np.column_stack([sums["journeys"], sums["ordered"]])
    )
    mean = bootstrap_ratio(sums["touches"], sums["journeys"])
    parts = (np.append(share, figure) for share, figure in zip(shares, mean, strict=True))
    decided = int(sums["journeys"].sum())
    table = pd.DataFrame(
        {
            "figure": pd.Series(JOURNEY_FIGURES["figure"].levels, dtype="str"),
            "unit": pd.Series(["share", "share", "touches"], dtype="str"),
            "n": whole_numbers([people] * 3),
            "journeys": [decided, int(sums["ordered"].sum()), decided],
            "left_out": int(journeys.count().to_pyarrow().as_py()) - decided,
        }
    )
    return with_interval(table, "value", Interval(*parts))[JOURNEY_FIGURES.names]


@empty_unless_enough(JOURNEY_PATHS)
def journey_paths(journeys: ir.Table, *, top: int = 12) -> pd.DataFrame:
    """Estimate how many journeys take each of the most frequent paths.

    Parameters
    ----------
    journeys
        One row per journey, from :func:`find_journeys`. Those not seen whole are left out.
    top
        How many paths are listed; 1 or more.

    Returns
    -------
    DataFrame
        One row per path, from the most frequent, then by name, and one for all others; columns as in
        ``JOURNEY_PATHS``. Shares add up to 1 with those that are blank; intervals resample customers and other
        visitors.
    """
    whole = journeys.filter(journeys.whole)
    counted = whole.group_by("path").aggregate(n=ibis._.count())
    ranking = counted.order_by(counted.n.desc(), counted.path).limit(top).to_pyarrow()
    listed = [path.as_py() for path in ranking["path"]]
    if not listed:
        return empty(JOURNEY_PATHS)
    named = whole.mutate(path=ibis.ifelse(whole.path.isin(listed), whole.path, OTHER_PATHS))
    levels = [*listed, OTHER_PATHS]
    counts = customer_sums(named.rename(customer_id="who"), {"journeys": ibis._.count()}, by="path", levels=levels)[
        "journeys"
    ]
    if not counts[:, -1].any():
        counts, levels = counts[:, :-1], listed
    table = pd.DataFrame(
        {
            "rank": range(1, len(levels) + 1),
            "path": pd.Series(levels, dtype="str"),
            "journeys": whole_numbers(counts.sum(axis=0).astype("int64")),
            "n": whole_numbers((counts > 0).sum(axis=0)),
        }
    )
    table = with_interval(table, "share_of_journeys", bootstrap_share(counts, counts.sum(axis=1)))
    blanks = ["journeys", *bounded("share_of_journeys")]
    return suppress(table, blanks)[JOURNEY_PATHS.names]

"""What comes next after each touch: a matrix of transitions whose rows add up to one."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.journeys.tables import NOTHING, TOUCH_TRANSITIONS, TOUCHES
from customer_patterns.estimates import bootstrap_share, bounded, with_interval
from customer_patterns.features.cells import encode, suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.sources.cut import first_moment_after

_DAY = 86_400
#: There are a hundred shares and thousands of visitors: so many resamples are enough for bounds in whole percents.
_RESAMPLES = 400


def in_order() -> list:
    """How touches of one visitor follow each other: by time, then by kind."""
    return [ibis._["at"], ibis._.place]


@empty_unless_enough(TOUCH_TRANSITIONS)
def touch_transitions(touches: ir.Table, *, pause_days: int, last_day: date, time_zone: str) -> pd.DataFrame:
    """Estimate what comes next after each kind of touch, if anything does within the pause.

    Only touches count after which the whole pause was seen. Were the last ones to count where something did come, and
    not where something still may, shares of what comes would be too large (right-censoring).

    Parameters
    ----------
    touches
        One row per touch: ``who``, ``at`` (UTC), ``touch``, ``place``.
    pause_days
        How long to wait for the next touch; 1 or more.
    last_day
        Last day of the study. Later touches change nothing.
    time_zone
        The study's; it decides when that day ends.

    Returns
    -------
    DataFrame
        One row per kind of touch and what came next, by their order in ``TOUCHES``; columns as in
        ``TOUCH_TRANSITIONS``. Shares of one kind add up to 1; intervals resample customers and other visitors. Steps
        of too few are blank, and with them as many others of the same kind as keep them from being worked out.

    Raises
    ------
    ValueError
        ``pause_days`` is less than 1.
    """
    if pause_days < 1:
        raise ValueError(f"a pause is one day at least, not {pause_days}")
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    rows = touches.filter(touches["at"] < end)
    line = ibis.window(group_by="who", order_by=in_order())
    rows = rows.mutate(later=rows["at"].lead().over(line), then=rows.touch.lead().over(line))
    soon = (rows.later.delta(rows["at"], unit="second") <= pause_days * _DAY).fill_null(False)
    left = end.delta(rows["at"], unit="second")
    known = rows.mutate(next_touch=ibis.ifelse(soon, rows.then, NOTHING)).filter(left > pause_days * _DAY)
    counted = known.group_by("who", "touch", "next_touch").aggregate(times=ibis._.count())
    steps = counted.order_by("who", "touch", "next_touch").to_pyarrow()
    if not len(steps):
        return empty(TOUCH_TRANSITIONS)
    _, who = encode(steps["who"])
    kinds = {touch: place for place, touch in enumerate((*TOUCHES, NOTHING))}
    before, after = (
        np.array([kinds[name] for name in names])[code]
        for names, code in (encode(steps["touch"]), encode(steps["next_touch"]))
    )
    times = steps["times"].to_numpy().astype(float)
    cells = np.zeros((who.max() + 1, len(TOUCHES), len(kinds)))
    np.add.at(cells, (who, before, after), times)
    return _shares(cells, [touch for touch in TOUCHES if cells[:, kinds[touch]].any()])


def _shares(cells: np.ndarray, occurring: list[str]) -> pd.DataFrame:
    """From counts per visitor, touch and next touch to the table; only kinds that occur get rows and columns."""
    nexts = [*occurring, NOTHING]
    row, column = ([(*TOUCHES, NOTHING).index(name) for name in names] for names in (occurring, nexts))
    cells = cells[:, row][:, :, column]
    totals = cells.sum(axis=2, keepdims=True)
    flat = cells.reshape(len(cells), -1)
    table = pd.DataFrame(
        {
            "touch": np.repeat(np.array(occurring, dtype=object), len(nexts)),
            "next_touch": np.tile(np.array(nexts, dtype=object), len(occurring)),
            "transitions": whole_numbers(flat.sum(axis=0).astype("int64")),
            "touches": np.repeat(totals.sum(axis=0).ravel().astype("int64"), len(nexts)),
            "n": whole_numbers((flat > 0).sum(axis=0)),
        }
    ).astype({"touch": "str", "next_touch": "str"})
    share = bootstrap_share(flat, np.broadcast_to(totals, cells.shape).reshape(flat.shape), resamples=_RESAMPLES)
    table = with_interval(table, "share_of_touches", share)
    blanks = ["transitions", *bounded("share_of_touches")]
    parts = [suppress(part, blanks) for _, part in table.groupby("touch", sort=False)]
    return pd.concat(parts, ignore_index=True)[TOUCH_TRANSITIONS.names]

"""Which lines of a portrait stand on its card: those that all have, and those that set the group apart."""

from __future__ import annotations

import pandas as pd

from customer_patterns.segments.portraits.tables import BASKETS, CHANNELS, LIFECYCLE, MEASURES, SIZE, TAGS, VALUE

#: So many lines of one topic at most.
_MOST = {LIFECYCLE: 2, CHANNELS: 1, TAGS: 3}


def card_lines(portraits: pd.DataFrame, *, grouping: str) -> pd.DataFrame:
    """Choose the lines that stand on the cards of a grouping.

    Parameters
    ----------
    portraits
        From :func:`~customer_patterns.segments.portraits.draw_portraits` or ``draw_beside``.
    grouping
        ``"segment"`` or ``"value tier"``.

    Returns
    -------
    DataFrame
        The chosen rows, in order: size, value and baskets of all; stages and channels whose share elsewhere lies
        outside the group's interval, the farthest off first; tags as they are. Blank lines are left out, but for the
        first of a blank group.
    """
    of = portraits[portraits["grouping"] == grouping]
    every = of["topic"].isin([SIZE, VALUE, BASKETS]) & (of["measure"] != MEASURES[0])
    apart = (of["elsewhere"] < of["figure_low"]) | (of["elsewhere"] > of["figure_high"])
    far = of["figure"].clip(lower=1e-9) / of["elsewhere"].clip(lower=1e-9)
    distance = far.where(far > 1, 1 / far)
    rank = (
        distance.where(apart & of["topic"].isin([LIFECYCLE, CHANNELS]))
        .groupby([of["group"], of["topic"]])
        .rank(ascending=False, method="first")
    )
    chosen = every | of["topic"].eq(TAGS) | (rank <= of["topic"].map(_MOST).astype(float))
    told = of["suppressed"].eq("no") & of["figure"].notna()
    head = of["topic"].eq(SIZE)
    return of[head | (chosen & told)].reset_index(drop=True)

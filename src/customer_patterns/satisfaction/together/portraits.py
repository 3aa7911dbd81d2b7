"""Satisfaction on a segment's portrait: one line from all sources, small segments blank."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.estimates import Interval, bounded, in_row, wilson
from customer_patterns.features.cells import suppress
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.tables.columns import NPS_MEASURE, OVERALL
from customer_patterns.satisfaction.together.agreement import mean_of
from customer_patterns.satisfaction.together.tables import CALLS, CONTACTS, REVIEWS, SEGMENT_PORTRAITS, SURVEY

#: Which sources each column of a portrait comes from.
_COLUMNS = {"survey": (SURVEY,), "service": (CONTACTS, CALLS), "stars": (REVIEWS,)}
_STANDS_OUT = "stands out"


def segment_portraits(
    voices: pd.DataFrame,
    segment_scores: pd.DataFrame,
    customer_segments: pd.DataFrame,
    *,
    grouping: str,
    min_group: int = 30,
) -> pd.DataFrame:
    """Say of each segment how content it is, and in what it stands out.

    Parameters
    ----------
    voices
        What :func:`~customer_patterns.satisfaction.together.voices.voices` returns.
    segment_scores
        Scores of dimensions by segment, with the verdict whether they stand out among all comparisons.
    customer_segments
        One row per customer: ``customer_id`` and the grouping.
    grouping
        ``"value_level"`` or ``"tier"``.
    min_group
        Segments of whom the sources tell of fewer customers are blank, and so are those from which they could be
        worked out; a figure of fewer than ten customers is missing.

    Returns
    -------
    DataFrame
        One row per segment with any customer, in the order of ``segment_scores``; columns as in
        ``SEGMENT_PORTRAITS``. Each customer counts once, as the mean of their records; intervals are over customers.
        Without rows where nobody is in a segment.
    """
    of = customer_segments[["customer_id", grouping]].drop_duplicates("customer_id").dropna(subset=[grouping])
    told = voices.merge(of, "inner", "customer_id")
    if told.empty:
        return empty(SEGMENT_PORTRAITS)
    scores = segment_scores[(segment_scores["grouping"] == grouping) & (segment_scores["verdict"] == _STANDS_OUT)]
    scores = scores[~scores["score_name"].isin([NPS_MEASURE, OVERALL])]
    order = {name: place for place, name in enumerate(dict.fromkeys(segment_scores["segment"].astype(str)))}
    groups = sorted(of.groupby(grouping), key=lambda one: (order.get(str(one[0]), len(order)), str(one[0])))
    rows = []
    for segment, members in groups:
        own = told[told[grouping] == segment]
        row = {"grouping": grouping, "segment": str(segment), "customers": len(members)}
        row |= {"n": own["customer_id"].nunique()}
        for name, sources in _COLUMNS.items():
            each = own[own["source"].isin(sources)]
            points = (each["mean"] * each["records"]).groupby(each["customer_id"]).sum()
            points = points / each.groupby("customer_id")["records"].sum()
            row |= in_row(name, mean_of(points.to_numpy(dtype=float), lowest=0, highest=100))
        bad = int((own.groupby("customer_id")["bad"].sum() > 0).sum())
        row |= in_row("complained", wilson(bad, row["n"]) if row["n"] else Interval(*(np.nan,) * 3))
        apart = scores[scores["segment"] == str(segment)]
        for name, side in (("stronger_in", apart["difference"] > 0), ("weaker_in", apart["difference"] < 0)):
            row[name] = ", ".join(apart.loc[side, "score_name"])
        rows.append(row)
    table = pd.DataFrame(rows).astype({"n": "Int64", "customers": "Int64"})
    ends = bounded(*_COLUMNS, "complained")
    table = suppress(table, ends, at_least=min_group, partition=True)
    hidden = table["suppressed"] != "no"
    return table.assign(
        stronger_in=table["stronger_in"].mask(hidden, ""), weaker_in=table["weaker_in"].mask(hidden, "")
    )[SEGMENT_PORTRAITS.names]

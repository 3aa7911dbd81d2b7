"""Themes that survey and service share: are customers who turned to the service less content with what it was about?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.estimates import bounded, in_row, normal
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.few import blank_few
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.together.tables import (
    AS_CONTENT,
    LESS_CONTENT,
    MORE_CONTENT,
    THEME_AGREEMENT,
)
from customer_patterns.schemas.local_time import local_time

Floats = NDArray[np.float64]

#: Words shorter than this tell of no theme: of, and, the.
_SHORTEST = 4
_WORD = re.compile(r"[^\W\d_]+")


def topics_of_dimensions(
    dimensions: Sequence[str], topics: Sequence[str], given: Mapping[str, Sequence[str]] | None = None
) -> dict[str, list[str]]:
    """Say which topics of contacts belong to which dimension of a survey.

    Parameters
    ----------
    dimensions, topics
        Names.
    given
        Topics by dimension. A dimension that is not among them gets the topics that share a word with its name.

    Returns
    -------
    dict
        The dimensions that have a topic, in their order.

    Examples
    --------
    >>> topics_of_dimensions(["quality", "price", "brand"], ["product quality", "price and receipt", "staff"])
    {'quality': ['product quality'], 'price': ['price and receipt']}
    """
    found = {}
    for name in dimensions:
        chosen = (given or {}).get(name)
        own = [topic for topic in topics if topic in chosen] if chosen is not None else _alike(name, topics)
        if own:
            found[name] = sorted(own)
    return found


def theme_agreement(
    sheets: Sheets,
    contacts: ir.Table,
    *,
    window_days: int,
    time_zone: str,
    last_day: date,
    themes: Mapping[str, Sequence[str]] | None = None,
    level: float = 0.05,
) -> pd.DataFrame:
    """Compare, dimension by dimension, answers that followed a contact about it with all other answers.

    Parameters
    ----------
    sheets
        What was answered.
    contacts
        One row per contact: ``customer_id``, ``topic``, ``opened_at`` (UTC).
    window_days
        A contact belongs to an answer if it was opened on one of so many days before it; never on the day itself or
        later.
    time_zone, last_day
        The study's; later contacts change nothing.
    themes
        Topics by dimension; see :func:`topics_of_dimensions`.
    level
        Share of verdicts that may be false.

    Returns
    -------
    DataFrame
        One row per dimension that has a topic, in the survey's order; columns as in ``THEME_AGREEMENT``. Errors are
        over customers, who may stand on both sides (Liang and Zeger 1986, Biometrika 73, 13–22); p-values adjusted as
        Benjamini and Yekutieli (2001).
    """
    day = local_time(contacts.opened_at, time_zone=time_zone).date()
    asked = contacts.select("customer_id", "topic", opened_on=day)
    asked = asked.filter(
        asked.customer_id.notnull(), asked.topic.notnull(), asked.opened_on <= ibis.literal(last_day)
    ).distinct()
    topics = sorted(asked.select("topic").distinct().to_pandas()["topic"].astype(str))
    of = topics_of_dimensions(sheets.dimensions, topics, themes)
    if not of or sheets.rows.empty:
        return empty(THEME_AGREEMENT)
    before = _topics_before(sheets, asked, window_days)
    rows = []
    for name, own in of.items():
        points = sheets.scores[name].to_numpy(dtype=float)
        turned = before.reindex(columns=own, fill_value=False).any(axis=1).to_numpy()
        customers = sheets.rows["customer_id"].to_numpy()
        rows.append({"dimension": name, "topics": ", ".join(own)} | _apart(points, turned, customers))
    table = pd.DataFrame(rows).astype({"n": "Int64", "others": "Int64"})
    p = table["p"].to_numpy(dtype=float)
    known = np.isfinite(p)
    adjusted = np.full(len(p), np.nan)
    if known.any():
        adjusted[known] = benjamini_yekutieli(p[known])
    verdict = np.where(adjusted > level, AS_CONTENT, np.where(table["difference"] < 0, LESS_CONTENT, MORE_CONTENT))
    table = table.assign(
        adjusted_p=adjusted, verdict=pd.Series(np.where(known, verdict.astype(object), None), dtype="object")
    )
    blanks = [name for name in THEME_AGREEMENT.names if name not in ("dimension", "topics", "n", "suppressed")]
    return blank_few(table, blanks)[THEME_AGREEMENT.names]


def _alike(dimension: str, topics: Sequence[str]) -> list[str]:
    words = set(_words(dimension))
    return [topic for topic in topics if words & set(_words(topic))]


def _words(name: str) -> list[str]:
    return [word for word in _WORD.findall(name.lower()) if len(word) >= _SHORTEST or not word.isascii()]


def _topics_before(sheets: Sheets, asked: ir.Table, window_days: int) -> pd.DataFrame:
    """One row per sheet, one column per topic: whether its customer turned to the service about it before."""
    rows = sheets.rows
    days = pa.table(
        {
            "sheet": pa.array(range(len(rows)), pa.int64()),
            "customer_id": pa.array(rows["customer_id"].tolist(), pa.string()),
            "day": pa.array(rows["answered_on"].tolist(), pa.date32()),
        }
    )
    joined = ibis.memtable(days).inner_join(asked, "customer_id")
    ago = joined.day.delta(joined.opened_on, unit="day")
    found = joined.filter(ago > 0, ago <= window_days).select("sheet", "topic").distinct().to_pandas()
    wide = pd.crosstab(found["sheet"], found["topic"]) > 0
    return wide.reindex(index=range(len(rows)), fill_value=False)


def _apart(points: Floats, turned: NDArray[np.bool_], customers: NDArray) -> dict[str, float]:
    """Means of both sides and their difference, with errors over customers."""
    known = np.isfinite(points)
    codes, ids = pd.factorize(customers[known], sort=True)
    points, turned = points[known], turned[known]
    sides = {side: (points[mask], codes[mask]) for side, mask in (("n", turned), ("others", ~turned))}
    row: dict[str, float] = {side: len(np.unique(own)) for side, (_, own) in sides.items()}
    names = ("with_contact", "difference")
    row |= dict.fromkeys(bounded(*names), np.nan) | {"p": np.nan}
    if min(row["n"], row["others"]) < SMALLEST_CELL:
        return row
    means, pulls = [], []
    for values, own in sides.values():
        means.append(values.mean())
        pulls.append(np.bincount(own, weights=values - values.mean(), minlength=len(ids)) / len(values))
    factor = len(ids) / (len(ids) - 1)
    own_error = np.sqrt((pulls[0] ** 2).sum() * row["n"] / (row["n"] - 1))
    error = np.sqrt(((pulls[0] - pulls[1]) ** 2).sum() * factor)
    if not (own_error > 0 and error > 0):
        return row
    for name, value, spread in (("with_contact", means[0], own_error), ("difference", means[0] - means[1], error)):
        row |= in_row(name, normal(value, spread))
    row["with_contact_low"] = max(row["with_contact_low"], 0.0)
    row["with_contact_high"] = min(row["with_contact_high"], 100.0)
    return row | {"p": float(2 * ndtr(-abs(means[0] - means[1]) / error))}

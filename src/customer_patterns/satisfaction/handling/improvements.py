"""Something was done about a cause of contacts: have they become fewer, beside all others?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.estimates import bounded, in_row
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.few import blank_few
from customer_patterns.satisfaction.handling.tables import AS_OTHERS, FEWER, IMPROVEMENTS, MORE, NOT_ENOUGH
from customer_patterns.satisfaction.resampling import resampled, sums_of
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.schemas.local_time import local_time

Floats = NDArray[np.float64]

#: With fewer contacts about the cause, before and after together, nothing is said.
FEWEST_CONTACTS = 20


class Improvement(Protocol):
    """What the study file says of an improvement."""

    date: date
    cause: str
    owner: str
    action: str


def improvements(
    contacts: ir.Table,
    declared: Sequence[Improvement],
    *,
    window_days: int,
    first_day: date,
    last_day: date,
    time_zone: str,
    level: float = 0.05,
) -> pd.DataFrame:
    """Count contacts about a cause before and after something was done about it, beside those about anything else.

    Parameters
    ----------
    contacts
        One row per contact: ``contact_id``, ``customer_id``, ``topic``, ``opened_at`` (UTC).
    declared
        The study file's improvements; those that lie outside the study are left out.
    window_days
        So many days before the day and after it are looked at, fewer where the study has fewer, equally many on both
        sides. The day itself is on neither.
    first_day, last_day, time_zone
        The study's.
    level
        Share of verdicts that may be false.

    Returns
    -------
    DataFrame
        One row per improvement, by day, cause and action; columns as in ``IMPROVEMENTS``. Ratios of counts with half a
        contact added to each; intervals resample customers. The verdict is about the change beside that of all other
        topics over the same days, so a season of all contacts is not taken for an improvement; adjusted over all
        improvements (Benjamini and Yekutieli 2001).

    Notes
    -----
    An interrupted series with a comparison series (Shadish, Cook and Campbell 2002, Experimental and Quasi-Experimental
    Designs, chapter 6). Before and after is no effect: something else may have happened on the same day.
    """
    if not any(first_day < one.date < last_day for one in declared):
        return empty(IMPROVEMENTS)
    seen = _contacts(contacts, last_day=last_day, time_zone=time_zone)
    return before_and_after(
        seen, declared, window_days=window_days, first_day=first_day, last_day=last_day, level=level
    )


def before_and_after(
    seen: pd.DataFrame,
    declared: Sequence[Improvement],
    *,
    window_days: int,
    first_day: date,
    last_day: date,
    level: float = 0.05,
) -> pd.DataFrame:
    """Hold contacts per customer, topic and day against the improvements: what :func:`improvements` does with them.

    Parameters
    ----------
    seen
        One row per customer, topic and day with contacts: ``customer_id``, ``topic``, ``day``, ``contacts`` (their
        number, 1 or more).
    declared, window_days, first_day, last_day, level
        As of :func:`improvements`.

    Returns
    -------
    DataFrame
        What :func:`improvements` returns.
    """
    inside = sorted(
        {(one.date, one.cause, one.action, one.owner) for one in declared if first_day < one.date < last_day}
    )
    if not inside:
        return empty(IMPROVEMENTS)
    rows = []
    for day, cause, action, owner in inside:
        days = min(window_days, (day - first_day).days, (last_day - day).days)
        row = {"started_on": pd.Timestamp(day), "cause": cause, "action": action, "owner": owner, "days": days}
        rows.append(row | _held(seen, pd.Timestamp(day), cause, days))
    table = pd.DataFrame(rows).astype(dict.fromkeys(("days", "before", "after", "n"), "Int64"))
    p = table["p"].to_numpy(dtype=float)
    known, adjusted = np.isfinite(p), np.full(len(p), np.nan)
    if known.any():
        adjusted[known] = benjamini_yekutieli(p[known])
    side = np.where(table["beyond_others"] < 1, FEWER, MORE)
    verdict = np.where(known, np.where(adjusted <= level, side, AS_OTHERS), NOT_ENOUGH)
    table = table.assign(adjusted_p=adjusted, verdict=pd.Series(verdict, dtype="str"))
    ends = bounded("change", "beyond_others")
    return blank_few(table, ["before", "after", "adjusted_p", *ends])[IMPROVEMENTS.names]


def _contacts(contacts: ir.Table, *, last_day: date, time_zone: str) -> pd.DataFrame:
    """Contacts per customer, topic and day."""
    rows = contacts.select(
        customer_id=contacts.customer_id.fill_null(ibis.literal("contact ") + contacts.contact_id),
        topic=contacts.topic.fill_null(UNKNOWN),
        day=local_time(contacts.opened_at, time_zone=time_zone).date(),
    )
    rows = rows.filter(rows.day <= ibis.literal(last_day))
    counted = rows.group_by("customer_id", "topic", "day").aggregate(contacts=rows.count())
    table = counted.order_by("customer_id", "topic", "day").to_pandas()
    return table.assign(day=pd.to_datetime(table["day"]))


def _held(seen: pd.DataFrame, day: pd.Timestamp, cause: str, days: int) -> dict[str, float]:
    distance = (seen["day"] - day).dt.days.to_numpy()
    near = (np.abs(distance) <= days) & (distance != 0)
    own, after = (seen["topic"] == cause).to_numpy()[near], (distance > 0)[near]
    number, people = seen["contacts"].to_numpy(dtype=float)[near], seen["customer_id"].to_numpy()[near]
    cells = np.column_stack([number * (own & ~after), number * (own & after), number * (~own & ~after)])
    cells = np.column_stack([cells, number * (~own & after)])
    row: dict[str, float] = {
        "before": cells[:, 0].sum(),
        "after": cells[:, 1].sum(),
        "n": pd.Series(people[own]).nunique(),
    }
    ends = dict.fromkeys(bounded("change", "beyond_others"), np.nan)
    row |= ends | {"p": np.nan}
    if row["before"] + row["after"] < FEWEST_CONTACTS or row["n"] < SMALLEST_CELL or own.all():
        return row
    found, drawn = resampled(sums_of(cells, people), _log_changes)
    for place, name in enumerate(("change", "beyond_others")):
        row |= in_row(name, map(np.exp, found.part(place)))
    error = drawn[:, 1].std(ddof=1)
    return row | {"p": float(2 * ndtr(-abs(found.value[1]) / error)) if error > 0 else np.nan}


def _log_changes(sums: Floats) -> Floats:
    """Logarithms of after by before: of the cause, and of the cause by all others. Half a contact is added to each."""
    logs = np.log(sums + 0.5)
    own, others = logs[:, 1] - logs[:, 0], logs[:, 3] - logs[:, 2]
    return np.column_stack([own, own - others])

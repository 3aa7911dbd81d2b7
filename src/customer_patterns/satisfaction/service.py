"""Contacts with the service: how soon it answers, and how content customers are then. Feedback: how much there is."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, bounded, in_row, kaplan_meier, survival_quantile
from customer_patterns.features.cells import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.reviews import writer_of
from customer_patterns.satisfaction.scores import clustered_share
from customer_patterns.satisfaction.tables.service import BANDS, CONTACT_SATISFACTION, RESPONSE_TIMES
from customer_patterns.satisfaction.tables.texts import FEEDBACK_COUNTS
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.sources.cut import first_moment_after

Floats = NDArray[np.float64]

#: The hours up to which each band of response times but the last two reaches.
BAND_HOURS = (1.0, 4.0, 24.0, 72.0)
#: From which rating on a customer is content with a contact.
CONTENT_RATING = 4
NO_LANGUAGE = UNKNOWN


def contact_waits(contacts: ir.Table, *, last_day: date, time_zone: str) -> pd.DataFrame:
    """Say of each contact how long it waited for a first answer.

    Parameters
    ----------
    contacts
        One row per contact: ``contact_id``, ``customer_id``, ``channel``, ``opened_at``, ``first_response_at``,
        ``rated_at``, ``csat``; times in UTC.
    last_day
        Last day of the study. Whoever has no answer by its end waits longer, if there ever is one. Later contacts,
        answers and ratings change nothing.
    time_zone
        The study's; it decides when that day ends.

    Returns
    -------
    DataFrame
        One row per contact, by ``contact_id``: ``contact_id``, ``customer_id`` (the contact's own key where the
        customer is not known), ``channel``, ``hours``, ``answered``, ``csat`` (NaN where not rated).
    """
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    rows = contacts.filter(contacts.opened_at < end)
    answered = (rows.first_response_at.notnull() & (rows.first_response_at < end)).fill_null(False)
    stop = ibis.ifelse(answered, rows.first_response_at, end)
    rated = (rows.rated_at < end).fill_null(rows.rated_at.isnull())
    table = rows.select(
        "contact_id",
        customer_id=rows.customer_id.fill_null(ibis.literal("contact ") + rows.contact_id),
        channel=rows.channel.fill_null(UNKNOWN),
        hours=stop.delta(rows.opened_at, unit="second") / 3600,
        answered=answered,
        csat=ibis.ifelse(rated, rows.csat, ibis.null("int64")),
    )
    table = table.order_by("contact_id").to_pandas()
    return table.assign(
        hours=table["hours"].astype(float).clip(lower=0), csat=table["csat"].astype(float), answered=table["answered"]
    )


def response_times(waits: pd.DataFrame, *, soon_hours: float = 24.0) -> pd.DataFrame:
    """Estimate for each channel how long customers wait for a first answer.

    Parameters
    ----------
    waits
        What :func:`contact_waits` returns.
    soon_hours
        ``soon`` is the share answered within so many hours.

    Returns
    -------
    DataFrame
        One row per channel, by name; columns as in ``RESPONSE_TIMES``. Kaplan-Meier, contacts still waiting counted as
        far as they were seen; intervals resample customers. Channels that few customers use are blank.
    """
    if waits.empty:
        return empty(RESPONSE_TIMES)
    rows = []
    for channel, part in waits.groupby("channel", sort=True):
        people = part["customer_id"].nunique()
        row = {"channel": channel, "n": len(part), "customers": people, "waiting": int((~part["answered"]).sum())}
        figures = dict.fromkeys(("median_hours", "slow_hours", "soon"), (np.nan,) * 3)
        if people >= SMALLEST_CELL:
            curve = kaplan_meier(_rounded_up(part["hours"]), part["answered"], part["customer_id"])
            figures = {
                "median_hours": survival_quantile(curve, q=0.5),
                "slow_hours": survival_quantile(curve, q=0.9),
                "soon": _within(part, soon_hours),
            }
        for name, figure in figures.items():
            whole = [float(x) for x in figure]
            whole = whole if np.isfinite(whole).all() else [np.nan] * 3
            row |= in_row(name, whole)
        rows.append(row)
    table = pd.DataFrame(rows).astype({"n": "Int64", "customers": "Int64", "waiting": "Int64"})
    blanks = [name for name in table.columns if name not in ("channel", "customers")]
    return suppress(table, blanks, n="customers")[RESPONSE_TIMES.names]


def contact_satisfaction(waits: pd.DataFrame) -> pd.DataFrame:
    """Estimate how many are content with a contact, by how long they had waited for its first answer.

    Parameters
    ----------
    waits
        What :func:`contact_waits` returns.

    Returns
    -------
    DataFrame
        One row per band of response times that has a contact, from the shortest; columns as in
        ``CONTACT_SATISFACTION``. Only rated contacts count; who rates is not a sample of all. Intervals resample
        customers.
    """
    if waits.empty:
        return empty(CONTACT_SATISFACTION)
    band = np.searchsorted(BAND_HOURS, waits["hours"].to_numpy(), side="left")
    band = np.where(waits["answered"].to_numpy(dtype=bool), band, len(BANDS) - 1)
    rows = []
    for place, name in enumerate(BANDS):
        part = waits[band == place]
        rated = part[part["csat"].notna()]
        if part.empty:
            continue
        row = {"band": name, "contacts": len(part), "n": len(rated), "customers": part["customer_id"].nunique()}
        share = Interval.missing()
        if rated["customer_id"].nunique() >= SMALLEST_CELL:
            share = clustered_share((rated["csat"] >= CONTENT_RATING).astype(float), rated["customer_id"])
        whole = [float(np.ravel(x)[0]) for x in share]
        whole = whole if np.isfinite(whole).all() else [np.nan] * 3
        rows.append(row | in_row("content", whole))
    table = pd.DataFrame(rows).astype({"n": "Int64", "customers": "Int64", "contacts": "Int64"})
    blanks = ["contacts", "n", *bounded("content")]
    return suppress(table, blanks, n="customers")[CONTACT_SATISFACTION.names]


def feedback_counts(feedback: ir.Table, *, last_day: date, time_zone: str) -> pd.DataFrame:
    """Count what customers wrote, by language and stars. No text is looked at.

    Parameters
    ----------
    feedback
        One row per text: ``feedback_id``, ``customer_id``, ``author_key``, ``written_at`` (UTC), ``language``,
        ``rating``.
    last_day
        Last day of the study. Later texts change nothing.
    time_zone
        The study's; it decides when that day ends.

    Returns
    -------
    DataFrame
        One row per language and number of stars, by both; columns as in ``FEEDBACK_COUNTS``. Counts that rest on few
        customers are blank.
    """
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    rows = feedback.filter(feedback.written_at < end)
    rows = rows.select(
        language=rows.language.fill_null(NO_LANGUAGE),
        rating=rows.rating,
        writer=writer_of(rows),
    )
    counted = rows.group_by("language", "rating").aggregate(n=rows.count(), customers=rows.writer.nunique())
    table = counted.order_by(counted.language, counted.rating.asc(nulls_first=False)).to_pandas()
    if table.empty:
        return empty(FEEDBACK_COUNTS)
    whole = {name: whole_numbers(table[name].astype("Int64")) for name in ("rating", "n", "customers")}
    return suppress(table.assign(**whole), ["n"], n="customers")[FEEDBACK_COUNTS.names]


def _rounded_up(hours: pd.Series) -> Floats:
    """Waits on a grid of a few hundred points, so fine that two digits of a median are its own: a tenth of a minute
    for the shortest, half an hour beyond a day.
    """
    waits = hours.to_numpy(dtype=float)
    step = np.select([waits <= 0.5, waits <= 2, waits <= 24], [1 / 600, 1 / 60, 1 / 20], default=0.5)
    return np.round(np.ceil(np.round(waits / step, 9)) * step, 9)


def _within(waits: pd.DataFrame, hours: float) -> Interval:
    """Share answered within so many hours, of the contacts of which that is known."""
    known = waits[waits["answered"] | (waits["hours"] > hours)]
    in_time = known["answered"] & (known["hours"] <= hours)
    return clustered_share(in_time.astype(float), known["customer_id"])

"""Who was asked and who answered, and what those who did not had bought before."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import wilson
from customer_patterns.features.around import orders_around
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.resampling import resampled, sums_of
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.tables.answers import SURVEY_WAVES
from customer_patterns.satisfaction.tables.unanswered import WHO_ANSWERED
from customer_patterns.schemas.local_time import local_time

Floats = NDArray[np.float64]

#: What is known of everyone who was asked, before they were asked.
CHARACTERISTICS = {
    "orders before": "orders_before",
    "revenue before": "revenue_before",
    "days since the last order": "days_since_order",
}

_INVITATIONS = ["wave", "customer_id", "invited_on", "answered", "settled", *CHARACTERISTICS.values()]


def invitations(
    survey_invitations: ir.Table,
    order_lines: ir.Table,
    sheets: Sheets,
    *,
    window_days: int,
    settle_days: int,
    first_day: date,
    last_day: date,
    time_zone: str,
) -> pd.DataFrame:
    """Say of each invitation whether it was answered, and what the customer had bought before it.

    Parameters
    ----------
    survey_invitations
        One row per customer and wave: ``wave``, ``customer_id``, ``invited_at`` (UTC).
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``ordered_on``, ``revenue``, ``line_kind``.
    sheets
        What was answered.
    window_days
        How many days before the invitation are looked at.
    settle_days
        So many days after its invitation a customer may still answer; younger invitations are not ``settled``.
    first_day, last_day
        The study's. Later invitations and orders change nothing.
    time_zone
        The study's.

    Returns
    -------
    DataFrame
        One row per invitation, by wave and customer: ``wave``, ``customer_id``, ``invited_on``, ``answered``,
        ``settled``; in the ``window_days`` before ``orders_before`` and ``revenue_before``; ``days_since_order``, for
        those without any earlier order the days since the study began.
    """
    day = local_time(survey_invitations.invited_at, time_zone=time_zone).date()
    asked = survey_invitations.select("wave", "customer_id", day=day)
    asked = asked.filter(asked.day.between(first_day, last_day))
    around = orders_around(order_lines, asked, window_days=window_days, last_day=last_day)
    table = asked.join(around, ["customer_id", "day"]).order_by("wave", "customer_id").to_pandas()
    if table.empty:
        return pd.DataFrame(columns=_INVITATIONS)
    keys = ["wave", "customer_id"]
    invited_on = pd.to_datetime(table["day"])
    answered = pd.MultiIndex.from_frame(table[keys]).isin(pd.MultiIndex.from_frame(sheets.rows[keys]))
    never = (invited_on - pd.Timestamp(first_day)).dt.days
    return table[keys].assign(
        invited_on=invited_on.dt.date,
        answered=answered,
        settled=(invited_on + pd.Timedelta(days=settle_days) <= pd.Timestamp(last_day)).to_numpy(),
        orders_before=table["orders_before"].astype(float),
        revenue_before=table["cents_before"].astype(float) / 100,
        days_since_order=table["days_since_order"].astype(float).fillna(never.astype(float)),
    )


def survey_waves(invited: pd.DataFrame, sheets: Sheets) -> pd.DataFrame:
    """Count each wave's invitations and answers, and estimate the share who answered.

    Parameters
    ----------
    invited
        What :func:`invitations` returns.
    sheets
        What was answered.

    Returns
    -------
    DataFrame
        One row per wave by name; columns as in ``SURVEY_WAVES``. Where nobody knows who was asked, or some were asked
        so lately that they may still answer, there is no response rate, and ``status`` says so; where nobody knows who
        was asked, their number is missing.
    """
    rows = []
    for wave in sorted({*invited["wave"], *sheets.rows["wave"]}):
        asked, sent = invited[invited["wave"] == wave], sheets.rows[sheets.rows["wave"] == wave]
        status = "closed" if len(asked) and asked["settled"].all() else "still open" if len(asked) else "not known"
        days = [*asked["invited_on"], *sent["answered_on"]]
        row = {"wave": wave, "first_on": min(days), "last_on": max(days), "n": len(asked)}
        row |= {"answered": int(asked["answered"].sum()), "sheets": len(sent), "status": status}
        known = status == "closed"
        for end, value in zip(("", "_low", "_high"), wilson(row["answered"], row["n"]), strict=True):
            row[f"response_rate{end}"] = float(value) if known else np.nan
        rows.append(row)
    if not rows:
        return empty(SURVEY_WAVES)
    table = pd.DataFrame(rows)
    few = (table["sheets"] > 0) & (table["sheets"] < SMALLEST_CELL)
    blanks = ["answered", "sheets", "response_rate", "response_rate_low", "response_rate_high"]
    table = table.astype({"n": "Int64", "answered": "Int64", "sheets": "Int64"})
    table = table.assign(**{name: table[name].mask(few) for name in blanks})
    unknown = table["status"] == "not known"  # which is not nobody
    table = table.assign(n=table["n"].mask(unknown), answered=table["answered"].mask(unknown))
    return table.assign(suppressed=np.where(few, "too few", "no"))[SURVEY_WAVES.names]


def who_answered(invited: pd.DataFrame) -> pd.DataFrame:
    """Compare those who answered with those who did not by what they had bought before they were asked.

    Parameters
    ----------
    invited
        What :func:`invitations` returns; settled invitations are used.

    Returns
    -------
    DataFrame
        One row per characteristic; columns as in ``WHO_ANSWERED``. The difference is in standard deviations, so that
        characteristics can be compared; intervals resample customers.

    Notes
    -----
    Standardized difference: Austin (2009), Statistics in Medicine 28, 3083–3107; a tenth is the usual limit of what
    does not matter.
    """
    asked = invited[invited["settled"].astype(bool)]
    answered = asked["answered"].to_numpy(dtype=float)
    people = [asked.loc[answered == side, "customer_id"].nunique() for side in (1, 0)]
    if min(people) < SMALLEST_CELL:
        return empty(WHO_ANSWERED)
    values = asked[list(CHARACTERISTICS.values())].to_numpy(dtype=float)
    sides = [answered[:, None] * part for part in (np.ones_like(values[:, :1]), values, values**2)]
    others = [(1 - answered)[:, None] * part for part in (np.ones_like(values[:, :1]), values, values**2)]
    k = values.shape[1]

    def figures(sums: Floats) -> Floats:
        mean, other = (s[:, 1 : k + 1] / s[:, :1] for s in (sums[:, : 2 * k + 1], sums[:, 2 * k + 1 :]))
        square, other_square = (s[:, k + 1 :] / s[:, :1] for s in (sums[:, : 2 * k + 1], sums[:, 2 * k + 1 :]))
        spread = np.sqrt((square - mean**2 + other_square - other**2) / 2)
        share = sums[:, :1] / (sums[:, :1] + sums[:, 2 * k + 1 : 2 * k + 2])
        return np.hstack([mean, other, (mean - other) / np.where(spread > 1e-9, spread, np.nan), share])

    found, _ = resampled(sums_of(np.column_stack([*sides, *others]), asked["customer_id"].to_numpy()), figures)
    table = pd.DataFrame({"characteristic": list(CHARACTERISTICS), "n": len(asked), "answered": int(answered.sum())})
    for place, measure in enumerate(("answerers", "others", "difference", "answered_share")):
        own = slice(place * k, (place + 1) * k) if measure != "answered_share" else [-1] * k
        for end, value in zip(("", "_low", "_high"), found, strict=True):
            table[f"{measure}{end}"] = np.where(np.isfinite(found.low[own]), value[own], np.nan)
    return table[WHO_ANSWERED.names]

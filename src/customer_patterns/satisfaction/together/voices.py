"""What each source says of each customer, on one scale: 0 the worst that could be said, 100 the best."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.together.tables import CALLS, CONTACTS, OF_PRODUCTS, REVIEWS, SOURCES, SURVEY
from customer_patterns.sources.cut import first_moment_after

#: Columns of what :func:`voices` returns.
NAMES = ["customer_id", "source", "records", "mean", "squares", "bad"]
#: Up to so many points a record is bad: one or two of five.
BAD_POINTS = 25.0
_RATINGS = (1, 5)


def voices(
    sheets: Sheets, contacts: ir.Table, calls: ir.Table, feedback: ir.Table, *, last_day: date, time_zone: str
) -> pd.DataFrame:
    """Sum up what each source says of each customer.

    Parameters
    ----------
    sheets
        The survey's; a sheet counts as the mean of its dimensions, or as contentment overall where it has none.
    contacts
        One row per contact: ``contact_id``, ``customer_id``, ``opened_at``, ``rated_at`` (UTC), ``csat`` (1 to 5).
    calls
        One row per call: ``contact_id``. A contact with a call is one by telephone, all others are in writing.
    feedback
        One row per text: ``customer_id``, ``written_at`` (UTC), ``rating`` (1 to 5), ``product_id``. Stars for a single
        product are a source of their own: they say little of the shop.
    last_day, time_zone
        The study's; later ratings and texts change nothing.

    Returns
    -------
    DataFrame
        One row per customer and source that tells of them, by both: ``customer_id``, ``source``, ``records`` (1 or
        more), ``mean`` (0 to 100), ``squares`` (of the records' distances from that mean, added up), ``bad`` (records
        of :data:`BAD_POINTS` or less). Records that nobody's name is on are left out: they stand beside no other.
    """
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    rated = contacts.filter(
        contacts.csat.between(*_RATINGS), contacts.opened_at < end, (contacts.rated_at < end).fill_null(True)
    )
    by_telephone = calls.filter(calls.contact_id.notnull()).select("contact_id").distinct()
    stars = feedback.filter(feedback.rating.between(*_RATINGS), feedback.written_at < end)
    parts = [
        _survey(sheets),
        _summed(rated.anti_join(by_telephone, "contact_id"), "csat", CONTACTS),
        _summed(rated.semi_join(by_telephone, "contact_id"), "csat", CALLS),
        _summed(stars.filter(stars.product_id.isnull()), "rating", REVIEWS),
        _summed(stars.filter(stars.product_id.notnull()), "rating", OF_PRODUCTS),
    ]
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    place = table["source"].map({name: place for place, name in enumerate(SOURCES)})
    table = table.assign(place=place).sort_values(["customer_id", "place"], ignore_index=True)
    return table[NAMES].astype({"records": "int64", "bad": "int64", "customer_id": "str", "source": "str"})


def _summed(rows: ir.Table, stars: str, source: str) -> pd.DataFrame:
    """Records, their mean and its squares for each customer, of stars from 1 to 5."""
    low, high = _RATINGS
    known = rows.filter(rows.customer_id.notnull())
    points = (known[stars].cast("float64") - low) * (100 / (high - low))
    sums = known.group_by("customer_id").aggregate(
        records=known.count(),
        total=points.sum(),
        square=(points * points).sum(),
        bad=(points <= BAD_POINTS).sum(),
    )
    table = sums.order_by("customer_id").to_pandas()
    mean = table["total"] / table["records"]
    squares = (table["square"] - table["records"] * mean**2).clip(lower=0).round(9)
    return table.assign(source=source, mean=mean, squares=squares)[NAMES]


def _survey(sheets: Sheets) -> pd.DataFrame:
    points = sheets.mean_score
    points = np.where(np.isfinite(points), points, sheets.rows["overall"].to_numpy(dtype=float))
    known = np.isfinite(points)
    rows = pd.DataFrame({"customer_id": sheets.rows["customer_id"][known].to_numpy(), "points": points[known]})
    rows = rows.assign(square=rows["points"] ** 2, bad=(rows["points"] <= BAD_POINTS).astype("int64"))
    found = rows.groupby("customer_id", sort=True)
    mean, records = found["points"].mean(), found.size()
    squares = (found["square"].sum() - records * mean**2).clip(lower=0).round(9)
    table = pd.DataFrame({"records": records, "mean": mean, "squares": squares, "bad": found["bad"].sum()})
    return table.rename_axis("customer_id").reset_index().assign(source=SURVEY)[NAMES]

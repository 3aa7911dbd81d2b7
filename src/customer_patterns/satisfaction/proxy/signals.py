"""What customers did in the days before an answer: what a shop sees of everybody, without asking anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from customer_patterns.features.cells import cents
from customer_patterns.satisfaction.proxy.tables import SIGNALS
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.schemas.local_time import local_time

#: A further contact about one topic within so many days is about the same again.
AGAIN_DAYS = 14
_HALF = 0.5


def signals_before(
    sheets: Sheets,
    tables: Mapping[str, ir.Table],
    *,
    window_days: int,
    first_day: date,
    time_zone: str,
) -> pd.DataFrame:
    """Put beside each answer sheet what its customer did before it.

    Parameters
    ----------
    sheets
        What was answered.
    tables
        ``order_lines`` (``customer_id``, ``ordered_on``, ``revenue``, the three discounts, ``line_kind``),
        ``contacts`` (``customer_id``, ``topic``, ``opened_at``, ``first_response_at``), ``feedback`` (``customer_id``,
        ``written_at``), ``reversals`` (``customer_id``, ``ordered_at``, ``kind``) and ``coupon_redemptions``
        (``customer_id``, ``redeemed_on``). Any of them may be empty.
    window_days
        How many days before the answer are looked at. The day itself is not: nobody knows what came first.
    first_day
        Of the study: days before it have not been seen, so sheets with less than half of the window are left out.
    time_zone
        The study's.

    Returns
    -------
    DataFrame
        One row per sheet, in the order of ``sheets``: ``sheet`` (its place among them), ``wave``, ``customer_id``
        and one column for each of :data:`SIGNALS`. What customers said, ratings and stars, is not among them.

    Notes
    -----
    Nothing of the day of the answer or later enters. The change of a rhythm is that of the nearer half of the window by
    the farther one.
    """
    day = pd.to_datetime(sheets.rows["answered_on"])
    seen = (day - pd.Timestamp(first_day)).dt.days.clip(upper=window_days).to_numpy(dtype=float)
    sheet = np.flatnonzero(seen >= window_days * _HALF)
    days = pa.table(
        {
            "sheet": pa.array(sheet, pa.int64()),
            "customer_id": pa.array(sheets.rows["customer_id"].iloc[sheet].tolist(), pa.string()),
            "day": pa.array(sheets.rows["answered_on"].iloc[sheet].tolist(), pa.date32()),
        }
    )
    asked, window = ibis.memtable(days), {"window_days": window_days}
    counted = pd.DataFrame(index=pd.Index(sheet, name="sheet"))
    parts = [
        _orders(asked, tables["order_lines"], **window),
        _contacts(asked, tables["contacts"], time_zone=time_zone, **window),
        _counted(asked, tables["coupon_redemptions"], tables["coupon_redemptions"].redeemed_on, "redeemed", **window),
        _counted(asked, *_returned(tables["reversals"], time_zone), "returns", **window),
        _counted(asked, *_written(tables["feedback"], time_zone), "texts", **window),
    ]
    for part in parts:
        counted = counted.join(part.set_index("sheet"))
    recency = counted.pop("recency") if "recency" in counted else pd.Series(np.nan, counted.index)
    counted = counted.astype(float).fillna(0.0)
    seen = seen[sheet]
    # Whoever has not ordered has not done so for as long as was looked; where nobody has, that says only when they
    # were asked, which is no behavior.
    never = pd.Series(seen if recency.notna().any() else 0.0, counted.index)
    columns = [
        np.log1p(counted["orders"] / seen),
        np.log1p(counted["cents"].clip(lower=0) / 100 / seen),
        np.log1p(recency.astype(float).fillna(never)),
        np.log((counted["near_orders"] + _HALF) / (counted["orders"] - counted["near_orders"] + _HALF)),
        np.log1p(counted["near_cents"].clip(lower=0) / 100)
        - np.log1p((counted["cents"] - counted["near_cents"]).clip(lower=0) / 100),
        counted["discount"] / np.maximum(counted["cents"] + counted["discount"], 1),
        *(np.log1p(counted[name]) for name in ("redeemed", "contacts", "again", "longest", "returns", "texts")),
    ]
    table = pd.DataFrame(dict(zip(SIGNALS, columns, strict=True)))
    keys = sheets.rows[["wave", "customer_id"]].iloc[sheet].reset_index(drop=True)
    return pd.concat([pd.Series(sheet, name="sheet"), keys, table.reset_index(drop=True)], axis=1)


def _orders(asked: ir.Table, order_lines: ir.Table, *, window_days: int) -> pd.DataFrame:
    """Days with an order and money in the window and in its nearer half, and days since the last order."""
    lines = order_lines.filter(order_lines.line_kind != "gift_card")
    bought = lines.group_by("customer_id", "ordered_on").aggregate(
        cents=cents(lines.revenue).sum(),
        discount=cents(lines.retail_discount + lines.coupon_discount + lines.coupon_match_discount).sum(),
    )
    joined = asked.inner_join(bought, "customer_id")
    ago = joined.day.delta(joined.ordered_on, unit="day")
    inside = (ago > 0) & (ago <= window_days)
    near = inside & (ago <= window_days // 2)
    sums = joined.group_by("sheet").aggregate(
        orders=joined.count(where=inside),
        cents=joined.cents.sum(where=inside),
        discount=joined.discount.sum(where=inside),
        near_orders=joined.count(where=near),
        near_cents=joined.cents.sum(where=near),
        recency=ago.min(where=ago > 0),
    )
    return sums.order_by("sheet").to_pandas()


def _contacts(asked: ir.Table, contacts: ir.Table, *, window_days: int, time_zone: str) -> pd.DataFrame:
    """Contacts, those about the same again, and the longest wait that was over, or still lasted, on the day before."""
    known = contacts.filter(contacts.customer_id.notnull())
    rows = known.select(
        "customer_id",
        "topic",
        opened=local_time(known.opened_at, time_zone=time_zone),
        answered=local_time(known.first_response_at, time_zone=time_zone),
    )
    before = ibis.window(group_by=["customer_id", "topic"], order_by=["opened"])
    rows = rows.mutate(last=rows.opened.lag().over(before))
    rows = rows.mutate(again=(rows.opened.delta(rows.last, unit="day") <= AGAIN_DAYS).fill_null(False))
    joined = asked.inner_join(rows, "customer_id")
    ago = joined.day.delta(joined.opened.date(), unit="day")
    inside = joined.filter(ago > 0, ago <= window_days)
    dawn = inside.day.cast("timestamp")
    # Whoever has no answer by the morning of the day has waited until then; a later answer is not known yet.
    until = ibis.ifelse((inside.answered < dawn).fill_null(False), inside.answered, dawn)
    sums = inside.group_by("sheet").aggregate(
        contacts=inside.count(),
        again=inside.again.sum(),
        longest=(until.delta(inside.opened, unit="second") / 3600).max(),
    )
    return sums.order_by("sheet").to_pandas()


def _counted(asked: ir.Table, rows: ir.Table, day: ir.DateValue, name: str, *, window_days: int) -> pd.DataFrame:
    """How many rows of a table lie in the window."""
    dated = rows.select("customer_id", happened=day)
    joined = asked.inner_join(dated, "customer_id")
    ago = joined.day.delta(joined.happened, unit="day")
    inside = joined.filter(ago > 0, ago <= window_days)
    return inside.group_by("sheet").aggregate(**{name: inside.count()}).order_by("sheet").to_pandas()


def _returned(reversals: ir.Table, time_zone: str) -> tuple[ir.Table, ir.DateValue]:
    goods = reversals.filter(reversals.kind == "return")
    return goods, local_time(goods.ordered_at, time_zone=time_zone).date()


def _written(feedback: ir.Table, time_zone: str) -> tuple[ir.Table, ir.DateValue]:
    return feedback, local_time(feedback.written_at, time_zone=time_zone).date()

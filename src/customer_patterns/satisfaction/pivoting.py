"""From one row per answer to one row per answer sheet, with a column per item.

A database asked for one column per item looks at each answer once for every item. Here each answer is looked at once:
its customer, wave and item become numbers, and these say which cell of the sheets it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

#: So many answers are asked of the database at a time.
AT_A_TIME = 1_000_000

_MICROSECONDS = pa.timestamp("us")


def one_row_per_sheet(
    responses: ir.Table, item_ids: Sequence[str], *, time_zone: str, last_day: date
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Put the answers of a customer to a wave on one row.

    Parameters
    ----------
    responses
        One row per answer: ``wave``, ``customer_id``, ``item_id``, ``answered_at`` (UTC), ``answer``.
    item_ids
        The items, in the order of the columns wanted. Answers to others are left out.
    time_zone
        The study's; it decides which day an answer belongs to.
    last_day
        Answers given later, by the clock of the zone, are left out.

    Returns
    -------
    tuple
        The sheets with at least one answer, by wave and customer: ``wave``, ``customer_id``, ``answered_on`` (local day
        of the last answer); and their answers as given, one column per item, NaN where there is none. Of several
        answers of one sheet to one item the highest.
    """
    # The zone is asked once a sheet, not once an answer: the day after the last begins at one moment for all.
    after = datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(time_zone)).astimezone(UTC)
    moment = ibis.literal(after.replace(tzinfo=None))
    given = responses.filter(responses.answer.notnull(), responses.answered_at < moment)
    given = given.filter(given.item_id.isin(item_ids)) if item_ids else given.filter(ibis.literal(False))
    given = given.select("wave", "customer_id", "item_id", "answered_at", "answer")
    parts: dict[str, list[pa.Array]] = {name: [] for name in given.columns}
    items = pa.array(item_ids, pa.string())
    backend = given.get_backend()
    for batch in backend.con.sql(backend.compile(given)).to_arrow_reader(AT_A_TIME):
        parts["wave"].append(batch["wave"].cast(pa.string()).dictionary_encode())
        parts["customer_id"].append(batch["customer_id"].cast(pa.string()))
        parts["item_id"].append(pc.index_in(batch["item_id"].cast(pa.string()), items))
        parts["answered_at"].append(batch["answered_at"].cast(_MICROSECONDS))
        parts["answer"].append(batch["answer"].cast(pa.float64()))
    if not parts["answer"]:
        return _none(len(item_ids))
    waves, wave = _numbered(pa.chunked_array(parts.pop("wave")))
    customers, customer = _numbered(pa.chunked_array(parts.pop("customer_id")))
    cell = wave.astype(np.int64) * len(customers) + customer
    del wave, customer
    filled = np.zeros(len(waves) * len(customers), dtype=bool)
    filled[cell] = True
    sheet = (np.cumsum(filled) - 1)[cell]
    of_wave, of_customer = np.divmod(np.flatnonzero(filled), max(len(customers), 1))
    last = np.full(len(of_wave), np.iinfo(np.int64).min)
    np.maximum.at(last, sheet, pa.chunked_array(parts.pop("answered_at")).cast(pa.int64()).to_numpy())
    sheet *= len(item_ids)
    sheet += pa.chunked_array(parts.pop("item_id")).to_numpy()
    answers = np.full(len(of_wave) * len(item_ids), np.nan)
    np.fmax.at(answers, sheet, pa.chunked_array(parts.pop("answer")).to_numpy())
    rows = pd.DataFrame(
        {
            "wave": waves[of_wave],
            "customer_id": customers[of_customer],
            "answered_on": _local_days(last, time_zone),
        }
    )
    return rows.astype({"wave": "str", "customer_id": "str"}), answers.reshape(len(rows), len(item_ids))


def _numbered(texts: pa.ChunkedArray) -> tuple[NDArray[np.object_], NDArray[np.int32]]:
    """The different texts in order, and the number of each row's."""
    encoded = texts.dictionary_encode() if pa.types.is_string(texts.type) else texts.unify_dictionaries()
    different = encoded.chunk(0).dictionary.to_numpy(zero_copy_only=False)
    order = np.argsort(different)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return different[order], place[np.concatenate([part.indices.to_numpy() for part in encoded.chunks])]


def _local_days(moments: NDArray[np.int64], time_zone: str) -> NDArray[np.object_]:
    """The day on the wall at which each moment, in microseconds of UTC, was."""
    wall = pd.DatetimeIndex(moments.view("datetime64[us]")).tz_localize("UTC").tz_convert(time_zone)
    number, days = pd.factorize(wall.tz_localize(None).normalize())
    return np.array([day.date() for day in days], dtype=object)[number]


def _none(items: int) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    empty = pd.DataFrame({"wave": [], "customer_id": []}, dtype="str").assign(answered_on=pd.Series([], dtype=object))
    return empty, np.empty((0, items))

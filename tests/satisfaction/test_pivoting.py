"""Sheets hold what pandas' pivot holds: every answer in its cell, the highest of several, and only those in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.satisfaction import pivoting
from tests.satisfaction.sample_survey import NEW_YORK, RESPONSES

LAST_DAY = date(2017, 3, 31)
ITEMS = ["price", "quality", "Preis"]

_answer = st.fixed_dictionaries(
    {
        "wave": st.sampled_from(["spring", "autumn", "2017-1"]),
        "customer_id": st.sampled_from(["zoe", "Zoe", "anna", "中村", "anna b"]),
        "item_id": st.sampled_from([*ITEMS, "not asked"]),
        "answered_at": st.integers(-50, 30).map(lambda hours: datetime(2017, 4, 1, 3) + timedelta(hours=hours)),
        "answer": st.one_of(st.none(), st.integers(-1, 11)),
    }
)


def by_pandas(rows: list[dict]) -> pd.DataFrame:
    """The reference: its own pivot, and the zone asked answer by answer."""
    frame = pd.DataFrame(rows, columns=["wave", "customer_id", "item_id", "answered_at", "answer"])
    frame["answer"] = frame["answer"].astype(float)
    moment = pd.to_datetime(frame["answered_at"]).dt.tz_localize("UTC").dt.tz_convert(NEW_YORK)
    frame = frame.assign(day=moment.dt.date)
    frame = frame[frame["answer"].notna() & frame["item_id"].isin(ITEMS) & (frame["day"] <= LAST_DAY)]
    days = frame.groupby(["wave", "customer_id"])["day"].max()
    wide = frame.pivot_table(index=["wave", "customer_id"], columns="item_id", values="answer", aggfunc="max")
    return days.to_frame().join(wide.reindex(columns=ITEMS)).reset_index()


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(_answer, max_size=25), at_a_time=st.sampled_from([1, 3, 1000]))
def test_sheets_are_those_of_pandas(backend, rows, at_a_time):
    backend.con.register("answers_to_pivot", pa.Table.from_pylist(rows, schema=RESPONSES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pivoting, "AT_A_TIME", at_a_time)
        sheets, answers = pivoting.one_row_per_sheet(
            backend.table("answers_to_pivot"), ITEMS, time_zone=NEW_YORK, last_day=LAST_DAY
        )
    wanted = by_pandas(rows)
    assert sheets[["wave", "customer_id"]].to_numpy().tolist() == wanted[["wave", "customer_id"]].to_numpy().tolist()
    assert sheets["answered_on"].tolist() == wanted["day"].tolist()
    np.testing.assert_array_equal(answers, wanted[ITEMS].to_numpy(dtype=float))


def test_without_items_there_is_no_sheet(backend):
    row = {"wave": "w", "customer_id": "anna", "item_id": "price", "answered_at": datetime(2017, 3, 1), "answer": 3}
    backend.con.register("one_answer", pa.Table.from_pylist([row], schema=RESPONSES))
    sheets, answers = pivoting.one_row_per_sheet(backend.table("one_answer"), [], time_zone=NEW_YORK, last_day=LAST_DAY)
    assert (len(sheets), answers.shape) == (0, (0, 0))
    assert list(sheets.columns) == ["wave", "customer_id", "answered_on"]

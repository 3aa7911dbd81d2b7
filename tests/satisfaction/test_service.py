"""Contacts and feedback: waits with those still waiting, ratings by wait, counts of texts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from customer_patterns.satisfaction import contact_satisfaction, contact_waits, feedback_counts, response_times
from tests.satisfaction.sample_survey import NEW_YORK

STUDY = {"last_day": date(2017, 12, 31), "time_zone": NEW_YORK}
OPENED = datetime(2017, 5, 1, 15)

CONTACTS = pa.schema(
    [
        ("contact_id", pa.string()),
        ("customer_id", pa.string()),
        ("channel", pa.string()),
        ("opened_at", pa.timestamp("us")),
        ("first_response_at", pa.timestamp("us")),
        ("rated_at", pa.timestamp("us")),
        ("csat", pa.int64()),
    ]
)
FEEDBACK = pa.schema(
    [
        ("feedback_id", pa.string()),
        ("customer_id", pa.string()),
        ("author_key", pa.string()),
        ("written_at", pa.timestamp("us")),
        ("language", pa.string()),
        ("rating", pa.int64()),
        ("text", pa.string()),
    ]
)


@pytest.fixture
def contacts_of(table):
    """Make contacts of ``(customer, channel, hours waited or None, rating or None)``."""
    return lambda rows, opened=OPENED: table(
        [
            {
                "contact_id": f"k{number:04d}",
                "customer_id": customer,
                "channel": channel,
                "opened_at": opened,
                "first_response_at": None if hours is None else opened + timedelta(hours=hours),
                "rated_at": None if csat is None else opened + timedelta(hours=(hours or 0) + 1),
                "csat": csat,
            }
            for number, (customer, channel, hours, csat) in enumerate(rows)
        ],
        CONTACTS,
    )


def test_the_median_wait_by_hand(contacts_of):
    rows = [(f"c{n:02d}", "chat", 0.25 * (n + 1), None) for n in range(20)]  # a quarter of an hour to five hours
    row = response_times(contact_waits(contacts_of(rows), **STUDY)).iloc[0]
    assert row["median_hours"] == pytest.approx(2.5)
    assert row["soon"] == 1
    assert row["waiting"] == 0


def test_those_who_still_wait_are_not_left_out(contacts_of):
    """Of 40 contacts 32 are answered within an hour, 8 never: the broken twin averages only what was answered."""
    rows = [(f"c{n:02d}", "email", 0.5 if n < 18 else 1.0, None) for n in range(32)]
    rows += [(f"d{n:02d}", "email", None, None) for n in range(8)]
    waits = contact_waits(contacts_of(rows), **STUDY)
    row = response_times(waits).iloc[0]
    assert row["median_hours"] == pytest.approx(1.0)
    assert waits.loc[waits["answered"], "hours"].median() == pytest.approx(0.5)
    assert np.isnan(row["slow_hours"])  # nine in ten are not answered while we look
    assert row["waiting"] == 8
    assert row["soon"] == pytest.approx(0.8)


def test_an_answer_or_a_rating_after_the_study_is_not_known(contacts_of):
    late = datetime(2018, 1, 1, 4)  # an hour before midnight in New York
    waits = contact_waits(contacts_of([("anna", "chat", 2, 5), ("bob", "chat", 0.5, 5)], late), **STUDY)
    assert waits["answered"].tolist() == [False, True]
    assert waits["hours"].tolist() == [1.0, 0.5]
    assert waits["csat"].isna().all()
    assert len(contact_waits(contacts_of([("anna", "chat", 2, 5)], datetime(2018, 1, 1, 6)), **STUDY)) == 0


def test_ratings_by_how_long_they_waited(contacts_of):
    rows = [(f"a{n}", "chat", 0.5, 5 if n < 9 else 2) for n in range(12)]
    rows += [(f"b{n}", "chat", 30, 4 if n < 3 else 1) for n in range(12)]
    rows += [(f"d{n}", "chat", 1.0, 3) for n in range(12)]  # exactly an hour is within an hour
    table = contact_satisfaction(contact_waits(contacts_of(rows), **STUDY)).set_index("band")
    assert table.index.tolist() == ["within an hour", "within three days"]
    assert table["content"].tolist() == pytest.approx([9 / 24, 3 / 12])
    assert table["n"].tolist() == [24, 12]


def test_a_contact_of_nobody_known_is_its_own(contacts_of):
    waits = contact_waits(contacts_of([(None, "chat", 1, 5), (None, None, 2, 5)]), **STUDY)
    assert waits["customer_id"].nunique() == 2
    assert waits["channel"].tolist() == ["chat", "unknown"]


def test_channels_of_few_customers_are_blank(contacts_of):
    rows = [(f"c{n:02d}", "chat", 1, None) for n in range(30)] + [(f"e{n}", "email", 1, None) for n in range(20)]
    rows += [("anna", "letter", 100, None)] * 5
    table = response_times(contact_waits(contacts_of(rows), **STUDY)).set_index("channel")
    assert table["suppressed"].to_dict() == {"chat": "no", "email": "to protect another", "letter": "too few"}
    assert table.loc["letter", ["n", "waiting", "median_hours"]].isna().all()


def test_texts_are_counted_and_never_shown(table):
    rows = [
        {
            "feedback_id": f"f{n}",
            "customer_id": f"c{n}",
            "author_key": None,
            "written_at": OPENED,
            "language": "en" if n < 12 else "zh",
            "rating": 5,
            "text": "<script>",
        }
        for n in range(24)
    ] + [{"feedback_id": "late", "written_at": datetime(2018, 2, 1), "language": "en", "rating": 1, "text": "later"}]
    counts = feedback_counts(table(rows, FEEDBACK), **STUDY)
    assert counts[["language", "rating", "n"]].to_numpy().tolist() == [["en", 5, 12], ["zh", 5, 12]]
    assert "script" not in counts.to_string()


def test_without_contacts_or_texts_there_are_no_rows(contacts_of, table):
    waits = contact_waits(contacts_of([]), **STUDY)
    assert len(response_times(waits)) == len(contact_satisfaction(waits)) == 0
    assert len(feedback_counts(table([], FEEDBACK), **STUDY)) == 0

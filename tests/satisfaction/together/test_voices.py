"""What each source says of each customer, and whether contacts go before answers."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
import pytest

from customer_patterns.satisfaction.together import theme_agreement, voices
from tests.satisfaction.sample_survey import NEW_YORK, YEAR

CONTACTS = pa.schema(
    [
        ("contact_id", pa.string()),
        ("customer_id", pa.string()),
        ("topic", pa.string()),
        ("opened_at", pa.timestamp("us")),
        ("rated_at", pa.timestamp("us")),
        ("csat", pa.int64()),
    ]
)
CALLS = pa.schema([("contact_id", pa.string())])
FEEDBACK = pa.schema(
    [(name, pa.string()) for name in ("customer_id", "product_id")]
    + [("written_at", pa.timestamp("us")), ("rating", pa.int64())]
)
UNTIL = {"last_day": YEAR["last_day"], "time_zone": NEW_YORK}


def contact(name: str, who: str | None, day: str, stars: int | None, topic: str = "price", rated: str | None = None):
    return {
        "contact_id": name,
        "customer_id": who,
        "topic": topic,
        "opened_at": datetime.fromisoformat(f"{day} 17:00"),
        "rated_at": datetime.fromisoformat(f"{rated or day} 18:00"),
        "csat": stars,
    }


@pytest.fixture
def heard(answered, table):
    sheets = answered(
        [("1", "anna", "2017-04-01", {"p1": 5, "p2": 5}), ("2", "anna", "2017-08-01", {"p1": 1, "p2": 3})]
    )
    contacts = [
        contact("k1", "anna", "2017-03-01", 1),
        contact("k2", "anna", "2017-03-02", 5),
        contact("k3", "anna", "2017-03-03", 3),
        contact("k4", None, "2017-03-03", 1),  # nobody knows whose
        contact("k5", "anna", "2017-12-30", 1, rated="2018-01-03"),  # rated after the study
        contact("k6", "bela", "2017-12-30", None),
    ]
    texts = [
        {"customer_id": "bela", "written_at": datetime(2017, 5, 1), "rating": 2},
        {"customer_id": "bela", "written_at": datetime(2018, 1, 2), "rating": 5},
        {"customer_id": "bela", "written_at": datetime(2017, 5, 2), "rating": 5, "product_id": "P1"},
    ]
    found = voices(
        sheets, table(contacts, CONTACTS), table([{"contact_id": "k3"}], CALLS), table(texts, FEEDBACK), **UNTIL
    )
    return found.set_index(["customer_id", "source"])


def test_each_source_is_read_on_one_scale(heard):
    assert heard["mean"].to_dict() == {
        ("anna", "survey"): (100 + 25) / 2,
        ("anna", "contacts in writing"): 50.0,
        ("anna", "contacts by telephone"): 50.0,
        ("bela", "stars"): 25.0,
        ("bela", "stars for products"): 100.0,  # not the shop's
    }
    assert heard["records"].to_dict()[("anna", "contacts in writing")] == 2
    assert heard.loc[("anna", "contacts in writing"), "squares"] == 2 * 50**2


def test_bad_records_are_one_or_two_of_five(heard):
    assert heard["bad"].to_dict() == {
        ("anna", "survey"): 1,
        ("anna", "contacts in writing"): 1,
        ("anna", "contacts by telephone"): 0,
        ("bela", "stars"): 1,
        ("bela", "stars for products"): 0,
    }


def many(answered, points: int, days_before: int):
    """Twenty who had turned to the service some days before they answered, and forty who had not."""
    day = date(2017, 6, 1)
    sheets, contacts = [], []
    for number in range(60):
        turned = number < 20
        answer = 2 if turned else 4
        sheets.append(("1", f"c{number:02d}", day.isoformat(), {"p1": answer + number % 2, "p2": answer, "p3": 2}))
        if turned:
            opened = date.fromordinal(day.toordinal() - days_before)
            contacts.append(contact(f"k{number}", f"c{number:02d}", opened.isoformat(), None, "price and receipt"))
    return answered(sheets), contacts


def test_who_turned_to_the_service_before_is_less_content_with_it(answered, table):
    sheets, contacts = many(answered, 20, 30)
    row = theme_agreement(sheets, table(contacts, CONTACTS), window_days=90, **UNTIL).iloc[0]
    assert (row["dimension"], row["topics"], row["n"], row["others"]) == ("price", "price and receipt", 20, 40)
    assert row["difference"] == pytest.approx(-100 / 3)  # two steps of four in two of three items
    assert row["verdict"] == "less content"


@pytest.mark.parametrize("days_before", [0, -5, 91])
def test_a_contact_on_the_day_later_or_long_ago_does_not_count(answered, table, days_before):
    """The broken twin takes any contact of the customer, also one that came after the answer."""
    sheets, contacts = many(answered, 20, days_before)
    table_ = theme_agreement(sheets, table(contacts, CONTACTS), window_days=90, **UNTIL)
    assert table_["verdict"].isna().all()

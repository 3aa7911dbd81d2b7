"""Stars and texts, by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from customer_patterns.satisfaction import feedback_months, star_mean, star_shares, written_texts

FEEDBACK = pa.schema(
    [
        ("feedback_id", pa.string()),
        ("customer_id", pa.string()),
        ("author_key", pa.string()),
        ("written_at", pa.timestamp("us")),
        ("rating", pa.int64()),
    ]
)
YEAR = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}


def text(
    number: int, writer: str | None, stars: int | None, day: str = "2017-03-15", customer: str | None = None
) -> dict:
    at = datetime.fromisoformat(f"{day} 12:00")
    keys = {"feedback_id": f"t{number}", "customer_id": customer, "author_key": writer}
    return {**keys, "written_at": at, "rating": stars}


@pytest.fixture
def written(table: Callable[..., ir.Table]) -> Callable[..., ir.Table]:
    return lambda rows: written_texts(table(rows, FEEDBACK), last_day=YEAR["last_day"], time_zone="UTC")


def test_a_writer_is_a_customer_else_an_author_else_a_text(written: Callable[..., ir.Table]) -> None:
    rows = [text(1, "kim", 5, customer="c1"), text(2, "kim", 4), text(3, None, 3), text(4, None, 3, "2018-01-01")]
    found = written(rows).order_by("feedback_id").customer_id.to_pyarrow().to_pylist()
    assert found == ["c1", "author kim", "text t3"]  # the last was written after the study


def test_the_mean_weighs_texts_and_its_interval_writers(written: Callable[..., ir.Table]) -> None:
    rows = [text(n, f"w{n}", 5) for n in range(12)] + [text(12 + n, f"w{n}", 2) for n in range(6)]
    many = star_mean(written(rows)).iloc[0]
    assert many["mean_stars"] == pytest.approx((12 * 5 + 6 * 2) / 18)
    assert (many["n"], many["texts"]) == (12, 18)
    alone = star_mean(written([row | {"author_key": f"x{i}"} for i, row in enumerate(rows)])).iloc[0]
    assert alone["n"] == 18  # a twin that takes each text for a writer has more of them


def test_shares_of_stars_by_hand(written: Callable[..., ir.Table]) -> None:
    stars = [5] * 20 + [3] * 10 + [1] * 10
    found = star_shares(written([text(n, f"w{n}", given) for n, given in enumerate(stars)])).set_index("rating")
    assert found["share_of_texts"].to_dict() == pytest.approx({5: 0.5, 4: 0, 3: 0.25, 2: 0, 1: 0.25})


def test_labels_of_good_and_bad_have_no_empty_bars_between_them(written: Callable[..., ir.Table]) -> None:
    found = star_shares(written([text(n, f"w{n}", 5 if n < 30 else 1) for n in range(40)])).set_index("rating")
    assert found["share_of_texts"].to_dict() == pytest.approx({5: 0.75, 1: 0.25})


def test_all_alike_or_few_have_no_mean(written: Callable[..., ir.Table]) -> None:
    assert star_mean(written([text(n, f"w{n}", 5) for n in range(30)])).empty
    assert star_mean(written([text(1, "w", 5), text(2, "v", 1)])).empty
    assert feedback_months(written([]), **YEAR).empty


def test_months_without_texts_hold_none_and_small_ones_are_blank(written: Callable[..., ir.Table]) -> None:
    rows = [text(n, f"w{n}", 1 + n % 5, "2017-03-15") for n in range(20)]
    rows += [text(50 + n, f"w{n}", 3, "2017-04-15") for n in range(20)]
    rows += [text(100 + n, f"v{n}", 3, "2017-06-15") for n in range(3)]
    rows += [text(200 + n, f"u{n}", 3, "2017-07-15") for n in range(4)]
    found = feedback_months(written(rows), **YEAR).set_index("month")
    assert found["texts"].iloc[:3].tolist() == [20, 20, 0]
    assert found["suppressed"].iloc[3:5].tolist() == ["too few", "too few"]
    assert found["mean_stars"].iloc[0] == pytest.approx(3.0)

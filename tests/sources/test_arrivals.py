"""When records came, against when they happened, and what each of several sources of one table is worth."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.cleaning import unlike_columns
from customer_patterns.sources.arrivals import late_records
from customer_patterns.study.places import OUTPUT_ROOT
from tests.sources.deliveries import HEADER, collected, contract, line, put, study

DAILY = {"loaded_at": {"file": "lines_%Y%m%d"}, "location": "lines_*.csv"}


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return tmp_path


def handed_over(root, day, *rows):
    put(root, f"lines_202601{day:02}.csv", "\n".join([HEADER, *rows]) + "\n")


def sold(number, day):
    return line(number, sold=f"2026-01-{day:02} 10:00:00")


def test_a_record_is_late_where_an_earlier_hand_over_came_without_it(root):
    handed_over(root, 5, sold(1, 4), sold(2, 5))
    handed_over(root, 6, sold(3, 5), sold(4, 1))  # the 3rd is of the day of the hand-over before: not late; the 4th is
    handed_over(root, 9, sold(5, 5), sold(6, 8))  # the 5th could have come on the 6th, three days before
    row = collected(study(contract(**DAILY))).arrivals.iloc[0]
    assert row[["table", "source", "handovers", "records", "late", "latest_days"]].tolist() == [
        "order_lines", "till", 3, 6, 2, 3,
    ]  # fmt: skip
    assert row["late_share"] == pytest.approx(2 / 6)
    assert row["usual_days"] == 1  # 1, 0, 1, 5, 4 and 1 days


def test_a_record_delivered_again_counts_when_it_first_came(root):
    handed_over(root, 5, sold(1, 4))
    handed_over(root, 6, sold(2, 5))
    handed_over(root, 9, sold(1, 4))
    keyed = contract(**DAILY, key=["order_id", "product_id"])
    assert collected(study(keyed)).arrivals["late"].tolist() == [0]
    assert collected(study(contract(**DAILY))).arrivals["late"].tolist() == [1]  # the twin without a key


def test_what_comes_after_the_last_day_is_neither_late_nor_there(root):
    handed_over(root, 5, sold(1, 4))
    handed_over(root, 9, sold(2, 3))
    of = study(contract(**DAILY))
    assert collected(of).arrivals["late"].tolist() == [1]
    assert collected(of, as_of=pd.Timestamp("2026-01-08").date()).arrivals["records"].tolist() == [1]


def test_without_a_word_on_hand_overs_nothing_is_said(root):
    put(root, "lines.csv", "\n".join([HEADER, sold(1, 4)]) + "\n")
    found = collected(study(contract()))
    assert found.arrivals.empty
    assert found.source_quality.empty


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12), st.integers(1, 3)), min_size=1, max_size=12))
def test_late_records_agree_with_a_count_by_hand(cells):
    first = pd.Timestamp("2026-01-01")
    days = pd.DataFrame(
        [(first + pd.Timedelta(days=h), first + pd.Timedelta(days=c), n) for h, c, n in cells],
        columns=["happened", "came", "records"],
    )
    found = late_records(days)
    all_days = {c for _, c, _ in cells}
    behind = {(h, c): c - min(d for d in all_days if d > h) for h, c, _ in cells if any(d > h for d in all_days)}
    assert found["late"] == sum(n for h, c, n in cells if behind.get((h, c), 0) > 0)
    assert found["latest_days"] == max([0, *behind.values()])
    assert found["early"] == sum(n for h, c, n in cells if c < h)
    assert found["usual_days"] == pd.Series([c - h for h, c, n in cells for _ in range(n)]).median()


def test_each_source_of_a_table_is_measured_by_itself(root):
    put(root, "till.csv", "\n".join([HEADER, sold(1, 4), sold(2, 4)]) + "\n")
    put(root, "site.csv", "\n".join([HEADER + ",way", sold(3, 9) + ",card", sold(4, 9) + ","]) + "\n")
    site = contract("site.csv", source="site", columns={**contract().columns, "payment_method": "way"})
    found = collected(study(contract("till.csv"), site)).source_quality
    ways = found[found["column"] == "payment_method"].set_index("source")
    assert ways["filled"].to_dict() == {"site": 0.5, "till": 0.0}
    assert ways["days_old"].to_dict() == {"site": 22, "till": 27}
    assert set(unlike_columns(found)["column"]) == {"payment_method"}
    assert unlike_columns(found[found["source"] == "till"]).empty

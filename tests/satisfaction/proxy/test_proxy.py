"""Behavior before an answer: no day of the future, no answer learned from itself, and a verdict that can say no."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from customer_patterns.satisfaction.proxy import SIGNALS, behavior_proxy, proxy_signals, signals_before
from customer_patterns.satisfaction.proxy.learned import FOLDS, folds_of, guesses, ridge
from tests.satisfaction.sample_survey import NEW_YORK, YEAR, sheets_of

LINES = pa.schema(
    [("customer_id", pa.string()), ("ordered_on", pa.date32()), ("line_kind", pa.string())]
    + [
        (name, pa.decimal128(18, 2))
        for name in ("revenue", "retail_discount", "coupon_discount", "coupon_match_discount")
    ]
)
CONTACTS = pa.schema(
    [
        ("customer_id", pa.string()),
        ("topic", pa.string()),
        ("opened_at", pa.timestamp("us")),
        ("first_response_at", pa.timestamp("us")),
    ]
)
FEEDBACK = pa.schema([("customer_id", pa.string()), ("written_at", pa.timestamp("us"))])
REVERSALS = pa.schema([("customer_id", pa.string()), ("ordered_at", pa.timestamp("us")), ("kind", pa.string())])
REDEEMED = pa.schema([("customer_id", pa.string()), ("redeemed_on", pa.date32())])
BEFORE = {"window_days": 90, "first_day": YEAR["first_day"], "time_zone": NEW_YORK}


def line(day: str, revenue: float, discount: float = 0) -> dict:
    cents = dict.fromkeys(("coupon_discount", "coupon_match_discount"), Decimal("0.00"))
    money = {"revenue": Decimal(str(revenue)), "retail_discount": Decimal(str(discount))}
    return {"customer_id": "anna", "ordered_on": date.fromisoformat(day), "line_kind": "goods"} | money | cents


def asked(day: str, topic: str, answered: str | None) -> dict:
    moment = None if answered is None else datetime.fromisoformat(f"{answered} 17:00")
    opened = datetime.fromisoformat(f"{day} 17:00")
    return {"customer_id": "anna", "topic": topic, "opened_at": opened, "first_response_at": moment}


@pytest.fixture
def seen(answered, table):
    """What anna did before her answer of the first of June."""

    def look(lines=(), contacts=(), texts=(), returns=(), redeemed=(), day: str = "2017-06-01"):
        sheets = answered([("1", "anna", day, {"p1": 5, "p2": 5})])
        at = lambda days: [datetime.fromisoformat(f"{one} 17:00") for one in days]  # noqa: E731
        tables = {
            "order_lines": table(lines, LINES),
            "contacts": table(contacts, CONTACTS),
            "feedback": table([{"customer_id": "anna", "written_at": one} for one in at(texts)], FEEDBACK),
            "reversals": table(
                [{"customer_id": "anna", "ordered_at": one, "kind": "return"} for one in at(returns)], REVERSALS
            ),
            "coupon_redemptions": table(
                [{"customer_id": "anna", "redeemed_on": date.fromisoformat(one)} for one in redeemed], REDEEMED
            ),
        }
        return signals_before(sheets, tables, **BEFORE)

    return look


def test_signals_are_counted_by_hand(seen):
    row = seen(
        lines=[line("2017-03-10", 30), line("2017-05-20", 60, 10), line("2017-05-20", 10)],
        contacts=[
            asked("2017-05-01", "price", "2017-05-02"),
            asked("2017-05-10", "price", None),
            asked("2017-05-20", "store", "2017-05-20"),
        ],
        texts=["2017-05-05"],
        returns=["2017-04-04", "2017-04-05"],
        redeemed=["2017-05-20"],
    ).iloc[0]
    expected = {
        "days with an order": np.log1p(2 / 90),
        "spend": np.log1p(100 / 90),
        "days since the last order": np.log1p(12),
        "more days with an order than before": 0.0,
        "more spend than before": np.log1p(70) - np.log1p(30),
        "share of discounts": 10 / 110,
        "coupons redeemed": np.log1p(1),
        "contacts": np.log1p(3),
        "contacts about the same again": np.log1p(1),
        # still waiting at midnight: from one in the afternoon of the tenth (local time) on
        "longest wait for an answer": np.log1p(21 * 24 + 11),
        "returns": np.log1p(2),
        "texts written": np.log1p(1),
    }
    assert {name: row[name] for name in SIGNALS} == pytest.approx(expected)


def test_nothing_of_the_day_of_the_answer_or_later_enters(seen):
    before = {"lines": [line("2017-05-20", 60)], "contacts": [asked("2017-05-01", "price", "2017-05-02")]}
    after = {
        "lines": [*before["lines"], line("2017-06-01", 999), line("2017-07-01", 999)],
        "contacts": [*before["contacts"], asked("2017-06-01", "price", None), asked("2017-06-02", "price", None)],
        "texts": ["2017-06-01", "2017-08-01"],
        "returns": ["2017-06-01"],
        "redeemed": ["2017-06-01", "2017-06-02"],
    }
    pd.testing.assert_frame_equal(seen(**before), seen(**after))


def test_where_nobody_does_anything_there_is_no_behavior_and_nothing_to_test(seen):
    """How long nothing was seen says when somebody was asked. A survey alone once got a test of its behavior by it."""
    for day in ("2017-03-10", "2017-06-01"):
        assert (seen(day=day)[list(SIGNALS)] == 0).all(axis=None)


def test_an_answer_given_later_is_not_known_before(seen):
    """The broken twin looks the wait up as it ended."""
    waiting, answered_later = asked("2017-05-30", "price", None), asked("2017-05-30", "price", "2017-06-20")
    name = "longest wait for an answer"
    assert seen(contacts=[waiting])[name].item() == seen(contacts=[answered_later])[name].item()


def test_sheets_of_which_too_few_days_have_been_seen_are_left_out(seen):
    assert len(seen(day="2017-02-14")) == 0
    assert len(seen(day="2017-02-15")) == 1


def made(n: int, strength: float, *, seed: int, waves: int = 2):
    """Answers of which behavior explains ``strength`` squared, a habit of the customer in them too."""
    chance = np.random.default_rng(seed)
    customers = np.tile(np.arange(n), waves)
    own = chance.normal(size=(n, len(SIGNALS)))
    signals = own[customers] + 0.5 * chance.normal(size=(len(customers), len(SIGNALS)))
    habit = chance.normal(size=n)[customers]
    rest = np.sqrt(1 - strength**2) * (0.8 * habit + 0.6 * chance.normal(size=len(customers)))
    like = strength * signals[:, 1] / signals[:, 1].std() + rest
    names = np.array([f"c{one:05d}" for one in customers], dtype=object)
    labels = np.repeat([f"2017-{wave + 1}" for wave in range(waves)], n)
    sheets = sheets_of({"price": 60 + 10 * like}, customers=names, waves=labels)
    sheets.rows["answered_on"] = [date(2017, 3 * int(wave[-1]), 1) for wave in labels]
    before = pd.DataFrame(signals, columns=list(SIGNALS))
    before = before.assign(sheet=range(len(before)), wave=labels, customer_id=names)
    return sheets, before


def test_what_behavior_explains_is_found_on_answers_not_learned_from():
    table = behavior_proxy(*made(1500, 0.5, seed=1)).set_index("tested_on")
    for test in ("other customers", "the last wave"):
        assert table.loc[test, "explained_low"] <= 0.25 <= table.loc[test, "explained_high"]
        assert table.loc[test, "verdict"] == "carries"
    assert (table["error"] < table["error_of_mean"]).all()
    signals = proxy_signals(*made(1500, 0.5, seed=1))
    assert signals["signal"].iloc[0] == "spend"
    assert signals["verdict"].eq("goes with more").sum() == 1


def test_a_little_is_called_a_little_and_nothing_nothing():
    little = behavior_proxy(*made(2500, 0.2, seed=2)).set_index("tested_on").loc["other customers"]
    assert little["verdict"] == "carries little"
    verdicts = [behavior_proxy(*made(150, 0.0, seed=seed))["verdict"].iloc[0] for seed in range(40)]
    assert verdicts.count("does not carry") >= 38


def test_the_twin_that_tests_on_what_it_learned_from_would_find_something_in_nothing():
    found = []
    for seed in range(10):
        sheets, before = made(60, 0.0, seed=seed)
        signals, answers = before[list(SIGNALS)].to_numpy(), sheets.scores["price"].to_numpy()
        off = answers - ridge(signals, answers)(signals)
        found.append(1 - (off**2).sum() / ((answers - answers.mean()) ** 2).sum())
        honest = behavior_proxy(sheets, before, fewest=60)
        assert honest["explained"].iloc[0] < found[-1]
    assert np.mean(found) > 0.01


def test_no_customer_is_on_both_sides():
    people = np.repeat([f"c{i}" for i in range(50)], 3)
    fold = folds_of(people)
    assert all(len(set(fold[people == one])) == 1 for one in set(people))
    assert set(fold) == set(range(FOLDS))
    # An answer of one customer is not moved by another answer of the same one.
    chance = np.random.default_rng(0)
    signals, answers = chance.normal(size=(150, 2)), chance.normal(size=150)
    everything = np.ones(150, dtype=bool)
    first, _ = guesses(signals, answers, fold, learn=everything, test=everything)
    changed = answers.copy()
    changed[1] += 100
    second, _ = guesses(signals, changed, fold, learn=everything, test=everything)
    assert first[0] == second[0]
    assert not np.allclose(first[3:], second[3:])


def test_ridge_without_noise_is_least_squares():
    chance = np.random.default_rng(4)
    signals = np.column_stack([chance.normal(size=(300, 3)), np.ones(300)])
    answers = 5 + signals @ np.array([1.0, -2.0, 0.5, 0.0])
    assert ridge(signals, answers)(signals) == pytest.approx(answers, abs=0.02)


def test_too_few_answers_and_answers_all_alike_say_nothing():
    assert behavior_proxy(*made(40, 0.5, seed=1)).empty
    sheets, before = made(200, 0.0, seed=1)
    sheets.scores["price"] = 60.0
    assert behavior_proxy(sheets, before).empty
    assert proxy_signals(sheets, before).empty
    assert behavior_proxy(sheets, before.head(0)).empty

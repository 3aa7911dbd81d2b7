from datetime import date

import pandas as pd
import pytest

from customer_patterns.behavior import FINDINGS, TABLES, Figures
from customer_patterns.estimates import NotEnoughData
from customer_patterns.wording import SENTENCES, Chosen, speaking
from customer_patterns.wording.rules import causal_words, faults

YEAR = (date(2017, 1, 1), date(2017, 12, 31))


def hours(*shares, high=1.0):
    return pd.DataFrame(
        {
            "hour": range(len(shares)),
            "share_of_orders": shares,
            "share_of_orders_low": 0.0,
            "share_of_orders_high": high,
            "customers": 100,
            "suppressed": "no",
        }
    )


def test_a_sentence_is_said_from_the_table():
    figures = Figures(*YEAR)
    figures.read(hours=hours(0.2, 0.5, 0.3))
    assert figures.say("behavior.hours_title") == "1 a.m. is the busiest hour, with 50\u202f% of orders"
    assert figures.marked("busiest_hour") == 1


def test_days_without_their_hours_make_no_busiest_hour():
    """Exports with a day and no time were once said to be busiest at midnight, with all their orders."""
    figures = Figures(*YEAR)
    figures.read(hours=hours(1.0, 0.0, 0.0))
    assert "busiest_hour" not in figures
    assert not figures.suffice("behavior.hours_title")


def test_of_equal_hours_the_first_is_named():
    figures = Figures(*YEAR)
    figures.read(hours=hours(0.4, 0.4, 0.2))
    assert figures.marked("busiest_hour") == 0


def test_without_an_interval_the_plain_title_stands():
    figures = Figures(*YEAR)
    figures.read(hours=hours(0.4, 0.6, high=float("nan")))
    assert not figures.suffice("behavior.hours_title")
    assert figures.say("behavior.hours_title") == "Orders by the hour of the day"
    with pytest.raises(NotEnoughData, match="busiest_hour_share"):
        figures.fill("behavior.hours_title")


def test_no_hour_is_named_the_busiest_while_a_blank_one_may_be_busier():
    table = hours(0.1, 0.5, 0.4)
    for blank, named in ((0, 1), (1, None), (2, 1)):
        figures = Figures(*YEAR)
        figures.read(hours=table.assign(suppressed=["too few" if i == blank else "no" for i in range(3)]))
        assert figures.marked("busiest_hour") == named


def test_of_a_few_days_no_weekly_rhythm_is_told():
    row = {f"share_of_{what}{end}": 0.5 for what in ("customers", "revenue") for end in ("", "_low", "_high")}
    groups = pd.DataFrame([row | {"customers": 40, "n": 20}] * 2)
    for last_day, told in ((27, False), (28, True)):
        figures = Figures(date(2017, 5, 1), date(2017, 5, last_day), weekly_gap=Chosen(7, "days"))
        figures.read(rhythm_groups=groups)
        assert figures.suffice("behavior.rhythm") is told


def test_what_is_absent_is_not_marked():
    assert Figures(*YEAR).marked("busiest_hour") is None
    assert Figures(*YEAR).number("basket_median") is None


def test_every_title_has_a_twin_that_can_always_be_said():
    with speaking(currency="USD", customers="households", customer="household"):
        nothing = Figures(*YEAR, weekly_gap=Chosen(7, "days"), min_group=Chosen(30, "customers"))
        for key in SENTENCES:
            if key.startswith("behavior.") and key.endswith("_title"):
                assert nothing.say(key)
                assert len(nothing.say(key)) <= 90


def test_sentences_hold_no_digits_and_claim_no_cause():
    for key, text in SENTENCES.items():
        if key.startswith("behavior."):
            assert not faults(key, text)
            assert not causal_words(text)


def test_findings_name_sentences_and_tables_that_exist():
    for key, _, source, _ in FINDINGS:
        assert key in SENTENCES
        assert source in TABLES
    assert set(Figures.readers) <= set(TABLES)

"""The figures of a chapter: what is there can be said, what is not falls back to a sentence without it."""

from __future__ import annotations

import copy
from datetime import date

import pandas as pd
import pytest

from customer_patterns.estimates import Count, NotEnoughData
from customer_patterns.wording import Figures, Name, say, speaking

YEAR = (date(2017, 1, 1), date(2017, 12, 31))


class Shares(Figures):
    """Reads one share per table."""


Shares.readers = {
    "hours": lambda figures, table: figures.estimate("busiest_hour_share", table.iloc[0], "share", "share")
}


def row(value: float | None) -> pd.DataFrame:
    return pd.DataFrame({"share": [value], "share_low": [value], "share_high": [value], "n": [200]})


def test_a_figure_that_was_read_fills_the_sentences_that_name_it():
    figures = Shares(*YEAR)
    figures.read(hours=row(0.25))
    figures["busiest_hour"] = Name.hour(17)
    assert figures.say("behavior.hours_title") == "5 p.m. is the busiest hour, with 25\u202f% of orders"


def test_a_figure_that_is_missing_leaves_the_twin_that_does_not_need_it():
    figures = Shares(*YEAR)
    figures.read(hours=row(None))
    assert figures.say("behavior.hours_title") == "Orders by the hour of the day"
    with pytest.raises(NotEnoughData, match="busiest_hour"):
        figures.fill("behavior.hours_title")


def test_a_figure_read_again_without_enough_data_does_not_linger():
    figures = Shares(*YEAR)
    figures.read(hours=row(0.25))
    figures.read(hours=row(None))
    assert "busiest_hour_share" not in figures


def test_a_table_that_no_sentence_speaks_of_is_refused():
    with pytest.raises(KeyError, match="weather"):
        Shares(*YEAR).read(weather=row(0.5))


def test_a_sentence_can_be_said_again_by_another_voice_even_after_it_was_copied():
    brought = say("behavior.tenths")
    with speaking(customer="guest", customers="guests"):
        assert copy.deepcopy(brought).again() == "Tenths of guests"


def test_a_source_names_its_table_so_that_a_chart_knows_whether_that_is_simulated():
    source = Figures(*YEAR).source("scores")
    assert source.names == ("scores",)
    with speaking(simulated_tables=frozenset({"scores"})) as voice:
        assert voice.calls_simulated(*source.names)
        assert not voice.calls_simulated("orders")


def test_what_was_counted_in_full_is_its_own_n():
    figures = Figures(*YEAR)
    figures.count("everyone", 87, "customers")
    assert figures["everyone"] == Count(87, "customers", n=87, of="customers")

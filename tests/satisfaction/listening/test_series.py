"""Texts and stars of the four weeks up to each day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from customer_patterns import warehouse
from customer_patterns.satisfaction.listening import mood_days, tone_days
from customer_patterns.satisfaction.listening.tables import TABLES

PERIOD = {"first_day": date(2017, 1, 1), "last_day": date(2017, 3, 1)}


def written(rows):
    backend = warehouse.connect()
    writer, day, rating = zip(*rows, strict=True) if rows else ((), (), ())
    table = pa.table(
        {
            "customer_id": pa.array(writer, pa.string()),
            "written_on": pa.array(day, pa.date32()),
            "rating": pa.array(rating, pa.int64()),
        }
    )
    backend.con.register("given_texts", table)
    return backend.table("given_texts")


def day(number):
    return date(2017, 1, 1) + timedelta(days=number)


def test_each_day_shows_the_four_weeks_up_to_it():
    rows = [(f"w{n}", day(5), 5 if n % 2 else 3) for n in range(12)] + [("w0", day(5), None), ("late", day(90), 1)]
    table = mood_days(written(rows), **PERIOD).set_index("day")
    assert (len(table), table.index[0].date(), table.index[-1].date()) == (33, day(27), date(2017, 3, 1))
    assert table.loc["2017-01-28", ["texts", "mean_stars", "n"]].tolist() == [13, 4, 12]
    assert table.loc["2017-02-02", "texts"] == 13
    assert table.loc["2017-02-03", "texts"] == 0  # the day has left the window
    assert table.reset_index().columns.tolist() == TABLES["mood_days"].names


def test_several_texts_of_one_writer_count_as_resembling_each_other():
    once = mood_days(written([(f"w{n}", day(9), 1 + n % 5) for n in range(40)]), **PERIOD).iloc[0]
    often = mood_days(written([(f"w{n}", day(9), 1 + n % 5) for n in range(40) for _ in range(9)]), **PERIOD).iloc[0]
    assert often["mean_stars_high"] - often["mean_stars_low"] == pytest.approx(
        once["mean_stars_high"] - once["mean_stars_low"]
    )
    assert often["texts"] == 360


def test_days_with_few_writers_are_blank_and_no_text_makes_no_row():
    table = mood_days(written([(f"w{n}", day(9), 4) for n in range(9)]), **PERIOD)
    assert table["mean_stars"].isna().all()
    assert table.loc[0, ["texts", "n"]].isna().all()
    assert mood_days(written([]), **PERIOD).empty


def test_intervals_hold_the_mean_that_was_planted():
    """300 writers of 1 to 3 texts, whose own mean is 3.5: nineteen of twenty intervals hold it."""
    held = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        own = rng.choice([2, 3, 4, 5], 300)
        rows = [
            (f"w{n}", day(int(rng.integers(0, 28))), int(own[n])) for n in range(300) for _ in range(rng.integers(1, 4))
        ]
        row = mood_days(written(rows), **PERIOD).iloc[0]
        held.append(row["mean_stars_low"] <= 3.5 <= row["mean_stars_high"])
    assert np.mean(held) >= 0.88


def told(rows):
    """Texts as they were read, and as they were written: ``(writer, day, polarity)``."""
    writer, days, polarity = zip(*rows, strict=True) if rows else ((), (), ())
    keys = [f"t{k:04d}" for k in range(len(rows))]
    read = pd.DataFrame({"feedback_id": keys, "writer": list(writer), "polarity": np.array(polarity, dtype=float)})
    backend = warehouse.connect()
    table = pa.table({"feedback_id": pa.array(keys, pa.string()), "written_on": pa.array(days, pa.date32())})
    backend.con.register("read_texts", table)
    return read, backend.table("read_texts")


def test_blame_and_praise_are_shares_of_the_texts_whose_tone_is_told():
    tones = [-1, -1, -1, 0, 1, 1, 1, 1, 1, 1, 1, 1]
    rows = [(f"w{n}", day(5), tone) for n, tone in enumerate(tones)] + [("w0", day(5), np.nan), ("w1", day(90), -1)]
    table = tone_days(*told(rows), **PERIOD).set_index("day")
    assert table.loc["2017-01-28", ["texts", "blame", "praise", "n"]].tolist() == [12, 0.25, pytest.approx(8 / 12), 12]
    assert table.loc["2017-02-03", "texts"] == 0  # the day has left the window
    assert table.reset_index().columns.tolist() == TABLES["tone_days"].names


def test_where_all_say_the_same_the_interval_is_that_of_so_many_writers():
    """Ten writers, twice each, of whom none blames: 28 % may (Wilson), not 16 % as of twenty."""
    rows = [(f"w{n}", day(9), 1) for n in range(10) for _ in range(2)]
    row = tone_days(*told(rows), **PERIOD).iloc[0]
    assert (row["blame"], row["blame_low"], row["blame_high"]) == (0, 0, pytest.approx(0.2775, abs=1e-4))


def test_several_texts_of_one_writer_are_no_more_certain():
    once = [(f"w{n}", day(9), -1 if n % 4 == 0 else 1) for n in range(40)]
    few, many = (tone_days(*told(rows), **PERIOD).iloc[0] for rows in (once, once * 9))
    assert many[["blame_low", "blame_high"]].tolist() == pytest.approx(few[["blame_low", "blame_high"]].tolist())
    assert many["texts"] == 360


def test_days_with_few_told_writers_are_blank_and_no_told_text_makes_no_row():
    table = tone_days(*told([(f"w{n}", day(9), 1) for n in range(9)]), **PERIOD)
    assert table[["blame", "praise", "texts", "n"]].isna().all(axis=1).iloc[0]
    assert tone_days(*told([("w1", day(9), np.nan)]), **PERIOD).empty

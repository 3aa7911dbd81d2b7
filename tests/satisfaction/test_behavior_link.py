"""Said against done: time order, the past held fixed, cells too small."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from customer_patterns.satisfaction import after_answers, said_and_done, stated_and_revealed
from tests.satisfaction.sample_survey import YEAR

WINDOW = {"window_days": 90, **YEAR}


def planted(n: int, rho: float, *, seed: int = 11, waves: int = 2) -> pd.DataFrame:
    """Later spend depends on earlier spend; of what that leaves, satisfaction shares the correlation ``rho``."""
    chance = np.random.default_rng(seed)
    rows = []
    for wave in range(waves):
        past = chance.normal(2, 0.6, n)
        rest = chance.normal(size=n)
        content = rho * rest + np.sqrt(1 - rho**2) * chance.normal(size=n) + 0.5 * (past - 2)
        rows.append(
            pd.DataFrame(
                {
                    "wave": f"2017-{wave + 1}",
                    "customer_id": [f"c{i:05d}" for i in range(n)],
                    "overall": 60 + 10 * content,
                    "mean_score": 60 + 10 * content,
                    "content": (content > 0).astype(float),
                    "orders_before": np.exp(0.3 * past + 0.2 * chance.normal(size=n)),
                    "days_since_order": np.exp(3 - past + 0.2 * chance.normal(size=n)),
                    "spend_before": np.expm1(past),
                    "spend_after": np.expm1(np.maximum(0.8 * past + 0.3 * rest + 0.4 * wave, 0.01)),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def residuals(y: np.ndarray, controls: np.ndarray) -> np.ndarray:
    design = np.column_stack([np.ones(len(y)), controls])
    return y - design @ np.linalg.lstsq(design, y, rcond=None)[0]


def test_the_partial_correlation_is_that_of_the_residuals():
    after = planted(300, 0.3)
    past = np.log1p(after[["spend_before", "orders_before", "days_since_order"]].to_numpy())
    controls = np.column_stack([past, after["wave"] == "2017-2"])
    both = [residuals(column, controls) for column in (after["overall"].to_numpy(), np.log1p(after["spend_after"]))]
    row = said_and_done(after).set_index("measure").loc["overall"]
    assert row["partial"] == pytest.approx(np.corrcoef(both)[0, 1])
    assert row["plain"] == pytest.approx(np.corrcoef(after["overall"], np.log1p(after["spend_after"]))[0, 1])


@pytest.mark.parametrize("rho", [0.15, -0.15])
def test_the_planted_link_is_found_with_its_sign_and_the_plain_one_is_another(rho):
    """The broken twin does not hold the past fixed, and finds what big spenders are like."""
    row = said_and_done(planted(2500, rho)).iloc[0]
    assert row["partial_low"] <= rho <= row["partial_high"]
    assert row["partial"] == pytest.approx(rho, abs=0.05)
    assert row["verdict"] == ("goes with more" if rho > 0 else "goes with less")
    assert not row["plain_low"] <= rho <= row["plain_high"]


def test_where_nothing_is_planted_nothing_is_found():
    verdicts = [said_and_done(planted(300, 0.0, seed=seed)).iloc[0]["verdict"] for seed in range(12)]
    assert verdicts.count("not told apart from none") >= 10


def test_only_days_that_have_been_seen_count(answered, lines_of):
    sheets = answered(
        [
            ("1", "anna", "2017-04-01", {"z_overall": 5, "p1": 5, "p2": 5}),
            ("4", "anna", "2017-10-15", {"z_overall": 1, "p1": 1, "p2": 1}),
        ]
    )
    lines = [
        ("anna", "2017-01-15", 90),
        ("anna", "2017-04-01", 500),  # on the day itself: nobody knows whether before or after
        ("anna", "2017-06-30", 45),  # the ninetieth day after
        ("anna", "2017-07-01", 500),
    ]
    after = after_answers(sheets, lines_of(lines), **WINDOW)
    assert after["wave"].tolist() == ["1"]
    row = after.iloc[0]
    assert (row["spend_before"], row["spend_after"]) == (pytest.approx(1.0), pytest.approx(0.5))
    assert (row["overall"], row["mean_score"], row["days_since_order"]) == (100, 100, 76)


def test_orders_after_the_study_change_nothing(answered, lines_of):
    sheets = answered([("1", "anna", "2017-04-01", {"z_overall": 5})])
    lines = [("anna", "2017-03-15", 90), ("anna", "2017-05-01", 45)]
    study = {"window_days": 90, "first_day": date(2017, 1, 1), "last_day": date(2017, 6, 30)}
    known = after_answers(sheets, lines_of(lines), **study)
    leaky = after_answers(sheets, lines_of([*lines, ("anna", "2017-07-01", 999)]), **study)
    assert len(known) == 1
    assert known.equals(leaky)
    a_day_less = after_answers(sheets, lines_of(lines), **{**study, "last_day": date(2017, 6, 29)})
    assert len(a_day_less) == 0


def cells(*counts: int) -> pd.DataFrame:
    """Customers by (content, stayed), (content, quiet), (not, stayed), (not, quiet)."""
    said = np.repeat([1.0, 1.0, 0.0, 0.0], counts)
    spend = np.repeat([10.0, 1.0, 10.0, 1.0], counts)
    names = [f"c{i:04d}" for i in range(sum(counts))]
    return pd.DataFrame(
        {"wave": "w", "customer_id": names, "content": said, "spend_before": 10.0, "spend_after": spend}
    )


def test_what_was_said_and_done_is_counted_per_customer():
    table = stated_and_revealed(cells(60, 20, 15, 25)).set_index(["said", "done"])
    assert table["n"].tolist() == [60, 20, 15, 25]
    assert table.loc[("not content", "gone quiet"), "share"] == pytest.approx(25 / 40)


def test_what_they_brought_before_is_what_is_at_stake():
    """Ten a day are 304.375 a month; the cell of the content who stayed has sixty customers."""
    table = stated_and_revealed(cells(60, 20, 15, 25)).set_index(["said", "done"])
    row = table.loc[("content", "stayed")]
    assert (row["spend_each"], row["at_stake"]) == (pytest.approx(304.38), pytest.approx(60 * 304.375))
    varied = cells(60, 20, 15, 25)
    varied["spend_before"] = np.linspace(5, 15, len(varied))
    varied["spend_after"] = varied["spend_before"] * np.where(varied["spend_after"] < 5, 0.1, 1)
    row = stated_and_revealed(varied).set_index(["said", "done"]).loc[("not content", "gone quiet")]
    assert row["spend_each_low"] < row["spend_each"] < row["spend_each_high"]


def test_few_unhappy_leavers_are_blank_and_cannot_be_worked_out():
    table = stated_and_revealed(cells(60, 20, 15, 4)).set_index(["said", "done"])
    assert table.loc[("not content", "gone quiet"), "suppressed"] == "too few"
    hidden = table[table["suppressed"] != "no"]
    assert len(hidden) >= 2
    assert hidden[["n", "share", "customers", "spend_each", "at_stake"]].isna().all(axis=None)


def test_of_several_answers_the_last_counts():
    first, last = cells(30, 0, 0, 0), cells(0, 30, 0, 0).assign(wave="z")
    table = stated_and_revealed(pd.concat([first, last])).set_index(["said", "done"])
    assert table.loc[("content", "gone quiet"), "n"] == 30


def test_without_enough_answers_there_are_no_rows():
    assert len(said_and_done(planted(30, 0.5))) == 0
    assert len(stated_and_revealed(planted(30, 0.5).head(0))) == 0
    same = planted(200, 0.5).assign(overall=75.0, mean_score=75.0)
    assert len(said_and_done(same)) == 0

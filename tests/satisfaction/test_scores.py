"""Net Promoter Score, share of the content, mean scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.estimates import bootstrap_ratio
from customer_patterns.satisfaction import csat_by_wave, dimension_scores, net_promoter_score, nps_by_wave
from tests.satisfaction.sample_survey import sheets_of


def test_the_score_and_its_interval_by_hand():
    """20 promoters and 10 detractors of 50: 20 points.

    With three answers added, 20.75 and 10.75 of 53: 0.3915 and 0.2028, difference 0.1887, variance
    (0.5943 - 0.0356) / 53 = 0.010542, so 0.1887 ± 1.96 × 0.10268.
    """
    value, low, high = net_promoter_score(20, 10, 50)
    assert float(value) == pytest.approx(20)
    assert float(low) == pytest.approx(-1.26, abs=0.02)
    assert float(high) == pytest.approx(38.99, abs=0.02)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_the_interval_holds_the_score_and_stays_within_what_is_possible(up, passive, down):
    if up + passive + down:
        value, low, high = net_promoter_score(up, down, up + passive + down)
        assert -100 <= low <= value <= high <= 100


def test_the_interval_covers_the_truth_where_the_plain_one_does_not():
    """Few answers, nearly all promoters: 2,000 samples of 30. The broken twin is Wald's interval without additions."""
    chance, n, truth = np.random.default_rng(5), 30, 100 * (0.93 - 0.02)
    counts = chance.multinomial(n, [0.93, 0.05, 0.02], size=2000)
    up, down = counts[:, 0], counts[:, 2]
    _, low, high = net_promoter_score(up, down, np.full(2000, n))
    assert ((low <= truth) & (truth <= high)).mean() >= 0.93
    plain, spread = (up - down) / n, np.sqrt(((up + down) / n - ((up - down) / n) ** 2) / n)
    wald = (np.abs(plain - truth / 100) <= 1.96 * spread).mean()
    assert wald < 0.90


def test_over_waves_the_interval_resamples_customers():
    """Customers who always answer the same tell no more in four waves than in one: the broken twin counts answers."""
    chance = np.random.default_rng(3)
    once = chance.integers(0, 11, 100).astype(float)
    again = sheets_of(
        {},
        recommendation=np.tile(once, 4),
        customers=np.tile(np.arange(100), 4),
        waves=np.repeat(["1", "2", "3", "4"], 100),
    )
    table = nps_by_wave(again).set_index("wave")
    width = table["nps_high"] - table["nps_low"]
    assert table.loc["all waves", "n"] == 400
    assert width["all waves"] == pytest.approx(width["1"], rel=0.1)
    up, down = (again.rows["recommendation"] >= 9).sum(), (again.rows["recommendation"] <= 6).sum()
    _, low, high = net_promoter_score(up, down, 400)
    assert (high - low) < 0.6 * width["all waves"]


def test_csat_is_a_share_of_answers_with_its_customers():
    overall = np.repeat([100.0, 75, 50, 25], 25)
    table = csat_by_wave(sheets_of({}, overall=overall))
    assert table["csat"].tolist() == [0.5, 0.5]
    assert table["n"].tolist() == [100, 100]
    assert table.loc[0, "csat_low"] == pytest.approx(0.4038, abs=1e-4)  # Wilson, 50 of 100


def test_a_wave_of_few_customers_is_blank_and_cannot_be_worked_out():
    waves = np.repeat(["1", "2", "3"], [5, 20, 40])
    table = nps_by_wave(sheets_of({}, recommendation=np.tile([3.0, 7, 10, 9, 8], 13), waves=waves)).set_index("wave")
    assert table["suppressed"].to_dict() == {
        "1": "too few",
        "2": "to protect another",
        "3": "no",
        "all waves": "no",
    }
    assert table.loc[["1", "2"], ["n", "promoters", "nps"]].isna().all(axis=None)


def test_one_customer_gives_no_figure():
    table = nps_by_wave(sheets_of({}, recommendation=np.array([9.0])))
    assert table[["n", "nps"]].isna().all(axis=None)
    scores = dimension_scores(sheets_of({"price": np.array([50.0])}, overall=np.array([75.0])))
    assert scores["score"].isna().all()


def test_where_all_answers_are_equal_no_interval_is_pretended():
    sheets = sheets_of({"price": np.full(50, 75.0)}, overall=np.full(50, 75.0), recommendation=np.full(50, 8.0))
    assert dimension_scores(sheets)[["score", "score_low", "score_high"]].isna().all(axis=None)
    nps = nps_by_wave(sheets)
    assert (nps["nps"] == 0).all()  # the adjusted interval knows that three more answers could have differed
    assert (nps["nps_low"] < 0).all()


def test_a_mean_score_is_the_mean_of_its_answers():
    score = np.random.default_rng(1).normal(60, 10, 80)
    table = dimension_scores(sheets_of({"price": score}, overall=score)).set_index(["dimension", "wave"])
    row = table.loc[("price", "all waves")]
    value, low, high = bootstrap_ratio(score, np.ones(80))
    assert (row["score"], row["score_low"], row["score_high"]) == pytest.approx((value, low, high))


def test_nothing_answered_gives_tables_without_rows():
    sheets = sheets_of({}, recommendation=np.full(3, np.nan))
    for table in (nps_by_wave(sheets), csat_by_wave(sheets), dimension_scores(sheets)):
        assert len(table) == 0

"""Sources beside each other: order, level, one picture; customers of one source say nothing of two."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from customer_patterns.satisfaction.together import (
    customer_picture,
    named_pairs,
    segment_portraits,
    source_agreement,
    source_levels,
    spearman,
    topics_of_dimensions,
)
from customer_patterns.satisfaction.together.spreads import spreads
from customer_patterns.satisfaction.together.tables import CONTACTS, REVIEWS, SURVEY


def said(scores: dict[str, np.ndarray], customers: np.ndarray | None = None) -> pd.DataFrame:
    """One record per customer and source."""
    parts = []
    for source, values in scores.items():
        names = [f"c{one:05d}" for one in (range(len(values)) if customers is None else customers)]
        parts.append(
            pd.DataFrame(
                {"customer_id": names, "source": source, "records": 1, "mean": values, "squares": 0.0, "bad": 0}
            )
        )
    return pd.concat(parts, ignore_index=True)


def records(seed: int, *, n: int = 600, common: float = 100.0, own: float = 50.0, noise: float = 400.0):
    """What customers are like, and three sources of some of them: two records of each, with noise of their own."""
    chance = np.random.default_rng(seed)
    like = chance.normal(0, np.sqrt(common), n)
    parts = []
    for place, (source, share) in enumerate({SURVEY: 0.8, CONTACTS: 0.5, REVIEWS: 0.5}.items()):
        special = chance.normal(0, np.sqrt(own), n)
        two = like[:, None] + special[:, None] + chance.normal(0, np.sqrt(noise), (n, 2)) + 60 + 5 * place
        there = chance.random(n) < share
        part = pd.DataFrame({"customer_id": [f"c{i:05d}" for i in range(n)], "source": source, "records": 2})
        part = part.assign(mean=two.mean(axis=1), squares=((two - two.mean(axis=1, keepdims=True)) ** 2).sum(axis=1))
        parts.append(part.assign(bad=0)[there])
    return like, pd.concat(parts, ignore_index=True)


def test_the_rank_correlation_is_that_of_scipy_and_bias_is_the_mean_difference():
    chance = np.random.default_rng(3)
    first = chance.integers(0, 5, 80) * 25.0
    second = np.clip(first + 25 * chance.integers(-1, 3, 80), 0, 100)
    row = source_agreement(said({SURVEY: first, REVIEWS: second})).iloc[0]
    assert row["rank_correlation"] == pytest.approx(spearmanr(first, second).statistic)
    difference = first - second
    assert row["bias"] == pytest.approx(difference.mean())
    assert row["apart_to"] - row["apart_from"] == pytest.approx(2 * 1.959964 * difference.std(ddof=1), rel=1e-6)
    assert (row["order"], row["level"]) == ("same customers content", "lower")


def test_only_customers_who_have_both_count():
    both = said({SURVEY: np.linspace(0, 100, 50), REVIEWS: np.linspace(0, 100, 50)})
    alone = said({SURVEY: np.full(500, 1.0)}, customers=np.arange(1000, 1500))
    with_others = source_agreement(pd.concat([both, alone]))
    pd.testing.assert_frame_equal(with_others, source_agreement(both))
    assert with_others["n"].item() == 50


def test_few_customers_with_both_are_blank_and_no_pair_is_drawn():
    table = source_agreement(said({SURVEY: np.linspace(0, 100, 9), REVIEWS: np.linspace(0, 100, 9)}))
    assert table["suppressed"].tolist() == ["too few"]
    assert table[["n", "rank_correlation", "bias", "order"]].isna().all(axis=None)
    assert named_pairs(table).empty
    assert source_agreement(said({SURVEY: np.linspace(0, 100, 40)})).empty


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 10)), min_size=12, max_size=60))
def test_an_interval_holds_its_correlation_whichever_source_comes_first(pairs):
    first, second = np.array(pairs, dtype=float).T
    one, other = spearman(first, second)[0], spearman(second, first)[0]
    assert np.isnan(one.value) == np.isnan(other.value)
    if np.isfinite(one.value):
        assert one.value == pytest.approx(other.value)
        assert -1 <= one.low <= one.value <= one.high <= 1


def test_unlike_sources_are_hardly_ever_called_alike():
    """The broken twin reads a common level, not a common order, as agreement."""
    chance, alike, level = np.random.default_rng(5), 0, 0
    for _ in range(60):
        first, second = chance.normal(60, 15, (2, 120))
        row = source_agreement(said({SURVEY: first, REVIEWS: second})).iloc[0]
        alike += row["order"] != "not told apart from none"
        level += row["level"] == "not told apart"
    assert alike <= 5
    assert level >= 50  # what the twin would call agreement


def test_variances_are_those_that_were_planted():
    _, voices = records(7, n=4000)
    parts = spreads(voices[voices["source"] == SURVEY])
    assert parts.between == pytest.approx(150, rel=0.12)
    assert parts.within == pytest.approx(400, rel=0.05)
    levels = source_levels(voices).set_index("source")
    assert levels.loc[SURVEY, "own_share"] == pytest.approx(150 / 550, abs=0.03)


def test_the_picture_is_nearer_to_what_customers_are_like_than_a_plain_mean():
    like, voices = records(11, n=3000)
    picture = customer_picture(voices, source_agreement(voices)).set_index("customer_id")
    truth = pd.Series(like, [f"c{i:05d}" for i in range(len(like))]).reindex(picture.index)
    center = voices.loc[voices["source"] == SURVEY, "mean"].mean()
    plain = voices.groupby("customer_id")["mean"].mean().reindex(picture.index) - center
    off = (picture["together"] - center - truth).std()
    assert off < 0.8 * (plain - truth).std()
    inside = (picture["together_low"] - center <= truth) & (truth <= picture["together_high"] - center)
    assert 0.92 <= inside.mean() <= 0.98


def test_where_no_sources_agree_there_is_no_common_picture():
    _, voices = records(13, common=0.0)
    picture = customer_picture(voices, source_agreement(voices))
    assert len(picture) == voices["customer_id"].nunique()
    assert picture["together"].isna().all()
    assert (picture["spread"] >= 0).all()


def test_the_order_of_rows_changes_nothing():
    _, voices = records(17)
    agreement = source_agreement(voices)
    shuffled = voices.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(agreement, source_agreement(shuffled))
    pd.testing.assert_frame_equal(customer_picture(voices, agreement), customer_picture(shuffled, agreement))


def test_topics_belong_to_a_dimension_by_a_shared_word_or_as_given():
    topics = ["price and receipt", "staff", "配送速度"]
    assert topics_of_dimensions(["price", "service"], topics) == {"price": ["price and receipt"]}
    given_one = {"service": ["staff"], "price": []}
    assert topics_of_dimensions(["price", "service"], topics, given_one) == {"service": ["staff"]}


def test_small_segments_are_blank_on_the_portraits():
    voices = said({SURVEY: np.linspace(20, 90, 100)})
    names = [f"c{i:05d}" for i in range(100)]
    segments = pd.DataFrame(
        {"customer_id": names, "value_level": ["high"] * 60 + ["potential"] * 35 + ["ordinary"] * 5}
    )
    scores = pd.DataFrame(
        {
            "grouping": "value_level",
            "segment": ["high", "potential", "ordinary"],
            "score_name": "price",
            "difference": [-4.0, 3.0, 2.0],
            "verdict": ["stands out", "not told apart", "stands out"],
        }
    )
    table = segment_portraits(voices, scores, segments, grouping="value_level").set_index("segment")
    assert list(table.index) == ["high", "potential", "ordinary"]
    assert table.loc["ordinary", "suppressed"] == "too few"
    assert (table["suppressed"] != "no").sum() >= 2  # one alone could be worked out
    assert table.loc["ordinary", "stronger_in"] == ""
    assert table.loc["high", "weaker_in"] == "price"
    assert table.loc["high", "survey"] == pytest.approx(np.linspace(20, 90, 100)[:60].mean())

"""Scores by several ways of weighting, and how far the silent may lie away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from customer_patterns.satisfaction.weighting import known_margins, tipping_points, weighted_scores
from tests.satisfaction.test_nonresponse import planted


def table_of(n: int = 4000, **options) -> tuple[pd.DataFrame, float]:
    invited, sheets, truth = planted(n, **options)
    return weighted_scores(invited, sheets, known_margins(invited)).set_index(["score", "method"]), truth


def test_both_ways_recover_what_behavior_explains_and_the_raw_score_does_not():
    """The broken twin is the score as answered: its interval misses the truth."""
    table, truth = table_of()
    for method in ("by the chance of an answer", "raked to what is known of all"):
        row = table.loc[("overall", method)]
        assert row["value_low"] <= truth <= row["value_high"]
        assert row["shift_high"] < 0
        assert row["effective_n"] < row["n"]
        assert row["verdict"] == "as wanted"
    raw = table.loc[("overall", "as answered")]
    assert not raw["value_low"] <= truth <= raw["value_high"]
    assert raw["effective_n"] == pytest.approx(raw["n"])
    assert raw["verdict"] == "not weighted"


def test_over_many_samples_intervals_hold_the_truth():
    hits = {"as answered": 0, "by the chance of an answer": 0, "raked to what is known of all": 0}
    for seed in range(40):
        table, _ = table_of(600, seed=seed)
        for method in hits:
            row = table.loc[("overall", method)]
            hits[method] += row["value_low"] <= 60 <= row["value_high"]
    assert hits["by the chance of an answer"] >= 34
    assert hits["raked to what is known of all"] >= 32  # fifths leave a little of a steep slope
    assert hits["as answered"] <= 8


def test_what_is_known_of_customers_is_reached_where_answers_suffice():
    invited, sheets, _ = planted(1000)
    age = np.where(invited.index % 3 == 0, "old", np.where(invited.index == 1, "rare", "young"))
    customers = pd.DataFrame({"customer_id": invited["customer_id"], "age_group": age})
    margins = known_margins(invited, customers, known_of_all=("age_group", "not a column"))
    assert set(margins) == {"orders before", "revenue before", "days since the last order", "age_group"}
    assert set(margins["age_group"]) == {0, 1}  # the rare one is joined with another
    weighted_scores(invited, sheets, margins)
    nobody = known_margins(invited.assign(answered=False))
    assert nobody == {}


def test_the_score_tips_where_it_was_reckoned_to():
    invited, sheets, _ = planted(2000)
    margins = known_margins(invited)
    table = tipping_points(invited, sheets, margins, scenarios=(0, 10)).set_index("score")
    row = table.loc["overall"]
    assert row["tips_at"] == pytest.approx((row["value"] - 50) / row["silent"])
    assert row["tips_at_low"] < row["tips_at"] < row["tips_at_high"]
    # Silent customers who are as much lower put the truth on the mark.
    behind, lower, truth = planted(2000, behind=float(row["tips_at"]))
    assert truth == pytest.approx(50, abs=1.5)
    assert tipping_points(behind, lower, margins, scenarios=(0, 10)).set_index("score").loc["overall", "verdict"] in (
        "could tip within what was tried",
        "tips only beyond what was tried",
    )


@pytest.mark.parametrize(
    ("mark", "scenarios", "verdict"),
    [
        (95.0, (0, 10), "is below already"),
        (-100.0, (0, 10), "holds whatever the silent think"),
        (50.0, (0, 60), "could tip within what was tried"),
        (50.0, (0, 1), "tips only beyond what was tried"),
    ],
)
def test_verdicts(mark, scenarios, verdict):
    invited, sheets, _ = planted(2000)
    marks = dict.fromkeys(("NPS", "content", "overall"), mark)
    table = tipping_points(invited, sheets, known_margins(invited), scenarios=scenarios, marks=marks)
    assert table.set_index("score").loc["overall", "verdict"] == verdict


def test_a_score_that_is_not_surely_above_its_mark_does_not_tip():
    invited, sheets, _ = planted(2000)
    value = weighted_scores(invited, sheets, known_margins(invited)).query("score == 'overall'")["value"].iloc[-1]
    marks = dict.fromkeys(("NPS", "content", "overall"), float(value) - 0.01)
    table = tipping_points(invited, sheets, known_margins(invited), scenarios=(0,), marks=marks).set_index("score")
    assert table.loc["overall", "verdict"] == "not surely above"


@pytest.mark.parametrize("case", ["nobody asked", "nobody answered", "all alike", "still open"])
def test_where_nothing_can_be_said_there_are_no_rows(case):
    invited, sheets, _ = planted(300)
    if case == "nobody asked":
        invited = invited.iloc[:0]
    elif case == "nobody answered":
        invited = invited.assign(answered=False)
    elif case == "still open":
        invited = invited.assign(settled=False)
    else:
        sheets.rows[["overall", "content", "recommendation"]] = 50.0, 1.0, 9.0
    margins = known_margins(invited)
    assert weighted_scores(invited, sheets, margins).empty
    assert tipping_points(invited, sheets, margins, scenarios=(0, 5)).empty


def test_neither_the_order_of_invitations_nor_names_change_anything():
    invited, sheets, _ = planted(400)
    turned = invited.iloc[np.random.default_rng(1).permutation(400)].reset_index(drop=True)
    first, second = (weighted_scores(one, sheets, known_margins(one)) for one in (invited, turned))
    pd.testing.assert_frame_equal(first, second, atol=1e-8)

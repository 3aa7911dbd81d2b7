"""From answers to sheets: direction, scale, gaps, time."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from customer_patterns.satisfaction import customer_scores
from tests.satisfaction.sample_survey import SURVEY, item

ALL = {"p1": 4, "p2": 5, "p3": 2, "z_overall": 4, "z_recommend": 9}


def test_a_reversed_item_is_turned_before_it_is_averaged(answered):
    sheets = answered([("w", "anna", "2017-03-01", ALL)])
    # 4 and 5 of 5 are 75 and 100 points; a 2 on the reversed item is as good as a 4: 75.
    assert sheets.scores["price"].tolist() == [pytest.approx(250 / 3)]
    assert sheets.points.tolist() == [[75, 100, 75]]


def test_read_in_the_wrong_direction_the_score_would_differ(answered):
    """The broken twin: a survey whose reversed item is declared positive."""
    wrong = [one | {"direction": "positive"} for one in SURVEY]
    assert answered([("w", "anna", "2017-03-01", ALL)], wrong).scores["price"].tolist() == [pytest.approx(200 / 3)]


def test_a_dimension_needs_half_of_its_items(answered):
    one, two = {"p1": 5, "z_overall": 3}, {"p1": 5, "p3": 1, "z_overall": 3}
    sheets = answered([("w", "anna", "2017-03-01", one), ("w", "bob", "2017-03-01", two)])
    assert np.isnan(sheets.scores["price"][0])
    assert sheets.scores["price"][1] == 100
    generous = answered([("w", "anna", "2017-03-01", one)], answered_share=0.3)
    assert generous.scores["price"].tolist() == [100]


def test_answers_off_the_scale_are_none(answered):
    sheets = answered([("w", "anna", "2017-03-01", {"p1": 9, "p2": 5, "p3": 1, "z_overall": 6, "z_recommend": 99})])
    assert np.isnan(sheets.points[0, 0])
    assert sheets.rows[["overall", "content", "recommendation"]].isna().all(axis=None)


def test_the_two_best_answers_are_content(answered):
    days = [("w", f"c{n}", "2017-03-01", {"z_overall": n}) for n in range(1, 6)]
    assert answered(days).rows["content"].tolist() == [0, 0, 0, 1, 1]


def test_recommendation_on_another_scale_is_no_net_promoter_question(answered):
    five = [item("r", "recommendation", low=1, high=5), item("o", "overall")]
    assert answered([("w", "anna", "2017-03-01", {"r": 5, "o": 5})], five).rows["recommendation"].isna().all()


def test_the_same_answer_to_all_items_is_straight_lining(answered):
    sheets = answered(
        [
            ("w", "anna", "2017-03-01", {"p1": 4, "p2": 4, "p3": 4}),
            ("w", "bob", "2017-03-01", {"p1": 4, "p2": 4, "p3": 2}),
            ("w", "cleo", "2017-03-01", {"p1": 4}),
        ]
    )
    assert sheets.rows["straight_lined"].tolist() == [True, False, False]


def test_an_answer_after_the_study_changes_nothing(answered):
    before = [("w1", "anna", "2017-03-01", ALL)]
    # 1 a.m. UTC on 1 April is still 31 March in New York; an hour after midnight there it is April.
    late = [("w1", "bob", "2017-04-01 05:00", ALL)]
    just = [("w1", "cleo", "2017-04-01 01:00", ALL)]
    day = date(2017, 3, 31)
    assert answered(before + late, last_day=day).rows.equals(answered(before, last_day=day).rows)
    assert answered(before + just, last_day=day).rows["customer_id"].tolist() == ["anna", "cleo"]


def test_a_dimension_may_be_called_like_something_else(answered):
    odd = [item("a", about="overall"), item("b", about="response_speed"), item("o", "overall")]
    sheets = answered([("w", "anna", "2017-03-01", {"a": 1, "b": 3, "o": 5})], odd)
    assert sheets.dimensions == ["overall (dimension)", "response speed"]
    assert set(customer_scores(sheets)["measure"]) == {"overall", "overall (dimension)", "response speed"}


def test_without_survey_there_are_no_sheets(answered):
    for items in (SURVEY, []):
        sheets = answered([], items)
        assert len(sheets.rows) == 0
        assert len(customer_scores(sheets)) == 0
        assert sheets.waves == []


def test_of_yes_and_no_nobody_is_said_to_have_given_one_of_the_two_best(answered):
    rows = [("w", f"c{i:03d}", "2017-05-01", {"o": i % 2}) for i in range(30)]
    sheets = answered(rows, items=[item("o", "overall", low=0, high=1)])
    assert sheets.rows["content"].isna().all()
    assert sheets.rows["overall"].mean() == 50
    four = answered(rows, items=[item("o", "overall", low=0, high=3)])
    assert (four.rows["content"] == 0).all()

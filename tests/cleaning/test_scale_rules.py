"""Survey scales that do not fit what was declared, and answer sheets that one may doubt."""

from __future__ import annotations

import random
import sys
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.cleaning import doubtful_sheets, scale_rules, scales_in_doubt
from customer_patterns.cleaning.doubtful_sheets import ALL, NEITHER, NOT_FAST, NOT_FLAT, WEIGHTED
from tests.cleaning.deliveries import NOON, arrow, clean, found, rows


def question(item, *, role="dimension", low=1, high=5, way="positive"):
    about = {"dimension": "price"} if role == "dimension" else {}
    return {"item_id": item, "role": role, "scale_low": low, "scale_high": high, "direction": way, **about}


def answers(item, given, wave="w1"):
    return [
        {"wave": wave, "customer_id": f"c{n:03}", "item_id": item, "answered_at": NOON, "answer": answer}
        for n, answer in enumerate(given)
    ]


def doubts(items, responses):
    backend = warehouse.connect()
    for name, records in {"survey_items": items, "survey_responses": responses}.items():
        backend.con.register(name, arrow(name, records))
    return scales_in_doubt(backend.table("survey_responses"), backend.table("survey_items"))


#: A question on 1 to 5 that was answered from 0 to 10, and one that was answered as declared, a 99 among the answers.
OTHER, FITS = question("a"), question("b")
ZERO_TO_TEN, ONE_TO_FIVE = [0, 10, 8, 9, 7, 3, 4, 5, 2, 6] * 2, [1, 5, 4, 4, 3, 2, 5, 5, 4, 3] * 2 + [99]


def test_a_question_answered_on_another_scale_is_refused_and_all_its_answers_are_emptied():
    cleaned = clean(survey_items=[OTHER, FITS], survey_responses=answers("a", ZERO_TO_TEN) + answers("b", ONE_TO_FIVE))
    assert found(cleaned, "question answered on another scale") == 20
    kept = rows(cleaned, "survey_responses")
    assert kept.loc[kept["item_id"] == "a", "answer"].isna().all()
    assert kept.loc[kept["item_id"] == "b", "answer"].notna().sum() == 20
    assert found(cleaned, "answers outside the item's scale") == 1  # the 99


def test_the_twin_that_only_empties_what_is_outside_keeps_wrong_answers(monkeypatch):
    monkeypatch.setattr(scale_rules, "OTHER_SCALE", 1.1)
    kept = rows(clean(survey_items=[OTHER], survey_responses=answers("a", ZERO_TO_TEN)), "survey_responses")
    assert kept["answer"].notna().sum() == 8  # 3, 4, 5 and 2 of ten, twice: each of them means something else


def test_recommendations_given_on_a_shorter_scale_are_said():
    asked = question("nps", role="recommendation", low=0, high=10)
    listed = doubts([asked], answers("nps", [1, 2, 3, 4, 5] * 12))
    assert listed[["item_id", "doubt", "highest"]].to_numpy().tolist() == [["nps", scale_rules.LOWER_HALF, 5]]
    assert len(doubts([asked, asked], answers("nps", [1, 2, 3, 4, 5] * 12))) == 1  # described twice
    assert doubts([asked], answers("nps", [1, 2, 3, 4, 5] * 9)).empty  # 45 answers are few
    assert doubts([asked], answers("nps", [1, 2, 3, 4, 10] * 12)).empty


def test_a_question_that_goes_against_the_others_is_counted_and_kept():
    chance = random.Random(7)
    mood = [chance.randint(1, 5) for _ in range(80)]
    asked = [question("a"), question("b"), question("c")]
    given = [*answers("a", mood), *answers("b", mood), *answers("c", [6 - m for m in mood])]
    assert list(doubts(asked, given).query("item_id == 'c'")["doubt"]) == [scale_rules.AGAINST]
    cleaned = clean(survey_items=asked, survey_responses=given)
    assert found(cleaned, "go against the others") >= 80
    assert rows(cleaned, "survey_responses")["answer"].notna().all()
    declared = [question("a"), question("b"), question("c", way="reversed")]
    assert doubts(declared, given).empty


def sheets(*seconds):
    return [
        {"wave": "w1", "customer_id": f"c{n:03}", "submitted_at": NOON + timedelta(minutes=n), "duration_seconds": s}
        for n, s in enumerate(seconds)
    ]


def test_the_mean_answer_stands_with_and_without_fast_and_uniform_sheets():
    """40 sheets: 30 say 4 (75 points), five were filled in at once and say 1, five say 5 to all, reversed ones too."""
    items = [question("overall", role="overall"), *(question(f"d{n}") for n in range(4)), question("r", way="reversed")]
    given = [4] * 30 + [1] * 5 + [5] * 5
    responses = answers("overall", given)
    for n in range(4):
        responses += answers(f"d{n}", given)
    responses += answers("r", [2] * 30 + [5] * 5 + [5] * 5)
    cleaned = clean(
        survey_items=items, survey_responses=responses, survey_sheets=sheets(*[300] * 30, *[20] * 5, *[300] * 4, None)
    )
    tables = cleaned.tables
    asked = tables["survey_responses"], tables["survey_items"], tables["survey_sheets"]
    overall = doubtful_sheets(*asked).query("asked == 'overall satisfaction'").set_index("population")
    assert overall["n"].to_dict() == {ALL: 40, NOT_FAST: 35, NOT_FLAT: 35, NEITHER: 30}
    assert overall["points"].to_dict() == pytest.approx(
        {ALL: (30 * 75 + 5 * 100) / 40, NOT_FAST: (30 * 75 + 5 * 100) / 35, NOT_FLAT: 30 * 75 / 35, NEITHER: 75}
    )
    assert overall.at[ALL, "points_low"] < overall.at[ALL, "points"] < overall.at[ALL, "points_high"]


def test_the_order_of_answers_decides_nothing_about_intervals():
    """Two sheets of half the points and one of all add up alike, but for the last digit, by order of adding."""
    chance = random.Random(3)
    items = [question(f"d{n}", high=7) for n in range(5)]
    waves = {"w1": [[chance.randint(1, 7) for _ in range(5)] for _ in range(80)]}
    waves["w2"] = [[chance.randint(1, 4) for _ in range(5)] for _ in range(40)]
    responses = [
        row for wave, given in waves.items() for n in range(5) for row in answers(f"d{n}", [g[n] for g in given], wave)
    ]
    cleaned = clean(survey_items=items, survey_responses=responses, survey_sheets=sheets(*[300] * 70, *[20] * 10))
    told, asked, filled = (cleaned.tables[name] for name in ("survey_responses", "survey_items", "survey_sheets"))
    orders = (told.order_by(*by) for by in (("item_id", "customer_id"), (told.item_id.desc(), "answer"), ("answer",)))
    backend = warehouse.connect()
    shuffled = [
        backend.create_table(name, in_order.to_pyarrow(), temp=True)
        for name, in_order in zip("abc", orders, strict=True)
    ]
    asked, filled = (
        backend.create_table(name, t.to_pyarrow(), temp=True) for name, t in (("asked", asked), ("filled", filled))
    )
    first, *others = (doubtful_sheets(some, asked, filled) for some in shuffled)
    for other in others:
        pd.testing.assert_frame_equal(first, other, check_exact=True)


def test_a_sheet_without_a_time_is_no_fast_one_and_without_doubts_there_is_nothing_to_set_beside():
    items, responses = [question("overall", role="overall")], answers("overall", [3, 4, 5] * 12)
    cleaned = clean(survey_items=items, survey_responses=responses, survey_sheets=sheets(*[None] * 18, *[200] * 18))
    tables = cleaned.tables
    asked = tables["survey_responses"], tables["survey_items"], tables["survey_sheets"]
    assert doubtful_sheets(*asked).empty
    assert found(cleaned, "third of the usual time") == 0


def test_sheets_that_two_customers_hand_in_at_one_moment_with_the_same_answers_are_counted():
    items = [question(f"d{n}") for n in range(5)]
    same = [answer for n in range(5) for answer in answers(f"d{n}", [n + 1, n + 1, n + 1, 5 - n, 3, 3])]
    later = NOON + timedelta(minutes=1)
    given = [{**a, "answered_at": later} if a["customer_id"] == "c002" else a for a in same]
    cleaned = clean(survey_items=items, survey_responses=given)
    assert found(cleaned, "like those of another customer") == 10  # the third came later; the last two say 3 throughout
    assert len(rows(cleaned, "survey_responses")) == 30


def test_where_nobody_knows_when_sheets_were_filled_in_no_copy_can_be_told():
    """Thirty sheets of one stand-in moment: some are alike by chance, as answers on five steps must be."""
    chance = random.Random(11)
    moods = [[chance.randint(1, 2) for _ in range(5)] for _ in range(30)]
    assert len({tuple(mood) for mood in moods}) < 30  # two of them are alike
    items = [question(f"d{n}") for n in range(5)]
    given = [answer for n in range(5) for answer in answers(f"d{n}", [mood[n] for mood in moods])]
    assert found(clean(survey_items=items, survey_responses=given), "like those of another customer") == 0


def test_weights_below_zero_are_emptied_missing_ones_left_out_and_large_ones_capped():
    """40 say 5 (100 points) with weight 1, one says 1 (0 points) with weight 1000: it counts for five, not for all."""
    items, responses = [question("overall", role="overall")], answers("overall", [5] * 40 + [1] + [1, 1, 1])
    weights = [1.0] * 40 + [1000.0] + [-1.0, 0.0, None]
    weighed = [{**sheet, "weight": w} for sheet, w in zip(sheets(*[300] * 44), weights, strict=True)]
    cleaned = clean(survey_items=items, survey_responses=responses, survey_sheets=weighed)
    assert found(cleaned, "a number outside what it can be", "survey_sheets") == 1
    tables = cleaned.tables
    asked = tables["survey_responses"], tables["survey_items"], tables["survey_sheets"]
    rated = doubtful_sheets(*asked).set_index("population")
    assert rated["n"].to_dict() == {ALL: 44, WEIGHTED: 41}
    assert rated.at[WEIGHTED, "points"] == pytest.approx(100 * 40 / 45)
    assert rated.at[WEIGHTED, "effective_n"] == pytest.approx(45**2 / (40 + 25))
    assert rated.at[ALL, "points"] == pytest.approx(100 * 40 / 44)
    assert rated.at[ALL, "effective_n"] == 44


def test_the_twin_that_caps_no_weight_lets_one_sheet_speak_for_all(monkeypatch):
    monkeypatch.setattr(sys.modules[doubtful_sheets.__module__], "_MOST_WEIGHT", np.inf)
    with pytest.raises(AssertionError):
        test_weights_below_zero_are_emptied_missing_ones_left_out_and_large_ones_capped()

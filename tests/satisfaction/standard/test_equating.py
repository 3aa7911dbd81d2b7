"""Equating against the book's example, and bridges between waves."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.satisfaction import csat_by_wave, dimension_scores, nps_by_wave
from customer_patterns.satisfaction.monitoring import control_chart
from customer_patterns.satisfaction.standard import added_error, equipercentile, linear, scale_bridges
from tests.satisfaction.sample_survey import item

OLD, NEW = (1, 5), (1, 10)
ITEMS = [item("old", "overall", low=1, high=5), item("z_new", "overall", low=1, high=10)]


def bridge(**options):
    return SimpleNamespace(**{"old": "old", "new": "z_new", "by": "equipercentile", "answers": {}, **options})


def survey(answered, *, both: int = 400, n: int = 400, shift: float = 0.0, seed: int = 3, bridges=(), items=None):
    """A wave on the old scale, one with both, one on the new scale; contentment itself moves by ``shift`` at last."""
    chance = np.random.default_rng(seed)

    def steps(theta, low, high):
        # The old scale is read generously: people give its best answer sooner.
        lean = 0.8 if high == 5 else 0.0
        value = theta + lean + 0.3 * chance.normal(size=len(theta))
        return np.clip(np.round((low + high) / 2 + value * (high - low) / 5), low, high).astype(int)

    rows = []
    for wave, day, number, asks in (
        ("2017-1", "2017-02-01", n, (OLD,)),
        ("2017-2", "2017-05-01", both, (OLD, NEW)),
        ("2017-3", "2017-08-01", n, (NEW,)),
    ):
        theta = chance.normal(size=number) + shift * (wave == "2017-3")
        given_ = {scale: steps(theta, *scale) for scale in asks}
        for i in range(number):
            answers = {("old" if scale == OLD else "z_new"): int(given_[scale][i]) for scale in asks}
            rows.append((wave, f"{wave}{i:04d}", day, answers))
    return answered(rows, items=items or ITEMS, bridges=bridges)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 50), min_size=3, max_size=8), st.lists(st.integers(1, 50), min_size=3, max_size=11))
def test_equal_ranks_keep_the_order_and_equal_counts_keep_the_step(old, new):
    placed = equipercentile(old, new)
    assert (np.diff(placed) > 0).all()
    assert placed.min() >= -0.5
    assert placed.max() <= len(new) - 0.5
    assert equipercentile(old, old) == pytest.approx(np.arange(len(old)))
    assert linear(old, old) == pytest.approx(np.arange(len(old)))


def test_a_scale_change_without_a_bridge_is_not_comparable_and_no_line_crosses_it(answered):
    sheets = survey(answered)
    (row,) = scale_bridges(sheets.replaced).to_dict("records")
    assert row["verdict"] == "not comparable: no bridge is declared"
    assert (row["old_item"], row["new_item"], row["waves"]) == ("old", "z_new", "2017-1, 2017-2")
    assert row["before"] > 0
    assert np.isnan(row["after"])
    overall = dimension_scores(sheets).query("dimension == 'overall'")
    assert overall["wave"].tolist() == ["2017-2", "2017-3", "all waves"]  # the old scale is in no score
    chart = control_chart(sheets)
    assert "2017-1" not in set(chart["wave"]) or chart.set_index("wave")["score"].isna()["2017-1"]


def test_over_the_bridge_nothing_has_moved_and_stretching_the_ends_would_say_it_has(answered):
    """The broken twin stretches one scale over the other: what is only a change of scale then looks like a change."""
    sheets = survey(answered, bridges=[bridge()])
    (row,) = scale_bridges(sheets.replaced).to_dict("records")
    assert row["verdict"] == "comparable over the bridge"
    assert row["both"] == 400
    assert row["together"] > 0.8
    assert row["link_error"] > 0
    last = sheets.rows.loc[sheets.rows["wave"] == "2017-3", "overall"]
    error = last.std() / len(last) ** 0.5
    assert abs(row["after"] - last.mean()) < 2.5 * np.hypot(error, (row["after_high"] - row["after_low"]) / 3.92)
    assert abs(row["before"] - last.mean()) > 5 * error
    assert row["after_low"] < row["after"] < row["after_high"]


def test_a_carried_wave_is_less_sure_by_the_error_of_the_link(answered):
    sheets = survey(answered, both=150, bridges=[bridge()])
    added = added_error(sheets, "overall", "2017-1")
    assert added == pytest.approx(scale_bridges(sheets.replaced)["link_error"].item(), abs=1e-6)
    assert added_error(sheets, "overall", "2017-3") == 0
    rows = dimension_scores(sheets).query("dimension == 'overall'").set_index("wave")
    first = sheets.rows.loc[sheets.rows["wave"] == "2017-1", "overall"]
    reach = 1.96 * np.hypot(first.std() / len(first) ** 0.5, added)
    assert (rows["score_high"] - rows["score"])["2017-1"] == pytest.approx(reach, rel=0.12)
    chart = control_chart(sheets).query("score_name == 'overall'").set_index("wave")
    assert (chart["score_high"] - chart["score"])["2017-1"] == pytest.approx(reach, rel=1e-3)
    assert chart["verdict"]["2017-3"] == "as before"


def test_a_real_move_stays_over_the_bridge(answered):
    sheets = survey(answered, shift=-0.7, bridges=[bridge(by="linear")])
    (row,) = scale_bridges(sheets.replaced).to_dict("records")
    last = sheets.rows.loc[sheets.rows["wave"] == "2017-3", "overall"].mean()
    assert row["after_low"] > last + 5


def test_few_who_answered_both_make_no_bridge(answered):
    sheets = survey(answered, both=60, bridges=[bridge()])
    assert scale_bridges(sheets.replaced)["verdict"].item() == "not comparable: too few answered both"
    assert "2017-1" not in set(dimension_scores(sheets).query("dimension == 'overall'")["wave"])


def test_answers_that_hardly_go_together_make_no_bridge(answered):
    chance = np.random.default_rng(1)
    rows = [("a", f"a{i:03d}", "2017-02-01", {"old": int(chance.integers(1, 6))}) for i in range(150)]
    rows += [
        ("b", f"b{i:03d}", "2017-05-01", {"old": int(chance.integers(1, 6)), "z_new": int(chance.integers(1, 11))})
        for i in range(300)
    ]
    sheets = answered(rows, items=ITEMS, bridges=[bridge()])
    assert scale_bridges(sheets.replaced)["verdict"].item() == "not comparable: the two hardly go together"


def test_a_declared_map_is_taken_at_its_word(answered):
    rows = [("a", f"a{i:03d}", "2017-02-01", {"old": 1 + i % 5}) for i in range(50)]
    rows += [("b", f"b{i:03d}", "2017-05-01", {"z_new": 1 + i % 10}) for i in range(50)]
    sheets = answered(rows, items=ITEMS, bridges=[bridge(answers={1: 1, 2: 3, 3: 5, 4: 8, 5: 10})])
    (row,) = scale_bridges(sheets.replaced).to_dict("records")
    assert row["verdict"] == "comparable as declared"
    assert row["after"] == pytest.approx(100 * (np.mean([1, 3, 5, 8, 10]) - 1) / 9)
    assert np.isnan(row["link_error"])
    first = sheets.rows[sheets.rows["customer_id"] == "a003"]["overall"].item()
    assert first == pytest.approx(100 * 7 / 9)  # a four, which was said to be an eight


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"old": "never"}, "does not ask"),
        ({"answers": {1: 1, 2: 2}}, "does not say what its answer 3 is"),
        ({"answers": {1: 1, 2: 2, 3: 3, 4: 4, 5: 50}}, "leads off the scale"),
    ],
)
def test_bridges_that_lead_nowhere_are_refused(answered, options, words):
    with pytest.raises(ValueError, match=words):
        survey(answered, both=20, n=20, bridges=[bridge(**options)])


def test_items_about_different_things_are_not_joined(answered):
    items = [item("old", about="price"), item("z_new", about="quality", low=1, high=10)]
    with pytest.raises(ValueError, match="not about the same"):
        survey(answered, both=20, n=20, bridges=[bridge()], items=items)


def test_an_item_worded_the_other_way_round_is_turned_on_both_sides(answered):
    rows = [("a", f"a{i:03d}", "2017-02-01", {"old": 5}) for i in range(20)]
    rows += [("b", f"b{i:03d}", "2017-05-01", {"z_new": 10}) for i in range(20)]
    items = [item("old", "overall", direction="reversed"), item("z_new", "overall", low=1, high=10)]
    turned = answered(rows, items=items, bridges=[bridge(answers={1: 10, 2: 8, 3: 5, 4: 3, 5: 1})])
    assert turned.rows.loc[turned.rows["wave"] == "a", "overall"].unique().tolist() == [0.0]


def test_surveys_that_change_no_scale_are_left_alone(answered):
    """Three questions asked together, an item dropped and one added on the same scale: nothing is refused."""
    items = [item(f"o{n}", "overall", low=1, high=10 if n else 5) for n in range(3)]
    items += [item("p1", about="price"), item("p2", about="price"), item("p3", about="price")]
    rows = [("a", f"a{i}", "2017-02-01", {"o0": 3, "o1": 4, "o2": 5, "p1": 3, "p2": 2}) for i in range(12)]
    rows += [("b", f"b{i}", "2017-05-01", {"o0": 3, "o1": 4, "o2": 5, "p1": 3, "p3": 2}) for i in range(12)]
    assert answered(rows, items=items).replaced == ()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 10)), min_size=12, max_size=30), st.integers(0, 99))
def test_equal_answers_have_equal_scores_in_every_wave_and_region(answers, seed):
    """What others answer, when and where, is no part of a score."""
    from tests.satisfaction.sample_survey import sheets_of

    overall, recommend = (np.array(column, dtype=float) for column in zip(*answers, strict=True))
    points = 25.0 * (overall - 1)
    n = len(points)
    names = np.array([f"c{i:03d}" for i in range(2 * n)])
    waves = np.repeat(["north 2017-1", "south 2017-2"], n)
    both = sheets_of(
        {"price": np.tile(points, 2)}, overall=np.tile(points, 2), recommendation=np.tile(recommend, 2), waves=waves,
        customers=np.random.default_rng(seed).permutation(names),
    )  # fmt: skip
    for table, measure in ((nps_by_wave(both), "nps"), (csat_by_wave(both), "csat")):
        first, second, _ = table[measure]
        assert first == second or pd.isna([first, second]).all()
    scores = dimension_scores(both).pivot_table(index="dimension", columns="wave", values="score")
    if len(scores):
        assert scores["north 2017-1"].tolist() == pytest.approx(scores["south 2017-2"].tolist(), nan_ok=True)

"""Shares counted from a threshold on, over a bridge between scales: promoters, and the two best answers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.satisfaction import csat_by_wave, nps_by_wave
from customer_patterns.satisfaction.monitoring import comparable_between_waves, control_chart
from customer_patterns.satisfaction.standard import added_error, part_above, scale_bridges
from customer_patterns.satisfaction.standard.thresholds import recommending
from tests.satisfaction.sample_survey import item

ITEMS = [item("old", "recommendation", low=1, high=5), item("z_new", "recommendation", low=0, high=10)]
COUNTS = st.lists(st.integers(1, 40), min_size=3, max_size=7)


def bridge(**options):
    return SimpleNamespace(**{"old": "old", "new": "z_new", "by": "equipercentile", "answers": {}, **options})


def asked(answered, *, both: int = 600, n: int = 600, seed: int = 5, bridges=None, items=ITEMS, old=(1, 5)):
    """Three waves of people who are equally content: the old question, both questions, the new one."""
    chance = np.random.default_rng(seed)

    def steps(theta, low, high):
        # The old scale is read generously: people give its better answers sooner.
        lean = 0.9 if high == 10 else 1.7
        return np.clip(np.round((low + high) / 2 + (theta + lean) * (high - low) / 6), low, high).astype(int)

    rows = []
    for wave, number, names in (("2017-1", n, ("old",)), ("2017-2", both, ("old", "z_new")), ("2017-3", n, ("z_new",))):
        theta = chance.normal(size=number)
        given_ = {
            name: steps(theta + 0.3 * chance.normal(size=number), *(old if name == "old" else (0, 10)))
            for name in names
        }
        for i in range(number):
            answers = {name: int(given_[name][i]) for name in names}
            rows.append((wave, f"{wave}{i:04d}", f"2017-0{int(wave[-1]) * 3}-01", answers))
    return answered(rows, items=items, bridges=[bridge()] if bridges is None else bridges)


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.lists(st.integers(1, 40), min_size=4, max_size=11), st.data())
def test_as_many_are_beyond_the_threshold_on_both_scales(old, new, data):
    cut = data.draw(st.integers(1, len(new) - 1))
    parts = part_above(old, new, cut)
    assert (np.diff(parts) >= 0).all()
    assert ((parts >= 0) & (parts <= 1)).all()
    assert parts @ np.array(old) / sum(old) == pytest.approx(sum(new[cut:]) / sum(new))


def test_on_one_scale_a_step_is_beyond_the_threshold_or_not():
    same = [3, 1, 4, 1, 5]
    assert part_above(same, same, 3).tolist() == [0, 0, 0, 1, 1]
    assert part_above(same, same, 3, by="linear").tolist() == [0, 0, 0, 1, 1]


def test_an_old_answer_that_nobody_gave_is_on_one_side():
    assert part_above([2, 0, 2], [2, 2], 1).tolist() == [0, 0, 1]
    assert part_above([2, 0, 2], [1, 3], 1).tolist() == [0.5, 1, 1]


def test_over_the_bridge_there_are_as_many_promoters_and_middles_alone_would_miss_them(answered):
    """The broken twin puts a whole old answer on the side of the threshold on which its middle lies."""
    sheets = asked(answered)
    nps = nps_by_wave(sheets).set_index("wave")
    asked_new = nps["nps"]["2017-3"]
    error = (nps["nps_high"] - nps["nps_low"])["2017-3"] / 3.92
    assert abs(nps["nps"]["2017-1"] - asked_new) < 3 * error
    carried = sheets.rows.loc[sheets.rows["wave"] == "2017-1", "recommendation"]
    middles = 100 * ((carried >= 9).mean() - (carried <= 6).mean())
    assert abs(middles - asked_new) > 4 * error


def test_the_links_error_is_in_the_interval_of_the_score_and_of_the_control_chart(answered):
    few, many = (asked(answered, both=both) for both in (120, 2400))
    assert added_error(few, "NPS", "2017-1") > 2 * added_error(many, "NPS", "2017-1") > 0
    assert added_error(few, "NPS", "2017-3") == 0
    row = nps_by_wave(few).set_index("wave").loc["2017-1"]
    promotes, detracts = (part[(few.rows["wave"] == "2017-1").to_numpy()] for part in recommending(few.rows))
    own = 1.96 * 100 * np.sqrt((promotes.mean() + detracts.mean() - (promotes - detracts).mean() ** 2) / len(promotes))
    wanted = np.hypot(own, 1.96 * added_error(few, "NPS", "2017-1"))
    assert row["nps_high"] - row["nps"] == pytest.approx(wanted, rel=0.05)
    assert row["nps_high"] - row["nps"] > 1.15 * own  # without the link's error it would be as sure as asked anew
    none = comparable_between_waves(few, _nothing_tested())
    chart = control_chart(none).query("score_name == 'NPS'").set_index("wave")
    spread = 100 * (promotes - detracts).std(ddof=1) / np.sqrt(len(promotes))
    assert (chart["score_high"] - chart["score"])["2017-1"] == pytest.approx(
        1.96 * np.hypot(spread, added_error(few, "NPS", "2017-1")), rel=1e-3
    )


def test_all_waves_together_carry_the_link_by_the_share_of_carried_answers(answered):
    sheets = asked(answered, both=300, n=600)
    carried = added_error(sheets, "NPS", "2017-1")
    assert added_error(sheets, "NPS", "all waves") == pytest.approx(carried * 600 / 1500)


def test_the_two_best_answers_are_counted_by_their_part_too(answered):
    items = [item("old", "overall", low=1, high=5), item("z_new", "overall", low=0, high=10)]
    sheets = asked(answered, items=items)
    csat = csat_by_wave(sheets).set_index("wave")
    error = (csat["csat_high"] - csat["csat_low"])["2017-3"] / 3.92
    assert abs(csat["csat"]["2017-1"] - csat["csat"]["2017-3"]) < 3 * error
    parts = sheets.rows.loc[sheets.rows["wave"] == "2017-1", "content"]
    assert parts.between(0, 1).all()
    assert (parts % 1 > 0).any()
    width = csat["csat_high"] - csat["csat_low"]
    assert width["2017-1"] > width["2017-3"]


def test_a_declared_answer_promotes_or_does_not_and_has_no_known_error(answered):
    declared = bridge(answers={1: 1, 2: 3, 3: 7, 4: 8, 5: 10})
    sheets = asked(answered, both=20, n=100, bridges=[declared])
    first = sheets.rows[sheets.rows["wave"] == "2017-1"]
    assert set(first["promotes"]) <= {0.0, 1.0}
    assert (first["promotes"] == (first["recommendation"] == 10)).all()
    assert (first["detracts"] == first["recommendation"].isin([1, 3])).all()
    assert added_error(sheets, "NPS", "2017-1") == 0


def test_without_a_bridge_nothing_is_counted_by_parts(answered):
    sheets = asked(answered, both=100, n=100, bridges=[])
    assert "promotes" not in sheets.rows
    assert scale_bridges(sheets.replaced)["verdict"].item() == "not comparable: no bridge is declared"
    assert nps_by_wave(sheets)["wave"].tolist() == ["2017-2", "2017-3", "all waves"]


def _nothing_tested() -> pd.DataFrame:
    return pd.DataFrame({"dimension": [], "grouping": [], "verdict": [], "items": []})

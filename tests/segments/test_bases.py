"""Bases: attributes that tell what customers do are found, those that do not are not, and nobody is given away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats.contingency import association

from customer_patterns.privacy.differencing import recoverable
from customer_patterns.segments.bases.comparing import _cross, basis_agreement, basis_levels, corrected_v
from customer_patterns.segments.bases.shown import closest_levels

N = 600


def crowd(seed: int, tie: float) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Six hundred customers, two in three described; one attribute tells the segment as often as ``tie``."""
    rng = np.random.default_rng(seed)
    ids = [f"{n:04d}" for n in range(N)]
    segment = rng.choice(["s1", "s2", "s3"], N)
    tied = np.where(rng.random(N) < tie, segment, rng.choice(["s1", "s2", "s3"], N))
    traits = pd.DataFrame({"customer_id": ids, "age_group": tied, "income_group": rng.choice(list("abcde"), N)})
    traits.loc[rng.random(N) < 1 / 3, ["age_group", "income_group"]] = None
    return traits, {"segments": pd.Series(segment, index=ids)}


def test_an_attribute_that_tells_the_segment_is_found_and_one_that_does_not_is_not() -> None:
    found = basis_agreement(*crowd(1, 0.6), basis="demographic").set_index("attribute")
    assert found.loc["age group", "verdict"] == "more than chance"
    assert found.loc["income group", "verdict"] == "no more than chance"
    assert found.loc["age group", "cramers_v_low"] <= 0.6 <= found.loc["age group", "cramers_v_high"]
    assert found.loc["income group", "cramers_v"] < 0.1


def test_shuffles_name_chance_as_often_as_they_may() -> None:
    p = [basis_agreement(*crowd(seed, 0.0), basis="demographic", shuffles=99)["p"] for seed in range(30)]
    p = np.concatenate(p)
    assert 0 <= (p <= 0.05).mean() <= 0.15
    assert 0.3 <= (p <= 0.5).mean() <= 0.7


def test_without_correction_many_levels_look_like_agreement() -> None:
    """The broken twin: Cramér's V as it is."""
    rng = np.random.default_rng(2)
    tables = [np.histogram2d(rng.integers(0, 12, 150), rng.integers(0, 5, 150), bins=(12, 5))[0] for _ in range(40)]
    plain = np.mean([float(corrected_v(t, corrections=0)) for t in tables])
    corrected = np.mean([float(corrected_v(t)) for t in tables])
    assert plain > 0.2
    assert corrected < 0.06


def test_plain_v_is_scipys() -> None:
    table = np.array([[12, 5, 9], [3, 14, 8]])
    assert float(corrected_v(table, corrections=0)) == pytest.approx(association(table, method="cramer"))


def test_the_order_of_customers_and_their_names_change_nothing() -> None:
    traits, doing = crowd(4, 0.4)
    mixed = traits.sample(frac=1, random_state=1)
    renamed = traits.assign(customer_id="x" + traits["customer_id"])
    of = doing["segments"]
    first = basis_agreement(traits, doing, basis="demographic")
    pd.testing.assert_frame_equal(first, basis_agreement(mixed, doing, basis="demographic"))
    again = basis_agreement(renamed, {"segments": of.rename(lambda key: f"x{key}")}, basis="demographic")
    pd.testing.assert_frame_equal(first, again)


def test_too_few_are_no_evidence() -> None:
    traits, doing = crowd(1, 1.0)
    found = basis_agreement(traits.head(120), doing, basis="demographic")
    assert (found["verdict"] == "not enough data").all()
    assert basis_agreement(traits.head(5), doing, basis="demographic").empty
    assert basis_agreement(traits[["customer_id"]], doing, basis="demographic").empty


def test_small_cells_of_a_cross_table_are_blank_and_cannot_be_worked_out() -> None:
    ids = [f"{n:03d}" for n in range(84)]
    traits = pd.DataFrame({"customer_id": ids, "age_group": ["19-24"] * 42 + ["25-34"] * 42})
    of = pd.Series(["s1"] * 40 + ["s2"] * 2 + ["s1"] * 20 + ["s2"] * 22, index=ids)
    table = basis_levels(traits, {"segments": of}, {"segments": ["s1", "s2"]}, basis="demographic")
    cells = table.set_index(["level", "group"])
    assert cells.loc[("19-24", "s2"), "suppressed"] == "too few"
    assert cells.loc[("19-24", "s1"), "n"] is pd.NA
    assert cells["share_of_level"].isna().any()


def test_the_cross_table_shown_is_that_of_the_closest_pair_or_none() -> None:
    traits, doing = crowd(1, 0.6)
    groups = {"segments": ["s1", "s2", "s3"]}
    levels = basis_levels(traits, doing, groups, basis="demographic")
    shown = closest_levels(basis_agreement(traits, doing, basis="demographic"), levels)
    assert set(shown["attribute"]) == {"age group"}
    chance, nothing = crowd(2, 0.0)
    assert closest_levels(basis_agreement(chance, nothing, basis="demographic"), levels).empty


def test_levels_of_few_have_no_row_and_cannot_be_had_as_what_remains() -> None:
    sizes = {"19-24": 4, "25-34": 14, "35-44": 40, "45-54": 42}
    ids = [f"{n:03d}" for n in range(100)]
    ages = [level for level, size in sizes.items() for _ in range(size)]
    traits = pd.DataFrame({"customer_id": ids, "age_group": ages})
    of = pd.Series([f"s{1 + n % 2}" for n in range(100)], index=ids)
    table = basis_levels(traits, {"segments": of}, {"segments": ["s1", "s2"]}, basis="demographic")
    assert set(table["level"]) == {"35-44", "45-54"}, "with one level left out its four customers are 100 less the rest"
    assert (table["customers"] >= 10).all()


def test_a_level_left_out_hides_its_cells_among_others_of_the_same_group() -> None:
    # Twelve customers in the level left out, eleven and one by group: the one is the group's total less what is shown.
    every = np.array([[11, 1], [20, 20], [30, 25]])
    out = np.array([True, False, False])
    shown = _cross(every, out, ["b", "c"], ["s1", "s2"], "demographic", "age_group", "segments")
    hidden = (shown["suppressed"] != "no").to_numpy().reshape(2, 2)
    assert hidden[:, 1].any()
    assert not recoverable(every, np.vstack([[True, True], hidden]))[0, 1]

"""What segments are called, how they differ, how they overlap with tiers."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.segments import (
    agreement,
    feature_effects,
    levels_by_segment,
    name_segments,
    segment_habits,
    segment_profiles,
)
from customer_patterns.segments.agreement import protect
from customer_patterns.segments.habits import AVERAGE, HABITS, Scaled, scale_habits
from customer_patterns.segments.names import DEGREES
from customer_patterns.wording import SENTENCES, speaking, word

ALL = list(HABITS)


def customers(n: int = 200, seed: int = 1, **columns) -> pd.DataFrame:
    """Customers with all habits alike but for the columns given."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"customer_id": [f"c{i:04d}" for i in range(n)], "orders": 40})
    for name, habit in HABITS.items():
        values = rng.lognormal(1, 0.3, n) if habit.logarithm else rng.uniform(0.1, 0.5, n)
        table[name] = values
    return table.assign(**columns)


def test_a_segment_is_named_after_its_strongest_habits() -> None:
    effects = np.array([[0.2, 1.4, 0.0, -0.9], [-0.6, -0.2, 0.1, 0.3], [0.1, 0.2, -0.1, 0.0]])
    habits = ["orders_per_month", "basket_value", "product_price", "weekend_share"]
    assert name_segments(effects, habits) == ["Large baskets, weekday shopping", "Rare visits", "Near the average"]


def test_dropping_a_few_customers_does_not_rename_a_clear_segment() -> None:
    effects = np.array([[1.4, -0.9], [-1.1, 0.8]])
    names = name_segments(effects, ALL[:2])
    assert name_segments(effects + 0.03, ALL[:2]) == names


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 7), st.integers(1, 8), st.integers(0, 10_000))
def test_no_two_segments_have_one_name_and_each_part_is_a_word(k: int, features: int, seed: int) -> None:
    effects = np.random.default_rng(seed).normal(0, 0.6, (k, features))
    names = name_segments(effects, ALL[:features])
    assert len(set(names)) == k
    words = {text for key, text in SENTENCES.items() if key.startswith("segments.word_")}
    assert {part[:1].lower() + part[1:] for name in names for part in name.split(", ")} <= words


def test_each_word_of_a_name_is_in_the_catalog_and_can_be_said_in_chinese() -> None:
    parts = [AVERAGE, *DEGREES, *(habit.more for habit in HABITS.values()), *(habit.less for habit in HABITS.values())]
    with speaking(language="zh"):
        for part in parts:
            assert not word(part).isascii()
        assert word("Large baskets, weekend shopping") == "大购物篮、周末购物"


def test_customers_with_few_orders_are_left_out_and_a_shared_habit_is_not_used() -> None:
    scaled = scale_habits(customers(orders=[40] * 150 + [3] * 50, evening_share=0.25), min_orders=12, prior_orders=5)
    assert len(scaled.people) == 150
    assert "evening_share" not in scaled.used
    assert scaled.points.shape == (150, 7)
    assert np.abs(scaled.points).max() <= 3


def test_a_habit_known_of_few_is_not_used_and_one_unknown_of_few_stands_at_the_median() -> None:
    brand = np.where(np.arange(200) < 120, np.nan, 0.3)
    focus = np.where(np.arange(200) < 5, np.nan, np.linspace(0.02, 0.4, 200))
    scaled = scale_habits(customers(own_brand_share=brand, category_focus=focus), min_orders=1, prior_orders=5)
    assert "own_brand_share" not in scaled.used
    assert scaled.points[:5, scaled.used.index("category_focus")].tolist() == [0] * 5


def test_one_extreme_customer_moves_nobody_else_far() -> None:
    before = customers()
    after = before.assign(basket_value=before["basket_value"].where(before.index != 7, 1e9))
    one, other = (scale_habits(table, min_orders=1, prior_orders=5).points for table in (before, after))
    assert np.abs(np.delete(one - other, 7, axis=0)).max() < 0.05


def test_shares_of_few_orders_are_pulled_toward_the_mean() -> None:
    rare = scale_habits(
        customers(orders=[2] * 100 + [200] * 100, weekend_share=[0.0, 0.6] * 100), min_orders=1, prior_orders=5
    )
    weekend = np.abs(rare.points[:, rare.used.index("weekend_share")] - np.median(rare.points[:, 3]))
    assert weekend[:100].mean() < 0.7 * weekend[100:].mean()


def scaled_pair(n: int = 100) -> tuple[Scaled, np.ndarray]:
    """Two segments that differ in baskets alone: 20 and 40 dollars, give or take one."""
    value = np.where(np.arange(2 * n) < n, 40.0, 20.0) + np.tile([-1, 1], n)
    people = customers(2 * n, basket_value=value)
    return scale_habits(people, min_orders=1, prior_orders=5), (value < 30).astype(np.int64)


def test_means_stand_in_their_own_units_and_effects_in_standard_deviations() -> None:
    scaled, cluster = scaled_pair()
    names = ["Large baskets", "Small baskets"]
    means = segment_habits(scaled, cluster, names).set_index("segment")
    assert means["basket_value"].tolist() == [40, 20]
    assert means["n"].tolist() == [100, 100]
    profile = segment_profiles(scaled, cluster, names).set_index(["segment", "habit"])
    assert profile.loc[("Large baskets", "value of a basket"), "effect"] == pytest.approx(1, abs=0.02)
    assert profile.loc[("Small baskets", "value of a basket"), "effect"] == pytest.approx(-1, abs=0.02)
    flat = profile.loc[("Large baskets", "own brand")]
    assert flat["effect_low"] < 0 < flat["effect_high"]


def test_the_habit_that_segments_are_about_stands_first() -> None:
    scaled, cluster = scaled_pair()
    effects = feature_effects(scaled, cluster, 2)
    assert effects["habit"].iloc[0] == "value of a basket"
    assert effects["between"].iloc[0] > 0.95
    assert (effects["between"].iloc[1:] < 0.1).all()
    assert ((effects["between_low"] <= effects["between"]) & (effects["between"] <= effects["between_high"])).all()


def test_a_segment_of_nine_has_no_profile() -> None:
    scaled, _ = scaled_pair(50)
    cluster = np.where(np.arange(100) < 9, 1, 0)
    names = ["Large baskets", "Small baskets"]
    assert segment_profiles(scaled, cluster, names)["effect"].isna().all()
    assert segment_habits(scaled, cluster, names)["basket_value"].isna().all()


def people_of(tiers: list[str], segments: list[str | None]) -> pd.DataFrame:
    level = {"Champions": "high", "Steady shoppers": "potential", "Light shoppers": "ordinary"}
    return pd.DataFrame(
        {
            "tier": tiers,
            "value_level": [level[tier] for tier in tiers],
            "segment": pd.Series(segments, dtype="str"),
            "revenue": Decimal(1),
        }
    )


def test_groups_that_are_the_same_agree_fully_and_groups_by_chance_not() -> None:
    same = agreement(people_of(["Champions"] * 50 + ["Light shoppers"] * 50, ["A"] * 50 + ["B"] * 50))
    assert same["adjusted_rand"].tolist() == [1, 1]
    rng = np.random.default_rng(2)
    mixed = people_of(list(rng.choice(["Champions", "Light shoppers"], 400)), list(rng.choice(["A", "B"], 400)))
    chance = agreement(mixed)
    assert (chance["adjusted_rand"].abs() < 0.03).all()
    assert len(agreement(people_of(["Champions"] * 30, [None] * 30))) == 0


def test_customers_without_a_segment_are_not_compared() -> None:
    people = people_of(["Champions"] * 60 + ["Light shoppers"] * 60, ["A"] * 40 + [None] * 20 + ["B"] * 60)
    table = levels_by_segment(people, ["A", "B"]).set_index(["segment", "value_level"])
    assert table.loc[("A", "high"), "n"] == 40
    assert table.loc[("A", "high"), "share_of_segment"] == 1
    assert table["customers"].unique().tolist() == [40, 60]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=6))
def test_no_blank_cell_can_be_had_by_subtraction(rows: list[list[int]]) -> None:
    counts = np.array(rows)
    hidden = protect(counts) != "no"
    assert not (~hidden & (counts > 0) & (counts < 10)).any()
    for of, blank in [*zip(counts, hidden, strict=True), *zip(counts.T, hidden.T, strict=True)]:
        everybody = blank[of > 0].all()
        assert not blank.any() or everybody or (blank.sum() >= 2 and of[blank].sum() >= 10)

"""Scores and tiers: only values count, neither their order nor whose they are; each combination has one tier."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from itertools import product

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.segments import (
    RULES,
    TIER_NAMES,
    VALUE_LEVELS,
    assign_tiers,
    cut_score,
    group_values,
    midrank_score,
    rfm_table,
    score_levels,
    score_rfm,
    side_by_side,
    tier_grid,
    tier_rules,
)
from customer_patterns.segments import tiers as tiers_module
from customer_patterns.segments.rfm import MEASURES

AS_OF = date(2017, 12, 31)
YEAR = {"first_day": date(2017, 1, 1), "last_day": AS_OF}


def quintiles_by_row(values: np.ndarray) -> np.ndarray:
    """The broken twin: customers ranked one after the other, as `rank(method="first")` and `qcut` are often used."""
    return pd.qcut(pd.Series(values).rank(method="first"), 5, labels=False).to_numpy() + 1


def respects_values(score, values: np.ndarray) -> bool:
    """Whether equal values get equal scores, in whatever order customers are listed."""
    turned = score(values[::-1])[::-1]
    scores = score(values)
    alike = pd.Series(scores).groupby(values).nunique().max() == 1
    return bool(alike and (scores == turned).all())


def orders(*rows: tuple) -> ibis.Table:
    """Orders of ``(customer, day, revenue[, kind])``."""
    made = [(c, date.fromisoformat(d), Decimal(str(r)), *(k or ["goods"])) for c, d, r, *k in rows]
    return ibis.memtable(
        pd.DataFrame(made, columns=["customer_id", "ordered_on", "revenue", "kind"]),
        schema={"customer_id": "string", "ordered_on": "date", "revenue": "decimal(18, 2)", "kind": "string"},
    )


def test_recency_counts_days_from_the_last_order_of_goods() -> None:
    table = rfm_table(
        orders(("ann", "2017-12-24", 20), ("ann", "2017-11-01", 5), ("bo", "2017-12-31", 7.5)), as_of=AS_OF
    ).to_pandas()
    assert table.set_index("customer_id")[["recency_days", "orders"]].to_dict("index") == {
        "ann": {"recency_days": 7, "orders": 2},
        "bo": {"recency_days": 0, "orders": 1},
    }
    assert list(table["revenue"]) == [Decimal("25.00"), Decimal("7.50")]


def test_a_stop_for_fuel_is_revenue_but_no_order_of_goods() -> None:
    table = rfm_table(
        orders(("ann", "2017-12-01", 20), ("ann", "2017-12-30", 40, "fuel"), ("cy", "2017-12-30", 40, "fuel")),
        as_of=AS_OF,
    ).to_pandas()
    assert table.to_dict("records") == [
        {"customer_id": "ann", "orders": 1, "revenue": Decimal("60.00"), "recency_days": 30}
    ]


def test_an_order_after_the_study_changes_nothing() -> None:
    rows = [("ann", "2017-06-01", 20), ("bo", "2017-05-01", 5)]
    later = [*rows, ("ann", "2018-01-01", 500), ("cy", "2018-02-01", 9)]
    pd.testing.assert_frame_equal(
        rfm_table(orders(*rows), as_of=AS_OF).to_pandas(), rfm_table(orders(*later), as_of=AS_OF).to_pandas()
    )


def test_at_a_later_date_without_orders_only_recency_grows() -> None:
    book = orders(("ann", "2017-06-01", 20), ("bo", "2017-05-01", 5))
    before, after = (rfm_table(book, as_of=day).to_pandas() for day in (date(2017, 7, 1), date(2017, 7, 11)))
    assert (after["recency_days"] - before["recency_days"] == 10).all()
    assert after.drop(columns="recency_days").equals(before.drop(columns="recency_days"))


def test_ten_customers_with_ten_values_fall_into_fifths() -> None:
    assert midrank_score(np.arange(10)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_all_alike_are_in_the_middle_and_four_scores_are_empty() -> None:
    assert set(midrank_score([7] * 40).tolist()) == {3}
    rfm = pd.DataFrame({"customer_id": list("abc") * 10, "recency_days": 0, "orders": 1, "revenue": Decimal("2.00")})
    levels = score_levels(score_rfm(rfm))
    assert levels[levels["empty"]].groupby("measure")["level"].apply(list).to_dict() == {
        measure: [5, 4, 2, 1] for measure in ("recency", "frequency", "monetary")
    }


def test_where_a_sixth_came_on_the_last_day_they_share_one_score() -> None:
    days = np.array([0] * 17 + list(range(1, 84)))
    assert set(midrank_score(days, more_is_better=False)[:17].tolist()) == {5}
    assert not respects_values(quintiles_by_row, np.array([0] * 40 + list(range(1, 61))))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.booleans())
def test_equal_values_have_equal_scores_and_better_values_no_lower_ones(values: list[int], more: bool) -> None:
    x = np.array(values)
    scores = midrank_score(x, more_is_better=more)
    assert ((scores >= 1) & (scores <= 5)).all()
    assert respects_values(lambda v: midrank_score(v, more_is_better=more), x)
    order = np.argsort(x if more else -x, kind="stable")
    assert (np.diff(scores[order]) >= 0).all()


@given(st.lists(st.integers(0, 9), min_size=5, max_size=60))
def test_scores_depend_on_the_order_of_values_alone(values: list[int]) -> None:
    x = np.array(values)
    assert (midrank_score(x) == midrank_score(x**3 + 5)).all()


def test_a_declared_cut_belongs_to_the_better_side() -> None:
    assert cut_score([1, 5, 10, 20, 40], [5, 10, 20, 40]).tolist() == [1, 2, 3, 4, 5]
    assert cut_score([0, 7, 8, 28, 57], [7, 14, 28, 56], more_is_better=False).tolist() == [5, 5, 4, 3, 1]
    rfm = pd.DataFrame({"recency_days": [0, 60], "orders": [1, 9], "revenue": [Decimal(5), Decimal(5)]})
    scored = score_rfm(rfm, cuts={"recency_score": [7, 14, 28, 56]})
    assert scored["recency_score"].tolist() == [5, 1]


@pytest.mark.parametrize("cuts", [[1, 2, 3], [1, 2, 2, 3], [4, 3, 2, 1]])
def test_cuts_that_do_not_part_five_levels_are_refused(cuts: list[int]) -> None:
    with pytest.raises(ValueError, match="4 ascending cut points"):
        cut_score([1.0], cuts)


EVERY = pd.DataFrame(
    list(product(range(1, 6), repeat=3)), columns=["recency_score", "frequency_score", "monetary_score"]
)


def test_each_of_the_125_combinations_is_in_exactly_one_of_8_to_12_tiers() -> None:
    scores = [EVERY[name].to_numpy() for name in EVERY]
    assert (np.sum([rule.admits(*scores) for rule in RULES], axis=0) == 1).all()
    assert 8 <= len(RULES) == len(set(TIER_NAMES)) <= 12
    assert not any("other" in name.lower() for name in TIER_NAMES)
    assert tier_rules()["combinations"].sum() == 125
    assert set(assign_tiers(EVERY)["tier"]) == set(TIER_NAMES)


@pytest.mark.parametrize("column", list(EVERY))
def test_a_better_score_never_leads_into_a_lower_tier_or_value_level(column: str) -> None:
    place = {name: number for number, name in enumerate(TIER_NAMES)}
    level = {name: number for number, name in enumerate(VALUE_LEVELS)}
    worse = EVERY[EVERY[column] < 5]
    better = worse.assign(**{column: worse[column] + 1})
    before, after = assign_tiers(worse), assign_tiers(better)
    assert (after["tier"].map(place) <= before["tier"].map(place)).all()
    assert (after["value_level"].map(level) <= before["value_level"].map(level)).all()


def test_scores_out_of_range_belong_to_no_tier() -> None:
    with pytest.raises(ValueError, match="in no tier"):
        assign_tiers(EVERY.assign(recency_score=6))


def test_what_a_tier_brings_is_its_share_of_revenue() -> None:
    people = pd.DataFrame(
        {
            "tier": ["Champions"] * 20 + ["Light shoppers"] * 80,
            "recency_days": [1] * 20 + [9] * 80,
            "orders": [50] * 20 + [2] * 80,
            "revenue": [Decimal(100 + i) for i in range(20)] + [Decimal(10 + i % 2) for i in range(80)],
        }
    )
    tiers = group_values(people, by="tier", levels=TIER_NAMES, **YEAR).set_index("tier")
    top = tiers.loc["Champions"]
    assert (top["n"], top["share_of_customers"]) == (20, 0.2)
    assert top["share_of_revenue"] == pytest.approx(2190 / 3030)
    assert top["monthly_revenue"] == pytest.approx(2190 / 20 / (365 / (365.25 / 12)))
    assert top["share_of_revenue_low"] < top["share_of_revenue"] < top["share_of_revenue_high"]
    drawn = side_by_side(tiers.reset_index(), by="tier")
    assert drawn.loc[drawn["tier"] == "Champions", "share"].tolist() == [0.2, pytest.approx(2190 / 3030)]


def test_a_tier_of_nine_is_blank_and_so_is_what_would_give_it_away() -> None:
    people = pd.DataFrame({"tier": ["Champions"] * 9 + ["Light shoppers"] * 30 + ["Steady shoppers"] * 60})
    people = people.assign(recency_days=range(99), orders=range(1, 100), revenue=[Decimal(i) for i in range(1, 100)])
    tiers = group_values(people, by="tier", levels=TIER_NAMES, **YEAR).set_index("tier")
    assert tiers["suppressed"][["Champions", "Light shoppers", "Steady shoppers"]].tolist() == [
        "too few",
        "to protect another",
        "no",
    ]
    assert tiers.loc[["Champions", "Light shoppers"], ["n", "share_of_revenue", "typical_orders"]].isna().all(axis=None)


def test_scores_and_tiers_of_one_customer_and_of_none() -> None:
    one = pd.DataFrame({"recency_days": [3], "orders": [2], "revenue": [Decimal(5)]})
    assert assign_tiers(score_rfm(one))["tier"].tolist() == ["Steady shoppers"]
    assert group_values(assign_tiers(score_rfm(one)), by="tier", levels=TIER_NAMES, **YEAR)["n"].dropna().sum() == 0
    assert len(assign_tiers(score_rfm(one[:0]))) == 0
    assert score_levels(score_rfm(one[:0]))["empty"].all()


# What must not matter: the order of rows, what customers are called, the time zone of whoever computes


def people_with_ties(seed: int, n: int = 90) -> pd.DataFrame:
    """Customers of whom many share their days, orders and revenue."""
    rng = np.random.default_rng(seed)
    revenue = [Decimal(int(value)) for value in rng.integers(1, 6, n)]
    columns = {"recency_days": rng.integers(0, 4, n), "orders": rng.integers(1, 5, n), "revenue": revenue}
    return pd.DataFrame({"customer_id": [f"c{i:03d}" for i in range(n)], **columns})


def tiers_by_row(people: pd.DataFrame) -> pd.DataFrame:
    """The broken twin: ties are parted by the order of rows."""
    scores = {}
    for score, (measure, more) in MEASURES.items():
        values = people[measure].to_numpy(dtype=float) * (1 if more else -1)
        scores[score] = quintiles_by_row(values)
    return assign_tiers(people.assign(**scores))


def ours(people: pd.DataFrame) -> pd.DataFrame:
    return assign_tiers(score_rfm(people))


def tier_of(tiered: pd.DataFrame) -> dict[str, str]:
    return dict(zip(tiered["customer_id"], tiered["tier"], strict=True))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_moves_nobody_into_another_tier(seed: int) -> None:
    people = people_with_ties(seed)
    mixed = people.sample(frac=1, random_state=seed)
    assert tier_of(ours(people)) == tier_of(ours(mixed))
    assert tier_of(tiers_by_row(people)) != tier_of(tiers_by_row(mixed))


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_calling_customers_otherwise_moves_nobody_into_another_tier(seed: int) -> None:
    people = people_with_ties(seed)
    called = {key: f"x{i:03d}" for i, key in enumerate(np.random.default_rng(seed).permutation(people["customer_id"]))}
    other = people.assign(customer_id=people["customer_id"].map(called)).sort_values("customer_id", ignore_index=True)

    def same(method) -> bool:
        straight = {called[key]: tier for key, tier in tier_of(method(people)).items()}
        return straight == tier_of(method(other))

    assert same(ours)
    assert not same(tiers_by_row)


def days_in(zone: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], list[int]]:
    """Days since the last order, by the local day that is stored, and by the twin: the day of the stored moment."""
    rows = pd.DataFrame(
        {
            "customer_id": ["ann", "bo"],
            "ordered_on": [date(2017, 12, 31), date(2017, 12, 30)],
            "revenue": [Decimal("2.50")] * 2,
            "kind": ["goods"] * 2,
            # half past eleven at night in New York
            "ordered_at": pd.to_datetime(["2018-01-01 04:30", "2017-12-31 04:30"], utc=True),
        }
    )
    with monkeypatch.context() as set_to:
        set_to.setenv("TZ", zone)
        time.tzset()
        backend = ibis.duckdb.connect()
        backend.con.execute(f"SET TimeZone = '{zone}'")
        table = backend.create_table("orders", ibis.memtable(rows))
        tables = table, table.mutate(ordered_on=table.ordered_at.date())
        found = [rfm_table(one, as_of=AS_OF).to_pandas()["recency_days"].tolist() for one in tables]
    time.tzset()
    return found[0], found[1]


def test_the_zone_of_whoever_computes_changes_no_day(monkeypatch: pytest.MonkeyPatch) -> None:
    zones = ("UTC", "America/New_York", "Asia/Shanghai", "Pacific/Kiritimati")
    ours, twin = zip(*(days_in(zone, monkeypatch) for zone in zones), strict=True)
    assert all(days == [0, 1] for days in ours)
    assert any(days != [0, 1] for days in twin)


# The grid: what is documented is what is done


def test_the_grid_says_of_every_combination_the_tier_that_a_customer_with_it_is_in() -> None:
    grid = tier_grid().set_index("worth")
    for row in assign_tiers(EVERY).to_dict("records"):
        worth = row["frequency_score"] + row["monetary_score"]
        assert grid.at[worth, f"recency_{row['recency_score']}"] == row["tier"]
    assert set(grid.to_numpy().ravel()) == set(TIER_NAMES)


def rises(grid: pd.DataFrame) -> bool:
    """Whether no step toward a better score leads into a lower tier, anywhere in the grid."""
    place = grid.drop(columns="worth").map(TIER_NAMES.index).to_numpy()
    return bool((np.diff(place, axis=0) >= 0).all() and (np.diff(place, axis=1) >= 0).all())


def test_nowhere_in_the_grid_does_a_better_score_lead_into_a_lower_tier() -> None:
    grid = tier_grid()
    assert rises(grid)
    swapped = grid.replace({"Champions": "Light shoppers", "Light shoppers": "Champions"})
    assert not rises(swapped)


def test_rules_that_leave_a_gap_or_overlap_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers_module, "RULES", RULES[1:])
    with pytest.raises(ValueError, match="in no tier, or in several"):
        tier_grid()


def test_scores_of_one_of_a_few_equal_of_few_and_of_huge_values() -> None:
    for values in ([5.0], [1.0, 1.0, 1.0], [1.0, 2.0]):
        assert ((midrank_score(values) >= 1) & (midrank_score(values) <= 5)).all()
    assert midrank_score([-np.inf, 0, np.inf]).tolist() == [1, 3, 5]
    assert midrank_score([1e200, 1, 1e-200]).tolist() == [5, 3, 1]
    with pytest.raises(ValueError, match="missing"):
        midrank_score([1.0, np.nan])
    with pytest.raises(ValueError, match="missing"):
        cut_score([1.0, np.nan], [1, 2, 3, 4])

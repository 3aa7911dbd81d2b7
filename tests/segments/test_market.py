"""Whom to turn to first: worked out by hand, and how far a choice of weights is to blame."""

from __future__ import annotations

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from customer_patterns.segments.market import rank_targets, target_people

PERIOD = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}
EVEN = {"size": 1, "value": 1, "growth": 1, "reach": 1}


def people(**groups: tuple[int, float, float, float]) -> pd.DataFrame:
    """Groups of so many customers, each with revenue, growth and share reached."""
    parts = [
        pd.DataFrame(
            {
                "group": group,
                "revenue": revenue * (1 + 0.2 * np.sin(np.arange(n))),
                "recent": 100 * growth * (1 + 0.2 * np.cos(np.arange(n))),
                "before": 100.0,
                "reached": (np.arange(n) < reach * n).astype(float),
            }
        )
        for group, (n, revenue, growth, reach) in groups.items()
    ]
    return pd.concat(parts, ignore_index=True)


def ranked(table: pd.DataFrame, weights: dict[str, float] = EVEN):
    groups = list(dict.fromkeys(table["group"]))
    return rank_targets(table, groups, weights=weights, reached_by="on the mailing list", draws=800, **PERIOD)


def test_the_score_is_the_weighted_place_between_the_worst_and_the_best() -> None:
    table = people(large=(60, 120.0, 1.0, 0.5), rich=(30, 360.0, 1.0, 0.5), growing=(30, 120.0, 2.0, 0.5))
    found = ranked(table, {"size": 2, "value": 1, "growth": 1, "reach": 0}).markets.set_index("group")
    assert found["score"].round(2).to_dict() == {"large": 0.5, "rich": 0.25, "growing": 0.25}
    assert found.loc["rich", "value"] == pytest.approx(
        table.loc[table["group"] == "rich", "revenue"].mean() / 12, rel=0.01
    )
    assert found.loc["growing", "growth"] == pytest.approx(2.0, rel=0.02)


def test_a_group_that_is_best_in_everything_is_first_whatever_the_weights() -> None:
    best = ranked(people(best=(80, 500.0, 2.0, 0.9), other=(40, 100.0, 1.0, 0.3))).markets.iloc[0]
    assert (best["group"], best["first"], best["first_by_weights"]) == ("best", 1.0, 1.0)


def test_a_group_that_leads_by_one_criterion_leads_as_often_as_that_criterion_counts_most() -> None:
    table = people(a=(60, 100.0, 1.0, 0.5), b=(40, 300.0, 1.0, 0.5))
    found = ranked(table, {"size": 3, "value": 1, "growth": 0, "reach": 0}).markets.set_index("group")
    assert found.loc["a", "place"] == 1
    assert 0.25 < found.loc["a", "first_by_weights"] < 0.75  # the declared weights decided it


def test_alike_groups_are_told_apart_by_nothing_but_chance() -> None:
    rng = np.random.default_rng(3)
    table = people(a=(50, 100.0, 1.0, 0.5), b=(50, 100.0, 1.0, 0.5), c=(50, 100.0, 1.0, 0.5))
    table["revenue"] = rng.gamma(2, 50, len(table))
    table["recent"] = rng.gamma(2, 50, len(table))
    table["reached"] = (rng.random(len(table)) < 0.5).astype(float)
    found = ranked(table).markets
    assert found["first"].max() < 0.9
    assert found["first_by_customers"].max() < 1.0


def test_ranks_of_each_group_and_of_each_rank_add_up() -> None:
    ranks = ranked(people(a=(60, 100.0, 1.2, 0.5), b=(40, 300.0, 1.0, 0.6), c=(30, 200.0, 1.1, 0.2))).ranks
    assert ranks.groupby("group")["share"].sum().round(9).eq(1).all()
    assert ranks.groupby("rank")["share"].sum().round(9).eq(1).all()


def test_what_nobody_knows_counts_for_nothing() -> None:
    table = people(a=(60, 100.0, 1.0, 0.5), b=(40, 300.0, 1.0, 0.5)).assign(
        reached=np.nan, recent=np.nan, before=np.nan
    )
    found = rank_targets(table, ["a", "b"], weights=EVEN, reached_by="not known", draws=200, **PERIOD)
    assert found.weights.set_index("criterion")["weight"].to_dict() == {
        "size": 0.5,
        "value": 0.5,
        "growth": 0,
        "reach": 0,
    }
    assert found.markets[["growth", "growth_low", "reach", "reach_high"]].isna().all(axis=None)


def test_groups_of_very_few_are_not_ranked_and_one_alone_is_none() -> None:
    found = ranked(people(a=(60, 100.0, 1.0, 0.5), b=(40, 300.0, 1.0, 0.5), few=(9, 900.0, 3.0, 1.0)))
    assert set(found.markets["group"]) == {"a", "b"}
    assert ranked(people(a=(60, 100.0, 1.0, 0.5), few=(9, 900.0, 3.0, 1.0))).markets.empty


def test_the_order_of_customers_changes_nothing() -> None:
    table = people(a=(60, 100.0, 1.2, 0.5), b=(40, 300.0, 1.0, 0.6))
    mixed = table.sample(frac=1, random_state=4).reset_index(drop=True)
    one, two = (rank_targets(t, ["a", "b"], weights=EVEN, reached_by="x", draws=300, **PERIOD) for t in (table, mixed))
    pd.testing.assert_frame_equal(one.markets, two.markets)


@pytest.mark.parametrize("weights", [{"size": 1}, {**EVEN, "luck": 1}, {**EVEN, "size": -1}, dict.fromkeys(EVEN, 0)])
def test_weights_that_mean_nothing_are_refused(weights: dict) -> None:
    with pytest.raises(ValueError, match="size, value, growth, reach"):
        ranked(people(a=(60, 100.0, 1.0, 0.5), b=(40, 300.0, 1.0, 0.5)), weights)


def test_growth_is_the_last_window_by_the_one_before_and_the_latest_consent_counts() -> None:
    customers = pd.DataFrame({"customer_id": ["a", "b"], "segment": ["s", "s"], "revenue": [9.0, 9.0]})
    days = pd.to_datetime(["2017-12-31", "2017-12-02", "2017-12-01", "2017-11-02", "2017-11-01", "2018-01-01"])
    orders = ibis.memtable(pd.DataFrame({"customer_id": "a", "ordered_on": days, "revenue": [1.0, 2, 4, 8, 16, 32]}))
    orders = orders.mutate(ordered_on=orders.ordered_on.cast("date"), revenue=orders.revenue.cast("decimal(18, 2)"))
    decided = pd.to_datetime(["2017-01-01", "2017-05-01", "2017-05-01"])
    consents = pd.DataFrame(
        {"customer_id": list("aab"), "purpose": "marketing", "granted": [True, False, True], "decided_at": decided}
    )
    found, how = target_people(
        customers, orders, by="segment", window_days=30, consents=ibis.memtable(consents), **PERIOD
    )
    assert found.loc[0, ["recent", "before"]].tolist() == [3.0, 12.0]
    assert found["reached"].tolist() == [0.0, 1.0]
    assert how == "allowed marketing"
    short, how = target_people(customers, orders, by="segment", window_days=200, **PERIOD)
    assert short["recent"].isna().all()
    assert how == "not known"

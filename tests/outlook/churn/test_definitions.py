"""Definitions of leaving: by hand, their agreement against scikit-learn, and conclusions that flip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from customer_patterns.outlook import churn
from customer_patterns.outlook.churn import tables
from customer_patterns.outlook.churn.definitions import LIKELY_GONE
from customer_patterns.schemas import check
from tests.outlook.churn.conftest import PERIOD


@pytest.fixture(scope="module")
def left(days, history):
    return churn.who_left(history, alive=churn.alive_then(days, history, **PERIOD))


def test_each_definition_reads_what_came_after_the_cut(history, left) -> None:
    rows = history.past[history.at(history.cuts[-2])].reset_index(drop=True)
    assert set(left) == set(tables.LABELS)
    nothing = left[tables.NOTHING]
    assert (rows["later_days"].to_numpy()[nothing] == 0).all()
    assert left[tables.PARTIAL][nothing].all()  # who buys nothing spends under half, too
    assert left[tables.GAP][nothing].all()
    silent = rows["silent_days"].to_numpy()
    assert (silent[left[tables.CADENCE]] > 3 * rows["own_gap_days"].to_numpy()[left[tables.CADENCE]]).all()


def test_gone_is_who_the_lifetime_model_calls_less_likely_alive_than_not(days, history, left) -> None:
    alive = churn.alive_at(days, first_day=PERIOD["first_day"], day=history.cuts[-1])
    rows = history.past[history.at(history.cuts[-2])]
    gone = rows["customer_id"].map(alive).to_numpy() < LIKELY_GONE
    assert (gone == left[tables.ALIVE]).all()
    assert 0 <= min(alive.values()) <= max(alive.values()) <= 1


def test_who_came_back_is_counted_in_the_horizon_after(days, history, left) -> None:
    labels = churn.count_labels(history, left, days).set_index("label")
    check_rows(labels.reset_index(), tables.CHURN_LABELS)
    later = churn.outcomes_at(days, history.cuts[-1:], horizon_days=56)
    rows = history.past[history.at(history.cuts[-2])]
    came = rows["customer_id"].isin(later["customer_id"]).to_numpy()
    partial = left[tables.PARTIAL]
    assert labels.loc[tables.PARTIAL, "n"] == partial.sum()
    assert labels.loc[tables.PARTIAL, "came_back"] == pytest.approx((came & partial).sum() / partial.sum())
    assert (labels["as_before"].dropna() <= labels["came_back"].dropna()).all()


def test_kappa_is_that_of_scikit_learn(left) -> None:
    pairs = churn.label_agreement(left)
    row = pairs[(pairs["label"] == tables.PARTIAL) & (pairs["other"] == tables.CADENCE)].iloc[0]
    one, other = left[tables.PARTIAL], left[tables.CADENCE]
    assert row["kappa"] == pytest.approx(cohen_kappa_score(one, other))
    assert row["overlap"] == pytest.approx((one & other).sum() / (one | other).sum())
    assert row["kappa_low"] < row["kappa"] < row["kappa_high"]


def test_a_conclusion_that_two_definitions_contradict_is_marked(history) -> None:
    at = history.at(history.cuts[-2])
    often = history.past.loc[at, "days_per_week"].to_numpy()
    many = often > np.median(often)
    random = np.random.default_rng(1)
    more = random.random(at.sum()) < np.where(many, 0.6, 0.2)
    less = random.random(at.sum()) < np.where(many, 0.2, 0.6)
    found = churn.conclusions(history, {tables.PARTIAL: more, tables.GAP: less})
    asked = found[found["question"] == "comes often as a rule"].set_index("label")
    assert asked["conclusion"].to_dict() == {tables.PARTIAL: tables.MORE, tables.GAP: tables.FEWER}
    assert asked["flips"].all()
    agreeing = churn.conclusions(history, {tables.PARTIAL: more, tables.GAP: more})
    assert not agreeing["flips"].any()


def test_a_study_too_short_has_no_labels(history) -> None:
    short = replace(history, cuts=())
    assert churn.who_left(short) == {}
    assert len(churn.label_agreement({})) == 0
    assert len(churn.conclusions(short, {})) == 0


def check_rows(frame, schema) -> None:
    """The frame keeps its schema's promise."""
    import ibis

    check(schema.cast(ibis.memtable(frame[schema.names])), schema)

"""Stages of life, worked out by hand, and what must hold on every table."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.segments.lifecycle.rules import LifecycleRules
from customer_patterns.segments.lifecycle.stages import lifecycle_stages
from customer_patterns.segments.lifecycle.tables import EARLIER, LIFECYCLE_STAGES, NOT_YET
from customer_patterns.segments.lifecycle.transitions import customer_lives, stage_transitions

FIRST, LAST = date(2017, 1, 1), date(2017, 12, 31)
RULES = LifecycleRules()


def orders(days: dict[str, list[int]]) -> ibis.Table:
    """Orders of goods by customer, on days counted from the study's first."""
    rows = [(who, FIRST + timedelta(days=int(day)), "goods") for who, on in days.items() for day in on]
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "kind"])
    return ibis.memtable(frame.assign(ordered_on=frame["ordered_on"].astype("datetime64[us]"))).mutate(
        ordered_on=ibis._.ordered_on.cast("date")
    )


def stage_of(days: dict[str, list[int]], rules: LifecycleRules = RULES) -> dict[str, str]:
    table = lifecycle_stages(orders(days), first_day=FIRST, cut=LAST, rules=rules)
    return dict(zip(table["customer_id"], table["stage"], strict=True))


#: Someone who comes every week, all year, against whom the others' rates are measured.
WEEKLY = list(range(0, 365, 7))


def test_each_stage_as_worked_out_by_hand() -> None:
    crowd = {f"c{n:02d}": WEEKLY for n in range(20)}
    found = stage_of(
        {
            **crowd,
            "silent": [day for day in WEEKLY if day < 300],  # 70 days of silence, ten of the own gaps
            "pause": [day for day in WEEKLY if not 230 < day < 300],  # the same silence, but over
            "fresh": [300, 310, 320, 330, 340, 350, 360],  # first seen in the last window
            "more": [*range(0, 281, 7), *range(281, 365, 2)],
            "less": [*range(0, 281, 2), *range(281, 365, 7)],
        }
    )
    assert {name: found[name] for name in ("silent", "pause", "fresh", "more", "less", "c00")} == {
        "silent": "lost from sight",
        "pause": "regained",
        "fresh": "new",
        "more": "growing",
        "less": "declining",
        "c00": "mature",
    }


def test_nobody_is_new_who_was_seen_in_the_first_weeks_or_in_a_study_that_is_all_first_weeks() -> None:
    days = {**{f"c{n:02d}": WEEKLY for n in range(20)}, "late": [300, 310, 320, 330, 340, 350, 360]}
    assert stage_of(days)["late"] == "new"
    assert stage_of(days, LifecycleRules(already_days=365))["late"] != "new"


def test_a_rare_shopper_is_silent_later_than_a_frequent_one() -> None:
    monthly = list(range(0, 331, 30))  # silent for 34 days, about one own gap
    daily = list(range(0, 331, 2))  # silent for 34 days, seventeen own gaps
    found = stage_of({**{f"c{n:02d}": WEEKLY for n in range(20)}, "monthly": monthly, "daily": daily})
    assert (found["monthly"], found["daily"]) == ("mature", "lost from sight")


def test_a_season_that_all_have_makes_nobody_grow() -> None:
    everybody = {f"c{n:02d}": [*range(0, 281, 8), *range(281, 365, 3)] for n in range(20)}
    assert set(stage_of(everybody).values()) == {"mature"}


def test_orders_after_the_cut_change_nothing() -> None:
    days = {"a": WEEKLY, "b": list(range(0, 200, 5))}
    cut = FIRST + timedelta(days=220)
    early = {who: [day for day in on if day <= 220] for who, on in days.items()}
    tables = [lifecycle_stages(orders(d), first_day=FIRST, cut=cut, rules=RULES) for d in (days, early)]
    pd.testing.assert_frame_equal(*tables)


def test_a_study_of_two_windows_has_stages_and_no_moves_and_a_shorter_one_neither() -> None:
    table = orders({"a": WEEKLY, "b": WEEKLY})
    two = customer_lives(table, first_day=FIRST, last_day=FIRST + timedelta(days=167), rules=RULES)
    assert (len(two.people), len(two.transitions)) == (2, 0)
    assert two.people["stage_before"].isna().all()
    short = customer_lives(table, first_day=FIRST, last_day=FIRST + timedelta(days=166), rules=RULES)
    assert (len(short.people), len(short.stages), len(short.transitions)) == (0, 0, 0)


def test_who_of_a_stage_ordered_later_is_counted_among_those_who_were_in_it() -> None:
    gone = {f"g{n:02d}": [day for day in WEEKLY if day < 150] for n in range(20)}
    back = {f"b{n:02d}": [day for day in WEEKLY if day < 150 or day > 330] for n in range(10)}
    stay = {f"s{n:02d}": WEEKLY for n in range(30)}
    lives = customer_lives(orders(gone | back | stay), first_day=FIRST, last_day=LAST, rules=RULES)
    row = lives.stages[(lives.stages["cut"] == EARLIER) & (lives.stages["stage"] == "lost from sight")].iloc[0]
    assert (row["n"], round(row["ordered_later"], 9)) == (30, round(10 / 30, 9))


@given(
    st.dictionaries(
        st.sampled_from([f"c{n}" for n in range(8)]),
        st.lists(st.integers(0, 364), min_size=1, max_size=40),
        min_size=1,
    )
)
@settings(max_examples=25, deadline=None)
def test_everyone_is_in_one_stage_and_moves_add_up(days: dict[str, list[int]]) -> None:
    lives = customer_lives(orders(days), first_day=FIRST, last_day=LAST, rules=RULES)
    assert sorted(lives.people["customer_id"]) == sorted(days)
    assert set(lives.people["stage"]) <= set(LIFECYCLE_STAGES)
    assert (lives.people["stage_before"] == NOT_YET).sum() == sum(min(on) > 364 - 84 for on in days.values())
    assert set(lives.transitions["stage_before"]) == set(lives.people["stage_before"])
    assert lives.transitions["customers"].isna().all()  # eight customers at most: how few they were is not told


def test_moves_add_up_and_a_stage_that_few_were_in_is_blank() -> None:
    moves = [("mature", "mature")] * 60 + [("mature", "growing")] * 20 + [("growing", "mature")] * 30
    moves += [("new", "mature")] * 4
    table = stage_transitions(pd.DataFrame(moves, columns=["stage_before", "stage"]))
    of = table.drop_duplicates("stage_before").set_index("stage_before")["customers"]
    assert (of["mature"], of["growing"]) == (80, 30)
    new = table[table["stage_before"] == "new"]
    assert new[["n", "customers", "share_of_stage"]].isna().all(axis=None)
    assert (new["suppressed"] != "no").all()


def test_small_cells_of_the_moves_cannot_be_worked_out() -> None:
    moves = [("mature", "mature")] * 60 + [("mature", "declining")] * 3 + [("growing", "mature")] * 30
    people = pd.DataFrame(moves, columns=["stage_before", "stage"])
    table = stage_transitions(people).set_index(["stage_before", "stage"])
    assert table.loc[("mature", "declining"), "suppressed"] == "too few"
    assert table.loc[("mature", "mature"), "suppressed"] == "to protect another"  # else 63 less 60 would tell
    assert np.isnan(float(table.loc[("mature", "mature"), "share_of_stage"]))


@pytest.mark.parametrize(
    "wrong", [{"window_days": 6}, {"lost_gaps": 1}, {"change": 0}, {"chance": 0.5}, {"min_gaps": 0}]
)
def test_thresholds_that_mean_nothing_are_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="one"):
        LifecycleRules(**wrong)


def test_the_rules_stand_in_the_table_in_the_order_in_which_they_are_asked() -> None:
    table = LifecycleRules(lost_gaps=5).table()
    assert set(table["stage"]) == set(LIFECYCLE_STAGES)
    assert table.loc[0, ["stage", "own_gaps", "days"]].tolist() == ["lost from sight", 5.0, 28]

"""Who chooses otherwise than before: found where planted, and not where chance alone is at work."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import pytest

from customer_patterns.patterns.preferences import change_steps, count_changes, preference_changes, tables
from tests.patterns.preferences.conftest import choices_of, simulate

JULY = date(2017, 7, 2)


def hellinger(p: np.ndarray, q: np.ndarray) -> float:
    return float(np.sqrt(max(1 - np.sqrt(p / p.sum() * q / q.sum()).sum(), 0)))


def test_the_p_value_is_that_of_all_exchanges() -> None:
    held = [{"x": 5, "y": 1}, {"x": 4}, {"x": 3, "y": 1}, {"x": 2, "y": 2}, {"y": 4}, {"x": 1, "y": 3}, {"y": 2}]
    days = [f"2017-0{n + 1}-01" for n in range(3)] + [f"2017-{n:02d}-01" for n in range(8, 12)]
    choices = choices_of([("a", day, counts) for day, counts in zip(days, held, strict=True)])
    visits = np.array([[counts.get("x", 0), counts.get("y", 0)] for counts in held], dtype=float)
    found = preference_changes(choices, first_day_after=JULY, least_visits=3, draws=20_000, leveled=False).iloc[0]
    seen = hellinger(visits[:3].sum(axis=0), visits[3:].sum(axis=0))
    every = []
    for early in combinations(range(7), 3):
        rest = [at for at in range(7) if at not in early]
        every.append(hellinger(visits[list(early)].sum(axis=0), visits[rest].sum(axis=0)))
    assert found["distance"] == pytest.approx(seen)
    assert found["by_chance"] == pytest.approx(np.mean(every), rel=0.25)  # few draws, where few are as far apart
    assert found["p"] == pytest.approx(np.mean(np.array(every) >= seen - 1e-9), rel=0.5)
    assert (found["more_of"], found["less_of"]) == ("y", "x")


def test_planted_changers_are_found_and_few_others(keeps) -> None:
    choices = simulate(21, customers=150, changers=40, concentration=4)
    found = preference_changes(choices, first_day_after=JULY)
    keeps(found, tables.PREFERENCE_CHANGES)
    changed = found["verdict"] == tables.CHANGED
    planted = found["customer_id"] < "c0040"
    assert changed[planted].mean() > 0.7
    assert changed[~planted].sum() <= 0.15 * changed.sum()
    counted = count_changes(found, choices)
    keeps(counted, tables.CHANGE_COUNTS)
    row = counted.iloc[0]
    assert row["below_level_low"] > row["by_chance"]
    assert row["n"] + row["set_aside"] == 150


def test_nobody_changed_and_nobody_is_found() -> None:
    p = []
    for seed in range(4):
        choices = simulate(30 + seed, concentration=4)
        found = preference_changes(choices, first_day_after=JULY)
        p.append(found["p"].to_numpy())
        assert (found["verdict"] == tables.CHANGED).sum() <= 2
        # The broken twin has no null: two handfuls always differ, here by a fifth of the way and more.
        assert (found["distance"] > 0.1).mean() > 0.9
        assert abs(found["excess"].mean()) < 0.02
    share = (np.concatenate(p) <= 0.05).mean()
    assert 0.02 < share < 0.08


def test_a_season_that_all_share_is_no_change() -> None:
    choices = simulate(40, customers=250, shift=1.0, visits=20)
    with_season = preference_changes(choices, first_day_after=JULY, leveled=False)
    without = preference_changes(choices, first_day_after=JULY)
    assert (with_season["p"] <= 0.05).mean() > 0.25
    assert (without["p"] <= 0.05).mean() < 0.09


def test_few_changers_are_named_although_few_draws_could_not_show_it() -> None:
    choices = simulate(41, customers=150, changers=2, concentration=2, visits=30)
    found = preference_changes(choices, first_day_after=JULY, draws=199)
    assert found["p"].min() < 1 / 200
    assert set(found.loc[found["verdict"] == tables.CHANGED, "customer_id"]) & {"c0000", "c0001"}


def test_customers_with_few_visits_are_set_aside() -> None:
    choices = choices_of(
        [("a", f"2017-{n:02d}-01", {"x": 1, "y": n}) for n in range(1, 13)] + [("b", "2017-01-01", {"x": 1})]
    )
    found = preference_changes(choices, first_day_after=date(2017, 7, 1))
    assert list(found["customer_id"]) == ["a"]
    assert preference_changes(choices, first_day_after=date(2017, 12, 1)).empty
    assert count_changes(found.iloc[:0], choices).empty
    with pytest.raises(ValueError, match="two at least"):
        preference_changes(choices, first_day_after=JULY, least_visits=1)


def test_who_buys_one_thing_only_did_not_change() -> None:
    rows = [
        (who, f"2017-{n:02d}-01", {"x": 1} if who == "a" else {"x": 1, "y": 2}) for who in "ab" for n in range(1, 13)
    ]
    row = preference_changes(choices_of(rows), first_day_after=date(2017, 7, 1)).iloc[0]
    assert (row["distance"], row["p"], row["verdict"]) == (0, 1, tables.AS_BEFORE)
    assert row[["more_of", "less_of"]].isna().all()


def test_what_is_drawn_is_what_was_counted(keeps) -> None:
    choices = simulate(51, customers=60, changers=20, concentration=4)
    counts = count_changes(preference_changes(choices, first_day_after=JULY), choices)
    steps = change_steps(counts)
    keeps(steps.sort_values(list(tables.CHANGE_STEPS.key), ignore_index=True), tables.CHANGE_STEPS)
    shares = steps.set_index("step")["share"]
    assert shares.to_dict() == counts.iloc[0][["below_level", "by_chance", "named"]].set_axis(tables.STEPS).to_dict()

"""Sequences of visits against trying every embedding; gaps, windows, and what cannot be mined."""

from __future__ import annotations

from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.patterns.miner import Sequences, TooMuchMemory, followers, mine_sequences
from customer_patterns.patterns.miner.visits import Visits
from tests.patterns.conftest import baskets_of

#: Of each customer the visits: (day of January, items).
HISTORIES = st.lists(
    st.lists(st.tuples(st.integers(1, 9), st.sets(st.sampled_from("abcd"), min_size=1)), min_size=1, max_size=6),
    min_size=1,
    max_size=6,
)
LIMITS = st.tuples(st.integers(1, 3), st.one_of(st.none(), st.integers(3, 6)), st.one_of(st.none(), st.integers(0, 8)))


def shop_of(histories):
    rows = [(f"c{who}", held, day) for who, visits in enumerate(histories) for day, held in visits]
    return baskets_of([row[:2] for row in rows], days=[f"2017-01-{row[2]:02d}" for row in rows])


def every_sequence(items: int, max_items: int):
    """All sequences of up to so many items, whatever is bought."""
    steps = [step for size in range(1, max_items + 1) for step in combinations(range(items), size)]
    for visits in range(1, max_items + 1):
        for sequence in product(steps, repeat=visits):
            if sum(map(len, sequence)) <= max_items:
                yield sequence


def completed(visits: dict[int, set[int]], sequence, least: int, most: int | None, window: int | None) -> int | None:
    """The first day on which a customer's visits show all of a sequence, by trying all choices of days."""
    ends = [
        days[-1]
        for days in combinations(sorted(visits), len(sequence))
        if all(visits[day].issuperset(step) for day, step in zip(days, sequence, strict=True))
        and all(least <= after - before for before, after in pairwise(days))
        and (most is None or all(after - before <= most for before, after in pairwise(days)))
        and (window is None or days[-1] - days[0] <= window)
    ]
    return min(ends, default=None)


def tried(baskets, sequences, limits) -> dict:
    visits: dict[int, dict[int, set[int]]] = {}
    for basket, item in zip(baskets.basket, baskets.item, strict=True):
        day = int(baskets.day[basket].astype(int))
        visits.setdefault(int(baskets.customer[basket]), {}).setdefault(day, set()).add(int(item))
    found = {s: {who: completed(days, s, *limits) for who, days in visits.items()} for s in sequences}
    return {s: {who: day for who, day in shown.items() if day is not None} for s, shown in found.items()}


def named(limits) -> dict:
    return dict(zip(("min_gap_days", "max_gap_days", "window_days"), limits, strict=True))


@settings(max_examples=80, deadline=None)
@given(HISTORIES, LIMITS, st.integers(1, 3), st.integers(1, 3))
def test_sequences_are_those_that_trying_everything_finds(histories, limits, max_items, fewest) -> None:
    baskets = shop_of(histories)
    mined = mine_sequences(baskets, min_support=0.01, fewest_customers=fewest, max_items=max_items, **named(limits))
    shown = tried(baskets, every_sequence(len(baskets.items), max_items), limits)
    expected = {sequence: len(who) for sequence, who in shown.items() if len(who) >= fewest}
    assert dict(zip(mined.steps, mined.customers.tolist(), strict=True)) == expected
    assert list(mined.steps) == sorted(expected, key=lambda steps: (len(steps), sum(map(len, steps)), steps))
    assert mined.total == len(histories)


@settings(max_examples=40, deadline=None)
@given(HISTORIES, LIMITS)
def test_followers_are_those_who_show_it_and_since_when(histories, limits) -> None:
    baskets = shop_of(histories)
    sequences = list(every_sequence(len(baskets.items), 3))
    found = followers(baskets, sequences, **named(limits))
    expected = [
        (place, who, np.datetime64(day, "D"))
        for place, shown in enumerate(tried(baskets, sequences, limits).values())
        for who, day in sorted(shown.items())
    ]
    rows = zip(found["sequence"], found["customer"], found["completed_on"].dt.date, strict=True)
    assert [(s, who, np.datetime64(day)) for s, who, day in rows] == expected


@settings(max_examples=30, deadline=None)
@given(HISTORIES, LIMITS, st.integers(1, 2))
def test_no_more_visits_than_asked_for(histories, limits, max_visits) -> None:
    baskets = shop_of(histories)
    settings_ = {"min_support": 0.01, "fewest_customers": 1, **named(limits)}
    everything = mine_sequences(baskets, **settings_)
    few = mine_sequences(baskets, max_visits=max_visits, **settings_)
    assert few.steps == tuple(steps for steps in everything.steps if len(steps) <= max_visits)


def test_bread_then_butter_and_jam_by_hand() -> None:
    rows = [("ann", ["bread"]), ("ann", ["butter", "jam"]), ("bob", ["bread", "jam"]), ("bob", ["butter"])] * 1
    days = ["2017-01-01", "2017-01-08", "2017-01-01", "2017-01-03"]
    baskets = baskets_of(rows, days=days)
    table = mine_sequences(baskets, min_support=1.0, fewest_customers=1).table(baskets.items)
    assert table[["sequence", "visits", "items", "customers", "support"]].to_numpy().tolist() == [
        ["bread", 1, 1, 2, 1.0],
        ["butter", 1, 1, 2, 1.0],
        ["jam", 1, 1, 2, 1.0],
        ["bread → butter", 2, 2, 2, 1.0],
    ]
    soon = mine_sequences(baskets, min_support=0.5, fewest_customers=1, max_gap_days=6)
    assert "bread → butter + jam" not in set(soon.table(baskets.items)["sequence"])
    late = mine_sequences(baskets, min_support=0.5, fewest_customers=1, min_gap_days=7)
    assert set(late.table(baskets.items)["sequence"]) >= {"bread → butter + jam"}


def test_two_baskets_of_one_day_are_one_visit_and_order_of_rows_plays_no_part() -> None:
    rows = [("ann", ["bread"]), ("ann", ["jam", "bread"]), ("ann", ["soap"])]
    days = ["2017-01-02", "2017-01-02", "2017-01-01"]
    visits = Visits.of(baskets_of(rows, days=days))
    assert (len(visits), visits.customers) == (2, 1)
    assert np.split(visits.item, visits.edges[1:-1])[1].tolist() == [0, 1]
    turned = Visits.of(baskets_of(rows[::-1], days=days[::-1]))
    for name in ("customer", "day", "edges", "item"):
        assert getattr(visits, name).tolist() == getattr(turned, name).tolist()


def earliest_fit(visits: list[tuple[int, set[str]]], sequence: str, window: int) -> bool:
    """The twin: takes the first visit that fits, at each step, as if no window had to hold them all."""
    days: list[int] = []
    for step in sequence:
        fits = [day for day, held in visits if step in held and (not days or day > days[-1])]
        if not fits:
            return False
        days.append(fits[0])
    return days[-1] - days[0] <= window


def test_the_latest_first_visit_is_kept_and_a_twin_that_takes_the_earliest_is_rejected() -> None:
    # a on the 1st and the 5th, b on the 6th, c on the 9th: a, b, c fits a window of 4 days from the 5th only
    visits = [(1, {"a"}), (5, {"a"}), (6, {"b"}), (9, {"c"})]
    within = mine_sequences(shop_of([visits]), min_support=1.0, fewest_customers=1, window_days=4)
    assert ((0,), (1,), (2,)) in within.steps
    assert not earliest_fit(visits, "abc", window=4)
    assert earliest_fit(visits, "abc", window=8)


def test_a_visit_of_500_items_does_not_explode() -> None:
    rows = [(f"c{who}", [f"item {i:03d}" for i in range(500)]) for who in range(12)]
    baskets = baskets_of(rows)
    with pytest.raises(TooMuchMemory, match="max_items"):
        mine_sequences(baskets, min_support=0.5, max_items=4, max_memory_mb=40)
    assert len(mine_sequences(baskets, min_support=0.5, max_items=2)) == 500 + 500 * 499 // 2


def test_memory_is_forecast_before() -> None:
    with pytest.raises(TooMuchMemory, match="would take about"):
        mine_sequences(shop_of([[(1, {"a"})]] * 12), min_support=0.5, max_memory_mb=1e-4)


def test_nothing_to_find() -> None:
    nobody = mine_sequences(baskets_of([]), min_support=0.5)
    assert isinstance(nobody, Sequences)
    assert (len(nobody), nobody.total, nobody.steps) == (0, 0, ())
    assert nobody.table(np.array([], dtype=object)).empty
    assert followers(baskets_of([]), []).empty
    once = mine_sequences(shop_of([[(1, {"a"})]] * 12), min_support=1.0)
    assert once.steps == (((0,),),)
    alone = mine_sequences(shop_of([[(1, {"a"}), (2, {"b"})]]), min_support=0.5)
    assert len(alone) == 0  # one customer is fewer than ten


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"min_support": 0}, "a share above 0"),
        ({"max_items": 0}, "one item"),
        ({"max_visits": 0}, "one visit"),
        ({"min_gap_days": 0}, "1 day or more"),
        ({"min_gap_days": 7, "max_gap_days": 3}, "below the smallest"),
        ({"window_days": -1}, "0 days or more"),
    ],
)
def test_impossible_settings(setting, said) -> None:
    with pytest.raises(ValueError, match=said):
        mine_sequences(shop_of([[(1, {"a"})]]), **{"min_support": 0.5} | setting)

"""What is bought in order, by hand, by brute force, on planted shops, and where nothing is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.patterns import Baskets, explorers
from customer_patterns.patterns.association import COLUMNS, compare_sums
from customer_patterns.patterns.sequences import (
    VisitOrder,
    against_order,
    against_parts,
    followed,
    search_sequences,
    tables,
)
from customer_patterns.patterns.sequences.counting import count_pairs
from customer_patterns.patterns.tables import CONFIRMED, NO_ITEMS, NOTHING_FREQUENT, TOO_FEW
from customer_patterns.sources.planted_shop import plan_shop
from customer_patterns.sources.planted_shop.clientele import Block, Clientele
from customer_patterns.sources.planted_shop.settings import Plan
from customer_patterns.sources.planted_shop.trials import draw_trials, plan_trials
from customer_patterns.sources.planted_shop.web_orders import draw_web_customers, draw_web_orders, plan_web_prices
from tests.patterns.conftest import baskets_of, shop

UNTIL = date(2017, 10, 1)
SETTINGS = {
    "min_support": 0.05,
    "min_gap_days": 1,
    "max_gap_days": 28,
    "min_lift": 1.1,
    "max_length": 3,
    "false_discovery": 0.05,
}


def searched(baskets: Baskets, *, seed: int = 1, **changes):
    exploring = explorers(baskets.customers, seed=seed)
    return search_sequences(baskets, exploring=exploring, until=UNTIL, **(SETTINGS | changes))


def order_of(*visits: tuple[str, str, str], gap: tuple[int, int] = (1, 10), **options) -> tuple[VisitOrder, list[str]]:
    """Visits ``(customer, day, items)`` in January, items as letters."""
    baskets = baskets_of(
        [(customer, list(items)) for customer, _, items in visits], days=[f"2017-01-{day}" for _, day, _ in visits]
    )
    order = VisitOrder.of(baskets, min_gap_days=gap[0], max_gap_days=gap[1], **options)
    return order, list(baskets.items)


def item(items: list[str], name: str) -> tuple[int, ...]:
    return (items.index(name),)


# By hand


def test_one_customer_by_hand() -> None:
    # Paint on the 1st, brushes on the 3rd, both on the 5th: brushes follow paint within ten days twice (1st to 3rd, 1st
    # to 5th). Of six ordered pairs of days three look ahead; contents pair up as paint, then brushes in 2 · 2 − 1 = 3
    # of six ways. So chance lets 3 · 3 / 6 = 1.5 be expected.
    order, items = order_of(("ann", "01", "p"), ("ann", "03", "b"), ("ann", "05", "bp"), by_week=False)
    (found,) = followed(order, [item(items, "p")], item(items, "b"))
    assert found.seen.tolist() == [2]
    assert found.expected.tolist() == [1.5]
    # The other way round: from the 3rd to the 5th.
    assert found.seen_back.tolist() == [1]
    assert found.expected_back.tolist() == [1.5]


def test_gaps_are_kept_and_one_day_is_one_visit() -> None:
    order, items = order_of(("ann", "01", "p"), ("ann", "01", "b"), ("ann", "04", "b"), ("ann", "20", "b"), gap=(3, 10))
    assert len(order) == 3
    (found,) = followed(order, [item(items, "p")], item(items, "b"))
    assert found.seen.tolist() == [1]  # neither that of the same day nor that after nineteen days
    order, items = order_of(("ann", "01", "p"), ("bob", "02", "b"))
    (found,) = followed(order, [item(items, "p")], item(items, "b"))
    assert found.seen.sum() == 0  # another customer's


def test_lifts_of_long_and_short_periods_are_compared_over_spans_of_one_length() -> None:
    order, items = order_of(
        ("ann", "01", "p"), ("ann", "02", "b"), ("ann", "12", "p"), ("ann", "13", "b"), span_days=10, by_week=False
    )
    (found,) = followed(order, [item(items, "p")], item(items, "b"))
    assert order.folded(found.seen).tolist() == [2]
    assert order.folded(found.expected).tolist() == [1.0]  # in each span one of two orders


@st.composite
def diaries(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    days = draw(st.lists(st.integers(1, 28), min_size=1, max_size=5, unique=True))
    held = draw(st.lists(st.sampled_from(["p", "b", "bp", "x"]), min_size=len(days), max_size=len(days)))
    return [("ann", f"{day:02d}", items) for day, items in zip(days, held, strict=True)]


@settings(max_examples=60, deadline=None)
@given(diaries(), st.integers(1, 5), st.integers(0, 15))
def test_chance_is_the_mean_over_all_orders_of_the_visits(diary, least: int, further: int) -> None:
    def times(contents) -> int:
        rows = list(zip(days, contents, strict=True))
        return sum(
            least <= later - day <= least + further and "p" in here and "b" in there
            for day, here in rows
            for later, there in rows
        )

    days = sorted(int(day) for _, day, _ in diary)
    held = [items for _, _, items in sorted(diary, key=lambda visit: visit[1])]
    order, items = order_of(*diary, ("zed", "01", "pbx"), gap=(least, least + further), by_week=False)
    (found,) = followed(order, [item(items, "p")], item(items, "b"))
    assert found.seen[0] == times(held)
    assert found.expected[0] == pytest.approx(np.mean([times(way) for way in permutations(held)]))


@pytest.mark.parametrize("seed", range(3))
def test_all_pairs_at_once_are_counted_like_one_by_one(seed: int) -> None:
    baskets = shop(seed, customers=30, items=8)
    order = VisitOrder.of(baskets, min_gap_days=1, max_gap_days=28, by_week=False)
    counts = count_pairs(order, fewest_customers=3)
    for row, first in enumerate(counts.items):
        for column, second in enumerate(counts.items):
            (found,) = followed(order, [(int(first),)], (int(second),))
            assert counts.seen[row, column] == found.seen.sum()
            assert counts.customers[row, column] == (found.seen > 0).sum()
            if first != second:
                assert counts.expected[row, column] == pytest.approx(found.expected.sum())


# Planted, and not


def diary_shop(
    seed: int, *, then: float = 0.0, season: float = 0.0, third: float = 0.0, customers: int = 300
) -> Baskets:
    """Visits of customers with tastes of their own.

    ``a`` is followed by ``b`` on the next visit with a chance ``then``, and if it was, that by ``c`` with ``third``;
    ``d`` and ``e`` are bought together, and with a season more in the middle of the year.
    """
    random = np.random.default_rng(seed)
    rows, days = [], []
    for customer in range(customers):
        taste = np.clip(random.gamma(2, 0.08, 8), 0, 0.8)
        when = np.sort(random.choice(364, size=min(int(random.gamma(3, 10)) + 2, 200), replace=False))
        owed: dict[int, str] = {}
        for visit, day in enumerate(when):
            summer = np.exp(season * np.sin(np.pi * day / 364) - season / 2)
            chance = taste.copy()
            chance[3:5] = np.clip(chance[3:5] * summer, 0, 0.95)
            held = {"abcdefgh"[at] for at in np.flatnonzero(random.random(8) < chance)}
            if "d" in held and random.random() < 0.7:
                held.add("e")
            due = owed.get(visit, "")
            held |= set(due)
            if "a" in held and random.random() < then:
                owed[visit + 1] = owed.get(visit + 1, "") + "b"
                if random.random() < third:
                    owed[visit + 2] = owed.get(visit + 2, "") + "c"
            rows.append((f"c{customer:04d}", held or {"h"}))
            days.append(str(np.datetime64("2017-01-01") + int(day)))
    return baskets_of(rows, days=days)


def said(found, verdict: str = tables.IN_ORDER) -> set[str]:
    return set(found.sequences.loc[found.sequences["verdict"] == verdict, "sequence"])


def twin(order: VisitOrder, first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """The broken twin counts co-purchase as sequence: its chance knows no customer's own shares, only everybody's."""
    after = order.after(np.ones(len(order)))
    (found,) = followed(order, [first], second)
    by_chance = order.per_customer(np.arange(len(order)), after) * order.held(first).mean() * order.held(second).mean()
    return compare_sums(found.seen, by_chance, by_chance)[COLUMNS.index("p")]


def test_a_planted_order_is_found_and_only_in_its_direction() -> None:
    found = searched(diary_shop(1, then=0.35))
    assert said(found) == {"a → b"}
    row = found.sequences.set_index("sequence").loc["a → b"]
    assert row["order_lift_low"] > 1.1
    assert row["later"] == CONFIRMED
    account = found.account.set_index("length")
    assert account.at[2, "in_order"] == account.at[2, "confirmed"] == 1


def test_a_longer_sequence_stands_only_if_it_adds_to_its_pairs() -> None:
    # c follows b only where a came before: then the three say more than their pairs …
    adds = searched(diary_shop(2, then=0.4, third=0.8, customers=500))
    assert "a → b → c" in said(adds)
    # … while b, where it follows a, is followed by nothing in particular here.
    assert not any(text.count("→") == 2 or "+" in text for text in said(searched(diary_shop(2, then=0.4))))


@pytest.mark.parametrize("seed", [3, 4])
def test_what_shares_a_basket_or_a_season_is_no_sequence(seed: int) -> None:
    baskets = diary_shop(seed, season=3.0)
    assert not said(searched(baskets, min_lift=1.02))
    order = VisitOrder.of(baskets, min_gap_days=1, max_gap_days=28)
    d, e = (tuple(np.flatnonzero(baskets.items == name)) for name in "de")
    assert twin(order, d, e) < 1e-4  # the broken twin is sure that it is one
    # Without the season taken out, it would pass for close in time.
    plain = against_order(replace(order, by_week=False, _weights={}), [(d, e)])
    cleared = against_order(order, [(d, e)])
    assert plain["lift"].iloc[0] > 1.1
    assert cleared["lift"].iloc[0] < 1 + (plain["lift"].iloc[0] - 1) / 3


def test_among_visits_in_random_order_hardly_anything_stands() -> None:
    stands = sum(bool(said(searched(shop(seed, customers=120), seed=seed, min_lift=1.01))) for seed in range(8))
    assert stands <= 1  # the share of false ones is the chance of any: 0.05 a search


@cache
def web_shop(customers: int, seed: int) -> Baskets:
    """The web orders of a planted shop, in which two orders are planted and one is a control."""
    truth = plan_shop(plan=Plan(customers=customers, seed=seed, web_share=1.0, web_orders_per_week=0.5))
    clientele = Clientele.of(truth)
    block, trials = Block(clientele, 0, customers, None), plan_trials(clientele)
    _, treated = draw_trials(block, trials)
    web = draw_web_orders(block, draw_web_customers(block), trials[1], treated[:, 1], plan_web_prices(truth))
    kinds = truth.products["product_type"].to_numpy(dtype=object)
    names, held = np.unique(kinds[web.lines["product"]], return_inverse=True)
    entries = np.unique(web.lines["order"].to_numpy() * len(names) + held)
    day = (np.datetime64(truth.first_day) + web.orders["day"].to_numpy()).astype("datetime64[D]")
    whose = web.orders["row"].to_numpy()
    customer = truth.customers["customer_id"].to_numpy(dtype=object)
    baskets = Baskets("product_type", names, entries // len(names), entries % len(names), whose, customer, day)
    return baskets.until(truth.last_day)


def test_what_was_planted_on_the_web_is_recovered_and_its_control_is_not() -> None:
    found = searched(web_shop(700, 11))
    assert said(found) == {"YOGURT → OATMEAL", "LAUNDRY DETERGENT → PAPER TOWELS"}
    later = found.sequences.loc[found.sequences["verdict"] == tables.IN_ORDER, "later"]
    assert later.eq(CONFIRMED).all()
    first = found.comparisons["sequence"].iloc[:2]
    assert set(first) == said(found)


def test_parts_without_relation_have_a_lift_of_one() -> None:
    baskets = diary_shop(5, then=0.4)
    order = VisitOrder.of(baskets, min_gap_days=1, max_gap_days=28)
    numbers = {name: (place,) for place, name in enumerate(baskets.items)}
    around = [(0, numbers[left], numbers["b"], numbers[right]) for left, right in ("ac", "fg", "gf", "fh")]
    found = against_parts(order, around)
    assert found["lift"].between(0.9, 1.1).all()
    assert (found["p"] > 0.001).all()


# Where there is too little


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([], NO_ITEMS),
        ([("ann", "ab"), ("ann", "ab")], TOO_FEW),
        ([(f"c{n}", "ab") for n in range(60)], NOTHING_FREQUENT),
        ([(f"c{n}", "a") for n in range(60) for _ in range(3)], NOTHING_FREQUENT),
    ],
    ids=["no baskets", "one customer", "one order each", "one item only"],
)
def test_where_there_is_too_little_the_account_says_so(rows, outcome: str) -> None:
    days = [f"2017-0{1 + at % 9}-11" for at in range(len(rows))]
    found = searched(baskets_of(rows, days=days))
    assert found.account["outcome"].tolist() == [outcome] * 2
    assert len(found.sequences) == len(found.comparisons) == 0
    assert found.sequences.columns.tolist() == tables.SEQUENCES.names


def test_what_everybody_does_on_every_visit_is_no_sequence() -> None:
    rows = [(f"c{n:02d}", "ab") for n in range(60) for _ in range(12)]
    days = [str(np.datetime64("2017-01-01") + 25 * (at % 12)) for at in range(len(rows))]
    found = searched(baskets_of(rows, days=days), min_lift=0.5)
    assert not said(found)
    assert found.account["outcome"].eq("searched").all()


@pytest.mark.parametrize(("least", "most"), [(0, 5), (6, 5)])
def test_gaps_that_cannot_be_are_refused(least: int, most: int) -> None:
    with pytest.raises(ValueError, match="gap"):
        VisitOrder.of(baskets_of([("ann", "a")]), min_gap_days=least, max_gap_days=most)


def test_names_and_order_of_rows_play_no_part() -> None:
    baskets = diary_shop(6, then=0.35, customers=120)
    first = searched(baskets)
    names = baskets.items
    turned = replace(baskets, items=names[::-1].copy(), item=len(names) - 1 - baskets.item)
    order = np.lexsort((turned.item, turned.basket))
    turned = replace(turned, basket=turned.basket[order], item=turned.item[order])
    pd.testing.assert_frame_equal(first.sequences, searched(turned).sequences, rtol=1e-6)

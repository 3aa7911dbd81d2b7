"""What each customer might be offered, and how good such lists are."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from customer_patterns.features.enough import empty
from customer_patterns.patterns import count_offers, explorers, offer_to_customers, search, tables, try_offers
from customer_patterns.patterns.offers import BY_RULES, BY_SALES, CUSTOMER_OFFERS, OFFERS_TRIED
from tests.patterns.conftest import baskets_of, shop
from tests.patterns.test_shown import rule, rules


def pair(one: str, other: str, lift: float, **changes) -> dict:
    ends = {f"expected_lift{end}": lift for end in ("", "_low", "_high")}
    return rule(one, other) | {"level": "category", "habit_lift": lift} | ends | changes


def offered(rows, *pairs: dict, **settings) -> list[tuple[str, int, str, str]]:
    table = offer_to_customers(baskets_of(rows), rules(*pairs), **({"min_lift": 1.2} | settings))
    return list(table[["customer_id", "rank", "offer", "bought"]].itertuples(index=False, name=None))


MACHINE = [("ann", ["coffee"])] * 3 + [("bob", ["machine"])] * 2 + [("eve", ["coffee", "machine"])] * 2


def test_who_buys_one_of_a_pair_is_offered_the_other() -> None:
    assert offered(MACHINE, pair("coffee", "machine", 3.0)) == [
        ("ann", 1, "machine", "coffee"),
        ("bob", 1, "coffee", "machine"),
    ]


def test_nobody_is_offered_what_they_bought_even_once_or_for_what_they_bought_once() -> None:
    once = [*MACHINE, ("ann", ["machine"]), ("zoe", ["coffee"])]
    assert [row[0] for row in offered(once, pair("coffee", "machine", 3.0))] == ["bob"]
    assert [row[0] for row in offered(once, pair("coffee", "machine", 3.0), fewest_baskets=1)] == ["bob", "zoe"]


def test_the_likeliest_comes_first_and_an_item_once() -> None:
    rows = [("ann", ["tea", "cake"])] * 4 + [("bob", ["milk"])] * 3 + [("bob", ["jam"])] * 2
    # Milk lies in three of nine baskets, jam in two: 1/3 · 1.5 = 0.5 beats 2/9 · 2 = 0.44.
    found = offered(rows, pair("tea", "milk", 1.5), pair("tea", "jam", 2.0), pair("cake", "milk", 1.4))
    assert found[:2] == [("ann", 1, "milk", "tea"), ("ann", 2, "jam", "tea")]
    assert offered(rows, pair("tea", "milk", 1.5), pair("tea", "jam", 2.0), most=1)[0] == ("ann", 1, "milk", "tea")


def test_what_does_not_stand_or_was_not_confirmed_is_not_offered() -> None:
    assert not offered(MACHINE, pair("coffee", "machine", 3.0, verdict=tables.SAME_CUSTOMERS))
    assert not offered(MACHINE, pair("coffee", "machine", 3.0, later=tables.WEAKER))
    assert not offered(MACHINE, pair("coffee", "machine", 1.1))
    assert not offered(MACHINE, pair("coffee", "machine", 3.0, level="product type"))


def test_a_planted_pair_is_offered_to_those_who_lack_half_of_it() -> None:
    baskets = shop(7, customers=300, pair=2.5)
    found = search(
        baskets, exploring=explorers(baskets.customers, seed=1), until=date(2017, 10, 1), min_support=0.003,
        max_length=2, min_lift=1.05, false_discovery=0.05,
    )  # fmt: skip
    offers = offer_to_customers(baskets, found.rules, min_lift=1.05)
    assert set(offers["offer"]) == {"item 18", "item 19"}
    owned = set(zip(baskets.customers[baskets.customer[baskets.basket]], baskets.items[baskets.item], strict=True))
    assert not owned & set(zip(offers["customer_id"], offers["offer"], strict=True))


def test_a_report_counts_customers_and_hides_small_counts() -> None:
    rows = [(f"c{n:02d}", ["coffee"]) for n in range(30) for _ in range(2)]
    rows += [(f"d{n:02d}", ["tea"]) for n in range(4) for _ in range(2)] + [("zed", ["machine"]), ("zed", ["cups"])]
    table = offer_to_customers(
        baskets_of(rows), rules(pair("coffee", "machine", 2.0), pair("tea", "cups", 2.0)), min_lift=1.2
    )
    counts = count_offers(table).set_index("offer")
    assert counts.at["machine", "customers"] == 34
    assert pd.isna(counts.at["cups", "n"])
    assert pd.isna(counts.at["machine", "n"])  # else the small count could be had by subtraction


def test_lists_of_an_earlier_day_know_nothing_of_later_ones() -> None:
    rows, days = [], []
    for n in range(40):
        for day, held in (("2017-02-01", ["coffee"]), ("2017-03-01", ["coffee", "bread"])):
            rows.append((f"c{n:02d}", held))
            days.append(day)
        rows.append((f"c{n:02d}", ["machine"] if n < 10 else ["bread"]))
        days.append("2017-11-01")
    rows.append(("zed", ["machine", "rice"]))  # so that there is a best seller nobody else has
    days.append("2017-02-01")
    tried = try_offers(
        baskets_of(rows, days=days), rules(pair("coffee", "machine", 3.0)), until=date(2017, 10, 1), min_lift=1.2
    ).set_index("made")
    assert tried.at[BY_RULES, "share"] == 0.25
    assert tried.at[BY_SALES, "n"] == 40
    assert tried.at[BY_SALES, "share"] in (0.25, 0.0)  # of two that sell alike the first by name


def test_nothing_gives_nothing() -> None:
    none = empty(tables.RULES)
    offers = offer_to_customers(baskets_of(MACHINE), none, min_lift=1.2)
    assert offers.columns.tolist() == CUSTOMER_OFFERS.names
    assert count_offers(offers).empty
    tried = try_offers(baskets_of(MACHINE), none, until=date(2017, 10, 1), min_lift=1.2)
    assert tried.columns.tolist() == OFFERS_TRIED.names
    assert tried.empty
    assert np.isnan(rules(pair("a", "b", np.nan))["habit_lift"]).all()

"""From lines to baskets; halves; periods."""

from __future__ import annotations

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from customer_patterns.patterns import explorers, last_early_day, number_baskets, read_baskets

LINES = pd.DataFrame(
    [
        # order, customer, product, day, kind
        ("o2", "eve", "p1", "2017-03-02", "goods"),
        ("o1", "bob", "p1", "2017-03-01", "goods"),
        ("o1", "bob", "p2", "2017-03-01", "goods"),
        ("o1", "bob", "p3", "2017-03-01", "goods"),
        ("o1", "bob", "gas", "2017-03-01", "fuel"),
        ("o3", "ann", "card", "2017-03-03", "gift_card"),
        ("o4", "ann", "odd", "2017-03-04", "goods"),
        ("o5", "ann", "p1", "2018-01-01", "goods"),
    ],
    columns=["order_id", "customer_id", "product_id", "ordered_on", "line_kind"],
).assign(ordered_on=lambda t: pd.to_datetime(t["ordered_on"]).dt.date)

PRODUCTS = pd.DataFrame(
    [("p1", "MILK"), ("p2", "MILK"), ("p3", "A + B"), ("gas", "FUEL"), ("card", "CARD"), ("odd", "unknown")],
    columns=["product_id", "category"],
)
YEAR = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}


def read(lines: pd.DataFrame = LINES, products: pd.DataFrame = PRODUCTS, largest_basket: int = 10):
    numbered = number_baskets(ibis.memtable(lines), **YEAR)
    return read_baskets(numbered, ibis.memtable(products), level="category", largest_basket=largest_basket)


def contents(baskets) -> list[tuple[str, list[str]]]:
    return [
        (
            str(baskets.customers[baskets.customer[b]]),
            [str(baskets.items[i]) for i in baskets.item[baskets.basket == b]],
        )
        for b in range(len(baskets))
    ]


def test_a_basket_holds_each_kind_of_goods_once_and_nothing_else() -> None:
    # two sorts of milk are one category; fuel, gift cards, unknown goods and next year's order are no part of it
    assert contents(read()) == [("bob", ["A+B", "MILK"]), ("eve", ["MILK"])]
    assert read().size.tolist() == [2, 1]


def test_the_order_of_rows_plays_no_part() -> None:
    shuffled = read(LINES.sample(frac=1, random_state=3), PRODUCTS.sample(frac=1, random_state=4))
    assert contents(shuffled) == contents(read())


def test_a_giant_basket_is_set_aside_and_counted() -> None:
    baskets = read(largest_basket=1)
    assert contents(baskets) == [("eve", ["MILK"])]
    assert baskets.giants == 1


def test_without_described_products_there_is_no_item() -> None:
    baskets = read(products=PRODUCTS.assign(category="unknown"))
    assert len(baskets) == len(baskets.items) == 0


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="category"):
        read_baskets(ibis.memtable(LINES), ibis.memtable(PRODUCTS), level="shelf", largest_basket=9)


def test_around_an_item_are_its_baskets_without_it() -> None:
    baskets = read()
    assert contents(baskets.around(int(np.flatnonzero(baskets.items == "MILK")[0]))) == [("bob", ["A+B"]), ("eve", [])]


def test_halves_depend_on_the_customer_and_the_seed_alone() -> None:
    names = [f"c{i}" for i in range(1000)]
    first = dict(zip(names, explorers(names, seed=1), strict=True))
    assert explorers(names[::-1], seed=1).tolist() == [first[name] for name in names[::-1]]
    assert 440 < sum(first.values()) < 560
    assert explorers(names, seed=2).tolist() != list(first.values())
    assert explorers(["c0", "c1", "c2", "c3", "c4", "c5"], seed=1).tolist() == [first[f"c{i}"] for i in range(6)]


def test_the_last_months_are_kept_but_at_most_a_quarter() -> None:
    assert last_early_day(date(2017, 1, 1), date(2017, 12, 31), later_days=91) == date(2017, 10, 1)
    assert last_early_day(date(2017, 1, 1), date(2017, 1, 8), later_days=91) == date(2017, 1, 6)
    assert last_early_day(date(2017, 1, 1), date(2017, 1, 1), later_days=91) == date(2017, 1, 1)
    with pytest.raises(ValueError, match="none or more"):
        last_early_day(date(2017, 1, 1), date(2017, 12, 31), later_days=-1)

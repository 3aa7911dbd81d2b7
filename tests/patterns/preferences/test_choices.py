"""What is read of the baskets."""

from __future__ import annotations

from datetime import date

import pytest

from customer_patterns.patterns.preferences import add_size_class, attributes_known, read_choices
from customer_patterns.patterns.preferences.choices import OTHERS
from customer_patterns.patterns.preferences.sizes import LARGER, SMALLER, USUAL
from tests.patterns.preferences.conftest import choices_of, simulate

BASKETS = ("basket", "product_id", "customer_id", "ordered_on")
LAST = date(2017, 12, 31)


@pytest.fixture
def products(table):
    rows = [
        ("p1", "MILK", "National", "MILK 2%", "12 OZ"),
        ("p2", "MILK", "Private", "MILK 2%", "32 OZ"),
        ("p3", "BREAD", "National", "BREAD", "6 CT"),
        ("p4", "unknown", "unknown", "unknown", "unknown"),
        ("p5", "MILK", "Private", "MILK 2%", "64 oz"),
        ("p6", "MILK", "Private", "MILK 2%", "LARGE"),
    ]
    return table("products", ("product_id", "category", "brand", "product_type", "package_size"), rows)


@pytest.fixture
def baskets(table):
    rows = [
        (0, "p1", "b", "2017-01-05"),
        (0, "p2", "b", "2017-01-05"),
        (1, "p2", "b", "2017-01-05"),
        (2, "p2", "a", "2017-01-02"),
        (2, "p4", "a", "2017-01-02"),
        (3, "p3", "a", "2017-02-01"),
        (4, "p3", "c", "2018-01-01"),
    ]
    return table("baskets", BASKETS, rows)


def test_two_orders_of_a_day_are_one_visit(baskets, products) -> None:
    found = read_choices(baskets, products, attribute="category", last_day=LAST)
    assert list(found.customers) == ["a", "b"]
    assert list(found.names) == ["BREAD", "MILK"]
    assert found.visits.tolist() == [2, 1]
    assert [tuple(map(float, row)) for row in zip(*found.vectors, strict=True)] == [(0, 0, 1), (0, 1, 1), (1, 1, 3)]


def test_periods_split_visits(baskets, products) -> None:
    found = read_choices(baskets, products, attribute="category", last_day=LAST)
    early, late = found.between(last=date(2017, 1, 31)), found.between(first=date(2017, 2, 1))
    assert early.totals.tolist() == [1, 3]
    assert late.totals.tolist() == [1, 0]


def test_rare_values_share_a_place(baskets, products) -> None:
    found = read_choices(baskets, products, attribute="category", last_day=LAST, most_values=1)
    assert list(found.names) == ["MILK", OTHERS]
    assert found.totals.tolist() == [2, 3]


def test_sizes_are_held_against_what_is_sold_most_of_a_type(baskets, products) -> None:
    sized = add_size_class(products, baskets)
    classes = sized.select("product_id", "size_class").to_pandas().set_index("product_id")["size_class"].to_dict()
    # 32 ounces of milk are sold three times, 12 once, 64 never.
    assert classes == {"p1": SMALLER, "p2": USUAL, "p3": USUAL, "p4": "unknown", "p5": LARGER, "p6": "unknown"}
    assert attributes_known(sized) == ("category", "brand", "size_class")  # nobody states a color


def test_a_color_is_read_where_it_is_stated(table, baskets) -> None:
    products = table("colored", ("product_id", "color"), [("p1", "red"), ("p2", "blue"), ("p3", "unknown")])
    assert attributes_known(products) == ("color",)
    found = read_choices(baskets, products, attribute="color", last_day=LAST)
    assert list(found.names) == ["blue", "red"]
    with pytest.raises(ValueError, match="do not state a brand"):
        read_choices(baskets, products, attribute="brand", last_day=LAST)


def test_products_of_one_choice_count_as_one() -> None:
    assert simulate(3).clumping == pytest.approx(1, abs=0.1)
    assert simulate(3, clumped=4).clumping == pytest.approx(4, rel=0.1)


def test_one_visit_each_says_nothing_of_clumping() -> None:
    assert choices_of([("a", "2017-01-01", {"x": 5}), ("b", "2017-01-01", {"y": 2})]).clumping == 1

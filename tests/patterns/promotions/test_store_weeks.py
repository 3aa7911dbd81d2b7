"""Products in stores by week, by hand: weeks without a sale, weeks that are not covered, and prices elsewhere."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from customer_patterns.patterns.promotions.store_weeks import StoreWeeks, read_store_weeks

LINES = ("product_id", "store_id", "ordered_on", "quantity", "revenue", "retail_discount", "line_kind")
PLACES = ("product_id", "store_id", "week_starts_on", "display_location", "mailer_location")
PERIOD = {"first_day": date(2017, 1, 1), "last_day": date(2017, 1, 22)}

#: Weeks run from Thursday to Wednesday: 29 Dec, 5 Jan, 12 Jan, 19 Jan.
SOLD = [
    ("milk", "A", "2017-01-01", 1, 2.0, 0.0, "goods"),  # week 0
    ("milk", "A", "2017-01-11", 2, 3.0, 1.0, "goods"),  # week 1, a quarter off
    ("milk", "B", "2017-01-05", 1, 1.0, 1.0, "goods"),  # week 1, half off
    ("milk", "B", "2017-01-12", 3, 6.0, 0.0, "goods"),  # week 2
    ("milk", "web", "2017-01-12", 9, 18.0, 0.0, "goods"),  # a store without promotions on file
    ("fuel", "A", "2017-01-12", 900, 9.0, 0.0, "fuel"),
    ("tea", "B", "2017-01-20", 1, 3.0, 0.0, "goods"),
    ("milk", "A", "2017-01-26", 5, 9.0, 0.0, "goods"),  # after the period
]
PLACED = [
    ("milk", "A", "2016-12-29", "3", "0"),
    ("milk", "A", "2017-01-12", "0", "A"),
    ("milk", "B", "2017-01-12", "5", "D"),
    ("milk", "B", "2017-01-12", "0", "D"),  # listed twice
    ("tea", "B", "2017-01-19", "0", "0"),
]


@pytest.fixture
def read(table):
    def make(**options) -> StoreWeeks | None:
        chosen = {**PERIOD, "most_products": 5, "least_in_store": 1} | options
        return read_store_weeks(table("lines", LINES, SOLD), table("placed", PLACES, PLACED), **chosen)

    return make


def test_every_week_of_a_product_in_a_store_is_there(read) -> None:
    weeks = read()
    assert weeks.products[weeks.product].tolist() == ["milk", "milk", "tea"]
    assert weeks.stores[weeks.store].tolist() == ["A", "B", "B"]
    assert weeks.weeks.astype(str).tolist() == ["2016-12-29", "2017-01-05", "2017-01-12", "2017-01-19"]
    assert weeks.units.tolist() == [[1, 2, 0, 0], [0, 1, 3, 0], [0, 0, 0, 1]]
    assert weeks.unsold.sum() == 7


def test_what_stood_where_is_read_from_the_codes(read) -> None:
    weeks = read()
    assert np.argwhere(weeks.display).tolist() == [[0, 0], [1, 2]]
    assert np.argwhere(weeks.mailer).tolist() == [[0, 2], [1, 2]]
    assert np.argwhere(weeks.listed).tolist() == [[0, 0], [0, 2], [1, 2], [2, 3]]


def test_a_price_cut_is_that_of_the_other_stores_carried_forward(read) -> None:
    weeks = read()
    # Store A looks at B: unknown before B sold any, then half off, then none, then carried.
    assert weeks.cut[0].tolist() == pytest.approx([np.nan, 0.5, 0.0, 0.0], nan_ok=True)
    assert weeks.carried[0].tolist() == [False, False, False, True]
    assert weeks.cut[1].tolist() == pytest.approx([0.0, 0.25, 0.25, 0.25], nan_ok=True)
    assert np.isnan(weeks.cut[2]).all()  # nobody else sells tea
    assert weeks.own_cut[0].tolist() == pytest.approx([0.0, 0.25, np.nan, np.nan], nan_ok=True)


def test_the_products_bought_most_are_looked_at(read) -> None:
    assert read(most_products=1).products.tolist() == ["milk"]
    assert read(least_in_store=2).products.tolist() == ["milk"]
    assert read(least_in_store=9) is None


def test_without_promotions_there_is_nothing_to_read(table) -> None:
    lines = table("lines", LINES, SOLD)
    none = table("placed", PLACES, PLACED).limit(0)
    for promotions in (None, none):
        assert read_store_weeks(lines, promotions, **PERIOD, most_products=5, least_in_store=1) is None


def test_the_order_of_rows_does_not_matter(table, read) -> None:
    turned = read_store_weeks(
        table("turned", LINES, SOLD[::-1]),
        table("placed2", PLACES, PLACED[::-1]),
        **PERIOD,
        most_products=5,
        least_in_store=1,
    )
    for name in ("units", "display", "mailer", "cut", "own_cut"):
        assert np.array_equal(getattr(turned, name), getattr(read(), name), equal_nan=name.endswith("cut"))

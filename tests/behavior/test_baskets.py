import numpy as np
import pytest

from customer_patterns import behavior

NOON = "2017-05-03 16:00"


def baskets(*values, customers=12, kind="goods"):
    """Each of the customers has one order of each value."""
    return [(f"c{i:02d}", NOON, value, kind) for i in range(customers) for value in values]


def test_the_median_and_the_mean_basket(orders):
    figures = behavior.basket_figures(orders(baskets(1, 2, 3, 4, 100))).set_index("statistic")
    assert figures.at["median", "basket_value"] == 3
    assert figures.at["mean", "basket_value"] == 22
    assert figures["orders"].tolist() == [60] * 6
    assert figures["n"].tolist() == [12] * 6


def test_customers_who_are_alike_give_no_interval_of_a_mean(orders):
    figures = behavior.basket_figures(orders(baskets(1, 100))).set_index("statistic")
    assert figures.loc["mean", ["basket_value_low", "basket_value_high"]].isna().all()


def test_fuel_bought_with_goods_is_no_part_of_the_basket(orders):
    rows = []
    for i in range(12):
        rows += [(f"c{i:02d}", NOON, 5 + i, "goods", "milk", f"o{i}"), (f"c{i:02d}", NOON, 40, "fuel", "gas", f"o{i}")]
    book = orders(rows)
    assert behavior.basket_figures(book)["basket_value"].max() <= 16
    assert behavior.fuel_figures(book)["fuel_value"].isna().all()


def test_stops_for_fuel_alone_are_no_baskets(orders):
    book = orders(baskets(10, 30) + baskets(50, kind="fuel"))
    assert behavior.basket_figures(book).set_index("statistic").at["highest tenth", "basket_value"] == 30
    fuel = behavior.fuel_figures(book).set_index("statistic")
    assert fuel.at["median", "fuel_value"] == 50
    assert fuel.at["median", "orders"] == 12


def test_products_are_counted_once_each(orders):
    rows = [
        (f"c{i:02d}", NOON, 1, "goods", product, f"o{i}") for i in range(12) for product in ("milk", "bread", "eggs")
    ]
    figures = behavior.basket_figures(orders(rows)).set_index("statistic")
    assert figures.at["median", "basket_products"] == 3


def test_baskets_of_nine_customers_are_blank(orders):
    figures = behavior.basket_figures(orders(baskets(1, 2, 3, customers=9)))
    assert figures[["basket_value", "orders", "n"]].isna().all(axis=None)


def test_a_value_on_the_line_belongs_to_the_next_class(orders):
    rows = baskets("4.99", "5.00", "19.99", "20.00", 300)
    table = behavior.basket_histogram(orders(rows), width=5, last=20)
    assert table["value_from"].tolist() == [0, 5, 10, 15, 20]
    assert table["orders"].tolist() == [12, 12, 0, 12, 24]
    assert table["share_of_orders"].sum() == pytest.approx(1)
    assert table["value_to"].isna().tolist() == [False] * 4 + [True]


def test_classes_are_drawn_up_to_the_first_that_is_blank_or_open(orders):
    rows = baskets(1, 6, 6, 99) + baskets(16, customers=11) + baskets(11, customers=3)
    table = behavior.basket_histogram(orders(rows), width=5, last=20)
    assert table["suppressed"].tolist() == ["no", "no", "too few", "to protect another", "no"]
    assert behavior.closed_classes(table)["value_from"].tolist() == [0, 5]


def test_nothing_is_drawn_where_that_would_leave_out_most_baskets(orders):
    rows = baskets(1, 16, 17, 18) + baskets(6, customers=3)
    assert behavior.closed_classes(behavior.basket_histogram(orders(rows), width=5, last=20)).empty


@pytest.mark.parametrize(("unit", "width"), [(1, 20), (0.1, 2), (1000, 20_000)])
def test_classes_are_as_wide_as_values_spread_in_whatever_currency(orders, unit, width):
    """216 baskets from 0.5 to 107.5: quartiles 53.5 apart, twice that by the cube root of 216 are 17.8, so 20."""
    rows = baskets(*(round((n + 0.5) * unit, 2) for n in range(0, 108, 6)))
    table = behavior.basket_histogram(orders(rows))
    assert np.diff(table["value_from"]) == pytest.approx([width] * 6)
    assert behavior.closed_classes(table)["share_of_orders"].sum() == pytest.approx(1)
    given = behavior.basket_histogram(orders(rows), width=30 * unit)
    assert given["value_from"].tolist() == pytest.approx([0, 30 * unit, 60 * unit, 90 * unit, 120 * unit])


def test_the_last_class_begins_at_a_multiple_of_the_width(orders):
    with pytest.raises(ValueError, match="multiple"):
        behavior.basket_histogram(orders(baskets(1)), width=5, last=12)

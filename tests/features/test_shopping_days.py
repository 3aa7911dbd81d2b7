"""Shopping days by hand, the same switches as the patterns room counts, and nothing from after the last day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from customer_patterns.features.shopping_days import SHOPPING_DAYS
from customer_patterns.patterns import preferences
from customer_patterns.schemas import check
from tests.outlook.shop import days_of, joined, order_lines

BOUGHT = [
    ("ann", "2017-01-02", {"milk a": 2.0, "soap": 3.0}, 1.0),
    ("ann", "2017-01-02", {"thing": 1.0, "fuel": 30.0}),
    ("ann", "2017-01-09", {"milk b": 2.5}),
    ("ann", "2017-01-12", {"milk b": 2.5, "soap": 3.0}),
    ("bob", "2017-01-05", {"fuel": 40.0}),
    ("bob", "2017-01-06", {"soap": 3.0}),
]


def test_a_day_adds_up_its_orders_and_what_changed_since_the_last_one() -> None:
    days = days_of(BOUGHT)
    check(SHOPPING_DAYS.cast(days), SHOPPING_DAYS)
    assert days.count().to_pyarrow().as_py() == 4
    ann = days.filter(days.customer_id == "ann").order_by("ordered_on").to_pandas()
    assert ann["goods"].tolist() == [600, 250, 550]  # fuel is not goods
    assert ann["discounts"].tolist() == [200, 0, 0]
    assert ann["known_brand"].tolist() == [500, 250, 550]
    assert ann["own_brand"].tolist() == [0, 250, 250]
    assert ann["gap_days"].isna().tolist() == [True, False, False]
    assert ann["gap_days"].tolist()[1:] == [7, 3]
    # Milk twice again: of another maker first, of the same then; soap again of the same.
    assert ann["brand_chances"].tolist() == [0, 1, 2]
    assert ann["brand_switches"].tolist() == [0, 1, 0]
    assert np.bitwise_count(ann["departments"].to_numpy()).tolist() == [2, 1, 2]


def test_who_bought_only_fuel_had_no_shopping_day() -> None:
    days = days_of(BOUGHT).to_pandas()
    assert days.loc[days["customer_id"] == "bob", "ordered_on"].dt.date.tolist() == [date(2017, 1, 6)]


def test_an_order_through_another_channel_than_the_one_before_is_a_switch() -> None:
    channels = [("o0000000", "store"), ("o0000001", "unknown"), ("o0000002", "online"), ("o0000003", "online")]
    days = joined(order_lines(BOUGHT), order_channels=channels).to_pandas()
    ann = days[days["customer_id"] == "ann"].sort_values("ordered_on")
    assert ann["channel_chances"].tolist() == [0, 1, 1]
    assert ann["channel_switches"].tolist() == [0, 1, 0]


def test_an_order_after_the_last_day_changes_nothing() -> None:
    early = [row for row in BOUGHT if row[1] <= "2017-01-09"]
    last = date(2017, 1, 9)
    one, other = (days_of(rows, last_day=last).order_by("customer_id", "ordered_on") for rows in (BOUGHT, early))
    assert one.to_pandas().equals(other.to_pandas())


def test_switches_of_brands_are_those_that_the_patterns_room_counts() -> None:
    random = np.random.default_rng(4)
    names = ("milk a", "milk b", "soap", "thing")
    bought = [
        (f"c{random.integers(8)}", date(2017, 1, 1 + int(random.integers(31))), {names[random.integers(4)]: 2.0})
        for _ in range(300)
    ]
    lines = order_lines(bought)
    days = joined(lines).to_pandas()
    backend = lines._find_backend()
    rows = lines.select("product_id", "customer_id", "ordered_on", "order_id").to_pyarrow()
    number = {name: place for place, name in enumerate(sorted(set(rows["order_id"].to_pylist())))}
    baskets = rows.append_column("basket", pa.array([number[one] for one in rows["order_id"].to_pylist()], pa.int64()))
    theirs = preferences.category_switches(
        backend.create_table("basket_products", baskets.drop_columns(["order_id"])),
        backend.table("products"),
        window_days=7,
        last_day=date(2017, 1, 31),
        brand="maker",
    )
    ours = days.groupby("customer_id")
    for name, other in (("brand_chances", "chances"), ("brand_switches", "switched")):
        each = np.bincount(theirs.customer, theirs.counts[other], minlength=len(theirs.customers))
        expected = {str(one): int(k) for one, k in zip(theirs.customers, each, strict=True) if k}
        seen = ours[name].sum()
        assert sum(expected.values()) > 40
        assert seen[seen > 0].to_dict() == expected

"""Revenue at risk, worked out by hand; the lower assumption never exceeds the higher; intervals hold."""

from __future__ import annotations

from datetime import date
from functools import cache

import ibis
import numpy as np
import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.patterns.assortment import tables
from customer_patterns.patterns.assortment.delisting import at_most_risk, revenue_at_risk

PERIOD = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}
PRODUCTS = [("a", "milk"), ("b", "milk"), ("c", "tea"), ("d", "unknown")]


def risks(
    rows: list[tuple],
    *,
    products: list[tuple] = PRODUCTS,
    least_buyers: int = 1,
    enough: int = 2,
    protect: bool = False,
) -> pd.DataFrame:
    backend = warehouse.connect()
    lines = pd.DataFrame(rows, columns=["customer_id", "product_id", "ordered_on", "revenue", "line_kind"])
    made = backend.create_table("lines", ibis.memtable(lines))
    made = made.mutate(ordered_on=made.ordered_on.cast("date"), revenue=made.revenue.cast("decimal(18, 2)"))
    sold = backend.create_table(
        "products", ibis.memtable(pd.DataFrame(products, columns=["product_id", "product_type"]))
    )
    terms = {"least_buyers": least_buyers, "enough_purchases": enough, "protect": protect}
    return revenue_at_risk(made, sold, **PERIOD, **terms)


def bought(customer: str, product: str, times: int, price: float = 2.0) -> list[tuple]:
    return [(customer, product, "2017-05-01", price, "goods")] * times


HAND = [
    *bought("sole", "a", 3),
    *bought("split", "a", 1),
    *bought("split", "b", 3),
    *bought("once", "a", 1, 4.0),
    *bought("other", "b", 2),
    *bought("other", "c", 2),
    *bought("other", "d", 2),
    ("sole", "a", "2018-01-01", 50.0, "goods"),
    ("sole", "a", "2017-02-01", 50.0, "fuel"),
]


def test_by_hand() -> None:
    found = risks(HAND).set_index(["product_id", "assumption"])
    # Milk a: 6 of sole, 2 of split (a quarter of whose milk it is), 4 of once, who cannot have shown anything.
    row = found.loc[("a", tables.NEVER_ANOTHER)]
    assert (row["revenue"], row["n"]) == (12.0, 3)
    assert row["share"] == pytest.approx(6 / 12)
    assert row["at_risk"] == pytest.approx(6)
    assert found.loc[("a", tables.IN_PROPORTION), "share"] == pytest.approx((6 + 0.25 * 2 + 4) / 12)
    assert found.loc[("b", tables.NEVER_ANOTHER), "share"] == pytest.approx(4 / 10)
    # Tea is the only one of its kind, and what kind d is nobody knows.
    assert set(found.index.get_level_values(0)) == {"a", "b"}


def test_more_purchases_are_needed_to_have_shown_anything() -> None:
    found = risks(HAND, enough=4).set_index(["product_id", "assumption"])
    assert found.loc[("a", tables.NEVER_ANOTHER), "share"] == 0
    with pytest.raises(ValueError, match="two purchases"):
        risks(HAND, enough=1)


@cache
def simulated(seeds: range, customers: int) -> pd.DataFrame:
    """Markets of customers with a taste for one of three milks, some true to it; each market has milks of its own."""
    rows, products = [], []
    for seed in seeds:
        random = np.random.default_rng(seed)
        products += [(f"{milk}{seed}", f"milk {seed}") for milk in "abe"]
        for n in range(customers):
            true, often = random.random() < 0.3, 3 + random.poisson(4)
            for _ in range(often):
                product = "a" if true or random.random() < 0.5 else str(random.choice(["b", "e"]))
                rows += bought(f"c{n:04d}", f"{product}{seed}", 1, float(random.gamma(4, 0.5) + 0.1))
    return risks(rows, products=products, enough=3)


def test_intervals_hold_what_a_large_market_shows() -> None:
    large = simulated(range(1, 2), 6000).set_index(["product_id", "assumption"])["share"]
    found = simulated(range(10, 110), 60)
    hits, naive = [], []
    for row in found[found["product_id"].str.startswith("a")].itertuples():
        truth = large[("a1", row.assumption)]
        hits.append(row.share_low <= truth <= row.share_high)
        # The broken twin: every dollar an independent draw.
        half = 1.96 * np.sqrt(row.share * (1 - row.share) / row.revenue)
        naive.append(abs(row.share - truth) <= half)
    assert 0.9 <= np.mean(hits) <= 0.99
    assert np.mean(naive[::2]) < 0.8  # of who is true or not


def test_the_first_assumption_never_puts_more_at_risk() -> None:
    found = simulated(range(10, 110), 60)
    shares = found.pivot_table(index="product_id", columns="assumption", values="share")
    assert (shares[tables.NEVER_ANOTHER] <= shares[tables.IN_PROPORTION]).all()
    assert ((found["share_low"] <= found["share"]) & (found["share"] <= found["share_high"])).all()
    assert found["share_low"].min() >= 0
    assert found["share_high"].max() <= 1


def test_where_everybody_or_nobody_is_true_the_interval_is_not_a_point() -> None:
    rows = [line for n in range(20) for line in bought(f"c{n}", "a", 3)] + bought("x", "b", 3)
    row = risks(rows).query("product_id == 'a'").iloc[0]
    assert row["share"] == 1 == row["share_high"]
    assert 0.8 < row["share_low"] < 0.9  # Wilson, 20 of 20


def test_products_with_most_at_risk_come_first() -> None:
    found = at_most_risk(risks(HAND), most=1)
    assert found["product_id"].tolist() == ["a", "a"]
    assert found["assumption"].tolist() == [tables.NEVER_ANOTHER, tables.IN_PROPORTION]


def test_a_product_whose_revenue_is_one_buyers_is_left_out() -> None:
    rows = [line for n in range(20) for line in [*bought(f"c{n}", "a", 2), *bought(f"c{n}", "b", 1)]]
    large = [*rows, *bought("large", "a", 2, 500.0), *bought("large", "b", 1)]
    assert set(risks(large)["product_id"]) == {"a", "b"}, "the broken twin: it tells that someone spent 1,000"
    assert set(risks(large, protect=True)["product_id"]) == {"b"}
    assert set(risks(rows, protect=True)["product_id"]) == {"a", "b"}


def test_too_few_buyers_leave_an_empty_table() -> None:
    assert risks(HAND, least_buyers=100).empty
    assert at_most_risk(risks(HAND, least_buyers=100), most=3).empty

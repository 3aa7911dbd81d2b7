"""Brands of a category beside the NBD-Dirichlet: by hand, on markets that follow it and on one with a niche."""

from datetime import date

import numpy as np
import pytest

from customer_patterns.behavior.market import Purchases, choose_category, market_structure, purchases_in
from customer_patterns.behavior.market.tables import AS_EXPECTED, AS_SIZES, MORE_OFTEN, SHARE_MORE
from customer_patterns.schemas import check

YEAR = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}
SHARES = np.array([0.35, 0.25, 0.2, 0.12, 0.08])


def draw(customers=1500, seed=1, mean=6.0, shape=0.9, loyalty=1.5, niche=False):
    """Customers who buy as the model says; with a niche, a tenth of them buy the fourth brand and nothing else."""
    random = np.random.default_rng(seed)
    bought = random.poisson(random.gamma(shape, mean / shape, customers))
    chances = random.dirichlet(loyalty * SHARES, customers)
    if niche:
        chances[: customers // 10] = np.eye(5)[3]
    return random.multinomial(bought, chances).astype(float)


def structure(counts):
    others = np.zeros((len(counts), 1))
    return market_structure(Purchases("CEREAL", list("ABCDE"), np.hstack([counts, others])))


def test_a_market_without_niches_shows_double_jeopardy_and_no_brand_beside_the_line():
    brands = structure(draw()).brands
    assert brands["penetration"].is_monotonic_decreasing
    assert brands["frequency"].iloc[0] > brands["frequency"].iloc[-1]
    assert (brands["verdict"] == AS_EXPECTED).all()
    assert brands["penetration"].to_numpy() == pytest.approx(brands["expected_penetration"], abs=0.03)


def test_a_niche_is_found_and_a_market_without_one_seldom_has_any():
    found = structure(draw(niche=True)).brands.set_index("brand")["verdict"]
    assert found["D"] == MORE_OFTEN
    wrong = sum(
        (structure(draw(customers=600, seed=seed)).brands["verdict"] != AS_EXPECTED).any() for seed in range(20)
    )
    assert wrong <= 3


def test_figures_by_hand():
    # Three customers: two of A, one of A and one of B, none at all; repeated often enough to be shown.
    counts = np.tile([[2.0, 0, 0], [1, 1, 0], [0, 0, 0]], (40, 1))
    made = market_structure(Purchases("JAM", ["A", "B"], counts))
    a, b = made.brands.iloc[0], made.brands.iloc[1]
    assert (a["n"], b["n"], a["customers"]) == (80, 40, 120)
    assert (a["penetration"], a["frequency"], a["share_of_purchases"]) == pytest.approx((2 / 3, 1.5, 0.75))
    assert (a["requirements"], b["requirements"]) == pytest.approx((0.75, 0.5))
    pairs = made.duplication.set_index(["buyers_of", "also_buy"])["duplication"]
    assert pairs.to_dict() == pytest.approx({("A", "B"): 0.5, ("B", "A"): 1.0})
    # Forty buy both: of A's 80 buyers and B's 40, by sizes alone 80 × 40 × 2 pairs share 2 × 40 buyers.
    by_size = made.duplication.set_index(["buyers_of", "also_buy"])["by_size"]
    assert by_size.to_dict() == pytest.approx({("A", "B"): 0.5, ("B", "A"): 1.0})
    figures = made.figures.set_index("figure")["value"]
    assert figures["customers who buy the category"] == pytest.approx(2 / 3)
    assert figures["brands per buyer"] == pytest.approx(1.5)


def test_orders_of_rows_and_customers_without_category_change_what_they_should():
    counts = draw(customers=400)
    one, other = structure(counts).brands, structure(counts[::-1]).brands
    numbers = one.select_dtypes("number").columns
    assert one[["frequency", "penetration"]].equals(other[["frequency", "penetration"]])
    assert np.allclose(one[numbers].astype(float), other[numbers].astype(float), rtol=0.2, equal_nan=True)


def test_the_tables_keep_their_promise(table):
    made = structure(draw(customers=300))
    from customer_patterns.behavior.market.tables import BRAND_DUPLICATION, MARKET_BRANDS, MARKET_FIGURES

    for frame, schema in zip(made, (MARKET_BRANDS, BRAND_DUPLICATION, MARKET_FIGURES), strict=True):
        import pyarrow as pa

        check(table(pa.Table.from_pandas(frame, preserve_index=False)), schema)


def test_no_category_gives_tables_without_rows():
    assert [len(part) for part in market_structure(None)] == [0, 0, 0]


@pytest.fixture
def shelf(table):
    """Products of four makers of cola and of one maker of milk."""
    rows = [(f"cola{i}", "COLA", f"m{i}") for i in range(4)] + [("milk", "MILK", "m9"), ("what", "COLA", "unknown")]
    return table([{"product_id": p, "category": c, "brand": b, "department": "D"} for p, c, b in rows])


def cola(customers=12):
    noon, rows = "2017-05-03 16:00", []
    for i in range(customers):
        for maker in range(4):
            rows += [(f"c{i:02d}", noon, 1, "goods", f"cola{maker}", f"o{i}")]
        rows += [(f"c{i:02d}", noon, 1, "goods", "milk", f"o{i}-{k}") for k in range(9)]
        rows += [(f"c{i:02d}", noon, 1, "goods", "cola0", f"o{i}")]  # twice in one order: one purchase
    return [*rows, ("c90", noon, 1, "goods", "what", "o90"), ("c91", "2018-02-03 16:00", 1, "goods", "cola0", "o91")]


def test_the_category_is_that_in_which_brands_compete(lines, shelf):
    from customer_patterns.behavior.popular import bought_by_kind, bought_by_product

    bought = bought_by_kind(bought_by_product(lines(cola())), shelf)
    assert choose_category(bought, min_buyers=10) == "COLA"  # milk is bought more, of one maker
    assert choose_category(bought, min_buyers=30) is None
    assert choose_category(bought, category="MILK", min_buyers=10) is None


def test_a_purchase_is_an_order_with_the_brand(lines, shelf):
    made = purchases_in(lines(cola()), shelf, category="COLA", min_buyers=10, most_brands=3, **YEAR)
    assert made.brands == ["m0", "m1", "m2"]
    assert made.counts.shape == (13, 4)  # twelve, and one who bought what nobody can name
    assert made.counts[:12].tolist() == [[1, 1, 1, 1]] * 12
    assert made.counts[12].tolist() == [0, 0, 0, 0]


def test_two_brands_bought_by_the_same_customers_share_more_than_sizes_let_expect():
    random = np.random.default_rng(8)
    counts = (random.random((900, 5)) < [0.5, 0.4, 0.3, 0.3, 0.2]).astype(float)
    twins = counts.copy()
    twins[:, 3] = np.where(random.random(900) < 0.8, twins[:, 2], twins[:, 3])
    alike, found = (structure(drawn).duplication for drawn in (counts, twins))
    assert alike["verdict"].eq(AS_SIZES).all()
    more = found[found["verdict"] == SHARE_MORE]
    assert {frozenset(pair) for pair in more[["buyers_of", "also_buy"]].to_numpy()} == {frozenset("CD")}

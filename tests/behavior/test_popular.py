import pytest

from customer_patterns import behavior

NOON = "2017-05-03 16:00"


@pytest.fixture
def products(table):
    rows = [("milk", "DAIRY"), ("cheese", "DAIRY"), ("bread", "BAKERY"), ("apple", "FRUIT"), ("gas", "FUEL")]
    same = {"category": "unknown", "brand": "National", "manufacturer_id": "7"}
    return table([{"product_id": product, "department": department} | same for product, department in rows])


@pytest.fixture
def popular(lines, products):
    """Rank what was bought on these lines by department."""

    def rank(rows):
        named = behavior.brands_named(products)
        return behavior.popular(
            behavior.bought_by_kind(behavior.bought_by_product(lines(rows)), named), by="department"
        )

    return rank


def bought(product, revenue, customers=20, kind="goods"):
    return [(f"c{i:02d}", NOON, revenue, kind, product) for i in range(customers)]


def test_departments_are_ranked_by_revenue(popular):
    rows = bought("milk", 3) + bought("cheese", 1, customers=12) + bought("bread", 7, customers=15)
    table = popular(rows)
    assert table["department"].tolist() == ["BAKERY", "DAIRY"]
    assert table["revenue"].tolist() == [105, 72]
    assert table["n"].tolist() == [15, 20]
    assert table["penetration"].tolist() == [0.75, 1]
    assert table["share_of_revenue"].round(6).tolist() == [round(105 / 177, 6), round(72 / 177, 6)]


def test_equal_revenue_is_ranked_by_name_whatever_the_order_of_rows(popular):
    rows = bought("milk", 3) + bought("apple", 3) + bought("bread", 3)
    for version in (rows, rows[::-1]):
        table = popular(version)
        assert table["department"].tolist() == ["BAKERY", "DAIRY", "FRUIT"]
        assert table["rank"].tolist() == [1, 2, 3]


def test_fuel_is_not_ranked(popular):
    rows = bought("milk", 3) + bought("gas", 90, kind="fuel")
    assert popular(rows)["department"].tolist() == ["DAIRY"]


def test_what_few_customers_buy_is_blank_and_last(popular):
    rows = bought("milk", 3) + bought("bread", 3, customers=14) + bought("apple", 500, customers=3)
    table = popular(rows).set_index("department")
    assert table["suppressed"].to_dict() == {"DAIRY": "no", "BAKERY": "to protect another", "FRUIT": "too few"}
    assert table.loc[["BAKERY", "FRUIT"], ["revenue", "n", "penetration", "share_of_revenue"]].isna().all(axis=None)


def named(table, *products):
    """Products with all that a list of them shows."""
    return table(
        [
            {"product_id": p, "category": "DAIRY", "product_type": t, "brand": "National", "package_size": "1 L"}
            for p, t in products
        ]
    )


def test_products_are_ranked_by_buyers_then_revenue_then_key(lines, table):
    rows = bought("cheese", 9, customers=12) + bought("milk", 1) + bought("bread", 2) + bought("apple", 2)
    products = named(table, ("milk", "MILK"), ("cheese", "CHEESE"), ("bread", "BREAD"))
    for version in (rows, rows[::-1]):
        ranked = behavior.popular_products(behavior.bought_by_product(lines(version)), products)
        assert ranked["product_id"].tolist() == ["apple", "bread", "milk", "cheese"]
        assert ranked["rank"].tolist() == [1, 2, 3, 4]
    assert ranked["n"].tolist() == [20, 20, 20, 12]
    assert ranked["product_type"].tolist() == ["unknown", "BREAD", "MILK", "CHEESE"]
    assert ranked["penetration"].tolist() == [1, 1, 1, 0.6]
    assert ranked["revenue"].tolist() == [40, 40, 20, 108]
    # the twin that ranks by revenue alone would put cheese first
    assert ranked["product_id"].iloc[0] != ranked.sort_values("revenue")["product_id"].iloc[-1]


def test_no_list_names_what_few_bought(lines, table):
    rows = bought("milk", 1) + bought("cheese", 99, customers=9)
    ranked = behavior.popular_products(
        behavior.bought_by_product(lines(rows)), named(table, ("milk", "MILK"), ("cheese", "CHEESE")), top=5
    )
    assert ranked["product_id"].tolist() == ["milk"]
    assert (
        len(behavior.popular_products(behavior.bought_by_product(lines(rows)), named(table, ("milk", "MILK")), top=1))
        == 1
    )

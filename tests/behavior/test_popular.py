import pytest

from customer_patterns import behavior

NOON = "2017-05-03 16:00"


@pytest.fixture
def products(table):
    rows = [("milk", "DAIRY"), ("cheese", "DAIRY"), ("bread", "BAKERY"), ("apple", "FRUIT"), ("gas", "FUEL")]
    return table([{"product_id": product, "department": department} for product, department in rows])


def bought(product, revenue, customers=20, kind="goods"):
    return [(f"c{i:02d}", NOON, revenue, kind, product) for i in range(customers)]


def test_departments_are_ranked_by_revenue(lines, products):
    rows = bought("milk", 3) + bought("cheese", 1, customers=12) + bought("bread", 7, customers=15)
    table = behavior.popular(lines(rows), products, by="department")
    assert table["department"].tolist() == ["BAKERY", "DAIRY"]
    assert table["revenue"].tolist() == [105, 72]
    assert table["n"].tolist() == [15, 20]
    assert table["penetration"].tolist() == [0.75, 1]
    assert table["share_of_revenue"].round(6).tolist() == [round(105 / 177, 6), round(72 / 177, 6)]


def test_equal_revenue_is_ranked_by_name_whatever_the_order_of_rows(lines, products):
    rows = bought("milk", 3) + bought("apple", 3) + bought("bread", 3)
    for version in (rows, rows[::-1]):
        table = behavior.popular(lines(version), products, by="department")
        assert table["department"].tolist() == ["BAKERY", "DAIRY", "FRUIT"]
        assert table["rank"].tolist() == [1, 2, 3]


def test_fuel_is_not_ranked(lines, products):
    rows = bought("milk", 3) + bought("gas", 90, kind="fuel")
    assert behavior.popular(lines(rows), products, by="department")["department"].tolist() == ["DAIRY"]


def test_what_few_customers_buy_is_blank_and_last(lines, products):
    rows = bought("milk", 3) + bought("bread", 3, customers=14) + bought("apple", 500, customers=3)
    table = behavior.popular(lines(rows), products, by="department").set_index("department")
    assert table["suppressed"].to_dict() == {"DAIRY": "no", "BAKERY": "to protect another", "FRUIT": "too few"}
    assert table.loc[["BAKERY", "FRUIT"], ["revenue", "n", "penetration", "share_of_revenue"]].isna().all(axis=None)

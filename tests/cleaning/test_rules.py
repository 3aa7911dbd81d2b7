"""Each rule on a table small enough to count by hand."""

from datetime import date, datetime

import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.cleaning import clean_study, found_nothing, that_found

LINE = {
    "order_id": "1", "customer_id": "x", "product_id": "milk", "store_id": "s", "quantity": 1, "revenue": 2.0,
    "ordered_at": datetime(2017, 1, 3, 17), "retail_discount": 0.0, "coupon_discount": 0.0,
    "coupon_match_discount": 0.0, "delivered_week": 2,
}  # fmt: skip
PRODUCTS = [
    {"product_id": "milk", "department": "GROCERY", "product_type": "MILK"},
    {"product_id": "gas", "department": "MISC", "product_type": "GASOLINE-REG UNLEADED"},
    {"product_id": "card", "department": "MISC", "product_type": "MASTERCARD GIFT CARD"},
]


@pytest.fixture(scope="module")
def clean():
    """Clean a few order lines, each given as what differs from an ordinary one."""

    def run(*changes, customers=(), products=PRODUCTS):
        backend = warehouse.connect()  # of its own: later cleanings take nothing from under an earlier one
        lines = pd.DataFrame([{**LINE, **change} for change in changes])
        money = {c: "decimal(18, 2)" for c in lines if c == "revenue" or c.endswith("discount")}
        backend.con.register("lines", lines)
        tables = {"order_lines": backend.table("lines").cast(money)}
        if products:
            extra = dict.fromkeys(["category", "brand", "package_size", "manufacturer_id"])
            backend.con.register("products_", pd.DataFrame(products).assign(**extra).astype("string"))
            tables["products"] = backend.table("products_")
        if customers:
            levels = ["age_group", "income_group", "home_ownership", "marital_status", "household_size"]
            levels += ["household_composition", "children"]
            frame = pd.DataFrame({"customer_id": list(customers)}).assign(**dict.fromkeys(levels))
            backend.con.register("customers_", frame.astype("string"))
            tables["customers"] = backend.table("customers_")
        return clean_study(
            tables, time_zone="America/New_York", first_day=date(2017, 1, 1), fuel_types="GASOLINE%",
            gift_card_types="%GIFT CARD%", backend=backend,
        )  # fmt: skip

    return run


def found(cleaned, words):
    rules = cleaned.rules[cleaned.rules["rule"].str.contains(words)]
    return int(rules["records_found"].iloc[0])


def lines_of(cleaned):
    return cleaned.tables["order_lines"].to_pandas().sort_values(["order_id", "product_id"], ignore_index=True)


#: Orders with one fault each, by the order's number; some customers were described.
SHOP = [
    {"order_id": "twice"},
    {"order_id": "twice"},
    {"order_id": "two lines", "quantity": 1, "revenue": 2.0},
    {"order_id": "two lines", "quantity": 2, "revenue": 3.5},
    {"order_id": "note", "product_id": "note", "quantity": 0, "revenue": 0.0},
    {"order_id": "gift", "product_id": "gift", "revenue": 0.0},
    {"order_id": "fuel", "product_id": "gas", "quantity": 15000, "revenue": 30.0},
    {"order_id": "card", "product_id": "card"},
    {"order_id": "mystery", "product_id": "mystery", "customer_id": "y"},
    {"order_id": "late", "ordered_at": datetime(2017, 1, 3, 3)},  # ten in the evening of the day before
]


@pytest.fixture(scope="module")
def shop(clean):
    return clean(*SHOP, customers=["x"])


@pytest.fixture(scope="module")
def lines(shop):
    return lines_of(shop).set_index("order_id")


@pytest.fixture(scope="module")
def departments(shop):
    return shop.tables["products"].to_pandas().set_index("product_id")["department"]


def test_a_record_delivered_twice_counts_once(shop, lines):
    assert found(shop, "order_lines: the same record") == 1
    assert lines.index.tolist().count("twice") == 1
    assert (lines.at["twice", "quantity"], float(lines.at["twice", "revenue"])) == (1, 2)


def test_one_product_on_two_lines_is_added_up_and_no_money_is_lost(shop, lines):
    assert found(shop, "added up") == 1
    assert (lines.at["two lines", "quantity"], float(lines.at["two lines", "revenue"])) == (3, 5.5)


def test_a_line_without_units_and_money_is_not_a_sale_but_a_free_item_is_kept(shop, lines):
    assert found(shop, "no units and no money") == 1
    assert found(shop, "given away") == 1
    assert "note" not in lines.index
    assert lines.at["gift", "product_id"] == "gift"


def test_fuel_stays_in_the_books_with_a_department_of_its_own_and_without_units(lines, departments):
    assert lines.at["fuel", "line_kind"] == "fuel"
    assert pd.isna(lines.at["fuel", "quantity"])
    assert float(lines.at["fuel", "revenue"]) == 30
    assert departments["gas"] == "FUEL"
    assert lines.at["twice", "line_kind"] == "goods"


def test_gift_cards_are_a_kind_of_their_own(lines, departments):
    assert lines.at["card", "line_kind"] == "gift_card"
    assert departments["card"] == "GIFT CARDS"


def test_a_product_nobody_described_is_kept_as_unknown(shop, departments):
    assert departments["mystery"] == departments["gift"] == "unknown"
    assert found(shop, "sold but not described") == 2


def test_a_customer_nobody_described_is_kept_as_unknown(shop):
    people = shop.tables["customers"].to_pandas().set_index("customer_id")
    assert people["has_demographics"].to_dict() == {"x": True, "y": False}
    assert set(people["age_group"]) == {"unknown"}


def test_a_study_without_products_and_customers_is_cleaned_too(clean):
    cleaned = clean({}, products=())
    assert lines_of(cleaned)["line_kind"].tolist() == ["goods"]
    assert cleaned.tables["products"].to_pandas()["department"].tolist() == ["unknown"]


def test_the_day_of_an_order_is_the_one_on_the_shops_clock(lines):
    assert pd.Timestamp(lines.at["late", "ordered_on"]).date() == date(2017, 1, 2)


def test_a_wrong_time_zone_shows_in_the_senders_weeks(clean):
    monday_morning_utc = datetime(2017, 1, 9, 3)  # still Sunday, week 2, in New York
    right, wrong = ({"ordered_at": monday_morning_utc, "delivered_week": week} for week in (2, 3))
    quality = clean(right, {**wrong, "order_id": "2"}, {**wrong, "order_id": "3"}, {**wrong, "order_id": "4"}).quality
    row = quality[(quality["table"] == "order_lines") & (quality["column"] == "delivered_week")].iloc[0]
    assert row["valid"] == 0.25


def test_records_and_money_balance_from_rule_to_rule(shop):
    rules = shop.rules
    lines = rules[rules["table"] == "order_lines"]
    assert lines["records_out"].tolist()[:-1] == lines["records_in"].tolist()[1:]
    assert lines["revenue_out"].tolist()[:-1] == lines["revenue_in"].tolist()[1:]
    dropped = lines[lines["action"] == "dropped"]
    assert (dropped["records_in"] - dropped["records_found"] == dropped["records_out"]).all()
    assert dropped["records_found"].sum() == 3


@pytest.fixture(scope="module")
def again(clean, shop):
    """What was cleaned, delivered once more and in the opposite order; fuel has lost its units for good."""
    left = lines_of(shop).query("line_kind != 'fuel'").drop(columns=["ordered_on", "line_kind"])
    return clean(*left.assign(delivered_week=2).iloc[::-1].to_dict("records"), customers=["x"])


def test_cleaning_what_is_clean_drops_nothing_more(shop, again):
    assert again.rules.loc[again.rules["action"] == "dropped", "records_found"].sum() == 0
    first = lines_of(shop).query("line_kind != 'fuel'").reset_index(drop=True)
    pd.testing.assert_frame_equal(lines_of(again), first, check_dtype=False)


def test_the_order_of_rows_changes_nothing(clean, shop):
    backwards = clean(*reversed(SHOP), customers=["x"])
    pd.testing.assert_frame_equal(lines_of(backwards), lines_of(shop))


def test_rules_that_found_nothing_are_counted_and_not_listed():
    table = pd.DataFrame(
        {
            "rule": ["empty table", "found", "found nothing", "found later"],
            "position": [1, 4, 3, 2],
            "records_in": [0, 9, 9, 9],
            "records_found": [0, 2, 0, 1],
            "records_out": [0, 7, 9, 9],
        }
    )
    assert that_found(table)["rule"].tolist() == ["found later", "found"]
    assert found_nothing(table).value == 1  # a rule that had nothing to look at is none

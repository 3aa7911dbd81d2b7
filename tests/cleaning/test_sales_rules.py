"""Which order lines are purchases of a customer, and where the others go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from customer_patterns.cleaning import CleaningError, Options
from customer_patterns.schemas.canonical import CANONICAL
from tests.cleaning.deliveries import LATER, NOON, clean, found, rows

SOLD = {"order_id": "1", "customer_id": "x", "product_id": "milk", "ordered_at": NOON, "quantity": 3, "revenue": 6}
BACK = {**SOLD, "quantity": -1, "revenue": -2, "ordered_at": LATER}
SHOP = Options(currency="CNY", cancellation_prefix="C", tests=("^TEST",), staff=("^S-",), guests=("^0$", "^-1$"))


def links(cleaned):
    return dict(zip(rows(cleaned, "reversals")["order_id"], rows(cleaned, "reversals")["link"], strict=True))


def test_what_was_brought_back_is_no_purchase_and_names_the_one_it_takes_back():
    cleaned = clean(
        order_lines=[
            SOLD,
            BACK,  # carries the purchase's own number
            {**BACK, "order_id": "r1", "reverses_order_id": "1"},
            {**BACK, "order_id": "r2", "reverses_order_id": "nowhere"},
            {**BACK, "order_id": "r3", "reverses_order_id": "1", "ordered_at": NOON - timedelta(hours=1)},
        ]
    )
    assert rows(cleaned, "order_lines")["quantity"].tolist() == [3]
    assert links(cleaned) == {"1": "found", "r1": "found", "r2": "not found", "r3": "before the purchase"}
    assert found(cleaned, "units below zero") == 4
    assert found(cleaned, "not found: kept") == found(cleaned, "before the purchase") == 1
    undone = rows(cleaned, "reversals").set_index("order_id")
    assert undone.at["r1", "reverses_order_id"] == "1"
    assert undone["reverses_order_id"].isna()["r2"]
    assert set(undone["kind"]) == {"return"}


def test_returns_that_together_are_larger_than_the_purchase_are_flagged():
    two = [{**BACK, "order_id": f"r{n}", "reverses_order_id": "1", "quantity": -2, "revenue": -3} for n in (1, 2)]
    assert set(links(clean(order_lines=[SOLD, *two])).values()) == {"larger than the purchase"}
    assert set(links(clean(order_lines=[SOLD, two[0]])).values()) == {"found"}


def test_a_cancellation_is_told_by_its_number_or_by_its_status():
    cleaned = clean(
        order_lines=[
            SOLD,
            {**SOLD, "order_id": "2", "status": "Cancelled by customer"},
            {**SOLD, "order_id": "3", "status": "已退款"},
            {**SOLD, "order_id": "4", "status": "paid"},
            {**BACK, "order_id": "C1", "quantity": -3, "revenue": -6},
        ],
        options=SHOP,
    )
    assert rows(cleaned, "order_lines")["order_id"].tolist() == ["1", "4"]
    assert set(rows(cleaned, "reversals")["kind"]) == {"cancellation"}
    assert links(cleaned) == {"2": "found", "3": "found", "C1": "found"}


def test_money_that_moves_without_goods_is_a_correction():
    cleaned = clean(
        order_lines=[
            SOLD,
            {**SOLD, "order_id": "debt", "quantity": 1, "revenue": -11062.06},
            {**SOLD, "order_id": "odd", "quantity": -1, "revenue": 5},
        ]
    )
    assert rows(cleaned, "reversals")["kind"].tolist() == ["adjustment", "adjustment"]
    assert rows(cleaned, "reversals")["link"].isna().all()
    assert float(rows(cleaned, "order_lines")["revenue"].sum()) == 6


def test_another_currency_is_never_summed():
    cleaned = clean(
        order_lines=[SOLD, {**SOLD, "order_id": "2", "currency": "cny "}, {**SOLD, "order_id": "3", "currency": "USD"}],
        options=SHOP,
    )
    assert rows(cleaned, "foreign_lines")["order_id"].tolist() == ["3"]
    assert cleaned.rules["revenue_in"].dropna().astype(float).unique().tolist() == [12.0]


def test_tests_and_staff_are_left_out_and_guests_stay_in_the_totals():
    people = [
        {"customer_id": "x"},
        {"customer_id": "TEST1"},
        {"customer_id": "clerk", "account_type": "staff"},
        {"customer_id": "0"},
    ]
    lines = [{**SOLD, "order_id": str(n), "customer_id": p["customer_id"]} for n, p in enumerate(people)]
    events = [{"occurred_at": NOON, "event_type": "view", "customer_id": p["customer_id"]} for p in people]
    points = [{"entry_id": p["customer_id"], **p, "booked_at": NOON, "kind": "earn"} for p in people]
    cleaned = clean(customers=people, order_lines=lines, events=events, loyalty_ledger=points, options=SHOP)
    assert rows(cleaned, "order_lines")["customer_id"].tolist() == ["x"]
    assert rows(cleaned, "guest_lines")["customer_id"].tolist() == ["0"]
    assert rows(cleaned, "customers")["customer_id"].tolist() == ["x"]
    assert found(cleaned, "test account", "order_lines") == found(cleaned, "account of staff", "order_lines") == 1
    assert sorted(rows(cleaned, "events")["customer_id"].fillna("nobody")) == ["nobody", "x"]
    assert rows(cleaned, "loyalty_ledger")["customer_id"].tolist() == ["x"]


def test_a_return_added_to_its_sale_would_hide_both():
    """The twin that adds lines up first shows one unit bought and nothing returned."""
    cleaned = clean(order_lines=[SOLD, {**BACK, "quantity": -2}])
    assert rows(cleaned, "order_lines")["quantity"].tolist() == [3]
    assert rows(cleaned, "reversals")["quantity"].tolist() == [-2]


def test_former_numbers_become_present_ones_everywhere():
    cleaned = clean(
        customers=[{"customer_id": "old", "city": "Bonn"}, {"customer_id": "new", "city": "Ulm"}, {"customer_id": "z"}],
        order_lines=[{**SOLD, "customer_id": "old"}, {**SOLD, "order_id": "2", "customer_id": "new"}],
        referrals=[{"referrer_id": "z", "referred_id": "old", "referred_at": NOON}],
        merged={"old": "new"},
    )
    assert set(rows(cleaned, "order_lines")["customer_id"]) == {"new"}
    assert rows(cleaned, "referrals")["referred_id"].tolist() == ["new"]
    people = rows(cleaned, "customers").set_index("customer_id")["city"]
    assert people.to_dict() == {"new": "Ulm", "z": "unknown"}
    assert found(cleaned, "described under a former number") == 1


def test_two_descriptions_of_one_customer_are_refused_with_the_key_masked():
    twice = [{"customer_id": "A12", "city": "Bonn"}, {"customer_id": "A12", "city": "Ulm"}]
    with pytest.raises(CleaningError, match=r"customers: 2 records .* such as customer_id x99") as refused:
        clean(customers=twice, order_lines=[SOLD])
    assert "A12" not in str(refused.value)
    assert len(rows(clean(customers=[twice[0]] * 2, order_lines=[SOLD]), "customers")) == 2


def test_too_many_units_and_a_purchase_before_registration_are_kept_and_counted():
    cleaned = clean(
        customers=[{"customer_id": "x", "registered_on": date(2017, 6, 1)}],
        order_lines=[{**SOLD, "quantity": 80_995}, {**SOLD, "order_id": "2", "ordered_at": NOON + timedelta(days=60)}],
    )
    assert found(cleaned, "more units than likely") == 1
    assert found(cleaned, "before the customer registered") == 1
    assert len(rows(cleaned, "order_lines")) == 2


def test_a_discount_below_zero_is_none():
    line = rows(clean(order_lines=[{**SOLD, "retail_discount": -1.5, "coupon_discount": 0.5}]), "order_lines").iloc[0]
    assert (float(line["retail_discount"]), float(line["coupon_discount"])) == (0.0, 0.5)


def test_examples_are_masked():
    cleaned = clean(order_lines=[SOLD, {**SOLD, "order_id": "2", "customer_id": "TEST-anna"}], options=SHOP)
    example = cleaned.rules.set_index("rule").at["test account: left out", "example"]
    assert example == "customer id xxxx-xxxx"


@pytest.mark.parametrize(
    ("price", "revenue", "more", "apart"),
    [
        (2, 6, {}, 0),
        (2.5, 6, {}, 1),
        (2.5, 6, {"retail_discount": 1.5}, 0),  # the price before the discount
        (2, 6, {"retail_discount": 1.5}, 0),  # the price after it
        (1.333, 4, {}, 0),  # 3.999: a cent apart at most
        (1.34, 4, {}, 1),  # 4.02
        (1.3367, 4, {}, 1),  # 4.0101
        (1.33667, 4.02, {}, 0),  # 4.01001, by a cent and no more
        (None, 6, {}, 0),
    ],
)
def test_units_times_price_are_the_lines_money_within_a_cent(price, revenue, more, apart):
    line = {**SOLD, "revenue": revenue, "unit_price": price, **more}
    other = {**SOLD, "order_id": "2", "unit_price": 2}
    cleaned = clean(order_lines=[line, other])
    assert found(cleaned, "units times price") == apart
    assert len(rows(cleaned, "order_lines")) == 2


def test_keys_are_texts_so_that_large_numbers_and_leading_zeros_stay_apart():
    """As 64-bit floats the first two would be one, as whole numbers the last two."""
    keys = ["9007199254740992", "9007199254740993", "7", "007"]
    cleaned = clean(
        customers=[{"customer_id": key, "city": f"city {n}"} for n, key in enumerate(keys)],
        order_lines=[{**SOLD, "order_id": str(n), "customer_id": key} for n, key in enumerate(keys)],
    )
    assert rows(cleaned, "customers")["city"].nunique() == len(keys)
    assert found(cleaned, "ordered but not described") == 0
    assert {schema[name].kind for schema in CANONICAL.values() for name in schema.names if name.endswith("_id")} == {
        "text"
    }

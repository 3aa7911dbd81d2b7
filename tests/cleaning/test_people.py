"""Whom records are about: the tables that name customers, and the number that a customer has now."""

from __future__ import annotations

import ibis
import pandas as pd

from customer_patterns.cleaning.people import PEOPLE_COLUMNS, tables_of_people, with_present_number
from customer_patterns.schemas.canonical import CANONICAL

MERGED = ibis.memtable(pd.DataFrame({"old": ["web1", "web2"], "new": ["card1", "card1"]}))


def test_each_row_gets_the_number_that_its_customer_has_now_and_stays_once():
    rows = ibis.memtable(
        pd.DataFrame({"order_id": ["a", "b", "c", "d"], "customer_id": ["web1", "card1", None, "web2"]})
    )
    found = with_present_number(rows, MERGED).order_by("order_id").to_pyarrow().to_pydict()
    assert found == {
        "order_id": ["a", "b", "c", "d"],
        "customer_id": ["web1", "card1", None, "web2"],
        "_new": ["card1", None, None, "card1"],
    }


def test_another_column_may_hold_the_number():
    rows = ibis.memtable(pd.DataFrame({"referrer_id": ["web2"], "referred_id": ["web1"]}))
    assert with_present_number(rows, MERGED, of="referred_id").to_pyarrow()["_new"].to_pylist() == ["card1"]


def test_the_tables_of_people_are_those_that_name_customers_and_who_they_are_comes_last():
    named = tables_of_people()
    assert named[-1] == "customers"
    assert {"order_lines", "referrals", "feedback"} <= set(named)
    assert not {"products", "coupons", "campaigns"} & set(named)
    assert all(set(PEOPLE_COLUMNS) & set(CANONICAL[name].names) for name in named)

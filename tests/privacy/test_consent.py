"""What customers refuse is left out: hand-worked decisions, and a small study cleaned with them."""

from __future__ import annotations

from datetime import datetime

import ibis
import pytest

from customer_patterns.privacy.consent import decisions, refusing


def consents(*rows):
    names = ("customer_id", "purpose", "granted", "decided_at")
    return ibis.memtable([dict(zip(names, (*row[:3], datetime(2026, 1, row[3])), strict=True)) for row in rows])


def ids(table):
    return sorted(table.to_pyarrow()["customer_id"].to_pylist())


GIVEN = [
    ("a", "analysis", True, 1),
    ("a", "analysis", False, 5),  # withdrawn
    ("b", "analysis", False, 2),
    ("b", "analysis", True, 9),  # allowed again
    ("c", "marketing", False, 3),
    ("d", "analysis", True, 4),
    ("d", "analysis", False, 4),  # at one moment: the refusal holds
]


def test_the_latest_decision_holds():
    table = decisions(consents(*GIVEN)).to_pyarrow().to_pylist()
    held = {(row["customer_id"], row["purpose"]): row["granted"] for row in table}
    assert held == {
        ("a", "analysis"): False,
        ("b", "analysis"): True,
        ("c", "marketing"): False,
        ("d", "analysis"): False,
    }


@pytest.mark.parametrize(("purpose", "who"), [("analysis", ["a", "d"]), ("marketing", ["c"]), ("tracking", [])])
def test_who_refuses_what(purpose, who):
    assert ids(refusing(consents(*GIVEN), purpose)) == who


def test_a_broken_twin_that_takes_any_refusal_keeps_out_who_allowed_again():
    given = consents(*GIVEN)
    twin = ids(given.filter((given.purpose == "analysis") & ~given.granted).select("customer_id").distinct())
    assert "b" in twin
    assert "b" not in ids(refusing(given, "analysis"))

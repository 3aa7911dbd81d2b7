"""How far opportunities come, by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from customer_patterns.behavior import stage_conversion
from customer_patterns.estimates import wilson

SCHEMA = pa.schema(
    [
        ("opportunity_id", pa.string()),
        ("customer_id", pa.string()),
        ("stage", pa.string()),
        ("entered_at", pa.timestamp("us")),
    ]
)


def opportunity(number: int, *stages: str) -> list[dict]:
    start = datetime(2017, 1, 1)
    return [
        {
            "opportunity_id": f"o{number}",
            "customer_id": f"f{number}",
            "stage": s,
            "entered_at": start + timedelta(days=d),
        }
        for d, s in enumerate(stages)
    ]


def test_conversion_counts_those_that_left_a_stage(table: Callable[..., ir.Table]) -> None:
    ways = [("lead", "analysis", "won")] * 10 + [("lead", "lost")] * 20 + [("lead",)] * 5
    found = stage_conversion(table([row for n, way in enumerate(ways) for row in opportunity(n, *way)], SCHEMA))
    found = found.set_index("stage")
    # what jumped over quote and contract was in them
    assert found.loc["lead", ["reached", "waiting", "n", "moved_on"]].tolist() == [35, 5, 30, 10]
    assert found.loc["contract", ["reached", "waiting", "n", "moved_on"]].tolist() == [10, 0, 10, 10]
    assert found.loc["all stages", ["reached", "waiting", "n", "moved_on"]].tolist() == [35, 5, 30, 10]
    by_hand = [float(part) for part in wilson(10, 30)]
    assert found.loc["all stages", ["conversion", "conversion_low", "conversion_high"]].tolist() == pytest.approx(
        by_hand
    )
    assert found.loc["lead", "conversion"] != 10 / 35  # those that still wait have not failed


def test_what_was_lost_and_taken_up_again_is_not_lost(table: Callable[..., ir.Table]) -> None:
    ways = [("lead", "lost", "analysis")] * 12
    found = stage_conversion(table([row for n, way in enumerate(ways) for row in opportunity(n, *way)], SCHEMA))
    assert found.set_index("stage").loc["analysis", ["reached", "waiting"]].tolist() == [12, 12]


def test_few_firms_are_not_shown_and_none_have_no_rows(table: Callable[..., ir.Table]) -> None:
    found = stage_conversion(table(opportunity(1, "lead", "lost"), SCHEMA))
    assert found["conversion"].isna().all()
    assert stage_conversion(table([], SCHEMA)).empty

"""Where opportunities are lost and how long they stay: by hand, and what was planted in the works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pytest

from customer_patterns.behavior.engagement import stage_losses
from customer_patterns.sources.pipeline_works import Plan, draw_works
from customer_patterns.sources.pipeline_works.plan import CONVERSION, CYCLE_DAYS, CYCLE_SPREAD

SCHEMA = pa.schema(
    [
        ("opportunity_id", pa.string()),
        ("customer_id", pa.string()),
        ("stage", pa.string()),
        ("entered_at", pa.timestamp("us")),
        ("amount", pa.decimal128(18, 2)),
    ]
)
END = {"last_day": date(2017, 12, 31), "time_zone": "UTC"}


def way(number: int, *steps: tuple[str, float, float | None]) -> list[dict]:
    """Stage, day, amount."""
    return [
        {
            "opportunity_id": f"o{number:03d}",
            "customer_id": f"f{number:03d}",
            "stage": stage,
            "entered_at": datetime(2017, 1, 1) + timedelta(days=day),
            "amount": None if amount is None else Decimal(amount),
        }
        for stage, day, amount in steps
    ]


@pytest.fixture
def losses(table: Callable[..., ir.Table]) -> ir.Table:
    rows = []
    for n in range(12):  # lost as leads after ten days, before anyone noted an amount
        rows += way(n, ("lead", 0, None), ("lost", 10, None))
    for n in range(12, 24):  # lost at the quote of 500, which was 300 at first
        rows += way(n, ("lead", 0, None), ("quote", 20, 300), ("quote", 30, 500), ("lost", 40, None))
    for n in range(24, 36):  # won at 100
        rows += way(n, ("lead", 0, None), ("quote", 20, 100), ("contract", 50, 100), ("won", 55, 100))
    rows += way(36, ("lead", 0, None), ("lost", 5, None), ("analysis", 9, None))  # taken up again: not lost
    return table(rows, SCHEMA)


def test_losses_by_hand(losses: ir.Table) -> None:
    found = stage_losses(losses, **END).set_index("stage")
    assert found.loc[["lead", "quote"], "lost"].tolist() == [12, 12]
    # What leads were worth nobody knows: the mean of all known amounts, (12 · 500 + 12 · 100) / 24.
    assert found.loc[["lead", "quote"], "value_each"].tolist() == [300, 500]
    assert found.loc[["lead", "quote"], "lost_value"].tolist() == pytest.approx([3_600, 6_000])
    assert found["share_of_loss"].sum() == pytest.approx(1)
    assert found["largest"].sum() == pytest.approx(1)
    assert found["largest"].idxmax() == "quote"
    assert found.loc["analysis", "lost"] == 0


def test_a_twin_that_leaves_out_what_nobody_valued_is_found_out(losses: ir.Table) -> None:
    """Most is lost where amounts are not noted yet; dropped, leads would cost nothing."""
    found = stage_losses(losses, **END).set_index("stage")
    noted = losses.filter(losses.amount.notnull()).select("opportunity_id").distinct()
    twin = stage_losses(losses.semi_join(noted, "opportunity_id"), **END).set_index("stage")
    assert twin.loc["lead", "lost"] == 0 < found.loc["lead", "lost"]


def test_stays_are_counted_as_far_as_they_were_seen(table: Callable[..., ir.Table]) -> None:
    left = [10] * 30 + [40] * 22 + [60] * 6
    rows = [row for n, days in enumerate(left) for row in way(n, ("lead", 0, None), ("quote", days, 5))]
    rows += [row for n in range(58, 98) for row in way(n, ("lead", 340, None))]  # still there on the last day
    found = stage_losses(table(rows, SCHEMA), **END).set_index("stage")
    # Of 98 leads thirty leave after 10 days; forty were seen for 25; of the other 28 twenty-two leave after 40.
    assert found.loc["lead", "days_in_stage"] == 40
    assert np.median(left) == 10  # what the twin says that looks only at those that left


def test_none_and_few_have_no_figures(table: Callable[..., ir.Table]) -> None:
    assert stage_losses(table([], SCHEMA), **END).empty
    few = stage_losses(table(way(1, ("lead", 0, None), ("lost", 3, None)), SCHEMA), **END)
    assert few["lost_value"].dropna().eq(0).all()


def test_what_was_planted_in_the_works_is_found(table: Callable[..., ir.Table]) -> None:
    plan = Plan(seed=20230605, accounts=240)
    works = draw_works(plan)
    stages = works.tables["opportunities"]
    arrow = pa.Table.from_pandas(
        stages[["opportunity_id", "customer_id", "stage", "entered_at", "amount"]], preserve_index=False
    )
    made = table(arrow)
    made = made.mutate(amount=(made.amount.cast("float64") / 100).cast("decimal(18, 2)"))
    found = stage_losses(made, last_day=plan.until - timedelta(days=1), time_zone=plan.time_zone).set_index("stage")
    # Leads convert with a planted chance, the quote is where those that are valued stay longest.
    assert CONVERSION["quote"] == min(CONVERSION.values())
    assert found["days_in_stage"].idxmax() == max(CYCLE_DAYS, key=CYCLE_DAYS.get) == "quote"
    for stage in CYCLE_DAYS:
        planted = CYCLE_DAYS[stage] * np.exp(0.3 * CYCLE_SPREAD)  # lost ones take longer, and days are rounded up
        assert 0.75 * planted < found.loc[stage, "days_in_stage"] < 1.5 * planted + 1
    assert found.loc["contract", "lost"] == found["lost"].min()

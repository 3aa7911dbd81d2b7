"""The pump maker's planted funnel: chances are those of its stages, and what was planted without effect has none."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from customer_patterns import warehouse
from customer_patterns.outlook.leads import Leads, score_leads
from customer_patterns.sources.pipeline_works.accounts import draw_accounts
from customer_patterns.sources.pipeline_works.deals import draw_opportunities
from customer_patterns.sources.pipeline_works.plan import CONVERSION, LOST_TAKES, Plan


@pytest.fixture(scope="module")
def leads() -> tuple[Leads, pd.DataFrame]:
    plan = Plan(seed=4, accounts=900)
    entries, deals = draw_opportunities(plan, draw_accounts(plan))
    entries = entries.assign(amount=entries["amount"].astype(float) / 100)
    backend = warehouse.connect()
    arrow = pa.Table.from_pandas(entries, preserve_index=False)
    at = arrow.column_names.index("entered_at")
    backend.con.register("opportunities", arrow.set_column(at, "entered_at", arrow["entered_at"].cast("timestamp[us]")))
    table = backend.table("opportunities")
    return score_leads(table, last_day=date(2024, 12, 31), time_zone=plan.time_zone, resamples=200), deals


def test_of_those_that_wait_for_the_contract_as_many_are_won_as_planted(leads: tuple[Leads, pd.DataFrame]) -> None:
    # Looked at on any day, lost ones are met more often: they stay longer.
    kept, gone = CONVERSION["contract"], (1 - CONVERSION["contract"]) * LOST_TAKES
    row = leads[0].tables["lead_quality"].set_index("stage").loc["contract"]
    assert row["won_share_low"] - 0.02 <= kept / (kept + gone) <= row["won_share_high"] + 0.02
    assert row["predicted"] == pytest.approx(kept / (kept + gone), abs=0.08)


def test_stages_later_in_the_funnel_have_higher_chances(leads: tuple[Leads, pd.DataFrame]) -> None:
    rates = leads[0].tables["lead_scores"].groupby("stage")["win_probability"].mean()
    assert rates["lead"] < rates["analysis"] < rates["quote"] < rates["contract"]


def test_open_opportunities_are_won_as_often_as_expected(leads: tuple[Leads, pd.DataFrame]) -> None:
    """How each ends is known to the simulator alone."""
    found, deals = leads
    scores = found.tables["lead_scores"]
    won = deals.set_index("opportunity_id")["outcome"].reindex(scores["opportunity_id"]) == "won"
    whole = found.tables["lead_stages"].set_index("stage").loc["all stages"]
    assert whole["expected_wins_low"] <= won.sum() <= whole["expected_wins_high"]

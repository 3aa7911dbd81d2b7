"""What was planted in the shop's visits, messages and points is what the chapter's tables say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.notebooks_in_process import PLANTED


@pytest.fixture(scope="module")
def truth(planted_root: Path) -> Path:
    return planted_root / "data" / "raw" / PLANTED / "truth"


@pytest.fixture(scope="module")
def visits(planted_run: Path, truth: Path) -> pd.DataFrame:
    """The visits found, each beside what it was for."""
    found = pd.read_parquet(planted_run / "behavior" / "visits.parquet")
    found["session_id"] = found["visit_id"].str.extract(r"session (\w+)$", expand=False)
    return found.merge(pd.read_parquet(truth / "visits.parquet"), on="session_id", how="left", validate="one_to_one")


def test_every_visit_is_a_planted_one_or_a_programs_that_does_not_say_so(visits: pd.DataFrame, truth: Path) -> None:
    bots = pd.read_parquet(truth / "visitors.parquet").query("kind == 'bot'")["visitor_id"]
    unplanned = visits.loc[visits["reached"].isna(), "visitor"]
    assert set(unplanned) <= set("browser " + bots)
    assert len(visits) - len(unplanned) > 500


def test_visits_hold_an_order_exactly_where_one_was_planted(visits: pd.DataFrame) -> None:
    assert (visits["ordered"] == (visits["reached"] == "purchase").fillna(False)).all()
    assert visits["ordered"].any()
    assert not visits["ordered"].all()


def test_the_planted_chances_to_be_opened_and_clicked_are_found(planted_run: Path, truth: Path) -> None:
    planted = json.loads((truth / "additions.json").read_text())["messages"]
    campaigns = pd.read_parquet(planted_run / "behavior" / "mail_campaigns.parquet")
    campaigns = campaigns[campaigns["campaign"].str.match(r"N\d\d[AB]$") & (campaigns["suppressed"] == "no")]
    for subject, chance in planted["opened_once_delivered"].items():
        part = campaigns[campaigns["campaign"].str.endswith(subject)]
        arrived, opened = part["arrived"].sum(), (part["arrived"] * part["opened"]).sum()
        assert abs(opened / arrived - chance) < 3.5 * np.sqrt(chance * (1 - chance) / arrived)
        clicked, once = (part["arrived"] * part["clicked"]).sum(), planted["clicked_once_opened"][subject]
        assert abs(clicked / opened - once) < 3.5 * np.sqrt(once * (1 - once) / opened)


def test_points_add_up_though_delivered_balances_do_not(planted_run: Path, truth: Path) -> None:
    members = pd.read_parquet(planted_run / "behavior" / "loyalty_members.parquet")
    ledger = pd.read_parquet(planted_run / "clean" / "loyalty_ledger.parquet")
    spoiled = set(pd.read_parquet(truth / "ledger.parquet")["entry_id"])
    assert spoiled & set(ledger["entry_id"])
    last = ledger.sort_values(["customer_id", "booked_at", "entry_id"])
    followed = last.groupby("customer_id")["points"].cumsum()
    off = set(last.loc[followed != last["balance"], "entry_id"])
    assert off <= spoiled  # the twin that reads delivered balances is wrong exactly there
    assert (members["lowest_balance"] >= 0).all()
    assert members["balance"].sum() == ledger["points"].sum()


def test_the_planted_risks_of_cancellation_are_found(planted_run: Path, truth: Path) -> None:
    planted = json.loads((truth / "additions.json").read_text())["subscriptions"]["plans"]
    found = pd.read_parquet(planted_run / "behavior" / "contract_survival.parquet").set_index("plan")
    for plan, known in planted.items():
        kept = (1 - known["risk_per_30_days"]) ** 6  # half a year, as the chapter asks
        assert found.loc[plan, "kept_low"] < kept < found.loc[plan, "kept_high"]


def test_rows_of_the_matrix_and_parts_of_the_whole_add_up(planted_run: Path) -> None:
    folder = planted_run / "behavior"
    steps = pd.read_parquet(folder / "touch_transitions.parquet")
    whole = steps.groupby("touch").filter(lambda part: (part["suppressed"] == "no").all())
    sums = whole.groupby("touch")["share_of_touches"].sum()
    assert np.allclose(sums, 1)
    shown = steps.groupby("touch")["share_of_touches"].sum()
    assert (shown < 1 + 1e-9).all()
    devices = pd.read_parquet(folder / "visit_devices.parquet")
    visits = pd.read_parquet(folder / "visits.parquet")
    assert devices["visits"].sum() == len(visits)
    rates = pd.read_parquet(folder / "mail_engagement.parquet")
    assert rates.loc[rates["arrived"] == 0, "opened_rate"].isna().all()
    assert rates.loc[rates["arrived"] > 0, "opened_rate"].between(0, 1).all()

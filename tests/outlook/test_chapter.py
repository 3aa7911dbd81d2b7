"""The chapter on the planted shop: it runs, sees who was planted to leave, and says so when there is nothing to say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.outlook import TABLES
from customer_patterns.stage import schemas_of
from tests.notebooks_in_process import PLANTED, fingerprints, run_notebook, run_pipeline

DAY = "2017-12-31"


def tables_of(run: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_parquet(path) for path in sorted((run / "outlook").glob("*.parquet"))}


def findings_of(run: Path) -> list[str]:
    return [found["key"] for found in json.loads((run / "outlook" / warehouse.FINDINGS).read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, planted_delivery: Path) -> Path:
    root = tmp_path_factory.mktemp("outlook")
    shutil.copytree(planted_delivery, root / "data" / "raw" / PLANTED)
    run_pipeline(root, as_of=DAY, stages=["collect", "clean", "behavior", "segments", "outlook"])
    return root


@pytest.fixture(scope="module")
def run(root: Path) -> Path:
    return root / "data" / "runs" / PLANTED / DAY


def changed(root: Path, run: Path, **tables) -> Path:
    """Another output root in which some upstream tables are others; the rest as in the run."""
    there = root / "data" / "runs" / PLANTED / DAY
    backend = warehouse.connect()
    for stage in ("clean", "behavior", "segments"):
        opened = warehouse.open_tables(backend, run / stage)
        made = {name: tables[name](table) if name in tables else table for name, table in opened.items()}
        warehouse.write_stage(
            there / stage, made, schemas=schemas_of(stage), backend=backend, manifest={"stage": stage}
        )
    run_notebook("outlook", root, study=PLANTED, as_of=DAY)
    return there


def test_the_stage_writes_every_table_it_promises(run: Path) -> None:
    assert set(tables_of(run)) == set(TABLES)


def test_everybody_who_ordered_goods_has_a_worth(run: Path) -> None:
    values = tables_of(run)["customer_values"]
    orders = pd.read_parquet(run / "behavior" / "orders.parquet")
    assert set(values["customer_id"]) == set(orders.loc[orders["kind"] == "goods", "customer_id"])
    assert values.notna().all(axis=None)


def test_who_was_planted_to_leave_is_less_likely_still_there(run: Path, root: Path) -> None:
    truth = pd.read_parquet(root / "data" / "raw" / PLANTED / "truth" / "customers.parquet")
    values = tables_of(run)["customer_values"].merge(truth[["customer_id", "leaves_on", "orders_per_week"]])
    often = values[values["orders_per_week"] > 0.3]
    left = pd.to_datetime(often["leaves_on"]) < "2017-11-15"
    assert often.loc[left, "chance_alive"].median() < 0.2
    assert often.loc[~left, "chance_alive"].median() > 0.9


def test_worth_follows_the_planted_rates(run: Path, root: Path) -> None:
    truth = pd.read_parquet(root / "data" / "raw" / PLANTED / "truth" / "customers.parquet")
    values = tables_of(run)["customer_values"].merge(truth)
    stay = values[values["leaves_on"].isna()]
    assert stay["expected_orders"].corr(stay["orders_per_week"] * 26, method="spearman") > 0.85
    assert stay["expected_orders"].sum() == pytest.approx(stay["orders_per_week"].sum() * 26, rel=0.12)


def test_the_weeks_held_back_came_as_expected(run: Path) -> None:
    tested = tables_of(run)["worth_backtest"].set_index("tenth")
    assert tested.at[0, "verdict"] == "as expected"
    assert "outlook.worth_tested" in findings_of(run)


def test_the_planted_risk_of_contracts_lies_within_the_interval(run: Path) -> None:
    plans = tables_of(run)["contract_worth"].set_index("plan")
    for plan, risk in (("basic", 0.10), ("plus", 0.05)):
        kept = (1 - risk) ** (182 / 30)
        assert plans.at[plan, "kept_low"] - 0.05 < kept < plans.at[plan, "kept_high"] + 0.05


def test_no_customer_is_named_in_the_chapter(root: Path, run: Path, tmp_path: Path) -> None:
    chapters = tmp_path / "chapters"
    run_notebook("outlook", root, study=PLANTED, as_of=DAY, chapters=chapters)
    cells = json.loads((chapters / "06-outlook.ipynb").read_text(encoding="utf-8"))["cells"]
    said = json.dumps([cell["outputs"] for cell in cells if cell["cell_type"] == "code"])
    values = tables_of(run)["customer_values"]["customer_id"]
    assert not [customer for customer in values if f'"{customer}"' in said or f" {customer} " in said]


def test_a_second_run_writes_the_same_bytes(run: Path, root: Path) -> None:
    before = {name: sha for name, sha in fingerprints(run).items() if name.startswith("outlook/")}
    run_notebook("outlook", root, study=PLANTED, as_of=DAY)
    assert before == {name: sha for name, sha in fingerprints(run).items() if name.startswith("outlook/")}


def test_the_chapter_speaks_chinese(root: Path) -> None:
    run_notebook("outlook", root, study=PLANTED, as_of=DAY, language="zh")


def test_nobody_who_ordered_is_a_sentence(run: Path, tmp_path: Path) -> None:
    def none(table):
        return table.limit(0)

    there = changed(tmp_path, run, orders=none, order_lines=none, customer_segments=none)
    tables = tables_of(there)
    assert len(tables["customer_values"]) == len(tables["worth_total"]) == 0
    assert not [key for key in findings_of(there) if key.startswith("outlook.worth")]


def test_without_contracts_nothing_is_said_of_them(run: Path, tmp_path: Path) -> None:
    there = changed(tmp_path, run, contracts=lambda table: table.limit(0))
    assert len(tables_of(there)["contract_worth"]) == 0
    assert "outlook.contracts" not in findings_of(there)


@pytest.mark.parametrize("day", ["2017-01-03", "2017-03-05"])
def test_too_early_a_day_is_a_sentence(root: Path, day: str) -> None:
    early = run_pipeline(root, as_of=day, stages=["collect", "clean", "behavior", "segments", "outlook"])
    tables = tables_of(early)
    assert len(tables["worth_backtest"]) == len(tables["worth_changes"]) == 0
    assert (len(tables["customer_values"]) > 0) == (day > "2017-02-01")
    assert "outlook.worth_tested" not in findings_of(early)

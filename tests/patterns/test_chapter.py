"""The chapter on the planted shop, and where there is nothing to find."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from customer_patterns.patterns import assortment, preferences, promotions, sequences, tables
from customer_patterns.warehouse import MANIFEST
from tests.notebooks_in_process import PLANTED, run_notebook

LAST_DAY = "2017-12-31"
PAIRS = [{"PANCAKE MIX", "SYRUP"}, {"DRY PASTA", "PASTA SAUCE"}, {"TORTILLA CHIPS", "SALSA"}, {"DIAPERS", "BABY WIPES"}]


def test_even_two_hundred_customers_show_planted_pairs_and_no_other(planted_run: Path) -> None:
    rules = pd.read_parquet(planted_run / "patterns" / "tested_rules.parquet")
    stand = rules[rules["verdict"] == tables.SAME_BASKET]
    found = [{row.antecedents, row.consequents} for row in stand.itertuples()]
    assert sum(pair in PAIRS for pair in found) >= 3
    assert sum(pair not in PAIRS for pair in found) <= 1
    account = pd.read_parquet(planted_run / "patterns" / "search_account.parquet").set_index(["level", "length"])
    assert account.at[("product type", 2), "detectable_lift"] > 1.3  # weaker ones it cannot promise to find


def test_what_few_customers_did_is_blank(planted_run: Path) -> None:
    rules = pd.read_parquet(planted_run / "patterns" / "tested_rules.parquet")
    few = rules["suppressed"] != "no"
    assert few.any()
    assert rules.loc[few, ["stratified_lift", "habit_lift", "n", "extra_baskets", "later_lift"]].isna().all(axis=None)
    assert rules.loc[~few, "n"].min() >= 10


@pytest.fixture
def clean_of(planted_run: Path, tmp_path: Path):
    """Make a root whose clean tables are the planted shop's, some of them changed."""

    def make(**changed: pa.Table) -> Path:
        from customer_patterns import warehouse

        folder = tmp_path / "data" / "runs" / PLANTED / LAST_DAY
        shutil.copytree(planted_run / "collect", folder / "collect")
        shutil.copytree(planted_run / "clean", folder / "clean")
        for name, table in changed.items():
            pq.write_table(table, folder / "clean" / f"{name}.parquet")
        path = folder / "clean" / MANIFEST
        path.write_text(_with_new_digests(path, changed, warehouse), encoding="utf-8")
        return tmp_path

    return make


def _with_new_digests(path: Path, changed: dict[str, pa.Table], warehouse: Any) -> str:
    import json

    manifest = json.loads(path.read_text(encoding="utf-8"))
    for name, table in changed.items():
        manifest["tables"][name] |= {
            "sha256": warehouse.sha256(path.parent / f"{name}.parquet"),
            "rows": table.num_rows,
        }
    return json.dumps(manifest)


def lines(planted_run: Path) -> pa.Table:
    return pq.read_table(planted_run / "clean" / "order_lines.parquet")


def _no_lines(run: Path) -> dict[str, pa.Table]:
    return {"order_lines": lines(run).slice(0, 0)}


def _no_products(run: Path) -> dict[str, pa.Table]:
    return {"products": pq.read_table(run / "clean" / "products.parquet").slice(0, 0)}


def _one_customer(run: Path) -> dict[str, pa.Table]:
    table = lines(run)
    return {"order_lines": table.filter(pc.equal(table["customer_id"], table["customer_id"][0]))}


def _one_basket(run: Path) -> dict[str, pa.Table]:
    table = lines(run)
    return {"order_lines": table.filter(pc.equal(table["order_id"], table["order_id"][0]))}


def _single_items(run: Path) -> dict[str, pa.Table]:
    table = lines(run).to_pandas().drop_duplicates("order_id")
    return {"order_lines": pa.Table.from_pandas(table, schema=lines(run).schema, preserve_index=False)}


@pytest.mark.parametrize("changed", [_no_lines, _no_products, _one_customer, _one_basket, _single_items])
def test_where_there_is_too_little_the_chapter_says_so(planted_run: Path, clean_of, changed) -> None:
    namespace = run_notebook("patterns", clean_of(**changed(planted_run)), study=PLANTED, as_of=LAST_DAY)
    # Promotions ask no more than order lines, and what follows what can be asked of baskets of one item.
    others = {key for key, *_ in (*promotions.FINDINGS, *assortment.FINDINGS)} | {"patterns.sequences_none"}
    if changed in (_no_products, _single_items):  # what each customer prefers and is used to needs orders alone
        others |= {key for key, *_ in preferences.FINDINGS}
    assert {told.key for told in namespace["told"]} <= others
    assert (namespace["ordered"].sequences["verdict"] != sequences.tables.IN_ORDER).all()
    assert len(namespace["customer_offers"]) == 0
    assert len(namespace["permuted_account"]) == 0
    assert (namespace["found"].account["outcome"] != tables.SEARCHED).all()
    assert len(namespace["shown_rules"]) == 0


def test_too_little_memory_is_said_and_nothing_else(planted_run: Path, clean_of) -> None:
    namespace = run_notebook("patterns", clean_of(), study=PLANTED, as_of=LAST_DAY, max_memory_mb=0)
    assert set(namespace["found"].account["outcome"]) == {tables.TOO_MUCH}

"""The purchase sections of the chapter on the planted shop, and where there is nothing to find."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from customer_patterns import warehouse
from customer_patterns.warehouse import MANIFEST
from tests.notebooks_in_process import PLANTED, run_notebook

LAST_DAY = "2017-12-31"


def read(run: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(run / "behavior" / f"{name}.parquet")


def test_a_shop_without_niches_has_no_brand_with_unlike_buyers(planted_run: Path) -> None:
    brands = read(planted_run, "market_brands")
    assert len(brands) >= 4
    assert (brands["verdict"] == "as its size lets expect").mean() >= 0.75
    assert brands["penetration"].corr(brands["frequency"], method="spearman") > 0.8  # double jeopardy
    pairs = read(planted_run, "brand_duplication")
    assert (pairs["duplication"] - pairs["expected_duplication"]).abs().mean() < 0.06


def test_the_audit_adds_up_in_the_chapter(planted_run: Path) -> None:
    change = read(planted_run, "audit_change").set_index("became")
    shown = change[change["suppressed"] == "no"]
    parts = shown.drop("all together")
    if len(parts) == 4:
        assert parts["change"].astype(float).sum() == pytest.approx(float(shown.at["all together", "change"]))
    factors = read(planted_run, "audit_factors").set_index(["who", "factor"])["ratio"].loc["all customers"]
    assert factors.drop("revenue").prod() == pytest.approx(factors["revenue"])
    deciles = read(planted_run, "audit_groups")
    assert deciles.loc[deciles["kind"] == "tenth by revenue", "share_of_revenue"].sum() == pytest.approx(1)


def test_pooled_means_lie_between_those_of_the_groups(planted_run: Path) -> None:
    spend = read(planted_run, "spend_by_group")
    known = spend[(spend["suppressed"] == "no") & (spend["level"] != "unknown")]
    for _, part in known.groupby("attribute"):
        assert part["pooled_spend"].between(part["monthly_spend"].min(), part["monthly_spend"].max()).all()


def test_without_orders_the_new_sections_say_so(planted_run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "runs" / PLANTED / LAST_DAY
    shutil.copytree(planted_run / "clean", folder / "clean")
    path = folder / "clean" / "order_lines.parquet"
    pq.write_table(pq.read_table(path).slice(0, 0), path)
    manifest = json.loads((folder / "clean" / MANIFEST).read_text(encoding="utf-8"))
    manifest["tables"]["order_lines"] |= {"sha256": warehouse.sha256(path), "rows": 0}
    (folder / "clean" / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    made = run_notebook("behavior", tmp_path, study=PLANTED, as_of=LAST_DAY)
    assert made["market"].brands.empty
    assert made["audit_change"].empty
    assert made["channels"].empty
    assert not {item.key for item in made["found"]} & {
        "behavior.market",
        "behavior.audit_more",
        "behavior.audit_alike",
        "behavior.holiday",
    }

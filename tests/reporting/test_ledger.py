"""What the manifests of a run say of each other, on a run made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from customer_patterns.reporting.ledger import Ledger, Place
from customer_patterns.warehouse import MANIFEST, WarehouseError, content_digest

TABLES = {
    "collect": {"order_lines": (), "days": ("order_lines",)},
    "clean": {"order_lines": ()},
    "behavior": {"orders": ("order_lines",), "rhythm": ("orders",), "orphan": ("weather",)},
    "summary": {"evidence": ()},
}
READS = {"collect": (), "clean": ("collect",), "behavior": ("clean",), "summary": ("collect", "behavior")}


def write(folder: Path, stage: str, **changes: Any) -> None:
    tables = {
        name: {"sha256": f"{stage}-{name}", "rows": 1, "reads": list(reads)} for name, reads in TABLES[stage].items()
    }
    inputs = {"study file": "s", **({"order_lines": "d1"} if stage == "collect" else {})}
    inputs |= {other: content_digest(json.loads((folder / other / MANIFEST).read_text())) for other in READS[stage]}
    content = {"stage": stage, "tables": tables, "inputs": inputs, **changes}
    (folder / stage).mkdir(parents=True, exist_ok=True)
    (folder / stage / MANIFEST).write_text(json.dumps(content))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for stage in TABLES:
        write(tmp_path, stage)
    return tmp_path


def test_stages_come_after_those_they_read(folder: Path):
    ledger = Ledger.of(folder)
    assert list(ledger.manifests) == ["collect", "clean", "behavior", "summary"]
    assert ledger.upstream("summary") == ["collect", "behavior"]
    assert ledger.delivered_to("collect") == {"order_lines": "d1"}
    assert ledger.deliveries("behavior") == {"order_lines": "d1"}


def test_stages_that_read_each_other_are_refused(folder: Path):
    write(folder, "clean", inputs={"behavior": "x", "collect": "y"})
    with pytest.raises(WarehouseError, match="read each other"):
        Ledger.of(folder)


def test_a_name_means_the_own_table_then_that_of_the_latest_stage_read(folder: Path):
    ledger = Ledger.of(folder)
    assert ledger.place("clean", "order_lines") == Place("clean", "order_lines")
    assert ledger.place("summary", "order_lines") == Place("collect", "order_lines")
    assert ledger.place("summary", "behavior.rhythm") == Place("behavior", "rhythm")
    assert ledger.place("clean", "rhythm") is None


def test_a_table_is_followed_down_to_its_delivery(folder: Path):
    ledger = Ledger.of(folder)
    path = [str(here) for here, _ in ledger.path(Place("behavior", "rhythm"))]
    assert path == [
        "behavior.rhythm",
        "behavior.orders",
        "clean.order_lines",
        "collect.order_lines",
        "the delivery of order_lines",
    ]
    assert ledger.made_from(Place("behavior", "orphan")) == []


def test_nothing_has_changed_in_a_run_as_it_was_written(folder: Path):
    assert Ledger.of(folder).changed_stages({"order_lines": "d1"}) == {}


def test_another_delivery_makes_every_stage_after_it_stale(folder: Path):
    changed = Ledger.of(folder).changed_stages({"order_lines": "d2"})
    assert changed == dict.fromkeys(TABLES, "was made from another delivery of 'order_lines'")


def test_tables_rebuilt_since_make_the_stages_after_them_stale_and_not_those_before(folder: Path):
    write(folder, "clean", tables={"order_lines": {"sha256": "other", "rows": 1, "reads": []}})
    changed = Ledger.of(folder).changed_stages()
    assert set(changed) == {"behavior", "summary"}
    assert changed["behavior"] == "was made from other tables of 'clean'"


def test_a_table_or_findings_that_somebody_removed_or_rewrote_have_changed(folder: Path):
    write(folder, "clean", findings="f")
    ledger = Ledger.of(folder)
    assert ledger.changed_table(Place("clean", "order_lines"))
    assert ledger.changed_findings("clean")
    assert not ledger.changed_findings("collect")  # it never had any

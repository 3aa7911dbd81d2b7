"""The same delivery gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from customer_patterns.warehouse import MANIFEST
from tests.notebooks_in_process import fingerprints, run_pipeline


def test_two_runs_give_byte_identical_tables_and_findings(planted_run: Path, fresh_root: Callable[[str], Path]) -> None:
    again = run_pipeline(fresh_root("again"), as_of="2017-12-31")
    first, second = fingerprints(planted_run), fingerprints(again)
    assert first == second
    assert {name.split("/")[0] for name in first} >= {"collect", "clean", "behavior"}


def test_two_runs_give_the_same_manifests(planted_run: Path, fresh_root: Callable[[str], Path]) -> None:
    again = run_pipeline(fresh_root("again"), as_of="2017-12-31", stages=["collect", "clean"])
    for stage in ("collect", "clean"):
        assert json.loads((again / stage / MANIFEST).read_text()) == json.loads(
            (planted_run / stage / MANIFEST).read_text()
        )


def test_a_rerun_in_place_gives_the_same_bytes(fresh_root: Callable[[str], Path]) -> None:
    root = fresh_root("root")
    first = fingerprints(run_pipeline(root, as_of="2017-06-30", stages=["collect", "clean"]))
    assert fingerprints(run_pipeline(root, as_of="2017-06-30", stages=["collect", "clean"])) == first

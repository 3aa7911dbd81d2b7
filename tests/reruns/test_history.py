"""What a scheduler reads afterwards."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from customer_patterns.reruns.history import COLUMNS, Status, append_history, history_path, write_status
from customer_patterns.study import open_run
from customer_patterns.study.places import OUTPUT_ROOT


@pytest.fixture(autouse=True)
def _root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))


def rows() -> list[dict[str, str]]:
    with history_path().open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_run_adds_one_row_below_one_heading():
    append_history(Status("shop", "2017-01-01", "en", "done", stages_run=("collect", "clean")), seconds=1.26)
    append_history(Status("shop", "2017-01-01", "en", "failed", reason="a, b\nc"), seconds=0)
    assert history_path().read_text().splitlines()[0] == ",".join(COLUMNS)
    first, second = rows()
    assert (first["duration_s"], first["stages_run"], first["result"]) == ("1.3", "collect clean", "done")
    assert second["reason"] == "a, b c"
    assert first["finished_at"].endswith("Z")
    assert len(first["finished_at"]) == 20


def test_a_row_that_was_cut_short_does_not_swallow_the_next():
    append_history(Status("shop", "2017-01-01", "en", "done"), seconds=1)
    with history_path().open("a") as file:
        file.write("2017-01-01T00:00:00Z,1.0,sho")
    append_history(Status("shop", "2017-01-02", "en", "done"), seconds=1)
    assert rows()[-1]["as_of"] == "2017-01-02"


def test_a_value_that_a_spreadsheet_would_run_stays_text():
    append_history(Status("=cmd|x", "", "", "refused", reason="@SUM(1)"), seconds=0)
    assert rows()[0]["study"] == "'=cmd|x"
    assert rows()[0]["reason"] == "'@SUM(1)"


def test_a_status_is_replaced_as_a_whole():
    run = open_run("planted-shop")
    path = write_status(run, Status("planted-shop", "2017-12-31", "en", stage="clean"))
    write_status(run, Status("planted-shop", "2017-12-31", "en", "done"))
    assert json.loads(path.read_text())["state"] == "done"
    assert [other.name for other in path.parent.iterdir()] == ["status.json"]

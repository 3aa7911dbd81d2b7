"""What became of a file is kept, and is the stage's own file where all of it counts."""

from __future__ import annotations

import datetime as dt
import os

import numpy as np
import pytest

from customer_patterns.sources import TABLES, pieces
from customer_patterns.sources.files import find_files
from customer_patterns.sources.lines import Lines
from customer_patterns.study import intake_folder
from customer_patterns.study.places import OUTPUT_ROOT
from customer_patterns.warehouse import write_stage
from tests.sources.deliveries import HEADER, collected, contract, line, put, study


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An output root."""
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return tmp_path


def written(found, folder):
    """The stage's file of order lines."""
    schemas = {name: TABLES[name] for name in found.all}
    how = {"schemas": schemas, "backend": found.backend, "manifest": {}, "presorted": ("order_lines",)}
    write_stage(folder, found.all, **how)
    return folder / "order_lines.parquet"


def of_piece(source="till.order_lines"):
    """The file of a piece's records."""
    return next((intake_folder("shop") / source).glob("*/records.parquet"))


def file_of(*rows):
    """A whole file of these records, with its header."""
    return "\n".join([HEADER, *rows]) + "\n"


def records(*days):
    """Thirty order lines on each of these days of January."""
    return [line(day * 100 + n, sold=f"2026-01-{day:02} 12:00:00") for day in days for n in range(30)]


def test_a_delivery_of_which_all_counts_is_not_written_twice(root):
    put(root, "lines.csv", file_of(*records(2, 3)))
    stage = written(collected(study(contract())), root / "run")
    assert os.path.samefile(stage, of_piece())


def test_the_file_of_a_piece_is_what_would_be_written_of_its_records(root):
    put(root, "all.csv", file_of(*records(2, 3)))
    whole = written(collected(study(contract("all.csv"))), root / "whole").read_bytes()
    put(root, "more.csv", file_of(*records(2, 3, 4)))
    cut = written(collected(study(contract("more.csv")), as_of=dt.date(2026, 1, 3)), root / "cut")
    assert not os.path.samefile(cut, of_piece())
    assert cut.read_bytes() == whole


@pytest.mark.parametrize("gap", [40, 2])
def test_a_record_has_its_line_however_many_gaps_there_are(root, gap):
    rows = []
    for number, row in enumerate(records(*range(1, 21))):
        rows += [row, ""] if number % gap == 0 else [row]
    put(root, "lines.csv", file_of(*rows))
    found = collected(study(contract()))
    piece = pieces.open_piece(contract(), of_piece().parent, found_file(), 0)
    assert (piece.written is None) == (gap == 2)  # too many gaps: each record's line is written with it
    at = found.backend.con.execute(f"SELECT order_id, _line FROM ({piece.query}) ORDER BY _line").fetchall()
    assert at == [(row.split(",")[0], place) for place, row in enumerate(rows, start=2) if row]


def found_file():
    """The delivered file."""
    return find_files(contract())[0]


def test_runs_say_every_line():
    lines = Lines()
    for part in ([5, 6, 7], [], [8, 10, 9]):
        lines.add(np.array(part, np.int64))
    assert lines.runs == [[0, 5], [4, 10], [5, 9]]
    assert lines.each().tolist() == [5, 6, 7, 8, 10, 9]
    assert lines.few

"""Collect and clean of ten million lines of text, against DuckDB without any check and against pandas, in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from customer_patterns.study import load_study, project_root
from tests.benchmarks.measured import Measured, write_table
from tests.benchmarks.panel import LARGE, ORIGINAL, deliver_large_panel
from tests.benchmarks.same_numbers import compared, differences
from tests.benchmarks.scale import Side, run_side

#: How many lines there are at least, unless the environment says otherwise.
LINES, LINES_WANTED = 10_000_000, "BENCH_LINES"

#: What we may need of what DuckDB needs to read the file, and of memory; how many times faster than pandas we must be.
TIMES_DUCKDB, BYTES, FASTER = 2.5, 2_000_000_000, 3

STAGES = ("collect", "clean")


def measure() -> Iterator[Measured]:
    """Deliver the panel as text, let three sides take it in, each in a process of its own, and compare.

    The environment's ``BENCH_LINES`` says how many lines; the table in the README is written for the full number only.
    """
    wanted = int(os.environ.get(LINES_WANTED) or LINES)
    found = []
    for line in _measure(wanted):
        found.append(line)
        yield line
    if wanted >= LINES:
        write_table(Path(__file__).with_name("README.md"), "intake", found)


def _measure(wanted: int) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory(prefix="customer-patterns-intake-") as folder:
        root = Path(folder)
        lines = deliver_large_panel(root, lines=wanted, reader="csv")
        size = (root / "data" / "raw" / LARGE / "order_lines.csv").stat().st_size
        compile_loops()
        bare = run_side("in_duckdb", root)
        ours, theirs = (run_side(name, root, *STAGES) for name in ("our_side", "in_pandas"))
        run = root / "data" / "runs" / LARGE / load_study(ORIGINAL).last_day.isoformat()
        different, columns = differences(run, root / "pandas"), compared(run, root / "pandas")
    text = f"{lines:,} lines of text"
    yield Measured(f"{text}, size of the file", f"{size / 1e9:.2f} GB")
    yield Measured(
        f"{text}, same numbers as in pandas",
        f"{columns} columns of numbers",
        different[0] if different else "no difference",
        "no difference",
        not different and columns > 0,
    )
    times = ours.cpu_seconds / bare.cpu_seconds
    yield Measured(
        f"{text}, CPU of collect and clean",
        f"{ours.cpu_seconds:.1f} s, {times:.1f} times DuckDB's",
        f"{bare.cpu_seconds:.1f} s in DuckDB, into parquet, nothing checked",
        f"at most {TIMES_DUCKDB} times",
        times <= TIMES_DUCKDB,
    )
    yield Measured(
        f"{text}, peak memory",
        f"{ours.memory / 1e9:.2f} GB",
        f"{theirs.memory / 1e9:.2f} GB in pandas, {bare.memory / 1e9:.2f} GB in DuckDB",
        f"at most {BYTES / 1e9:.2f} GB",
        ours.memory <= BYTES,
    )
    faster = theirs.seconds / ours.seconds
    yield Measured(
        f"{text}, wall time of collect and clean",
        f"{ours.seconds:.1f} s, {faster:.1f} times as fast as pandas",
        f"{theirs.seconds:.1f} s in pandas",
        f"at least {FASTER} times as fast",
        faster >= FASTER,
    )
    yield from _by_stage(text, ours, theirs)


def compile_loops() -> None:
    """Have the loops that take lines apart compiled, which is done once per machine, in a process of its own."""
    subprocess.run([sys.executable, "-W", "ignore", "-m", "tests.benchmarks.loops"], cwd=project_root(), check=True)


def _by_stage(text: str, ours: Side, theirs: Side) -> Iterator[Measured]:
    yield Measured(f"{text}, CPU in all", f"{ours.cpu_seconds:.1f} s", f"{theirs.cpu_seconds:.1f} s in pandas")
    for stage, seconds in ours.stages.items():
        yield Measured(f"{text}, {stage}, CPU", f"{seconds:.1f} s", f"{theirs.stages[stage]:.1f} s in pandas")

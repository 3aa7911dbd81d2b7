"""Who is who among 100,000 records, and how fast identifiers become pseudonyms."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from customer_patterns.study import project_root
from tests.benchmarks import pseudonyms
from tests.benchmarks.measured import Measured, write_table

SECONDS, GIGABYTES = 120.0, 4.0


def measure() -> Iterator[Measured]:
    """Link the same planted records on both sides, each in a process of its own."""
    found = []
    for line in (*_linkage(), *pseudonyms.measure()):
        found.append(line)
        yield line
    write_table(Path(__file__).with_name("README.md"), "identity", found)


def _linkage() -> Iterator[Measured]:
    with tempfile.TemporaryDirectory(prefix="customer-patterns-identity-") as folder:
        made = _run(folder, "prepare")
        ours, theirs = (_run(folder, side) for side in ("ours", "theirs"))
    name = f"who is who, {made['records']:,} records"
    script = "pandas merges, points, components"
    yield Measured(
        f"{name}: time",
        f"{ours['seconds']:.0f} s of CPU",
        f"{script} {theirs['seconds']:.0f} s",
        f"at most {SECONDS:.0f} s",
        ours["seconds"] <= SECONDS,
    )
    yield Measured(
        f"{name}: memory",
        f"{ours['gigabytes']:.1f} GB",
        f"{script} {theirs['gigabytes']:.1f} GB",
        f"at most {GIGABYTES:.0f} GB",
        ours["gigabytes"] <= GIGABYTES,
    )
    for measure_, floor in (("precision", 0.99), ("recall", 0.98)):
        value, low, high = ours[measure_]
        yield Measured(
            f"{name}: {measure_}",
            f"{value:.2%} ({low:.2%} to {high:.2%})",
            f"{script} {theirs[measure_][0]:.2%}",
            f"at least {floor:.0%}",
            value >= floor,
        )


def _run(folder: str, work: str) -> dict:
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.identity_side", folder, work]
    done = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"identity_side {work} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().split("\n")[-1])

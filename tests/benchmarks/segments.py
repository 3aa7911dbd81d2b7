"""Segments, scores and intervals on many customers: our side and what is commonly taken, each in its own process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from customer_patterns.study import project_root
from tests.benchmarks.measured import Measured, write_table


@dataclass(frozen=True)
class Aim:
    """A piece of work, what it is called, the reference, how many CPU seconds it may take, what both must agree in."""

    work: str
    name: str
    reference: str
    seconds: float
    same: dict[str, float]


#: ``same``: the figures of both sides, and by which share they may differ.
AIMS = (
    Aim("choose", "2 to 10 clusters? 100,000 × 8", "KMeans n_init=10, sampled silhouette", 6.0, {"clusters": 0}),
    Aim("cluster", "a million × 8 in 8 clusters", "KMeans n_init=10", 0.9, {"inertia": 0.001}),
    Aim("rfm", "recency, orders, revenue; {orders:,} orders, a row each", "lifetimes' summary in pandas", 0.45,
        {"customers": 0, "days": 0}),
    Aim("resample", "10,000 resamples of a ratio, 100,000 customers", "scipy.stats.bootstrap", 1.4,
        {"low": 0.0005, "high": 0.0005}),
)  # fmt: skip


def measure() -> Iterator[Measured]:
    """Let both sides do each work on the same data, and compare what comes of it."""
    found = []
    with tempfile.TemporaryDirectory(prefix="customer-patterns-segments-") as folder:
        made = _run(folder, "prepare")
        for aim in AIMS:
            line = _compared(aim, made, _run(folder, aim.work, "ours"), _run(folder, aim.work, "theirs"))
            found.append(line)
            yield line
    write_table(Path(__file__).with_name("README.md"), "segments", found)


def _compared(aim: Aim, made: dict[str, float], ours: dict[str, float], theirs: dict[str, float]) -> Measured:
    """Write a line: met only if we are as fast as wanted and what came of it is the same."""
    apart = {name: abs(ours[name] / theirs[name] - 1) for name in aim.same}
    same = all(apart[name] <= most for name, most in aim.same.items())
    agreed = ", ".join(f"{name} {'the same' if not apart[name] else f'{apart[name]:.4%} apart'}" for name in aim.same)
    return Measured(
        aim.name.format(**made),
        f"{ours['seconds']:.2f} s of CPU",
        f"{aim.reference} {theirs['seconds']:.1f} s ({theirs['seconds'] / ours['seconds']:.0f} times); {agreed}",
        f"at most {aim.seconds:g} s, and the same",
        ours["seconds"] <= aim.seconds and same,
    )


def _run(folder: str, *what: str) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.segments_side", folder, *what]
    done = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"segments_side {' '.join(what)} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().split("\n")[-1])

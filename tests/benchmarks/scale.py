"""Collect, clean and behavior on ten million lines, against the same work in plain pandas, in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from customer_patterns.study import load_study, project_root
from customer_patterns.study.places import OUTPUT_ROOT
from tests.benchmarks.measured import Measured
from tests.benchmarks.panel import LARGE, ORIGINAL, deliver_large_panel
from tests.benchmarks.same_numbers import compared, differences

LINES = 10_000_000

#: What we may need of what pandas needs.
CPU_SHARE, MEMORY_SHARE = 0.75, 0.3


@dataclass(frozen=True)
class Side:
    """What one side needed: seconds, CPU seconds, the largest resident memory in bytes, CPU seconds by stage."""

    seconds: float
    cpu_seconds: float
    memory: int
    stages: dict[str, float]


def measure() -> Iterator[Measured]:
    """Deliver the large panel, let both sides do the work, each in a process of its own, and compare."""
    with tempfile.TemporaryDirectory(prefix="customer-patterns-scale-") as folder:
        root = Path(folder)
        lines = deliver_large_panel(root, lines=LINES)
        ours, theirs = (run_side(name, root) for name in ("our_side", "in_pandas"))
        run = root / "data" / "runs" / LARGE / load_study(ORIGINAL).last_day.isoformat()
        different, columns = differences(run, root / "pandas"), compared(run, root / "pandas")
    yield Measured(
        f"{lines:,} lines, same numbers as in pandas",
        f"{columns} columns of numbers",
        different[0] if different else "no difference",
        "no difference",
        not different and columns > 0,
    )
    yield _against(
        "CPU",
        f"{ours.cpu_seconds:.0f} s",
        f"{theirs.cpu_seconds:.0f} s",
        CPU_SHARE,
        ours.cpu_seconds / theirs.cpu_seconds,
    )
    sizes = (f"{side.memory / 1e9:.2f} GB" for side in (ours, theirs))
    yield _against("peak memory", *sizes, MEMORY_SHARE, ours.memory / theirs.memory)
    for stage, seconds in ours.stages.items():
        yield Measured(f"{lines:,} lines, {stage}, CPU", f"{seconds:.0f} s", f"{theirs.stages[stage]:.0f} s in pandas")


def _against(what: str, ours: str, theirs: str, aim: float, share: float) -> Measured:
    return Measured(
        f"{LINES:,} lines, {what}",
        f"{ours}, {share:.2f} of pandas",
        f"{theirs} in pandas",
        f"at most {aim:.2f} of pandas",
        share <= aim,
    )


def run_side(module: str, root: Path, *stages: str) -> Side:
    """Let one side do its work; what it needed is what the operating system says of its process.

    This process must not have needed more memory before than the side does: Linux takes the largest memory of a process
    for that of those it starts, too.
    """
    command = [sys.executable, "-W", "ignore", "-m", f"tests.benchmarks.{module}", str(root), LARGE, *stages]
    env = {**os.environ, OUTPUT_ROOT: str(root)}
    with tempfile.TemporaryFile("w+") as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=project_root(), env=env, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read()
    if process.returncode:
        raise RuntimeError(f"{module} failed: {text[-2000:]}")
    by_stage = {line.split()[0]: float(line.split()[2]) for line in text.splitlines() if len(line.split()) == 3}
    return Side(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, by_stage)

"""Lifetime models for a million customers, beside lifetimes where it is at hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from customer_patterns.study import project_root
from tests.benchmarks import churn_side
from tests.benchmarks.measured import Measured, write_table

#: CPU seconds for both models and the worth of each of a million customers.
SECONDS = 1.4
#: An interpreter that has lifetimes and the old libraries it needs, for it is no longer maintained. Here are its files
#: alone, since CDNOW's sample is among them.
LIFETIMES = "LIFETIMES_PYTHON"

#: What lifetimes 0.11.3 found in the same crowd, and what it took on the machine where the aim was set.
FOUND_BY_LIFETIMES: dict[str, float] = {
    "r": 0.2494034,
    "alpha": 32.79494,
    "a": 0.7880712,
    "b": 2.452151,
    "p": 6.228050,
    "q": 3.737319,
    "v": 15.51791,
}
TAKEN_BY_LIFETIMES = 14.2

#: CDNOW's sample, weeks: Fader, Hardie and Lee (2005), table 2; Fader and Hardie (2013). It comes with lifetimes.
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426, "p": 6.25, "q": 3.74, "v": 15.44}


def measure() -> Iterator[Measured]:
    """Measure everything about the outlook, a line each, and write the table."""
    found = []
    for line in _measure():
        found.append(line)
        yield line
    write_table(Path(__file__).with_name("README.md"), "outlook", found)


def _measure() -> Iterator[Measured]:
    yield from _lifetime_models()
    yield from _cdnow()
    yield from churn_side.measure()


def _lifetime_models() -> Iterator[Measured]:
    with tempfile.TemporaryDirectory(prefix="customer-patterns-outlook-") as folder:
        _side(folder, "prepare")
        ours = _side(folder, "ours")
        theirs = _side(folder, "lifetimes") if _interpreter("lifetimes") else None
    taken = TAKEN_BY_LIFETIMES if theirs is None else theirs["seconds"]
    where = "elsewhere, not at hand here" if theirs is None else f"{taken / ours['seconds']:.1f} times"
    yield Measured(
        "BG/NBD, gamma-gamma and the worth of each of 1,000,000 customers",
        f"{ours['seconds']:.2f} s of CPU",
        f"lifetimes {taken:.1f} s ({where})",
        f"at most {SECONDS} s",
        ours["seconds"] <= SECONDS,
    )
    reference = FOUND_BY_LIFETIMES if theirs is None else theirs["parameters"]
    off = max(abs(ours["parameters"][name] / value - 1) for name, value in reference.items())
    yield Measured(
        "their seven parameters, beside those of lifetimes",
        ", ".join(f"{name} {value:.4g}" for name, value in ours["parameters"].items()),
        ", ".join(f"{name} {value:.4g}" for name, value in reference.items()),
        "the same to four digits",
        off < 5e-5,
    )


def _cdnow() -> Iterator[Measured]:
    from tests.outlook.value.test_models import cdnow_files, fit_cdnow

    found = fit_cdnow(cdnow_files())
    yield Measured(
        "CDNOW's 2,357 customers, beside the published parameters",
        ", ".join(f"{name} {found[name]:.4g}" for name in PUBLISHED),
        ", ".join(f"{name} {value:.4g}" for name, value in PUBLISHED.items()),
        "the same as far as published",
        all(abs(found[name] - value) < 0.01 * max(value, 0.1) ** 0.5 for name, value in PUBLISHED.items()),
    )


def _interpreter(side: str) -> str | None:
    """The interpreter that can run a side; none where lifetimes is wanted and none is named that has what it needs."""
    return os.environ.get(LIFETIMES) if side == "lifetimes" else sys.executable


def _side(folder: str, side: str) -> dict[str, Any]:
    """Run a side in a process of its own; return what it printed."""
    script = Path(__file__).with_name("outlook_side.py")
    environment = {**os.environ, "PYTHONPATH": str(project_root()) if side == "prepare" else ""}
    command = [_interpreter(side) or sys.executable, "-W", "ignore", str(script), folder, side]
    done = subprocess.run(command, cwd=project_root(), env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"outlook_side {side} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().split("\n")[-1]) if done.stdout.strip() else {}

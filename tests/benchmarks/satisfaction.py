"""A large survey, our side and plain pandas, each in its own process; and many short reviews."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from customer_patterns.study import project_root
from tests.benchmarks.measured import Measured, write_table

#: As in the issue: CPU seconds and gigabytes.
MOST_SECONDS, MOST_MEMORY = 60.0, 3.0
#: Scores and shares of both sides must be the same to so many parts; raking ends a little before or after the other's.
_SAME = 1e-6
_STEPS = {
    "reading": "answers to sheets and scores of dimensions",
    "scores": "scores by wave, with intervals",
    "weights": "weights: raked, and by the chance of an answer",
    "drivers": "drivers, penalties and rewards, 1,000 resamples",
}
#: Measures many short reviews, beside this.
_TEXTS = "tests.benchmarks.texts"


def measure() -> Iterator[Measured]:
    """Let both sides work on the same survey, and compare what comes of it; then the reviews."""
    found = []
    for line in (*_survey(), *_texts()):
        found.append(line)
        yield line
    write_table(Path(__file__).with_name("README.md"), "satisfaction", found)


def _survey() -> Iterator[Measured]:
    with tempfile.TemporaryDirectory(prefix="customer-patterns-satisfaction-") as folder:
        _run(folder, "prepare")
        ours, theirs = _run(folder, "ours"), _run(folder, "theirs")
    differ = [name for name in ("sheets", "score", "nps", "raked") if abs(ours[name] / theirs[name] - 1) > _SAME]
    if not np.allclose(ours["shares"], theirs["shares"], atol=_SAME):
        differ.append("shares")
    seconds, reference = (sum(side[step] for step in _STEPS) for side in (ours, theirs))
    many = f"{ours['sheets'] / 1e6:.2g} million sheets × 20 items"
    yield Measured(
        f"{many}: scores, weights, drivers",
        f"{seconds:.1f} s of CPU",
        f"pandas {reference:.0f} s ({reference / seconds:.0f} times), its resamples scaled up from a few",
        f"at most {MOST_SECONDS:g} s",
        seconds <= MOST_SECONDS,
    )
    yield Measured(
        f"{many}: peak memory of the process",
        f"{ours['memory']:.2f} GB",
        f"pandas {theirs['memory']:.2f} GB",
        f"at most {MOST_MEMORY:.2f} GB",
        ours["memory"] <= MOST_MEMORY,
    )
    yield Measured(
        f"{many}: same numbers as in pandas",
        "scores, NPS, raked score, shares of the drivers",
        f"different: {', '.join(differ)}" if differ else "no difference",
        "no difference",
        not differ,
    )
    for step, name in _STEPS.items():
        yield Measured(f"{many}: {name}", f"{ours[step]:.1f} s of CPU", f"pandas {theirs[step]:.1f} s")


def _texts() -> Iterator[Measured]:
    """The lines on reviews, where they can be measured."""
    if find_spec(_TEXTS) is not None:
        yield from importlib.import_module(_TEXTS).measure()


def _run(folder: str, *what: str) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.satisfaction_side", folder, *what]
    done = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"satisfaction_side {' '.join(what)} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().split("\n")[-1])

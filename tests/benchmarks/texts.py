"""Short reviews to themes, topics, praise and blame: how long it takes, and how much memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from customer_patterns.study import project_root
from tests.benchmarks.measured import Measured

#: As in the issue: so many reviews, in so many CPU seconds, in so much memory.
TEXTS, SECONDS, GIGABYTES = 200_000, 120.0, 3.0


def measure() -> Iterator[Measured]:
    """Read them in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.texts_side", str(TEXTS)]
    done = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"texts_side failed: {done.stderr[-2000:]}")
    found = json.loads(done.stdout.strip().split("\n")[-1])
    yield Measured(
        f"{TEXTS:,} short reviews, English and Chinese, to {found['themes']} themes, {found['topics']} topics, "
        "praise and blame",
        f"{found['seconds']:.0f} s of CPU, {found['gigabytes']:.1f} GB; {found['right']:.0%} told rightly",
        aim=f"at most {SECONDS:g} s, {GIGABYTES:g} GB",
        met=found["seconds"] <= SECONDS and found["gigabytes"] <= GIGABYTES,
    )

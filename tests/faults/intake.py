"""Thousands of mutated deliveries: whatever happened to a file, no record of it is lost or altered in silence.

The same seeds each time, so that a fault is repeated with ``attempt(kind, seed)`` of :mod:`tests.sources.fuzz.trying`.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from tests.benchmarks.measured import Measured
from tests.sources.fuzz.deliveries import KINDS
from tests.sources.fuzz.trying import Outcome, attempt

#: How many files are tried, over all kinds; another number stands in the environment variable ``FUZZ_FILES``, the kinds
#: that are tried, if not all, in ``FUZZ_KINDS`` (``json,excel``): the seeds of a kind are the same either way.
FILES = 10_000
PROCESSES = 2

#: A kind's share of the files, beside 1 for most: fewer of those that take long or that are refused at once.
_SHARES = {"survey": 0.3, "folder": 0.7, "sealed": 0.5, "priced": 0.5}
_AT_A_TIME = 25
_AIM = "0 uncaught, 0 lost, 0 altered"


def intake() -> Iterator[Measured]:
    """Mutate deliveries of every kind and take them in: one line per kind."""
    wanted = int(os.environ.get("FUZZ_FILES", FILES))
    kinds = os.environ.get("FUZZ_KINDS", ",".join(KINDS)).split(",")
    counts = {kind: count for kind, count in _counts(wanted).items() if kind in kinds}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        lots = {
            kind: [
                pool.submit(_tried, kind, first, min(first + _AT_A_TIME, count))
                for first in range(0, count, _AT_A_TIME)
            ]
            for kind, count in counts.items()
        }
        for kind, tried in lots.items():
            yield _line(kind, counts[kind], tried)


def _counts(wanted: int) -> dict[str, int]:
    """How many files of each kind."""
    whole = sum(_SHARES.get(kind, 1.0) for kind in KINDS)
    counts = {kind: max(1, int(wanted * _SHARES.get(kind, 1.0) / whole)) for kind in KINDS}
    first = next(iter(counts))
    return {**counts, first: max(1, counts[first] + wanted - sum(counts.values()))}


def _tried(kind: str, first: int, last: int) -> list[Outcome]:
    return [attempt(kind, seed) for seed in range(first, last)]


def _line(kind: str, files: int, tried: list[Future[list[Outcome]]]) -> Measured:
    name = f"intake: {kind}"
    try:
        outcomes = [outcome for lot in tried for outcome in lot.result()]
    except BrokenProcessPool:
        return Measured(name, "a process died, and no sentence was said", "–", _AIM, False)
    counted = Counter(outcome.state for outcome in outcomes)
    states = ["kept", "set aside", "refused", *sorted(set(counted) - {"kept", "set aside", "refused"})]
    said = ", ".join(f"{counted[state]:,} {state}" for state in states)
    faults = [outcome.detail for outcome in outcomes if outcome.is_fault]
    shown = "".join(f"; {detail[:300]}" for detail in faults[:3])
    return Measured(name, f"{files:,} files: {said}{shown}", "–", _AIM, not faults)

"""Mining on the panel: our own miner against mlxtend's, and against others where they happen to be installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from customer_patterns.study import project_root
from tests.benchmarks.measured import Measured, write_table
from tests.benchmarks.mining_side import installed


@dataclass(frozen=True)
class Aim:
    """A piece of work, what it is called, and how many times as fast as each reference we must be at least."""

    work: str
    name: str
    times: dict[str, float]


#: References without a number are there to be known. PyFIM, prefixspan and SPMF count where they are installed.
AIMS = (
    Aim("sets-often", "itemsets, support 0.005", {"fpgrowth": 25, "hmine": 5, "PyFIM": 1}),
    Aim("sets-rare", "itemsets, support 0.002", {"hmine": 15, "PyFIM": 1}),
    Aim("products", "itemsets of products, support 0.001", {"fpgrowth": 25, "hmine": 5, "PyFIM": 1.8}),
    Aim("ten-million", "itemsets, 10 million lines, support 0.01", {"fpgrowth": 15, "hmine": 5, "PyFIM": 2}),
    Aim("rules", "rules of confidence 0.5 from the sets of support 0.002", {"mlxtend": 14}),
    Aim("all-rules", "all their rules with one consequent", {}),
    Aim("pairs", "pairs, support 0.0005", {"SciPy": 3, "DuckDB": 9}),
    Aim("one-item-visits", "sequences of up to 3 departments, support 0.05, one a visit", {"prefixspan": 10}),
    Aim("visits", "the same, several a visit", {"SPMF": 3}),
    Aim("visits-in-time", "the same, at most 28 days from visit to visit and 56 in all", {}),
)

#: What our side may need for products, all of its process.
PRODUCTS_BYTES = 500_000_000

#: What compiling may take on a new machine, in CPU seconds.
COMPILING = 10


@dataclass(frozen=True)
class Did:
    """What a side needed: CPU seconds, the largest resident memory of its process in bytes; and what it found."""

    seconds: float
    memory: int
    found: int
    total: int
    compiling: float


def measure() -> Iterator[Measured]:
    """Let each side do each work, in a process of its own, on the same arrays, and compare what they find."""
    found = []
    for line in _measure():
        found.append(line)
        yield line
    write_table(Path(__file__).with_name("README.md"), "mining", found)


def _measure() -> Iterator[Measured]:
    with tempfile.TemporaryDirectory(prefix="customer-patterns-mining-") as folder:
        _run(folder, "prepare")
        yield _compiling(folder)
        for aim in AIMS:
            ours = _did(folder, aim.work, "ours")
            theirs = {side: _did(folder, aim.work, side) for side in aim.times if installed(side)}
            yield _compared(aim, ours, theirs)
            if aim.work == "products":
                yield _memory(aim, ours, theirs)


def _compared(aim: Aim, ours: Did, theirs: dict[str, Did]) -> Measured:
    """Write a line: met only if we are as fast as wanted, and everybody found the same."""
    different = [side for side, did in theirs.items() if (did.found, did.total) != (ours.found, ours.total)]
    wanted = {side: times for side, times in aim.times.items() if times}
    fast = all(theirs[side].seconds >= times * ours.seconds for side, times in wanted.items() if side in theirs)
    said = [f"{side} {did.seconds:.2f} s ({did.seconds / ours.seconds:.1f} times)" for side, did in theirs.items()]
    said += [f"{side} found others" for side in different]
    said += [f"{side} not installed" for side in aim.times if side not in theirs]
    return Measured(
        f"{aim.name}: {ours.found:,} found",
        f"{ours.seconds:.3f} s of CPU",
        ", ".join(said) or "–",
        ", ".join(f"{times:g} times as fast as {side}" for side, times in wanted.items()) or "–",
        fast and not different if wanted.keys() & theirs.keys() or different else None,
    )


def _memory(aim: Aim, ours: Did, theirs: dict[str, Did]) -> Measured:
    return Measured(
        f"{aim.name}: peak memory of the process",
        f"{ours.memory / 1e9:.2f} GB",
        ", ".join(f"{side} {did.memory / 1e9:.2f} GB" for side, did in theirs.items()),
        f"at most {PRODUCTS_BYTES / 1e9:.2f} GB",
        ours.memory <= PRODUCTS_BYTES,
    )


def _compiling(folder: str) -> Measured:
    """Compile with nothing kept, then read what was kept: both are left out of all other lines."""
    once = {"NUMBA_CACHE_DIR": str(Path(folder) / "compiled")}
    first, again = (json.loads(_run(folder, "compile", env=once)[0])["seconds"] for _ in range(2))
    return Measured(
        "compiling all loops, once per machine",
        f"{first:.1f} s of CPU",
        f"{again:.2f} s to read them in a later process, the import of numba included",
        f"at most {COMPILING} s",
        first <= COMPILING,
    )


def _did(folder: str, work: str, side: str) -> Did:
    text, memory = _run(folder, work, side)
    did = json.loads(text)
    return Did(did["seconds"], memory, did["found"], did["sum"], did["compiling"])


def _run(folder: str, *what: str, env: dict[str, str] | None = None) -> tuple[str, int]:
    """Run a side; return the last line that it printed, and the largest memory of its process.

    Linux takes the largest memory of this process for that of those it starts, so it must stay small.
    """
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.mining_side", folder, *what]
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command, cwd=project_root(), env={**os.environ, **(env or {})}, stdout=said, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        errors.seek(0)
        if process.returncode:
            raise RuntimeError(f"mining_side {' '.join(what)} failed: {errors.read()[-2000:]}")
        return said.read().strip().split("\n")[-1], usage.ru_maxrss * 1024

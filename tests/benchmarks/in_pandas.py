"""Collect, clean and behavior once more, in plain pandas written with care: the other side of the comparison.

Keys are categories (each number becomes a text once, not once per line), money is whole cents, nothing loops over
rows, and columns that are no longer needed are dropped. As between notebooks, each stage reads what the one before has
written. The tables have the names, rows and numbers of the study's own; intervals come from the same functions on both
sides.

``python -m tests.benchmarks.in_pandas <root> <study> [stage …]`` writes them to
``<root>/pandas/<stage>/<table>.parquet``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from customer_patterns.study import Study, load_study
from tests.benchmarks.behavior_in_pandas import behavior
from tests.benchmarks.clean_in_pandas import clean
from tests.benchmarks.intake_in_pandas import Frames, collect, read, write
from tests.benchmarks.measured import hand_back


def main(root: Path, name: str, stages: Sequence[str] = ()) -> None:
    """Make the tables of the stages, each stage from what the one before has written, as notebooks do."""
    study, folder = load_study(name), root / "pandas"
    for stage in stages or STAGES:
        started, cpu = time.perf_counter(), time.process_time()
        write(STAGES[stage](root, study), folder / stage)
        hand_back()
        print(f"{stage} {time.perf_counter() - started:.1f} {time.process_time() - cpu:.1f}", flush=True)


def _behavior(root: Path, study: Study) -> Frames:
    return behavior(read(root / "pandas" / "clean", "order_lines", "products", "customers"), study)


STAGES = {"collect": collect, "clean": clean, "behavior": _behavior}

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])

"""Collect, clean and behavior of a study as its notebooks do it, without what is drawn and shown.

``python -m tests.benchmarks.our_side <root> <study> [stage …]`` writes the stages' tables below ``root``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from customer_patterns import charts
from customer_patterns.reporting import show
from tests.benchmarks.measured import hand_back
from tests.notebooks_in_process import run_notebook

STAGES = ("collect", "clean", "behavior")


def _nothing(*args: Any, **options: Any) -> None:
    """Draw and show nothing: the other side does not either."""


def main(root: Path, study: str, stages: Sequence[str] = STAGES) -> None:
    """Execute the code of the stages' notebooks in this process."""
    for module, names in {
        charts: ("bars", "dots", "line", "histogram", "heatmap"),
        show: ("table", "said", "facts", "findings", "left_open"),
    }.items():
        for name in names:
            setattr(module, name, _nothing)
    for stage in stages:
        started, cpu = time.perf_counter(), time.process_time()
        ran = run_notebook(stage, root, study=study)
        ran["stage"].backend.disconnect()  # a notebook's kernel ends with it
        ran.clear()
        hand_back()
        print(f"{stage} {time.perf_counter() - started:.1f} {time.process_time() - cpu:.1f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:] or STAGES)

"""``python -m tests.benchmarks [--only NAME]``."""

import sys

from tests.benchmarks import backbone, identity, intake, mining, outlook, satisfaction, segments
from tests.benchmarks.measured import run

PARTS = (backbone, intake, mining, segments, outlook, satisfaction, identity)

if __name__ == "__main__":
    sys.exit(run("benchmarks", {part.__name__.rpartition(".")[2]: part.measure for part in PARTS}))

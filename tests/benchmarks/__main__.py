"""``python -m tests.benchmarks [--only NAME]``."""

import sys

from tests.benchmarks import backbone, intake, mining
from tests.benchmarks.measured import run

if __name__ == "__main__":
    sys.exit(run("benchmarks", {"backbone": backbone.measure, "intake": intake.measure, "mining": mining.measure}))

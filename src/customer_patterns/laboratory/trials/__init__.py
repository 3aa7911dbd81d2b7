"""The trials, one module per room. Each seed range is held out: tests and development use others."""

from __future__ import annotations

from customer_patterns.laboratory.trial import Trial
from customer_patterns.laboratory.trials import estimates, patterns, satisfaction, segments

TRIALS: tuple[Trial, ...] = (
    *estimates.TRIALS,
    *patterns.TRIALS,
    *segments.TRIALS,
    *satisfaction.TRIALS,
)

__all__ = ["TRIALS"]

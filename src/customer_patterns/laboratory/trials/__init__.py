"""The trials, one module per room. Each seed range is held out: tests and development use others."""

from __future__ import annotations

from customer_patterns.laboratory.trial import Trial
from customer_patterns.laboratory.trials import (
    behavior,
    estimates,
    journeys,
    patterns,
    promotions,
    satisfaction,
    segments,
    sequences,
)

TRIALS: tuple[Trial, ...] = (
    *estimates.TRIALS,
    *behavior.TRIALS,
    *journeys.TRIALS,
    *patterns.TRIALS,
    *sequences.TRIALS,
    *promotions.TRIALS,
    *segments.TRIALS,
    *satisfaction.TRIALS,
)

__all__ = ["TRIALS"]

"""The trials, one module per room. Each seed range is held out: tests and development use others."""

from __future__ import annotations

from customer_patterns.laboratory.trial import Trial
from customer_patterns.laboratory.trials import (
    behavior,
    estimates,
    identity,
    improvements,
    journeys,
    measurement,
    movement,
    nonresponse,
    outlook_churn,
    outlook_forecast,
    outlook_leads,
    outlook_trend,
    outlook_value,
    patterns,
    preferences,
    promotions,
    reviews,
    satisfaction,
    segment_lifecycle,
    segments,
    sequences,
    sources_together,
    sources_watched,
    standard,
    texts,
)

TRIALS: tuple[Trial, ...] = (
    *estimates.TRIALS,
    *behavior.TRIALS,
    *journeys.TRIALS,
    *patterns.TRIALS,
    *sequences.TRIALS,
    *promotions.TRIALS,
    *preferences.TRIALS,
    *segments.TRIALS,
    *outlook_forecast.TRIALS,
    *outlook_trend.TRIALS,
    *outlook_leads.TRIALS,
    *segment_lifecycle.TRIALS,
    *movement.TRIALS,
    *outlook_value.TRIALS,
    *outlook_churn.TRIALS,
    *satisfaction.TRIALS,
    *measurement.TRIALS,
    *nonresponse.TRIALS,
    *standard.TRIALS,
    *sources_together.TRIALS,
    *sources_watched.TRIALS,
    *texts.TRIALS,
    *reviews.TRIALS,
    *improvements.TRIALS,
    *identity.TRIALS,
)

__all__ = ["TRIALS"]

"""Weights for those who did not answer: raking, the chance of an answer, their cost, and what they cannot mend."""

from customer_patterns.satisfaction.weighting.compared import weighted_scores
from customer_patterns.satisfaction.weighting.figures import READERS
from customer_patterns.satisfaction.weighting.margins import known_margins
from customer_patterns.satisfaction.weighting.raking import rake
from customer_patterns.satisfaction.weighting.tables import TABLES
from customer_patterns.satisfaction.weighting.tipping import tipping_points
from customer_patterns.satisfaction.weighting.trimming import effective_n, trim

__all__ = [
    "READERS",
    "TABLES",
    "effective_n",
    "known_margins",
    "rake",
    "tipping_points",
    "trim",
    "weighted_scores",
]

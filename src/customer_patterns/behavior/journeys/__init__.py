"""Journeys over all touch points: what comes next, along which paths, and where they end."""

from customer_patterns.behavior.journeys import figures, tables
from customer_patterns.behavior.journeys.figures import journey_facts, transitions_shown
from customer_patterns.behavior.journeys.paths import find_journeys, journey_figures, journey_paths
from customer_patterns.behavior.journeys.tables import TABLES
from customer_patterns.behavior.journeys.touches import all_recorded_from, touch_kinds, touch_points, within
from customer_patterns.behavior.journeys.transitions import touch_transitions

__all__ = [
    "TABLES",
    "all_recorded_from",
    "figures",
    "find_journeys",
    "journey_facts",
    "journey_figures",
    "journey_paths",
    "tables",
    "touch_kinds",
    "touch_points",
    "touch_transitions",
    "transitions_shown",
    "within",
]

"""Floor 6: which kinds of customer there are, and how sure that is: scores, value tiers, segments."""

from customer_patterns.features.habits import CUSTOMER_HABITS, shopping_habits
from customer_patterns.segments import tables
from customer_patterns.segments.agreement import adjusted_rand, agreement, levels_by_segment
from customer_patterns.segments.figures import FINDINGS, Figures
from customer_patterns.segments.habits import scale_habits
from customer_patterns.segments.kmeans import cluster_customers
from customer_patterns.segments.members import customer_segments, is_whole, segment_names, segment_of, segment_verdict
from customer_patterns.segments.names import name_segments
from customer_patterns.segments.profiles import (
    drawn_profiles,
    feature_effects,
    known_habits,
    segment_habits,
    segment_profiles,
)
from customer_patterns.segments.reliability import habit_reliability, habits_by_half, used_habits
from customer_patterns.segments.rfm import cut_score, midrank_score, rfm_table, score_levels, score_rfm
from customer_patterns.segments.stability import drawn_stability, find_segments
from customer_patterns.segments.tables import TABLES, TIER_NAMES, VALUE_LEVELS
from customer_patterns.segments.tiers import RULES, assign_tiers, tier_rules
from customer_patterns.segments.values import group_values, side_by_side

__all__ = [
    "CUSTOMER_HABITS",
    "FINDINGS",
    "Figures",
    "RULES",
    "TABLES",
    "TIER_NAMES",
    "VALUE_LEVELS",
    "adjusted_rand",
    "agreement",
    "assign_tiers",
    "cluster_customers",
    "customer_segments",
    "cut_score",
    "drawn_profiles",
    "drawn_stability",
    "feature_effects",
    "find_segments",
    "group_values",
    "habit_reliability",
    "habits_by_half",
    "is_whole",
    "known_habits",
    "levels_by_segment",
    "midrank_score",
    "name_segments",
    "rfm_table",
    "scale_habits",
    "score_levels",
    "score_rfm",
    "segment_habits",
    "segment_names",
    "segment_of",
    "segment_profiles",
    "segment_verdict",
    "shopping_habits",
    "side_by_side",
    "tables",
    "tier_rules",
    "used_habits",
]

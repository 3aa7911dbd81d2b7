"""Floor 6: which kinds of customer there are, and how sure that is: scores, value tiers, segments."""

from customer_patterns.features.habits import CUSTOMER_HABITS, shopping_habits
from customer_patterns.segments import tables
from customer_patterns.segments.agreement import adjusted_rand, agreement, levels_by_segment
from customer_patterns.segments.bases.comparing import basis_agreement, basis_levels
from customer_patterns.segments.bases.shown import closest_levels
from customer_patterns.segments.bases.traits import customer_areas, customer_demographics
from customer_patterns.segments.clusters.again import segment_stability
from customer_patterns.segments.clusters.methods import compare_methods
from customer_patterns.segments.figures import FINDINGS, Figures
from customer_patterns.segments.habits import scale_habits
from customer_patterns.segments.kmeans import cluster_customers
from customer_patterns.segments.lifecycle.figures import chosen as lifecycle_chosen
from customer_patterns.segments.lifecycle.rules import LifecycleRules
from customer_patterns.segments.lifecycle.tables import LIFECYCLE_STAGES
from customer_patterns.segments.lifecycle.transitions import customer_lives
from customer_patterns.segments.market import rank_targets, target_people
from customer_patterns.segments.members import (
    customer_segments,
    is_whole,
    segment_names,
    segment_of,
    segment_verdict,
    why_none,
)
from customer_patterns.segments.movement.described import drawn_movement
from customer_patterns.segments.movement.figures import what_became, why_not_moved
from customer_patterns.segments.movement.moves import find_movement
from customer_patterns.segments.names import name_segments
from customer_patterns.segments.portraits.choosing import card_lines
from customer_patterns.segments.portraits.drawing import Sitters, draw_beside, draw_portraits
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
from customer_patterns.segments.tags import tag_customers
from customer_patterns.segments.tags.figures import shown_tags, tag_names
from customer_patterns.segments.tiers import RULES, assign_tiers, tier_grid, tier_rules
from customer_patterns.segments.trends import drawn_trends, trends_title
from customer_patterns.segments.values import group_values, side_by_side

__all__ = [
    "LIFECYCLE_STAGES",
    "LifecycleRules",
    "Sitters",
    "basis_agreement",
    "basis_levels",
    "card_lines",
    "closest_levels",
    "customer_areas",
    "customer_demographics",
    "customer_lives",
    "draw_beside",
    "draw_portraits",
    "rank_targets",
    "shown_tags",
    "tag_customers",
    "tag_names",
    "target_people",
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
    "compare_methods",
    "customer_segments",
    "cut_score",
    "drawn_profiles",
    "drawn_movement",
    "drawn_stability",
    "drawn_trends",
    "feature_effects",
    "find_movement",
    "find_segments",
    "group_values",
    "habit_reliability",
    "habits_by_half",
    "is_whole",
    "known_habits",
    "levels_by_segment",
    "lifecycle_chosen",
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
    "segment_stability",
    "segment_verdict",
    "shopping_habits",
    "side_by_side",
    "tables",
    "tier_grid",
    "tier_rules",
    "trends_title",
    "used_habits",
    "what_became",
    "why_none",
    "why_not_moved",
]

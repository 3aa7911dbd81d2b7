"""Which groups of customers to turn to first, and how much of that is the weights' doing."""

from customer_patterns.segments.market.people import target_people
from customer_patterns.segments.market.ranking import Targets, rank_targets

__all__ = ["Targets", "rank_targets", "target_people"]

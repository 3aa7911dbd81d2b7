"""Floor 0: a figure with its n and interval, and the ways to get one."""

from customer_patterns.estimates.bootstrap import (
    bootstrap_mean,
    bootstrap_quantile,
    bootstrap_rank_shares,
    bootstrap_ratio,
    bootstrap_share,
)
from customer_patterns.estimates.figure import Count, Estimate, NotEnoughData
from customer_patterns.estimates.intervals import Interval, estimate_from_row, wilson, with_interval
from customer_patterns.estimates.pooling import Pooled, pool_means
from customer_patterns.estimates.survival import kaplan_meier, survival_quantile

__all__ = [
    "Count",
    "Estimate",
    "Interval",
    "NotEnoughData",
    "Pooled",
    "bootstrap_mean",
    "bootstrap_quantile",
    "bootstrap_rank_shares",
    "bootstrap_ratio",
    "bootstrap_share",
    "estimate_from_row",
    "kaplan_meier",
    "pool_means",
    "survival_quantile",
    "wilson",
    "with_interval",
]

"""Floor 0: a figure with its n and interval, and the ways to get one."""

from customer_patterns.estimates.bootstrap import bootstrap_mean, bootstrap_ratio, bootstrap_share
from customer_patterns.estimates.figure import Count, Estimate, NotEnoughData
from customer_patterns.estimates.intervals import (
    ENDS,
    Z95,
    Interval,
    bounded,
    estimate_from_row,
    in_row,
    normal,
    renamed,
    wilson,
    with_interval,
)
from customer_patterns.estimates.pooling import Pooled, pool_means
from customer_patterns.estimates.quantiles import bootstrap_quantile
from customer_patterns.estimates.rank_shares import bootstrap_rank_shares
from customer_patterns.estimates.resampling import percentiles
from customer_patterns.estimates.survival import kaplan_meier, survival_quantile

__all__ = [
    "ENDS",
    "Z95",
    "Count",
    "Estimate",
    "Interval",
    "NotEnoughData",
    "Pooled",
    "bounded",
    "bootstrap_mean",
    "bootstrap_quantile",
    "bootstrap_rank_shares",
    "bootstrap_ratio",
    "bootstrap_share",
    "estimate_from_row",
    "in_row",
    "kaplan_meier",
    "normal",
    "percentiles",
    "pool_means",
    "renamed",
    "survival_quantile",
    "wilson",
    "with_interval",
]

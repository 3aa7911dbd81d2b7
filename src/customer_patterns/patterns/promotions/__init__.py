"""What goes with coupons, campaigns, displays, mailers and prices: response as observed, never an effect."""

from customer_patterns.patterns.promotions import tables
from customer_patterns.patterns.promotions.campaigns import around_campaigns, campaign_change, campaign_weeks
from customer_patterns.patterns.promotions.coupons import coupon_use, mailed_differ, promoted_revenue
from customer_patterns.patterns.promotions.figures import FINDINGS, READERS
from customer_patterns.patterns.promotions.fixed_effects import Effects, estimate_effects
from customer_patterns.patterns.promotions.response import fit_response, product_response, promotion_response
from customer_patterns.patterns.promotions.store_weeks import StoreWeeks, read_store_weeks
from customer_patterns.patterns.promotions.tables import TABLES

__all__ = [
    "FINDINGS",
    "READERS",
    "TABLES",
    "Effects",
    "StoreWeeks",
    "around_campaigns",
    "campaign_change",
    "campaign_weeks",
    "coupon_use",
    "estimate_effects",
    "fit_response",
    "mailed_differ",
    "product_response",
    "promoted_revenue",
    "promotion_response",
    "read_store_weeks",
    "tables",
]

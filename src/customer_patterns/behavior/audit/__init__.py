"""The customer-base audit: customers times orders times value, and what changed from one period to the next."""

from customer_patterns.behavior.audit import figures
from customer_patterns.behavior.audit.base import (
    Base,
    Periods,
    audit_change,
    audit_factors,
    audit_groups,
    customer_base,
    two_periods,
)
from customer_patterns.behavior.audit.tables import TABLES

__all__ = [
    "TABLES",
    "Base",
    "Periods",
    "audit_change",
    "audit_factors",
    "audit_groups",
    "customer_base",
    "figures",
    "two_periods",
]

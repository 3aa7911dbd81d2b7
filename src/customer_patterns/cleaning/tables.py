"""The tables that the stage ``clean`` writes."""

from __future__ import annotations

from customer_patterns.cleaning.account_tables import (
    ANSWER_QUALITY,
    ANSWER_RULES,
    CONSISTENCY,
    OTHER_CONSISTENCY,
    OTHER_QUALITY,
    OTHER_RULES,
    QUALITY,
    RULES,
)
from customer_patterns.cleaning.clean_tables import (
    CLEAN_CONSENTS,
    CLEAN_CONTACTS,
    CLEAN_COUPONS,
    CLEAN_CUSTOMERS,
    CLEAN_EVENTS,
    CLEAN_FEEDBACK,
    CLEAN_IDENTITIES,
    CLEAN_ORDER_LINES,
    CLEAN_PRODUCTS,
    CLEAN_REFERRALS,
    FOREIGN_LINES,
    GUEST_LINES,
    REVERSALS,
)
from customer_patterns.cleaning.groups import UNTOUCHED
from customer_patterns.cleaning.identity.chapter import TABLES as WHO_IS_WHO
from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.canonical import CANONICAL

#: By name, every table of the stage: canonical ones as cleaned, what was set apart, and what accounts for both.
TABLES: dict[str, TableSchema] = {
    **{name: schema for name, schema in CANONICAL.items() if name not in UNTOUCHED},
    **{
        schema.name: schema
        for schema in (
            CLEAN_CUSTOMERS,
            CLEAN_PRODUCTS,
            CLEAN_ORDER_LINES,
            CLEAN_COUPONS,
            CLEAN_CONTACTS,
            CLEAN_FEEDBACK,
            CLEAN_IDENTITIES,
            CLEAN_EVENTS,
            CLEAN_REFERRALS,
            CLEAN_CONSENTS,
            REVERSALS,
            GUEST_LINES,
            FOREIGN_LINES,
            RULES,
            QUALITY,
            CONSISTENCY,
            ANSWER_RULES,
            ANSWER_QUALITY,
            OTHER_RULES,
            OTHER_QUALITY,
            OTHER_CONSISTENCY,
        )
    },
    **WHO_IS_WHO,
}

"""The canonical tables: what a study's deliveries are mapped to before anything else looks at them.

Ids are text (leading zeros count), money is exact, times are UTC. Each table says through ``KNOWN_SINCE`` from when
a row was known, which is what the study's last moment cuts by.
"""

from __future__ import annotations

from customer_patterns.schemas.canonical.alongside import CUSTOMER_TRAITS, ORDER_CHANNELS
from customer_patterns.schemas.canonical.known import (
    DELIVERED_THOUGH_EMPTY,
    KNOWN_IF_DATED,
    KNOWN_LATER,
    KNOWN_SINCE,
    OTHERWISE,
)
from customer_patterns.schemas.canonical.mailings import (
    AFTER_SENDING,
    CAMPAIGN_RECIPIENTS,
    CAMPAIGNS,
    COUPON_REDEMPTIONS,
    COUPONS,
    MESSAGES,
    PROMOTIONS,
)
from customer_patterns.schemas.canonical.people import (
    ACCOUNT_TYPES,
    CONSENTS,
    CUSTOMERS,
    IDENTITIES,
    PURPOSES,
    REFERRALS,
    REGIONS,
)
from customer_patterns.schemas.canonical.purchases import (
    CONTRACTS,
    ENTRY_KINDS,
    EXPERIMENTS,
    FUNNEL,
    LOYALTY_LEDGER,
    OPPORTUNITIES,
    ORDER_LINES,
    PRODUCTS,
)
from customer_patterns.schemas.canonical.visits import EVENTS, USAGE
from customer_patterns.schemas.canonical.voices import (
    CALLS,
    CODE_KINDS,
    CONTACTS,
    FEEDBACK,
    FEEDBACK_CODES,
    ITEM_ROLES,
    SOURCE_TYPES,
    SURVEY_INVITATIONS,
    SURVEY_ITEMS,
    SURVEY_RESPONSES,
    SURVEY_SHEETS,
)
from customer_patterns.schemas.table import TableSchema

UNKNOWN = "unknown"

CANONICAL: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        CUSTOMERS,
        CUSTOMER_TRAITS,
        IDENTITIES,
        REGIONS,
        PRODUCTS,
        ORDER_LINES,
        ORDER_CHANNELS,
        CONTRACTS,
        USAGE,
        EVENTS,
        LOYALTY_LEDGER,
        REFERRALS,
        OPPORTUNITIES,
        EXPERIMENTS,
        CONSENTS,
        CAMPAIGNS,
        CAMPAIGN_RECIPIENTS,
        COUPONS,
        COUPON_REDEMPTIONS,
        PROMOTIONS,
        MESSAGES,
        SURVEY_ITEMS,
        SURVEY_INVITATIONS,
        SURVEY_SHEETS,
        SURVEY_RESPONSES,
        CONTACTS,
        CALLS,
        FEEDBACK,
        FEEDBACK_CODES,
    )
}

#: Columns a delivery may leave out, and what then stands in them.
DEFAULTS: dict[str, dict[str, str | int | None]] = {
    name: {c.name: None for c in schema.columns if c.nullable and c.name not in DELIVERED_THOUGH_EMPTY.get(name, ())}
    | OTHERWISE.get(name, {})
    for name, schema in CANONICAL.items()
}

__all__ = [
    "ACCOUNT_TYPES",
    "AFTER_SENDING",
    "CALLS",
    "CAMPAIGNS",
    "CAMPAIGN_RECIPIENTS",
    "CANONICAL",
    "CODE_KINDS",
    "CONSENTS",
    "CONTACTS",
    "CONTRACTS",
    "COUPONS",
    "COUPON_REDEMPTIONS",
    "CUSTOMERS",
    "CUSTOMER_TRAITS",
    "DEFAULTS",
    "ENTRY_KINDS",
    "EVENTS",
    "EXPERIMENTS",
    "FEEDBACK",
    "FEEDBACK_CODES",
    "FUNNEL",
    "IDENTITIES",
    "ITEM_ROLES",
    "KNOWN_IF_DATED",
    "KNOWN_LATER",
    "KNOWN_SINCE",
    "LOYALTY_LEDGER",
    "MESSAGES",
    "OPPORTUNITIES",
    "ORDER_CHANNELS",
    "ORDER_LINES",
    "PRODUCTS",
    "PROMOTIONS",
    "PURPOSES",
    "REFERRALS",
    "REGIONS",
    "SOURCE_TYPES",
    "SURVEY_INVITATIONS",
    "SURVEY_ITEMS",
    "SURVEY_RESPONSES",
    "SURVEY_SHEETS",
    "UNKNOWN",
    "USAGE",
]

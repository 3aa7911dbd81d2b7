"""Which tables are accounted for together: purchases, what customers say, and all other records."""

from __future__ import annotations

from customer_patterns.schemas.canonical import CANONICAL

#: Tables that cleaning does not touch and later stages read from ``collect``.
UNTOUCHED = ("promotions",)

#: The tables of what customers say, as against what they do.
VOICES = (
    "survey_items",
    "survey_invitations",
    "survey_sheets",
    "survey_responses",
    "contacts",
    "calls",
    "feedback",
    "feedback_codes",
)

#: Purchases, and the tables that describe them.
PURCHASES = (
    "order_lines",
    "products",
    "customers",
    "identities",
    "campaigns",
    "campaign_recipients",
    "coupons",
    "coupon_redemptions",
)
#: All other tables: visits, messages, points, contracts, experiments, regions and so on.
OTHERS = tuple(name for name in CANONICAL if name not in (*PURCHASES, *VOICES, *UNTOUCHED))
#: Whose customers they are, records of each group ask the purchases and what describes them.
ASKED_OF_VOICES, ASKED_OF_OTHERS = ("customers",), ("order_lines", "products", "customers")


def group_of(*tables: str) -> tuple[str, ...]:
    """Return the group of tables with which something is accounted for that looks at all of these.

    Purchases are accounted for apart from what customers say, and both from all other records: where one group is
    simulated and another is not, each account says what it is. What looks at two groups belongs with the one that is
    less likely to be real: all others, then voices, then purchases.

    Examples
    --------
    >>> group_of("events", "order_lines") == OTHERS
    True
    """
    if set(tables) & set(OTHERS):
        return OTHERS
    return VOICES if set(tables) & set(VOICES) else PURCHASES

"""Which delivered columns no chapter reads: they are collected for nothing, and a contract could leave them out."""

from __future__ import annotations

#: By table, the columns that no later stage reads. A test holds this against the stages' code.
UNREAD: dict[str, tuple[str, ...]] = {
    "identities": ("social_handle",),
    "regions": ("median_income",),
    "products": ("unit_cost",),
    "contracts": ("monthly_fee",),
    "events": ("search_term", "referrer"),
    "coupon_redemptions": ("redeemed_on",),
    "experiments": ("outcome_at",),
    "contacts": ("agent_id",),
    "calls": ("agent_id", "talk_share", "silence_share", "pitch_variation", "transcript"),
    "feedback": ("reply_to",),
}

"""Which delivered columns no chapter reads: they are collected for nothing, and a contract could leave them out."""

from __future__ import annotations

#: By table, the columns that no later stage reads. A test holds this against the stages' code.
UNREAD: dict[str, tuple[str, ...]] = {
    "identities": ("social_handle",),
    "regions": ("median_income",),
    "products": ("unit_cost",),
    "events": ("search_term", "referrer"),
    "experiments": ("outcome_at",),
    "feedback": ("reply_to",),
}

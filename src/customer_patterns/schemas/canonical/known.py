"""From when a row of a canonical table was known, and what may be left out of a delivery."""

from __future__ import annotations

from customer_patterns.schemas.canonical.mailings import AFTER_SENDING

#: The column that says from when a row was known. A table that names another one's key is known with that one.
KNOWN_SINCE: dict[str, str] = {
    "order_lines": "ordered_at",
    "order_channels": "order_lines.order_id",
    "contracts": "starts_on",
    "loyalty_ledger": "booked_at",
    "opportunities": "entered_at",
    "experiments": "assigned_at",
    "referrals": "referred_at",
    "consents": "decided_at",
    "events": "occurred_at",
    "usage": "used_at",
    "campaigns": "starts_on",
    "campaign_recipients": "campaigns.campaign_id",
    "coupons": "campaigns.campaign_id",
    "coupon_redemptions": "redeemed_on",
    "promotions": "week_starts_on",
    "messages": "sent_at",
    "survey_invitations": "invited_at",
    "survey_sheets": "submitted_at",
    "survey_responses": "answered_at",
    "contacts": "opened_at",
    "calls": "started_at",
    "feedback": "written_at",
    "feedback_codes": "feedback.feedback_id",
}

#: A second date, which need not be delivered: a row that has one was not known before it either.
KNOWN_IF_DATED: dict[str, str] = {"customers": "registered_on", "feedback_codes": "coded_at"}

#: What becomes known about a row after the row itself: until the moment in the first column, all of these are empty.
KNOWN_LATER: dict[str, dict[str, tuple[str, ...]]] = {
    "contacts": {
        "first_response_at": ("first_response_at", "agent_id"),
        "closed_at": ("closed_at",),
        "rated_at": ("rated_at", "csat"),
    },
    "contracts": {"cancelled_on": ("cancelled_on",)},
    "experiments": {"outcome_at": ("outcome_at", "outcome")},
    "messages": {name: (name,) for name in AFTER_SENDING},
}

#: Columns that may be empty in a record but must be delivered: without them the table says nothing.
DELIVERED_THOUGH_EMPTY: dict[str, tuple[str, ...]] = {"survey_responses": ("answer",), "feedback": ("text",)}

#: What stands in a column that a delivery leaves out, where that is not nothing.
OTHERWISE: dict[str, dict[str, int]] = {
    "order_lines": {"retail_discount": 0, "coupon_discount": 0, "coupon_match_discount": 0},
}

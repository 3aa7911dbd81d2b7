"""What the shop's systems call the columns of the canonical tables that they keep beside till, card and voices.

By canonical table: canonical name to delivered name, in the order of the file.
"""

from __future__ import annotations

REGION_COLUMNS = {
    "region_id": "region",
    "region_name": "label",
    "area_type": "kind_of_area",
    "country": "land",
    "population": "inhabitants",
    "median_income": "median_income_usd",
}
CONSENT_COLUMNS = {"customer_id": "card_no", "purpose": "use", "granted": "allowed", "decided_at": "decided_utc"}
IDENTITY_COLUMNS = {
    "customer_id": "record_no",
    "name": "full_name",
    "phone": "telephone",
    "email": "mail_address",
    "address": "postal_address",
    "social_handle": "handle",
    "birthday": "born",
    "postcode": "zip",
    "card": "plastic_no",
    "visitor_id": "browser",
    "system": "kept_by",
    "known_since": "known_since",
}
EVENT_COLUMNS = {
    "event_id": "id",
    "visitor_id": "visitor",
    "customer_id": "card_no",
    "session_id": "session",
    "occurred_at": "at_ms",
    "event_type": "event",
    "page": "path",
    "product_id": "sku",
    "search_term": "query",
    "device": "device_kind",
    "user_agent": "agent",
    "channel": "site",
    "referrer": "came_from",
    "dwell_seconds": "dwell",
    "order_id": "receipt_no",
}
CONTRACT_COLUMNS = {
    "contract_id": "Vertrag",
    "customer_id": "Karte",
    "plan": "Tarif",
    "starts_on": "Beginn",
    "ends_on": "Ende geplant",
    "cancelled_on": "Gekündigt",
    "monthly_fee": "Monatsbeitrag",
}
USAGE_COLUMNS = {
    "customer_id": "card_no",
    "used_at": "used_utc",
    "feature": "what",
    "amount": "how_much",
    "unit": "of_what",
}
REFERRAL_COLUMNS = {"referrer_id": "by", "referred_id": "who", "referred_at": "on_utc"}
MESSAGE_COLUMNS = {
    "message_id": "letter",
    "customer_id": "card_no",
    "campaign_id": "issue",
    "channel": "sent_by",
    "sent_at": "sent_utc",
    "delivered_at": "delivered_utc",
    "bounced_at": "bounced_utc",
    "opened_at": "opened_utc",
    "clicked_at": "clicked_utc",
    "replied_at": "replied_utc",
    "unsubscribed_at": "left_utc",
}
CALL_COLUMNS = {
    "call_id": "call_no",
    "contact_id": "ticket",
    "customer_id": "card_no",
    "agent_id": "clerk",
    "started_at": "began_utc",
    "duration_seconds": "seconds",
    "talk_share": "clerk_talks",
    "silence_share": "nobody_talks",
    "pitch_variation": "pitch_spread",
    "language": "lang",
    "transcript": "said",
}
SHEET_COLUMNS = {
    "wave": "round",
    "customer_id": "card_no",
    "started_at": "began_utc",
    "submitted_at": "sent_utc",
    "device": "filled_in_on",
    "language": "lang",
    "duration_seconds": "seconds",
}
LISTENING_COLUMNS = {
    "feedback_id": "note_no",
    "customer_id": "card_no",
    "written_at": "written_utc",
    "channel": "via",
    "language": "lang",
    "text": "note",
    "source_type": "sort",
    "author_key": "author",
    "reply_to": "answers",
    "likes": "liked",
    "shares": "shared",
}
REVIEW_COLUMNS = {
    "feedback_id": "review_no",
    "customer_id": "card_no",
    "author_key": "reader",
    "product_id": "sku",
    "written_at": "written_utc",
    "channel": "via",
    "source_type": "sort",
    "language": "lang",
    "rating": "stars",
    "text": "review",
}
CODE_COLUMNS = {"feedback_id": "note_no", "coder": "read_by", "kind": "sort", "code": "code", "coded_at": "read_utc"}
LEDGER_COLUMNS = {
    "entry_id": "entry",
    "customer_id": "card_no",
    "booked_at": "booked_utc",
    "kind": "sort",
    "points": "points",
    "balance": "then",
    "tier": "level",
    "order_id": "receipt_no",
}
EXPERIMENT_COLUMNS = {
    "experiment_id": "trial",
    "customer_id": "card_no",
    "arm": "arm",
    "assigned_at": "assigned_utc",
    "outcome": "result",
    "outcome_at": "result_utc",
}
WEB_COLUMNS = {
    "order_id": "订单号",
    "customer_id": "客户号",
    "product_id": "商品编号",
    "ordered_at": "下单时间",
    "quantity": "数量",
    "revenue": "金额",
    "retail_discount": "优惠",
    "channel": "渠道",
    "payment_method": "支付方式",
    "currency": "币种",
    "status": "状态",
    "reverses_order_id": "原订单号",
}

#: By delivered table.
ADDED_COLUMNS: dict[str, dict[str, str]] = {
    "regions": REGION_COLUMNS,
    "consents": CONSENT_COLUMNS,
    "identities": IDENTITY_COLUMNS,
    "events": EVENT_COLUMNS,
    "contracts": CONTRACT_COLUMNS,
    "usage": USAGE_COLUMNS,
    "referrals": REFERRAL_COLUMNS,
    "messages": MESSAGE_COLUMNS,
    "calls": CALL_COLUMNS,
    "survey_sheets": SHEET_COLUMNS,
    "listening": LISTENING_COLUMNS,
    "product_reviews": REVIEW_COLUMNS,
    "feedback_codes": CODE_COLUMNS,
    "loyalty_ledger": LEDGER_COLUMNS,
    "experiments": EXPERIMENT_COLUMNS,
}

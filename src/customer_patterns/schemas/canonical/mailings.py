"""What the seller sends and shows: campaigns, coupons, promotions, messages and what was done with them."""

from __future__ import annotations

from customer_patterns.schemas.canonical.parts import day, id_of, later, level, moment, some_id
from customer_patterns.schemas.table import TableSchema

#: What may become of a message, in the order in which it can.
AFTER_SENDING = ("delivered_at", "bounced_at", "opened_at", "clicked_at", "replied_at", "unsubscribed_at")

CAMPAIGNS = TableSchema(
    name="campaigns",
    grain="campaign",
    key=("campaign_id",),
    meaning="Mailings with coupons.",
    columns=(
        id_of("campaign_id", "the campaign's key"),
        level("campaign_type", "the sender's type of campaign"),
        day("starts_on", "first day of the campaign, local"),
        day("ends_on", "planned last day of the campaign, local"),
    ),
)

CAMPAIGN_RECIPIENTS = TableSchema(
    name="campaign_recipients",
    grain="customer in a campaign",
    key=("campaign_id", "customer_id"),
    meaning="Who received which campaign.",
    columns=(id_of("campaign_id", "the campaign"), id_of("customer_id", "who received it")),
)

COUPONS = TableSchema(
    name="coupons",
    grain="product that a coupon of a campaign is good for",
    key=(),
    meaning="Which coupon of which campaign is good for which product.",
    columns=(
        id_of("coupon_id", "the coupon's key"),
        id_of("campaign_id", "the campaign it came with"),
        id_of("product_id", "a product it is good for"),
    ),
)

COUPON_REDEMPTIONS = TableSchema(
    name="coupon_redemptions",
    grain="redemption of a coupon",
    key=(),
    meaning="Which customer redeemed which coupon on which day.",
    columns=(
        id_of("customer_id", "who redeemed"),
        id_of("coupon_id", "which coupon"),
        id_of("campaign_id", "of which campaign"),
        day("redeemed_on", "on which day, local"),
    ),
)

PROMOTIONS = TableSchema(
    name="promotions",
    grain="product on display or in the mailer of a store in a week",
    key=(),
    meaning="Where a product stood in the store and in the weekly mailer.",
    columns=(
        id_of("product_id", "the product"),
        id_of("store_id", "the store"),
        day("week_starts_on", "first day of the week, local"),
        level("display_location", "place in the store, the sender's code (0: not on display)"),
        level("mailer_location", "place in the mailer, the sender's code (0: not in the mailer)"),
    ),
)

MESSAGES = TableSchema(
    name="messages",
    grain="message to a customer",
    key=("message_id",),
    meaning="E-mails and other messages sent, and what was done with each.",
    columns=(
        id_of("message_id", "the message's key"),
        id_of("customer_id", "to whom"),
        some_id("campaign_id", "the campaign it belongs to"),
        level("channel", "through which channel"),
        moment("sent_at", "when it was sent"),
        later("delivered_at", "when it arrived"),
        later("bounced_at", "when it came back"),
        later("opened_at", "when it was first opened"),
        later("clicked_at", "when something in it was first clicked"),
        later("replied_at", "when it was answered"),
        later("unsubscribed_at", "when the customer wanted no more"),
    ),
)

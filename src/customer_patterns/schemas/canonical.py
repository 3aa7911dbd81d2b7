"""The canonical tables: what a study's deliveries are mapped to before anything else looks at them.

Ids are text (leading zeros count), money is exact, times are UTC. Each table says through ``KNOWN_SINCE`` from when
a row was known, which is what the study's last moment cuts by.
"""

from __future__ import annotations

from customer_patterns.schemas.table import Column, TableSchema

UNKNOWN = "unknown"


def _id(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning)


def _level(name: str, meaning: str, label: str = "") -> Column:
    return Column(name, "text", meaning, label=label, nullable=True)


CUSTOMERS = TableSchema(
    name="customers",
    grain="customer",
    key=("customer_id",),
    meaning="Who the customers are, as far as someone described them. Undated: as delivered.",
    columns=(
        _id("customer_id", "the customer's key"),
        _level("age_group", "age bracket of the head of the household", "Age"),
        _level("income_group", "yearly household income bracket", "Income"),
        _level("home_ownership", "owner or renter, as known or as probable", "Home"),
        _level("marital_status", "married or unmarried", "Marital status"),
        _level("household_size", "persons in the household", "Household size"),
        _level("household_composition", "adults and children in the household", "Household"),
        _level("children", "children in the household", "Children"),
    ),
)

PRODUCTS = TableSchema(
    name="products",
    grain="product",
    key=("product_id",),
    meaning="What is sold, in a hierarchy of department, category and product type. Undated: as delivered.",
    columns=(
        _id("product_id", "the product's key"),
        _level("department", "first level of the hierarchy"),
        _level("category", "second level of the hierarchy"),
        _level("product_type", "third level of the hierarchy"),
        _level("brand", "national or private (the retailer's own)"),
        _level("package_size", "size as printed on the package"),
        _level("manufacturer_id", "the maker's key"),
    ),
)

ORDER_LINES = TableSchema(
    name="order_lines",
    grain="product in an order",
    key=(),
    meaning="What was bought: one row per product in an order, as delivered.",
    columns=(
        _id("order_id", "the order's key"),
        _id("customer_id", "who bought"),
        _id("product_id", "what was bought"),
        Column("store_id", "text", "where it was bought", nullable=True),
        Column("ordered_at", "timestamp", "when the order was paid", unit="UTC"),
        Column("quantity", "integer", "units bought, as delivered", unit="units", minimum=0),
        Column("revenue", "money", "what the retailer receives for the line", unit="currency", minimum=0),
        Column("retail_discount", "money", "discount by the retailer's loyalty card", unit="currency", minimum=0),
        Column("coupon_discount", "money", "discount by a manufacturer's coupon", unit="currency", minimum=0),
        Column("coupon_match_discount", "money", "the retailer's match of a coupon", unit="currency", minimum=0),
        Column("delivered_week", "integer", "the sender's own week number", unit="weeks", nullable=True, minimum=0),
    ),
)

CAMPAIGNS = TableSchema(
    name="campaigns",
    grain="campaign",
    key=("campaign_id",),
    meaning="Mailings with coupons.",
    columns=(
        _id("campaign_id", "the campaign's key"),
        _level("campaign_type", "the sender's type of campaign"),
        Column("starts_on", "date", "first day of the campaign, local", unit="local day"),
        Column("ends_on", "date", "planned last day of the campaign, local", unit="local day"),
    ),
)

CAMPAIGN_RECIPIENTS = TableSchema(
    name="campaign_recipients",
    grain="customer in a campaign",
    key=("campaign_id", "customer_id"),
    meaning="Who received which campaign.",
    columns=(_id("campaign_id", "the campaign"), _id("customer_id", "who received it")),
)

COUPONS = TableSchema(
    name="coupons",
    grain="product that a coupon of a campaign is good for",
    key=(),
    meaning="Which coupon of which campaign is good for which product.",
    columns=(
        _id("coupon_id", "the coupon's key"),
        _id("campaign_id", "the campaign it came with"),
        _id("product_id", "a product it is good for"),
    ),
)

COUPON_REDEMPTIONS = TableSchema(
    name="coupon_redemptions",
    grain="redemption of a coupon",
    key=(),
    meaning="Which customer redeemed which coupon on which day.",
    columns=(
        _id("customer_id", "who redeemed"),
        _id("coupon_id", "which coupon"),
        _id("campaign_id", "of which campaign"),
        Column("redeemed_on", "date", "on which day, local", unit="local day"),
    ),
)

PROMOTIONS = TableSchema(
    name="promotions",
    grain="product on display or in the mailer of a store in a week",
    key=(),
    meaning="Where a product stood in the store and in the weekly mailer.",
    columns=(
        _id("product_id", "the product"),
        _id("store_id", "the store"),
        Column("week_starts_on", "date", "first day of the week, local", unit="local day"),
        _level("display_location", "place in the store, the sender's code (0: not on display)"),
        _level("mailer_location", "place in the mailer, the sender's code (0: not in the mailer)"),
    ),
)

#: What an item of a survey asks for: one of the survey's dimensions, contentment overall, or whether one recommends.
ITEM_ROLES = ("dimension", "overall", "recommendation")

SURVEY_ITEMS = TableSchema(
    name="survey_items",
    grain="item (question) of the survey",
    key=("item_id",),
    meaning="What the survey asks, on which scale, and which dimension it is about. Undated: as delivered.",
    columns=(
        _id("item_id", "the item's key"),
        Column("role", "text", "what the item asks for", levels=ITEM_ROLES),
        _level("dimension", "which dimension of satisfaction it is about; empty for overall and recommendation"),
        _level("wording_en", "the question in English"),
        _level("wording_zh", "the question in Chinese"),
        Column("scale_low", "integer", "lowest answer possible"),
        Column("scale_high", "integer", "highest answer possible"),
        Column("direction", "text", "whether a high answer is good or bad", levels=("positive", "reversed")),
    ),
)

SURVEY_INVITATIONS = TableSchema(
    name="survey_invitations",
    grain="customer in a wave",
    key=("wave", "customer_id"),
    meaning="Who was asked to answer, in which wave.",
    columns=(
        _id("wave", "the wave's name"),
        _id("customer_id", "who was asked"),
        Column("invited_at", "timestamp", "when", unit="UTC"),
        _level("channel", "how they were asked"),
    ),
)

SURVEY_RESPONSES = TableSchema(
    name="survey_responses",
    grain="answer to an item by a customer in a wave",
    key=("wave", "customer_id", "item_id"),
    meaning="What was answered. An item that was passed over has no row, or an empty answer.",
    columns=(
        _id("wave", "the wave's name"),
        _id("customer_id", "who answered"),
        _id("item_id", "to which item"),
        Column("answered_at", "timestamp", "when", unit="UTC"),
        Column("answer", "integer", "the answer on the item's own scale, as given", nullable=True),
    ),
)

CONTACTS = TableSchema(
    name="contacts",
    grain="contact with the service",
    key=("contact_id",),
    meaning="Who turned to the service, about what, and how soon it answered.",
    columns=(
        _id("contact_id", "the contact's key"),
        Column("customer_id", "text", "who turned to the service", nullable=True),
        _level("channel", "through which channel"),
        _level("topic", "about what, as the agent filed it"),
        Column("opened_at", "timestamp", "when the customer asked", unit="UTC"),
        Column("first_response_at", "timestamp", "when someone first answered", unit="UTC", nullable=True),
        Column("closed_at", "timestamp", "when the matter was closed", unit="UTC", nullable=True),
        Column("agent_id", "text", "who dealt with it", nullable=True),
        Column("rated_at", "timestamp", "when the customer rated the contact", unit="UTC", nullable=True),
        Column("csat", "integer", "that rating, 1 (worst) to 5", nullable=True, minimum=1, maximum=5),
    ),
)

FEEDBACK = TableSchema(
    name="feedback",
    grain="text that a customer wrote",
    key=("feedback_id",),
    meaning="What customers wrote in their own words.",
    columns=(
        _id("feedback_id", "the text's key"),
        Column("customer_id", "text", "who wrote it", nullable=True),
        Column("written_at", "timestamp", "when", unit="UTC"),
        _level("channel", "where it was written"),
        Column("language", "text", "of the text, ISO 639-1", nullable=True),
        Column("rating", "integer", "stars given with it, 1 (worst) to 5", nullable=True, minimum=1, maximum=5),
        Column(
            "text", "text", "the text, as written; may name persons, so it is never shown as it stands", nullable=True
        ),
    ),
)

CANONICAL: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        CUSTOMERS,
        PRODUCTS,
        ORDER_LINES,
        CAMPAIGNS,
        CAMPAIGN_RECIPIENTS,
        COUPONS,
        COUPON_REDEMPTIONS,
        PROMOTIONS,
        SURVEY_ITEMS,
        SURVEY_INVITATIONS,
        SURVEY_RESPONSES,
        CONTACTS,
        FEEDBACK,
    )
}

#: The column that says from when a row was known. A table that names another one's key is known with that one.
KNOWN_SINCE: dict[str, str] = {
    "order_lines": "ordered_at",
    "campaigns": "starts_on",
    "campaign_recipients": "campaigns.campaign_id",
    "coupons": "campaigns.campaign_id",
    "coupon_redemptions": "redeemed_on",
    "promotions": "week_starts_on",
    "survey_invitations": "invited_at",
    "survey_responses": "answered_at",
    "contacts": "opened_at",
    "feedback": "written_at",
}

#: What becomes known about a row after the row itself: until the moment in the first column, all of these are empty.
KNOWN_LATER: dict[str, dict[str, tuple[str, ...]]] = {
    "contacts": {
        "first_response_at": ("first_response_at", "agent_id"),
        "closed_at": ("closed_at",),
        "rated_at": ("rated_at", "csat"),
    },
}

#: Columns a delivery may leave out, and what then stands in them.
DEFAULTS: dict[str, dict[str, str | int | None]] = {
    "order_lines": {
        "store_id": None,
        "retail_discount": 0,
        "coupon_discount": 0,
        "coupon_match_discount": 0,
        "delivered_week": None,
    },
    "customers": dict.fromkeys([name for name in CUSTOMERS.names if name != "customer_id"]),
    "products": dict.fromkeys([name for name in PRODUCTS.names if name != "product_id"]),
    "campaigns": {"campaign_type": None},
    "promotions": {"display_location": None, "mailer_location": None},
    "survey_items": {"dimension": None, "wording_en": None, "wording_zh": None},
    "survey_invitations": {"channel": None},
    "contacts": dict.fromkeys([name for name in CONTACTS.names if name not in ("contact_id", "opened_at")]),
    "feedback": {"customer_id": None, "channel": None, "language": None, "rating": None},
}

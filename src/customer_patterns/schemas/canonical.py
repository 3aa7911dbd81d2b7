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
}

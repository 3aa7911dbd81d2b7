"""The tables about coupons, campaigns and promotions: what each row is, each column, its unit and range."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: How a product stood in a store in a week; what is compared are the weeks without any promotion.
BEFORE, DISPLAY, MAILER, BOTH, LISTED, AFTER, CHEAPER = (
    "the week before",
    "on display",
    "in the mailer",
    "display and mailer",
    "listed otherwise",
    "the week after",
    "a tenth cheaper",
)
STATES = (BEFORE, DISPLAY, MAILER, BOTH, LISTED, AFTER, CHEAPER)

#: What the response is: with the lower prices that come along, or at the same price.
WITH_PRICES, EQUAL_PRICES = "as they come", "at equal prices"

#: How a share of revenue was sold.
SHOP_DISCOUNT, COUPON, EITHER = "discount of the shop", "coupon", "any of these"
DEALS = (SHOP_DISCOUNT, COUPON, EITHER)

#: Who got mail.
MAILED, NOT_MAILED = "got mail", "never got mail"

#: What the weeks before a campaign say of those after.
FLAT, NOT_FLAT = "alike before", "different before"

_N = n_column("customers it rests on")

COUPON_USE = TableSchema(
    name="coupon_use",
    grain="type of campaign",
    key=("campaign_type",),
    meaning="How many of those who got a campaign redeemed one of its coupons.",
    reads=("campaigns", "campaign_recipients", "coupon_redemptions"),
    columns=(
        Column("campaign_type", "text", "the sender's type of campaign", "Type"),
        Column("campaigns", "integer", "campaigns of that type", "Campaigns", "campaigns", minimum=0),
        Column("mailings", "integer", "customers times campaigns", "Mailings", "mailings", True, minimum=0),
        *estimate_columns("redeemed_share", "share", "share of mailings of which a coupon was redeemed", "Redeemed"),
        _N,
        SUPPRESSED,
    ),
)

PROMOTED_REVENUE = TableSchema(
    name="promoted_revenue",
    grain="way in which something was cheaper",
    key=("deal",),
    meaning="How much of the revenue was sold with a discount or a coupon.",
    reads=("order_lines",),
    columns=(
        Column("deal", "text", "what made it cheaper", "Sold with", levels=DEALS),
        *estimate_columns("revenue_share", "share", "share of the revenue of goods", "Share of revenue"),
        _N,
    ),
)

MAILED_DIFFER = TableSchema(
    name="mailed_differ",
    grain="group by whether mail was sent",
    key=("mail",),
    meaning="How much those who ever got a campaign buy, and the others: whom the seller chose, not what mail does.",
    reads=("order_lines", "campaign_recipients"),
    columns=(
        Column("mail", "text", "whether a campaign was sent to them", "Customers", levels=(MAILED, NOT_MAILED)),
        *estimate_columns("orders_each", "number", "mean orders of a customer in the period", "Orders each", "orders"),
        *estimate_columns("spend_each", "number", "mean spend of a customer in the period", "Spend each", "currency"),
        _N,
        SUPPRESSED,
    ),
)

CAMPAIGN_WEEKS = TableSchema(
    name="campaign_weeks",
    grain="week around the start of a campaign",
    key=("week",),
    meaning="What recipients spend around a campaign's start, against their own other weeks and everybody's same week.",
    reads=("order_lines", "campaigns", "campaign_recipients"),
    columns=(
        Column("week", "integer", "weeks since the campaign began; below zero: before", "Week"),
        *estimate_columns("spend_factor", "number", "how many times as much as in other weeks", "Spend", "ratio"),
        _N,
    ),
)

CAMPAIGN_CHANGE = TableSchema(
    name="campaign_change",
    grain="study",
    key=("change",),
    meaning="The weeks from a campaign's start on against those before it, and whether the weeks before were as usual.",
    reads=("order_lines", "campaigns", "campaign_recipients"),
    columns=(
        *estimate_columns(
            "change", "number", "spend from the start on, by spend in the weeks before", "Change", "ratio"
        ),
        *estimate_columns("before", "number", "spend in the weeks before, by that in other weeks", "Before", "ratio"),
        Column("p_before", "number", "p-value: the weeks before are as other weeks", minimum=0, maximum=1),
        Column("verdict", "text", "what the weeks before say", "Before", levels=(FLAT, NOT_FLAT)),
        _N,
    ),
)

PROMOTION_RESPONSE = TableSchema(
    name="promotion_response",
    grain="state of a product in a store in a week, by what is held equal",
    key=("prices", "state"),
    meaning="How many times as many units are sold in such weeks as in weeks without a promotion.",
    reads=("order_lines", "promotions"),
    columns=(
        Column("state", "text", "how the product stood", "State", levels=STATES),
        Column("prices", "text", "what is held equal", "Prices", levels=(WITH_PRICES, EQUAL_PRICES)),
        *estimate_columns("factor", "number", "units sold, as a multiple of weeks without", "Units sold", "ratio"),
        Column("cells", "integer", "such weeks of products in stores", "Store weeks", "weeks", minimum=0),
        Column("unsold_cells", "integer", "of these without a sale, set to zero", "Without a sale", "weeks", minimum=0),
        Column("n", "integer", "products it rests on", "Products", "products", minimum=0),
    ),
)

PRODUCT_RESPONSE = TableSchema(
    name="product_response",
    grain="product",
    key=("product_id",),
    meaning="The response to any promotion, product by product, and drawn toward the mean of all.",
    reads=("order_lines", "promotions", "products"),
    columns=(
        Column("product_id", "text", "the product", "Product"),
        Column("product_type", "text", "what it is", "Product type", nullable=True),
        Column("units", "integer", "units sold in the weeks looked at", "Units", "units", minimum=0),
        *estimate_columns("own_factor", "number", "units in promoted weeks, from its own sales alone", "Own", "ratio"),
        *estimate_columns("factor", "number", "the same, drawn toward the mean of all products", "Response", "ratio"),
        Column("n", "integer", "stores it rests on", "Stores", "stores", minimum=0),
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        COUPON_USE,
        PROMOTED_REVENUE,
        MAILED_DIFFER,
        CAMPAIGN_WEEKS,
        CAMPAIGN_CHANGE,
        PROMOTION_RESPONSE,
        PRODUCT_RESPONSE,
    )
}

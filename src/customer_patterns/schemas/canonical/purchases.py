"""What customers buy, agree to, are offered and are credited with."""

from __future__ import annotations

from customer_patterns.schemas.canonical.parts import day, id_of, level, moment, some_id
from customer_patterns.schemas.table import Column, TableSchema

#: What an entry of a loyalty account is.
ENTRY_KINDS = ("earn", "burn", "expire", "adjust", "tier")
#: The stages of a sale to a business, in order; the last two end it.
FUNNEL = ("lead", "analysis", "quote", "contract", "won", "lost")

PRODUCTS = TableSchema(
    name="products",
    grain="product",
    key=("product_id",),
    meaning="What is sold, in a hierarchy of department, category and product type. Undated: as delivered.",
    columns=(
        id_of("product_id", "the product's key"),
        level("department", "first level of the hierarchy"),
        level("category", "second level of the hierarchy"),
        level("product_type", "third level of the hierarchy"),
        level("brand", "national or private (the retailer's own)"),
        level("package_size", "size as printed on the package"),
        level("manufacturer_id", "the maker's key"),
        Column("unit_cost", "money", "what a unit costs the seller", unit="currency", nullable=True, minimum=0),
    ),
)

ORDER_LINES = TableSchema(
    name="order_lines",
    grain="product in an order",
    key=(),
    meaning=(
        "What was bought, returned and cancelled: one row per product in an order, as delivered. "
        "The status is the one at delivery; nobody says since when."
    ),
    columns=(
        id_of("order_id", "the order's key"),
        id_of("customer_id", "who bought"),
        id_of("product_id", "what was bought"),
        Column("store_id", "text", "where it was bought", nullable=True),
        moment("ordered_at", "when the order was paid"),
        Column("quantity", "integer", "units bought, as delivered; below zero: returned", unit="units"),
        Column("revenue", "money", "what the retailer receives for the line; below zero: pays back", unit="currency"),
        Column("retail_discount", "money", "discount by the retailer's loyalty card", unit="currency", minimum=0),
        Column("coupon_discount", "money", "discount by a manufacturer's coupon", unit="currency", minimum=0),
        Column("coupon_match_discount", "money", "the retailer's match of a coupon", unit="currency", minimum=0),
        Column("delivered_week", "integer", "the sender's own week number", unit="weeks", nullable=True, minimum=0),
        Column("unit_price", "number", "price of a unit, as the sender prints it", unit="currency", nullable=True),
        level("channel", "through which channel: store, web, app …"),
        level("payment_method", "how it was paid"),
        level("currency", "of the line's money, ISO 4217; missing: the study's"),
        level("status", "what became of the line, in the sender's words"),
        some_id("reverses_order_id", "the order that a return or cancellation takes back"),
    ),
)

CONTRACTS = TableSchema(
    name="contracts",
    grain="contract",
    key=("contract_id",),
    meaning="What customers subscribed to: from when, until when, for how much.",
    columns=(
        id_of("contract_id", "the contract's key"),
        id_of("customer_id", "who agreed"),
        level("plan", "to what"),
        day("starts_on", "first day, local"),
        day("ends_on", "last day as planned, local; missing: open", nullable=True),
        day("cancelled_on", "day of cancellation, local; missing: not cancelled", nullable=True),
        Column("monthly_fee", "money", "what it costs a month", unit="currency", nullable=True, minimum=0),
    ),
)

LOYALTY_LEDGER = TableSchema(
    name="loyalty_ledger",
    grain="entry of a loyalty account",
    key=("entry_id",),
    meaning="Points earned and spent, and tiers reached.",
    columns=(
        id_of("entry_id", "the entry's key"),
        id_of("customer_id", "whose account"),
        moment("booked_at", "when"),
        Column("kind", "text", "what the entry is", levels=ENTRY_KINDS),
        Column("points", "integer", "points added; below zero: taken", unit="points", nullable=True),
        Column("balance", "integer", "points after the entry, as delivered", unit="points", nullable=True, minimum=0),
        level("tier", "tier after the entry"),
        some_id("order_id", "the order it belongs to"),
    ),
)

OPPORTUNITIES = TableSchema(
    name="opportunities",
    grain="stage that a possible sale entered",
    key=("opportunity_id", "stage", "entered_at"),
    meaning="How sales to businesses move from lead to contract.",
    columns=(
        id_of("opportunity_id", "the possible sale's key"),
        id_of("customer_id", "to whom"),
        Column("stage", "text", "the stage entered", levels=FUNNEL),
        moment("entered_at", "when"),
        Column("amount", "money", "expected or agreed amount", unit="currency", nullable=True, minimum=0),
        some_id("owner", "who looks after it"),
    ),
)

EXPERIMENTS = TableSchema(
    name="experiments",
    grain="customer in an experiment",
    key=("experiment_id", "customer_id"),
    meaning="Who was assigned to which arm of an experiment, and what came of it.",
    columns=(
        id_of("experiment_id", "the experiment's key"),
        id_of("customer_id", "who was assigned"),
        Column("arm", "text", "to which arm"),
        moment("assigned_at", "when"),
        Column("outcome", "number", "the measure the experiment is about", nullable=True),
        Column("outcome_at", "timestamp", "when that was measured", unit="UTC", nullable=True),
    ),
)

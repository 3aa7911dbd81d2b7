"""The tables of market structure."""

from __future__ import annotations

from customer_patterns.schemas import Column, TableSchema, estimate_columns

#: How a brand's buyers compare with those that its size lets expect.
AS_EXPECTED, MORE_OFTEN, LESS_OFTEN = "as its size lets expect", "fewer buyers, more often", "more buyers, less often"

#: How many buyers two brands have in common, beside what their sizes let expect.
AS_SIZES, SHARE_MORE, SHARE_LESS = "as sizes let expect", "share more buyers", "share fewer buyers"

_CATEGORY = Column("category", "text", "the category whose brands are compared", "Category")
_READS = ("order_lines", "products")

MARKET_BRANDS = TableSchema(
    name="market_brands",
    grain="brand of one category",
    key=("brand",),
    meaning="How many buy each brand of a category, and how often, beside what the NBD-Dirichlet expects.",
    reads=_READS,
    columns=(
        _CATEGORY,
        Column("brand", "text", "the brand, or the number of its maker", "Brand"),
        Column("position", "integer", "place by purchases, then by name", "Place", minimum=1),
        Column("purchases", "integer", "orders with it", "Purchases", "orders", minimum=0),
        Column("n", "integer", "customers who bought it", "Buyers", "customers", minimum=0),
        Column("customers", "integer", "all customers, on whom penetration rests", "All {customers}", "customers"),
        *estimate_columns("share_of_purchases", "share", "share of the category's purchases", "Of purchases"),
        *estimate_columns("penetration", "share", "share of customers who bought it", "Customers who buy"),
        *estimate_columns("frequency", "number", "purchases of it per buyer of it", "Purchases per buyer"),
        *estimate_columns(
            "requirements", "share", "its share of what its buyers purchase in the category", "Share of requirements"
        ),
        *estimate_columns("expected_penetration", "share", "penetration in the NBD-Dirichlet", "Expected to buy"),
        *estimate_columns("expected_frequency", "number", "frequency in the NBD-Dirichlet", "Expected per buyer"),
        *estimate_columns("expected_requirements", "share", "requirements in the NBD-Dirichlet", "Expected share"),
        *estimate_columns("frequency_ratio", "number", "frequency by the expected one", "Times expected", "ratio"),
        Column(
            "verdict",
            "text",
            "whether its buyers are as many as its size lets expect",
            "Its buyers",
            levels=(AS_EXPECTED, MORE_OFTEN, LESS_OFTEN),
        ),
    ),
)

BRAND_DUPLICATION = TableSchema(
    name="brand_duplication",
    grain="ordered pair of brands of one category",
    key=("buyers_of", "also_buy"),
    meaning="Which share of a brand's buyers also buys another, beside what the NBD-Dirichlet expects.",
    reads=_READS,
    columns=(
        _CATEGORY,
        Column("buyers_of", "text", "the brand whose buyers are looked at", "Buyers of"),
        Column("also_buy", "text", "what they also buy", "Also buy"),
        Column("n", "integer", "buyers of the first brand", "Buyers", "customers", minimum=0),
        *estimate_columns("duplication", "share", "share of them who buy the other too", "Buy both"),
        Column("by_size", "share", "the same by how many buy the other brand alone", "By size", "share", False, 0, 1),
        Column("expected_duplication", "share", "the same in the NBD-Dirichlet", "Expected", "share", False, 0, 1),
        Column("verdict", "text", "whether they share as many", "Buyers", levels=(AS_SIZES, SHARE_MORE, SHARE_LESS)),
    ),
)

MARKET_FIGURES = TableSchema(
    name="market_figures",
    grain="figure",
    key=("figure",),
    meaning="How many buy the category, how often, how many of its brands, and the numbers of the NBD-Dirichlet.",
    reads=_READS,
    columns=(
        _CATEGORY,
        Column(
            "figure",
            "text",
            "what is estimated",
            "Figure",
            levels=(
                "customers who buy the category",
                "purchases per buyer",
                "brands per buyer",
                "purchases per customer (M)",
                "how alike in how much they buy (K)",
                "how alike in what they choose (S)",
            ),
        ),
        Column("unit", "text", "its unit", "Unit"),
        *estimate_columns("value", "number", "the figure", "Value"),
        Column("n", "integer", "customers", "Customers", "customers", minimum=0),
    ),
)

TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (MARKET_BRANDS, BRAND_DUPLICATION, MARKET_FIGURES)}

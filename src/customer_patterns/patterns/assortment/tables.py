"""The tables about the product mix: what each row is, each column, its unit and range."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

_READS = ("order_lines", "products")

#: What two products of one category are to each other, as far as baskets tell.
SUBSTITUTES, COMPLEMENTS, NEITHER, APART = (
    "instead of each other",
    "with each other",
    "cannot be told",
    "not sold at the same time",
)

#: Of whose revenue it is assumed that it would be lost with a product.
NEVER_ANOTHER, IN_PROPORTION = "who never bought another", "in proportion to each buyer's choices"

SIBLINGS = TableSchema(
    name="siblings",
    grain="pair of product types of one category",
    key=("category", "product_type", "other_type"),
    meaning="How often two product types of one category lie in one basket, by what tastes and basket sizes explain.",
    reads=_READS,
    columns=(
        Column("category", "text", "the category of both", "Category"),
        Column("product_type", "text", "the first, by name", "Product type"),
        Column("other_type", "text", "the second", "And"),
        Column("pair", "text", "both together", "Pair"),
        Column("baskets", "integer", "baskets that hold both", "Baskets", "baskets", True, minimum=0),
        Column("expected", "number", "baskets that would hold both by chance", "By chance", "baskets", True, minimum=0),
        *estimate_columns("factor", "number", "baskets with both, as a multiple of that", "Together", "ratio"),
        n_column("customers who bought both"),
        Column("overlap", "share", "how far their sales overlap, four weeks by four weeks", minimum=0, maximum=1),
        Column("p", "number", "p-value, two-sided; missing where not asked", nullable=True, minimum=0, maximum=1),
        Column("p_adjusted", "number", "adjusted by Benjamini and Yekutieli", nullable=True, minimum=0, maximum=1),
        Column(
            "verdict",
            "text",
            "what they are to each other",
            "Bought",
            levels=(SUBSTITUTES, COMPLEMENTS, NEITHER, APART),
        ),
        SUPPRESSED,
    ),
)

REVENUE_AT_RISK = TableSchema(
    name="revenue_at_risk",
    grain="product, by what is assumed of its buyers",
    key=("product_id", "assumption"),
    meaning="Which share of a product's revenue might be lost with it, under two assumptions that bound it.",
    reads=_READS,
    columns=(
        Column("product_id", "text", "the product", "Product"),
        Column("product", "text", "what it is, and its key", "Product"),
        Column("assumption", "text", "whose revenue is lost", "Lost", levels=(NEVER_ANOTHER, IN_PROPORTION)),
        Column("revenue", "number", "revenue of the product in the period", "Revenue", "currency", minimum=0),
        *estimate_columns("share", "share", "share of it that would be lost", "Share at risk"),
        *estimate_columns("at_risk", "number", "that share of the revenue", "Revenue at risk", "currency"),
        Column("n", "integer", "customers who bought it", "Buyers", "customers", minimum=0),
    ),
)

TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (SIBLINGS, REVENUE_AT_RISK)}

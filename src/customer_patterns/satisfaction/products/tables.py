"""The table of how content customers are with single products and categories."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns

CATEGORY, PRODUCT = LEVELS = ("category", "product")
STARS, RETURNED, COMPLAINED = MEASURES = ("stars", "returned it", "one or two stars")
WORSE, BETTER, LIKE_OTHERS = VERDICTS = ("worse than others", "better than others", "not told apart")

PRODUCT_SATISFACTION = TableSchema(
    name="product_satisfaction",
    grain="category or product, and measure",
    key=("level", "name", "measure"),
    meaning="Stars, returns and complaints by category and product, drawn toward the others where little is known.",
    columns=(
        Column("level", "text", "whether it is a category or a product", "Level", levels=LEVELS),
        Column("name", "text", "the category, or what the product is and its key", "Name"),
        Column("category", "text", "the category it belongs to", "Category", nullable=True),
        Column("measure", "text", "what is measured", "Measure", levels=MEASURES),
        Column("n", "integer", "customers who bought it, or gave it stars", "Customers", "customers", True, 0),
        Column("own", "number", "of these customers alone: mean stars, or a share", "Of its own", "", True, 0),
        *estimate_columns("pooled", "number", "the same, drawn toward the others", "Drawn to others"),
        Column("others", "number", "the same of all others that do not stand out", "All others", "", True, 0),
        Column("adjusted_p", "number", "of such a distance by chance, adjusted", "Adjusted p", "", True, 0, 1),
        Column("verdict", "text", "whether it stands out beyond chance", "Verdict", "", True, levels=VERDICTS),
        SUPPRESSED,
    ),
    reads=("order_lines", "reversals", "feedback", "products"),
)

TABLES = {PRODUCT_SATISFACTION.name: PRODUCT_SATISFACTION}

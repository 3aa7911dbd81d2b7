"""The table of how content customers are with single products and categories."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

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
        n_column("customers who bought it, or gave it stars"),
        Column("own", "number", "of these customers alone: mean stars, or a share", "Of its own", "", True, 0),
        *estimate_columns("pooled", "number", "the same, drawn toward the others", "Drawn to others"),
        Column("others", "number", "the same of all others that do not stand out", "All others", "", True, 0),
        Column("adjusted_p", "number", "of such a distance by chance, adjusted", "Adjusted p", "", True, 0, 1),
        Column("verdict", "text", "whether it stands out beyond chance", "Verdict", "", True, levels=VERDICTS),
        SUPPRESSED,
    ),
    reads=("order_lines", "reversals", "feedback", "products"),
)

PRODUCT_OVERVIEW = TableSchema(
    name="product_overview",
    grain="category or product that stands out",
    key=("level", "name"),
    meaning="What stands out in stars, returns or complaints, all measures on one line, drawn toward the others.",
    columns=(
        Column("level", "text", "whether it is a category or a product", "Level", levels=LEVELS),
        Column("name", "text", "the category, or what the product is and its key", "Name"),
        Column("category", "text", "the category it belongs to", "Category", nullable=True),
        n_column("customers who gave it stars; of what nobody rated, who bought it"),
        *estimate_columns("stars", "number", "mean stars", "Stars", "stars"),
        *estimate_columns("complained", "share", "share who gave one or two", "One or two stars"),
        Column("buyers", "integer", "customers who bought it", "Bought it", "customers", True, 0),
        *estimate_columns("returned", "share", "share who took it back", "Took it back"),
        Column("worse_in", "text", "measures in which it is worse than others", "Worse in"),
        Column("better_in", "text", "measures in which it is better than others", "Better in"),
    ),
    reads=PRODUCT_SATISFACTION.reads,
)  # fmt: skip

TABLES = {schema.name: schema for schema in (PRODUCT_SATISFACTION, PRODUCT_OVERVIEW)}

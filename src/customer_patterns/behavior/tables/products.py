"""Tables of what is bought most."""

from __future__ import annotations

from customer_patterns.behavior.tables.columns import ALL, orders_column
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column


def popular_by(by: str) -> TableSchema:
    """The promise of a table of what sells, by ``department``, ``category`` or ``product_type``."""
    return TableSchema(
        name={"department": "departments", "category": "categories", "product_type": "product_types"}[by],
        grain=by,
        key=(by,),
        meaning="What sells: goods by revenue and by how many customers buy them.",
        reads=("order_lines", "products"),
        columns=(
            Column("rank", "integer", "place by revenue, then by name", "Rank", minimum=1),
            Column(by, "text", f"the {by}", by.replace("_", " ").capitalize()),
            Column("revenue", "money", "revenue of goods", "Revenue", "currency", nullable=True),
            *estimate_columns("share_of_revenue", "share", "share of the revenue of all goods", "Of revenue"),
            *estimate_columns("penetration", "share", "share of customers who bought it at all", "Customers who buy"),
            n_column("customers who bought it"),
            ALL,
            SUPPRESSED,
        ),
    )


DEPARTMENTS = popular_by("department")

CATEGORIES = popular_by("category")

POPULAR_PRODUCTS = TableSchema(
    name="popular_products",
    grain="product",
    key=("product_id",),
    meaning="The products that most customers buy.",
    reads=("order_lines", "products"),
    columns=(
        Column("rank", "integer", "place by customers who bought it, then revenue, then key", "Rank", minimum=1),
        Column("product_id", "text", "the product's key", "Product"),
        Column("category", "text", "its category", "Category"),
        Column("product_type", "text", "its type", "Product type"),
        Column("brand", "text", "its brand", "Brand"),
        Column("package_size", "text", "size of its package, as delivered", "Package"),
        orders_column("orders with it"),
        Column("revenue", "money", "revenue with it", "Revenue", "currency"),
        *estimate_columns("penetration", "share", "share of customers who bought it at all", "Customers who buy"),
        n_column("customers who bought it"),
        ALL,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        DEPARTMENTS,
        CATEGORIES,
        POPULAR_PRODUCTS,
    )
}

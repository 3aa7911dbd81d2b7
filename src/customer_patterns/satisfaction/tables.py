"""The tables that the stage ``satisfaction`` writes."""

from __future__ import annotations

from customer_patterns.schemas import Column, TableSchema

SIZES = TableSchema(
    name="sizes",
    grain="table that the stage reads",
    key=("table",),
    meaning="How large each table is.",
    columns=(
        Column("table", "text", "the table's name", label="Table"),
        Column("rows", "integer", "how many rows it has", label="Rows", unit="rows", minimum=0),
        Column("columns", "integer", "how many columns it has", label="Columns", unit="columns", minimum=1),
    ),
)

TABLES: dict[str, TableSchema] = {SIZES.name: SIZES}

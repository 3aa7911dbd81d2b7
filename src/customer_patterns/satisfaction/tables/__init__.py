"""The tables that the stage ``satisfaction`` writes, apart from those of its parts, which have their own."""

from customer_patterns.satisfaction.tables import answers, columns, done, drivers, service, texts, unanswered
from customer_patterns.satisfaction.tables.columns import ALL_WAVES
from customer_patterns.schemas import TableSchema

TABLES: dict[str, TableSchema] = {
    name: schema
    for part in (answers, unanswered, drivers, done, service, texts)
    for name, schema in part.TABLES.items()
}

__all__ = ["ALL_WAVES", "TABLES", "answers", "columns", "done", "drivers", "service", "texts", "unanswered"]

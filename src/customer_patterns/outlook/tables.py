"""The tables that the stage ``outlook`` writes: those of its subpackages."""

from __future__ import annotations

from customer_patterns.outlook import churn, forecast, intention, leads, trend, value
from customer_patterns.schemas import TableSchema

TABLES: dict[str, TableSchema] = {
    **value.TABLES,
    **churn.TABLES,
    **intention.TABLES,
    **forecast.TABLES,
    **trend.TABLES,
    **leads.TABLES,
}

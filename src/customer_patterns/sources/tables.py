"""The tables that the stage ``collect`` writes."""

from __future__ import annotations

from dataclasses import replace

from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.account_tables import (
    ACCOUNT,
    LEFT_OUT,
    QUARANTINE,
    REPAIR_REASONS,
    SET_ASIDE_REASONS,
    SOURCES,
)
from customer_patterns.sources.arrivals import ARRIVALS, SOURCE_QUALITY
from customer_patterns.sources.days import DAYS, RECORD_DAYS


def _as_given(schema: TableSchema) -> TableSchema:
    """The same table as it was given: whether records repeat and values are possible is for cleaning to say."""
    columns = tuple(replace(column, minimum=None, maximum=None) for column in schema.columns)
    return replace(schema, key=(), columns=columns)


TABLES: dict[str, TableSchema] = {
    **{name: _as_given(schema) for name, schema in CANONICAL.items()},
    **{s.name: s for s in (SOURCES, ACCOUNT, SET_ASIDE_REASONS, REPAIR_REASONS, LEFT_OUT, QUARANTINE)},
    **{s.name: s for s in (DAYS, RECORD_DAYS, ARRIVALS, SOURCE_QUALITY)},
}

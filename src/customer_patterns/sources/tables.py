"""The tables that the stage ``collect`` writes."""

from __future__ import annotations

from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.account import ACCOUNT, SOURCES
from customer_patterns.sources.days import DAYS

TABLES: dict[str, TableSchema] = {**CANONICAL, **{schema.name: schema for schema in (SOURCES, ACCOUNT, DAYS)}}

"""The tables that the stage ``collect`` writes."""

from __future__ import annotations

from dataclasses import replace

from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.canonical import (
    CANONICAL,
    CONTACTS,
    FEEDBACK,
    SURVEY_INVITATIONS,
    SURVEY_ITEMS,
    SURVEY_RESPONSES,
)
from customer_patterns.sources.account import ACCOUNT, SOURCES
from customer_patterns.sources.days import DAYS


def _as_given(schema: TableSchema) -> TableSchema:
    """The same table as it was given: whether records repeat and ratings are on the scale is for cleaning to say."""
    columns = tuple(replace(column, minimum=None, maximum=None) for column in schema.columns)
    return replace(schema, key=(), columns=columns)


_SAID = tuple(_as_given(s) for s in (SURVEY_ITEMS, SURVEY_INVITATIONS, SURVEY_RESPONSES, CONTACTS, FEEDBACK))

TABLES: dict[str, TableSchema] = {
    **CANONICAL,
    **{schema.name: schema for schema in (*_SAID, SOURCES, ACCOUNT, DAYS)},
}

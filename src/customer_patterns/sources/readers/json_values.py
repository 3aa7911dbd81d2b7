"""The values of a JSON record by the names of columns, and which names its records have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from customer_patterns.schemas.canonical import CANONICAL, DEFAULTS
from customer_patterns.sources.raw import DeliveredFile, DeliveryError
from customer_patterns.sources.readers.gathered import LONGEST_VALUE, whole_letters
from customer_patterns.sources.readers.json_lists import as_text
from customer_patterns.sources.readers.json_records import (
    Fault,
    Found,
)
from customer_patterns.study import Source, nearest

if TYPE_CHECKING:
    pass


_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def values_of(found: Found, columns: Iterable[str], joined: Mapping[str, str]) -> tuple[list[str | None], list[str]]:
    """The values of the columns, and which of them had to be repaired."""
    suspicious = _SURROGATE_ESCAPE.search(found.text) is not None
    nul = "\\u0000" in found.text
    values: list[str | None] = []
    repaired: list[str] = []
    for column in columns:
        value = _value(found.content, column)
        if isinstance(value, list) and column in joined:
            value = as_text(value, joined[column], column)
        if value.__class__ is str:
            if len(value) > LONGEST_VALUE:
                raise Fault("E_LONG_VALUE", column)
            if nul and "\0" in value:
                raise Fault("E_NUL", column)
            if suspicious and (whole := whole_letters(value)) != value:
                value = whole
                repaired.append(column)
        elif value is True:
            value = "true"
        elif value is False:
            value = "false"
        elif isinstance(value, list):
            raise Fault("E_LIST", column, "a list where one value belongs")
        elif isinstance(value, dict):
            raise Fault("E_OBJECT", column, f"name one of its keys, such as {column}.{next(iter(value), 'id')}")
        values.append(value)
    return values, repaired


def _value(record: dict[str, Any], column: str) -> Any:
    """What stands at a dotted name; ``None`` where nothing does."""
    plain = record.get(column)
    if "." not in column:
        return plain
    inner: Any = record
    for part in column.split("."):
        if inner is None:
            break
        if isinstance(inner, list):
            raise Fault("E_LIST", column, "a list where an object belongs")
        if not isinstance(inner, dict):
            raise Fault("E_NOT_OBJECT", column, "one value where an object belongs")
        inner = inner.get(part)
    if plain is not None and inner is not None:
        raise Fault("E_DUP_KEY", column, "it stands there as a key with a dot and as a key within an object")
    return inner if plain is None else plain


def note_names(record: dict[str, Any], seen: dict[str, None], prefix: str = "") -> None:
    """Remember which columns there are; what is within an object by its dotted name."""
    for name, value in record.items():
        if value.__class__ is dict and value:
            note_names(value, seen, f"{prefix}{name}.")
        elif (column := f"{prefix}{name}") not in seen:
            seen[whole_letters(column)] = None


def require_columns(source: Source, files: tuple[DeliveredFile, ...], seen: dict[str, None], *, records: int) -> None:
    """Object to a column that no record has, unless its canonical column may be missing: senders leave out nulls."""
    if not records or not files:
        return
    schema, optional = CANONICAL[source.table], DEFAULTS.get(source.table, {})
    for name in source.required_columns:
        uses = [column for column, origin in source.delivered_columns.items() if origin == name]
        needed = not uses or any(not (schema[column].nullable or column in optional) for column in uses)
        if needed and name not in seen:
            known = ", ".join(list(seen)[:30])
            raise DeliveryError(
                f"no record has it{nearest(name, seen)} (they have: {known})",
                table=source.name, file=files[0].name, column=name, code="E_SCHEMA",
            )  # fmt: skip

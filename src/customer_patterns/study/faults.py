"""Faults of a study file that only its parts together show: formats, tables, columns, thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from customer_patterns.schemas.canonical import CANONICAL, DEFAULTS, KNOWN_LATER
from customer_patterns.study.contract import BEHAVIOR_TABLES, SourceEntry, TableEntry
from customer_patterns.study.format import Format
from customer_patterns.study.origins import ColumnFrom, MadeOf, WeekNumber, delivered_name
from customer_patterns.study.spelling import nearest
from customer_patterns.study.spoken import in_words, line_of
from customer_patterns.study.whole import StudyFile


def format_faults(file: dict[str, Any], lines: dict[tuple[Any, ...], int]) -> list[tuple[int, str]]:
    """Faults inside ``format`` blocks, which are checked by themselves because a table's adds to its source's."""
    faults: list[tuple[int, str]] = []
    for path, given in _formats(file):
        try:
            Format.model_validate(given)
        except ValidationError as error:
            faults += [in_words({**detail, "loc": (*path, *detail["loc"])}, lines) for detail in error.errors()]
    return faults


def _formats(file: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    sources = file.get("sources")
    for name, entry in sources.items() if isinstance(sources, dict) else ():
        if isinstance(entry, dict):
            if "format" in entry:
                yield ("sources", name, "format"), entry["format"]
            tables = entry.get("tables")
            for table, item in tables.items() if isinstance(tables, dict) else ():
                if isinstance(item, dict) and "format" in item:
                    yield ("sources", name, "tables", table, "format"), item["format"]


def table_faults(file: StudyFile, lines: dict[tuple[Any, ...], int]) -> list[tuple[int, str]]:
    """Faults in which tables are delivered and how their columns are mapped."""
    faults: list[tuple[int, str]] = []
    seen: set[str] = set()
    for source, entry in file.sources.items():
        for table, item in entry.tables.items():
            path = ("sources", source, "tables", table)
            if table not in CANONICAL:
                known = ", ".join(CANONICAL)
                faults.append(
                    (
                        line_of(path, lines),
                        f"'{table}' is no table of a study{nearest(table, CANONICAL, then=f'known: {known}')}",
                    )
                )
                continue
            seen.add(table)
            faults += _column_faults(path, table, item, lines)
            faults += _contract_faults(path, entry, item, lines)
    faults += _undated(file, lines)
    if not seen.intersection(BEHAVIOR_TABLES):
        known = ", ".join(name for name in BEHAVIOR_TABLES if name in CANONICAL)
        faults.append(
            (
                line_of(("sources",), lines),
                f"no source delivers what customers did or said; a study needs one of {known}",
            )
        )
    faults += _quality_faults(file, lines)
    return faults


def _column_faults(
    path: tuple[Any, ...], table: str, item: TableEntry, lines: dict[tuple[Any, ...], int]
) -> list[tuple[int, str]]:
    """Faults in how one table's columns are mapped."""
    faults: list[tuple[int, str]] = []
    schema, optional = CANONICAL[table], DEFAULTS.get(table, {})
    of_the_sheet = ("item_id", "answer", "customer_id") if item.wide is not None else ()
    for place, names in (("columns", item.columns), ("key", item.key)):
        for column in names:
            if column not in schema:
                where = line_of((*path, place, column), lines)
                hint = nearest(column, schema.names, then=f"known: {', '.join(schema.names)}")
                faults.append((where, f"'{column}' is no column of {table}{hint}"))
    for column in schema.names:
        if column not in item.columns and column not in optional and column not in of_the_sheet:
            faults.append(
                (
                    line_of((*path, "columns"), lines),
                    f"{table} needs '{column}'; map it, e.g. '{column}: <its name in the delivery>'",
                )
            )
    for column, origin in item.columns.items():
        if isinstance(origin, WeekNumber) and column in schema and schema[column].kind != "date":
            where = line_of((*path, "columns", column), lines)
            faults.append((where, f"'{column}' is no date and cannot come from a week number"))
        if isinstance(origin, ColumnFrom) and origin.times is not None and column in schema:
            counts = origin.times in schema and schema[origin.times].kind == "integer"
            delivered = origin.times in item.columns and delivered_name(item.columns[origin.times]) is not None
            if schema[column].kind != "money" or not (counts and delivered):
                where = line_of((*path, "columns", column), lines)
                faults.append((where, "'times' multiplies money with a mapped column of whole numbers, quantity"))
        if isinstance(origin, MadeOf) and column in schema:
            faults += _made_faults(path, column, schema[column].kind, item, lines)
    return faults


def _made_faults(
    path: tuple[Any, ...], column: str, kind: str, item: TableEntry, lines: dict[tuple[Any, ...], int]
) -> list[tuple[int, str]]:
    """Faults in a key that is made of where a record stands."""
    where = line_of((*path, "columns", column), lines)
    if kind != "text":
        return [(where, f"'{column}' is no key and cannot be made of a line")]
    if item.each is not None:
        return [(where, f"'{column}' would be the same for all values of a list; take it from a column")]
    return []


def _contract_faults(
    path: tuple[Any, ...], entry: SourceEntry, item: TableEntry, lines: dict[tuple[Any, ...], int]
) -> list[tuple[int, str]]:
    """Faults in what a table's contract says beside its columns."""
    faults: list[tuple[int, str]] = []
    try:
        Format(**{**entry.format, **item.format})
    except ValidationError as error:  # each block is right by itself, both together are not
        faults += [(line_of((*path, "format"), lines), detail["msg"]) for detail in error.errors()]
    if item.wide is not None and path[-1] != "survey_responses":
        faults.append((line_of((*path, "wide"), lines), "'wide' is for survey_responses only; remove it"))
    reader, connection = item.reader or entry.reader, item.connection or entry.connection
    faults += _list_faults(path, reader, item, lines)
    if reader in ("sql", "api") and connection is None:
        what = f"reader '{reader}' needs 'connection', the name of the environment variable that holds the address"
        faults.append((line_of(path, lines), what))
    if item.watch is not None and reader not in ("sql", "api"):
        what = "'watch' is for databases and services; files are known by their bytes, so remove it"
        faults.append((line_of((*path, "watch"), lines), what))
    if connection is not None and not connection.isidentifier():
        where = line_of((*path, "connection"), lines) if item.connection else line_of((*path[:2], "connection"), lines)
        faults.append(
            (where, "'connection' is the name of an environment variable, never the address or secret itself")
        )
    return faults


def _list_faults(
    path: tuple[Any, ...], reader: str, item: TableEntry, lines: dict[tuple[Any, ...], int]
) -> list[tuple[int, str]]:
    """Faults in what is said about lists within a record."""
    faults: list[tuple[int, str]] = []
    of_json = reader in ("json", "jsonl", "api")
    for column, origin in item.columns.items():
        if isinstance(origin, ColumnFrom) and origin.join is not None and not of_json:
            faults.append((line_of((*path, "columns", column), lines), "'join' is for lists of JSON; remove it"))
    if item.each is None:
        return faults
    where = line_of((*path, "each"), lines)
    if item.wide is not None:
        faults.append((where, "'each' and 'wide' cannot stand together; remove one of them"))
    if item.each.separator is None and not of_json:
        faults.append((where, "a list in a text needs 'separator', what stands between its values; add it"))
    for column, origin in item.columns.items():
        delivered = delivered_name(origin)
        kind = CANONICAL[path[-1]][column].kind if column in CANONICAL[path[-1]] else ""
        if delivered is not None and not item.each.holds(delivered) and (kind == "money" or column == "quantity"):
            what = f"'{column}' stands beside the list and would count for each of its values"
            remedy = "take it from the list, or write {constant: …}"
            faults.append((line_of((*path, "columns", column), lines), f"{what}; {remedy}"))
    return faults


def _quality_faults(file: StudyFile, lines: dict[tuple[Any, ...], int]) -> list[tuple[int, str]]:
    """Thresholds for tables and columns that there are not."""
    faults: list[tuple[int, str]] = []
    for name in file.quality:
        table, _, column = name.partition(".")
        where = line_of(("quality", name), lines)
        if table not in CANONICAL:
            faults.append((where, f"'{table}' is no table of a study{nearest(table, CANONICAL)}"))
        elif column and column not in CANONICAL[table]:
            faults.append((where, f"'{column}' is no column of {table}{nearest(column, CANONICAL[table].names)}"))
    return faults


def _undated(file: StudyFile, lines: dict[tuple[Any, ...], int]) -> list[tuple[int, str]]:
    """Columns that become known later than their row, mapped without the moment from which they are known."""
    faults: list[tuple[int, str]] = []
    for source, entry in file.sources.items():
        for table, item in entry.tables.items():
            for moment, columns in KNOWN_LATER.get(table, {}).items():
                for column in columns:
                    if column in item.columns and moment not in item.columns:
                        where = line_of(("sources", source, "tables", table, "columns", column), lines)
                        faults.append(
                            (where, f"'{column}' is known only since '{moment}'; map that too, or leave it out")
                        )
    return faults

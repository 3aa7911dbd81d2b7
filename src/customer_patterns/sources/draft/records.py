"""Records in JSON as columns, for whoever drafts their contract."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from customer_patterns.sources.draft.seen import RECORDS


def opened_lists(records: Sequence[dict[str, Any]]) -> tuple[Sequence[dict[str, Any]], str | None]:
    """Put each value of a list of objects in the list's place, if most records have one; and where that list is."""
    paths = Counter(path for record in records for path in _lists(record))
    if not paths:
        return records, None
    path, times = max(paths.items(), key=lambda item: (item[1], item[0].count("."), item[0]))
    if times <= len(records) / 2:
        return records, None
    return [part for record in records for part in _parts(record, path.split("."))][:RECORDS], path


def _lists(record: dict[str, Any], where: str = "") -> Iterator[str]:
    """Dotted paths to the innermost lists of objects in a record, those within lists included, each once."""
    found = dict.fromkeys(
        inner
        for name, value in record.items()
        for one in (value if isinstance(value, list) and all(isinstance(v, dict) for v in value) else [value])
        if isinstance(one, dict)
        for path in [f"{where}.{name}" if where else name]
        for inner in (list(_lists(one, path)) or ([path] if isinstance(value, list) else []))
    )
    yield from found


def _parts(record: dict[str, Any], path: list[str]) -> Iterator[dict[str, Any]]:
    value = record.get(path[0])
    for one in value if isinstance(value, list) else [value]:
        inner = _parts(one, path[1:]) if len(path) > 1 and isinstance(one, dict) else [one]
        yield from ({**record, path[0]: part} for part in inner)


def records_of_lines(text: str) -> Iterator[dict[str, Any]]:
    """Read the first records of a text with one in each line; what is none is passed over."""
    for line in itertools.islice(text.splitlines(), RECORDS):
        try:
            record = json.loads(line, parse_float=str, parse_int=str)
        except ValueError:
            continue
        if isinstance(record, dict):
            yield record


def longest_list(content: Any, where: str = "") -> tuple[str, list[dict[str, Any]]]:
    """The longest list of records, at the top or below, and the dotted path to it."""
    best: tuple[str, list[dict[str, Any]]] = (where, [])
    if isinstance(content, list):
        records = [record for record in content if isinstance(record, dict)]
        return where, records if len(records) == len(content) else []
    if isinstance(content, dict):
        for name, inner in content.items():
            found = longest_list(inner, f"{where}.{name}" if where else name)
            best = max(best, found, key=lambda pair: len(pair[1]))
    return best


def flattened(records: Sequence[dict[str, Any]]) -> dict[str, list[str | None]]:
    """Values by dotted name."""

    def leaves(record: dict[str, Any], where: str = "") -> Iterator[tuple[str, str | None]]:
        for name, value in record.items():
            path = f"{where}.{name}" if where else name
            if isinstance(value, dict):
                yield from leaves(value, path)
            elif not isinstance(value, list):
                yield path, None if value is None or value == "" else str(value)

    rows = [dict(leaves(record)) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [row.get(name) for row in rows] for name in names}

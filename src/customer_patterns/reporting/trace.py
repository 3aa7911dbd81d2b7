"""A sentence's way back: its values, the rows they stand in, its table, the code, the deliveries."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from customer_patterns.reporting.chapter import read_notebook, stage_of
from customer_patterns.reporting.ledger import Ledger, Place
from customer_patterns.reporting.registry import Entry, Registry, misworded, read_registry, stale
from customer_patterns.schemas.refusal import Refusal


class TraceError(Refusal):
    """A sentence cannot be traced; the message says which there are."""


def trace(run_folder: Path, key: str, *, delivered: Mapping[str, str] | None = None) -> str:
    """Return what a sentence of a run rests on, as text for whoever checks it, in the current voice.

    Parameters
    ----------
    run_folder
        ``data/runs/<study>/<as_of>``.
    key
        The sentence's key, e.g. ``behavior.rhythm``.
    delivered
        SHA-256 of the deliveries as they lie now, by table.

    Raises
    ------
    TraceError
        If the run says no such sentence.
    """
    chapters = sorted((run_folder / "chapters").glob("[0-9]*.ipynb"))
    known = read_registry(Ledger.of(run_folder), {stage_of(path.stem): read_notebook(path) for path in chapters})
    found = known.find(key)
    if not found:
        keys = sorted({entry.key for entry in known.entries})
        close = difflib.get_close_matches(key, keys, n=1)
        hint = f"; did you mean {close[0]}?" if close else f" (it says: {', '.join(keys) or 'nothing'})"
        raise TraceError(f"the run of {run_folder.name} says no sentence {key}{hint}")
    return "\n\n".join("\n".join(_lines(known, entry, delivered)) for entry in found) + "\n"


def _lines(registry: Registry, entry: Entry, delivered: Mapping[str, str] | None) -> Iterator[str]:
    grade = f", {entry.grade}" if entry.grade else ""
    yield f"{entry.key} ({entry.kind}{grade}{', simulated data' if entry.simulated else ''})"
    yield f"  {entry.text}"
    place = Place(*entry.table.split(".", 1)) if entry.table else None
    for name, value in entry.values.items():
        yield f"  {name:<22} {_value(value)}"
        if place and (row := _row(registry.ledger, place, value)):
            yield f"  {'':<22} {row}"
    if entry.figure:
        yield f"  {'figure':<22} #{entry.figure} in the chapter of {entry.stage}"
    yield f"  {'table':<22} {entry.table or f'all tables of {entry.stage}'}"
    if entry.data:
        yield f"  {'SHA-256 of the table':<22} {entry.data}"
    yield f"  {'SHA-256 of the code':<22} {entry.code}"
    path = list(registry.ledger.path(place)) if place else []
    if path:
        yield "  made from"
    for here, before in path:
        if here.stage:
            yield f"    {here!s:<30} ← {', '.join(map(str, before)) or f'what stage {here.stage} reads'}"
    delivered_to = registry.ledger.deliveries(entry.stage)
    known = bool(path) and all(before or not here.stage for here, before in path)
    yield "  deliveries"
    for table in sorted({here.table for here, _ in path if not here.stage} if known else delivered_to):
        yield f"    {table:<30} SHA-256 {delivered_to[table]}"
    alone = Registry(registry.ledger, (entry,), registry.deliveries)
    faults = [*stale(alone, delivered), *misworded(alone)]
    yield from (f"  {fault}" for fault in faults or ["it follows from the tables on disk"])


def _value(value: Mapping[str, Any]) -> str:
    """A value with all that it carries."""
    if value["kind"] == "estimate":
        return (
            f"{value['value']:.6g} {value['unit']}, {value['level']:.0%} interval {value['low']:.6g} to "
            f"{value['high']:.6g} ({value['method'] or 'method not named'}), n = {value['n']:,} {value['of']}"
        )
    if value["kind"] == "count":
        return f"{value['value']:,} {value['unit']}, counted in full, n = {value['n']:,} {value['of']}"
    if value["kind"] == "chosen":
        return f"{value['value']:,} {value['unit']}, a setting"
    return str(value.get("value", value.get("text", "")))


def _row(ledger: Ledger, place: Place, value: Mapping[str, Any]) -> str:
    """Where in its table a figure stands: the row's key and the column; empty where it was worked out of several."""
    path = ledger.folder / place.stage / f"{place.table}.parquet"
    about = ledger.manifests[place.stage]["tables"][place.table]
    if value["kind"] not in ("estimate", "count") or about["rows"] > 5_000 or not path.is_file():
        return ""
    table = duckdb.read_parquet(str(path))
    for row in table.fetchall():
        cells = dict(zip(table.columns, row, strict=True))
        for column, cell in cells.items():
            if f"{column}_low" in cells and _same(cell, value["value"]):
                if value["kind"] == "estimate" and not _same(cells[f"{column}_low"], value["low"]):
                    continue
                first = next(iter(cells))
                return f"row {first} = {cells[first]}, column {column}"
    return ""


def _same(cell: Any, number: float) -> bool:
    """Whether a cell holds a number, up to what is stored of it."""
    return isinstance(cell, int | float) and math.isclose(cell, number, rel_tol=1e-11, abs_tol=1e-15)

"""A stage's tables written: sorted, checked, and swapped in as a whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis

from customer_patterns.schemas import TableSchema, check
from customer_patterns.warehouse.ahead import file_written_ahead
from customer_patterns.warehouse.in_order import InOrder, copy_in_order, order_of
from customer_patterns.warehouse.manifest import FINDINGS, MANIFEST, WarehouseError, sha256, to_json

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd
    from ibis.backends.duckdb import Backend


def write_stage(
    folder: Path,
    tables: Mapping[str, ir.Table | pd.DataFrame],
    *,
    schemas: Mapping[str, TableSchema],
    backend: Backend,
    manifest: Mapping[str, Any],
    findings: Callable[[dict[str, str]], list[Any]] | None = None,
    presorted: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Write a stage's tables, sorted and checked, and swap the whole folder in.

    Parameters
    ----------
    folder
        Where the stage's tables belong. What stands there is replaced as a whole, or left as it was.
    tables
        Ibis tables of ``backend``, or pandas frames at one row per customer or smaller. The file of a table that
        :func:`write_ahead` returned is taken as it is.
    schemas
        One per table; the written file is checked against it.
    manifest
        What the manifest says beside its tables.
    findings
        Given the SHA-256 of each table just written, by name, returns the stage's findings as JSON.
    presorted
        Tables whose rows already stand in a repeatable order, so that a large copy need not be sorted.

    Returns
    -------
    dict
        The manifest as written.

    Raises
    ------
    SchemaError
        Where a table breaks its schema.
    """
    import pyarrow.parquet as pq

    from customer_patterns.schemas import arrow

    if unnamed := set(tables) ^ set(schemas):
        raise WarehouseError(f"tables and schemas differ: {', '.join(sorted(unnamed))}")
    clear_leftovers(folder)
    fresh = folder.with_name(f".{folder.name}.fresh")
    fresh.mkdir(parents=True)
    entries: dict[str, Any] = {}
    for name in sorted(tables):
        path, schema, in_order = fresh / f"{name}.parquet", schemas[name], name not in presorted
        _write(backend, name, tables[name], schema, path, order=order_of(schema) if in_order else [])
        if not arrow.keeps(path, schema):
            check(backend.read_parquet(path, table_name=f"written__{name}"), schema, in_order=in_order)
        rows = pq.read_metadata(path).num_rows
        entries[name] = {"sha256": sha256(path), "rows": rows, "columns": schema.names, "reads": list(schema.reads)}
    content = {**manifest, "tables": entries}
    if findings is not None:
        found = findings({name: entry["sha256"] for name, entry in entries.items()})
        (fresh / FINDINGS).write_text(to_json(found), encoding="utf-8")
        content["findings"] = sha256(fresh / FINDINGS)
    (fresh / MANIFEST).write_text(to_json(content), encoding="utf-8")
    swap_in(fresh, folder)
    return content


def _same_file(path: Path, target: Path) -> None:
    """Give a file a second name, or copy it where that cannot be done."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def swap_in(fresh: Path, folder: Path) -> None:
    """Put a finished folder in the place of an old one. Killed in between, the next call puts things right."""
    old = folder.with_name(f".{folder.name}.old")
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    if old.exists():
        shutil.rmtree(old)


def clear_leftovers(folder: Path) -> None:
    """Clean up after a swap that was killed: bring the old folder back where the new one had not arrived."""
    old, fresh = folder.with_name(f".{folder.name}.old"), folder.with_name(f".{folder.name}.fresh")
    if old.exists():
        if folder.exists():
            shutil.rmtree(old)
        else:
            old.rename(folder)
    if fresh.exists():
        shutil.rmtree(fresh)


def _write(
    backend: Backend, name: str, table: ir.Table | pd.DataFrame, schema: TableSchema, path: Path, *, order: list[str]
) -> None:
    """Write a table of a stage: a file that is there already as it is, a small frame without asking the database."""
    from customer_patterns.schemas import arrow

    if not isinstance(table, ibis.expr.types.Table):
        arranged = arrow.arranged(table, schema, order=order)
        if arranged is not None:
            with InOrder(path, arranged.schema) as writer:
                writer.write(arranged)
            return
    table = as_ibis(backend, name, table)
    if (ahead := file_written_ahead(table, schema)) is not None:
        _same_file(ahead, path)
    else:
        copy_in_order(backend, table, schema, path, order=order)


def as_ibis(backend: Backend, name: str, table: ir.Table | pd.DataFrame) -> ir.Table:
    """A table the backend can query, whatever it came as."""
    if isinstance(table, ibis.expr.types.Table):
        return table
    import pyarrow as pa

    backend.con.register(f"frame__{name}", pa.Table.from_pandas(table, preserve_index=False))
    return backend.table(f"frame__{name}")

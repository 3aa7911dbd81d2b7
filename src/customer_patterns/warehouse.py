"""Opens and writes the tables of a run: parquet folders with a manifest, through Ibis on DuckDB.

A stage's folder is whole or absent: tables are written into a sibling folder which is swapped in at the end. Its
manifest holds the SHA-256 of each table; whoever opens the folder verifies it, because a flipped bit in a parquet file
is otherwise read as a wrong number, silently.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import ibis

from customer_patterns.schemas import Refusal, TableSchema, check

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd
    from ibis.backends.duckdb import Backend

MANIFEST = "manifest.json"
FINDINGS = "findings.json"


class WarehouseError(Refusal):
    """A folder of tables cannot be used; the message names it and the remedy."""


class Tables(Mapping[str, "ir.Table"]):
    """Tables by name, as attributes (with completion) or as items."""

    def __init__(self, tables: Mapping[str, ir.Table]) -> None:
        self._tables = dict(tables)

    def __getitem__(self, name: str) -> ir.Table:
        """Return a table by name."""
        return self._tables[name]

    def __getattr__(self, name: str) -> ir.Table:
        """Return a table by name."""
        try:
            return self.__dict__["_tables"][name]
        except KeyError:
            raise AttributeError(
                f"no table '{name}'; there are: {', '.join(self.__dict__.get('_tables', {}))}"
            ) from None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._tables)

    def __len__(self) -> int:
        """Count the tables."""
        return len(self._tables)

    def __dir__(self) -> list[str]:
        """List the names, for completion."""
        return [*super().__dir__(), *self._tables]


def connect(*, memory_limit: str = "500MB") -> Backend:
    """Open an empty in-memory DuckDB that spills to disk above ``memory_limit`` and shows no progress bars."""
    backend = ibis.duckdb.connect()
    backend.con.execute(f"SET memory_limit = '{memory_limit}'")
    backend.con.execute("SET TimeZone = 'UTC'")
    # by default DuckDB spills into the working folder, and a killed kernel leaves that behind
    spill = Path(tempfile.gettempdir()) / f"customer-patterns-{os.getpid()}"
    backend.con.execute("SET temp_directory = ?", [str(spill)])
    with contextlib.suppress(duckdb.InvalidInputException):  # without ipywidgets a kernel has no bars to switch off
        backend.con.execute("SET enable_progress_bar = false")
    return backend


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def to_json(content: Any) -> str:
    """Write JSON whose bytes depend on nothing but its content."""
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def digest(content: Any) -> str:
    """Return the SHA-256 of anything JSON can hold."""
    return hashlib.sha256(to_json(content).encode()).hexdigest()


def content_digest(manifest: Mapping[str, Any]) -> str:
    """Return one SHA-256 over all tables and findings of a manifest, as later stages record it among their inputs."""
    tables = {name: entry["sha256"] for name, entry in manifest["tables"].items()}
    return digest({"tables": tables, "findings": manifest.get("findings")})


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a folder's manifest.

    Raises
    ------
    WarehouseError
        Where the folder or its manifest is missing or unreadable.
    """
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WarehouseError(
            f"the tables of stage '{folder.name}' are not there; run 'make reports' to build them"
        ) from None
    except ValueError:
        raise WarehouseError(
            f"the manifest of stage '{folder.name}' is damaged; run 'make reports' to rebuild it"
        ) from None


def verify(folder: Path) -> dict[str, Any]:
    """Read a folder's manifest and compare each table, and the findings, with the SHA-256 it names.

    Raises
    ------
    WarehouseError
        For a missing, changed or damaged table, or such findings.
    """
    manifest = read_manifest(folder)
    for name, entry in manifest["tables"].items():
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise WarehouseError(
                f"table '{name}' of stage '{folder.name}' is missing; run 'make reports' to rebuild it"
            )
        if sha256(path) != entry["sha256"]:
            raise WarehouseError(
                f"table '{name}' of stage '{folder.name}' is not the one that was written; "
                "run 'make reports' to rebuild it"
            )
    if "findings" in manifest and not _is(folder / FINDINGS, manifest["findings"]):
        raise WarehouseError(
            f"the findings of stage '{folder.name}' are not the ones that were written; "
            "run 'make reports' to rebuild them"
        )
    return manifest


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and sha256(path) == digest


def open_tables(backend: Backend, folder: Path) -> dict[str, ir.Table]:
    """Open every table that a folder's manifest names, after verifying it."""
    return {
        name: backend.read_parquet(folder / f"{name}.parquet", table_name=f"{folder.name}__{name}")
        for name in verify(folder)["tables"]
    }


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
        Ibis tables of ``backend``, or pandas frames at one row per customer or smaller.
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
    if unnamed := set(tables) ^ set(schemas):
        raise WarehouseError(f"tables and schemas differ: {', '.join(sorted(unnamed))}")
    clear_leftovers(folder)
    fresh = folder.with_name(f".{folder.name}.fresh")
    fresh.mkdir(parents=True)
    entries: dict[str, Any] = {}
    for name in sorted(tables):
        path, schema = fresh / f"{name}.parquet", schemas[name]
        expression = schema.cast(_as_ibis(backend, name, tables[name]))
        _copy(backend, expression, path, order=[] if name in presorted else [*schema.key, *schema.names])
        written = backend.read_parquet(path, table_name=f"written__{name}")
        check(written, schema)
        rows = duckdb.read_parquet(str(path)).aggregate("count(*)").fetchall()[0][0]
        entries[name] = {"sha256": sha256(path), "rows": rows, "columns": schema.names, "reads": list(schema.reads)}
    content = {**manifest, "tables": entries}
    if findings is not None:
        found = findings({name: entry["sha256"] for name, entry in entries.items()})
        (fresh / FINDINGS).write_text(to_json(found), encoding="utf-8")
        content["findings"] = sha256(fresh / FINDINGS)
    (fresh / MANIFEST).write_text(to_json(content), encoding="utf-8")
    swap_in(fresh, folder)
    return content


def keep(backend: Backend, table: ir.Table, name: str) -> ir.Table:
    """Compute a table once and keep the result for this connection, under ``name``, in the types that Ibis expects."""
    backend.con.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {backend.compile(table)}')
    kept = backend.table(name)
    return kept if kept.schema().equals(table.schema()) else kept.cast(table.schema())


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


def _as_ibis(backend: Backend, name: str, table: ir.Table | pd.DataFrame) -> ir.Table:
    """A table the backend can query, whatever it came as."""
    if isinstance(table, ibis.expr.types.Table):
        return table
    import pyarrow as pa

    backend.con.register(f"frame__{name}", pa.Table.from_pandas(table, preserve_index=False))
    return backend.table(f"frame__{name}")


def _copy(backend: Backend, table: ir.Table, path: Path, *, order: list[str]) -> None:
    """Write a table as parquet, in total order, so that the same rows give the same bytes.

    A table that is not sorted here is written by one thread: with two, DuckDB 2.0 cuts the file into row groups at
    places that differ from run to run, and takes longer.
    """
    columns = list(dict.fromkeys(order))
    query = backend.compile(table.order_by(columns) if columns else table)
    target = str(path).replace("'", "''")
    if not columns:
        backend.con.execute("SET threads = 1")
    backend.con.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    backend.con.execute("RESET threads")

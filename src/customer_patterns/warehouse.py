"""Opens and writes the tables of a run: parquet folders with a manifest, through Ibis on DuckDB.

A stage's folder is whole or absent: tables are written into a sibling folder which is swapped in at the end. Its
manifest holds the SHA-256 of each table; whoever opens the folder verifies it, because a flipped bit in a parquet file
is otherwise read as a wrong number, silently.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import ibis

from customer_patterns.schemas import Refusal, TableSchema, check

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd
    import pyarrow as pa
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
    _sweep()
    spill = Path(tempfile.gettempdir()) / f"{_OURS}{os.getpid()}"
    backend.con.execute("SET temp_directory = ?", [str(spill)])
    with contextlib.suppress(duckdb.InvalidInputException):  # without ipywidgets a kernel has no bars to switch off
        backend.con.execute("SET enable_progress_bar = false")
    return backend


#: How folders for temporary files begin; then comes the process they belong to.
_OURS = "customer-patterns-"


def _sweep() -> None:
    """Remove what processes that were killed left behind. A folder of a process that lives is left alone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_OURS}*"):
        process = folder.name.removeprefix(_OURS).partition("-")[0]
        if process.isdigit() and folder.is_dir() and not folder.is_symlink() and not _lives(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


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
    if unnamed := set(tables) ^ set(schemas):
        raise WarehouseError(f"tables and schemas differ: {', '.join(sorted(unnamed))}")
    clear_leftovers(folder)
    fresh = folder.with_name(f".{folder.name}.fresh")
    fresh.mkdir(parents=True)
    entries: dict[str, Any] = {}
    for name in sorted(tables):
        path, schema = fresh / f"{name}.parquet", schemas[name]
        table, in_order = _as_ibis(backend, name, tables[name]), name not in presorted
        if (ahead := _written_ahead(table, schema)) is not None:
            _same_file(ahead, path)
        else:
            _copy(backend, schema.cast(table), path, order=_order(schema) if in_order else [])
        check(backend.read_parquet(path, table_name=f"written__{name}"), schema, in_order=in_order)
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


#: Tables that were written ahead, by the name they have in their DuckDB: the file, and the schema it follows.
_AHEAD: dict[str, tuple[Path, TableSchema]] = {}
_NUMBERS = itertools.count()


def write_ahead(backend: Backend, table: ir.Table, schema: TableSchema) -> ir.Table:
    """Write a large table once, as its stage will need it, where several questions are asked of it before.

    A sort of millions of lines is what a stage's writing costs. What is kept in DuckDB's memory would be copied there,
    and sorted again into the stage's folder; this way the questions go to the file that ends up there.

    Parameters
    ----------
    backend
        The DuckDB of the table.
    table
        What :func:`write_stage` is to write.
    schema
        Its promise, which it is held to when the stage is written.

    Returns
    -------
    Table
        The same rows in the schema's types and order, read from a file in the system's folder for temporary files. It
        goes when ``backend`` does.
    """
    folder = tempfile.TemporaryDirectory(prefix=f"{_OURS}{os.getpid()}-")
    weakref.finalize(backend, folder.cleanup)
    path, name = Path(folder.name) / f"{schema.name}.parquet", f"ahead__{schema.name}__{next(_NUMBERS)}"
    _copy(backend, schema.cast(table), path, order=_order(schema))
    _AHEAD[name] = (path, schema)
    weakref.finalize(backend, _AHEAD.pop, name, None)
    return backend.read_parquet(path, table_name=name)


def _written_ahead(table: ir.Table, schema: TableSchema) -> Path | None:
    """The file of a table that was written ahead for this schema."""
    path, followed = _AHEAD.get(getattr(table.op(), "name", ""), (None, None))
    return path if followed == schema else None


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


def _as_ibis(backend: Backend, name: str, table: ir.Table | pd.DataFrame) -> ir.Table:
    """A table the backend can query, whatever it came as."""
    if isinstance(table, ibis.expr.types.Table):
        return table
    import pyarrow as pa

    backend.con.register(f"frame__{name}", pa.Table.from_pandas(table, preserve_index=False))
    return backend.table(f"frame__{name}")


def _order(schema: TableSchema) -> list[str]:
    """What puts the rows of a table in one order only: its key, or all that there is to tell them apart by."""
    return list(schema.key) or schema.names


def _copy(backend: Backend, table: ir.Table, path: Path, *, order: list[str]) -> None:
    """Write a table as parquet, in total order, so that the same rows give the same bytes."""
    write_in_order(backend, table.order_by(order) if order else table, path, threads=None if order else 1)


#: Rows of a row group, where the writer is not DuckDB.
_ROW_GROUP = 262_144


def write_in_order(backend: Backend, table: ir.Table, path: Path, *, threads: int | None = 1) -> None:
    """Write a table as parquet in the order in which its rows come: the same rows give the same bytes.

    DuckDB's own writer cuts a file into row groups where threads, files and filters happen to hand over, so that rows
    which are not there would leave a trace. Here the rows alone say where.

    Parameters
    ----------
    backend
        The DuckDB of the table.
    table
        An expression whose rows come in a repeatable order.
    path
        The file to write.
    threads
        How many may compute the rows, where their order does not depend on it; one is cheaper than two.
    """
    import pyarrow.parquet as pq

    if threads is not None:
        backend.con.execute(f"SET threads = {threads}")
    try:
        reader = backend.con.sql(backend.compile(table)).to_arrow_reader(_ROW_GROUP)
        options = {"compression": "zstd", "compression_level": 1, "store_decimal_as_integer": True}
        with pq.ParquetWriter(path, reader.schema, store_schema=False, **options) as writer:
            for group in _row_groups(reader):
                writer.write_table(group, row_group_size=_ROW_GROUP)
    finally:
        backend.con.execute("RESET threads")


def _row_groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The same rows in tables of equal length, however they come."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        while rows >= _ROW_GROUP:
            table = pa.Table.from_batches(waiting)
            yield table.slice(0, _ROW_GROUP).combine_chunks()
            waiting = table.slice(_ROW_GROUP).to_batches()
            rows -= _ROW_GROUP
    if rows:
        yield pa.Table.from_batches(waiting).combine_chunks()

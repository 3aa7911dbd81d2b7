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
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
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
        _write(backend, name, tables[name], schema, path, order=_order(schema) if in_order else [])
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
    return _known_as(backend, name, path, schema)


def written_already(backend: Backend, path: Path, schema: TableSchema) -> ir.Table:
    """Open a large table that lies on disk as its stage would write it, so that it is not written a second time.

    Parameters
    ----------
    backend
        The DuckDB that opens it.
    path
        A file written by :class:`InOrder` with the schema's columns, in the order in which the stage leaves its rows.
    schema
        Its promise, which it is held to when the stage is written.
    """
    return _known_as(backend, f"ahead__{schema.name}__{next(_NUMBERS)}", path, schema)


def _known_as(backend: Backend, name: str, path: Path, schema: TableSchema) -> ir.Table:
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
    table = _as_ibis(backend, name, table)
    if (ahead := _written_ahead(table, schema)) is not None:
        _same_file(ahead, path)
    else:
        _copy(backend, schema.cast(table), path, order=order)


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
    if threads is not None:
        backend.con.execute(f"SET threads = {threads}")
    try:
        reader = backend.con.sql(backend.compile(table)).to_arrow_reader(_ROW_GROUP)
        with InOrder(path, reader.schema) as writer:
            for batch in reader:
                writer.write(batch)
    finally:
        backend.con.execute("RESET threads")


class InOrder:
    """A file of parquet whose bytes its rows alone decide, however they come.

    Row groups are packed in a thread of their own while the next rows are made ready.

    Parameters
    ----------
    path
        The file to write.
    schema
        Its columns.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        options = {"compression": "zstd", "compression_level": 1, "store_decimal_as_integer": True}
        self._writer = pq.ParquetWriter(path, schema, store_schema=False, **options)
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0
        self._packer = ThreadPoolExecutor(max_workers=1)
        self._packing: Future[None] | None = None

    def __enter__(self) -> InOrder:
        """Return itself."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Write what waits, and close the file."""
        try:
            if problem[0] is None and self._rows:
                self._group(self._rows)
            if self._packing is not None:
                self._packing.result()
        finally:
            self._packer.shutdown()
            self._writer.close()

    def write(self, rows: pa.RecordBatch | pa.Table) -> None:
        """Take rows; all row groups but the last have the same length."""
        self._waiting += rows.to_batches() if hasattr(rows, "to_batches") else [rows]
        self._rows += rows.num_rows
        while self._rows >= _ROW_GROUP:
            self._group(_ROW_GROUP)

    def _group(self, rows: int) -> None:
        import pyarrow as pa

        table = pa.Table.from_batches(self._waiting)
        if self._packing is not None:
            self._packing.result()
        self._packing = self._packer.submit(self._pack, table.slice(0, rows))
        self._waiting = table.slice(rows).to_batches()
        self._rows -= rows

    def _pack(self, rows: pa.Table) -> None:
        self._writer.write_table(rows.combine_chunks(), row_group_size=_ROW_GROUP)

"""The tables of stages, opened, and tables that are computed once and kept."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from customer_patterns.warehouse.ahead import AHEAD
from customer_patterns.warehouse.manifest import verify

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend


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


def open_tables(backend: Backend, folder: Path) -> dict[str, ir.Table]:
    """Open every table that a folder's manifest names, after verifying it."""
    paths = {name: folder / f"{name}.parquet" for name in verify(folder)["tables"]}
    if id(backend) not in _FILES:
        _FILES[id(backend)] = {}
        weakref.finalize(backend, _FILES.pop, id(backend), None)
    _FILES[id(backend)] |= {f"{folder.name}__{name}": path for name, path in paths.items()}
    return {name: backend.read_parquet(path, table_name=f"{folder.name}__{name}") for name, path in paths.items()}


#: The files that tables were opened from, by the name they have in their DuckDB.
_FILES: dict[int, dict[str, Path]] = {}


def file_of(backend: Backend, table: ir.Table) -> Path | None:
    """Return the file that a table was opened from; ``None`` where it is something else than the rows of a file."""
    name = getattr(table.op(), "name", "")
    return _FILES.get(id(backend), {}).get(name) or AHEAD.get(name, (None, None))[0]


def keep(backend: Backend, table: ir.Table, name: str) -> ir.Table:
    """Compute a table once and keep the result for this connection, under ``name``, in the types that Ibis expects."""
    backend.con.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {backend.compile(table)}')
    kept = backend.table(name)
    return kept if kept.schema().equals(table.schema()) else kept.cast(table.schema())

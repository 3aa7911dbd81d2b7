"""An expression under a name in DuckDB, so that what is asked of it later need not be compiled with it each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend


def as_view(backend: Backend, table: ir.Table, name: str) -> ir.Table:
    """Name an expression; nothing is computed. ``name`` is only a hint, for whoever reads a query plan."""
    view = ibis.util.gen_name(name)
    backend.con.execute(f'CREATE TEMP VIEW "{view}" AS {backend.compile(table)}')
    return backend.table(view)

"""How large the tables are that this stage reads."""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir
import pandas as pd

from customer_patterns.estimates import Count
from customer_patterns.segments.tables import SIZES


def table_sizes(tables: Mapping[str, ir.Table], *, min_rows: int) -> pd.DataFrame:
    """Count rows and columns of each table.

    Parameters
    ----------
    tables
        Tables by name, of any grain.
    min_rows
        A table with fewer rows is left out.

    Returns
    -------
    DataFrame
        One row per table, by name; columns as in ``SIZES``.
    """
    rows = [(name, int(table.count().to_pyarrow().as_py()), len(table.columns)) for name, table in tables.items()]
    sizes = pd.DataFrame(sorted(rows), columns=SIZES.names)
    return sizes[sizes["rows"] >= min_rows].reset_index(drop=True)


def size_figures(sizes: pd.DataFrame) -> dict[str, Count]:
    """Count the tables and their rows: ``tables`` and ``rows``."""
    tables, rows = len(sizes), int(sizes["rows"].sum())
    return {
        "tables": Count(tables, "tables", n=tables, of="tables"),
        "rows": Count(rows, "rows", n=rows, of="rows"),
    }

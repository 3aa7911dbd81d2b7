"""How large the tables are that the stage segments reads."""

from __future__ import annotations

import ibis
import pandas as pd

from customer_patterns.segments import size_figures, table_sizes

TABLES = {
    "orders": ibis.memtable(pd.DataFrame({"order_id": ["1", "2", "3"], "revenue": [1.0, 2.0, 3.0]})),
    "customers": ibis.memtable(pd.DataFrame({"customer_id": ["a"]})),
}


def test_each_table_is_counted_in_rows_and_columns() -> None:
    sizes = table_sizes(TABLES, min_rows=1)
    assert sizes.to_dict("list") == {"table": ["customers", "orders"], "rows": [1, 3], "columns": [1, 2]}


def test_a_table_with_too_few_rows_is_left_out() -> None:
    assert list(table_sizes(TABLES, min_rows=2)["table"]) == ["orders"]


def test_the_figures_add_up_the_tables() -> None:
    figures = size_figures(table_sizes(TABLES, min_rows=1))
    assert (figures["tables"].value, figures["rows"].value) == (2, 4)

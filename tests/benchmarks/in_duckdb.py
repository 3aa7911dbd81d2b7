"""The least that can be done with a delivery of text: DuckDB reads it into parquet, and nothing is checked.

``python -m tests.benchmarks.in_duckdb <root> <study>`` writes ``<root>/duckdb/order_lines.parquet``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import duckdb

from customer_patterns.study import load_study

#: The panel's columns in the types that they have in the canonical table.
_TYPES = {
    "household_id": "VARCHAR",
    "store_id": "VARCHAR",
    "basket_id": "VARCHAR",
    "product_id": "VARCHAR",
    "quantity": "BIGINT",
    "sales_value": "DECIMAL(18, 2)",
    "retail_disc": "DECIMAL(18, 2)",
    "coupon_disc": "DECIMAL(18, 2)",
    "coupon_match_disc": "DECIMAL(18, 2)",
    "week": "BIGINT",
    "transaction_timestamp": "TIMESTAMP",
}


def main(root: Path, name: str) -> None:
    """Read the order lines of a study into one file of parquet, with the memory that a stage has."""
    source = root / load_study(name).source("order_lines").location
    target = root / "duckdb" / "order_lines.parquet"
    target.parent.mkdir(parents=True)
    cpu = time.process_time()
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '500MB'")
        connection.execute("SET enable_progress_bar = false")
        with source.open(encoding="utf-8") as file:
            columns = {column: _TYPES[column] for column in file.readline().strip().split(",")}
        read = (
            f"read_csv('{source}', header = true, auto_detect = false, delim = ',', quote = '\"', columns = {columns})"
        )
        connection.execute(f"COPY (FROM {read}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    print(f"read 0 {time.process_time() - cpu:.1f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

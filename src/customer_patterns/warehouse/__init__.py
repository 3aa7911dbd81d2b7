"""Opens and writes the tables of a run: parquet folders with a manifest, through Ibis on DuckDB.

A stage's folder is whole or absent: tables are written into a sibling folder which is swapped in at the end. Its
manifest holds the SHA-256 of each table; whoever opens the folder verifies it, because a flipped bit in a parquet file
is otherwise read as a wrong number, silently.
"""

from customer_patterns.warehouse.ahead import put_ahead, write_ahead, written_already
from customer_patterns.warehouse.connection import connect
from customer_patterns.warehouse.in_order import ROW_GROUP, InOrder, write_in_order
from customer_patterns.warehouse.manifest import (
    FINDINGS,
    MANIFEST,
    WarehouseError,
    content_digest,
    digest,
    read_manifest,
    sha256,
    to_json,
    verify,
)
from customer_patterns.warehouse.tables import Tables, file_of, keep, open_tables
from customer_patterns.warehouse.writing import clear_leftovers, swap_in, write_stage

__all__ = [
    "FINDINGS",
    "MANIFEST",
    "ROW_GROUP",
    "InOrder",
    "Tables",
    "WarehouseError",
    "clear_leftovers",
    "connect",
    "content_digest",
    "digest",
    "file_of",
    "keep",
    "open_tables",
    "put_ahead",
    "read_manifest",
    "sha256",
    "swap_in",
    "to_json",
    "verify",
    "write_ahead",
    "write_in_order",
    "write_stage",
    "written_already",
]

"""Parquet files, delivered or inside an installed Python package: columns in their own types, read where they lie."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from customer_patterns.sources.files.header import match_columns
from customer_patterns.sources.raw import FILE, LINE, DeliveredFile, DeliveryError, Raw, repair_frame, set_aside_frame

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from customer_patterns.study import Source


def read(backend: Backend, source: Source, files: tuple[DeliveredFile, ...]) -> Raw:
    """Open parquet files; nothing is copied.

    Returns
    -------
    Raw
        The columns that the contract names, in their own types; ``_line`` is the number of the record.

    Raises
    ------
    DeliveryError
        ``E_PARQUET`` for a damaged file, and those of the header.
    """
    opened = [_open(backend, source, file, index) for index, file in enumerate(files)]
    names = dict.fromkeys(name for _, columns in opened for name in columns)
    return Raw(
        files=files,
        columns=tuple(names),
        records=reduce(lambda a, b: a.union(b), (table for table, _ in opened)),
        set_aside=set_aside_frame(),
        repairs=repair_frame(),
    )


def _open(backend: Backend, source: Source, file: DeliveredFile, index: int) -> tuple[ir.Table, list[str]]:
    try:
        table = backend.read_parquet(file.path, table_name=ibis.util.gen_name("delivered"), file_row_number=True)
        names = pq.read_schema(file.path).names  # the engine gives names that differ by capitals other ones
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise _damaged(source, file, error) from None
    given = [name for name in table.columns if name != "file_row_number"]
    places = match_columns(source, names, file=file.name)
    wanted = {name: table[given[place]] for name, place in places.items()}
    try:
        _read_through(backend, table.get_name(), [given[place] for place in places.values()])
    except duckdb.Error as error:
        raise _damaged(source, file, error) from None
    return table.select(**wanted, **{FILE: ibis.literal(index, "int32"), LINE: table.file_row_number + 1}), names


def _read_through(backend: Backend, view: str, columns: list[str]) -> None:
    """Unpack every value that is wanted: a damaged page is found here and not in the middle of a later query."""
    digests = ", ".join(f'bit_xor(hash("{name.replace(chr(34), chr(34) * 2)}"))' for name in columns)
    backend.con.execute(f'SELECT {digests} FROM "{view}"').fetchall()


def _damaged(source: Source, file: DeliveredFile, error: Exception) -> DeliveryError:
    """The refusal of a file in the words of the engine, which knows it by its path."""
    said = str(error).strip().splitlines() or [type(error).__name__]
    reason = said[0].replace(str(file.path), file.path.name)
    return DeliveryError(f"it cannot be read ({reason})", table=source.table, file=file.name, code="E_PARQUET")

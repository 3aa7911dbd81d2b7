"""What a reader hands on: the records of delivered files as delivered, and those that could not be taken apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
import pandas as pd

from customer_patterns.schemas import Refusal
from customer_patterns.sources.codes import CODES

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

    from customer_patterns.study import Source

#: Columns that a reader adds to the delivered ones: index into the files, and where the record begins.
FILE, LINE = "_file", "_line"

#: A record that is set aside is kept as text up to this length.
LONGEST_RAW = 1_000

SET_ASIDE_COLUMNS = ("file", "line", "code", "column", "detail", "raw")
REPAIR_COLUMNS = ("file", "line", "code", "column")

#: The line of a repair that concerns every record of a file.
WHOLE_FILE = 0


class DeliveryError(Refusal):
    """A delivery cannot be used; the message names table, file, line, column, what is wrong, the code and the remedy.

    Parameters
    ----------
    what
        What is wrong.
    table, file, line, column
        Where, as far as it is known.
    code
        See :mod:`~customer_patterns.sources.codes`; its remedy is given where ``remedy`` is not.
    remedy
        What to do.
    """

    def __init__(
        self,
        what: str,
        *,
        table: str = "",
        file: str = "",
        line: int | None = None,
        column: str = "",
        code: str = "",
        remedy: str = "",
    ) -> None:
        if code and code not in CODES:
            raise ValueError(f"code {code} is not declared")
        self.what, self.table, self.file, self.line, self.column, self.code = what, table, file, line, column, code
        self.remedy = remedy or (CODES[code].remedy if code else "")
        places = [file, f"line {line:,}" if line else "", f"column '{column}'" if column else ""]
        place = ", ".join(part for part in places if part)
        head = ": ".join(part for part in (table, place, what) if part)
        said = f"{head} ({code})" if code else head
        super().__init__(f"{said}; {self.remedy}" if self.remedy else said)


@dataclass(frozen=True)
class DeliveredFile:
    """One file of a delivery.

    Attributes
    ----------
    name
        How it is called in accounts and messages: its path below the project, for a member of an archive
        ``archive.zip/inner.csv``, for a database ``connection/table``.
    path
        Where it lies; for what is not a file, the folder or file it was fetched into.
    sha256, size
        Of its bytes.
    delivered_on
        When it was handed over, where the contract says so of files.
    member
        Its name inside the archive at ``path``, if that is one.
    """

    name: str
    path: Path
    sha256: str
    size: int
    delivered_on: date | None = None
    member: str = ""


@dataclass(frozen=True)
class Raw:
    """Delivered records, before anything is made of their values.

    Attributes
    ----------
    files
        Where they came from.
    columns
        The delivered columns, in the order of delivery, without those that a reader adds.
    records
        One row per record: the columns that the contract names, as text (``csv``, ``json``, ``excel``) or in their own
        types (``parquet``, ``sql``, ``package``), and ``_file`` (int32, index into ``files``) and ``_line`` (int64: the
        line where the record begins; in a workbook the row; otherwise the number of the record, from 1).
    set_aside
        Records that could not be taken apart: ``file``, ``line``, ``code``, ``column``, ``detail``, ``raw``.
    repairs
        Records of ``records`` that were repaired while reading, and lines that held none: ``file``, ``line`` (0: all
        records of the file), ``code``, ``column``.
    """

    files: tuple[DeliveredFile, ...]
    columns: tuple[str, ...]
    records: ir.Table
    set_aside: pd.DataFrame
    repairs: pd.DataFrame


#: What every module of ``sources/readers`` offers as ``read``.
Reading = Callable[["Backend", "Source", tuple[DeliveredFile, ...]], Raw]


def set_aside_frame(rows: Iterable[Mapping[str, Any] | tuple[Any, ...]] = ()) -> pd.DataFrame:
    """Make the table of records set aside, in the order of files and lines: columns as in ``SET_ASIDE_COLUMNS``."""
    return _frame(rows, SET_ASIDE_COLUMNS)


def repair_frame(rows: Iterable[Mapping[str, Any] | tuple[Any, ...]] = ()) -> pd.DataFrame:
    """Make the table of repairs, in the order of files and lines: columns as in ``REPAIR_COLUMNS``."""
    return _frame(rows, REPAIR_COLUMNS)


def _frame(rows: Iterable[Any], columns: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(columns))
    for name in columns:
        frame[name] = frame[name].astype("int64" if name in ("file", "line") else "object")
    if "raw" in frame:
        frame["raw"] = frame["raw"].map(lambda text: None if text is None else str(text)[:LONGEST_RAW])
    return frame.sort_values(["file", "line", "code"], kind="stable", ignore_index=True)

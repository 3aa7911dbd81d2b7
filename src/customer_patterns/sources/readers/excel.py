"""Reads one named sheet of a workbook (xlsx): each cell as the text that is stored in it.

Nothing is converted that a workbook did not convert itself: the text 00123 stays 00123, a number becomes the shortest
text that means it, a date cell the ISO text of its day. What a workbook cannot tell any more sets the record aside,
with the cell's address: errors, formulas whose result was never stored, ids that lost digits, texts of which the
spreadsheet made a date, cells merged with the one above.

Office Open XML (ISO/IEC 29500), parts 18.3 (sheets) and 18.17.4 (dates).
"""

from __future__ import annotations

import struct
import warnings
import zipfile
import zlib
from contextlib import closing
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.raw import DeliveredFile, DeliveryError, Raw
from customer_patterns.sources.readers.gathered import Gathered
from customer_patterns.sources.readers.workbook_cells import Fault, SheetColumn, text_of
from customer_patterns.sources.readers.workbook_files import refuse_others
from customer_patterns.sources.readers.workbook_rows import Cell, Row, Rows, merged_ranges
from customer_patterns.study import Source, nearest
from customer_patterns.study.origins import ColumnFrom

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

#: Columns that a sheet may have.
COLUMN_LIMIT = 5_000
#: What openpyxl and the modules under it say to a workbook that is not as the standard wants it.
_DAMAGED = (
    ParseError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # with it: a packing that nobody knows, brackets without end
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
)


def read(backend: Backend, source: Source, files: tuple[DeliveredFile, ...]) -> Raw:
    """Read a sheet of each workbook, row by row.

    Returns
    -------
    Raw
        One row per row of the sheet below its header: the columns that the contract names, as text. ``_line`` is the
        row's number in the sheet. Rows without a value are passed over and counted, so are values beside the table.

    Raises
    ------
    DeliveryError
        ``E_NOT_EXCEL``, ``E_PASSWORD``, ``E_TOO_BIG`` (before anything is unpacked), ``E_SHEET``, ``E_EMPTY``,
        ``E_DUP_HEADER``, ``E_SCHEMA``, ``E_TOO_MANY_COLUMNS``.
    """
    gathered = Gathered(backend, source.name, source.required_columns)
    seen: dict[str, None] = {}
    for index, file in enumerate(files):
        try:
            _read_file(source, index, file, gathered, seen)
        except _DAMAGED as error:
            if isinstance(error, DeliveryError):
                raise
            raise DeliveryError(
                f"the workbook is damaged ({type(error).__name__})", table=source.name, file=file.name,
                code="E_NOT_EXCEL", remedy="open it, save it as xlsx, deliver it again",
            ) from None  # fmt: skip
    return gathered.finish(files, seen=seen)


def _read_file(source: Source, index: int, file: DeliveredFile, gathered: Gathered, seen: dict[str, None]) -> None:
    refuse_others(source, file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that nobody asks it about
        with closing(openpyxl.load_workbook(file.path, read_only=True, data_only=True, keep_links=False)) as workbook:
            sheet = _sheet(source, file, workbook)
            rows = Rows(workbook, sheet, merged_ranges(file, sheet))
            header = _header(source, file, rows)
            seen.update(dict.fromkeys(header.values()))
            columns = _columns(source, file, header)
            for row in rows:
                _take(row, columns, header, rows, index, gathered, fill=source.format.fill_merged)


def _take(
    row: Row,
    columns: list[SheetColumn],
    header: dict[int, str],
    rows: Rows,
    index: int,
    gathered: Gathered,
    *,
    fill: bool,
) -> None:
    """Take one row of the sheet: keep it, set it aside, or pass it over."""
    for position in row.cells.keys() - header.keys():
        if row.cells[position].given:
            gathered.repair(file=index, line=row.number, code="S_STRAY", column=get_column_letter(position))
    if not any(cell.given for position, cell in row.cells.items() if position in header):
        gathered.repair(file=index, line=row.number, code="S_BLANK")
        return
    values: list[str | None] = []
    repaired: list[tuple[str, str]] = []
    try:
        for column in columns:
            address = f"{get_column_letter(column.position)}{row.number}"
            cell, merged = row.cells.get(column.position), row.covered(column.position)
            if merged is not None and not (cell and cell.given):
                if not fill:
                    raise Fault("E_MERGED", column.name, f"cell {address}")
                cell = merged.cell
                repaired.append(("R_FILLED_MERGED", column.name))
            if cell is None:
                values.append(None)
                continue
            value, code = text_of(cell, column, address, rows)
            values.append(value)
            if code:
                repaired.append((code, column.name))
    except Fault as fault:
        gathered.set_aside(
            file=index, line=row.number, code=fault.code, column=fault.column, detail=fault.detail, raw=row.said(header)
        )
        return
    for code, name in repaired:
        gathered.repair(file=index, line=row.number, code=code, column=name)
    gathered.keep(values, file=index, line=row.number)


def _sheet(source: Source, file: DeliveredFile, workbook: Workbook) -> ReadOnlyWorksheet:
    """The sheet that the contract names, or the only one."""
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    wanted = source.format.sheet
    if wanted is None and len(sheets) == 1:
        return next(iter(sheets.values()))
    if wanted in sheets:
        return sheets[wanted]
    listed = ", ".join(f"'{title}'" for title in sheets) or "none"
    what = "it has several sheets" if wanted is None else f"it has no sheet '{wanted}'{nearest(wanted, sheets)}"
    raise DeliveryError(
        what, table=source.name, file=file.name, code="E_SHEET", remedy=f"write one of them as 'sheet': {listed}"
    )


def _header(source: Source, file: DeliveredFile, rows: Rows) -> dict[int, str]:
    """The names of the columns, by position, from the first row with a value behind the rows to skip."""
    for row in rows:
        if row.number <= source.format.skip_rows:
            continue
        names = {position: _name(cell) for position, cell in sorted(row.cells.items()) if cell.given}
        names = {position: name for position, name in names.items() if name}
        if not names:
            continue
        if len(names) > COLUMN_LIMIT:
            raise DeliveryError(
                f"it has {len(names):,} columns", table=source.name, file=file.name, line=row.number,
                code="E_TOO_MANY_COLUMNS",
            )  # fmt: skip
        folded: dict[str, int] = {}
        for position, name in names.items():
            if name.casefold() in folded:
                raise DeliveryError(
                    f"columns {get_column_letter(folded[name.casefold()])} and {get_column_letter(position)} have the "
                    "same name", table=source.name, file=file.name, line=row.number, column=name, code="E_DUP_HEADER",
                )  # fmt: skip
            folded[name.casefold()] = position
        return names
    raise DeliveryError("the sheet is empty", table=source.name, file=file.name, code="E_EMPTY")


def _name(cell: Cell) -> str:
    return " ".join(str("" if cell.value is None else cell.value).split())


def _columns(source: Source, file: DeliveredFile, header: dict[int, str]) -> list[SheetColumn]:
    """The columns that the contract names, where the header has them."""
    positions = {name: position for position, name in header.items()}
    schema = CANONICAL[source.table]
    found = []
    for name in source.required_columns:
        if name not in positions:
            raise DeliveryError(
                f"the sheet has no such column{nearest(name, positions)} (it has: {', '.join(positions)})",
                table=source.name, file=file.name, column=name, code="E_SCHEMA",
            )  # fmt: skip
        uses = [column for column, delivered in source.delivered_columns.items() if delivered == name]
        kinds = {schema[column].kind for column in uses}
        found.append(
            SheetColumn(
                name,
                positions[name],
                is_text="text" in kinds,
                dates=next((_dates(source, use) for use in uses if schema[use].kind in ("date", "timestamp")), ()),
            )
        )
    return found


def _dates(source: Source, column: str) -> tuple[str, ...]:
    """The formats of dates that the contract reads in a column."""
    origin = source.columns[column]
    own = origin.dates if isinstance(origin, ColumnFrom) else None
    return own or source.format.dates

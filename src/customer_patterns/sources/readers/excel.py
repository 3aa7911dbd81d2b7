"""Reads one named sheet of a workbook (xlsx): each cell as the text that is stored in it.

Nothing is converted that a workbook did not convert itself: the text 00123 stays 00123, a number becomes the shortest
text that means it, a date cell the ISO text of its day. What a workbook cannot tell any more sets the record aside,
with the cell's address: errors, formulas whose result was never stored, ids that lost digits, texts of which the
spreadsheet made a date, cells merged with the one above.

Office Open XML (ISO/IEC 29500), parts 18.3 (sheets) and 18.17.4 (dates).
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.raw import DeliveredFile, DeliveryError, Raw
from customer_patterns.sources.readers.gathered import LONGEST_VALUE, Gathered
from customer_patterns.study import Source, nearest
from customer_patterns.study.contract import ColumnFrom

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

#: Bytes that a workbook may unpack to, and how many times its size above ``SMALL``.
UNPACKED_LIMIT, TIMES_LIMIT, SMALL = 1_000_000_000, 100, 50_000_000
#: Columns that a sheet may have.
COLUMN_LIMIT = 5_000
#: Digits of a number that a workbook keeps.
DIGITS = 15
#: Days between the first of January 1900, from which most workbooks count, and that of 1904.
DAYS_TO_1904 = 1462

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:$]+)[\"']")
_ZEROS = re.compile("0{2,}")
_SHOWS_TIME = re.compile(r"[hs]", re.IGNORECASE)
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]hms]*\]|_.|\*.', re.IGNORECASE)
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


class Fault(Exception):
    """A record cannot be used, and why."""

    def __init__(self, code: str, column: str, detail: str) -> None:
        super().__init__(code)
        self.code, self.column, self.detail = code, column, detail


@dataclass(frozen=True)
class _Column:
    """A delivered column that the contract uses: its place in the sheet and what becomes of it."""

    name: str
    position: int
    is_text: bool
    dates: tuple[str, ...]

    @property
    def counts_days(self) -> bool:
        """Whether the contract lets plain numbers be days."""
        return "excel_serial" in self.dates


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
    _refuse_others(source, file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that nobody asks it about
        with closing(openpyxl.load_workbook(file.path, read_only=True, data_only=True, keep_links=False)) as workbook:
            sheet = _sheet(source, file, workbook)
            rows = _Rows(workbook, sheet, _merged_ranges(file, sheet))
            header = _header(source, file, rows)
            seen.update(dict.fromkeys(header.values()))
            columns = _columns(source, file, header)
            for row in rows:
                _take(row, columns, header, rows, index, gathered, fill=source.format.fill_merged)


def _take(
    row: _Row,
    columns: list[_Column],
    header: dict[int, str],
    rows: _Rows,
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
            value, code = _text(cell, column, address, rows)
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


# Cells --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cell:
    """A cell as it is stored: its type, its value, its text, and how it is shown."""

    kind: str
    value: Any
    stored: str | None
    formula: bool
    is_error: bool
    style: int

    @property
    def given(self) -> bool:
        return self.value is not None or self.formula

    @property
    def said(self) -> str:
        return "" if self.value is None else str(self.value)


def _text(cell: _Cell, column: _Column, address: str, rows: _Rows) -> tuple[str | None, str | None]:
    """The text of a cell, and the code of a repair if one was needed."""
    value = cell.value
    if cell.kind == "e":
        if cell.is_error:
            raise Fault("E_CELL_ERROR", column.name, f"cell {address} shows {value}")
        raise Fault("E_CELL_DATE", column.name, f"cell {address}")
    if value is None:
        if cell.formula and (cell.stored is None or cell.kind != "str"):  # only a text's result can be empty
            raise Fault("E_FORMULA", column.name, f"cell {address}")
        return ("" if cell.formula else None), None
    if isinstance(value, str):
        value = unescape(value)
        if len(value) > LONGEST_VALUE:
            raise Fault("E_LONG_VALUE", column.name, f"cell {address}")
        if "\0" in value:
            raise Fault("E_NUL", column.name, f"cell {address}")
        return value, None
    if isinstance(value, bool):
        return ("true" if value else "false"), None
    if isinstance(value, int | float):
        return _number(value, cell, column, address, rows)
    if isinstance(value, dt.datetime) and (cell.stored or "").startswith("-"):  # no calendar goes back that far
        raise Fault("E_CELL_DATE", column.name, f"cell {address}")
    if column.is_text:  # "3-5" typed into a spreadsheet becomes the third of May
        raise Fault("E_TEXT_TO_DATE", column.name, f"cell {address}")
    return _moment(value, rows.shown_as(cell.style), column.dates), None


def _number(value: float, cell: _Cell, column: _Column, address: str, rows: _Rows) -> tuple[str | None, str | None]:
    """The shortest text that means the number. A spreadsheet keeps fifteen digits; an id with more is not whole."""
    if value != value or value in (float("inf"), float("-inf")):
        raise Fault("E_CELL_ERROR", column.name, f"cell {address} holds no number")
    whole = int(value) == value
    if column.is_text and abs(value) >= 10**DIGITS:
        raise Fault("E_DIGITS_LOST", column.name, f"cell {address}")
    if column.counts_days and rows.since_1904:
        return _plain(value + DAYS_TO_1904), "R_DATES_1904"
    text = str(int(value)) if whole and abs(value) < 10**DIGITS else _plain(value)
    if column.is_text and whole and value >= 0:
        shown = rows.shown_as(cell.style)
        if _ZEROS.fullmatch(shown) and len(shown) > len(text):  # the format 00000 shows 123 as 00123
            return text.zfill(len(shown)), "R_ZERO_FORMAT"
    return text, None


def _plain(value: float) -> str:
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def _moment(value: dt.datetime | dt.date | dt.time | dt.timedelta, shown: str, dates: tuple[str, ...]) -> str:
    """The text of a date, a moment, a time of day or a length of time: ISO, or in the format that the contract reads.

    A date cell needs no format to be understood, but the text it becomes does, where the contract has others than ISO.
    """
    if isinstance(value, dt.datetime):
        if dates and "iso" not in dates:
            for pattern in dates:
                with contextlib.suppress(ValueError):
                    if "%" in pattern and dt.datetime.strptime(value.strftime(pattern), pattern) == value:
                        return value.strftime(pattern)
            if "excel_serial" in dates:
                return _plain(to_excel(value))
        has_time = value.time() != dt.time() or _SHOWS_TIME.search(_NOT_SHOWN.sub("", shown))
        return value.isoformat() if has_time else value.date().isoformat()
    if isinstance(value, dt.timedelta):
        hours, seconds = divmod(round(value.total_seconds()), 3600)
        return f"{hours:02d}:{seconds // 60:02d}:{seconds % 60:02d}"
    return value.isoformat()


# Rows ---------------------------------------------------------------------------------------------------------------


@dataclass
class _Range:
    """Cells that were merged into one, which holds their value."""

    left: int
    top: int
    right: int
    bottom: int
    cell: _Cell | None = None


@dataclass(frozen=True)
class _Row:
    """A row of the sheet: its cells by column, and the merged ranges that reach into it."""

    number: int
    cells: dict[int, _Cell]
    ranges: list[_Range]

    def covered(self, position: int) -> _Range | None:
        """The merged range whose first cell stands elsewhere and which covers this cell."""
        for merged in self.ranges:
            if merged.left <= position <= merged.right and (merged.top, merged.left) != (self.number, position):
                return merged
        return None

    def said(self, header: dict[int, str]) -> str:
        """The row as delimited text, in the order of the header."""
        cells = [self.cells.get(position) for position in header]
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow([cell.said if cell else "" for cell in cells])
        return line.getvalue()


class _Parser(WorkSheetParser):
    """openpyxl's parser, which also tells a formula without a result from an empty cell."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Return the cell's place, type and value, whether it is a formula, and the text stored in it."""
        cell = super().parse_cell(element)
        cell["formula"] = element.find(FORMULA_TAG) is not None
        stored = element.find(VALUE_TAG)
        cell["stored"] = None if stored is None else stored.text or ""
        cell["is_error"] = element.get("t") == "e"
        return cell


class _Rows(Iterator["_Row"]):
    """The rows of a sheet that are stored, one by one."""

    def __init__(self, workbook: Workbook, sheet: ReadOnlyWorksheet, ranges: list[_Range]) -> None:
        self.since_1904 = workbook.epoch == CALENDAR_MAC_1904
        self._sheet = sheet
        self._shown: dict[int, str] = {}
        self._ahead = sorted(ranges, key=lambda merged: merged.top, reverse=True)
        self._reaching: list[_Range] = []
        self._source = sheet._get_source()
        parser = _Parser(
            self._source,
            sheet._shared_strings,
            data_only=True,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
        )
        self._parsed = parser.parse()

    def __next__(self) -> _Row:
        number, found = next(self._parsed)
        cells = {
            cell["column"]: _Cell(
                cell["data_type"], cell["value"], cell["stored"], cell["formula"], cell["is_error"], cell["style_id"]
            )
            for cell in found
        }
        while self._ahead and self._ahead[-1].top <= number:
            self._reaching.append(self._ahead.pop())
        self._reaching = [merged for merged in self._reaching if merged.bottom >= number]
        for merged in self._reaching:
            if merged.top == number:
                merged.cell = cells.get(merged.left)
        return _Row(number, cells, self._reaching)

    def shown_as(self, style: int) -> str:
        """The number format of a style."""
        if style not in self._shown:
            self._shown[style] = ReadOnlyCell(self._sheet, 1, 1, None, style_id=style).number_format
        return self._shown[style]


# The workbook -------------------------------------------------------------------------------------------------------


def _refuse_others(source: Source, file: DeliveredFile) -> None:
    """Object to what is no workbook, is locked, or would unpack to too much, before any of it is unpacked."""

    def refusal(what: str, code: str, remedy: str = "") -> DeliveryError:
        return DeliveryError(what, table=source.name, file=file.name, code=code, remedy=remedy)

    data = file.path.open("rb")
    with data:
        start = data.read(8)
        if not start:
            raise refusal("nothing is in it", "E_EMPTY")
        if start == _OLE:
            locked = "EncryptedPackage".encode("utf-16-le") in data.read()
            if locked:
                raise refusal("it is protected by a password", "E_PASSWORD")
            raise refusal("it is a workbook in the old format xls", "E_NOT_EXCEL")
    if not zipfile.is_zipfile(file.path):
        raise refusal("it is no workbook", "E_NOT_EXCEL", "if it is delimited text, write 'reader: csv'")
    with zipfile.ZipFile(file.path) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        size = max(file.path.stat().st_size, 1)
        if unpacked > UNPACKED_LIMIT or (unpacked > SMALL and unpacked / size > TIMES_LIMIT):
            raise refusal(f"it would unpack to {unpacked:,} bytes, from {size:,}", "E_TOO_BIG")
        if not any(member.filename.lower().startswith("xl/workbook") for member in members):
            raise refusal("it is an archive, but no workbook", "E_NOT_EXCEL")
        if any(member.filename.endswith("workbook.bin") for member in members):
            raise refusal("it is a workbook in the format xlsb", "E_NOT_EXCEL")
        if any(member.flag_bits & 1 for member in members):
            raise refusal("it is protected by a password", "E_PASSWORD")
        if damaged := archive.testzip():  # a part under another name would be passed over: dates become numbers
            raise refusal(f"its part {damaged!r} is damaged", "E_NOT_EXCEL", "ask for the file again")


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


def _merged_ranges(file: DeliveredFile, sheet: ReadOnlyWorksheet) -> list[_Range]:
    """The merged cells, which a workbook lists behind the rows: found before the rows are read."""
    found: list[_Range] = []
    rest = b""
    with zipfile.ZipFile(file.path) as archive, archive.open(sheet._worksheet_path) as stream:
        while piece := stream.read(1 << 20):
            rest += piece
            end = 0
            for match in _MERGED.finditer(rest):
                left, top, right, bottom = range_boundaries(match[1].decode())
                found.append(_Range(left, top, right, bottom))
                end = match.end()
            rest = rest[max(end, len(rest) - 200) :]
    return found


def _header(source: Source, file: DeliveredFile, rows: _Rows) -> dict[int, str]:
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


def _name(cell: _Cell) -> str:
    return " ".join(str("" if cell.value is None else cell.value).split())


def _columns(source: Source, file: DeliveredFile, header: dict[int, str]) -> list[_Column]:
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
            _Column(
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

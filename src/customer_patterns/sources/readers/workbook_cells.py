"""What a cell of a workbook says, as text; what the workbook cannot tell any more is a fault."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils.datetime import to_excel
from openpyxl.utils.escape import unescape

from customer_patterns.sources.readers.gathered import LONGEST_VALUE
from customer_patterns.sources.readers.workbook_rows import Cell, Rows

#: Digits of a number that a workbook keeps.
DIGITS = 15
#: Days between the first of January 1900, from which most workbooks count, and that of 1904.
DAYS_TO_1904 = 1462
_ZEROS = re.compile("0{2,}")
_SHOWS_TIME = re.compile(r"[hs]", re.IGNORECASE)
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]hms]*\]|_.|\*.', re.IGNORECASE)


class Fault(Exception):
    """A record cannot be used, and why."""

    def __init__(self, code: str, column: str, detail: str) -> None:
        super().__init__(code)
        self.code, self.column, self.detail = code, column, detail


@dataclass(frozen=True)
class SheetColumn:
    """A delivered column that the contract uses: its place in the sheet and what becomes of it."""

    name: str
    position: int
    is_text: bool
    dates: tuple[str, ...]

    @property
    def counts_days(self) -> bool:
        """Whether the contract lets plain numbers be days."""
        return "excel_serial" in self.dates


def text_of(cell: Cell, column: SheetColumn, address: str, rows: Rows) -> tuple[str | None, str | None]:
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


def _number(value: float, cell: Cell, column: SheetColumn, address: str, rows: Rows) -> tuple[str | None, str | None]:
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

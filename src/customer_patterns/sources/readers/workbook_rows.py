"""The rows of a sheet as they are stored: cells with their type, value and style, and those that were merged."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from customer_patterns.sources.raw import DeliveredFile

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:$]+)[\"']")


@dataclass(frozen=True)
class Cell:
    """A cell as it is stored: its type, its value, its text, and how it is shown."""

    kind: str
    value: Any
    stored: str | None
    formula: bool
    is_error: bool
    style: int

    @property
    def given(self) -> bool:
        """Whether something stands in it."""
        return self.value is not None or self.formula

    @property
    def said(self) -> str:
        """Its value as text."""
        return "" if self.value is None else str(self.value)


@dataclass
class Range:
    """Cells that were merged into one, which holds their value."""

    left: int
    top: int
    right: int
    bottom: int
    cell: Cell | None = None


@dataclass(frozen=True)
class Row:
    """A row of the sheet: its cells by column, and the merged ranges that reach into it."""

    number: int
    cells: dict[int, Cell]
    ranges: list[Range]

    def covered(self, position: int) -> Range | None:
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


class Rows(Iterator["Row"]):
    """The rows of a sheet that are stored, one by one."""

    def __init__(self, workbook: Workbook, sheet: ReadOnlyWorksheet, ranges: list[Range]) -> None:
        self.since_1904 = workbook.epoch == CALENDAR_MAC_1904
        self._sheet = sheet
        self._shown: dict[int, str] = {}
        self._ahead = sorted(ranges, key=lambda merged: merged.top, reverse=True)
        self._reaching: list[Range] = []
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

    def __next__(self) -> Row:
        number, found = next(self._parsed)
        cells = {
            cell["column"]: Cell(
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
        return Row(number, cells, self._reaching)

    def shown_as(self, style: int) -> str:
        """The number format of a style."""
        if style not in self._shown:
            self._shown[style] = ReadOnlyCell(self._sheet, 1, 1, None, style_id=style).number_format
        return self._shown[style]


def merged_ranges(file: DeliveredFile, sheet: ReadOnlyWorksheet) -> list[Range]:
    """The merged cells, which a workbook lists behind the rows: found before the rows are read."""
    found: list[Range] = []
    rest = b""
    with zipfile.ZipFile(file.path) as archive, archive.open(sheet._worksheet_path) as stream:
        while piece := stream.read(1 << 20):
            rest += piece
            end = 0
            for match in _MERGED.finditer(rest):
                left, top, right, bottom = range_boundaries(match[1].decode())
                found.append(Range(left, top, right, bottom))
                end = match.end()
            rest = rest[max(end, len(rest) - 200) :]
    return found

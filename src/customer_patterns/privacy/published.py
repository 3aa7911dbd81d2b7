"""What published pages say of few: every table, chart description and sentence is read as a reader reads it.

A cell of one to nine customers is a fault, and so is a blank that can be worked out: where cells partition a total and
only one of them is blank, the total gives it back (Hundepool et al. 2012, Statistical Disclosure Control, section 4.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Fewer customers than this are not shown.
SMALLEST = 10
_BLANK = frozenset({"", "–", "—", "-"})
_NUMBER = re.compile(r"[\d,]+")


@dataclass
class Grid:
    """A table of a page.

    Attributes
    ----------
    heads
        The texts of its head, with their units.
    rows
        The texts of its cells.
    caption
        What it is called.
    """

    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    caption: str = ""


@dataclass(frozen=True)
class SmallCell:
    """Something that says too much of few: on which page, where, and what is wrong."""

    page: str
    where: str
    what: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.page}, {self.where}: {self.what}"


def small_cells(html: str, *, page: str, customers: Sequence[str]) -> list[SmallCell]:
    """Return what a page says of few customers.

    Parameters
    ----------
    html
        The page.
    page
        What it is called.
    customers
        What one and many customers are called in the page's language, measure words included: ``("household",
        "households")``, ``("户家庭",)``.
    """
    read = _Reader()
    read.feed(html)
    found = []
    for grid in read.grids:
        found += [SmallCell(page, grid.caption or "a table", what) for what in _in_grid(grid, customers)]
    for where, text in read.texts:
        found += [SmallCell(page, where, f"'{said}'") for said in said_of_few(text, customers)]
    return found


def said_of_few(text: str, customers: Sequence[str]) -> list[str]:
    """Return where a text counts one to nine customers.

    Examples
    --------
    >>> said_of_few("3 households of 120 households; 10 households; 1.3 households", ("household", "households"))
    ['3 households']
    >>> said_of_few("共有 4 户家庭，12户家庭", ("户家庭",))
    ['4 户家庭']
    """
    nouns = "|".join(sorted(map(re.escape, customers), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\d.,–-])(?<!\d )[1-9]\s?(?:{nouns})(?![a-z])")
    return [match.group() for match in pattern.finditer(text)]


def _in_grid(grid: Grid, customers: Sequence[str]) -> Iterable[str]:
    for at, head in enumerate(grid.heads):
        if not _counts_customers(head, customers):
            continue
        cells = [row[at] if at < len(row) else "" for row in grid.rows]
        for row, cell in zip(grid.rows, cells, strict=True):
            if _NUMBER.fullmatch(cell) and 0 < int(cell.replace(",", "")) < SMALLEST:
                yield f"{head}: {cell} ({', '.join(row[:2])})"
        blanks = [row for row, cell in zip(grid.rows, cells, strict=True) if cell in _BLANK]
        if len(blanks) == 1 and (total := _total(grid, at)) is not None:
            shown = sum(int(c.replace(",", "")) for c in cells if _NUMBER.fullmatch(c)) - total
            rest = total - shown
            if 0 < rest < SMALLEST:
                yield f"{head}: the blank of '{blanks[0][0]}' is {rest}, by the total"


def _counts_customers(head: str, customers: Sequence[str]) -> bool:
    """Whether a column counts customers: it is called or measured so, and is not an amount per customer."""
    text = head.casefold()
    if " per " in text or "/" in text or "每" in text:
        return False
    return any(text == noun or text.endswith((f" {noun}", f"({noun})")) or text == f"n {noun}" for noun in customers)


def _total(grid: Grid, at: int) -> int | None:
    """The cell of a row that is called a total, if there is one."""
    for row in grid.rows:
        if row and row[0].casefold() in ("all", "total", "sum", "together", "全部", "合计", "总计") and at < len(row):
            return int(row[at].replace(",", "")) if _NUMBER.fullmatch(row[at]) else None
    return None


class _Reader(HTMLParser):
    """Takes a page apart: its tables, and every other text that a reader or a screen reader meets."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.grids: list[Grid] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self._cell: list[str] | None = None
        self._words: list[str] = []
        self._caption = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("alt", "title", "aria-label", "aria-description") and value:
                self.texts.append((f"{name} of {tag}", value))
        if tag in ("p", "li", "figcaption", "summary", "h1", "h2", "h3", "dd", "dt", "caption"):
            self._words = []
        if tag == "table":
            self.grids.append(Grid(caption=self._caption))
        elif tag == "tr" and self.grids:
            self.grids[-1].rows.append([])
        elif tag in ("th", "td"):
            self._cell = []
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td") and self._cell is not None and self.grids and self.grids[-1].rows:
            self.grids[-1].rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
        elif tag == "thead" and self.grids and self.grids[-1].rows:
            self.grids[-1].heads = self.grids[-1].rows.pop()
        elif tag in ("p", "li", "figcaption", "summary", "h1", "h2", "h3", "dd", "dt", "caption"):
            text = " ".join("".join(self._words).split())
            if text:
                self.texts.append((tag, text))
            if tag in ("figcaption", "summary"):
                self._caption = text
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        if self._cell is not None:
            if "small" not in self._open:  # an interval beneath the figure
                self._cell.append(data)
        else:
            self._words.append(data)

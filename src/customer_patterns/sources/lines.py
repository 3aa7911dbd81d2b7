"""In which line each of many records begins: mostly one after the other, with a gap here and there."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

#: So many gaps are remembered as such.
_FEW = 100


@dataclass
class Lines:
    """The lines of records, as runs: in each, one record stands in the line after the one before.

    Attributes
    ----------
    count
        How many records there are.

    Examples
    --------
    >>> lines = Lines()
    >>> lines.add(np.array([2, 3, 4, 6, 7]))
    >>> lines.add(np.array([8, 11]))
    >>> lines.runs, lines.each().tolist()
    ([[0, 2], [3, 6], [6, 11]], [2, 3, 4, 6, 7, 8, 11])
    """

    count: int = 0
    _rows: list[np.ndarray] = field(default_factory=list)
    _lines: list[np.ndarray] = field(default_factory=list)
    _next: int = -1

    def add(self, lines: np.ndarray) -> None:
        """Take note of the lines of the next records."""
        if not len(lines):
            return
        begins = np.flatnonzero(np.concatenate([[lines[0] != self._next], np.diff(lines) != 1]))
        self._rows.append(begins + self.count)
        self._lines.append(lines[begins])
        self.count, self._next = self.count + len(lines), int(lines[-1]) + 1

    @property
    def few(self) -> bool:
        """Whether there are so few runs that they say it more briefly than a number for each record."""
        return sum(map(len, self._rows)) <= _FEW

    @property
    def runs(self) -> list[list[int]]:
        """Number of the first record (from 0) and its line, of each run."""
        pairs = zip(self._rows, self._lines, strict=True)
        return [[int(row), int(line)] for rows, lines in pairs for row, line in zip(rows, lines, strict=True)]

    def each(self) -> np.ndarray:
        """Return the line of every record."""
        rows = np.concatenate([*self._rows, [self.count]]).astype(np.int64)
        lines = np.concatenate([*self._lines, [0]]).astype(np.int64)
        return np.repeat((lines - rows)[:-1], np.diff(rows)) + np.arange(self.count)

    @staticmethod
    def told(runs: list[list[int]]) -> str:
        """Return SQL of the line of the record ``file_row_number``.

        >>> Lines.told([[0, 2], [3, 6]])
        'file_row_number + CASE WHEN file_row_number >= 3 THEN 3 ELSE 2 END'
        """
        added = [(row, line - row) for row, line in runs] or [(0, 0)]
        cases = " ".join(f"WHEN file_row_number >= {row} THEN {more}" for row, more in reversed(added[1:]))
        first = added[0][1]
        return f"file_row_number + {f'CASE {cases} ELSE {first} END' if cases else first}"

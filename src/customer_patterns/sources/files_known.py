"""Which files a study's last moment knows, and which of their columns nobody reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from customer_patterns.sources.intake import Taken
from customer_patterns.sources.raw import FILE, WHOLE_FILE


def files_known(taken: Taken, known: ir.Table, *, faulty: pd.DataFrame, repaired: pd.DataFrame) -> set[int]:
    """Return the files that the study's last moment knows: all but those of which every record is later.

    Parameters
    ----------
    taken
        A source's table as delivered.
    known
        Its records that the last moment knows.
    faulty, repaired
        Records set aside, and repairs, that it knows: ``file``, ``line``.

    Returns
    -------
    set
        Indexes into ``taken.files``. A file without any record is known: nothing in it is later.
    """
    every = set(range(len(taken.files)))
    found = {*faulty["file"], *repaired.loc[repaired["line"] != WHOLE_FILE, "file"], *_files_of(known)}
    if found == every:
        return every
    held = {*taken.set_aside["file"], *_files_of(taken.table)}
    return every - (held - found)


@dataclass
class LeftOut:
    """Columns that nobody reads. One export may deliver several tables: what one of them reads was not left out.

    Attributes
    ----------
    used
        Places and columns that are read there, or have been named: each is named once.
    """

    used: set[tuple[str, str]]

    @classmethod
    def of(cls, deliveries: Iterable[Taken]) -> LeftOut:
        """Begin with what the contracts read."""
        sources = [taken.source for taken in deliveries]
        return cls({(s.location, name.strip().casefold()) for s in sources for name in s.required_columns})

    def in_files(self, taken: Taken, files: set[int]) -> list[str]:
        """Name the unread columns of some files of a source's table, but for those named before."""
        found = []
        for file, column in taken.left_out:
            place = (taken.source.location, column.casefold())
            if place not in self.used and (file is None or file in files):
                self.used.add(place)
                found.append(column)
        return found


def _files_of(table: ir.Table) -> list[int]:
    return table.select(FILE).distinct().to_pyarrow()[FILE].to_pylist()

"""What a section needs, and what stands in its place where a study does not have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from customer_patterns.reporting import show
from customer_patterns.reporting.evidence_map import kind_of
from customer_patterns.wording import Name, Sentence, Value, say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Needed:
    """A door to sections: true where every table is there that they need.

    A cell that draws or prints asks it, and where it is closed says instead what was not delivered. On a page, sections
    that hold nothing else are gathered under one heading (see :mod:`~customer_patterns.reporting.chapter`).

    Attributes
    ----------
    tables
        The canonical tables that the sections need.
    undelivered
        Those of them that the study does not have.
    exhausted
        Those that were delivered, but hold no record that counts.
    """

    tables: tuple[str, ...]
    undelivered: tuple[str, ...] = ()
    exhausted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether all are there."""
        return not (self.undelivered or self.exhausted)

    def said(self, key: str = "show.too_few", /, **values: Value) -> show.Display:
        """Show what is missing; where nothing is, the sentence ``key``: there are data, but they do not suffice."""
        return show.said(key, **values) if self else show.left_open(self.sentence, self.undelivered or self.exhausted)

    def otherwise(self, key: str, /, **values: Value) -> show.Display | None:
        """Show the sentence ``key`` where the door is closed; where it is open, nothing."""
        return None if self else show.left_open(say(key, **values), self.undelivered or self.exhausted)

    def through(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the table as it is; where the door is closed, without rows: what it says of such data is no zero."""
        return table if self else table[:0]

    @property
    def sentence(self) -> Sentence:
        """What is missing, in a sentence.

        Raises
        ------
        ValueError
            Nothing is missing.
        """
        if self:
            raise ValueError("nothing is missing")
        kinds = {kind_of(table): table for table in reversed(self.undelivered or self.exhausted)}
        missing = [table for table in self.tables if table in kinds.values()][:2]
        places = {
            name: value
            for table, (kind, place) in zip(missing, (("kind", "table"), ("other_kind", "other_table")), strict=False)
            for name, value in ((kind, Name(kind_of(table), "word")), (place, Name(table, "table")))
        }
        if not self.undelivered:
            return say("show.no_record", kind=places["kind"])
        return say("show.not_delivered" if len(missing) == 1 else "show.neither_delivered", **places)

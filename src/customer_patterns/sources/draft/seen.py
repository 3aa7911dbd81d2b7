"""What was seen of a delivered file, for whoever drafts its contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from customer_patterns.schemas import Refusal

#: So many records are looked at, and so many bytes for the encoding.
RECORDS, BYTES = 5_000, 2_000_000


class DraftError(Refusal):
    """A file cannot be drafted from; the message names it and the remedy."""


@dataclass(frozen=True)
class Seen:
    """What was seen in one file, or in several of one form.

    Attributes
    ----------
    files
        The files, in name order.
    reader
        ``csv``, ``json``, ``jsonl``, ``excel`` or ``parquet``.
    form
        What the study file has to say under ``format``.
    columns
        The values of the first records as text, by delivered column; ``None`` where nothing was given.
    guesses
        Names in ``form`` that are guesses.
    notes
        What a person should know or answer.
    each
        Of JSON: the dotted path to a list within the records, whose values are taken for the records.
    """

    files: tuple[Path, ...]
    reader: str
    columns: dict[str, list[str | None]]
    form: dict[str, Any] = field(default_factory=dict)
    guesses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    each: str | None = None

    def holds(self, column: str) -> bool:
        """Whether a column stands within the list."""
        return self.each is not None and column.startswith(f"{self.each}.")

    @property
    def records(self) -> int:
        """How many records were looked at."""
        return max((len(values) for values in self.columns.values()), default=0)

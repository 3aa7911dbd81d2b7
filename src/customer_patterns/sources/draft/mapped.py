"""What was found in a delivered file: one canonical table, and the ratings of an answer sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Below this age people are children, whose data the law protects most.
CHILD = 16


@dataclass(frozen=True)
class Rating:
    """A column of ratings.

    Attributes
    ----------
    column
        Its name.
    low, high
        The ends of its scale.
    words
        What its words stand for, if it has words.
    zero
        Whether some records hold 0 beside a scale that begins with 1: most likely what was asked about did not apply.
    """

    column: str
    low: int
    high: int
    words: dict[str, int] = field(default_factory=dict)
    zero: bool = False


@dataclass(frozen=True)
class Mapped:
    """One canonical table found in a file.

    Attributes
    ----------
    table
        Its name.
    columns
        The delivered column of each canonical one.
    constants
        What stands in required columns that were not delivered.
    guesses
        Canonical columns whose delivered column is a guess.
    items
        Of answer sheets with one row each: the ratings, by the key that their item gets.
    questions
        What a person must answer.
    more
        What the study file has to say of a column beside its name.
    made
        The keys that each record gets for want of delivered ones; where several records are made of one, which part of
        it each is, else ``None``.
    unknown
        Required columns that only a person can name: none of the delivered ones looks like them.
    undated
        The column that says when a record came to be, if no delivered one does.
    """

    table: str
    columns: dict[str, str]
    constants: dict[str, Any] = field(default_factory=dict)
    guesses: frozenset[str] = frozenset()
    items: dict[str, Rating] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    more: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: Mapping[str, str | None] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    undated: str | None = None

    @property
    def holds_children(self) -> bool:
        """Whether there are people among them whom the law protects as children."""
        return self.more.get("age_group", {}).get("bands", (CHILD + 1,))[0] == CHILD

"""Where a canonical column comes from (a delivered column, a constant, a list), and when that was handed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from customer_patterns.study.blocks import Block, DateFormat, OneSign, Raw, Text, Zone, known_date_format, known_zone

#: The largest number that a band may begin with or hold.
_MOST = 150


class WeekNumber(Block):
    """A date delivered as a week number: which column, and on which day its week 1 begins."""

    week: Text
    week_one_starts: date


class ColumnFrom(Raw):
    """A column whose values need more than a name: other dates, another zone, a unit, or other words.

    Attributes
    ----------
    column
        What it is called in the delivery.
    scale
        What a number is multiplied with, e.g. 0.01 for cents.
    dates, time_zone, decimal, thousands, symbols, missing
        As in ``format``, for this column only.
    values, other
        Words of the delivery and what they are called here; any other word is kept, called ``unknown``, or sets the
        record aside.
    bands
        Of whole numbers such as ages: where bands begin, so that ``[18, 30, 45]`` makes ``under 18``, ``18-29``,
        ``30-44`` and ``45+``.
    times
        Of money that is delivered for one unit: the canonical column that says how many there are (``quantity``).
    pseudonym
        A key that is personal, such as a mail address: a keyed hash of it takes its place. Not said, it takes the place
        of authors' own names for themselves (``author_key``) and of nothing else; ``false`` there says that they are
        public and may stand in tables as they are.
    join
        Of JSON: what stands between the values of a list, which become one text.
    """

    column: Text
    pseudonym: bool | None = None
    scale: Annotated[float, Field(gt=0)] | None = None
    dates: tuple[DateFormat, ...] | None = None
    time_zone: Zone | None = None
    decimal: OneSign | None = None
    thousands: OneSign | None = None
    symbols: tuple[Text, ...] | None = None
    missing: tuple[str, ...] | None = None
    values: dict[str, str] | None = None
    other: Literal["keep", "unknown", "set_aside"] = "keep"
    bands: Annotated[tuple[Annotated[int, Field(ge=1, le=_MOST)], ...], Field(min_length=1)] | None = None
    times: Text | None = None
    join: Text | None = None

    @property
    def words(self) -> dict[str, str] | None:
        """Words of the delivery and what they are called here: those of ``values``, and each number of a band."""
        if self.bands is None:
            return self.values
        ends = (0, *self.bands, _MOST + 1)
        named = {
            number: f"under {end}" if not begin else f"{begin}+" if end > _MOST else f"{begin}-{end - 1}"
            for begin, end in pairwise(ends)
            for number in range(begin, end)
        }
        numbers = {text: name for number, name in named.items() for text in (str(number), f"{number}.0")}
        return {**numbers, **(self.values or {})}

    @model_validator(mode="after")
    def _bands_rise(self) -> ColumnFrom:
        if self.bands is not None and list(self.bands) != sorted(set(self.bands)):
            raise ValueError("'bands' are to rise, each where a band begins, e.g. [18, 30, 45, 60]")
        return self

    @field_validator("dates")
    @classmethod
    def _known_dates(cls, dates: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return dates if dates is None else tuple(map(known_date_format, dates))

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        return zone if zone is None else known_zone(zone)


class Constant(Block):
    """A column that the delivery does not hold because it is the same for all its records."""

    constant: str | bool | int | float


class MadeOf(Block):
    """A key that the delivery does not hold: each record is one of its own, known by its file and line.

    Two tables of one file get the same key from the same record, so that an answer sheet that names nobody can still
    say how old whoever filled it in is. Where one table is made of several columns of one record, such as the open
    questions of a sheet, each of them names its ``part``, which ends its keys.
    """

    made_of: Literal["line"]
    part: Text | None = None


class LoadedColumn(Block):
    """When the sender handed a record over: a column of the delivery."""

    column: Text


class LoadedFile(Block):
    """When the sender handed a file over: a pattern of ``strptime`` for its name without its ending."""

    file: Text

    @field_validator("file")
    @classmethod
    def _has_a_day(cls, pattern: str) -> str:
        if not all(part in pattern for part in ("%Y", "%m", "%d")):
            raise ValueError("the name must hold year, month and day; write it like orders_%Y%m%d")
        return pattern


class Each(Raw):
    """A list within a record, each value of which becomes a record of its own beside the record's other columns.

    Attributes
    ----------
    column
        The column with the list; of JSON the dotted path to it, on which every list is opened. A column of an object in
        the list is called by its dotted name, ``lines.sku``; those beside the list keep theirs.
    separator
        What stands between the values of a list that is written as text; missing, the list is one of JSON.
    """

    column: Text
    separator: Annotated[str, Field(min_length=1)] | None = None

    def holds(self, column: str) -> bool:
        """Whether a delivered column stands within the list."""
        return column == self.column or (self.separator is None and column.startswith(f"{self.column}."))


def _kind_of_origin(value: Any) -> str:
    if isinstance(value, WeekNumber | ColumnFrom | Constant | MadeOf):
        return {WeekNumber: "week", ColumnFrom: "column", Constant: "constant", MadeOf: "made"}[type(value)]
    if isinstance(value, Mapping):
        if any(str(name).startswith("week") for name in value):
            return "week"
        if "made_of" in value:
            return "made"
        return "constant" if "constant" in value else "column"
    return "name"


def _kind_of_loading(value: Any) -> str:
    return "file" if isinstance(value, LoadedFile) or (isinstance(value, Mapping) and "file" in value) else "column"


#: Where a canonical column comes from: a delivered column by name, or more about it.
Origin = Annotated[
    Annotated[str, Tag("name")]
    | Annotated[WeekNumber, Tag("week")]
    | Annotated[ColumnFrom, Tag("column")]
    | Annotated[Constant, Tag("constant")]
    | Annotated[MadeOf, Tag("made")],
    Discriminator(_kind_of_origin),
]


LoadedAt = Annotated[
    Annotated[LoadedColumn, Tag("column")] | Annotated[LoadedFile, Tag("file")], Discriminator(_kind_of_loading)
]


def delivered_name(origin: str | WeekNumber | ColumnFrom | Constant | MadeOf) -> str | None:
    """Return the name of the delivered column behind a canonical one; ``None`` where no column stands behind it."""
    match origin:
        case WeekNumber():
            return origin.week
        case ColumnFrom():
            return origin.column
        case Constant() | MadeOf():
            return None
        case _:
            return origin

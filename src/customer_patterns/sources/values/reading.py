"""How a column of a delivery is read: the one definition of what its values mean, by the words of the contract.

A delivered value comes as text, or in a type of its own (parquet, databases); both become the same values by the same
rules.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.sources.persons import Naming
from customer_patterns.sources.values import numbers
from customer_patterns.sources.values.characters import trimmed
from customer_patterns.sources.values.ids import read_id
from customer_patterns.sources.values.moments import (
    MomentFormat,
    read_date,
    read_timestamp,
)
from customer_patterns.sources.values.numbers import NumberFormat
from customer_patterns.sources.values.outcome import Fault, Outcome, Repaired, outcome
from customer_patterns.sources.values.texts import read_level, read_text

Sort = Literal["id", "level", "text", "integer", "number", "money", "share", "boolean", "date", "timestamp", "week"]

#: Texts in people's own words; all other texts are short, and spaces around them mean nothing.
FREE_TEXTS = frozenset({"text", "transcript", "wording_en", "wording_zh", "search_term"})
#: Keys whose names do not end in ``_id``.
_OTHER_KEYS = frozenset({"author_key", "reply_to"})
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
#: Whole numbers beyond this are not exact as binary floating point.
EXACT_FLOAT = 2**53


@dataclass(frozen=True)
class Reading:
    """How a canonical column is read from a delivered one.

    Attributes
    ----------
    column
        The canonical column.
    delivered
        What it is called in the delivery.
    sort
        Which rules hold: the column's kind; a text is a key (``id``), short (``level``) or free (``text``); ``week`` is
        a day delivered as the number of its week.
    missing
        Texts that mean: not given.
    numbers, moments
        How numbers and times are written.
    values, other
        The delivery's words and what they are called here, and what becomes of any other word.
    week_one
        The day on which week 1 begins.
    naming
        Of a personal key: what replaces it by a keyed hash.
    """

    column: Column
    delivered: str
    sort: Sort
    missing: tuple[str, ...] = ("",)
    numbers: NumberFormat = field(default_factory=NumberFormat)
    moments: MomentFormat = field(default_factory=MomentFormat)
    values: Mapping[str, str] | None = None
    other: Literal["keep", "unknown", "set_aside"] = "keep"
    week_one: date | None = None
    naming: Naming | None = None

    @property
    def pseudonym(self) -> bool:
        """Whether a keyed hash takes the place of the values."""
        return self.naming is not None

    def read(self, value: Any) -> Outcome:
        """Read a delivered value, a text or of a type of its own.

        Returns
        -------
        Outcome
            The value in the column's kind or ``None``, a repaired one, or the fault for which its record is set aside.
        """
        found = self._read_text(value) if isinstance(value, str) else self._read_typed(value)
        if isinstance(found, Fault):
            return found
        bare = found.value if isinstance(found, Repaired) else found
        if bare is None:
            return found if self.column.nullable else Fault("E_MISSING_VALUE")
        if self.column.levels and bare not in self.column.levels:
            return Fault("E_LEVEL")
        return found

    def _read_text(self, text: str) -> Outcome:
        if text in self.missing:
            return None
        bare = trimmed(text)
        if bare in self.missing:
            return Repaired(None, ("R_SPACES",))
        if self.values is None:
            return self._by_sort(text)
        word, codes = _entry(text, bare, self.values)
        if word is not None:
            return _with(self._word(word), codes)
        if bare in self.values.values():  # says already what it is called here
            return self._by_sort(text)
        if self.other == "set_aside":
            return Fault("E_VALUE")
        if self.other == "unknown":
            is_text = self.sort in ("id", "level", "text")
            return Repaired(UNKNOWN if is_text else None, ("R_VALUE_UNKNOWN",))
        return _with(self._by_sort(text), ("R_VALUE_KEPT",))

    def _word(self, word: str) -> Outcome:
        """A word of the contract: written as the tables write it, whatever the delivery's formats are."""
        if word == "":
            return None
        plain = Reading(self.column, self.delivered, "date" if self.sort == "week" else self.sort)
        return plain._by_sort(word)

    def _by_sort(self, text: str) -> Outcome:
        match self.sort:
            case "id":
                found = read_id(text)
                return found if self.naming is None else _pseudonym(found, self.naming)
            case "level":
                return read_level(text)
            case "text":
                return read_text(text)
            case "integer":
                return numbers.read_integer(text, self.numbers)
            case "number":
                return numbers.read_number(text, self.numbers)
            case "money":
                return numbers.read_money(text, self.numbers)
            case "share":
                return numbers.read_share(text, self.numbers)
            case "boolean":
                return _boolean(text)
            case "date":
                return read_date(text, self.moments)
            case "timestamp":
                return read_timestamp(text, self.moments)
            case "week":
                return self._week(numbers.read_integer(text, NumberFormat()))

    def _week(self, number: Outcome) -> Outcome:
        if isinstance(number, Fault):
            return number
        week = number.value if isinstance(number, Repaired) else number
        try:
            day = self.week_one + timedelta(days=7 * (week - 1))
        except OverflowError:
            return Fault("E_IMPLAUSIBLE")
        return _with(day, number.codes if isinstance(number, Repaired) else ())

    def _read_typed(self, value: Any) -> Outcome:
        """Read a value that has a type of its own; what it says is written down and read by the rules for texts."""
        match value:
            case None:
                return None
            case float() if math.isnan(value):
                return None
            case bytes():
                try:
                    return self._read_text(value.decode("utf-8"))
                except UnicodeDecodeError:
                    return Fault("E_TEXT")
            case bool():
                return self._read_text("true" if value else "false") if self.sort != "integer" else int(value)
            case datetime() | date():
                return self._read_moment(value)
            case int() | float() | Decimal():
                return self._read_count(value)
        return Fault("E_TEXT")

    def _read_count(self, value: float | Decimal) -> Outcome:
        """Read a number that came as one."""
        if (isinstance(value, float) and math.isinf(value)) or (isinstance(value, Decimal) and not value.is_finite()):
            return Fault("E_NOT_FINITE")
        exact = value if isinstance(value, int) else Decimal(repr(value)) if isinstance(value, float) else value
        if self.sort == "money" and isinstance(value, float):
            exact = numbers.without_dust(exact)
        whole = exact == int(exact)
        written = str(int(exact)) if whole else format(exact, "f")
        if written in self.missing:
            return None
        if self.sort in ("date", "timestamp"):
            return (read_date if self.sort == "date" else read_timestamp)(written, self.moments)
        if self.sort in ("integer", "number", "money", "share", "week"):
            plain = NumberFormat(scale=self.numbers.scale)
            return Reading(self.column, self.delivered, self.sort, (), plain, week_one=self.week_one)._by_sort(written)
        if self.sort == "id" and isinstance(value, float) and (not whole or abs(value) >= EXACT_FLOAT):
            return Fault("E_ID_PRECISION")
        if not whole:
            return self._read_text(written)
        was_float = not isinstance(value, int) and not (isinstance(value, Decimal) and value.as_tuple().exponent == 0)
        return _with(self._read_text(written), ("R_POINT_ZERO",) if was_float and self.sort != "boolean" else ())

    def _read_moment(self, value: datetime | date) -> Outcome:
        """Read a day or a moment that came as one: without a zone, it is one of the contract's zone."""
        if not isinstance(value, datetime):
            value = datetime.combine(value, time())
        if self.sort not in ("date", "timestamp"):
            written = value.date() if value.time() == time() and value.tzinfo is None else value
            return self._read_text(written.isoformat())
        if value.tzinfo is not None:
            moment = value.astimezone(UTC).replace(tzinfo=None)
            written = moment.isoformat() + "Z"
        else:
            written = value.isoformat()
        iso = MomentFormat(clock=self.moments.clock)
        return read_date(written, iso) if self.sort == "date" else read_timestamp(written, iso)


def sort_of(column: Column, schema: TableSchema) -> Sort:
    """Say by which rules a canonical column is read."""
    if column.kind != "text":
        return column.kind
    if column.name in FREE_TEXTS:
        return "text"
    is_key = column.name.endswith("_id") or column.name in _OTHER_KEYS or column.name in schema.key
    return "id" if is_key and not column.levels else "level"


def _entry(text: str, bare: str, values: Mapping[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """Find a word in a list of words: as it stands, without spaces around it, with compatibility forms made plain."""
    if text in values:
        return values[text], ()
    codes = () if bare == text else ("R_SPACES",)
    if bare in values:
        return values[bare], codes
    plain = unicodedata.normalize("NFKC", bare)
    return (values[plain], (*codes, "R_WIDTH")) if plain in values else (None, ())


def _with(found: Outcome, codes: tuple[str, ...]) -> Outcome:
    """Add codes to what was found, before its own."""
    if isinstance(found, Fault) or not codes:
        return found
    if isinstance(found, Repaired):
        return outcome(found.value, [*codes, *found.codes])
    return outcome(found, list(codes))


def _boolean(text: str) -> Outcome:
    """Read true or false. Which other texts mean one of them is for the contract's list of values to say.

    >>> _boolean("TRUE"), _boolean("ja")
    (True, Fault(code='E_BOOLEAN'))
    """
    bare = trimmed(text)
    plain = unicodedata.normalize("NFKC", bare)
    codes = [code for code, so in (("R_SPACES", bare != text), ("R_WIDTH", plain != bare)) if so]
    if "\0" in text:
        return Fault("E_NUL")
    if not plain:
        return Fault("E_MISSING_VALUE")
    known = BOOLEANS.get(plain.lower())
    return Fault("E_BOOLEAN") if known is None else outcome(known, codes)


def _pseudonym(found: Outcome, naming: Naming) -> Outcome:
    """Replace a personal key by a keyed hash: equal keys stay equal in all tables, and nobody can try them all."""
    if isinstance(found, Fault):
        return found
    if isinstance(found, Repaired):
        return outcome(naming.of(found.value), list(found.codes))
    return naming.of(found)

"""The contract of a delivery: where it lies, how its files are written, and what its columns mean.

One source has one owner and one purpose; it delivers one or several canonical tables. Whatever a file can be in doubt
about (encoding, dialect, decimal sign, dates, time zone, what "not given" looks like) is said here and never guessed
when it is read. All of it has a default, so that a plain delivery needs ``location`` and ``columns`` only.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

Text = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Reader = Literal["package", "parquet", "csv", "json", "jsonl", "excel", "sql", "api"]

#: Tables of which a study needs at least one: what customers did or said.
BEHAVIOR_TABLES: tuple[str, ...] = (
    "order_lines",
    "events",
    "usage",
    "contracts",
    "coupon_redemptions",
    "survey_responses",
    "feedback",
    "contacts",
    "calls",
    "loyalty_ledger",
    "opportunities",
    "referrals",
    "messages",
)

#: Encodings that are a part of a wider one: four-byte names exist in the wider only.
_WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "936": "gb18030", "ms936": "gb18030"}

#: Names for dates that are counted, not written, beside the patterns of ``strptime``.
COUNTED_DATES: tuple[str, ...] = ("iso", "epoch_s", "epoch_ms", "excel_serial")


class Block(BaseModel):
    """A part of a study file: it has the names declared here and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Raw(Block):
    """A part in which spaces count: a delimiter may be a tab, a thousands sign a space."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


@cache
def _zones() -> frozenset[str]:
    """All time zones there are; to list them takes a while."""
    return frozenset(available_timezones())


def known_zone(zone: str) -> str:
    """Return the name of a time zone, or raise ``ValueError`` with an example of a right one."""
    if zone not in _zones():
        raise ValueError("not a time zone; write it like America/New_York or Asia/Shanghai")
    return zone


def known_encoding(name: str) -> str:
    """Return an encoding's usual name; the narrow Chinese ones mean ``gb18030``, of which they are a part.

    >>> known_encoding("GBK")
    'gb18030'
    >>> known_encoding("UTF8")
    'utf-8'
    """
    asked = name.strip().lower()
    try:
        codec = codecs.lookup(_WIDER.get(asked, asked))
        text = codec._is_text_encoding  # base64 and the like are codecs too, and no encodings of text
    except LookupError:
        text = False
    if not text:
        raise ValueError("not an encoding; write it like utf-8, gb18030, utf-16, cp1252 or latin-1")
    return _WIDER.get(codec.name, codec.name)


def known_date_format(pattern: str) -> str:
    """Return a date format, or raise ``ValueError`` where it is neither a ``strptime`` pattern nor a known name."""
    if pattern in COUNTED_DATES or re.search(r"%[YymdHMSfzjbBeT]", pattern):
        return pattern
    raise ValueError(f"not a date format; write it like %Y-%m-%d, %d.%m.%Y %H:%M, or {', '.join(COUNTED_DATES)}")


def known_pattern(pattern: str) -> str:
    """Return a regular expression, or raise ``ValueError`` where it is none."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression ({error})") from None
    return pattern


Zone = Annotated[str, Field(min_length=1)]
DateFormat = Annotated[str, Field(min_length=1)]
OneSign = Annotated[str, Field(min_length=1, max_length=1)]


class CursorPages(Block):
    """Pages that follow a cursor: the page's field that holds it, and the parameter it is sent as."""

    parameter: Text
    field: Text


class NumberedPages(Block):
    """Pages that are counted: the parameter with the number, the first number, and how many records a page has.

    A page with fewer than ``size`` records is the last; without ``size`` the first empty one is.
    """

    parameter: Text = "page"
    first: Annotated[int, Field(ge=0)] = 1
    size: Annotated[int, Field(ge=1)] | None = None


class Token(Raw):
    """How a service wants its token: the header, and what stands before the token in it."""

    header: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")] = "Authorization"
    prefix: str = "Bearer "


class Format(Raw):
    """How the files of a delivery are written.

    Attributes
    ----------
    encoding
        Of text files; a byte-order mark of UTF-8 or UTF-16 is honored whatever stands here.
    delimiter, quote, escape, skip_rows
        The dialect of a delimited file; ``skip_rows`` lines stand before the header.
    footer
        A pattern; a record whose first key column matches it is a total and no record.
    sheet, fill_merged
        Of a workbook: which sheet, and whether a merged cell's value stands for all its cells.
    records
        Of JSON: dotted path to the list of records; missing, the top level.
    next, cursor, page, total, throttle, token
        Of services: how pages follow each other (the dotted path to the next page's address, a cursor, or numbers),
        the dotted path to the number of all records, seconds between two pages, and how the token is sent.
    decimal, thousands, symbols
        How numbers are written, and which signs of currency may stand beside money.
    dates, time_zone, nonexistent, ambiguous, pivot_year
        How days and moments are written; times without an offset are of ``time_zone``. What is done with local times
        that a change of the clock skipped or repeated. Two-digit years below ``pivot_year`` are of this century.
    missing
        Texts that mean: not given.
    strict
        Whether a column that the contract does not name refuses the delivery; else it is left out and reported.
    worst_share
        A delivered file of whose records a larger share must be set aside is refused.
    """

    encoding: str = "utf-8"
    delimiter: OneSign = ","
    quote: OneSign | None = '"'
    escape: OneSign | None = None
    skip_rows: Annotated[int, Field(ge=0)] = 0
    footer: str | None = None
    sheet: Text | None = None
    fill_merged: bool = False
    records: Text | None = None
    next: Text | None = None
    cursor: CursorPages | None = None
    page: NumberedPages | None = None
    total: Text | None = None
    throttle: Annotated[float, Field(ge=0, le=3600)] = 0.0
    token: Token = Token()
    decimal: OneSign = "."
    thousands: OneSign | None = None
    symbols: tuple[Text, ...] = ()
    dates: tuple[DateFormat, ...] = ("iso",)
    time_zone: Zone = "UTC"
    nonexistent: Literal["forward", "set_aside"] = "set_aside"
    ambiguous: Literal["first", "second", "set_aside"] = "set_aside"
    pivot_year: Annotated[int, Field(ge=0, le=99)] | None = None
    missing: tuple[str, ...] = ("",)
    strict: bool = False
    worst_share: Share = 0.05

    _zone = field_validator("time_zone")(known_zone)
    _encoding = field_validator("encoding")(known_encoding)

    @field_validator("dates")
    @classmethod
    def _known_dates(cls, dates: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(known_date_format, dates))

    @field_validator("footer")
    @classmethod
    def _known_footer(cls, footer: str | None) -> str | None:
        return footer if footer is None else known_pattern(footer)

    @field_validator("delimiter", "quote", "escape")
    @classmethod
    def _one_byte(cls, sign: str | None) -> str | None:
        if sign is not None and (ord(sign) > 127 or sign in "\r\n\0"):
            raise ValueError("this must be one plain sign, such as a comma, a semicolon, a bar or a tab ('\\t')")
        return sign

    @model_validator(mode="after")
    def _pages_follow_in_one_way(self) -> Format:
        if sum(way is not None for way in (self.next, self.cursor, self.page)) > 1:
            raise ValueError("pages follow each other in one way: write one of next, cursor and page")
        return self

    @model_validator(mode="after")
    def _signs_differ(self) -> Format:
        signs = [sign for sign in (self.delimiter, self.quote, self.escape) if sign]
        if len(set(signs)) != len(signs) and self.escape != self.quote:
            raise ValueError("delimiter, quote and escape must be different signs")
        if self.thousands is not None and self.thousands == self.decimal:
            raise ValueError("thousands and decimal must be different signs")
        return self


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
    pseudonym
        A key that is personal, such as a mail address: a keyed hash of it takes its place.
    join
        Of JSON: what stands between the values of a list, which become one text.
    """

    column: Text
    pseudonym: bool = False
    scale: Annotated[float, Field(gt=0)] | None = None
    dates: tuple[DateFormat, ...] | None = None
    time_zone: Zone | None = None
    decimal: OneSign | None = None
    thousands: OneSign | None = None
    symbols: tuple[Text, ...] | None = None
    missing: tuple[str, ...] | None = None
    values: dict[str, str] | None = None
    other: Literal["keep", "unknown", "set_aside"] = "keep"
    join: Text | None = None

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


class Answers(Block):
    """How an answer sheet writes answers, and the three ways of giving none.

    Attributes
    ----------
    answers
        Answers in words and what they are on the item's scale, e.g. ``{very satisfied: 5, 非常满意: 5}``.
    not_asked, dont_know, refused
        What stands where the item was not asked (routing), where someone did not know, and where someone passed it
        over or would not say. A text that stands in none of them, such as an empty cell, is not taken for one.
    """

    answers: dict[str, int] = {}
    not_asked: tuple[str, ...] = ()
    dont_know: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @field_validator("not_asked", "dont_know", "refused", mode="before")
    @classmethod
    def _codes_are_texts(cls, codes: Any) -> Any:
        return [str(code) if isinstance(code, int) else code for code in codes] if isinstance(codes, list) else codes

    @field_validator("answers", mode="before")
    @classmethod
    def _words_are_texts(cls, answers: Any) -> Any:
        return {str(word): value for word, value in answers.items()} if isinstance(answers, Mapping) else answers

    @model_validator(mode="after")
    def _one_meaning_each(self) -> Answers:
        codes = [*self.not_asked, *self.dont_know, *self.refused, *self.answers]
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice is not None:
            raise ValueError(f"'{twice}' means two things among answers, not_asked, dont_know and refused")
        return self


class Item(Answers):
    """An item whose column writes answers in its own way; what it does not say is as for all items."""

    column: Text


class Wide(Answers):
    """Answer sheets with one row each: the column of each item (question), by the item's key."""

    items: Annotated[dict[str, str | Item], Field(min_length=1)]

    @property
    def columns(self) -> dict[str, str]:
        """The delivered column of each item."""
        return {name: item.column if isinstance(item, Item) else item for name, item in self.items.items()}

    def answers_of(self, item: str) -> Answers:
        """Return how an item's answers are written."""
        own = self.items[item]
        if not isinstance(own, Item):
            return Answers(**self.model_dump(exclude={"items"}))
        given = own.model_fields_set - {"column"}
        return Answers(**{**self.model_dump(exclude={"items"}), **own.model_dump(include=given)})


def _kind_of_origin(value: Any) -> str:
    if isinstance(value, WeekNumber | ColumnFrom | Constant):
        return {WeekNumber: "week", ColumnFrom: "column", Constant: "constant"}[type(value)]
    if isinstance(value, Mapping):
        if any(str(name).startswith("week") for name in value):
            return "week"
        return "constant" if "constant" in value else "column"
    return "name"


def _kind_of_loading(value: Any) -> str:
    return "file" if isinstance(value, LoadedFile) or (isinstance(value, Mapping) and "file" in value) else "column"


#: Where a canonical column comes from: a delivered column by name, or more about it.
Origin = Annotated[
    Annotated[str, Tag("name")]
    | Annotated[WeekNumber, Tag("week")]
    | Annotated[ColumnFrom, Tag("column")]
    | Annotated[Constant, Tag("constant")],
    Discriminator(_kind_of_origin),
]
LoadedAt = Annotated[
    Annotated[LoadedColumn, Tag("column")] | Annotated[LoadedFile, Tag("file")], Discriminator(_kind_of_loading)
]


class Source(Block):
    """One canonical table of one source: where it lies, how it is written, and why it may be used.

    Attributes
    ----------
    source, table
        The source's name in the study file, the canonical table.
    reader, location, connection
        What reads it, where it lies, and, for databases and services, which environment variable holds the address.
    columns
        Where each canonical column comes from.
    key
        Canonical columns by which a later delivery of a record replaces the earlier one; empty: none does.
    loaded_at
        When the sender handed it over.
    wide, each
        Where a delivered record holds several: a column per survey item, or a list of them.
    watch
        Of a database or service: what tells that it changed since it was fetched, asked before each run. Columns of
        the table, whose newest value counts beside the number of rows, or dotted paths into the first page, whose
        values count beside its records. Missing: what was fetched for a day stays.
    """

    source: Text
    table: Text
    reader: Reader
    location: Text
    provenance: Literal["real", "simulated"]
    owner: Text
    party: Literal["first", "third"]
    purpose: Text
    legal_basis: Text
    retention: Text
    columns: dict[str, Origin]
    format: Format = Format()
    key: tuple[Text, ...] = ()
    loaded_at: LoadedAt | None = None
    wide: Wide | None = None
    each: Each | None = None
    connection: Text | None = None
    watch: tuple[Text, ...] | None = None

    @property
    def name(self) -> str:
        """How messages call it, e.g. ``till.order_lines``."""
        return f"{self.source}.{self.table}"

    @property
    def delivered_columns(self) -> dict[str, str]:
        """The delivered column each canonical column is taken from, where there is one."""
        return {name: origin for name, given in self.columns.items() if (origin := delivered_name(given)) is not None}

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Every column the delivery must hold, in the order of the study file, each once."""
        needed = [*self.delivered_columns.values()]
        if isinstance(self.loaded_at, LoadedColumn):
            needed.append(self.loaded_at.column)
        if self.wide is not None:
            needed += list(self.wide.columns.values())
        if self.each is not None and self.each.separator is not None:
            needed.append(self.each.column)
        return tuple(dict.fromkeys(needed))


def delivered_name(origin: str | WeekNumber | ColumnFrom | Constant) -> str | None:
    """Return the name of the delivered column behind a canonical one; ``None`` for a constant."""
    match origin:
        case WeekNumber():
            return origin.week
        case ColumnFrom():
            return origin.column
        case Constant():
            return None
        case _:
            return origin


class TableEntry(Block):
    """One table of a source in the study file; what it does not say is as in the source."""

    location: Text
    columns: dict[str, Origin]
    reader: Reader | None = None
    purpose: Text | None = None
    format: dict[str, Any] = Field(default_factory=dict)
    key: tuple[Text, ...] = ()
    loaded_at: LoadedAt | None = None
    wide: Wide | None = None
    each: Each | None = None
    connection: Text | None = None
    watch: tuple[Text, ...] | None = None


class SourceEntry(Block):
    """One source in the study file, with its tables."""

    reader: Reader
    provenance: Literal["real", "simulated"]
    owner: Text
    party: Literal["first", "third"]
    purpose: Text
    legal_basis: Text
    retention: Text
    tables: Annotated[dict[str, TableEntry], Field(min_length=1)]
    format: dict[str, Any] = Field(default_factory=dict)
    loaded_at: LoadedAt | None = None
    connection: Text | None = None

    @field_validator("owner", "purpose", "legal_basis", "retention")
    @classmethod
    def _answered(cls, text: str) -> str:
        if text == "?":  # as a draft leaves it: no run before somebody has said why the data may be used
            raise ValueError("this is still to be answered; write it in your own words")
        return text

    def source(self, name: str, table: str) -> Source:
        """Return the contract of one of its tables, with what the source says where the table says nothing."""
        item = self.tables[table]
        return Source(
            source=name,
            table=table,
            reader=item.reader or self.reader,
            location=item.location,
            columns=item.columns,
            purpose=item.purpose or self.purpose,
            format=Format(**{**self.format, **item.format}),
            key=item.key,
            loaded_at=item.loaded_at or self.loaded_at,
            wide=item.wide,
            each=item.each,
            connection=item.connection or self.connection,
            watch=item.watch,
            **self.model_dump(include={"provenance", "owner", "party", "legal_basis", "retention"}),
        )


class QualityLimit(Block):
    """What a table or a column must reach, or the run stops.

    Attributes
    ----------
    filled, valid, unique
        Least share of values that are given, readable and allowed, and without a double.
    newest_within_days
        How many days before the study's last moment the newest record may lie.
    least_records
        How many records there must be.
    """

    filled: Share | None = None
    valid: Share | None = None
    unique: Share | None = None
    newest_within_days: Annotated[int, Field(ge=0)] | None = None
    least_records: Annotated[int, Field(ge=0)] | None = None


class Accounts(Block):
    """Accounts that are no customers: patterns on ``customer_id`` for tests, staff and guests."""

    tests: tuple[Text, ...] = ()
    staff: tuple[Text, ...] = ()
    guests: tuple[Text, ...] = ()

    @field_validator("tests", "staff", "guests")
    @classmethod
    def _known_patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(known_pattern, patterns))

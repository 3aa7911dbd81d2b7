"""How the files of a delivery are written: encoding, dialect, numbers, dates, and how a service hands out its pages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from customer_patterns.study.blocks import (
    Block,
    DateFormat,
    OneSign,
    Raw,
    Share,
    Text,
    Zone,
    known_date_format,
    known_encoding,
    known_pattern,
    known_zone,
)


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

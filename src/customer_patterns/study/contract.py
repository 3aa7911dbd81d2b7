"""The contract of a delivery: where it lies, how its files are written, and what its columns mean.

One source has one owner and one purpose; it delivers one or several canonical tables. Whatever a file can be in doubt
about (encoding, dialect, decimal sign, dates, time zone, what "not given" looks like) is said here and never guessed
when it is read. All of it has a default, so that a plain delivery needs ``location`` and ``columns`` only.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from customer_patterns.study.blocks import Block, Share, Text, known_pattern
from customer_patterns.study.format import Format
from customer_patterns.study.origins import Each, LoadedAt, LoadedColumn, Origin, delivered_name
from customer_patterns.study.sheets import Wide

#: For how many days records may be kept.
Days = Annotated[int, Field(ge=1)]
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


class _Owned(Block):
    """Whose a source is and why it may be used: the same for all of its tables; see :class:`Source`."""

    provenance: Literal["real", "simulated"]
    owner: Text
    party: Literal["first", "third"]
    legal_basis: Text
    retention: Text
    keep_days: Days | None = None


class _Laid(Block):
    """Where a table lies and how its records are put together; see :class:`Source`."""

    location: Text
    columns: dict[str, Origin]
    key: tuple[Text, ...] = ()
    loaded_at: LoadedAt | None = None
    wide: Wide | None = None
    each: Each | None = None
    connection: Text | None = None
    watch: tuple[Text, ...] | None = None


class Source(_Laid, _Owned):
    """One canonical table of one source: where it lies, how it is written, and why it may be used.

    Attributes
    ----------
    source, table
        The source's name in the study file, the canonical table.
    reader, location, connection
        What reads it, where it lies, and, for databases and services, which environment variable holds the address.
    columns
        Where each canonical column comes from.
    keep_days
        For how many days before the study's last day its records may be kept; older ones are left out. Missing:
        ``retention`` says it in words only.
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
    purpose: Text
    format: Format = Format()

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


class TableEntry(_Laid):
    """One table of a source in the study file; what it does not say is as in the source."""

    reader: Reader | None = None
    purpose: Text | None = None
    format: dict[str, Any] = Field(default_factory=dict)


class SourceEntry(_Owned):
    """One source in the study file, with its tables."""

    reader: Reader
    purpose: Text
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
        of_source = {field: getattr(self, field) for field in _Owned.model_fields}
        of_table = {field: getattr(item, field) for field in _Laid.model_fields}
        of_either = {"loaded_at": item.loaded_at or self.loaded_at, "connection": item.connection or self.connection}
        return Source(
            source=name,
            table=table,
            reader=item.reader or self.reader,
            purpose=item.purpose or self.purpose,
            format=Format(**{**self.format, **item.format}),
            **{**of_source, **of_table, **of_either},
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

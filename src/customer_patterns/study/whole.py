"""A study: its period, its words for people, and its sources."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from customer_patterns.study.blocks import Block, Text, known_zone
from customer_patterns.study.contract import Accounts, QualityLimit, Source, SourceEntry
from customer_patterns.study.survey import Survey

#: A country, as in ISO 3166-1.
TwoLetters = Annotated[str, Field(pattern="^[A-Z]{2}$")]


#: Data that the law protects most; refused unless the study file says why they may be used. A test holds this against
#: :mod:`customer_patterns.privacy.categories`.
Protected = Literal[
    "health",
    "religion",
    "ethnicity",
    "politics",
    "sexual orientation",
    "biometrics",
    "genetics",
    "exact location",
    "id numbers",
    "account numbers",
    "minors",
]


class Noun(Block):
    """What this study calls a customer."""

    one: Text
    many: Text


class ChineseNoun(Block):
    """What this study calls a customer in Chinese: the noun, and the noun after a number, with its measure word."""

    one: Text
    many: Text
    counted: Text


class ChineseWords(Block):
    """A study's words in Chinese; what is not given is said as in English, customers as 客户."""

    title: Text | None = None
    about: Text | None = None
    customer: ChineseNoun | None = None
    caution: Text | None = None


class Simulator(Block):
    """What makes the simulated deliveries: a whole shop or works, or a companion to purchases of real customers."""

    name: Literal["planted-shop", "companion", "pipeline-works"]
    seed: Annotated[int, Field(ge=0)]
    customers: Annotated[int, Field(ge=1, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _customers_are_simulated_or_not(self) -> Simulator:
        if self.name != "companion" and self.customers is None:
            raise ValueError(f"{self.name} needs 'customers', how many it has")
        if self.name == "companion" and self.customers is not None:
            raise ValueError("a companion takes its customers from the purchases; remove 'customers'")
        return self


class Improvement(Block):
    """Something that was done about a cause of contacts: from which day on, about which topic, by whom, and what."""

    date: date
    cause: Text
    owner: Text
    action: Text


class _Declared(Block):
    """What a study and its file say in the same words; see :class:`Study`."""

    title: Text
    about: Text
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    time_zone: Text
    first_day: date
    last_day: date
    simulator: Simulator | None = None
    caution: Text | None = None
    zh: ChineseWords | None = None
    quality: dict[str, QualityLimit] = Field(default_factory=dict)
    accounts: Accounts = Accounts()
    merged_customers: Text | None = None
    country: TwoLetters | None = None
    phone_region: TwoLetters | None = None
    tags: dict[str, Any] = Field(default_factory=dict)
    improvements: tuple[Improvement, ...] = ()
    protected: dict[Protected, Text] = Field(default_factory=dict)
    keep_unread: bool = False
    survey: Survey = Survey()


class Study(_Declared):
    """A study: its period, its words for people, and its sources.

    Attributes
    ----------
    name
        The file's name without ``.yaml``; also the name of its folders.
    first_day, last_day
        The study window in ``time_zone``, both days included.
    sources
        One entry per delivered table; a canonical table may come from several sources.
    caution
        What every reader must know about the data before quoting a number.
    zh
        Its words in Chinese.
    quality
        What a table (``order_lines``) or a column (``order_lines.revenue``) must reach, or the run stops.
    accounts
        Patterns of the accounts that are no customers.
    country
        Where its customers live, in two letters (ISO 3166-1): whose public holidays are marked.
    phone_region
        The country, in two letters, of telephone numbers written without one; missing: only those with one are read.
    tags
        What the study adds to the registry of tags, or replaces in it; checked where tags are made.
    survey
        Which dimensions its survey measures and why, and what joins an old scale to a new one.
    protected
        Of each category of data that the law protects most and that is delivered: why it may be used.
    improvements
        What was done about causes of contacts, to be held against the contacts before and after it.
    keep_unread
        Whether delivered columns that no chapter reads are kept for later stages; otherwise they are emptied.
    merged_customers
        Where the mapping of customers' old ids to new ones lies: a file of two columns, ``old`` and ``new``.
    """

    name: Text
    customer_noun: Noun = Field(alias="customer")
    sources: tuple[Source, ...]

    def told(self, name: str) -> dict[str, str]:
        """Return ``title``, ``about`` or ``caution`` in each language in which the study file gives it."""
        given = {"en": getattr(self, name), "zh": getattr(self.zh, name, None)}
        return {language: text for language, text in given.items() if text}

    @property
    def customer(self) -> str:
        """What one customer is called, e.g. ``household``."""
        return self.customer_noun.one

    @property
    def customers(self) -> str:
        """What customers are called, e.g. ``households``."""
        return self.customer_noun.many

    @property
    def simulated(self) -> bool:
        """Whether every table of the study is simulated."""
        return all(source.provenance == "simulated" for source in self.sources)

    @property
    def simulated_tables(self) -> frozenset[str]:
        """The canonical tables whose deliveries are simulated."""
        return frozenset(source.table for source in self.sources if source.provenance == "simulated")

    def delivers(self, table: str) -> bool:
        """Whether a canonical table is among the study's deliveries; later stages find all others empty."""
        return self.source(table) is not None

    def source(self, table: str) -> Source | None:
        """Return the source of a canonical table, the first one where there are several, if the study has it."""
        return next(iter(self.sources_of(table)), None)

    def sources_of(self, table: str) -> tuple[Source, ...]:
        """Return all sources of a canonical table, in the order of the study file."""
        return tuple(source for source in self.sources if source.table == table)

    def described_as(self, source: Source) -> str:
        """Return how a source's table is called among others: the table, or ``table (source)`` where it has several."""
        return source.table if len(self.sources_of(source.table)) == 1 else f"{source.table} ({source.source})"


class StudyFile(_Declared):
    """A study file as it stands: sources by name, each with its tables; see :class:`Study`."""

    customer: Noun
    sources: dict[str, SourceEntry]

    _zone = field_validator("time_zone")(known_zone)

    @field_validator("protected")
    @classmethod
    def _answered(cls, reasons: dict[str, str]) -> dict[str, str]:
        if unanswered := sorted(category for category, why in reasons.items() if why == "?"):
            raise ValueError(f"why may data about {unanswered[0]} be used? Say it, or leave them out of the files")
        return reasons

    @model_validator(mode="after")
    def _window_has_days(self) -> StudyFile:
        if self.first_day > self.last_day:
            raise ValueError("first_day lies after last_day")
        return self

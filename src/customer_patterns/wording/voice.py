"""Who speaks: the language of a run, and what its study calls customers and money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from customer_patterns.wording.locales import LOCALES


@dataclass(frozen=True)
class Nouns:
    """What a study calls its customers in one language.

    Attributes
    ----------
    one, many
        The noun for one and for several; Chinese has one form.
    counted
        The noun after a number, where it differs: ``"户家庭"`` with its measure word. Empty where it does not.
    """

    one: str
    many: str
    counted: str = ""


#: What customers are called where the study does not say.
PLAIN_NOUNS: dict[str, Nouns] = {
    "en": Nouns("customer", "customers"),
    "zh": Nouns("客户", "客户", "位客户"),
}


@dataclass(frozen=True)
class Voice:
    """The language a run speaks and the words its study gives.

    Attributes
    ----------
    language
        ``"en"`` or ``"zh"``.
    currency
        ISO 4217 code. Empty means that none was named; money can then not be printed.
    customer, customers
        The noun for one and for several, in ``language``: ``"household"``, ``"households"``.
    counted
        The noun after a number, where the language has another.
    simulated
        Whether the whole study is simulated, so that every finding and table says so.
    simulated_tables
        The tables that rest on simulated deliveries, in a study of which only a part is simulated.
    nouns
        What the study calls its customers in other languages, by language; :meth:`in_language` takes it from there.
    headings
        The heads of a stage's columns, by table and column, for axes that nobody named.
    """

    language: str = "en"
    currency: str = ""
    customer: str = "customer"
    customers: str = "customers"
    simulated: bool = False
    simulated_tables: frozenset[str] = frozenset()
    counted: str = ""
    nouns: Mapping[str, Nouns] = field(default_factory=dict, compare=False, repr=False)
    headings: Mapping[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse unknown languages and what cannot be a currency's code."""
        if self.language not in LOCALES:
            raise ValueError(f"language {self.language!r} is not known; known are {', '.join(LOCALES)}")
        if self.currency and not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise ValueError(f"currency {self.currency!r} is no ISO 4217 code such as 'USD'")

    def calls_simulated(self, *tables: str) -> bool:
        """Whether one of these tables rests on simulated data."""
        return self.simulated or not self.simulated_tables.isdisjoint(tables)

    def in_language(self, language: str) -> Voice:
        """Return the same voice in another language, with the study's nouns in that language."""
        if language == self.language:
            return self
        nouns = {**self.nouns, self.language: Nouns(self.customer, self.customers, self.counted)}
        words = nouns.get(language) or PLAIN_NOUNS[language]
        return replace(
            self, language=language, customer=words.one, customers=words.many, counted=words.counted, nouns=nouns
        )


# Two levels, because a ContextVar alone is not enough: ipykernel 7.0 runs each cell in a context of its own, so that
# a voice set in the first cell would be forgotten in the second. A `speaking` block stays within its own context.
_session = Voice()
_block: ContextVar[Voice | None] = ContextVar("customer_patterns_voice", default=None)


def current_voice() -> Voice:
    """Return the voice of the innermost :func:`speaking` block, else the one of :func:`set_voice`, else a plain one."""
    return _block.get() or _session


def set_voice(voice: Voice) -> Voice:
    """Let this process speak with ``voice`` from now on; return the voice it had. A notebook's stage does so once."""
    global _session
    before, _session = _session, voice
    return before


@contextmanager
def speaking(voice: Voice | None = None, /, **changes: object) -> Iterator[Voice]:
    """Speak with another voice inside a ``with`` block.

    Parameters
    ----------
    voice
        The voice; ``None``: the current one.
    changes
        Attributes of :class:`Voice` that differ from it.

    Examples
    --------
    >>> from customer_patterns.wording import show_value, speaking
    >>> from customer_patterns.estimates import Count
    >>> with speaking(currency="EUR"):
    ...     show_value(Count(43, "currency", n=12, of="orders"))
    '€43'
    """
    chosen = voice or current_voice()
    if "language" in changes and changes["language"] in LOCALES:
        chosen = chosen.in_language(str(changes.pop("language")))
        if "customers" in changes:  # another noun, without a form of its own after numbers
            changes.setdefault("counted", "")
    token = _block.set(replace(chosen, **changes))  # type: ignore[arg-type]
    try:
        yield current_voice()
    finally:
        _block.reset(token)

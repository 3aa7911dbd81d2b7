"""Who speaks: the language of a run, and what its study calls customers and money."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from customer_patterns.wording.locales import LOCALES


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
    simulated
        Whether the whole study is simulated, so that every finding and table says so.
    simulated_tables
        The tables that rest on simulated deliveries, in a study of which only a part is simulated.
    """

    language: str = "en"
    currency: str = ""
    customer: str = "customer"
    customers: str = "customers"
    simulated: bool = False
    simulated_tables: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse unknown languages and what cannot be a currency's code."""
        if self.language not in LOCALES:
            raise ValueError(f"language {self.language!r} is not known; known are {', '.join(LOCALES)}")
        if self.currency and not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise ValueError(f"currency {self.currency!r} is no ISO 4217 code such as 'USD'")

    def calls_simulated(self, *tables: str) -> bool:
        """Whether one of these tables rests on simulated data."""
        return self.simulated or not self.simulated_tables.isdisjoint(tables)


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
    token = _block.set(replace(voice or current_voice(), **changes))  # type: ignore[arg-type]
    try:
        yield current_voice()
    finally:
        _block.reset(token)

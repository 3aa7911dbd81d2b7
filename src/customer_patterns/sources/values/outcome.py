"""What becomes of one delivered value: it is what it says, it was repaired, or it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Repaired:
    """A value that is certain although it was not delivered plainly; every repair is counted under its code.

    ``value`` is ``None`` where the text turned out to mean "not given" (a sentinel date).
    """

    value: Any
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A value nobody can be sure of: its record is set aside under the code.

    The codes and their words stand in :mod:`customer_patterns.sources.codes`.
    """

    code: str


#: A plain value (``None``: not given), a repaired one, or a fault.
Outcome = Any | Repaired | Fault


def outcome(value: Any, codes: list[str]) -> Outcome:
    """Return the value, as repaired where there are codes (each once, in order)."""
    return Repaired(value, tuple(dict.fromkeys(codes))) if codes else value

"""Asking a service again: which of its answers pass, and how long it asks to wait."""

from __future__ import annotations

import email.utils
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass


PASSING = (408, 425, 429, 500, 502, 503, 504)


class Again(Exception):
    """A page did not come, but may come later: why, and how long the service asks to wait."""

    def __init__(self, why: str, wait: float | None = None, *, code: str = "E_SERVICE") -> None:
        super().__init__(why)
        self.why, self.wait, self.code = why, wait, code


def asked_to_wait(headers: Any) -> float | None:
    """Seconds that a service asks to wait: a number, or a moment by its own clock."""
    asked = headers.get("Retry-After")
    if asked is None:
        return None
    if asked.strip().isdigit():
        return float(asked)
    try:
        until = email.utils.parsedate_to_datetime(asked)
        now = email.utils.parsedate_to_datetime(headers["Date"])
        return max((until - now).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None

"""What a misspelled name was probably meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the known name most like ``name``, or nothing."""
    close = difflib.get_close_matches(str(name), [str(item) for item in known], n=1)
    return f"; did you mean '{close[0]}'?" if close else ""

"""What a misspelled name was probably meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], *, then: str = "") -> str:
    """Return ``"; did you mean 'x'?"`` for the known name most like ``name``, or nothing.

    ``then``, what to do about it, follows as a sentence of its own, or alone where no name is like it.

    >>> nearest("behaviour", ["behavior"], then="correct its name")
    "; did you mean 'behavior'? Correct its name"
    >>> nearest("xyz", ["behavior"], then="correct its name")
    '; correct its name'
    """
    close = difflib.get_close_matches(str(name), [str(item) for item in known], n=1)
    if not close:
        return f"; {then}" if then else ""
    return f"; did you mean '{close[0]}'?" + (f" {then[:1].upper()}{then[1:]}" if then else "")

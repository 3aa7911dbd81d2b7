"""Keys: text, to the last zero. Two ways to write one key become one; nothing else is ever changed."""

from __future__ import annotations

import re
import unicodedata

from customer_patterns.sources.values.characters import REPLACEMENT, has_surrogate, trimmed, without_invisible
from customer_patterns.sources.values.outcome import Fault, Outcome, outcome

# How spreadsheets ("1.23457E+12") and programs ("1.2e-07") write numbers; "12E4" may be a product's key
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2,3}|[+-]?[0-9][.,][0-9]+[eE][+-]?[0-9]{1,3}")
_POINT_ZERO = re.compile(r"-?[0-9]+\.0+")


def read_id(text: str) -> Outcome:
    """Read a key: compatibility forms made plain (NFKC), spaces around it and invisible characters taken out.

    Case and leading zeros are part of the key. Words such as ``NA`` or ``null`` are keys; what means "not given" is
    for the study file's ``missing`` to say, before a value comes here.

    >>> read_id("00123"), read_id("NA")
    ('00123', 'NA')
    >>> read_id("\\u200bＡ１２ ")
    Repaired(value='A12', codes=('R_SPACES', 'R_WIDTH'))
    >>> read_id("1.23457E+12")
    Fault(code='E_ID_SCIENTIFIC')
    """
    if "\0" in text:
        return Fault("E_NUL")
    if REPLACEMENT in text or has_surrogate(text):
        return Fault("E_ID_DAMAGED")
    codes: list[str] = []
    value = trimmed(text)
    if value != text:
        codes.append("R_SPACES")
    seen = without_invisible(value)
    if seen != value:
        codes.append("R_INVISIBLE")
    plain = written_plainly(seen)
    if plain != seen:
        codes.append("R_WIDTH")
    if not plain:
        return Fault("E_MISSING_VALUE")
    if any(unicodedata.category(character) == "Cc" for character in plain):
        return Fault("E_ID_DAMAGED")
    if _SCIENTIFIC.fullmatch(plain):
        return Fault("E_ID_SCIENTIFIC")
    return outcome(plain, codes)


def written_plainly(text: str) -> str:
    """Write compatibility forms plainly, until nothing changes: what is taken out may let its neighbors combine."""
    for _ in range(4):
        again = trimmed(without_invisible(unicodedata.normalize("NFKC", text)))
        if again == text:
            break
        text = again
    return text


def without_point_zero(key: str) -> str | None:
    """Return the key without ``.0`` where it is a whole number written with it.

    Whether that is allowed is for the whole column to say: a program made numbers of all its keys, or of none.

    >>> without_point_zero("12345.0"), without_point_zero("12345")
    ('12345', None)
    """
    return key.partition(".")[0] if _POINT_ZERO.fullmatch(key) else None

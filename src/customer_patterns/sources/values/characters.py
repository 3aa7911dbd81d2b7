"""Characters that stand around or within a value and mean nothing."""

from __future__ import annotations

import unicodedata

from customer_patterns.sources.values.outcome import Fault

#: Where such characters stand; the planes between hold letters only, and take long to look through.
_PLANES = (range(0x20000), range(0xE0000, 0xE1000))
#: All characters of Unicode's category "format": zero-width, direction marks, soft hyphen, byte order mark.
INVISIBLE = "".join(chr(code) for plane in _PLANES for code in plane if unicodedata.category(chr(code)) == "Cf")
_DROP_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))
_SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())  # the last of them is U+3000
#: What ``str.strip`` takes from both ends of a value: white space of any kind, and the invisible.
AROUND = _SPACES + INVISIBLE

REPLACEMENT = "\ufffd"


def trimmed(text: str) -> str:
    """Take white space and invisible characters from both ends.

    >>> trimmed("\\ufeff\\u3000 12\\u00a0\\u200b")
    '12'
    """
    return text.strip(AROUND)


def bare_text(text: str) -> tuple[str, list[str]] | Fault:
    """Return what of a text is to be read as a number or a moment, and the codes of what was repaired for that.

    >>> bare_text(" 12")
    ('12', ['R_SPACES'])
    >>> bare_text(" ").code
    'E_MISSING_VALUE'
    """
    if "\0" in text:
        return Fault("E_NUL")
    bare = trimmed(text)
    if not bare:
        return Fault("E_MISSING_VALUE")
    return bare, ["R_SPACES"] if bare != text else []


def without_invisible(text: str) -> str:
    """Take invisible characters out, wherever they stand."""
    return text.translate(_DROP_INVISIBLE)


def has_surrogate(text: str) -> bool:
    """Whether half of a surrogate pair stands in the text: no encoding can store it."""
    return any("\ud800" <= character <= "\udfff" for character in text)

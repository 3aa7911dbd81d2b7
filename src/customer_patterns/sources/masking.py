"""A value of a record as it may be shown: its shape, and nothing that could be about a person."""

from __future__ import annotations

import unicodedata

#: Longer values are cut here; the cut is shown.
LONGEST = 24


def mask(value: object) -> str:
    """Return the shape of a value: letters become ``x``, digits ``9``, what cannot be seen a raised dot.

    Punctuation, spaces and signs of currency stay, because they are mostly what is wrong with a value.

    >>> mask("Zoë Müller, 0171-5550123")
    'xxx xxxxxx, 9999-9999999'
    >>> mask("2026年1月5日")
    '9999x9x9x'
    >>> mask("1.234.567,89 and much more than that")
    '9.999.999,99 xxx xxxx xx…'
    >>> mask(None)
    ''
    """
    if value is None:
        return ""
    text = str(value)
    shape = "".join(map(_shape, text[: LONGEST + 1]))
    return shape[:LONGEST] + "…" if len(shape) > LONGEST else shape


def _shape(sign: str) -> str:
    category = unicodedata.category(sign)
    if category.startswith("N"):
        return "9"
    if category.startswith("P") or category in ("Sc", "Sm", "Sk", "Zs"):
        return sign
    if category.startswith(("C", "Z")):  # controls, marks of direction, what has no width
        return "·"
    return "x"

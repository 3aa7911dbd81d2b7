"""Signs that no font of the charts has: a chart says what they are, in words, where else it would stop."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby

from customer_patterns.charts.style import CHINESE_FAMILY, FAMILY, OTHER_FAMILY, register_font

#: Signs that the fonts certainly have, so that they need not be asked: Latin letters, and Chinese ones in common use.
_KNOWN = re.compile(r"[\n\x20-\u017f\u4e00-\u9fa5，。；：？！、（）《》“”‘’…–—−]*")
#: What only changes the look of the sign before it: shades of skin, and the choice between text and picture.
_MODIFIERS = frozenset({*range(0x1F3FB, 0x1F400), *range(0xFE00, 0xFE10)})
_NOTHING = "nothing"


def drawable(text: str) -> str:
    """Return a text in which what cannot be drawn is named in brackets: a sign by its name, letters by their script.

    Examples
    --------
    >>> drawable("Tea, 茶"), drawable("Tea \\N{RECEIPT}")
    ('Tea, 茶', 'Tea [receipt]')
    >>> drawable("\\N{TIBETAN LETTER KA}\\N{TIBETAN LETTER KHA}, tea")
    '[tibetan], tea'
    """
    if _KNOWN.fullmatch(text):
        return text
    parts = groupby(text, key=lambda sign: "" if ord(sign) in _drawn() else _named(sign))
    return "".join("".join(signs) if not name else "" if name == _NOTHING else f"[{name}]" for name, signs in parts)


def _named(sign: str) -> str:
    """What a sign is called that cannot be drawn; neighbors of one name are called so once."""
    if ord(sign) in _MODIFIERS:
        return _NOTHING
    name = unicodedata.name(sign, f"U+{ord(sign):04X}").lower()
    return name.split()[0] if unicodedata.category(sign)[0] in "LM" else name


@cache
def _drawn() -> frozenset[int]:
    """The signs for which one of the fonts has a glyph."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    register_font()
    paths = [findfont(FontProperties(family=family)) for family in (FAMILY, CHINESE_FAMILY, OTHER_FAMILY)]
    return frozenset().union(*(get_font(path).get_charmap() for path in paths)) | {ord("\n")}

"""Texts on a chart: how wide they are, where their lines break, and what fits into a title."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from customer_patterns.charts.glyphs import drawable
from customer_patterns.charts.style import font, register_font
from customer_patterns.wording import Name, Sentence

#: A title that is longer is no headline. A Chinese letter is as wide as two Latin ones.
TITLE_LENGTH = 90

#: A name in a title that has no room for it is cut to so many letters at the least.
_SHORTEST_NAME = 8

#: Signs that no line begins with, and signs that none ends with.
_CLOSING = "，。；：？！、）》」』】”’％…·—％"

_OPENING = "（《「『【“‘"

_CHINESE = "\u2e80-\u9fff\uff00-\uffef"

#: A stretch of Latin (a number with its measure word) or one Chinese letter, with the signs and spaces that keep to it.
_PIECE = re.compile(
    rf"[{_OPENING}]*(?:[^ \n{_CHINESE}{_OPENING}{_CLOSING}]+(?:(?<=\u202f)[{_CHINESE}])?|[^ \n])[{_CLOSING}]*[ \n]*"
)


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines of at most ``width`` pixels: at spaces, and between Chinese letters.

    Chinese signs keep to their side: no line begins with a comma, none ends with an opening bracket.
    """
    lines: list[str] = []
    used = 0.0
    for piece in _PIECE.findall(drawable(text)):
        wide = text_width(piece.rstrip(" "), size, bold=bold)
        if lines and used + wide <= width:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip(" "))
            used = 0.0
        used += text_width(piece, size, bold=bold)
    return [line.rstrip(" ") for line in lines]


def columns_of(text: str) -> int:
    """Return how many Latin letters would be as wide as a text."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fitting(title: str) -> str:
    """Return a title with names from data cut where they leave no room for it; our own words stay, and are counted.

    A delivered name can be as long as a line: that is no reason to show nothing. The longest is cut first, to eight
    letters at the least; the text for screen readers has them whole.
    """
    values = title.values.values() if isinstance(title, Sentence) else ()
    names = {value.display for value in values if isinstance(value, Name) and value.kind == "label"}
    text = str(title)
    for name in sorted(names, key=lambda name: (-columns_of(name), name)):
        before, kept = text, name
        while columns_of(text) > TITLE_LENGTH and len(kept) > _SHORTEST_NAME:
            kept = kept[:-1]
            text = before
            for case in (str, str.lower, _capital):
                text = text.replace(case(name), f"{case(kept).rstrip()}…")
    return text


def _capital(name: str) -> str:
    """A name at a sentence's beginning."""
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Measure a text in pixels."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    register_font()
    family = font(bold=bold)["fontfamily"]
    return text_to_path.get_text_width_height_descent(text, FontProperties(family=family, size=size), ismath=False)[0]

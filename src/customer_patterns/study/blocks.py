"""The parts that a study file is made of: what their values may be, and what is said of those that may not."""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Zone = Annotated[str, Field(min_length=1)]
DateFormat = Annotated[str, Field(min_length=1)]
OneSign = Annotated[str, Field(min_length=1, max_length=1)]
#: Encodings that are a part of a wider one: four-byte names exist in the wider only.
_WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "936": "gb18030", "ms936": "gb18030"}
#: Names for dates that are counted, not written, beside the patterns of ``strptime``.
COUNTED_DATES: tuple[str, ...] = ("iso", "epoch_s", "epoch_ms", "excel_serial")


class Block(BaseModel):
    """A part of a study file: it has the names declared here and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Raw(Block):
    """A part in which spaces count: a delimiter may be a tab, a thousands sign a space."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


@cache
def _zones() -> frozenset[str]:
    """All time zones there are; to list them takes a while."""
    return frozenset(available_timezones())


def known_zone(zone: str) -> str:
    """Return the name of a time zone, or raise ``ValueError`` with an example of a right one."""
    if zone not in _zones():
        raise ValueError("not a time zone; write it like America/New_York or Asia/Shanghai")
    return zone


def known_encoding(name: str) -> str:
    """Return an encoding's usual name; the narrow Chinese ones mean ``gb18030``, of which they are a part.

    >>> known_encoding("GBK")
    'gb18030'
    >>> known_encoding("UTF8")
    'utf-8'
    """
    asked = name.strip().lower()
    try:
        codec = codecs.lookup(_WIDER.get(asked, asked))
        text = codec._is_text_encoding  # base64 and the like are codecs too, and no encodings of text
    except LookupError:
        text = False
    if not text:
        raise ValueError("not an encoding; write it like utf-8, gb18030, utf-16, cp1252 or latin-1")
    return _WIDER.get(codec.name, codec.name)


def known_date_format(pattern: str) -> str:
    """Return a date format, or raise ``ValueError`` where it is neither a ``strptime`` pattern nor a known name."""
    if pattern in COUNTED_DATES or re.search(r"%[YymdHMSfzjbBeT]", pattern):
        return pattern
    raise ValueError(f"not a date format; write it like %Y-%m-%d, %d.%m.%Y %H:%M, or {', '.join(COUNTED_DATES)}")


def known_pattern(pattern: str) -> str:
    """Return a regular expression, or raise ``ValueError`` where it is none."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression ({error})") from None
    return pattern

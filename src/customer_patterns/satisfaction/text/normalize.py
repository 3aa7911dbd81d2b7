"""A text in one form before it is read: no markup, no addresses, no numbers, plain letters, simplified Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

#: Of a longer text only so much is read: a review has a few hundred signs, a pasted document thousands.
MOST_SIGNS = 4000

_SCRIPT = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-z!][^<>]{0,500}>", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+|(?<!\w)@\w+", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
#: Numbers with what belongs to them: amounts, times, telephone numbers. They are about persons or about nothing.
_NUMBER = re.compile(r"[$€£¥￥+]?\d[\d.,:/%\-]*\d|[$€£¥￥]?\d%?")
#: Three or more of one sign in a row: two say the same.
_ELONGATED = re.compile(r"(.)\1{2,}", re.DOTALL)
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u3000]+")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
#: Signs that some writers put in the place of a full stop or a comma in Chinese.
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def normalize(text: str) -> str:
    """Return a text in the form in which it is read.

    Parameters
    ----------
    text
        As written.

    Returns
    -------
    str
        Small letters; full-width signs made plain (Unicode's NFKC); scripts, markup, addresses and numbers taken out;
        signs without width and marks of direction taken out; three or more of one sign in a row made two; traditional
        characters made simplified. Cut after :data:`MOST_SIGNS`.

    Examples
    --------
    >>> normalize("Ｇreat!!!! <b>Soooo</b> good, call 555-0100")
    'great!! soo good, call 0'
    >>> normalize("質量還行，價格貴")
    '质量还行,价格贵'
    """
    return simplified(_plain(text))


def normalize_all(texts: Sequence[str]) -> list[str]:
    """Return many texts as :func:`normalize` returns each; the characters of all are looked up at once."""
    plain = [_plain(text) for text in texts]
    han = [number for number, text in enumerate(plain) if _HAN.search(text)]
    joined = simplified("\x00".join(plain[number] for number in han)).split("\x00")
    if len(joined) == len(han):
        for number, text in zip(han, joined, strict=True):
            plain[number] = text
        return plain
    return [simplified(text) for text in plain]


def _plain(text: str) -> str:
    text = text[: 4 * MOST_SIGNS]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
        text = "".join(sign for sign in text if sign in "\n\t\u200d\ufe0f" or unicodedata.category(sign)[0] != "C")
    else:
        text = text.replace("\x00", "")
    if "<" in text:
        text = _TAG.sub(" ", _SCRIPT.sub(" ", text))
    if "&" in text:
        text = _ENTITY.sub(" ", text)
    if "@" in text or "www." in text or "://" in text:
        text = _ADDRESS.sub(" ", text)
    text = _ELONGATED.sub(r"\1\1", _NUMBER.sub("0", text).casefold())
    return _SPACES.sub(" ", text)[:MOST_SIGNS].strip()


def simplified(text: str) -> str:
    """Return a text with traditional characters made simplified (OpenCC's tables of characters and phrases)."""
    return text if text.isascii() or not _HAN.search(text) else _converter().convert(text)


@cache
def _converter() -> Any:
    import opencc  # (loads a dictionary, which a study without Chinese texts does not need)

    return opencc.OpenCC("t2s")

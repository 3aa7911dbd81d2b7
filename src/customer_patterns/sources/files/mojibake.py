"""Letters that were decoded wrongly before the delivery: ``MÃ¼ller`` for ``Müller``, ``寰堝ソ`` for ``很好``.

What happened can be told backward with certainty only where the wrong letters, encoded again, are valid UTF-8 of
letters that are far more usual; nothing else is touched.
"""

from __future__ import annotations

import re

#: In UTF-8: a letter that the first byte of a longer one becomes in Windows-1252, then one that the next becomes.
LATIN = re.compile(
    rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2[\x80\x82\x84]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb)"
)

#: The first letters that UTF-8 of frequent Chinese words becomes in GB18030.
_FREQUENT = "鐨涓銆锛鏄鍦鍙寰鎴鏈浜杩绗璁鍟鍝鏃鎬娌瀹璐濂寮绋诲簵瑕骞鍑噾"
CHINESE = re.compile("|".join(sorted({letter for letter in _FREQUENT})).encode("utf-8"))

_CP1252_GAPS = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
_ALL_CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\x20-\x7e]+")


def suspicious(data: bytes) -> bool:
    """Whether text in UTF-8 may hold such letters; cheap, and wrong only on the careful side."""
    return LATIN.search(data) is not None or CHINESE.search(data) is not None


def put_right(text: str) -> str:
    """Return a text with such letters put right, or the text as it is.

    >>> put_right("MÃ¼ller"), put_right("寰堝ソ"), put_right("Müller"), put_right("SÃO PAULO")
    ('Müller', '很好', 'Müller', 'SÃO PAULO')
    """
    return _from_latin(text) or _from_chinese(text) or text


def _from_latin(text: str) -> str | None:
    if not LATIN.search(text.encode("utf-8", "surrogatepass")):
        return None
    sent = bytearray()
    for sign in text:
        try:
            sent += sign.encode("cp1252")
        except UnicodeEncodeError:
            if ord(sign) not in _CP1252_GAPS:
                return None
            sent.append(ord(sign))
    return _usual(bytes(sent), text)


def _from_chinese(text: str) -> str | None:
    """Only where the text has letters that no ordinary Chinese text has, and becomes one without."""
    if _fits(text, "gb2312"):
        return None
    try:
        sent = text.encode("gb18030")
    except UnicodeEncodeError:
        return None
    right = _usual(sent, text)
    return right if right and _ALL_CJK.fullmatch(right) and _fits(right, "gb2312") else None


def _usual(sent: bytes, text: str) -> str | None:
    try:
        right = sent.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return right if len(right) < len(text) else None


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True

"""Texts: what people wrote is kept as they wrote it; only what no one wrote is taken out."""

from __future__ import annotations

import re
import unicodedata

import ftfy

from customer_patterns.sources.values.characters import REPLACEMENT, has_surrogate, trimmed
from customer_patterns.sources.values.outcome import Fault, Outcome, outcome

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def read_text(text: str) -> Outcome:
    """Read a free text: HTML, formulas, emoji, direction marks and line breaks stay as they are.

    >>> read_text("<b>gut</b>")
    '<b>gut</b>'
    >>> read_text("MÃ¼ller")
    Repaired(value='Müller', codes=('R_MOJIBAKE',))
    """
    if "\0" in text:
        return Fault("E_NUL")
    codes: list[str] = []
    value = text
    if has_surrogate(value):
        value = _SURROGATE.sub(REPLACEMENT, value)
        codes.append("R_SURROGATE")
    elif REPLACEMENT in value:
        codes.append("R_LOST_LETTERS")
    if value.startswith("\ufeff"):
        value = value.lstrip("\ufeff")
        codes.append("R_BOM")
    right = set_right(value)
    if right != value:
        value = right
        codes.append("R_MOJIBAKE")
    clean = _CONTROL.sub("", value)
    if clean != value:
        value = clean
        codes.append("R_CONTROL")
    return outcome(value or None, codes)


def read_level(text: str) -> Outcome:
    """Read a short text such as a category: as a free text, without spaces around it.

    >>> read_level(" online ")
    Repaired(value='online', codes=('R_SPACES',))
    """
    bare = trimmed(text)
    found = read_text(bare)
    if isinstance(found, Fault) or bare == text:
        return found
    codes = list(getattr(found, "codes", ()))
    return outcome(getattr(found, "value", found), ["R_SPACES", *codes])


def set_right(text: str) -> str:
    """Undo a decoding with the wrong encoding, where the text itself proves it.

    UTF-8 read in an encoding of single bytes is undone by ftfy's rule, UTF-8 read as GBK where every letter turns into
    a Chinese one when it is read back.

    >>> set_right("寰堝ソ寰堝ソ")
    '很好很好'
    >>> set_right("很好，非常好")
    '很好，非常好'
    """
    if text.isascii():
        return text
    return _from_gbk(text) or _settled(text)


def _settled(text: str) -> str:
    """Apply ftfy's rule until nothing changes: some texts were decoded wrongly more than once."""
    for _ in range(4):
        again = ftfy.fix_encoding(text)
        if again == text:
            break
        text = again
    return text


def _from_gbk(text: str) -> str | None:
    """UTF-8 read as GBK, read back; ``None`` where it was not."""
    try:
        # three bytes of UTF-8 per letter and nothing else: real Chinese text does not look like that by chance
        data = text.encode("gb18030")
        back = data.decode("utf-8")
    except UnicodeError:
        return None
    letters = [character for character in back if ord(character) > 127]
    proven = len(letters) >= 2 and all("\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef" for c in letters)
    return back if proven and any(unicodedata.category(c) == "Lo" for c in letters) else None

"""Labels that come from data, made safe and legible to print."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from customer_patterns.wording import formats
from customer_patterns.wording.event_names import plain_event
from customer_patterns.wording.messages import known, translated
from customer_patterns.wording.voice import current_voice
from customer_patterns.wording.words import own_word, word

#: A label longer than this is cut: a delivered field can hold megabytes.
LONGEST = 120

#: Characters without a glyph that nevertheless belong to words: they join emoji and shape Persian and Indic letters.
_JOINERS = frozenset("\u200c\u200d")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SMALL_WORDS = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})
_JOINED = re.compile(r"( → | \+ )")
#: What a product is, and its key.
_WITH_KEY = re.compile(r"(.*\D) (\d+)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

NameKind = Literal["label", "hour", "weekday", "word", "table"]


@dataclass(frozen=True)
class Name:
    """A label from data that may stand in a sentence: a department, a product, a group.

    Parameters
    ----------
    text
        As it stands in the data.
    kind
        ``"label"`` is printed as :func:`label` cleans it. ``"hour"`` (``"0"`` to ``"23"``) and ``"weekday"``
        (``"1"``, Monday, to ``"7"``) are printed in the language of the run, as is ``"word"``, a word of our own: a
        level, a tier, the computed name of a segment. ``"table"`` is the name of a table, the same in every language.

    Examples
    --------
    >>> Name("HOUSEHOLD CLEANING NEEDS").display
    'Household Cleaning Needs'
    >>> Name("17", "hour").display
    '5 p.m.'
    """

    text: str
    kind: NameKind = "label"

    def __post_init__(self) -> None:
        """Refuse what is no text, and hours and weekdays that do not exist."""
        if not isinstance(self.text, str):
            raise TypeError(f"a name is a text, got {type(self.text).__name__} {self.text!r}")
        if self.kind in ("hour", "weekday"):
            self.display  # noqa: B018  (an hour of 25 is refused where it is made, not where it is printed)

    @classmethod
    def hour(cls, hour: int) -> Name:
        """Return the name of an hour of the day, 0 to 23."""
        return cls(str(int(hour)), "hour")

    @classmethod
    def weekday(cls, number: int) -> Name:
        """Return the name of a weekday, 1 (Monday) to 7 (Sunday)."""
        return cls(str(int(number)), "weekday")

    @property
    def display(self) -> str:
        """The name as a reader sees it."""
        if self.kind == "hour":
            return formats.hour_of_day(int(self.text))
        if self.kind == "weekday":
            return formats.weekday(int(self.text))
        if self.kind == "table":
            return self.text
        return word(self.text) if self.kind == "word" else data_text(self.text)


def headed(heading: str) -> str:
    """Return a column's head in the language of the run; ``{customers}`` and "Customers" are the study's own noun.

    Raises
    ------
    Untranslated
        If the head has no translation.
    """
    voice = current_voice()
    if heading == "Customers":
        return voice.customers[:1].upper() + voice.customers[1:]
    text = heading if heading == "n" else translated(heading, context="label")
    return text.replace("{customers}", voice.customers).replace("{customer}", voice.customer)


def data_text(text: str, *, column: str = "") -> str:
    """Return a text of a table as a reader sees it: a word of our own, or a name from data if it has a translation.

    What has none is shown as it was delivered: it is data, not a message.

    Parameters
    ----------
    text
        The text.
    column
        The column that it stands in, where one name means several things: among the names, one that holds in this
        column alone is listed with the column before it ("device: phone").
    """
    if column and (named := known(f"{column}: {text}", context="name")):
        return label(named)
    parts = _JOINED.split(text)
    if len(parts) > 1 and any(plain_event(p) or own_word(p) or known(p, context="name") for p in parts):
        # A rule, or a path: each of its items by itself.
        return "".join(part if _JOINED.fullmatch(part) else data_text(part) for part in parts)
    text = plain_event(text) or text
    if (named := _WITH_KEY.fullmatch(text)) and known(named[1], context="name"):
        return f"{data_text(named[1])} {named[2]}"
    return label(own_word(text) or known(text, context="name") or text)


def label(text: str) -> str:
    """Return a label as a reader sees it: nothing invisible, nothing endless, no shouting.

    Examples
    --------
    >>> label("DRUG GM"), label("FRUIT OF THE DAY"), label("Under 15K")
    ('Drug GM', 'Fruit of the Day', 'Under 15K')
    """
    return calm(legible(text))


def legible(text: str) -> str:
    r"""Show control characters, bidi controls and lone surrogates as escapes; cut what is longer than a line or two.

    Examples
    --------
    >>> print(legible("a\u202eb\x00"))
    a\u202eb\x00
    """
    if len(text) > LONGEST:
        text = text[: LONGEST - 1].rstrip() + "…"
    return "".join(_escape(c) if unicodedata.category(c) in _INVISIBLE and c not in _JOINERS else c for c in text)


def calm(text: str) -> str:
    """Title-case a label that is written in capitals throughout. Short words and codes (``GM``, ``A2``) stay."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 4 or not all(c.isupper() for c in letters):
        return text
    return _WORD.sub(lambda match: _calm_word(match, text), text)


def _calm_word(match: re.Match[str], text: str) -> str:
    word, beside = match.group(), text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
    if any(c.isdigit() or c == "\\" for c in beside):
        return word
    if word.lower() in _SMALL_WORDS and match.start() > 0:
        return word.lower()
    return word if len(word) <= 2 else word.capitalize()


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

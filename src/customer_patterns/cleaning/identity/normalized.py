"""What identifies a person in one form, and the forms that it takes when somebody mistypes it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from customer_patterns.cleaning.standards import one_form

#: Titles and generations around a name; they tell nobody apart.
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "sir",
        "madam",
        "jr",
        "sr",
        "ii",
        "iii",
        "先生",
        "女士",
        "小姐",
        "太太",
        "教授",
        "医生",
    ]
)
_CHINESE_TITLE = re.compile("(先生|女士|小姐|太太|教授|医生)$")
#: Words of a street that are written out or not.
_STREETS = {
    "st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "ct": "court",
    "dr": "drive", "apt": "apartment", "no": "", "#": "", "号": "", "路": "路", "街": "街",
}  # fmt: skip
#: What stands in a field that somebody had to fill in; nobody is known by it.
_NOTHING = frozenset(
    [
        "none",
        "null",
        "nan",
        "na",
        "n/a",
        "unknown",
        "unbekannt",
        "test",
        "anonymous",
        "guest",
        "x",
        "xx",
        "xxx",
        "-",
        ".",
        "无",
        "未知",
        "匿名",
        "不详",
    ]
)
_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
#: Only with the year first a day can be read in one way alone.
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?")
#: Shorter words have too many neighbors by one letter.
SHORTEST_NEAR = 4


def name_words(text: str) -> tuple[str, ...]:
    """Return the words of a name, or its characters where it is written in Chinese, without titles.

    >>> name_words("Dr. Ａnn-Marie  O'Neil")
    ('ann', 'marie', 'oneil')
    >>> name_words("張偉先生")
    ('张', '伟')
    """
    plain = one_form(text)
    if plain in _NOTHING:
        return ()
    if _IDEOGRAPH.search(plain):
        return tuple(_IDEOGRAPH.findall(_CHINESE_TITLE.sub("", plain)))
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    words = re.findall(r"[^\W\d_]+", bare.replace("'", "").replace("’", ""))
    return tuple(word for word in words if word not in _TITLES)


def in_chinese(words: tuple[str, ...]) -> bool:
    """Whether the words of a name are Chinese characters."""
    return bool(words) and bool(_IDEOGRAPH.match(words[0]))


def digits(text: str) -> str:
    """Return the digits of a text.

    >>> digits("AB-12 3")
    '123'
    """
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isdigit())


def card_number(text: str) -> str | None:
    """Return a card's number without spaces and signs; ``None`` where it is filled with nothing or one sign alone.

    >>> card_number(" a-12 34 "), card_number("0000000")
    ('a1234', None)
    """
    plain = re.sub(r"[\W_]", "", one_form(text))
    return plain if len(set(plain)) > 1 and plain not in _NOTHING else None


def address_words(text: str) -> tuple[str, ...]:
    """Return the words of an address, abbreviations of streets written out; of a Chinese one its characters.

    >>> address_words("12, Acorn St.")
    ('12', 'acorn', 'street')
    """
    plain = one_form(text)
    if plain in _NOTHING:
        return ()
    if _IDEOGRAPH.search(plain):
        return tuple(re.findall(r"\d+|[^\W\d_]", plain.replace("号", "")))
    words = (_STREETS.get(word, word) for word in re.findall(r"\w+", plain))
    return tuple(word for word in words if word)


def without_one(text: str) -> set[str]:
    """Return a text and what is left of it without any one of its letters.

    Two texts of which one is the other with a letter more, less or changed, or with two neighbors exchanged, share one
    of these forms: deletions alone find what else needs all pairs to be compared (Bocek, Hunt & Stiller 2007, *Fast
    similarity search in large dictionaries*).

    >>> sorted(without_one("abc"))
    ['ab', 'abc', 'ac', 'bc']
    >>> bool(without_one("jhon") & without_one("john"))
    True
    """
    return {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))}


def birthday_forms(born: date) -> set[str]:
    """Return what two birthdays share that differ by one digit, or by day and month exchanged.

    >>> bool(birthday_forms(date(1980, 3, 4)) & birthday_forms(date(1980, 4, 3)))
    True
    >>> bool(birthday_forms(date(1980, 3, 4)) & birthday_forms(date(1983, 3, 4)))
    True
    >>> bool(birthday_forms(date(1980, 3, 4)) & birthday_forms(date(1991, 3, 4)))
    False
    """
    written = f"{born:%Y%m%d}"
    low, high = sorted((written[4:6], written[6:]))
    return {f"{i}:{written[:i]}{written[i + 1 :]}" for i in range(8)} | {f"swap:{written[:4]}{low}{high}"}


def birthday(text: str) -> date | None:
    """Return a day of birth; ``None`` where it is none, can be read in two ways, or is what fills an empty field.

    >>> birthday("1980年3月4日"), birthday("04/03/1980"), birthday("1900-01-01")
    (datetime.date(1980, 3, 4), None, None)
    """
    found = _YEAR_FIRST.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    try:
        born = date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
    return None if born.year <= 1900 or (born.year, born.month, born.day) == (1970, 1, 1) else born

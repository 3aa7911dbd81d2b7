"""What people write about themselves and others in their own words: found, and replaced by what it is.

Mail addresses, telephone numbers, resident ids and payment cards are known by their form and their check digits, names
by the study's own contact details. What is replaced is gone from every table that follows; the delivery keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

#: What stands in the place of what was found.
MAIL, PHONE, RESIDENT, CARD, NAME = "[e-mail]", "[phone]", "[id]", "[card]", "[name]"

_LETTER = r"[^\W\u2e80-\uffff]"  # in Chinese an address stands between signs without a space
_MAIL = re.compile(rf"(?:{_LETTER}|[.+%-]){{1,64}}[@＠](?:{_LETTER}|-){{1,63}}(?:[.．](?:{_LETTER}|-){{2,63}}){{1,4}}")
#: A run of digits as people write numbers: with spaces, hyphens, dots, brackets between; full-width ones, too.
_NUMBER = re.compile(
    r"(?<![\w])[+＋(（]?\d(?:[\s().（）．/–—－-]{0,3}\d){6,22}[Xx]?(?![\w])|(?<![\w])\d{17}[Xx](?![\w])"
)
#: In Chinese a number stands between letters without a space.
_AMONG_HAN = re.compile(r"(?<![0-9A-Za-z_.])(?:\d{17}[\dXx]|(?:\+?86[\s-]?)?1[3-9]\d{9}|\d{16,19})(?![0-9A-Za-z_])")
_SIGNS = ("@", "＠")
_DIGIT = re.compile(r"\d")
_FEWEST_DIGITS = 7

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LAST = "10X98765432"
#: What a number of digits may also be: a day, a day and a time.
_YEAR, _MONTH, _IN_MONTH = r"(?:19|20)\d{2}", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_BETWEEN, _CLOCK = r"[\s./-]?\s?", r"(?:[\sT]+\d{1,2}(?:[:.]\d{2})*)?"
_DAY = re.compile(
    rf"(?:{_YEAR}{_BETWEEN}{_MONTH}{_BETWEEN}{_IN_MONTH}|{_IN_MONTH}{_BETWEEN}{_MONTH}{_BETWEEN}{_YEAR}"
    rf"|{_MONTH}{_BETWEEN}{_IN_MONTH}{_BETWEEN}{_YEAR}){_CLOCK}"
)


def mask_text(text: str, *, names: Callable[[str], str] | None = None) -> str:
    """Replace what is about a person by what it is.

    Parameters
    ----------
    text
        In anybody's own words.
    names
        What replaces names, from :func:`name_mask`.

    Examples
    --------
    >>> mask_text("Call +1 212 555 0123 or ann@example.org; card 4111 1111 1111 1111.")
    'Call [phone] or [e-mail]; card [card].'
    >>> mask_text("我的手机13800138000，身份证11010519491231002X")
    '我的手机[phone]，身份证[id]'
    >>> mask_text("Bought on 2017-09-30, order 10012, paid 1,250.00")
    'Bought on 2017-09-30, order 10012, paid 1,250.00'
    """
    if any(sign in text for sign in _SIGNS):
        text = _MAIL.sub(MAIL, text)
    if len(_DIGIT.findall(text)) >= _FEWEST_DIGITS:
        text = _AMONG_HAN.sub(_number, text)
        text = _NUMBER.sub(_number, text)
    return names(text) if names else text


#: What a part of an address of a page is called that says who somebody is.
_ABOUT = re.compile(
    r"((?:^|[?&;#])(?:e?-?mail|phone|tel|telephone|mobile|cell|name|(?:full|first|last|user)_?name|login|user|card|"
    r"address|birthday|dob|ssn|id_?card|邮箱|手机|电话|姓名|地址)=)[^&;#]+",
    re.IGNORECASE,
)
#: What stands in the place of such a part.
PERSONAL = "[personal]"


def mask_link(link: str) -> str:
    """Replace what an address of a page says about a person: mail addresses, and parts that are called so.

    Numbers by themselves stay: those of products and pages look like telephone numbers.

    Examples
    --------
    >>> mask_link("/reset?email=ann%40example.org&step=2"), mask_link("/u/ann@example.org/orders")
    ('/reset?email=[personal]&step=2', '/u/[e-mail]/orders')
    >>> mask_link("/product/13800138000?from=mail")
    '/product/13800138000?from=mail'
    """
    if "=" in link:
        link = _ABOUT.sub(rf"\1{PERSONAL}", link)
    if "@" in link or "%40" in link or "＠" in link:
        link = _MAIL.sub(MAIL, link.replace("%40", "@"))
    return link


def _number(found: re.Match[str]) -> str:
    written = found.group()
    digits = "".join(
        str(int(sign)) if sign.isdigit() else sign.upper() for sign in written if sign.isdigit() or sign in "Xx"
    )
    if is_resident_id(digits):
        return RESIDENT
    if len(digits) in range(13, 20) and digits[:1] in set("23456") and passes_luhn(digits):
        return CARD
    if _DAY.fullmatch(written.strip()) or not digits.isdigit():
        return written
    return PHONE if _FEWEST_DIGITS <= len(digits) <= 15 and not _is_amount(written) else written


def _is_amount(written: str) -> bool:
    """A number with one point, or points and no other sign between: 1.250.000 is one, 089.123.4567 is not."""
    return re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d+[.,]\d{1,4}", written) is not None


def is_resident_id(digits: str) -> bool:
    """Whether 18 signs are a Chinese resident id: a day of birth, and the check digit of GB 11643.

    >>> is_resident_id("11010519491231002X"), is_resident_id("110105194912310021")
    (True, False)
    """
    if (
        len(digits) != 18
        or not digits[:17].isdigit()
        or not re.fullmatch(r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", digits[6:14])
    ):
        return False
    return _LAST[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11] == digits[17]


def passes_luhn(digits: str) -> bool:
    """Whether a number's last digit checks the others (ISO/IEC 7812).

    >>> passes_luhn("4111111111111111"), passes_luhn("4111111111111112")
    (True, False)
    """
    if not digits.isdigit():
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


#: A name of fewer letters is too often a word; Chinese ones have two.
_SHORTEST_NAME = 4
#: Letters of an alphabet, and signs that are words by themselves.
_WORD = re.compile(r"[^\W\d_\u2e80-\uffff]+")
_HAN = re.compile(r"[\u2e80-\uffff]")


def name_mask(names: Iterable[str]) -> Callable[[str], str] | None:
    """Return what replaces these names in a text, in whatever case they are written; ``None`` where there are none.

    A name is found whole: "Ann Lee", not "Ann". Between letters of an alphabet it must stand by itself; in Chinese,
    where no spaces are written, anywhere.

    Examples
    --------
    >>> mask = name_mask(["Ann Lee", "王小明"])
    >>> mask("ann lee asked for 王小明, not for Annabel")
    '[name] asked for [name], not for Annabel'
    """
    found = {" ".join(name.split()) for name in names}
    wanted = {name.casefold() for name in found if _is_a_name(name)}
    if not wanted:
        return None
    heads: dict[str, list[str]] = {}
    for name in wanted:
        heads.setdefault(name[:2] if _HAN.match(name) else _WORD.findall(name)[0], []).append(name)
    by_head = {head: sorted(each, key=len, reverse=True) for head, each in heads.items()}
    return lambda text: _without_names(text, by_head)


def _is_a_name(name: str) -> bool:
    letters = sum(sign.isalpha() for sign in name)
    return letters >= 2 if _HAN.match(name) else letters >= _SHORTEST_NAME and bool(_WORD.search(name))


@lru_cache(maxsize=4096)
def _pattern(name: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, name.split()))
    if not _HAN.match(name):  # by itself; signs that are words may stand beside it
        words = rf"(?<![^\W\u2e80-\uffff]){words}(?![^\W\u2e80-\uffff])"
    return re.compile(words, re.IGNORECASE)


def _without_names(text: str, by_head: Mapping[str, list[str]]) -> str:
    """Look for the names whose beginning stands in the text; all of ten thousand would take too long."""
    plain = text.casefold()
    words = set(_WORD.findall(plain))
    pairs = {plain[at : at + 2] for at in range(len(plain) - 1)} if not plain.isascii() else set()
    for head in (words | pairs) & by_head.keys():
        for name in by_head[head]:
            text = _pattern(name).sub(NAME, text)
    return text

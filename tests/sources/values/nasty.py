"""Texts as deliveries hold them: nearly plain, mutated, and from every corner of Unicode.

They are drawn from a seed by the thousand; a text that is read in two ways is small enough to be looked at as it is.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

_JUNK = [
    *[" ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\t", "\n", "\u202e", "\u2060", "\0", "\x1a", "\x85", "\u0301"],
    *"-+.,'()%_eExX0123456789:/T Z",
    *["年", "月", "日", "¥", "￥", "$", "€", "元", "CNY", "USD", "−", "–", "１", "٣", "²", "½", "٫", "∞"],
    *[
        "inf",
        "nan",
        "NaN",
        "NULL",
        "E+12",
        "1_000",
        "0x1F",
        "Ã¼",
        "é",
        "寰堝ソ",
        "\ufffd",
        "😀",
        "👨‍👩‍👧",
        "ﬁ",
        "Ａ",
        "ß",
    ],
]

_NUMBERS = [
    *["0", "-0", "-0.00", "00012", "1.", ".5", "1e5", "1E+05", "9999999999999999.99", "99999999999999999", "12.345"],
    *["2.0", "2.50", "(12.50)", "12.50-", "- 5", "12 ", " 12", "1,234", "1.234,50", "1 234,50", "1'234", "12元", "$3"],
    *["CNY 5", "15%", "15 %", "1_000", "0x1F", "inf", "-Infinity", "1e400", "nan", "１２.５", "٣٫٥", "−5", "0.005"],
    *["1000000", "1,234,567.89", "1.234.567,89", "12,5", "1,23", "€ 5", "5 €", "-¥5", "¥-5", "¥5¥", "1.0", "52", "53"],
]
_MOMENTS = [
    *["2026-02-29", "0000-00-00", "0000-01-01", "1900-01-01", "1970-01-01", "1970-01-01 00:00:01", "9999-12-31"],
    *["9999-12-31 23:59:59", "2026-01-05 24:00:00", "2026-01-05 24:00:01", "2026-01-05 23:59:60", "20260105", "45000"],
    *["45000.5", "1970-01-01T00:00:00Z", "1900-01-01T08:00:00+08:00", "1970-01-01T00:30:00-05:00", "infinity"],
    *["epoch", "now", "today", "2026-1-5", "26-01-05", "2026-01-05 (BC)", "2026-01-05T10:00:00+24:00", "2026-13-01"],
    *["2026-01-05T10:00:00 Europe/Berlin", "2026-01-05 10:00:00+08", "1987-04-12 00:30:00", "2026-01-05T10", "0"],
    *["01/01/1970 01:00 AM", "13/01/2026", "01/13/2026", "05/01/2026", "05/05/2026", "-1", "999999999999999999"],
]
_WORDS = [
    *[
        "NA",
        "null",
        "None",
        "nan",
        "NULL",
        "",
        " ",
        "00123",
        "0123",
        "12345.0",
        "1.23457E+12",
        "1E5",
        "1e+20",
        "张三001",
    ],
    *[
        "Ａ１２",
        "a\u200bb",
        "online",
        " online",
        "很好，非常好",
        "寰堝ソ寰堝ソ",
        "MÃ¼ller",
        "Zürich",
        "<b>x</b>",
        "=1+1",
    ],
    *["\ufeffid", "a\tb", "line\nbreak", "e\u0301", "\u202eabc", "Ã ", "Â£5", "â€œquoteâ€\x9d", "true", "TRUE", "Yes"],
    *["1", "0", "大都点", "A 12", "A-12/3", "web", "store", "浣犲ソ", "False", "no"],
]
_FORMS = [
    *["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+08:00", "%Y-%m-%d %H:%M:%S.%f"],
    *["%Y-%m-%d %H:%M", "%Y年%m月%d日", "%Y/%m/%d", "%Y/%m/%d %H:%M", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y %H:%M"],
    *["%Y%m%d", "%Y%m%d%H%M%S", "%d.%m.%y", "%d %b %Y", "%m/%d/%Y %I:%M %p", "%Y-%m-%d 24:00:00", "%Y-%m-%d %H:%M:60"],
    *["%Y-%m-%d %H:%M:%S -05:30", "%Y-%m-%d %H:%M:%S.%f000", "%Y-%m-%dT%H:%M:%S-0500"],
]
_CHANGES = [datetime(2026, 3, 29, 2), datetime(2026, 10, 25, 2), datetime(2026, 3, 8, 2), datetime(2026, 11, 1, 1)]


def _number(rng: random.Random) -> str:
    cents = rng.randrange(10 ** rng.randrange(1, 12)) * rng.choice([1, 1, -1])
    return rng.choice(
        [
            lambda: str(cents),
            lambda: f"{cents / 100:.2f}",
            lambda: f"{cents / 100:,.2f}",
            lambda: f"{cents:,}".replace(",", ".") + rng.choice(["", ",50", ",5"]),
            lambda: f"{cents:,}".replace(",", " ") + ",25",
            lambda: f"{cents:,}".replace(",", "'"),
            lambda: rng.choice("¥$€元") + rng.choice(["", " "]) + f"{cents / 100:,.2f}",
            lambda: f"{cents / 100:.2f}" + rng.choice(["", " "]) + rng.choice(["元", "€", "CNY", "USD"]),
            lambda: f"{cents / 10**5:.{rng.randrange(7)}f}",
            lambda: repr(rng.uniform(-1, 1) * 10 ** rng.randrange(-12, 20)),
            lambda: str(rng.randrange(10**20)),
            lambda: rng.choice(_NUMBERS),
        ]
    )()


def _moment(rng: random.Random) -> str:
    near = rng.choice(_CHANGES) + timedelta(seconds=rng.randrange(-7200, 7200))
    far = datetime(1, 1, 2) + timedelta(days=rng.randrange(3_600_000), seconds=rng.randrange(86_400))
    usual = datetime(1985, 1, 1) + timedelta(days=rng.randrange(18_000), seconds=rng.randrange(86_400))
    at = rng.choice([near, usual, usual, usual, far])
    if rng.random() < 0.1:
        return rng.choice(_MOMENTS)
    if rng.random() < 0.1:
        return rng.choice(
            [f"{at.year}年{at.month}月{at.day}日", f"{at.year}/{at.month}/{at.day} {at.hour}:{at.minute:02}"]
        )
    if rng.random() < 0.1:
        return str(
            rng.choice([rng.randrange(10**9, 2 * 10**9), rng.randrange(2 * 10**12), rng.randrange(30000, 60000)])
        )
    if rng.random() < 0.05:
        return f"{rng.uniform(30000, 60000):.{rng.randrange(1, 12)}f}"
    return at.replace(year=max(at.year, 1000)).strftime(rng.choice(_FORMS))


def _word(rng: random.Random) -> str:
    def letters(low: int, high: int) -> str:
        return "".join(chr(rng.randrange(low, high)) for _ in range(rng.randrange(1, 9)))

    return rng.choice(
        [
            lambda: rng.choice(_WORDS),
            lambda: letters(0x4E00, 0xA000),
            lambda: letters(0x4E00, 0xA000).encode("utf-8").decode("gb18030", "ignore"),
            lambda: letters(0xA0, 0x180).encode("utf-8").decode(rng.choice(["cp1252", "latin-1", "cp1251"]), "ignore"),
            lambda: letters(0x20, 0x7F),
            lambda: letters(0x01, 0x250),
            lambda: letters(0x2000, 0x3100),
            lambda: str(rng.randrange(10**6)) + rng.choice(["", ".0", ".00", "E+05"]),
            lambda: "客户" + str(rng.randrange(1000)),
        ]
    )()


SOURCES: dict[str, Callable[[random.Random], str]] = {"numbers": _number, "moments": _moment, "words": _word}


def texts(source: str, seed: int, how_many: int) -> list[str]:
    """Draw texts of one kind, half of them with something put in, taken out or swapped."""
    rng = random.Random(seed)
    return [_mutated(SOURCES[source](rng), rng) for _ in range(how_many)]


def _mutated(text: str, rng: random.Random) -> str:
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
        at = rng.randrange(len(text) + 1)
        what = rng.random()
        if what < 0.6:
            text = text[:at] + rng.choice(_JUNK) + text[at:]
        elif what < 0.8:
            text = text[:at] + text[at + 1 :]
        else:
            text = text[at:] + text[:at]
    return text

"""What the values of a column look like. A guess is made only if every value seen agrees, read as a run reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from customer_patterns.sources.values.moments import MomentFormat, read_timestamp
from customer_patterns.sources.values.numbers import NumberFormat, read_integer, read_money
from customer_patterns.sources.values.outcome import Fault, Outcome, Repaired

#: Texts that senders write for "not given".
NOTHING = (
    "",
    "NULL",
    "null",
    "NA",
    "N/A",
    "n/a",
    "None",
    "none",
    "nan",
    "NaN",
    "\\N",
    "-",
    "--",
    "—",
    "无",
    "空",
    "k.A.",
    "(空)",
    "(Leer)",
)

_DAYS = (
    "%Y年%m月%d日", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y%m%d",
    "%d %b %Y", "%b %d, %Y", "%d.%m.%y", "%m/%d/%y",
)  # fmt: skip
_TIMES = ("", " %H:%M:%S", " %H:%M", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S", "%H时%M分", " %H时%M分%S秒")
#: In the order of trust: a pattern that fits is taken unless another one fits as well and reads the values otherwise.
DATE_FORMATS: tuple[str, ...] = ("iso", *(day + time for day in _DAYS for time in _TIMES), "epoch_ms", "epoch_s")

_NUMBERS = tuple(
    NumberFormat(decimal, thousands)
    for decimal, thousands in ((".", None), (",", None), (".", ","), (",", "."), (",", " "), (".", " "), (".", "'"))
)
SYMBOLS = {
    "¥": "CNY",
    "￥": "CNY",
    "元": "CNY",
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "CHF": "CHF",
    "EUR": "EUR",
    "USD": "USD",
}


@dataclass(frozen=True)
class Dates:
    """Days or moments: the formats that fit, the surest first; more than one means that the values do not decide."""

    formats: tuple[str, ...]


@dataclass(frozen=True)
class Numbers:
    """Numbers: how they are written, which signs of currency stand beside them, whether all are whole."""

    decimal: str
    thousands: str | None
    symbols: tuple[str, ...]
    whole: bool
    low: float
    high: float


@dataclass(frozen=True)
class Looks:
    """What a column looks like.

    Attributes
    ----------
    given
        How many of the values seen are given, and how many of these differ.
    nothing
        Texts seen that mean "not given", beside the empty one.
    dates, numbers
        How days or numbers are written, if all values given are such.
    words
        The values by how often they were seen, if they are few.
    length
        How long the values given are on average, in letters; a sign of Chinese says as much as two.
    """

    given: int
    different: int
    nothing: tuple[str, ...]
    dates: Dates | None
    numbers: Numbers | None
    words: tuple[str, ...]
    length: float = 0.0


def looks(values: Sequence[str | None]) -> Looks:
    """Say what a column looks like from its first values."""
    texts = [value for value in values if value is not None and value.strip() not in NOTHING]
    nothing = sorted({value.strip() for value in values if value is not None and value.strip() in NOTHING} - {""})
    counted = Counter(texts)
    some = list(counted)[:400]
    numbers = _numbers(some) if some else None
    dates = _dates(some) if some and (numbers is None or _may_count(some)) else None
    few = counted.most_common(30) if len(counted) <= 30 else []
    length = sum(times * _length(text) for text, times in counted.items()) / len(texts) if texts else 0.0
    return Looks(len(texts), len(counted), tuple(nothing), dates, numbers, tuple(text for text, _ in few), length)


def _length(text: str) -> int:
    return len(text) + sum("\u4e00" <= letter <= "\u9fff" for letter in text)


def _may_count(texts: Sequence[str]) -> bool:
    """Whether whole numbers may be days (20260105) or counted times."""
    return all(text.strip().isdigit() and len(text.strip()) in (8, 10, 13) for text in texts)


def _read_all(texts: Sequence[str], read: Callable[[str], Outcome]) -> list[object] | None:
    found = []
    for text in texts:
        value = read(text)
        if isinstance(value, Fault):
            return None
        found.append(value.value if isinstance(value, Repaired) else value)
    return found


def _dates(texts: Sequence[str]) -> Dates | None:
    fits: dict[str, list[object]] = {}
    for form in DATE_FORMATS:
        if (found := _read_all(texts, lambda text, form=form: read_timestamp(text, MomentFormat((form,))))) is not None:
            fits[form] = found
    if not fits:
        return None
    first = next(iter(fits))
    others = [form for form, found in fits.items() if found != fits[first]]
    return Dates((first, *others))


def _numbers(texts: Sequence[str]) -> Numbers | None:
    symbols = tuple(symbol for symbol in SYMBOLS if any(symbol in text for text in texts))
    for plain in _NUMBERS:
        form = NumberFormat(plain.decimal, plain.thousands, symbols)
        if (found := _read_all(texts, lambda text, form=form: read_money(text, form))) is not None:
            values = [float(value) for value in found if value is not None]
            whole = not symbols and _read_all(texts, lambda text, form=form: read_integer(text, form)) is not None
            return Numbers(form.decimal, form.thousands, symbols, whole, min(values), max(values))
    return None

"""Numbers, shares, money, dates, durations and intervals as people read them.

In sentences with two significant digits, or more where two would mislead (:mod:`.rounding`); in tables with as many as
a column needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from customer_patterns.estimates import Count, Estimate
from customer_patterns.wording.chosen import Chosen
from customer_patterns.wording.locales import LOCALES, SYMBOLS, THIN_SPACE, Locale
from customer_patterns.wording.messages import ORIGINAL, Untranslated
from customer_patterns.wording.rounding import (
    Rounding,
    cents,
    exact,
    own_decimals,
    rounded_to,
    rounding_of,
    significant_decimals,
    told_apart,
)
from customer_patterns.wording.voice import Voice, current_voice

_HAN = r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]"
_LETTER = r"[\u3400-\u9fff]"
#: Between Chinese and Latin, but not inside a date or before an hour's sign; a space typed there is taken for it.
_SEAM = re.compile(
    rf"(?<={_LETTER}) (?=[A-Za-z0-9$€£¥₩₹−<>])|(?<={_LETTER})(?<![年月])(?=[A-Za-z0-9$€£¥₩₹−<>])"
    rf"|(?<=[A-Za-z0-9%]) (?={_LETTER})|(?<=[A-Za-z0-9%])(?={_LETTER})(?![年月日时])"
)
#: Between Chinese letters stands no space, though one was typed beside a value that could have been Latin.
_NO_SPACE = re.compile(rf"(?<={_HAN}) (?={_HAN})")

MISSING = "–"
MINUS = "−"


def show_value(
    figure: Estimate | Count | Chosen,
    *,
    currency: str | None = None,
    digits: int = 2,
    bare: bool = False,
    rounded: bool = False,
) -> str:
    """Write a figure with its unit, without its interval: ``"71 %"``, ``"$43"``, ``"2.7 days"``, ``"87 households"``.

    Parameters
    ----------
    figure
        An Estimate is rounded to ``digits`` significant digits. A Count is exact: it is written in full, but for an
        amount of a million or more (``"$4.6 million"``) and a share. A Chosen is written as it was chosen.
    currency
        ISO code for amounts; ``None``: the current voice's.
    bare
        Leave out the noun of what is counted. Signs (%, $) stay.
    rounded
        Round a Count like an Estimate: ``"1.5 million order lines"``.

    Raises
    ------
    ValueError
        If the figure is not finite, or an amount of money has no currency.
    """
    voice = _voice(currency)
    rounding = rounding_of(figure, digits, rounded, voice)
    return _dress(exact(figure.value), rounding.decimals, rounding, figure.unit, voice, bare=bare)


def interval(estimate: Estimate, *, currency: str | None = None, digits: int = 2, bare: bool = False) -> str:
    """Write an estimate's interval: ``"69–73 %"``, ``"$41–45"``, ``"−1.2 to 0.4 percentage points"``."""
    voice = _voice(currency)
    rounding = rounding_of(estimate, digits, False, voice)
    return _dress_span(exact(estimate.low), exact(estimate.high), rounding, estimate.unit, voice, bare=bare)


def end(estimate: Estimate, which: str, *, currency: str | None = None, digits: int = 2) -> str:
    """Write one end of an interval, ``which`` being ``"low"`` or ``"high"``, with its unit."""
    voice = _voice(currency)
    rounding = rounding_of(estimate, digits, False, voice)
    value = {"low": estimate.low, "high": estimate.high}[which]
    return _dress(exact(value), rounding.end_decimals, rounding, estimate.unit, voice)


def size(figure: Estimate | Count) -> str:
    """Write what a figure rests on: ``"2,469 households"``."""
    return counted(figure.n, figure.of)


def counted(number: int, unit: str) -> str:
    """Write a whole number and its noun: ``"1 order"``, ``"1,240 orders"``."""
    return _counted(_digits(exact(number), 0), unit, _locale(current_voice()), current_voice())


def percent(share: float, *, digits: int = 2) -> str:
    """Write a share with ``digits`` significant digits: ``"12 %"``. For axes and levels; a finding has an Estimate."""
    return show_value(Chosen(float(f"{share:.{digits}g}"), "share"))


def day(value: date) -> str:
    """Write a date: ``"30 Sep 2017"``."""
    return _locale(current_voice()).day(value)


def month(value: date) -> str:
    """Write a month: ``"Sep 2017"``."""
    return _locale(current_voice()).month(value)


def period(first: date, last: date) -> str:
    """Write a period, both days included: ``"1 Jan to 30 Sep 2017"``."""
    if last < first:
        raise ValueError(f"a period cannot end ({last}) before it begins ({first})")
    return _locale(current_voice()).period(first, last)


def hour_of_day(hour: int) -> str:
    """Write an hour of the day, 0 to 23: ``"5 p.m."``."""
    if not 0 <= hour <= 23:
        raise ValueError(f"an hour of the day is 0 to 23, got {hour}")
    return _locale(current_voice()).hour(int(hour))


def weekday(number: int) -> str:
    """Write a weekday, 1 (Monday) to 7 (Sunday), as ISO 8601 counts them."""
    if not 1 <= number <= 7:
        raise ValueError(f"a weekday is 1 (Monday) to 7 (Sunday), got {number}")
    return _locale(current_voice()).weekdays[int(number) - 1]


def truth(value: bool) -> str:
    """Write a truth value: ``"yes"`` or ``"no"``."""
    return _locale(current_voice()).booleans[bool(value)]


def duration(length: timedelta) -> str:
    """Write a length of time in the largest unit of which it holds one: ``"45 seconds"``, ``"2.7 days"``."""
    seconds = abs(length.total_seconds())
    for unit, holds in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= holds:
            return show_value(Chosen(float(f"{length.total_seconds() / holds:.2g}"), unit))
    return show_value(Chosen(float(f"{length.total_seconds():.2g}"), "seconds"))


def aside(text: str, more: str) -> str:
    """Put something in brackets behind a text: ``"71 % (69–73 %)"``."""
    return _locale(current_voice()).aside.format(text, more)


def joined(*parts: str) -> str:
    """Join two or more parts of a line by commas: ``"71 %, 2,469 households"``."""
    return _locale(current_voice()).comma.join(parts)


def spaced(text: str) -> str:
    """Set a thin space between Chinese letters and Latin ones or digits; dates stay as they are, English too."""
    return _SEAM.sub(THIN_SPACE, _NO_SPACE.sub("", text)) if current_voice().language == "zh" else text


def noun(unit: str, *, one: bool = False) -> str:
    """Return the word for a unit in the current voice; ``"customers"`` is the study's own noun."""
    return _noun(unit, one, _locale(current_voice()), current_voice())


#: Units of what stands on a clock or in a calendar: the value itself says so.
_CALENDAR = ("UTC", "local day", "hour of day", "weekday", "month")


def unit_sign(unit: str, *, currency: str | None = None) -> str:
    """Return what stands in a table's head for a unit: ``"%"``, ``"$"``, ``"days"``; empty where there is no unit."""
    if unit == "share":
        return "%"
    if unit == "currency":
        voice = _voice(currency)
        return SYMBOLS.get(_currency(voice), voice.currency)
    return "" if unit in ("", "ratio", "probability", *_CALENDAR) else noun(unit)


def column_decimals(
    figures: Iterable[tuple[float, float, float]],
    unit: str,
    *,
    digits: int = 3,
) -> int:
    """Choose the decimals with which all figures of one table column are written, so that they can be compared.

    Parameters
    ----------
    figures
        Per row ``(value, low, high)``; for a figure counted in full all three are the same.
    digits
        Significant digits of the column's largest figure. Never fewer than whole numbers; the column gets up to
        two decimals more where an interval would else be printed as wide as nothing.
    """
    scale = Decimal(100) if unit == "share" else Decimal(1)
    rows = [tuple(exact(x) * scale for x in row) for row in figures]
    if not rows:
        return 0
    largest = max(abs(row[0]) for row in rows)
    decimals = max(0, significant_decimals(largest, digits))
    exact_all = all(value == low == high for value, low, high in rows)
    if exact_all or unit not in ("", "share", "ratio", "currency"):
        # no digits that nobody counted: neither in what is exact nor in medians of whole things with whole ends
        decimals = min(decimals, max(own_decimals(x) for row in rows for x in row))
    if unit == "currency" and decimals:
        decimals = max(decimals, cents(current_voice()))
    for more in range(3):
        if all(told_apart(*row, decimals + more) for row in rows):
            return decimals + more
    return decimals


def cell(value: float, unit: str, decimals: int) -> str:
    """Write one figure of a table column, without its unit (that stands in the head).

    A share or a probability that would be printed as nothing or all, and is neither, says so: ``"<0.1"``, ``">99.9"``.
    """
    whole = {"share": 100, "probability": 1}.get(unit)
    number = exact(value) * (100 if unit == "share" else 1)
    text = _digits(number, decimals)
    if whole is not None and 0 < number < whole:
        step = Decimal(1).scaleb(-decimals)
        shown = rounded_to(number, decimals)
        if shown == 0:
            return f"<{_digits(step, decimals)}"
        if shown == whole:
            return f">{_digits(whole - step, decimals)}"
    return text


def cell_span(low: float, high: float, unit: str, decimals: int) -> str:
    """Write an interval of a table column, without its unit."""
    locale = _locale(current_voice())
    pattern = locale.signed_span if low < 0 else locale.span
    scale = 100 if unit == "share" else 1
    return pattern.format(_digits(exact(low) * scale, decimals), _digits(exact(high) * scale, decimals))


# How a rounded figure is dressed


def _voice(currency: str | None) -> Voice:
    voice = current_voice()
    if currency is None or currency == voice.currency:
        return voice
    return replace(voice, currency=currency)


def _locale(voice: Voice) -> Locale:
    return LOCALES[voice.language]


def _currency(voice: Voice) -> str:
    if not voice.currency:
        raise ValueError("an amount needs its currency: open a stage, or use wording.speaking(currency='USD')")
    return voice.currency


def _digits(number: Decimal, decimals: int) -> str:
    """Write a number with a comma between thousands; a true minus before it; zero has no sign."""
    rounded = rounded_to(number, decimals)
    text = f"{abs(rounded):,.{max(decimals, 0)}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def _dress(number: Decimal, decimals: int, rounding: Rounding, unit: str, voice: Voice, *, bare: bool = False) -> str:
    locale = _locale(voice)
    if unit == "share":
        return locale.percent.format(_digits(number * 100, decimals))
    text = _digits(number / rounding.divisor, decimals) + rounding.scale
    if unit == "currency":
        return _amount(text, voice)
    return text if bare or unit in ("", "ratio") else _counted(text, unit, locale, voice)


def _dress_span(low: Decimal, high: Decimal, rounding: Rounding, unit: str, voice: Voice, *, bare: bool = False) -> str:
    locale, factor = _locale(voice), (Decimal(100) if unit == "share" else 1 / rounding.divisor)
    ends = [_digits(x * factor, rounding.end_decimals) for x in (low, high)]
    signed = low < 0
    if unit == "currency" and signed:
        return locale.signed_span.format(*(_amount(text + rounding.scale, voice) for text in ends))
    text = (locale.signed_span if signed else locale.span).format(*ends) + rounding.scale
    if unit == "share":
        return locale.percent.format(text)
    if unit == "currency":
        return _amount(text, voice)
    return text if bare or unit in ("", "ratio") else _counted(text, unit, locale, voice)


def _amount(text: str, voice: Voice) -> str:
    sign, text = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    code = _currency(voice)
    return sign + (SYMBOLS[code] + text if code in SYMBOLS else _locale(voice).code.format(code, text))


def _counted(text: str, unit: str, locale: Locale, voice: Voice) -> str:
    noun = _noun(unit, text == "1", locale, voice)
    if unit in ("customers", voice.customers) and voice.counted:
        noun = voice.counted
    return locale.counted.format(text, locale.counters.get(unit, "") + noun)


def _noun(unit: str, one: bool, locale: Locale, voice: Voice) -> str:
    if unit in ("customers", voice.customers):
        return voice.customer if one else voice.customers
    if voice.language != ORIGINAL and unit not in locale.units:
        raise Untranslated(
            f"there is no translation into {voice.language!r} of the unit {unit!r}: add it in wording/locales.py"
        )
    return locale.units.get(unit, (unit, unit))[0 if one else 1]

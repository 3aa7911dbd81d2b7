"""Numbers on axes and beside marks, as people read them. The one place where charts turn values into text."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from customer_patterns.charts.glyphs import drawable
from customer_patterns.wording import current_voice, formats
from customer_patterns.wording.locales import LOCALES, SYMBOLS
from customer_patterns.wording.names import data_text


def number_format(
    values: Sequence[float], *, unit: str, currency: str | None = None, step: float | None = None, digits: int = 0
) -> Callable[[float], str]:
    """Return a function that writes numbers of this size with as many decimals as tell them apart.

    Parameters
    ----------
    values
        The numbers to be written.
    unit
        ``"share"`` (0 to 1, written in percent), ``"currency"``, anything else: the number alone.
    currency
        The currency's code, for ``unit="currency"``; the study's own if not given.
    step
        Distance between the ticks of an axis, where it is an axis.
    digits
        Significant digits that each number shows at least, within one decimal more than the others: a label beside a
        small bar says 8.4 % where the title does.
    """
    voice = current_voice()
    locale, divisor, scale, pattern = LOCALES[voice.language], 1.0, "", "{}"
    largest = max((abs(v) for v in values), default=0.0)
    # beside marks, "0.03 million" is harder to read than the number in full
    smallest = min((abs(v) for v in values if v), default=0.0)
    if unit == "share":
        divisor, pattern = 0.01, locale.percent
    elif word := next(((d, w) for d, w in locale.scales if largest >= d >= 10_000 and (step or smallest >= d)), None):
        divisor, scale = float(word[0]), word[1]
    if unit == "currency":
        code = currency or voice.currency
        if not code:
            raise ValueError("an amount needs its currency: open a stage, or give currency='USD'")
        pattern = SYMBOLS[code] + "{}" if code in SYMBOLS else locale.code.format(code, "{}")
    decimals = _decimals([v / divisor for v in values], step / divisor if step else None)
    cents = unit == "currency" and divisor == 1
    whole = all(float(v).is_integer() for v in values)

    def write(value: float) -> str:
        number = abs(Decimal(repr(float(value)))) / Decimal(repr(divisor))
        shown = decimals
        if digits and number and not whole and digits - 1 - number.adjusted() > decimals:
            shown = decimals + 1
        if cents and shown:
            shown = max(shown, 2)
        # half up, as the sentences round: the label beside a bar and its title must say the same
        text = f"{number.quantize(Decimal(1).scaleb(-shown), ROUND_HALF_UP):,f}"
        if number and not text.strip("0.,"):
            text = f"<{text[:-1]}1"
        return ("−" if value < 0 else "") + pattern.format(text + scale)

    return write


def _decimals(values: Sequence[float], step: float | None) -> int:
    """The fewest decimals that tell the values apart as well as the eye tells their marks apart."""
    if step:
        return next((d for d in range(6) if math.isclose(step * 10**d, round(step * 10**d), rel_tol=1e-6)), 6)
    if not values or all(float(v).is_integer() for v in values):
        return 0
    spread = max(max(values) - min(values), 0.5 * max(abs(v) for v in values))
    return next((d for d in range(4) if 0.5 * 10.0**-d <= 0.025 * spread), 4)


def category_text(value: object, unit: str = "") -> str:
    """Write a category: days, months, hours of the day and weekdays in the run's language, text as a word or name."""
    if unit == "hour of day":
        return formats.hour_of_day(int(value))  # type: ignore[call-overload]
    if unit == "weekday":
        return formats.weekday(int(value))  # type: ignore[call-overload]
    if isinstance(value, dt.date):
        return formats.month(value) if unit == "month" else formats.day(value)
    if isinstance(value, str):
        return drawable(data_text(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.3g}"  # a place on an axis, not a figure
    return str(value)


def tick_text(day: dt.date, *, month: bool) -> str:
    """Write a day on an axis, without its year: ``"Feb"`` where ticks are months, ``"5 Feb"`` where they are days."""
    whole = formats.month(day) if month else formats.day(day)
    return whole.replace(str(day.year), "").strip(" 年")


def year_text(day: dt.date) -> str:
    """Write a day's year under the first tick of that year."""
    return f"{day.year}年" if current_voice().language == "zh" else str(day.year)

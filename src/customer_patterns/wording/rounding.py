"""How many digits a figure gets: two significant ones, and more only where two would mislead.

A rounded figure stays inside its interval, the printed ends of an interval differ from the figure where the true ends
do, a share is not called 0 % or 100 % unless it is, and an end on one side of "no difference" is not rounded onto it.
Rounding is half up, in decimal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal

from customer_patterns.estimates import Count, Estimate
from customer_patterns.wording.chosen import Chosen
from customer_patterns.wording.locales import LOCALES, WHOLE_CURRENCIES
from customer_patterns.wording.voice import Voice

#: Wide enough for any double; the default context would refuse numbers beyond 28 digits.
_WIDE = Context(prec=700, rounding=ROUND_HALF_UP)

#: How many digits more than asked for may be spent on telling an interval's ends from its middle.
_MORE_DIGITS = 4


@dataclass(frozen=True)
class Rounding:
    """How one figure is written: decimals of the figure and of its interval's ends, and the word for a large number."""

    decimals: int
    end_decimals: int
    divisor: Decimal = Decimal(1)
    scale: str = ""


def rounding_of(figure: Estimate | Count | Chosen, digits: int, rounded: bool, voice: Voice) -> Rounding:
    """Choose how a figure is written in a sentence; ``rounded`` treats a Count like an Estimate."""
    if isinstance(figure, Estimate):
        rounding = _rounding(figure.value, figure.low, figure.high, figure.unit, digits, voice)
        return _whole(rounding) if _counts_whole_things(figure) else rounding
    value, share = exact(figure.value), figure.unit == "share"
    if isinstance(figure, Chosen):
        return Rounding(own_decimals(value * 100 if share else value), 0)
    money = figure.unit == "currency"
    if not (rounded or share or (money and abs(value) >= 10**6)):
        own = own_decimals(value)
        return Rounding((cents(voice) if own and abs(value) < 1000 else 0) if money else own, 0)
    rounding = _rounding(figure.value, figure.value, figure.value, figure.unit, digits, voice)
    # What is exact has no trailing zeros: 8 %, not 8.0 %.
    own = own_decimals(value * 100 if share else value / rounding.divisor)
    return rounding if money and own else replace(rounding, decimals=min(rounding.decimals, own))


def _counts_whole_things(figure: Estimate) -> bool:
    """Whether a figure and its ends are whole numbers of something: a median of 8 days, never of 8.0 days."""
    if figure.unit in ("", "share", "ratio", "currency"):
        return False
    return all(own_decimals(exact(x)) == 0 for x in (figure.value, figure.low, figure.high))


def _whole(rounding: Rounding) -> Rounding:
    if rounding.divisor != 1:
        return rounding
    return replace(rounding, decimals=min(rounding.decimals, 0), end_decimals=min(rounding.end_decimals, 0))


def _rounding(value: float, low: float, high: float, unit: str, digits: int, voice: Voice) -> Rounding:
    """Find the fewest decimals, from ``digits`` significant ones up, that do not mislead."""
    figures = [exact(x) for x in (value, low, high)]
    divisor, scale = Decimal(1), ""
    if unit == "share":
        figures = [x * 100 for x in figures]
    else:
        shown = abs(rounded_to(figures[0], significant_decimals(figures[0], digits)))
        divisor, scale = next((pair for pair in LOCALES[voice.language].scales if shown >= pair[0]), (divisor, scale))
        figures = [x / divisor for x in figures]
    steps = _steps(figures[0], unit, digits, voice, whole=not scale)
    decimals, end_decimals = _legible(steps, figures, unit)
    return Rounding(decimals, end_decimals, divisor, scale)


def _legible(steps: list[int], figures: list[Decimal], unit: str) -> tuple[int, int]:
    """Return the first decimals of ``steps`` for figure and ends with which none of them misleads."""
    value, *ends = figures
    apart = None
    for place, decimals in enumerate(steps):
        rounded = rounded_to(value, decimals)
        if not _inside(rounded, *figures) or _hides(value, rounded, unit):
            continue
        for end_decimals in steps[place : place + 2]:  # 1.12 (1.10 to 1.15), not 1.1 (1.098 to 1.149)
            shown = [rounded_to(end_, end_decimals) for end_ in ends]
            if not _distinct(rounded, *shown, *figures):
                continue
            if not any(_crosses(end_, text, unit) for end_, text in zip(ends, shown, strict=True)):
                return decimals, end_decimals
            apart = apart or (decimals, end_decimals)
    # An interval too narrow to be told apart gets the same decimals for all, so that its ends still hold the figure.
    return apart or (steps[0], steps[0])


def _steps(number: Decimal, unit: str, digits: int, voice: Voice, *, whole: bool) -> list[int]:
    """List the decimals to try, fewest first."""
    first = significant_decimals(number, digits)
    if unit == "share":
        if 95 < abs(number) < 100:  # near 100 % it is the rest that is read
            first = max(first, significant_decimals(100 - abs(number), digits))
        first = max(first, 0)
    steps = list(range(first, first + _MORE_DIGITS + 1))
    if unit == "currency" and whole:
        minor = cents(voice)
        steps = [max(d, minor) if d > 0 else d for d in steps]
    return sorted(set(steps))


def significant_decimals(number: Decimal, digits: int) -> int:
    """Return the decimals at which ``number`` has ``digits`` significant digits; negative left of the point."""
    return 0 if number == 0 else digits - 1 - number.adjusted()


def _inside(rounded: Decimal, value: Decimal, low: Decimal, high: Decimal) -> bool:
    """Whether the rounded figure lies between the ends. An end that equals the figure may be rounded past with it."""
    return (low == value or low < rounded) and (high == value or rounded < high)


def _distinct(
    rounded: Decimal, low_shown: Decimal, high_shown: Decimal, value: Decimal, low: Decimal, high: Decimal
) -> bool:
    """Whether the printed ends lie around the printed figure, apart from it where the true ends are."""
    return (low_shown < rounded if low < value else low_shown <= rounded) and (
        rounded < high_shown if value < high else rounded <= high_shown
    )


def told_apart(value: Decimal, low: Decimal, high: Decimal, decimals: int) -> bool:
    """Whether an interval's ends still stand around its figure when all have so many decimals."""
    return _distinct(*(rounded_to(x, decimals) for x in (value, low, high)), value, low, high)


def _hides(value: Decimal, rounded: Decimal, unit: str) -> bool:
    """Whether a share that is neither nothing nor all is printed as if it were."""
    return unit == "share" and any(rounded == bound != value for bound in (0, 100))


def _crosses(end_: Decimal, shown: Decimal, unit: str) -> bool:
    """Whether an interval's end is rounded onto "no difference": 1 for a ratio, 0 for what can be negative."""
    return (unit == "ratio" and shown == 1 != end_) or (end_ < 0 == shown)


def exact(number: float | Decimal) -> Decimal:
    """Return the number as its shortest decimal; NumPy's scalars count as Python's."""
    if not isinstance(number, Decimal):
        number = Decimal(repr(number.item() if hasattr(number, "item") else number))
    if not number.is_finite():
        raise ValueError(f"only finite numbers can be written, got {number}")
    return number


def rounded_to(number: Decimal, decimals: int) -> Decimal:
    """Round half up to so many decimals; negative ones lie left of the point."""
    return number.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)


def own_decimals(number: Decimal) -> int:
    """Return how many decimals a number has, without trailing zeros."""
    return max(0, -int(number.normalize(_WIDE).as_tuple().exponent))


def cents(voice: Voice) -> int:
    """Return how many decimals an amount has in the voice's currency."""
    return 0 if voice.currency in WHOLE_CURRENCIES else 2

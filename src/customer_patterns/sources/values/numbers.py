"""Numbers, money, counts and shares, as the study file says they are written. Arithmetic is exact."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property

from customer_patterns.sources.values.characters import bare_text, trimmed
from customer_patterns.sources.values.outcome import Fault, Outcome, outcome

#: The largest money that DECIMAL(18, 2) holds.
LARGEST_MONEY = Decimal("9999999999999999.99")
#: A billionth of a cent: an amount that came as a binary number is no other for so little.
DUST = Decimal("1e-11")
_CENT = Decimal("0.01")
_EXACT = Context(prec=1000, Emin=-99999, Emax=99999)
_LONGEST = 400
_NOT_FINITE = re.compile(r"[+-]?(?:inf|infinity|nan|-?nan\(.*\)|1\.#(?:inf|ind|qnan).*|∞)", re.IGNORECASE)
_EXPONENT = re.compile(r"((?:[0-9]+\.?[0-9]*|\.[0-9]+))[eE]([+-]?[0-9]{1,4})")
_MINUS_SIGNS = "\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d"
_THIN_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009", " "))
_APOSTROPHES = str.maketrans({"\u2019": "'"})
# Words for money that are no currency sign of Unicode
_MONEY_WORDS = re.compile(r"[A-Za-z]{2,3}\$?|kr\.?|zł|Kč|Ft|лв|руб\.?|р\.|元|圆|円|圓|원|块", re.IGNORECASE)


@dataclass(frozen=True)
class NumberFormat:
    """How numbers are written in one column of a delivery.

    Attributes
    ----------
    decimal, thousands
        The separators; ``thousands=None``: there is none, so that a number with one is not guessed at.
    symbols
        Signs that may stand beside money and mean the study's currency.
    scale
        What a delivered number is multiplied by (0.01: delivered in cents).
    """

    decimal: str = "."
    thousands: str | None = None
    symbols: tuple[str, ...] = ()
    scale: Decimal = Decimal(1)

    @cached_property
    def body(self) -> re.Pattern[str]:
        """What a number without sign and symbol looks like."""
        point = re.escape(self.decimal)
        whole = "[0-9]+"
        if self.thousands:
            whole = rf"[0-9]{{1,3}}(?:{re.escape(self.thousands)}[0-9]{{3}})+|{whole}"
        return re.compile(rf"(?:{whole})(?:{point}[0-9]*)?|{point}[0-9]+")

    @cached_property
    def signs(self) -> tuple[str, ...]:
        """The symbols, the longest first, so that ``US$`` is not taken for ``$``."""
        return tuple(sorted(self.symbols, key=lambda symbol: (-len(symbol), symbol)))


def read_money(text: str, form: NumberFormat) -> Outcome:
    """Read an amount of money with two decimals; more of them are rounded half away from zero, and counted.

    >>> read_money("1,234.5", NumberFormat(thousands=","))
    Decimal('1234.50')
    >>> read_money("(12.50)", NumberFormat())
    Repaired(value=Decimal('-12.50'), codes=('R_PARENTHESES',))
    >>> read_money("0x1F", NumberFormat()), read_money("1,234", NumberFormat())
    (Fault(code='E_NUMBER'), Fault(code='E_SEPARATOR'))
    >>> read_money("1999", NumberFormat(scale=Decimal("0.01")))
    Decimal('19.99')
    """
    found = _read(text, form, money=True)
    return found if isinstance(found, Fault) else _money(*found)


def read_integer(text: str, form: NumberFormat) -> Outcome:
    """Read a count. ``2.0`` is 2; ``2.5`` is none.

    >>> read_integer("2.0", NumberFormat()), read_integer("2.5", NumberFormat())
    (2, Fault(code='E_NOT_INTEGER'))
    """
    found = _read(text, form)
    if isinstance(found, Fault):
        return found
    value, codes = found
    if value != value.to_integral_value():
        return Fault("E_NOT_INTEGER")
    if not -(2**63) <= value < 2**63:
        return Fault("E_OVERFLOW")
    return outcome(int(value), codes)


def read_number(text: str, form: NumberFormat) -> Outcome:
    """Read a measured number; scientific notation is a plain way to write one, its sign of currency is none of it.

    >>> read_number("￥99.9", NumberFormat(symbols=("￥",))), read_number("1.25", NumberFormat())
    (99.9, 1.25)
    >>> read_number("1e-05", NumberFormat()), read_number("inf", NumberFormat())
    (1e-05, Fault(code='E_NOT_FINITE'))
    """
    found = _read(text, form, money=bool(form.symbols), exponent=True)
    if isinstance(found, Fault):
        return found
    value, codes = found
    number = float(value) + 0.0  # no negative zero
    return Fault("E_NOT_FINITE") if number in (float("inf"), float("-inf")) else outcome(number, codes)


def read_share(text: str, form: NumberFormat) -> Outcome:
    """Read a share of a whole, 0 to 1. A percent sign says what the number is; without one the scale does.

    >>> read_share("15%", NumberFormat()), read_share("0.15", NumberFormat())
    (0.15, 0.15)
    >>> read_share("15", NumberFormat()), read_share("15", NumberFormat(scale=Decimal("0.01")))
    (Fault(code='E_SHARE'), 0.15)
    """
    bare = trimmed(text)
    codes: list[str] = []
    if bare[-1:] in ("%", "％"):
        codes = [code for code, so in (("R_SPACES", bare != text), ("R_WIDTH", bare[-1] == "％")) if so]
        form = NumberFormat(form.decimal, form.thousands, (), _CENT)
        text = bare[:-1].rstrip()
    found = _read(text, form, exponent=True)
    if isinstance(found, Fault):
        return found
    value, more = found
    return outcome(float(value) + 0.0, codes + more) if 0 <= value <= 1 else Fault("E_SHARE")


def money_of(value: Decimal, *, scale: Decimal = Decimal(1)) -> Outcome:
    """Make money of an exact number, as delivered by a column that has numbers."""
    return _money(_EXACT.multiply(value, scale), [])


def without_dust(value: Decimal) -> Decimal:
    """Take from an amount that came as a binary number what is of such a number's nature and of no till's.

    What is left of sums and differences of cents, some units of the sixteenth digit, was never rounded by anyone.

    >>> without_dust(Decimal(repr(0.1 + 0.2))), without_dust(Decimal("0.305"))
    (Decimal('0.30'), Decimal('0.305'))
    """
    if abs(value) > LARGEST_MONEY:
        return value
    cents = value.quantize(_CENT, rounding=ROUND_HALF_UP, context=_EXACT)
    return cents if abs(value - cents) < DUST else value


def _money(value: Decimal, codes: list[str]) -> Outcome:
    rounded = value.quantize(_CENT, rounding=ROUND_HALF_UP, context=_EXACT)
    if abs(rounded) > LARGEST_MONEY:
        return Fault("E_OVERFLOW")
    return outcome(rounded + 0, [*codes, "R_ROUNDED"] if rounded != value else codes)  # no negative zero


def _read(
    text: str, form: NumberFormat, *, money: bool = False, exponent: bool = False
) -> tuple[Decimal, list[str]] | Fault:
    """Take a number apart: spaces, digits of other scripts, parentheses, sign, symbol, body."""
    begun = bare_text(text)
    if isinstance(begun, Fault):
        return begun
    bare, codes = begun
    if len(bare) > _LONGEST:
        return Fault("E_OVERFLOW" if bare.strip("-").isdigit() else "E_NUMBER")
    plain = _ascii(bare, form, codes)
    if plain is None:
        return Fault("E_NUMBER")
    body, negative = plain, False
    if body[:1] == "(" and body[-1:] == ")":
        body, negative = trimmed(body[1:-1]), True
        codes.append("R_PARENTHESES")
    signed = _take_sign(body, form if money else NumberFormat(), codes)
    if signed is None or (negative and signed[1]):
        return _why_not(plain, money=money)
    body, sign = signed
    if form.thousands in (" ", "\u00a0", "\u202f", "\u2009"):
        body = body.translate(_THIN_SPACES)
    elif form.thousands == "'":
        body = body.translate(_APOSTROPHES)
    if form.body.fullmatch(body):
        digits = body.replace(form.thousands or "", "").replace(form.decimal, ".")
    elif _EXPONENT.fullmatch(body.replace(form.decimal, ".")) and (form.decimal == "." or "." not in body):
        if not exponent:
            return Fault("E_SCIENTIFIC")
        digits = body.replace(form.decimal, ".")
    else:
        return _why_not(body, money=money)
    value = _EXACT.multiply(_EXACT.create_decimal(digits), form.scale)
    return (-value if negative or sign == "-" else value), codes


def _ascii(text: str, form: NumberFormat, codes: list[str]) -> str | None:
    """Write digits of other scripts, full-width signs and other minus signs plainly; ``None`` where scripts mix."""
    if text.isascii():
        return text
    symbols = {character for symbol in form.symbols for character in symbol}
    written, zeros = [], set()
    for character in text:
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            zeros.add(ord(character) - digit)
            if ord(character) > 127:
                codes.append("R_WIDTH" if "\uff10" <= character <= "\uff19" else "R_DIGITS")
            written.append(str(digit))
        elif character in symbols:
            written.append(character)
        elif character in _MINUS_SIGNS:
            codes.append("R_MINUS")
            written.append("-")
        elif character == "\u066b":  # the Arabic decimal separator is nothing else
            codes.append("R_DIGITS")
            written.append(form.decimal)
        elif "\uff01" <= character <= "\uff5e" or "\uffe0" <= character <= "\uffe6":
            codes.append("R_WIDTH")
            written.append(unicodedata.normalize("NFKC", character))
        else:
            written.append(character)
    return "".join(written) if len(zeros) <= 1 else None


def _take_sign(text: str, form: NumberFormat, codes: list[str]) -> tuple[str, str] | None:
    """Take sign and symbol from both ends; ``None`` where one of them stands twice."""
    sign = symbol = ""
    while True:
        if text[:1] in ("-", "+") and text:
            if sign:
                return None
            sign, rest = text[0], text[1:]
        elif (found := next((s for s in form.signs if text.startswith(s)), None)) is not None:
            if symbol:
                return None
            symbol, rest = found, text[len(found) :]
        elif text[-1:] == "-":
            if sign:
                return None
            codes.append("R_MINUS")
            sign, rest = "-", text[:-1]
        elif (found := next((s for s in form.signs if text.endswith(s)), None)) is not None:
            if symbol:
                return None
            symbol, rest = found, text[: -len(found)]
        else:
            return text, sign
        text = trimmed(rest)


def _why_not(text: str, *, money: bool) -> Fault:
    """Say what is wrong with a text that is no number by the study file."""
    bare = text.strip("+-() ")
    if _NOT_FINITE.fullmatch(bare):
        return Fault("E_NOT_FINITE")
    if bare.isdigit() or not any("0" <= character <= "9" for character in bare):  # a sign twice, or no digit
        return Fault("E_NUMBER")
    without = _MONEY_WORDS.sub("", "".join(c for c in bare if unicodedata.category(c) != "Sc"), count=1)
    if money and without != bare and re.fullmatch(r"[0-9.,' \u00a0\u202f\u2009\u2019-]+", without):
        return Fault("E_CURRENCY")
    if re.fullmatch(r"[0-9][0-9.,' \u00a0\u202f\u2009\u2019\u066c]*", bare):
        return Fault("E_SEPARATOR")
    return Fault("E_NUMBER")


__all__ = [
    "DUST",
    "LARGEST_MONEY",
    "NumberFormat",
    "money_of",
    "read_integer",
    "read_money",
    "read_number",
    "read_share",
    "without_dust",
]

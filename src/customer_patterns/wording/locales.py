"""What a language does with digits: separators, percent, large numbers, dates, hours and the words for units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Locale:
    """How one language writes figures. Texts with ``{}`` take the digits.

    ``scales`` are the words for large numbers, largest first; ``span`` joins the ends of an interval and
    ``signed_span`` those of one that begins below zero, where a dash would read as a minus.
    ``units`` maps a unit's name in code to its word for one and for several.
    """

    percent: str
    scales: tuple[tuple[Decimal, str], ...]
    counted: str
    span: str
    signed_span: str
    code: str
    day: Callable[[date], str]
    month: Callable[[date], str]
    period: Callable[[date, date], str]
    hour: Callable[[int], str]
    weekdays: tuple[str, ...]
    booleans: tuple[str, str]
    units: dict[str, tuple[str, str]]


def _english_day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _english_period(first: date, last: date) -> str:
    if first == last:
        return _english_day(first)
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} to {_english_day(last)}"
    return f"{_english_day(first)} to {_english_day(last)}"


def _english_hour(hour: int) -> str:
    if hour % 12 == 0:
        return "noon" if hour else "midnight"
    return f"{hour % 12} {'a.m.' if hour < 12 else 'p.m.'}"


def _chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _chinese_period(first: date, last: date) -> str:
    if first == last:
        return _chinese_day(first)
    end = f"{last.month}月{last.day}日" if first.year == last.year else _chinese_day(last)
    return f"{_chinese_day(first)}至{end}"


#: One and several. A unit that is not here is printed as it stands, which is right for plurals of two and more.
_ENGLISH_UNITS = {
    plural: (singular, plural)
    for singular, plural in (
        ("answer", "answers"),
        ("basket", "baskets"),
        ("brand", "brands"),
        ("campaign", "campaigns"),
        ("category", "categories"),
        ("column", "columns"),
        ("coupon", "coupons"),
        ("coupon redemption", "coupon redemptions"),
        ("day", "days"),
        ("department", "departments"),
        ("gap", "gaps"),
        ("group", "groups"),
        ("hour", "hours"),
        ("line", "lines"),
        ("minute", "minutes"),
        ("month", "months"),
        ("order", "orders"),
        ("order line", "order lines"),
        ("percentage point", "percentage points"),
        ("product", "products"),
        ("product type", "product types"),
        ("promotion", "promotions"),
        ("record", "records"),
        ("row", "rows"),
        ("rule", "rules"),
        ("second", "seconds"),
        ("source", "sources"),
        ("store", "stores"),
        ("table", "tables"),
        ("unit", "units"),
        ("value", "values"),
        ("visit", "visits"),
        ("week", "weeks"),
        ("year", "years"),
    )
}

_CHINESE_UNITS = {
    plural: (word, word)
    for plural, word in (
        ("answers", "份答卷"),
        ("baskets", "个购物篮"),
        ("days", "天"),
        ("hours", "小时"),
        ("lines", "行"),
        ("minutes", "分钟"),
        ("months", "个月"),
        ("order lines", "条订单行"),
        ("orders", "笔订单"),
        ("percentage points", "个百分点"),
        ("products", "种商品"),
        ("rows", "行"),
        ("seconds", "秒"),
        ("stores", "家门店"),
        ("weeks", "周"),
        ("years", "年"),
    )
}

LOCALES: dict[str, Locale] = {
    "en": Locale(
        percent="{}" + NARROW_SPACE + "%",
        scales=((Decimal(10) ** 9, " billion"), (Decimal(10) ** 6, " million")),
        counted="{} {}",
        span="{}–{}",
        signed_span="{} to {}",
        code="{}" + NO_BREAK_SPACE + "{}",
        day=_english_day,
        month=lambda day: f"{_MONTHS[day.month - 1]} {day.year}",
        period=_english_period,
        hour=_english_hour,
        weekdays=_WEEKDAYS,
        booleans=("no", "yes"),
        units=_ENGLISH_UNITS,
    ),
    "zh": Locale(
        percent="{}%",
        scales=((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
        counted="{}{}",
        span="{}–{}",
        signed_span="{}至{}",
        code="{}" + NO_BREAK_SPACE + "{}",
        day=_chinese_day,
        month=lambda day: f"{day.year}年{day.month}月",
        period=_chinese_period,
        hour=lambda hour: f"{hour}时",
        weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
        booleans=("否", "是"),
        units=_CHINESE_UNITS,
    ),
}

#: What stands before an amount. Other currencies are shown by their code.
SYMBOLS: dict[str, str] = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "C$",
    "CNY": "¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "MXN": "MX$",
    "NZD": "NZ$",
    "SGD": "S$",
    "TWD": "NT$",
    "USD": "$",
}

#: Currencies without cents.
WHOLE_CURRENCIES = frozenset({"CLP", "ISK", "JPY", "KRW", "VND"})

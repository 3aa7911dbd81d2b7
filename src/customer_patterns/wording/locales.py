"""What a language does with digits: separators, percent, large numbers, dates, hours and the words for units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
#: Between Chinese and Latin. The font of the charts has no thinner space.
THIN_SPACE = NARROW_SPACE

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Locale:
    """How one language writes figures. Texts with ``{}`` take the digits.

    ``scales`` are the words for large numbers, largest first; ``span`` joins the ends of an interval and
    ``signed_span`` those of one that begins below zero, where a dash would read as a minus.
    ``aside`` puts something in brackets behind a text, ``comma`` joins the parts of a line.
    ``units`` maps a unit's name in code to its word for one and for several; ``counters`` to what stands between a
    number and that word, where a language needs a measure word.
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
    aside: str = "{} ({})"
    comma: str = ", "
    counters: dict[str, str] = field(default_factory=dict)


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
        ("agent", "agents"),
        ("answer", "answers"),
        ("alert", "alerts"),
        ("basket", "baskets"),
        ("bit", "bits"),
        ("brand", "brands"),
        ("browser", "browsers"),
        ("call", "calls"),
        ("caller", "callers"),
        ("campaign", "campaigns"),
        ("category", "categories"),
        ("column", "columns"),
        ("comparison", "comparisons"),
        ("contact", "contacts"),
        ("contract", "contracts"),
        ("copy", "copies"),
        ("coupon", "coupons"),
        ("coupon redemption", "coupon redemptions"),
        ("date", "dates"),
        ("key figure", "key figures"),
        ("lead time", "lead times"),
        ("day", "days"),
        ("department", "departments"),
        ("dimension", "dimensions"),
        ("event", "events"),
        ("feedback text", "feedback texts"),
        ("finding", "findings"),
        ("gap", "gaps"),
        ("group", "groups"),
        ("hour", "hours"),
        ("invitation", "invitations"),
        ("item", "items"),
        ("line", "lines"),
        ("like", "likes"),
        ("mailing", "mailings"),
        ("move", "moves"),
        ("sequence", "sequences"),
        ("share", "shares"),
        ("minute", "minutes"),
        ("month", "months"),
        ("need", "needs"),
        ("opportunity", "opportunities"),
        ("order", "orders"),
        ("order line", "order lines"),
        ("pair", "pairs"),
        ("pair of records", "pairs of records"),
        ("profile", "profiles"),
        ("phrase", "phrases"),
        ("percentage point", "percentage points"),
        ("point", "points"),
        ("product", "products"),
        ("purchase", "purchases"),
        ("product type", "product types"),
        ("promotion", "promotions"),
        ("question", "questions"),
        ("record", "records"),
        ("response", "responses"),
        ("row", "rows"),
        ("rule", "rules"),
        ("second", "seconds"),
        ("segment", "segments"),
        ("kind of intervals", "kinds of intervals"),
        ("simulated set", "simulated sets"),
        ("series", "series"),
        ("set", "sets"),
        ("signal", "signals"),
        ("improvement", "improvements"),
        ("source", "sources"),
        ("star", "stars"),
        ("store", "stores"),
        ("table", "tables"),
        ("text", "texts"),
        ("theme", "themes"),
        ("topic", "topics"),
        ("unit", "units"),
        ("value", "values"),
        ("visit", "visits"),
        ("visitor", "visitors"),
        ("writer", "writers"),
        ("journey", "journeys"),
        ("message", "messages"),
        ("page view", "page views"),
        ("touch", "touches"),
        ("tag", "tags"),
        ("weighting", "weightings"),
        ("use", "uses"),
        ("wave", "waves"),
        ("week", "weeks"),
        ("year", "years"),
    )
}

#: What a unit is called, and its measure word.
_CHINESE_UNITS = {
    "agents": ("客服", "位"),
    "answers": ("回答", "份"),
    "baskets": ("购物篮", "个"),
    "brands": ("品牌", "个"),
    "callers": ("来电者", "位"),
    "calls": ("来电", "次"),
    "campaigns": ("活动", "项"),
    "categories": ("品类", "个"),
    "columns": ("列", ""),
    "comparisons": ("比较", "次"),
    "contacts": ("服务接触", "次"),
    "contracts": ("合同", "份"),
    "copies": ("副本", "份"),
    "coupon redemptions": ("优惠券核销", "次"),
    "coupons": ("优惠券", "张"),
    "dates": ("日期", "个"),
    "key figures": ("关键指标", "项"),
    "lead times": ("补货周期", "个"),
    "days": ("天", ""),
    "departments": ("部门", "个"),
    "dimensions": ("维度", "个"),
    "events": ("事件", "个"),
    "themes": ("主题", "个"),
    "needs": ("需求", "项"),
    "times": ("次", ""),
    "feedback texts": ("反馈文本", "条"),
    "findings": ("发现", "项"),
    "gaps": ("间隔", "个"),
    "groups": ("组", ""),
    "hours": ("小时", ""),
    "invitations": ("邀请", "份"),
    "items": ("题目", "道"),
    "lines": ("行", ""),
    "likes": ("点赞", "个"),
    "mailings": ("邮寄", "次"),
    "moves": ("变动", "次"),
    "sequences": ("序列", "个"),
    "shares": ("转发", "次"),
    "minutes": ("分钟", ""),
    "months": ("月", "个"),
    "opportunities": ("商机", "个"),
    "alerts": ("预警", "个"),
    "order lines": ("订单行", "条"),
    "orders": ("订单", "笔"),
    "pairs": ("组合", "对"),
    "bits": ("比特", ""),
    "browsers": ("浏览器", "个"),
    "pairs of records": ("记录", "对"),
    "profiles": ("档案", "份"),
    "phrases": ("短语", "个"),
    "percentage points": ("百分点", "个"),
    "points": ("分", ""),
    "product types": ("商品类型", "个"),
    "products": ("商品", "种"),
    "purchases": ("购买", "次"),
    "promotions": ("促销", "次"),
    "questions": ("问题", "个"),
    "records": ("记录", "条"),
    "redemptions": ("核销", "次"),
    "responses": ("答卷", "份"),
    "rows": ("行", ""),
    "rules": ("规则", "条"),
    "scores": ("得分", "个"),
    "seconds": ("秒", ""),
    "segments": ("客群", "个"),
    "kinds of intervals": ("区间", "种"),
    "simulated sets": ("模拟数据", "组"),
    "series": ("序列", "条"),
    "sets": ("组合", "个"),
    "sources": ("来源", "个"),
    "signals": ("信号", "个"),
    "improvements": ("改进", "项"),
    "stars": ("星", ""),
    "stores": ("门店", "家"),
    "tables": ("表", "张"),
    "texts": ("文本", "条"),
    "topics": ("主题", "个"),
    "journeys": ("旅程", "段"),
    "messages": ("邮件", "封"),
    "page views": ("页面浏览", "次"),
    "touches": ("触点", "个"),
    "tags": ("标签", "个"),
    "weightings": ("权重组合", "组"),
    "uses": ("使用", "次"),
    "trials": ("试验", "项"),
    "replicates": ("重复", "次"),
    "files": ("文件", "个"),
    "persons": ("人", ""),
    "reasons": ("原因", "个"),
    "units": ("件", ""),
    "values": ("取值", "个"),
    "visitors": ("访客", "位"),
    "visits": ("访问", "次"),
    "writers": ("作者", "位"),
    "waves": ("轮次", "个"),
    "weeks": ("周", ""),
    "years": ("年", ""),
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
        scales=((Decimal(10) ** 8, THIN_SPACE + "亿"), (Decimal(10) ** 4, THIN_SPACE + "万")),
        counted="{}" + THIN_SPACE + "{}",
        span="{}–{}",
        signed_span="{} 至 {}",
        code="{}" + NO_BREAK_SPACE + "{}",
        day=_chinese_day,
        month=lambda day: f"{day.year}年{day.month}月",
        period=_chinese_period,
        hour=lambda hour: f"{hour}时",
        weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
        booleans=("否", "是"),
        units={unit: (word, word) for unit, (word, _) in _CHINESE_UNITS.items()},
        aside="{}（{}）",
        comma="，",
        counters={unit: counter for unit, (_, counter) in _CHINESE_UNITS.items()},
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

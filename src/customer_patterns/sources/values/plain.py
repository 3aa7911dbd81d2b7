"""The fast path: SQL that reads plain values, and only those, exactly as the converters of single values do.

What an expression here does not accept is ``NULL`` and goes through Python, once per distinct value. So an expression
may accept too little, which costs time, but never anything that :meth:`Reading.read` would repair, refuse or read as
something else; a property test holds one against the other.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

import ibis.expr.datatypes as dt

from customer_patterns.schemas.table import SQL_TYPES
from customer_patterns.sources.values.numbers import DUST
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.sources.values.plain_moments import date, in_calendar, timestamp, wall_to_moment
from customer_patterns.sources.values.plain_numbers import integer, money, number, power
from customer_patterns.sources.values.reading import BOOLEANS, EXACT_FLOAT, Reading
from customer_patterns.sources.values.sql import literal, matches, when
from customer_patterns.sources.values.steps import Steps

_MOST_WORDS = 500
_KEY = "[0-9A-Za-z_:/#@一-鿿-]+"
_CHINESE = "一-鿿、。，！？；：（）《》【】￥·"


def plain_value(reading: Reading, raw: str, kind: dt.DataType, steps: Steps) -> str:
    """Return SQL for a delivered column's plain values.

    Parameters
    ----------
    reading
        How the column is read.
    raw
        SQL of the delivered column.
    kind
        Its type as delivered.
    steps
        Where expressions that are used more than once get a name.

    Returns
    -------
    str
        SQL of the column's kind: the value where it is plain, ``NULL`` where it is not, or is not given.
    """
    value = None
    if not reading.pseudonym:
        value = _from_text(reading, raw, steps) if kind.is_string() else _from_typed(reading, raw, kind, steps)
    wanted = SQL_TYPES[reading.column.kind]
    if value is None:
        return f"CAST(NULL AS {wanted})"
    return f"CAST({_allowed(reading, value, steps)} AS {wanted})"


def not_given(reading: Reading, raw: str, kind: dt.DataType) -> str:
    """Return SQL that says where a value of a column that may be empty is plainly not given."""
    if not reading.column.nullable:
        return "FALSE"
    if not kind.is_string() or not reading.missing:
        return f"({raw} IS NULL)"
    return f"({raw} IS NULL OR {raw} IN ({', '.join(map(literal, reading.missing))}))"


def _allowed(reading: Reading, value: str, steps: Steps) -> str:
    """Only values that the column may have."""
    if not reading.column.levels:
        return value
    value = steps.named(value)
    return when(f"{value} IN ({', '.join(map(literal, reading.column.levels))})", value)


def _from_text(reading: Reading, raw: str, steps: Steps) -> str | None:
    if reading.values is not None:
        return _word(reading, raw)
    value = _text_by_sort(reading, raw, steps)
    given = [text for text in reading.missing if text]
    if value is None or not given:
        return value
    return f"CASE WHEN {raw} NOT IN ({', '.join(map(literal, given))}) THEN {value} END"


def _text_by_sort(reading: Reading, raw: str, steps: Steps) -> str | None:
    match reading.sort:
        case "id":
            return when(matches(raw, _KEY), raw)
        case "level":
            return when(_plain_text(raw, ""), raw)
        case "text":
            return when(_plain_text(raw, r"\n\r\t"), raw)
        case "money":
            return money(raw, reading.numbers, steps)
        case "integer":
            return integer(raw, reading.numbers, steps)
        case "number":
            return number(raw, reading.numbers, steps)
        case "share":
            value = number(raw, reading.numbers, steps)
            return value and when(f"{steps.named(value)} BETWEEN 0 AND 1", steps.named(value))
        case "boolean":
            return _boolean(raw)
        case "week":
            return when(matches(raw, "[0-9]{1,4}"), _week(reading, f"TRY_CAST({raw} AS INTEGER)"))
        case "date":
            return date(raw, reading.moments, steps)
        case "timestamp":
            return timestamp(raw, reading.moments, steps)


def _word(reading: Reading, raw: str) -> str | None:
    """A list of words: what the delivery's words are called here, and those that are called so already."""
    if len(reading.values) > _MOST_WORDS:
        return None
    branches = []
    for word in dict.fromkeys([*reading.values, *reading.values.values()]):
        found = reading.read(word)
        if not (found is None or isinstance(found, Fault | Repaired)):
            branches.append(f"WHEN {literal(word)} THEN {_typed(found, reading.column.kind)}")
    return f"CASE {raw} {' '.join(branches)} END" if branches else None


def _typed(value: object, kind: str) -> str:
    text = repr(value) if isinstance(value, float) else str(value)
    return f"CAST({literal(text)} AS {SQL_TYPES[kind]})"


def _plain_text(raw: str, inner: str) -> str:
    """Printable ASCII or Chinese, without spaces around it, that cannot be UTF-8 read as something else."""
    ascii_only = matches(raw, f"[!-~]|[!-~][ -~{inner}]*[!-~]")
    chinese = matches(raw, f"[!-~{_CHINESE}]|[!-~{_CHINESE}][ -~{inner}{_CHINESE}]*[!-~{_CHINESE}]")
    # a CASE, because both sides of an OR are computed for all rows
    seldom = f"regexp_matches({raw}, {literal(_seldom())})"
    return f"CASE WHEN {ascii_only} THEN TRUE WHEN {chinese} THEN NOT {seldom} ELSE FALSE END"


@lru_cache
def _seldom() -> str:
    """The letters of which one at least stands in any UTF-8 text that was read as GBK.

    Its second byte pair begins with the last byte of a Chinese letter (80–BF) and goes on with the first byte of the
    next (E3–EF) or with ASCII (40–7E).
    """
    letters = []
    for first in range(0x81, 0xC0):
        for second in (*range(0x40, 0x7F), *range(0xE3, 0xF0)):
            letter = bytes([first, second]).decode("gb18030", "ignore")
            if len(letter) == 1 and "一" <= letter <= "鿿":
                letters.append(letter)
    return f"[{''.join(sorted(letters))}]"


def _boolean(raw: str) -> str:
    def written(wanted: bool) -> str:
        words = [
            form for word, truth in BOOLEANS.items() if truth is wanted for form in (word, word.title(), word.upper())
        ]
        return ", ".join(literal(word) for word in dict.fromkeys(words))

    return f"CASE WHEN {raw} IN ({written(True)}) THEN TRUE WHEN {raw} IN ({written(False)}) THEN FALSE END"


def _week(reading: Reading, number: str) -> str:
    return f"CAST(DATE '{reading.week_one}' + 7 * ({number} - 1) AS DATE)"


# Columns that come in a type of their own


def _from_typed(reading: Reading, raw: str, kind: dt.DataType, steps: Steps) -> str | None:
    if reading.values is not None or any(text.strip() for text in reading.missing):
        return None  # the contract's words are texts; they are looked up once per distinct value
    if kind.is_boolean():
        return raw if reading.sort == "boolean" else None
    if kind.is_date() or kind.is_timestamp():
        return _from_moment(reading, raw, kind, steps)
    if not kind.is_numeric():
        return None
    match reading.sort:
        case "id" | "level":
            return f"CAST({raw} AS VARCHAR)" if kind.is_integer() else None
        case "integer" if reading.numbers.scale == 1:
            whole = steps.named(f"TRY_CAST({raw} AS BIGINT)")
            return (
                whole
                if kind.is_integer()
                else when(f"{whole} = {raw} AND {raw} BETWEEN -{EXACT_FLOAT - 1} AND {EXACT_FLOAT - 1}", whole)
            )
        case "money":
            return _money_of_number(reading.numbers.scale, raw, kind, steps)
        case "number" | "share" if reading.numbers.scale == 1:
            value = f"CAST({raw} AS DOUBLE)" if kind.is_floating() else f"CAST(CAST({raw} AS VARCHAR) AS DOUBLE)"
            value = steps.named(f"CASE WHEN {value} = 0 THEN 0 WHEN isfinite({value}) THEN {value} END")
            return value if reading.sort == "number" else f"CASE WHEN {value} BETWEEN 0 AND 1 THEN {value} END"
        case "boolean" if kind.is_integer():
            return f"CASE {raw} WHEN 1 THEN TRUE WHEN 0 THEN FALSE END"
        case "week" if kind.is_integer():
            return when(f"{raw} BETWEEN 1 AND 9999", _week(reading, f"CAST({raw} AS INTEGER)"))
        case "timestamp" if kind.is_integer() and len(reading.moments.dates) == 1:
            return timestamp(steps.named(f"CAST({raw} AS VARCHAR)"), reading.moments, steps)
    return None


def _money_of_number(scale: Decimal, raw: str, kind: dt.DataType, steps: Steps) -> str | None:
    if scale != 1:
        units, decimals = power(scale)
        if not kind.is_integer() or units > 1000 or decimals > 2:
            return None
        factor = f"CAST({literal(format(scale, 'f'))} AS DECIMAL({max(len(str(units)), decimals) + 1}, {decimals}))"
        return when(
            f"{raw} BETWEEN -1000000000000 AND 1000000000000",
            f"CAST(CAST({raw} AS DECIMAL(15, 0)) * {factor} AS DECIMAL(18, 2))",
        )
    value = steps.named(f"TRY_CAST({raw} AS DECIMAL(18, 2))")
    if kind.is_floating():  # half of what is dust: the cent is none of the binary numbers, and the nearest one is used
        dust = f"abs(CAST({value} AS DOUBLE) - CAST({raw} AS DOUBLE)) < {float(DUST) / 2}"
        return when(f"{dust} AND {raw} BETWEEN -1e12 AND 1e12", value)
    return value if kind.is_integer() else when(f"{value} = {raw}", value)


def _from_moment(reading: Reading, raw: str, kind: dt.DataType, steps: Steps) -> str | None:
    zone = reading.moments.clock.zone
    if reading.sort not in ("date", "timestamp"):
        return None
    if kind.is_timestamp() and kind.timezone is not None:
        moment = steps.named(f"timezone('UTC', CAST({raw} AS TIMESTAMPTZ))")
        return when(in_calendar(moment), moment) if reading.sort == "timestamp" else None
    wall = steps.named(f"TRY_CAST({raw} AS TIMESTAMP)")
    if reading.sort == "timestamp":
        return wall_to_moment(wall, zone)
    day = f"CAST({raw} AS DATE)"
    return when(f"{in_calendar(wall)} AND CAST({day} AS TIMESTAMP) = {wall}", day)

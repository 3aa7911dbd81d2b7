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
from customer_patterns.sources.values import moments
from customer_patterns.sources.values.numbers import DUST, NumberFormat
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.sources.values.reading import BOOLEANS, EXACT_FLOAT, Reading
from customer_patterns.sources.values.steps import Steps
from customer_patterns.sources.values.zones import FIRST, LAST, Piece, pieces

_MOST_WORDS = 500
_KEY = "[0-9A-Za-z_:/#@一-鿿-]+"
_CHINESE = "一-鿿、。，！？；：（）《》【】￥·"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[T ](?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_OFFSET = "(?:Z|[+-](?:0[0-9]|1[01]):?(?:00|30|45))"
_FAST_DIRECTIVES = frozenset("YmdHMSfIpby")


def quoted(name: str) -> str:
    """Write a column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Write a text as SQL."""
    return "'" + text.replace("'", "''") + "'"


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
    return _if(f"{value} IN ({', '.join(map(literal, reading.column.levels))})", value)


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
            return _if(_matches(raw, _KEY), raw)
        case "level":
            return _if(_plain_text(raw, ""), raw)
        case "text":
            return _if(_plain_text(raw, r"\n\r\t"), raw)
        case "money":
            return _money(raw, reading.numbers, steps)
        case "integer":
            return _integer(raw, reading.numbers, steps)
        case "number":
            return _number(raw, reading.numbers, steps)
        case "share":
            value = _number(raw, reading.numbers, steps)
            return value and _if(f"{steps.named(value)} BETWEEN 0 AND 1", steps.named(value))
        case "boolean":
            return _boolean(raw)
        case "week":
            return _if(_matches(raw, "[0-9]{1,4}"), _week(reading, f"TRY_CAST({raw} AS INTEGER)"))
        case "date":
            return _date(raw, reading.moments, steps)
        case "timestamp":
            return _timestamp(raw, reading.moments, steps)


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


def _if(condition: str, value: str) -> str:
    return f"CASE WHEN {condition} THEN {value} END"


def _matches(raw: str, pattern: str) -> str:
    return f"regexp_full_match({raw}, {literal(pattern)})"


def _plain_text(raw: str, inner: str) -> str:
    """Printable ASCII or Chinese, without spaces around it, that cannot be UTF-8 read as something else."""
    ascii_only = _matches(raw, f"[!-~]|[!-~][ -~{inner}]*[!-~]")
    chinese = _matches(raw, f"[!-~{_CHINESE}]|[!-~{_CHINESE}][ -~{inner}{_CHINESE}]*[!-~{_CHINESE}]")
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


# Numbers


def _written(raw: str, form: NumberFormat, decimals: int, digits: int) -> tuple[str, str] | None:
    """Where a text is a plain number in a format, and the same number as DuckDB writes it; ``None``: a slow one."""
    if any(character.isdigit() or character in "+-()" for symbol in form.symbols for character in symbol):
        return None
    point, group = _class(form.decimal), _class(form.thousands) if form.thousands else ""
    whole = f"[0-9]{{1,{digits}}}"
    if group:
        whole = f"(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}}){{1,{digits // 3 - 1}}}|{whole})"
    body = f"{whole}(?:{point}[0-9]{{1,{decimals}}})?" if decimals else f"{whole}(?:{point}0{{1,9}})?"
    pattern = f"-?{body}"
    text = raw
    if form.signs:
        symbol = "(?:" + "|".join("".join(map(_class, sign)) for sign in form.signs) + ")"
        pattern = f"-?(?:{symbol} ?)?{body}|-?{body} ?{symbol}"
        for sign in form.signs:
            text = f"replace({text}, {literal(sign)}, '')"
        text = f"replace({text}, ' ', '')"
    if form.thousands:
        text = f"replace({text}, {literal(form.thousands)}, '')"
    if form.decimal != ".":
        text = f"replace({text}, {literal(form.decimal)}, '.')"
    return _matches(raw, pattern), text


def _class(character: str) -> str:
    """One character for a regular expression."""
    return f"\\{character}" if character in r"\.^$*+?{}[]|()-" else character


def _is_default(form: NumberFormat) -> bool:
    return form.decimal == "." and not form.thousands and form.scale == 1


def _power(scale: Decimal) -> tuple[int, int]:
    """A scale as ``units / 10 ** decimals``."""
    _, digits, exponent = scale.normalize().as_tuple()
    units = int("".join(map(str, digits)))
    return (units, -exponent) if exponent < 0 else (units * 10**exponent, 0)


def _money(raw: str, form: NumberFormat, steps: Steps) -> str | None:
    units, decimals = _power(form.scale)
    if units > 1000 or decimals > 2:
        return None
    left = 2 - decimals
    written = _written(raw, form, left, 15 if form.scale == 1 else 12)
    if written is None:
        return None
    condition, text = written
    if form.scale == 1:
        value = f"TRY_CAST({text} AS DECIMAL(18, 2))"
    else:
        scale = f"CAST({literal(format(form.scale, 'f'))} AS DECIMAL({max(len(str(units)), decimals) + 1}, {decimals}))"
        value = f"CAST(TRY_CAST({text} AS DECIMAL(15, {left})) * {scale} AS DECIMAL(18, 2))"
    if _is_default(form):  # mostly as DuckDB would write it, which is quicker to see
        as_is = steps.named(f"TRY_CAST({raw} AS DECIMAL(18, 2))")
        return f"CASE WHEN CAST({as_is} AS VARCHAR) = {raw} THEN {as_is} WHEN {condition} THEN {value} END"
    return _if(condition, value)


def _integer(raw: str, form: NumberFormat, steps: Steps) -> str | None:
    units, decimals = _power(form.scale)
    if units > 1000 or decimals:
        return None
    condition, text = _written(raw, NumberFormat(form.decimal, form.thousands), 0, 15)
    value = f"CAST(TRY_CAST({text} AS DECIMAL(38, 9)) AS BIGINT)"
    if _is_default(form):
        as_is = steps.named(f"TRY_CAST({raw} AS BIGINT)")
        return f"CASE WHEN CAST({as_is} AS VARCHAR) = {raw} THEN {as_is} WHEN {condition} THEN {value} END"
    return _if(condition, f"{value} * {units}")


def _number(raw: str, form: NumberFormat, steps: Steps) -> str | None:
    units, decimals = _power(form.scale)
    bare = NumberFormat(form.decimal, form.thousands)
    if form.scale == 1:
        condition, text = _written(raw, bare, 15, 15)
        value = steps.named(f"TRY_CAST({text} AS DOUBLE)")
        return _if(condition, f"CASE WHEN {value} = 0 THEN 0 ELSE {value} END")
    if units != 1 or decimals > 12:
        return None
    # fifteen digits are exact as a binary number, and so is the power of ten: one division, rounded once
    condition, text = _written(raw, bare, 6, 9)
    counted = f"CAST(CAST(CAST(TRY_CAST({text} AS DECIMAL(15, 6)) AS DECIMAL(28, 6)) * 1000000 AS BIGINT) AS DOUBLE)"
    return _if(condition, f"{counted} / {float(10 ** (6 + decimals))!r}::DOUBLE")


def _boolean(raw: str) -> str:
    def written(wanted: bool) -> str:
        words = [
            form for word, truth in BOOLEANS.items() if truth is wanted for form in (word, word.title(), word.upper())
        ]
        return ", ".join(literal(word) for word in dict.fromkeys(words))

    return f"CASE WHEN {raw} IN ({written(True)}) THEN TRUE WHEN {raw} IN ({written(False)}) THEN FALSE END"


def _week(reading: Reading, number: str) -> str:
    return f"CAST(DATE '{reading.week_one}' + 7 * ({number} - 1) AS DATE)"


# Days and moments


def _in_calendar(wall: str) -> str:
    """A wall-clock time or a day that is no sentinel and lies where zones are cut into pieces."""
    return (
        f"{wall} >= TIMESTAMP '{FIRST}' AND {wall} < TIMESTAMP '{LAST}' "
        f"AND NOT {wall} BETWEEN TIMESTAMP '1970-01-01' AND TIMESTAMP '1970-01-01 23:59:59.999999'"
    )


def _wall_to_moment(wall: str, zone: str) -> str:
    """A wall-clock time as a moment in UTC: the offset is looked up in the zone's pieces by halves."""
    cut = pieces(zone)
    shift = _halves(wall, cut)
    moment = wall if cut == (Piece(FIRST, LAST, cut[0].offset),) and not cut[0].offset else None
    return _if(_in_calendar(wall), moment or f"make_timestamp(epoch_us({wall}) - {shift})")


def _halves(wall: str, cut: tuple[Piece, ...]) -> str:
    if len(cut) == 1:
        offset = cut[0].offset
        return "NULL" if offset is None else f"{round(offset.total_seconds() * 1_000_000)}"
    middle = len(cut) // 2
    return (
        f"CASE WHEN {wall} < TIMESTAMP '{cut[middle].start}' THEN {_halves(wall, cut[:middle])} "
        f"ELSE {_halves(wall, cut[middle:])} END"
    )


def _timestamp(raw: str, form: moments.MomentFormat, steps: Steps) -> str | None:
    wall = _wall(raw, form, steps, days_only=False)
    local = wall and _wall_to_moment(steps.named(wall), form.clock.zone)
    if len(form.dates) > 1:
        return local
    match form.dates[0]:
        case "epoch_s":
            count = f"TRY_CAST({raw} AS BIGINT)"
            return _window(_matches(raw, "[0-9]{9,10}"), f"make_timestamp({count} * 1000000)", "epoch_s")
        case "epoch_ms":
            count = f"TRY_CAST({raw} AS BIGINT)"
            return _window(_matches(raw, "[0-9]{12,13}"), f"make_timestamp({count} * 1000)", "epoch_ms")
        case "iso":
            said = f"{_matches(raw, _DAY + _CLOCK + _OFFSET)} AND {_matches(raw, '(?:19[0-68-9]|20)[0-9].*')}"
            moment = f"timezone('UTC', TRY_CAST({raw} AS TIMESTAMPTZ))"
            far = f"{moment} >= TIMESTAMP '{FIRST}' AND left({raw}, 10) <> '1900-01-01'"
            return f"CASE WHEN {steps.named(wall)} IS NOT NULL THEN {local} WHEN {said} AND {far} THEN {moment} END"
    return local


def _window(condition: str, moment: str, unit: str) -> str:
    start, end = moments.COUNTED_FROM[unit], moments.COUNTED_UNTIL
    # one CASE within the other: both sides of an AND are computed for all rows, and far counts overflow
    return _if(condition, _if(f"{moment} >= TIMESTAMP '{start}' AND {moment} < TIMESTAMP '{end}'", moment))


def _date(raw: str, form: moments.MomentFormat, steps: Steps) -> str | None:
    wall = _wall(raw, form, steps, days_only=True)
    return wall and _if(_in_calendar(steps.named(wall)), f"CAST({steps.named(wall)} AS DATE)")


def _wall(raw: str, form: moments.MomentFormat, steps: Steps, *, days_only: bool) -> str | None:
    """What the listed formats read as a wall-clock time: where just one of them reads the text, or all agree."""
    read = {name: _wall_of(raw, name, form, steps, days_only=days_only) for name in form.dates}
    if len(read) == 1:
        return next(iter(read.values()))
    read = {name: wall and steps.named(wall) for name, wall in read.items()}
    walls = [wall for wall in read.values() if wall]
    if not walls:
        return None
    tests = []
    for name, wall in read.items():
        pattern = {"iso": moments.ISO_PATTERN}.get(name) or (
            moments.COUNT_PATTERN if name in moments.COUNTED_FROM else moments.compiled(name)[0]
        )
        tests.append(f"(NOT {_matches(raw, pattern)}" + (f" OR {wall} IS NOT NULL)" if wall else ")"))
    first = steps.named(f"coalesce({', '.join(walls)})")
    tests += [f"coalesce({wall} = {first}, TRUE)" for wall in walls]
    return _if(" AND ".join(tests), first)


def _wall_of(raw: str, name: str, form: moments.MomentFormat, steps: Steps, *, days_only: bool) -> str | None:
    """What one format reads as a wall-clock time; ``None`` where it is not for the fast path."""
    match name:
        case "iso":
            day = steps.named(f"TRY_CAST({raw} AS DATE)") if days_only else ""
            return (
                _if(f"CAST({day} AS VARCHAR) = {raw}", f"CAST({day} AS TIMESTAMP)")
                if days_only
                else _iso_wall(raw, steps)
            )
        case "epoch_s" | "epoch_ms":
            return None
        case "excel_serial":
            days = f"CAST(TRY_CAST({raw} AS DECIMAL(15, 10)) AS DECIMAL(28, 10))"
            if days_only:
                days = f"TRY_CAST({raw} AS INTEGER)"
                return _window(_matches(raw, "[0-9]{5}"), f"CAST(DATE '1899-12-30' + {days} AS TIMESTAMP)", name)
            since = f"epoch_us(TIMESTAMP '{moments.EXCEL_EPOCH}')"
            thousandths = f"CAST(round({days} * 86400000) AS BIGINT)"
            pattern = r"[0-9]{5}(?:\.[0-9]{1,10})?"
            return _window(_matches(raw, pattern), f"make_timestamp({since} + {thousandths} * 1000)", name)
    pattern, parts = moments.compiled(name)
    if set(parts) - _FAST_DIRECTIVES or (days_only and set(parts) - set("Ymdby")):
        return None
    if "y" in parts and form.pivot_year is None:
        return None
    duck = moments.expanded(name)
    fast = pattern.replace("[0-9]{1,9}", "[0-9]{1,6}").replace("(?:[AaPp][Mm]|上午|下午)", "[AP]M").replace("(", "(?:")
    fast = fast.replace("(?:?:", "(?:")
    wall = steps.named(f"try_strptime({raw}, {literal(duck)})")
    condition = _matches(raw, fast)
    if "y" in parts:
        century = f"(CASE WHEN year({wall}) % 100 < {form.pivot_year} THEN 2000 ELSE 1900 END)"
        condition = f"{condition} AND year({wall}) = {century} + year({wall}) % 100"
    return _if(condition, wall)


def _iso_wall(raw: str, steps: Steps) -> str:
    wall = steps.named(f"TRY_CAST({raw} AS TIMESTAMP)")
    pattern = f"{_DAY}(?:{_CLOCK})?"
    return f"CASE WHEN CAST({wall} AS VARCHAR) = {raw} THEN {wall} WHEN {_matches(raw, pattern)} THEN {wall} END"


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
                else _if(f"{whole} = {raw} AND {raw} BETWEEN -{EXACT_FLOAT - 1} AND {EXACT_FLOAT - 1}", whole)
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
            return _if(f"{raw} BETWEEN 1 AND 9999", _week(reading, f"CAST({raw} AS INTEGER)"))
        case "timestamp" if kind.is_integer() and len(reading.moments.dates) == 1:
            return _timestamp(steps.named(f"CAST({raw} AS VARCHAR)"), reading.moments, steps)
    return None


def _money_of_number(scale: Decimal, raw: str, kind: dt.DataType, steps: Steps) -> str | None:
    if scale != 1:
        units, decimals = _power(scale)
        if not kind.is_integer() or units > 1000 or decimals > 2:
            return None
        factor = f"CAST({literal(format(scale, 'f'))} AS DECIMAL({max(len(str(units)), decimals) + 1}, {decimals}))"
        return _if(
            f"{raw} BETWEEN -1000000000000 AND 1000000000000",
            f"CAST(CAST({raw} AS DECIMAL(15, 0)) * {factor} AS DECIMAL(18, 2))",
        )
    value = steps.named(f"TRY_CAST({raw} AS DECIMAL(18, 2))")
    if kind.is_floating():  # half of what is dust: the cent is none of the binary numbers, and the nearest one is used
        dust = f"abs(CAST({value} AS DOUBLE) - CAST({raw} AS DOUBLE)) < {float(DUST) / 2}"
        return _if(f"{dust} AND {raw} BETWEEN -1e12 AND 1e12", value)
    return value if kind.is_integer() else _if(f"{value} = {raw}", value)


def _from_moment(reading: Reading, raw: str, kind: dt.DataType, steps: Steps) -> str | None:
    zone = reading.moments.clock.zone
    if reading.sort not in ("date", "timestamp"):
        return None
    if kind.is_timestamp() and kind.timezone is not None:
        moment = steps.named(f"timezone('UTC', CAST({raw} AS TIMESTAMPTZ))")
        return _if(_in_calendar(moment), moment) if reading.sort == "timestamp" else None
    wall = steps.named(f"TRY_CAST({raw} AS TIMESTAMP)")
    if reading.sort == "timestamp":
        return _wall_to_moment(wall, zone)
    day = f"CAST({raw} AS DATE)"
    return _if(f"{_in_calendar(wall)} AND CAST({day} AS TIMESTAMP) = {wall}", day)

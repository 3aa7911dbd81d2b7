"""SQL that reads plain numbers in the contract's formats; see :mod:`~.values.plain`."""

from __future__ import annotations

from decimal import Decimal

from customer_patterns.sources.values.numbers import NumberFormat
from customer_patterns.sources.values.sql import literal, matches, when
from customer_patterns.sources.values.steps import Steps


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
    return matches(raw, pattern), text


def _class(character: str) -> str:
    """One character for a regular expression."""
    return f"\\{character}" if character in r"\.^$*+?{}[]|()-" else character


def _is_default(form: NumberFormat) -> bool:
    return form.decimal == "." and not form.thousands and form.scale == 1


def power(scale: Decimal) -> tuple[int, int]:
    """A scale as ``units / 10 ** decimals``."""
    _, digits, exponent = scale.normalize().as_tuple()
    units = int("".join(map(str, digits)))
    return (units, -exponent) if exponent < 0 else (units * 10**exponent, 0)


def money(raw: str, form: NumberFormat, steps: Steps) -> str | None:
    """SQL of money in a format; ``None`` where the format is a slow one."""
    units, decimals = power(form.scale)
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
    return when(condition, value)


def integer(raw: str, form: NumberFormat, steps: Steps) -> str | None:
    """SQL of whole numbers in a format; ``None`` where the format is a slow one."""
    units, decimals = power(form.scale)
    if units > 1000 or decimals:
        return None
    condition, text = _written(raw, NumberFormat(form.decimal, form.thousands), 0, 15)
    value = f"CAST(TRY_CAST({text} AS DECIMAL(38, 9)) AS BIGINT)"
    if _is_default(form):
        as_is = steps.named(f"TRY_CAST({raw} AS BIGINT)")
        return f"CASE WHEN CAST({as_is} AS VARCHAR) = {raw} THEN {as_is} WHEN {condition} THEN {value} END"
    return when(condition, f"{value} * {units}")


def number(raw: str, form: NumberFormat, steps: Steps) -> str | None:
    """SQL of numbers in a format; ``None`` where the format is a slow one."""
    units, decimals = power(form.scale)
    bare = NumberFormat(form.decimal, form.thousands)
    if form.scale == 1:
        condition, text = _written(raw, bare, 15, 15)
        value = steps.named(f"TRY_CAST({text} AS DOUBLE)")
        return when(condition, f"CASE WHEN {value} = 0 THEN 0 ELSE {value} END")
    if units != 1 or decimals > 12:
        return None
    # fifteen digits are exact as a binary number, and so is the power of ten: one division, rounded once
    condition, text = _written(raw, bare, 6, 9)
    counted = f"CAST(CAST(CAST(TRY_CAST({text} AS DECIMAL(15, 6)) AS DECIMAL(28, 6)) * 1000000 AS BIGINT) AS DOUBLE)"
    return when(condition, f"{counted} / {float(10 ** (6 + decimals))!r}::DOUBLE")

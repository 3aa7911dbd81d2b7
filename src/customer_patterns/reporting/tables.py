"""A table's cells as text: which columns, in which units, rounded how. No HTML here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from customer_patterns.wording import Sentence, Told, data_text, formats, headed, label, word
from customer_patterns.wording.names import legible

if TYPE_CHECKING:
    import pandas as pd

    from customer_patterns.schemas import Column, TableSchema

#: More rows than a reader would ever unfold; whoever has more has not aggregated.
MOST_ROWS = 500

#: Keys of one person or of one of their orders: rows about them do not belong into a chapter.
PERSONAL_KEYS = frozenset({"customer_id", "household_id", "order_id"})


#: Where rows hold different measures, this column says the unit of each row's figures.
UNIT = "unit"

#: Columns that name tables and columns, which are called the same in every language.
_IDENTIFIERS = frozenset({"table", "tables", "column"})


@dataclass(frozen=True)
class Head:
    """A column's head: its text, its unit's sign, whether its cells are numbers, and whether none has an interval."""

    text: str
    unit: str
    number: bool
    unsupported: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell's text, its interval if it is an estimate, and the length of its bar (0 to 1) if it has one."""

    text: str
    interval: str = ""
    bar: float | None = None


def lay_out(
    frame: pd.DataFrame,
    *,
    schema: TableSchema | None,
    columns: Sequence[str] | Mapping[str, str] | None,
    digits: int,
    bars: Sequence[str] = (),
) -> tuple[list[Head], list[list[Cell]]]:
    """Return heads and rows of cells; see :func:`customer_patterns.reporting.show.table` for what is refused."""
    if hasattr(frame, "to_pandas"):  # Ibis and Arrow
        frame = frame.to_pandas()
    have = [str(name) for name in frame.columns]
    _check_rows(frame, have, schema)
    estimates = _estimates(have, schema)
    shown = _shown(have, schema, columns, estimates)
    if unknown := [name for name in bars if name not in shown]:
        raise ValueError(f"a bar is asked for {', '.join(unknown)}, which the table does not show")
    given = columns if isinstance(columns, Mapping) else {}
    own_units = _plain(frame[UNIT]) if UNIT in shown else None
    grid = []
    for name in shown:
        about = schema[name] if schema is not None and name in schema else None
        values = list(zip(*(_plain(frame[part]) for part in _parts(name, estimates)), strict=True))
        if name in estimates:  # without its n a figure is not shown either
            values = [row if n is not None else (None,) * 3 for row, n in zip(values, _plain(frame["n"]), strict=True)]
        head, cells = _column(name, about, values, given.get(name), digits, bar=name in bars, own_units=own_units)
        grid.append((replace(head, unsupported=_unsupported(values)), cells))
    heads = [head for head, _ in grid]
    return heads, [list(row) for row in zip(*(cells for _, cells in grid), strict=True)]


def _unsupported(values: list[tuple[Any, ...]]) -> bool:
    """Whether there are figures, and none of them has the interval that it needs."""
    return any(row[0] is not None for row in values) and all(None in row for row in values)


def _check_rows(frame: pd.DataFrame, have: list[str], schema: TableSchema | None) -> None:
    if len(set(have)) != len(have):
        raise ValueError(f"columns share a name: {', '.join(sorted({c for c in have if have.count(c) > 1}))}")
    personal = PERSONAL_KEYS | {c.name for c in schema.columns if c.personal} if schema is not None else PERSONAL_KEYS
    if about := [name for name in have if name in personal]:
        raise ValueError(f"rows about single persons are not shown: {', '.join(about)}; aggregate first")
    if len(frame) > MOST_ROWS:
        raise ValueError(f"{len(frame):,} rows are too many to read (at most {MOST_ROWS}); aggregate first")


def _estimates(have: list[str], schema: TableSchema | None) -> set[str]:
    """Return the measures that are estimates, by the frame or by the schema, and check that each is whole."""
    names = set(have) | set(schema.names if schema is not None else ())
    measures = {name for name in have if f"{name}_low" in names or f"{name}_high" in names}
    for measure in sorted(measures):
        if lacking := [part for part in (f"{measure}_low", f"{measure}_high", "n") if part not in have]:
            raise ValueError(f"{measure} is an estimate and cannot be shown without {', '.join(lacking)}")
    if orphans := [n for n in have if n.endswith(("_low", "_high")) and n.rpartition("_")[0] not in have]:
        raise ValueError(f"{', '.join(orphans)} are ends of an interval without the figure itself")
    return measures


def _shown(
    have: list[str],
    schema: TableSchema | None,
    columns: Sequence[str] | Mapping[str, str] | None,
    estimates: set[str],
) -> list[str]:
    ends = {f"{measure}{suffix}" for measure in estimates for suffix in ("_low", "_high")}
    if columns is None:
        order = [c for c in schema.names if c in have] if schema is not None else []
        shown = [c for c in [*order, *(c for c in have if c not in order)] if c not in ends]
    else:
        shown = [c for c in columns if c not in ends]
        if missing := [c for c in shown if c not in have]:
            raise ValueError(f"the table has no column {', '.join(missing)}; it has {', '.join(have)}")
    if estimates & set(shown) and "n" not in shown:
        shown.append("n")
    if not shown:
        raise ValueError("there is no column to show")
    return shown


def _parts(name: str, estimates: set[str]) -> tuple[str, ...]:
    return (name, f"{name}_low", f"{name}_high") if name in estimates else (name,)


def _plain(series: pd.Series) -> list[Any]:
    """Return a column's values as Python's own, with None for whatever pandas calls missing."""
    return [None if gone else value for value, gone in zip(series.tolist(), series.isna().tolist(), strict=True)]


def _column(
    name: str,
    about: Column | None,
    values: list[tuple[Any, ...]],
    heading: str | None,
    digits: int,
    *,
    bar: bool,
    own_units: list[str | None] | None,
) -> tuple[Head, list[Cell]]:
    text = _heading(name, about, heading)
    unit = _unit(about)
    if _is_number(name, about, values):
        sign = formats.unit_sign(unit)
        head = Head(text, "" if sign and sign.casefold() in text.casefold() else sign, number=True)
        if own_units is not None and not unit and not bar and about is not None and about.kind == "number":
            # rows that cannot be compared: each with its own decimals
            rows = zip(values, own_units, strict=True)
            return head, [_numbers(name, [row], own or "", digits, bar=False)[0] for row, own in rows]
        return head, _numbers(name, values, unit, digits, bar=bar)
    if bar:
        raise ValueError(f"a bar is asked for {name}, which holds no numbers")
    if name == UNIT:
        return Head(text, "", number=False), [Cell(_sign_of(value)) for (value, *_) in values]
    return Head(text, "", number=False), [Cell(_word(name, unit, value, about)) for (value, *_) in values]


def _sign_of(unit: str | None) -> str:
    """The sign of a row's unit; a dash where its figures are mere numbers."""
    return (unit and legible(formats.unit_sign(unit))) or formats.MISSING


def _heading(name: str, about: Column | None, heading: str | None) -> str:
    if isinstance(heading, Sentence):
        return legible(heading.again())
    if heading is None:
        heading = about.heading if about is not None else name.replace("_", " ")
        heading = heading if name == "n" else heading[:1].upper() + heading[1:]
    return legible(headed(heading))


def _unit(about: Column | None) -> str:
    if about is None:
        return ""
    if about.unit:
        return about.unit
    return {"share": "share", "money": "currency"}.get(about.kind, "")


def _is_number(name: str, about: Column | None, values: list[tuple[Any, ...]]) -> bool:
    if about is not None:
        return about.kind in ("integer", "number", "money", "share") and about.unit not in ("hour of day", "weekday")
    given = [value for (value, *_) in values if value is not None]
    return bool(given) and all(isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in given)


def _numbers(name: str, values: list[tuple[Any, ...]], unit: str, digits: int, *, bar: bool) -> list[Cell]:
    figures = [_figure(name, row) for row in values]
    given = [figure for figure in figures if figure is not None]
    decimals = formats.column_decimals(given, unit, digits=digits)
    longest = max((float(value) for value, _, _ in given), default=0.0)
    if bar and any(value < 0 for value, _, _ in given):
        raise ValueError(f"a bar is asked for {name}, which has figures below zero")
    cells = []
    for figure, row in zip(figures, values, strict=True):
        if figure is None:
            cells.append(Cell(formats.MISSING))
            continue
        value, low, high = figure
        cells.append(
            Cell(
                formats.cell(value, unit, decimals),
                formats.cell_span(low, high, unit, decimals) if len(row) == 3 else "",
                (float(value) / longest if longest else 0.0) if bar else None,
            )
        )
    return cells


def _figure(name: str, row: tuple[Any, ...]) -> tuple[Any, Any, Any] | None:
    """Return figure and bounds; None where the figure or its interval is missing, since neither is shown alone."""
    if None in row:
        return None
    value, low, high = row if len(row) == 3 else row * 3
    if not all(math.isfinite(x) for x in (value, low, high)):
        raise ValueError(f"{name} is not finite: {value} ({low} to {high})")
    if not low <= value <= high:
        raise ValueError(f"{name}: the interval {low} to {high} does not hold the value {value}")
    return value, low, high


def _word(name: str, unit: str, value: Any, about: Column | None) -> str:
    if value is None:
        return formats.MISSING
    if isinstance(value, bool):
        return formats.truth(value)
    if unit == "hour of day":
        return formats.hour_of_day(int(value))
    if unit == "weekday":
        return formats.weekday(int(value))
    if unit == "month" and isinstance(value, date):  # a datetime is a date
        return formats.month(value)
    if isinstance(value, datetime):
        stamp = value.strftime("%H:%M")
        return formats.day(value) if stamp == "00:00" else f"{formats.day(value)} {stamp}"
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, Told):
        return legible(value.text)
    if not isinstance(value, str):
        return legible(str(value))
    if name in _IDENTIFIERS:
        return legible(value)
    if about is not None and about.levels:
        return label(word(value))
    return legible(value) if name.endswith("_id") else data_text(value, column=name)

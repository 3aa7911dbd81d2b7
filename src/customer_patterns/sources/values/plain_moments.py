"""SQL that reads plain days and moments in the contract's formats and zone; see :mod:`~.values.plain`."""

from __future__ import annotations

from customer_patterns.sources.values import moments
from customer_patterns.sources.values.said import COUNTED_FROM, COUNTED_UNTIL, EXCEL_EPOCH
from customer_patterns.sources.values.sql import literal, matches, when
from customer_patterns.sources.values.steps import Steps
from customer_patterns.sources.values.zones import FIRST, LAST, Piece, pieces

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[T ](?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_OFFSET = "(?:Z|[+-](?:0[0-9]|1[01]):?(?:00|30|45))"
_FAST_DIRECTIVES = frozenset("YmdHMSfIpby")


def in_calendar(wall: str) -> str:
    """A wall-clock time or a day that is no sentinel and lies where zones are cut into pieces."""
    return (
        f"{wall} >= TIMESTAMP '{FIRST}' AND {wall} < TIMESTAMP '{LAST}' "
        f"AND NOT {wall} BETWEEN TIMESTAMP '1970-01-01' AND TIMESTAMP '1970-01-01 23:59:59.999999'"
    )


def wall_to_moment(wall: str, zone: str) -> str:
    """A wall-clock time as a moment in UTC: the offset is looked up in the zone's pieces by halves."""
    cut = pieces(zone)
    shift = _halves(wall, cut)
    moment = wall if cut == (Piece(FIRST, LAST, cut[0].offset),) and not cut[0].offset else None
    return when(in_calendar(wall), moment or f"make_timestamp(epoch_us({wall}) - {shift})")


def _halves(wall: str, cut: tuple[Piece, ...]) -> str:
    if len(cut) == 1:
        offset = cut[0].offset
        return "NULL" if offset is None else f"{round(offset.total_seconds() * 1_000_000)}"
    middle = len(cut) // 2
    return (
        f"CASE WHEN {wall} < TIMESTAMP '{cut[middle].start}' THEN {_halves(wall, cut[:middle])} "
        f"ELSE {_halves(wall, cut[middle:])} END"
    )


def timestamp(raw: str, form: moments.MomentFormat, steps: Steps) -> str | None:
    """SQL of moments in the listed formats, in UTC; ``None`` where one of them is a slow one."""
    wall = _wall(raw, form, steps, days_only=False)
    local = wall and wall_to_moment(steps.named(wall), form.clock.zone)
    if len(form.dates) > 1:
        return local
    match form.dates[0]:
        case "epoch_s":
            count = f"TRY_CAST({raw} AS BIGINT)"
            return _window(matches(raw, "[0-9]{9,10}"), f"make_timestamp({count} * 1000000)", "epoch_s")
        case "epoch_ms":
            count = f"TRY_CAST({raw} AS BIGINT)"
            return _window(matches(raw, "[0-9]{12,13}"), f"make_timestamp({count} * 1000)", "epoch_ms")
        case "iso":
            said = f"{matches(raw, _DAY + _CLOCK + _OFFSET)} AND {matches(raw, '(?:19[0-68-9]|20)[0-9].*')}"
            moment = f"timezone('UTC', TRY_CAST({raw} AS TIMESTAMPTZ))"
            far = f"{moment} >= TIMESTAMP '{FIRST}' AND left({raw}, 10) <> '1900-01-01'"
            return f"CASE WHEN {steps.named(wall)} IS NOT NULL THEN {local} WHEN {said} AND {far} THEN {moment} END"
    return local


def _window(condition: str, moment: str, unit: str) -> str:
    start, end = COUNTED_FROM[unit], COUNTED_UNTIL
    # one CASE within the other: both sides of an AND are computed for all rows, and far counts overflow
    return when(condition, when(f"{moment} >= TIMESTAMP '{start}' AND {moment} < TIMESTAMP '{end}'", moment))


def date(raw: str, form: moments.MomentFormat, steps: Steps) -> str | None:
    """SQL of days in the listed formats; ``None`` where one of them is a slow one."""
    wall = _wall(raw, form, steps, days_only=True)
    return wall and when(in_calendar(steps.named(wall)), f"CAST({steps.named(wall)} AS DATE)")


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
            moments.COUNT_PATTERN if name in COUNTED_FROM else moments.compiled(name)[0]
        )
        tests.append(f"(NOT {matches(raw, pattern)}" + (f" OR {wall} IS NOT NULL)" if wall else ")"))
    first = steps.named(f"coalesce({', '.join(walls)})")
    tests += [f"coalesce({wall} = {first}, TRUE)" for wall in walls]
    return when(" AND ".join(tests), first)


def _wall_of(raw: str, name: str, form: moments.MomentFormat, steps: Steps, *, days_only: bool) -> str | None:
    """What one format reads as a wall-clock time; ``None`` where it is not for the fast path."""
    match name:
        case "iso" if days_only:
            day = steps.named(f"TRY_CAST({raw} AS DATE)")
            return when(f"CAST({day} AS VARCHAR) = {raw}", f"CAST({day} AS TIMESTAMP)")
        case "iso":
            return _iso_wall(raw, steps)
        case "epoch_s" | "epoch_ms":
            return None
        case "excel_serial":
            days = f"CAST(TRY_CAST({raw} AS DECIMAL(15, 10)) AS DECIMAL(28, 10))"
            if days_only:
                days = f"TRY_CAST({raw} AS INTEGER)"
                return _window(matches(raw, "[0-9]{5}"), f"CAST(DATE '1899-12-30' + {days} AS TIMESTAMP)", name)
            since = f"epoch_us(TIMESTAMP '{EXCEL_EPOCH}')"
            thousandths = f"CAST(round({days} * 86400000) AS BIGINT)"
            pattern = r"[0-9]{5}(?:\.[0-9]{1,10})?"
            return _window(matches(raw, pattern), f"make_timestamp({since} + {thousandths} * 1000)", name)
    pattern, parts = moments.compiled(name)
    if set(parts) - _FAST_DIRECTIVES or (days_only and set(parts) - set("Ymdby")):
        return None
    if "y" in parts and form.pivot_year is None:
        return None
    duck = moments.expanded(name)
    fast = pattern.replace("[0-9]{1,9}", "[0-9]{1,6}").replace("(?:[AaPp][Mm]|上午|下午)", "[AP]M").replace("(", "(?:")
    fast = fast.replace("(?:?:", "(?:")
    wall = steps.named(f"try_strptime({raw}, {literal(duck)})")
    condition = matches(raw, fast)
    if "y" in parts:
        century = f"(CASE WHEN year({wall}) % 100 < {form.pivot_year} THEN 2000 ELSE 1900 END)"
        condition = f"{condition} AND year({wall}) = {century} + year({wall}) % 100"
    return when(condition, wall)


def _iso_wall(raw: str, steps: Steps) -> str:
    wall = steps.named(f"TRY_CAST({raw} AS TIMESTAMP)")
    pattern = f"{_DAY}(?:{_CLOCK})?"
    return f"CASE WHEN CAST({wall} AS VARCHAR) = {raw} THEN {wall} WHEN {matches(raw, pattern)} THEN {wall} END"

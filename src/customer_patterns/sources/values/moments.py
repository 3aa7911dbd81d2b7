"""Days and moments in the formats the study file lists, and in no other. Moments are kept in UTC.

A time without an offset is one of the contract's zone. Where formats are listed, only they count; two of them that read
one text differently set it aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache

from customer_patterns.sources.values.characters import bare_text
from customer_patterns.sources.values.ids import written_plainly
from customer_patterns.sources.values.outcome import Fault, Outcome, Repaired, outcome
from customer_patterns.sources.values.said import COUNTED_FROM, Said, counted, moment_of
from customer_patterns.sources.values.zones import Clock

#: What counted and ISO 8601 times look like.
COUNT_PATTERN = r"-?[0-9]{1,18}(?:\.[0-9]{1,12})?"
ISO_PATTERN = (
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(?: ?(Z|z|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)
_COUNT, _ISO = re.compile(COUNT_PATTERN), re.compile(ISO_PATTERN)
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {name[:length]: number for number, name in enumerate(_MONTH_NAMES, 1) for length in (3, len(name))}
_ALIASES = {"%T": "%H:%M:%S", "%R": "%H:%M", "%F": "%Y-%m-%d", "%e": "%d", "%h": "%b", "%D": "%m/%d/%y"}
_GROUPS = {
    "Y": "[0-9]{4}",
    "y": "[0-9]{2}",
    "m": "[0-9]{1,2}",
    "d": "[0-9]{1,2}",
    "H": "[0-9]{1,2}",
    "I": "[0-9]{1,2}",
    "M": "[0-9]{1,2}",
    "S": "[0-9]{1,2}",
    "f": "[0-9]{1,9}",
    "j": "[0-9]{3}",
    "b": "[A-Za-z]{3}",
    "B": "[A-Za-z]{3,9}",
    "p": "(?:[AaPp][Mm]|上午|下午)",
    "z": "(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)",
}


@dataclass(frozen=True)
class MomentFormat:
    """How days and moments are written in one column of a delivery.

    Attributes
    ----------
    dates
        ``iso``, ``epoch_s``, ``epoch_ms``, ``excel_serial``, or patterns of ``strptime``.
    clock
        What local times are times of.
    pivot_year
        Two-digit years below it are of this century; ``None``: they are set aside.
    """

    dates: tuple[str, ...] = ("iso",)
    clock: Clock = field(default_factory=Clock)
    pivot_year: int | None = None


def read_timestamp(text: str, form: MomentFormat) -> Outcome:
    """Read a moment, in UTC without a zone of its own. A day alone is its local midnight.

    >>> read_timestamp("2026-01-05 00:30", MomentFormat(clock=Clock("Asia/Shanghai")))
    datetime.datetime(2026, 1, 4, 16, 30)
    >>> read_timestamp("05/01/2026", MomentFormat())
    Fault(code='E_DATE_FORMAT')
    >>> read_timestamp("9999-12-31", MomentFormat())
    Repaired(value=None, codes=('R_SENTINEL',))
    """
    found = _read(text, form)
    if isinstance(found, Fault):
        return found
    said, codes = found
    if said.is_sentinel:
        return outcome(None, [*codes, "R_SENTINEL"])
    if said.offset is not None:
        return outcome(said.wall - said.offset, codes)
    moment = form.clock.moment(said.wall)
    if isinstance(moment, Repaired):
        return outcome(moment.value, [*codes, *moment.codes])
    return moment if isinstance(moment, Fault) else outcome(moment, codes)


def read_date(text: str, form: MomentFormat) -> Outcome:
    """Read a local day. A moment with an offset is the day it was in the contract's zone.

    >>> read_date("2026年1月5日", MomentFormat(("%Y年%m月%d日",)))
    datetime.date(2026, 1, 5)
    >>> read_date("2026-02-29", MomentFormat())
    Fault(code='E_IMPOSSIBLE_DAY')
    """
    found = _read(text, form)
    if isinstance(found, Fault):
        return found
    said, codes = found
    if said.is_sentinel:
        return outcome(None, [*codes, "R_SENTINEL"])
    wall = said.wall if said.offset is None else form.clock.wall(said.wall - said.offset)
    return outcome(wall.date(), [*codes, "R_TIME_DROPPED"] if wall.time() != time() else codes)


def _read(text: str, form: MomentFormat) -> tuple[Said, list[str]] | Fault:
    begun = bare_text(text)
    if isinstance(begun, Fault):
        return begun
    bare, codes = begun
    found = _first(bare, form)
    if isinstance(found, Fault) and (plain := written_plainly(bare)) != bare:
        found = _first(plain, form)
        codes.append("R_WIDTH")
    if isinstance(found, Fault):
        return found
    return found, [*codes, *found.codes]


def _first(text: str, form: MomentFormat) -> Said | Fault:
    """What the listed formats read in the text, if they agree."""
    said: Said | None = None
    fault: Fault | None = None
    for name in form.dates:
        found = reader(name)(text, form)
        if isinstance(found, Fault):
            fault = fault or found
        elif found is not None:
            if said is not None and (found.wall, found.offset) != (said.wall, said.offset):
                return Fault("E_DATE_AMBIGUOUS")
            said = said or found
    return said or fault or Fault("E_DATE_FORMAT")


#: Reads a text in one format: what it says, a fault in it, or ``None`` where it is not in that format.
_Reader = Callable[[str, MomentFormat], "Said | Fault | None"]


@lru_cache(maxsize=256)
def reader(name: str) -> _Reader:
    """Return what reads one listed format.

    Raises
    ------
    ValueError
        For a pattern with a directive that is not known.
    """
    if name == "iso":
        return _iso
    if name in COUNTED_FROM:
        return lambda text, _: _counted(text, name)
    pattern, parts = compiled(name)
    wanted = re.compile(pattern, re.ASCII)

    def read(text: str, form: MomentFormat) -> Said | Fault | None:
        match = wanted.fullmatch(text)
        return None if match is None else _put_together(dict(zip(parts, match.groups(), strict=True)), form)

    return read


def expanded(pattern: str) -> str:
    """Write a pattern with the basic directives only: ``%F %T`` is ``%Y-%m-%d %H:%M:%S``."""
    text = pattern.replace("%-", "%")
    for alias, full in _ALIASES.items():
        text = text.replace(alias, full)
    return text


@lru_cache(maxsize=256)
def compiled(pattern: str) -> tuple[str, tuple[str, ...]]:
    """Turn a ``strptime`` pattern into a regular expression and the directives its groups stand for.

    Numbers may leave out a leading zero where something stands between them; side by side they may not.

    >>> compiled("%d.%m.%Y")
    ('([0-9]{1,2})\\\\.([0-9]{1,2})\\\\.([0-9]{4})', ('d', 'm', 'Y'))
    """
    text = expanded(pattern)
    pieces = re.findall(r"%.|[^%]+", text, re.DOTALL)
    if "".join(pieces) != text:
        raise ValueError(f"the date format '{pattern}' ends within a directive")
    written, parts = [], []
    for index, piece in enumerate(pieces):
        directive = piece[1:] if piece.startswith("%") else ""
        if not directive or directive == "%":
            written.append(re.escape(directive or piece))
            continue
        if directive not in _GROUPS:
            raise ValueError(f"the date format '{pattern}' has %{directive}; known are {', '.join(sorted(_GROUPS))}")
        if directive in parts:
            raise ValueError(f"the date format '{pattern}' has %{directive} twice")
        group = _GROUPS[directive]
        beside = [*pieces[max(index - 1, 0) : index], *pieces[index + 1 : index + 2]]
        if any(neighbor.startswith("%") and neighbor[1:] not in ("%", "z", "p") for neighbor in beside):
            group = group.replace("{1,2}", "{2}")
        written.append(f"({group})")
        parts.append(directive)
    if not {"Y", "y"} & set(parts) or not ({"j"} & set(parts) or ({"d"} & set(parts) and {"m", "b", "B"} & set(parts))):
        raise ValueError(f"the date format '{pattern}' does not name a year, a month and a day")
    return "".join(written), tuple(parts)


def _iso(text: str, _: MomentFormat) -> Said | Fault | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    return moment_of(int(year), int(month), int(day), (hour, minute, second, fraction), offset)


def _put_together(given: dict[str, str], form: MomentFormat) -> Said | Fault:
    """Make a moment of what a pattern's directives found."""
    if "Y" in given:
        year = int(given["Y"])
    elif form.pivot_year is None:
        return Fault("E_TWO_DIGIT_YEAR")
    else:
        year = int(given["y"]) + (2000 if int(given["y"]) < form.pivot_year else 1900)
    if "j" in given:
        ordinal = int(given["j"])
        if not 1 <= ordinal <= 366 or year < 1:
            return Fault("E_IMPOSSIBLE_DAY")
        day = date(year, 1, 1) + timedelta(days=ordinal - 1) if year < 9999 or ordinal < 366 else date(1, 1, 1)
        if day.year != year:
            return Fault("E_IMPOSSIBLE_DAY")
        month, number = day.month, day.day
    else:
        name = given.get("b") or given.get("B")
        month = int(given["m"]) if "m" in given else _MONTHS.get(name.lower(), 0)
        if not month and name:
            return Fault("E_DATE_FORMAT")
        number = int(given["d"])
    hour = given.get("H")
    if "I" in given:
        twelve = int(given["I"])
        if not 1 <= twelve <= 12 or "p" not in given:
            return Fault("E_IMPOSSIBLE_TIME" if "p" in given else "E_DATE_FORMAT")
        hour = str(twelve % 12 + (12 if given["p"].lower() in ("pm", "下午") else 0))
    return moment_of(year, month, number, (hour, given.get("M"), given.get("S"), given.get("f")), given.get("z"))


def _counted(text: str, unit: str) -> Said | Fault | None:
    """A moment counted in seconds, milliseconds or days; zero stands for "not known"."""
    if not _COUNT.fullmatch(text):
        return None
    return counted(Decimal(text), unit)

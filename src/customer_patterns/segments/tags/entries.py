"""What an entry of the registry says, and what is wrong with one that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from customer_patterns.schemas import Refusal
from customer_patterns.study import LANGUAGES
from customer_patterns.study.spelling import nearest

#: What rows of a table are summed up as; those of the second line need a column, ``share`` a condition.
MEASURES = ("rows", "days_since_last", "days_since_first", "distinct", "sum", "mean", "value", "share")
_ALONE = MEASURES[:3]
#: Measures that are nought for who has no row.
COUNTED = ("rows", "distinct", "sum")

#: What a measure, or a column of a row, is held against.
MEASURE_TESTS = ("at_least", "at_most", "is", "top_share")
COLUMN_TESTS = ("at_least", "at_most", "known", "not")

#: How tags are put together of other tags.
COMPOSING = ("all", "any", "none")

_ABOUT = ("name", "means", "owner", "since")
_OF_ROWS = ("table", "measure", "where", "days", "known_for", "known_from")
_KNOWN = (*_ABOUT, *_OF_ROWS, *MEASURE_TESTS, *COMPOSING)


class TagError(Refusal):
    """A registry of tags cannot be used; the message names file, tag, key and remedy of each fault."""

    @classmethod
    def of(cls, faults: Iterable[str]) -> TagError:
        """The refusal of all faults at once, a line each."""
        return cls("the registry of tags cannot be used:\n" + "\n".join(f"  {fault}" for fault in faults))


@dataclass(frozen=True)
class Tag:
    """One tag, as its entry declares it.

    Attributes
    ----------
    key
        Its name in the registry and on disk.
    name, means
        What it is called, and who has it, by language. ``{at_least}``, ``{days}`` … stand for the entry's own numbers.
    owner, since
        Who answers for the definition, and since when it is so.
    table, measure, of, where, days, known_for, known_from
        Which rows count, what is made of them, in how many last days (``None``: all), and of whom it can be known:
        of ``"everyone"`` (no row means no), or of those ``"seen"`` in the table at least ``known_from`` times.
    tests
        What the measure is held against.
    parts
        For a composed tag: other tags by ``all``, ``any``, ``none``.
    file
        Where it was declared.
    """

    key: str
    name: dict[str, str]
    means: dict[str, str]
    owner: str
    since: date
    file: str
    table: str = ""
    measure: str = "rows"
    of: Any = None
    where: dict[str, Any] = field(default_factory=dict)
    days: int | None = None
    known_for: str = "everyone"
    known_from: int = 1
    tests: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The columns that it reads."""
        named = [self.of] if isinstance(self.of, str) else list(self.of or {})
        return list(dict.fromkeys([*named, *self.where]))

    @property
    def names(self) -> list[str]:
        """The tags it is made of."""
        return [key for keys in self.parts.values() for key in keys]

    def said(self, language: str) -> tuple[str | None, str | None]:
        """Name and definition in a language, with the entry's own numbers in their places."""
        numbers = {**self.tests, "days": self.days, "known_from": self.known_from}
        in_percent = ("at_least", "at_most", "top_share") if self.measure == "share" else ("top_share",)
        sign = "%" if language == "zh" else "\u202f%"
        numbers |= {place: f"{100 * self.tests[place]:g}{sign}" for place in in_percent if place in self.tests}
        means = self.means.get(language)
        for place, number in numbers.items():
            means = means.replace(f"{{{place}}}", str(number)) if means else means
        return self.name.get(language), means


def read_entry(key: str, entry: Any, file: str) -> tuple[Tag | None, list[str]]:
    """Read one entry.

    Parameters
    ----------
    key, entry
        Its name, and what stands under it.
    file
        Where it stands.

    Returns
    -------
    Tag or None, list of str
        The tag, and what is wrong with the entry, each fault with file, tag, key and remedy.
    """
    where = f"{file}, tag '{key}'"
    if not isinstance(entry, Mapping):
        return None, [f"{where}: write what it is made of as 'key: value' lines ({', '.join(_KNOWN)})"]
    faults = [
        f"{where}, key '{name}': there is no such key{nearest(str(name), _KNOWN, then='remove it or correct its name')}"
        for name in entry
        if name not in _KNOWN
    ]
    faults += [
        f"{where}, key '{name}': write it in English at least, as {{en: …, zh: …}}"
        for name in ("name", "means")
        if not isinstance(entry.get(name), Mapping) or not isinstance(entry[name].get("en"), str)
    ]
    faults += [
        f"{where}, key '{name}': '{part}' is no language; put a text that holds a comma or a brace in quotes"
        for name in ("name", "means")
        if isinstance(entry.get(name), Mapping)
        for part in entry[name]
        if part not in LANGUAGES
    ]
    if not isinstance(entry.get("owner"), str) or not entry["owner"].strip():
        faults.append(f"{where}, key 'owner': name who answers for the definition, e.g. owner: marketing")
    if type(entry.get("since")) is not date:
        faults.append(f"{where}, key 'since': write the day from which it is defined so, YYYY-MM-DD")
    composed = [name for name in COMPOSING if name in entry]
    more = _composed_faults(entry, composed, where) if composed else _row_faults(entry, where)
    if faults or more:
        return None, faults + more
    about = {"key": key, "file": file, **{name: entry[name] for name in ("owner", "since")}}
    about |= {name: {str(k): str(v).strip() for k, v in entry[name].items()} for name in ("name", "means")}
    if composed:
        return Tag(**about, parts={name: tuple(entry[name]) for name in composed}), []
    measure, of = _measure(entry.get("measure", "rows"))
    tests = {name: entry[name] for name in MEASURE_TESTS if name in entry}
    known_for = entry.get("known_for", _known_for(measure))
    return Tag(
        **about,
        table=entry["table"],
        measure=measure,
        of=of,
        where={str(k): v for k, v in (entry.get("where") or {}).items()},
        days=entry.get("days"),
        known_for=known_for,
        known_from=entry.get("known_from", 1),
        tests=tests,
    ), []


def _known_for(measure: str) -> str:
    """Of whom a tag is known unless its entry says so: who has no row has none, but no mean, share or last day."""
    return "everyone" if measure in COUNTED else "seen"


def _composed_faults(entry: Mapping[str, Any], composed: list[str], where: str) -> list[str]:
    faults = [
        f"{where}, key '{name}': list the tags, e.g. {name}: [regular, coupon_user]"
        for name in composed
        if not isinstance(entry[name], list) or not entry[name] or not all(isinstance(t, str) for t in entry[name])
    ]
    mixed = [name for name in (*_OF_ROWS, *MEASURE_TESTS) if name in entry]
    faults += [f"{where}, key '{name}': a tag made of tags reads no table itself; remove one of both" for name in mixed]
    return faults


def _row_faults(entry: Mapping[str, Any], where: str) -> list[str]:
    faults = []
    if not isinstance(entry.get("table"), str):
        faults.append(f"{where}, key 'table': name the table it is read from, or tags (all, any, none)")
    measure, of = _measure(entry.get("measure", "rows"))
    if (
        measure not in MEASURES
        or (measure in _ALONE) != (of is None)
        or isinstance(of, Mapping) != (measure == "share")
    ):
        faults.append(
            f"{where}, key 'measure': {entry.get('measure')!r} is none; write one of {', '.join(_ALONE)}, "
            "{distinct: column}, {sum: column}, {mean: column}, {value: column}, {share: {column: level}}"
        )
    tests = [name for name in MEASURE_TESTS if name in entry]
    if not tests:
        faults.append(f"{where}: nothing is held against the measure; add one of {', '.join(MEASURE_TESTS)}")
    for name in ("at_least", "at_most", "top_share"):
        if name in entry and not _number(entry[name]):
            faults.append(f"{where}, key '{name}': {entry[name]!r} is no number; write one")
    if _number(entry.get("top_share")) and not 0 < entry["top_share"] <= 0.5:
        faults.append(f"{where}, key 'top_share': write a share above 0 and at most 0.5, not {entry['top_share']}")
    for name in ("days", "known_from"):
        if name in entry and (type(entry[name]) is not int or entry[name] < 1):
            faults.append(f"{where}, key '{name}': {entry[name]!r} is no whole number of 1 or more; write one")
    if entry.get("known_for", "everyone") not in ("everyone", "seen"):
        faults.append(f"{where}, key 'known_for': write everyone or seen, not {entry['known_for']!r}")
    if "known_from" in entry and entry.get("known_for", _known_for(measure)) == "everyone":
        faults.append(f"{where}, key 'known_from': it is known of everyone; add known_for: seen, or remove it")
    conditions = entry.get("where") or {}
    if not isinstance(conditions, Mapping):
        return [*faults, f"{where}, key 'where': write it as {{column: level}}"]
    for name, test in [*conditions.items(), *(of.items() if isinstance(of, Mapping) else ())]:
        unknown = [t for t in test if t not in COLUMN_TESTS] if isinstance(test, Mapping) else []
        if unknown or test is None or test == {}:
            faults.append(
                f"{where}, key 'where.{name}': write a level, a list of levels, or one of {', '.join(COLUMN_TESTS)}"
            )
    return faults


def _measure(given: Any) -> tuple[Any, Any]:
    if isinstance(given, Mapping) and len(given) == 1:
        return next(iter(given.items()))
    return given, None


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def levels_of(test: Any) -> list[Any]:
    """The levels that a test allows, one or several."""
    return list(test) if isinstance(test, Iterable) and not isinstance(test, str) else [test]

"""One fault of a study file in words: what is wrong, where, and what to write instead."""

from __future__ import annotations

from typing import Any

from customer_patterns.study.blocks import Block
from customer_patterns.study.contract import Accounts, QualityLimit, SourceEntry, TableEntry
from customer_patterns.study.format import Format
from customer_patterns.study.origins import ColumnFrom, Constant, Each, MadeOf, WeekNumber
from customer_patterns.study.sheets import Wide
from customer_patterns.study.spelling import nearest
from customer_patterns.study.survey import Bridge, Dimension, Survey
from customer_patterns.study.whole import ChineseWords, Improvement, Noun, Simulator, StudyFile

#: Names whose values have one form, with an example.
_WRITTEN_LIKE = {"currency": "USD (ISO 4217)", "country": "DE (ISO 3166-1)", "phone_region": "DE (ISO 3166-1)"}


def line_of(path: tuple[Any, ...], lines: dict[tuple[Any, ...], int]) -> int:
    """The line of a value, or of the nearest thing around it."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)


def in_words(detail: Any, lines: dict[tuple[Any, ...], int]) -> tuple[int, str]:
    """One fault found by pydantic, in words."""
    path = _place(detail["loc"])
    name = str(path[-1]) if path else "the file"
    where = " in " + ".".join(map(str, path[:-1])) if len(path) > 1 else ""
    match detail["type"]:
        case "missing":
            what = f"'{name}' is missing{where}; add it"
        case "extra_forbidden":
            known = _known_names(path[:-1], detail["loc"])
            what = f"'{name}' is not known{where}{nearest(name, known, then='remove it or correct its name')}"
        case "literal_error":
            what = f"'{name}'{where} is {detail['input']!r}; write one of {detail['ctx']['expected']}"
        case "string_pattern_mismatch" if name in _WRITTEN_LIKE:
            what = f"'{name}'{where} is {detail['input']!r}; write it like {_WRITTEN_LIKE[name]}"
        case _:
            what = f"'{name}'{where} is {detail['input']!r}: {detail['msg'].removeprefix('Value error, ')}"
    return line_of(path, lines), what


def _place(found: tuple[Any, ...]) -> tuple[Any, ...]:
    """Where a fault stands in the file: pydantic names beside it which of several forms it took a value for."""
    if len(found) > 6 and found[0] == "sources" and found[4] == "columns":
        return (*found[:6], *found[7:])
    if "loaded_at" in found[:5]:
        at = found.index("loaded_at")
        return (*found[: at + 1], *found[at + 2 :])
    return found


def _known_names(parents: tuple[Any, ...], found: tuple[Any, ...]) -> list[str]:
    """The names allowed at a place in the file."""
    if not parents:
        return list(StudyFile.model_fields)
    match parents:
        case ("sources", _) | ("sources", _, "loaded_at"):
            return list(SourceEntry.model_fields)
        case ("sources", _, "tables", _):
            return list(TableEntry.model_fields)
        case ("sources", *_, "format"):
            return list(Format.model_fields)
        case ("sources", _, "tables", _, "columns", _):
            of = {"week": WeekNumber, "constant": Constant, "made": MadeOf}
            return list(of.get(found[6], ColumnFrom).model_fields)
        case ("sources", *_, "loaded_at"):
            return ["column", "file"]
        case ("sources", *_, "wide"):
            return list(Wide.model_fields)
        case ("improvements", _):
            return list(Improvement.model_fields)
        case ("survey", "bridges", _):
            return list(Bridge.model_fields)
        case ("survey", "dimensions", _):
            return list(Dimension.model_fields)
        case ("sources", *_, "each"):
            return list(Each.model_fields)
    parts = {
        "customer": Noun,
        "simulator": Simulator,
        "zh": ChineseWords,
        "quality": QualityLimit,
        "accounts": Accounts,
        "survey": Survey,
    }
    return list(parts.get(str(parents[0]), Block).model_fields)

"""Which canonical tables a file holds, and which of its columns is which of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from customer_patterns.schemas.canonical import CANONICAL, DEFAULTS, KNOWN_SINCE
from customer_patterns.schemas.table import Column
from customer_patterns.sources.draft.guessing import Looks
from customer_patterns.sources.draft.looking import Seen
from customer_patterns.sources.draft.vocabulary import meaning_of, scale_of

#: Tables of what someone is or something is like: their columns may stand in the file of another table.
_DIMENSIONS = ("customers", "products", "identities")
#: What stands in a required column that a delivery has no column for.
_CONSTANTS: dict[str, dict[str, Any]] = {
    "order_lines": {"product_id": "everything", "quantity": 1},
    "survey_responses": {"wave": "1"},
    "events": {"event_type": "page_view"},
}
#: What is added up over the lines of an order.
_ADDED_UP = ("unit_price", "quantity", *(c.name for c in CANONICAL["order_lines"].columns if c.kind == "money"))
#: An answer sheet with one row each has at least so many ratings.
_RATINGS = 4


@dataclass(frozen=True)
class Rating:
    """A column of ratings: its name, the ends of its scale, and what its words stand for, if it has words."""

    column: str
    low: int
    high: int
    words: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Mapped:
    """One canonical table found in a file.

    Attributes
    ----------
    table
        Its name.
    columns
        The delivered column of each canonical one.
    constants
        What stands in required columns that were not delivered.
    guesses
        Canonical columns whose delivered column is a guess.
    items
        Of answer sheets with one row each: the ratings, by the key that their item gets.
    questions
        What a person must answer.
    """

    table: str
    columns: dict[str, str]
    constants: dict[str, Any] = field(default_factory=dict)
    guesses: frozenset[str] = frozenset()
    items: dict[str, Rating] = field(default_factory=dict)
    questions: tuple[str, ...] = ()


def map_file(seen: Seen, looked: Mapping[str, Looks]) -> list[Mapped]:
    """Find the canonical tables that a file holds, the main one first.

    Parameters
    ----------
    seen
        The file.
    looked
        What each of its columns looks like.

    Returns
    -------
    list of Mapped
        Empty where no table fits.
    """
    meant = {name: meaning_of(name) for name in seen.columns}
    if seen.each is not None:  # an amount beside the list would count for each of its values
        lists = {name: meaning_of(name.removeprefix(f"{seen.each}.")) for name in seen.columns if seen.holds(name)}
        beside = {name: None if means and means[0] in _ADDED_UP else means for name, means in meant.items()}
        meant = {**beside, **lists}
        whole = f"{seen.each.rpartition('.')[0]}.id".removeprefix(".")
        if whole in meant and not any(means and means[0] == "order_id" for means in meant.values()):
            meant[whole] = ("order_id", False)  # what has a list of products is an order
    if (sheet := _answer_sheet(seen, looked, meant)) is not None:
        return [sheet, *_beside(sheet, seen, looked, meant)]
    main = max(
        (found for table in CANONICAL if (found := _mapped(table, looked, meant)) is not None),
        key=lambda found: _weight(found, meant),
        default=None,
    )
    if main is None:
        return []
    return [_with_department(main), *_beside(main, seen, looked, meant)]


def _weight(found: Mapped, meant: Mapping[str, tuple[str, bool] | None]) -> tuple[float, float]:
    """How much of the file a table takes up: sure names count more, what it must have but has not counts against it."""
    sure = sum(1.0 if meant[name] is not None and meant[name][1] else 0.5 for name in found.columns.values())
    return sure - 0.9 * len(found.constants), -len(CANONICAL[found.table].columns)


def _mapped(table: str, looked: Mapping[str, Looks], meant: Mapping[str, tuple[str, bool] | None]) -> Mapped | None:
    """A canonical table out of a file, if all it needs is there."""
    schema, optional = CANONICAL[table], DEFAULTS.get(table, {})
    columns: dict[str, str] = {}
    guesses: set[str] = set()
    questions: list[str] = []
    for column in schema.columns:
        for wanted in _asked_for(table, column):
            fitting = [
                (not sure[1], name)
                for name, sure in meant.items()
                if sure is not None
                and sure[0] == wanted
                and name not in columns.values()
                and _fits(column, looked[name])
            ]
            if fitting:
                unsure, name = min(fitting, key=lambda pair: pair[0])
                columns[column.name] = name
                if unsure or wanted == "unit_price":
                    guesses.add(column.name)
                if wanted == "unit_price":
                    questions.append(
                        f"'{name}' looks like the price of one unit, but revenue is what the line brings: "
                        "is there a column with that?"
                    )
                break
    constants = {
        name: value for name, value in _CONSTANTS.get(table, {}).items() if name not in columns and name not in optional
    }
    lacking = [name for name in schema.names if name not in columns and name not in optional and name not in constants]
    if lacking or not set(columns) - set(schema.key) or len(constants) > 2:
        return None
    return Mapped(table, columns, constants, frozenset(guesses), {}, tuple(questions))


def _asked_for(table: str, column: Column) -> tuple[str, ...]:
    """The meanings that a canonical column answers to."""
    asked = [column.name]
    if column.name == KNOWN_SINCE.get(table):
        asked.append("moment")
    if (table, column.name) == ("order_lines", "revenue"):
        asked.append("unit_price")
    return tuple(asked)


def _fits(column: Column, looked: Looks) -> bool:
    """Whether values can be what a column must be. A column without a value decides nothing."""
    if not looked.given:
        return column.nullable
    match column.kind:
        case "money" | "number" | "share":
            return looked.numbers is not None
        case "integer":
            return looked.numbers is not None and looked.numbers.whole
        case "date" | "timestamp":
            return looked.dates is not None
        case "text" if column.levels:
            return looked.different <= 40
        case _:
            return True


def _beside(
    main: Mapped, seen: Seen, looked: Mapping[str, Looks], meant: Mapping[str, tuple[str, bool] | None]
) -> list[Mapped]:
    """Dimensions whose columns stand in the same file: what describes a customer or a product always in one way."""
    found = []
    for table in _DIMENSIONS:
        if table == main.table:
            continue
        used = {*main.columns.values(), *(rating.column for rating in main.items.values())}
        free = {name: means for name, means in meant.items() if name not in used}
        key = CANONICAL[table].key[0]
        if key not in main.columns:
            continue
        mapped = _mapped(table, looked, {main.columns[key]: (key, True), **free})
        if mapped is None:
            continue
        steady = {key: mapped.columns[key]} | {
            name: column
            for name, column in mapped.columns.items()
            if name != key and _depends(seen.columns[column], seen.columns[mapped.columns[key]])
        }
        if len(steady) > 1:
            found.append(_with_department(Mapped(table, steady, {}, mapped.guesses & set(steady))))
    return found


def _with_department(mapped: Mapped) -> Mapped:
    """Let the only grouping of products be their departments, too: the coarsest level of a shop with one level."""
    if mapped.table != "products" or "category" not in mapped.columns or "department" in mapped.columns:
        return mapped
    columns = {**mapped.columns, "department": mapped.columns["category"]}
    return replace(mapped, columns=columns, guesses=mapped.guesses | {"department"})


def _depends(values: list[str | None], keys: list[str | None]) -> bool:
    """Whether each key goes with one value only."""
    said: dict[str | None, str | None] = {}
    return all(said.setdefault(key, value) == value for key, value in zip(keys, values, strict=True))


def _answer_sheet(
    seen: Seen, looked: Mapping[str, Looks], meant: Mapping[str, tuple[str, bool] | None]
) -> Mapped | None:
    """A survey with one row per sheet: many columns of whole numbers on one short scale, or words that rate."""
    ratings = [rating for name, found in looked.items() if (rating := _rating(name, found, meant[name])) is not None]
    if len(ratings) < _RATINGS:
        return None
    rated = {rating.column for rating in ratings}
    columns: dict[str, str] = {}
    for name, means in meant.items():
        if means is not None and name not in rated:
            column = "answered_at" if means[0] == "moment" else means[0]
            if column in ("customer_id", "wave", "answered_at") and column not in columns:
                columns[column] = name
    if "answered_at" not in columns:
        return None
    questions = []
    if "customer_id" not in columns:
        questions.append("who answered? Without a column for it, each sheet is taken for one by a person of its own")
    if any(value is None for rating in ratings for value in seen.columns[rating.column]):
        questions.append("what does an empty rating mean: passed over, not asked, or does not know?")
    constants: dict[str, Any] = {} if "wave" in columns else {"wave": "1"}
    items = {f"item_{place:02d}": rating for place, rating in enumerate(ratings, 1)}
    return Mapped("survey_responses", columns, constants, frozenset(columns), items, tuple(questions))


def _rating(name: str, found: Looks, means: tuple[str, bool] | None) -> Rating | None:
    """A column as a rating, if its values can be one and its name says nothing else."""
    if means is not None and means[1] and means[0] not in ("rating", "csat", "answer"):
        return None
    if found.numbers is not None and found.numbers.whole and not found.dates:
        low, high = int(found.numbers.low), int(found.numbers.high)
        if low >= 0 and high <= 10 and found.different >= 2:
            top = next(end for end in (5, 7, 10) if high <= end)
            return Rating(name, 0 if low == 0 or top == 10 else 1, top)
    if found.words and (scale := scale_of(found.words)) is not None:
        return Rating(name, 1, 5, scale)
    return None

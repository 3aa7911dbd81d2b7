"""Which canonical tables a file holds, and which of its columns is which of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from customer_patterns.schemas.canonical import CANONICAL, DEFAULTS, KNOWN_LATER, KNOWN_SINCE
from customer_patterns.schemas.table import Column
from customer_patterns.sources.draft.guessing import Looks
from customer_patterns.sources.draft.looking import Seen
from customer_patterns.sources.draft.mapped import CHILD, Mapped
from customer_patterns.sources.draft.open_questions import open_questions
from customer_patterns.sources.draft.sheets import answer_sheet, is_label
from customer_patterns.sources.draft.vocabulary import meaning_of, stages_of, stars_of
from customer_patterns.study.contract import BEHAVIOR_TABLES

#: Tables of what someone is or something is like: their columns may stand in the file of another table.
_DIMENSIONS = ("customers", "products", "identities")
#: What stands in a required column that a delivery has no column for.
_CONSTANTS: dict[str, dict[str, Any]] = {
    "order_lines": {"product_id": "everything", "quantity": 1},
    "survey_responses": {"wave": "1"},
    "events": {"event_type": "page_view"},
}
#: Keys that a delivery may lack: each of its records is then one of its own.
_OWN_KEYS = {"order_lines": "order_id", "feedback": "feedback_id", "contacts": "contact_id"}
#: Who did it, where a file that holds everything else of a table may call that anything.
_BUYER = {"order_lines": "customer_id"}
#: Tables of which a file often does not say when its records came to be: a day stands for all, and a person says it.
_UNDATED = ("survey_responses", "feedback")
#: Ages in years are put into bands that begin here; those of children by themselves.
_BANDS = (18, 25, 35, 45, 55, 65)
#: Ratings that may come as labels or on a longer scale.
_STARS = ("rating", "csat")
#: Keys of which a file without them cannot be told from one of labels by the name alone.
_KEYS = ("customer_id", "order_id")
#: What is added up over the lines of an order.
_ADDED_UP = ("unit_price", "quantity", *(c.name for c in CANONICAL["order_lines"].columns if c.kind == "money"))


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
    if (sheet := answer_sheet(seen, looked, meant)) is not None:
        beside = _beside(sheet, seen, looked, meant)
        described = tuple(column for found in beside for column in found.columns.values())
        return [sheet, *beside, *open_questions(sheet, seen, looked, described)]
    fitting = [
        found
        for table in CANONICAL
        if (found := _mapped(table, looked, meant)) is not None
        and (not found.made or seen.each is None)  # of a list, all values would get one key
    ]
    if not fitting:
        return []
    main = max(fitting, key=lambda found: _weight(found, meant))
    if main.table in _DIMENSIONS:  # what happened says more than who or what it was, if it takes up more of the file
        happened = [found for found in fitting if found.table in BEHAVIOR_TABLES and not found.undated]
        more = [found for found in happened if len(found.columns) > len(main.columns)]
        main = max(more, key=lambda found: _weight(found, meant), default=main)
    return [_with_department(main), *_beside(main, seen, looked, meant)]


def _weight(found: Mapped, meant: Mapping[str, tuple[str, bool] | None]) -> tuple[float, float]:
    """How much of the file a table takes up: sure names count more, what it must have but has not counts against it."""
    sure = sum(1.0 if meant[name] is not None and meant[name][1] else 0.5 for name in found.columns.values())
    lacking = len(found.constants) + len(found.made) + (found.undated is not None) + 2 * len(found.unknown)
    return sure - 0.3 * lacking, -len(CANONICAL[found.table].columns)


def _mapped(
    table: str,
    looked: Mapping[str, Looks],
    meant: Mapping[str, tuple[str, bool] | None],
    *,
    own_key: str | None = None,
) -> Mapped | None:
    """A canonical table out of a file, if all it needs is there; ``own_key`` may be made where it was not delivered."""
    schema, optional = CANONICAL[table], DEFAULTS.get(table, {})
    columns: dict[str, str] = {}
    guesses: set[str] = set()
    for column in schema.columns:
        for wanted in _asked_for(table, column):
            fitting = [
                (not sure[1], -looked[name].length if column.name == "text" else 0.0, name)
                for name, sure in meant.items()
                if sure is not None
                and sure[0] == wanted
                and name not in columns.values()
                and _fits(column, looked[name])
                and (sure[1] or not (column.name in _KEYS and is_label(looked[name])))
            ]
            if fitting:
                unsure, _, name = min(fitting, key=lambda fit: fit[:2])
                columns[column.name] = name
                if unsure or wanted == "unit_price":
                    guesses.add(column.name)
                break
    guesses |= _dated(table, columns)
    constants = {
        name: value for name, value in _CONSTANTS.get(table, {}).items() if name not in columns and name not in optional
    }
    lacking = {name for name in schema.names if name not in columns and name not in optional and name not in constants}
    made = own_key or _OWN_KEYS.get(table)
    made = made if made in lacking else None
    moment = KNOWN_SINCE.get(table) if table in _UNDATED else None
    undated = moment if moment in lacking else None
    unknown = tuple(sorted(lacking & {_BUYER.get(table)})) if {"order_id", "revenue"} <= set(columns) else ()
    if lacking - {made, undated, *unknown} or not set(columns) - set(schema.key) or len(constants) > 2:
        return None
    if table == "feedback" and "text" not in columns:
        return None
    more = {name: said for name, column in columns.items() if (said := _said_of(name, looked[column]))}
    per_unit = table == "order_lines" and (means := meant[columns["revenue"]]) is not None and means[0] == "unit_price"
    if per_unit and "quantity" in columns:
        more["revenue"] = {"times": "quantity"}
    questions = _questions(columns, more, made, unknown, per_unit=per_unit)
    keys = {} if made is None else {made: None}
    found = Mapped(table, columns, constants, frozenset(guesses), {}, questions, more=more, made=keys)
    return replace(found, undated=undated, unknown=unknown)


def _questions(
    columns: Mapping[str, str],
    more: Mapping[str, dict[str, Any]],
    made: str | None,
    unknown: tuple[str, ...],
    *,
    per_unit: bool,
) -> tuple[str, ...]:
    """What a person must answer about the columns of a table."""
    asked = [
        f"'{columns[name]}' holds no stars; they are made of what it holds: does each word stand for the right number?"
        for name in _STARS
        if "values" in more.get(name, {})
    ]
    if made == "order_id":
        asked.append("which column numbers the orders? None was found, so each record is an order of its own")
    if unknown:
        asked.append("who bought? No column looks like a customer's number: name it at customer_id")
    return (*asked, _priced(columns)) if per_unit else tuple(asked)


def _dated(table: str, columns: dict[str, str]) -> set[str]:
    """See to it that what becomes known later says when; returns what was guessed.

    A rating is taken to be given when the matter was closed; who answered is left out where nobody says when.
    """
    guessed = set()
    for moment, later in KNOWN_LATER.get(table, {}).items():
        told = [name for name in later if name in columns and name != moment]
        if not told or moment in columns:
            continue
        if moment == "rated_at" and "closed_at" in columns:
            columns[moment] = columns["closed_at"]
            guessed.add(moment)
        else:
            for name in told:
                del columns[name]
    return guessed


def _priced(columns: Mapping[str, str]) -> str:
    """What is asked where a file holds the price of a unit and not what a line brings."""
    price = f"'{columns['revenue']}' looks like the price of one unit, but revenue is what the line brings"
    if "quantity" in columns:
        return f"{price}; it is multiplied with '{columns['quantity']}': is that what was paid?"
    return f"{price}: is there a column with that?"


def _said_of(name: str, looked: Looks) -> dict[str, Any]:
    """What must be said of a column beside its name: which stars labels stand for, where bands of ages begin."""
    if name in _STARS and (stars := stars_of(looked.words)) is not None:
        return {"values": stars}
    if name == "stage" and (stages := stages_of(looked.words)):
        return {"values": stages}
    if name == "age_group" and looked.numbers is not None and looked.numbers.whole and looked.numbers.high <= 120:
        return {"bands": (CHILD, *_BANDS) if looked.numbers.low < CHILD else _BANDS}
    return {}


def _asked_for(table: str, column: Column) -> tuple[str, ...]:
    """The meanings that a canonical column answers to."""
    asked = [column.name]
    if column.name == KNOWN_SINCE.get(table):
        asked.append("moment")
    if (table, column.name) == ("order_lines", "revenue"):
        asked.append("unit_price")
    if (table, column.name) == ("opportunities", "amount"):
        asked.append("revenue")
    return tuple(asked)


def _fits(column: Column, looked: Looks) -> bool:
    """Whether values can be what a column must be. A column without a value decides nothing."""
    if not looked.given:
        return column.nullable
    match column.kind:
        case "money" | "number" | "share":
            return looked.numbers is not None
        case "integer":
            labels = column.name in _STARS and stars_of(looked.words) is not None
            return labels or (looked.numbers is not None and looked.numbers.whole)
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
        if table == "customers" and main.items and key not in main.columns:  # each sheet is one by a person of its own
            if (mapped := _mapped(table, looked, free, own_key=key)) is not None:
                found.append(mapped)
            continue
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
            more = {name: said for name, said in mapped.more.items() if name in steady}
            found.append(_with_department(Mapped(table, steady, {}, mapped.guesses & set(steady), more=more)))
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

"""The registry: the tags that come with the package, and those that a study adds or replaces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from customer_patterns.schemas.canonical import KNOWN_SINCE
from customer_patterns.segments.tags.entries import Tag, TagError, read_entry
from customer_patterns.segments.tags.tables import OTHERS, OWN
from customer_patterns.study.spelling import nearest

TAGS_FILE = Path(__file__).with_name("registry.yaml")

#: The day or moment of a row, by table; tables that are not here have none, and no last days of them can be asked for.
DATES: dict[str, str] = {
    **{table: column for table, column in KNOWN_SINCE.items() if "." not in column},
    "orders": "ordered_on",
    "order_lines": "ordered_on",
}
#: Whom a row is about, where that is not ``customer_id``.
PERSONS: dict[str, str] = {"referrals": "referrer_id"}
#: A table whose columns stand beside those of another, and what joins the two.
BESIDE: dict[str, tuple[str, str]] = {
    "campaign_recipients": ("campaigns", "campaign_id"),
    "coupon_redemptions": ("campaigns", "campaign_id"),
    "customer_traits": ("regions", "region_id"),
    "customers": ("regions", "region_id"),
    "events": ("products", "product_id"),
    "order_channels": ("orders", "order_id"),
    "order_lines": ("products", "product_id"),
    "survey_responses": ("survey_items", "item_id"),
    "feedback_codes": ("feedback", "feedback_id"),
}
#: Tables with a row per customer that tags can be read from.
READABLE = tuple(sorted({*OWN, *OTHERS} - {"campaigns", "coupons", "products", "regions", "survey_items"}))
#: What persons wrote or said themselves: nobody is tagged by words that may name somebody.
FREE_TEXT = frozenset({"text", "transcript", "search_term", "user_agent"})
#: What stands for one person: a tag of one is a name.
ONE_PERSON = frozenset({"customer_id", "linked_customer_id", "author_key", "visitor_id", "referrer_id", "referred_id"})


def tag_registry(
    columns: Mapping[str, Iterable[str]], *, added: Mapping[str, Any] | None = None, study_file: str = "the study file"
) -> dict[str, Tag]:
    """Read the registry and check it against the tables that there are.

    Parameters
    ----------
    columns
        The columns of each table.
    added
        What a study adds under ``tags``; an entry of the same key replaces the package's, ``null`` removes it.
    study_file
        What errors call the study's file.

    Returns
    -------
    dict
        The tags by key, those that others are made of before these.

    Raises
    ------
    TagError
        Naming file, tag, key and remedy of every fault.
    """
    listed = [(TAGS_FILE.name, _entries(TAGS_FILE)), (study_file, dict(added or {}))]
    tags: dict[str, Tag] = {}
    faults: list[str] = []
    for file, entries in listed:
        for key, entry in entries.items():
            if entry is None and file != TAGS_FILE.name:
                tags.pop(key, None)
                continue
            tag, wrong = read_entry(str(key), entry, file)
            faults += wrong
            if tag is not None:
                tags[tag.key] = tag
    have = {table: set(names) for table, names in columns.items()}
    faults += [fault for tag in tags.values() for fault in (_table_faults(tag, have) if tag.table else ())]
    faults += [] if faults else _part_faults(tags)
    if faults:
        raise TagError.of(faults)
    return _in_order(tags)


def _entries(file: Path) -> dict[str, Any]:
    """Read the package's own entries."""
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        fault = "put a text that holds a brace, a comma or a colon in quotes, and indent as the entries above it"
        raise TagError.of([f"{file.name}{line}: this cannot be read; {fault}"]) from error


def tables_of(tag: Tag, tags: Mapping[str, Tag], columns: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the tables that a tag rests on, directly or through others, in alphabetical order."""
    if tag.parts:
        return tuple(sorted({table for key in tag.names for table in tables_of(tags[key], tags, columns)}))
    beside = BESIDE.get(tag.table)
    needed = [*tag.columns, PERSONS.get(tag.table, "customer_id")]
    joined = {beside[0]} if beside and any(name not in columns[tag.table] for name in needed) else set()
    return tuple(sorted({tag.table} | joined))


def _table_faults(tag: Tag, columns: Mapping[str, set[str]]) -> list[str]:
    where = f"{tag.file}, tag '{tag.key}'"
    if tag.table not in READABLE or tag.table not in columns:
        known = [table for table in READABLE if table in columns]
        return [
            f"{where}, key 'table': no tag is read from '{tag.table}'{nearest(tag.table, known)} "
            f"(tables: {', '.join(known)})"
        ]
    faults = []
    if tag.days is not None and tag.table not in DATES:
        faults.append(f"{where}, key 'days': rows of {tag.table} have no day; remove it")
    if tag.measure.startswith("days_since") and tag.table not in DATES:
        faults.append(f"{where}, key 'measure': rows of {tag.table} have no day; take another measure")
    known = columns[tag.table] | columns.get(BESIDE.get(tag.table, ("",))[0], set())
    for name in tag.columns:
        if name in FREE_TEXT:
            faults.append(f"{where}, key '{name}': nobody is tagged by free text; code it first")
        elif name in ONE_PERSON and (name in tag.where or tag.measure != "distinct"):
            faults.append(f"{where}, key '{name}': it stands for one person, and nobody is tagged by that; remove it")
        elif name not in known:
            faults.append(
                f"{where}, key '{name}': {tag.table} has no such column{nearest(name, known)} "
                f"(columns: {', '.join(sorted(known - FREE_TEXT))})"
            )
    return faults


def _part_faults(tags: Mapping[str, Tag]) -> list[str]:
    faults = [
        f"{tag.file}, tag '{tag.key}', key '{how}': there is no tag '{key}'"
        f"{nearest(key, tags, then='correct or declare it')}"
        for tag in tags.values()
        for how, keys in tag.parts.items()
        for key in keys
        if key not in tags
    ]
    if faults:
        return faults

    def reaches(key: str, goal: str, seen: frozenset[str] = frozenset()) -> bool:
        return any(
            part == goal or (part not in seen and reaches(part, goal, seen | {part})) for part in tags[key].names
        )

    return [
        f"{tag.file}, tag '{tag.key}': it is made of itself, through {', '.join(tag.names)}; break the circle"
        for tag in tags.values()
        if reaches(tag.key, tag.key)
    ]


def _in_order(tags: Mapping[str, Tag]) -> dict[str, Tag]:
    ordered: dict[str, Tag] = {}

    def place(tag: Tag) -> None:
        for key in tag.names:
            place(tags[key])
        ordered.setdefault(tag.key, tag)

    for tag in tags.values():
        place(tag)
    return ordered

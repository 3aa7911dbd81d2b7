"""What came of each tag: of how many customers it is known, how many have it, and whether it tells anybody apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Protocol

import numpy as np
import pandas as pd

from customer_patterns.estimates import bounded, wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, whole_numbers
from customer_patterns.segments.tags.entries import Tag
from customer_patterns.segments.tags.evaluating import UNKNOWN, YES
from customer_patterns.segments.tags.registry import tables_of
from customer_patterns.segments.tags.tables import (
    EVERYBODY,
    IN_USE,
    NOBODY,
    NOT_DELIVERED,
    OWN,
    TAGS,
    TOO_FEW,
)
from customer_patterns.segments.tags.tables import UNKNOWN as NOT_KNOWN

#: What the tables of this and earlier stages are made from.
MADE_FROM = dict.fromkeys(("orders", "customer_habits", "customer_lifecycle", "customer_segments"), "order_lines")

#: The tables of each kind of tag: whether one rests on :data:`~customer_patterns.segments.tags.tables.OWN` alone.
OWN_KIND, OTHER_KIND = "tags", "other_tags"


class Sources(Protocol):
    """Who says where a study's tables come from."""

    def sources_of(self, table: str) -> Iterable[Any]:
        """The sources of a canonical table, each with the name of its ``source``."""


def kind_of_tag(tag: Tag, tags: Mapping[str, Tag], columns: Mapping[str, Iterable[str]]) -> str:
    """Return in which of the two tables a tag stands, by what it rests on."""
    return OWN_KIND if set(tables_of(tag, tags, columns)) <= set(OWN) else OTHER_KIND


def count_tags(
    held: pd.DataFrame,
    tags: Mapping[str, Tag],
    columns: Mapping[str, Iterable[str]],
    *,
    first_day: date,
    last_day: date,
    delivered: frozenset[str],
    simulated: frozenset[str],
    sources: Sources,
) -> pd.DataFrame:
    """Describe the tags of the registry, with what came of each.

    Parameters
    ----------
    held
        One row per customer, one column per tag, from :func:`evaluate_tags`.
    tags, columns
        The registry, and the columns of each table.
    first_day, last_day
        The period, both days included.
    delivered, simulated
        The tables that the study has, and those that rest on simulated deliveries.
    sources
        Where a table comes from, usually the study.

    Returns
    -------
    DataFrame
        One row per tag, by key: columns as in :data:`~customer_patterns.segments.tags.tables.TAGS`, and ``kind``, in
        which of the two tables it stands. Where fewer than ten customers have a tag, or lack it, its share is blank.
    """
    rows = []
    for tag in tags.values():
        rests_on = tables_of(tag, tags, columns)
        windows = [first_day if one.days is None else _begin(one.days, first_day, last_day) for one in _rows(tag, tags)]
        values = held[tag.key].to_numpy()
        known, having = int((values != UNKNOWN).sum()), int((values == YES).sum())
        (name, definition), (name_zh, definition_zh) = tag.said("en"), tag.said("zh")
        rows.append(
            {
                "tag": tag.key,
                "name": name,
                "name_zh": name_zh,
                "definition": definition,
                "definition_zh": definition_zh,
                "tables": ", ".join(rests_on),
                "from_day": pd.Timestamp(min(windows)),
                "to_day": pd.Timestamp(last_day),
                "defined_on": pd.Timestamp(tag.since),
                "owner": tag.owner,
                "source": ", ".join(_sources(rests_on, sources)) or None,
                "simulated": bool(set(rests_on) & simulated),
                "composed": bool(tag.parts),
                "n": known,
                "customers": len(held),
                "having": having,
                "verdict": _verdict(known, having, rests_on, delivered, tag),
                "kind": kind_of_tag(tag, tags, columns),
            }
        )
    table = pd.DataFrame(rows).sort_values("tag", ignore_index=True)
    table = with_interval(table, "known_share", wilson(table["n"], table["customers"]))
    table = with_interval(table, "tagged_share", wilson(table["having"], table["n"]))
    blank = table["verdict"].isin([TOO_FEW, NOT_KNOWN, NOT_DELIVERED])
    shares = bounded("tagged_share")
    table = table.assign(**{share: table[share].mask(blank) for share in shares}, n=whole_numbers(table["n"]))
    return table[[*TAGS.names, "kind"]]


def _rows(tag: Tag, tags: Mapping[str, Tag]) -> list[Tag]:
    """The tags that read rows, of which one is made."""
    return [one for key in tag.names for one in _rows(tags[key], tags)] if tag.parts else [tag]


def _begin(days: int, first_day: date, last_day: date) -> date:
    return max(first_day, last_day - timedelta(days=days - 1))


def _sources(tables: Iterable[str], sources: Sources) -> list[str]:
    return sorted({source.source for table in tables for source in sources.sources_of(MADE_FROM.get(table, table))})


def _verdict(known: int, having: int, rests_on: Iterable[str], delivered: frozenset[str], tag: Tag) -> str:
    if not known:
        lacking = [table for table in rests_on if table not in delivered]
        return NOT_DELIVERED if lacking else NOT_KNOWN
    if not having:
        return NOBODY
    if having == known:
        return EVERYBODY
    return TOO_FEW if min(having, known - having) < SMALLEST_CELL else IN_USE


def who_has(held: pd.DataFrame, keys: Iterable[str]) -> pd.DataFrame:
    """List who has which of some tags: one row per customer and tag, by both."""
    keys = sorted(keys)
    if not keys:
        return pd.DataFrame({"customer_id": pd.Series(dtype="str"), "tag": pd.Series(dtype="str")})
    row, column = np.nonzero(held[keys].to_numpy() == YES)
    return pd.DataFrame(
        {
            "customer_id": pd.Series(held.index.to_numpy()[row], dtype="str"),
            "tag": pd.Series(np.array(keys, dtype=object)[column], dtype="str"),
        }
    )

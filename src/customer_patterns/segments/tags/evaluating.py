"""Who has which tag: the conditions of the registry, asked of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.schemas import canonical
from customer_patterns.schemas.local_time import local_time
from customer_patterns.segments.tags.entries import COUNTED, Tag, TagError, levels_of
from customer_patterns.segments.tags.registry import BESIDE, DATES, PERSONS

#: What is known of a customer and a tag: has it, has it not, nobody knows.
YES, NO, UNKNOWN = 1, 0, -1
#: Levels that stand for nothing.
_BLANK = (canonical.UNKNOWN, "")


def evaluate_tags(
    tags: Mapping[str, Tag],
    tables: Mapping[str, ir.Table | pd.DataFrame],
    customers: NDArray[np.object_],
    *,
    last_day: date,
    time_zone: str,
    delivered: frozenset[str],
) -> pd.DataFrame:
    """Say of each customer which tags are known, and which of these they have.

    Parameters
    ----------
    tags
        The registry, those that others are made of before these.
    tables
        The tables that they are read from, by name.
    customers
        The keys of all customers; rows of others change nothing.
    last_day
        Last day that counts. Later rows change nothing.
    time_zone
        In which moments become days.
    delivered
        The tables that the study has. Tags of others are known of nobody.

    Returns
    -------
    DataFrame
        One row per customer, by key (the index); one column per tag: 1 has it, 0 has it not, -1 not known. Tags made of
        others follow Kleene's logic: ``all`` with one that is known to fail is known to fail.
    """
    index = pd.Index(sorted(customers), name="customer_id", dtype="str")
    columns: dict[str, NDArray[np.int8]] = {}
    by_table: dict[str, list[Tag]] = {}
    for tag in tags.values():
        if tag.table and tag.table in delivered:
            by_table.setdefault(tag.table, []).append(tag)
    for name, of_table in by_table.items():
        measured = _measured(name, of_table, tables, last_day, time_zone).reindex(index)
        for tag in of_table:
            columns[tag.key] = _judged(tag, measured)
    unknown = np.full(len(index), UNKNOWN, dtype=np.int8)
    for tag in tags.values():
        if tag.parts:
            columns[tag.key] = _composed(tag, columns, unknown)
        else:
            columns.setdefault(tag.key, unknown)
    return pd.DataFrame({key: columns[key] for key in tags}, index=index)


def _measured(
    name: str, tags: list[Tag], tables: Mapping[str, ir.Table | pd.DataFrame], last_day: date, time_zone: str
) -> pd.DataFrame:
    """One row per customer of a table: for each tag its measure, and how many rows there were to know it by."""
    used = {column for tag in tags for column in tag.columns}
    rows = tables[name]
    if isinstance(rows, pd.DataFrame):  # a table that this stage has just made
        rows = ibis.memtable(rows[[column for column in rows.columns if column in {"customer_id", *used}]])
    if name == "events":  # who is no customer clicks too; a visit may be a customer's without a login
        rows = rows.filter(~rows.suspected_bot) if "suspected_bot" in rows.columns else rows
        if "linked_customer_id" in rows.columns:
            rows = rows.mutate(customer_id=rows.customer_id.coalesce(rows.linked_customer_id))
    person = PERSONS.get(name, "customer_id")
    used.add(person)
    if name in BESIDE and not used <= set(rows.columns):
        other, key = BESIDE[name]
        beside = tables[other]
        taken = [column for column in beside.columns if column in used - set(rows.columns)]
        rows = rows.left_join(beside.select(key, *taken), key)
    if faults := [fault for tag in tags for fault in _unlike(tag, rows)]:
        raise TagError.of(faults)
    rows = rows.mutate(_who=rows[person], _day=_day_of(name, rows, time_zone))
    rows = rows.filter(rows._who.notnull())
    if name in DATES:
        rows = rows.filter(rows._day <= ibis.literal(last_day))
    sums: dict[str, ir.Scalar] = {}
    for tag in tags:
        lately = ibis.literal(True) if tag.days is None else rows._day > ibis.literal(last_day - timedelta(tag.days))
        counts = lately
        for column, test in tag.where.items():
            counts = counts & _holds(rows[column], test)
        sums[f"{tag.key}__seen"] = rows.count(where=lately if tag.measure in COUNTED else counts)
        sums[tag.key] = _measure(tag, rows, counts, last_day)
    return rows.group_by(customer_id=rows._who).aggregate(**sums).to_pandas().set_index("customer_id")


def _unlike(tag: Tag, rows: ir.Table) -> list[str]:
    """What a tag asks of columns that hold something else: a text of numbers, more or less of texts."""
    where = f"{tag.file}, tag '{tag.key}'"
    asked = [*tag.where.items(), *(tag.of.items() if isinstance(tag.of, Mapping) else ())]
    faults = []
    for column, test in asked:
        of_numbers, of_texts = rows[column].type().is_numeric(), rows[column].type().is_string()
        how = test if isinstance(test, Mapping) else {"": test}
        if of_texts and not {"at_least", "at_most"}.isdisjoint(how):
            faults.append(f"{where}, key '{column}': {tag.table} has texts there; name those that count")
        named = [level for key in ("", "not") if key in how for level in levels_of(how[key])]
        if of_numbers and (texts := [str(level) for level in named if not isinstance(level, int | float)]):
            faults.append(
                f"{where}, key '{column}': {tag.table} has numbers there, none is '{texts[0]}'; "
                "take a column of texts, or write at_least or at_most"
            )
    if tag.measure in ("sum", "mean") and not rows[tag.of].type().is_numeric():
        faults.append(f"{where}, key 'measure': {tag.of} of {tag.table} is no number; take a column of numbers")
    return faults


def _day_of(name: str, rows: ir.Table, time_zone: str) -> ir.Value:
    if name not in DATES:
        return ibis.null("date")
    moment = rows[DATES[name]]
    return local_time(moment, time_zone=time_zone).date() if moment.type().is_timestamp() else moment.cast("date")


def _measure(tag: Tag, rows: ir.Table, counts: ir.BooleanValue, last_day: date) -> ir.Scalar:
    match tag.measure:
        case "rows":
            return rows.count(where=counts)
        case "distinct":
            return rows[tag.of].nunique(where=counts)
        case "sum" | "mean":
            summed = rows[tag.of].cast("float64")
            return summed.sum(where=counts).round(9) if tag.measure == "sum" else summed.mean(where=counts).round(9)
        case "value":
            return rows[tag.of].max(where=counts)
        case "share":
            met = counts
            for column, test in tag.of.items():
                met = met & _holds(rows[column], test)
            return rows.count(where=met) / rows.count(where=counts)
        case "days_since_last":
            return ibis.literal(last_day).delta(rows._day.max(where=counts), unit="day")
        case _:
            return ibis.literal(last_day).delta(rows._day.min(where=counts), unit="day")


def _holds(column: ir.Column, test: Any) -> ir.BooleanValue:
    """Whether a value of a row passes a test; a missing one passes none but that for missing ones."""
    if not isinstance(test, Mapping):
        return _written(column).isin(_like(column, levels_of(test))).fill_null(False)
    held = ibis.literal(True)
    for how, given in test.items():
        match how:
            case "known":
                known = column.notnull() & (column.notin(list(_BLANK)) if column.type().is_string() else True)
                held = held & (known if given else ~known)
            case "at_least":
                held = held & (column >= given).fill_null(False)
            case "at_most":
                held = held & (column <= given).fill_null(False)
            case _:
                held = held & _written(column).notin(_like(column, levels_of(given))).fill_null(False)
    return held


def _written(column: ir.Column) -> ir.Column:
    """A column's values as they are compared: of words capitals do not count, since pages write them their own way."""
    return column.lower() if column.type().is_string() and not column.get_name().endswith("_id") else column


def _like(column: ir.Column, levels: list[Any]) -> list[Any]:
    """Levels as the column's values are compared; a number in the registry may be a text in the table."""
    if not column.type().is_string():
        return levels
    return [str(level) if column.get_name().endswith("_id") else str(level).lower() for level in levels]


def _judged(tag: Tag, measured: pd.DataFrame) -> NDArray[np.int8]:
    """Hold a measure against the tag's tests; of whom too little was seen nobody knows."""
    values, seen = measured[tag.key], measured[f"{tag.key}__seen"].fillna(0).to_numpy(dtype=float)
    if tag.known_for == "everyone":
        values = values.fillna(0) if values.dtype.kind in "ifu" else values
        known = np.ones(len(values), dtype=bool)
    else:
        known = (seen >= tag.known_from) & values.notna().to_numpy()
    passed = np.ones(len(values), dtype=bool)
    if "is" in tag.tests:
        levels = {str(level).lower() for level in levels_of(tag.tests["is"])}
        known &= ~values.astype("str").isin(_BLANK).to_numpy()
        passed &= values.astype("str").str.lower().isin(levels).to_numpy()
    else:
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        known &= ~np.isnan(numbers)
        bound = np.round(numbers, 9)
        if "at_least" in tag.tests:
            passed &= bound >= tag.tests["at_least"]
        if "at_most" in tag.tests:
            passed &= bound <= tag.tests["at_most"]
        if "top_share" in tag.tests and known.any():
            # Equal values stand together: all at the cut are in, or, were that more than half too many, none.
            cut = np.quantile(bound[known], 1 - tag.tests["top_share"], method="higher")
            inside = bound >= cut
            passed &= inside if (inside & known).sum() <= 1.5 * tag.tests["top_share"] * known.sum() else bound > cut
    return np.where(known, np.where(passed, YES, NO), UNKNOWN).astype(np.int8)


def _composed(tag: Tag, columns: Mapping[str, NDArray[np.int8]], unknown: NDArray[np.int8]) -> NDArray[np.int8]:
    """Put tags together by Kleene's three-valued logic: the least of ``all``, the largest of ``any``."""
    order = {UNKNOWN: 0.5, NO: 0.0, YES: 1.0}
    level = np.ones(len(unknown))
    for how, keys in tag.parts.items():
        parts = np.array([np.vectorize(order.get, otypes=[float])(columns[key]) for key in keys])
        part = {"all": parts.min(axis=0), "any": parts.max(axis=0), "none": 1 - parts.max(axis=0)}[how]
        level = np.minimum(level, part)
    return np.select([level == 1.0, level == 0.0], [YES, NO], UNKNOWN).astype(np.int8)

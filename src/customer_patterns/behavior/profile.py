"""What is known about customers, one attribute a row: how many, how much is missing, center and spread."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.tables import MEASURES, PROFILED, in_words
from customer_patterns.behavior.tables import PROFILE as SCHEMA
from customer_patterns.estimates import Interval, NotEnoughData, bootstrap_quantile, bounded, wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, whole_numbers
from customer_patterns.schemas.canonical import UNKNOWN


def describe_customers(
    customers: ir.Table, rhythm: ir.Table, *, attributes: Sequence[str] = tuple(PROFILED)
) -> pd.DataFrame:
    """Describe customers attribute by attribute, and what they do measure by measure.

    Parameters
    ----------
    customers
        One row per customer: ``customer_id`` and the attributes; ``"unknown"`` or nothing where one is not known.
    rhythm
        One row per customer with an order, with the measures: ``orders``, ``active_weeks``, ``median_gap_days``,
        ``silent_days``, ``revenue``.
    attributes
        Columns of ``customers`` with a few levels each.

    Returns
    -------
    DataFrame
        One row per attribute or measure, in this order: ``what``, ``kind``, ``n`` (customers of whom it is known),
        ``customers`` (all), ``missing`` (share, Wilson interval), ``levels`` and ``most_common`` (the first by name of
        equals; blank for so few customers that they could be recognized) of attributes, ``unit``, ``lower_quarter``,
        ``median`` (interval by resampling customers), ``upper_quarter`` of measures. Attributes that nobody has are
        there, wholly missing.
    """
    people = customers.select("customer_id", *attributes).to_pandas()
    rows = [_attribute(people[name], name) for name in attributes]
    measured = rhythm.select("customer_id", *MEASURES).order_by("customer_id").to_pandas()
    rows += [_measure(measured[name].astype(float).to_numpy(), name) for name in MEASURES]
    table = pd.DataFrame(rows)
    table = table.astype({"what": "str", "kind": "str", "most_common": "object", "unit": "object"}).assign(
        n=whole_numbers(table["n"]), levels=pd.array(table["levels"], dtype="Int64")
    )
    known, every = table["n"].to_numpy(dtype=float), table["customers"].to_numpy(dtype=float)
    return with_interval(table, "missing", wilson(every - known, every))[SCHEMA.names]


def _attribute(values: pd.Series, name: str) -> dict[str, object]:
    known = values[values.notna() & (values.astype("object") != UNKNOWN)].astype("str")
    sizes = known.value_counts()
    levels = sorted(sizes.index, key=lambda level: (-sizes[level], level))
    shown = bool(levels) and sizes[levels[0]] >= SMALLEST_CELL
    return {
        "what": in_words(name),
        "kind": "attribute",
        "n": len(known),
        "customers": len(values),
        "levels": len(levels),
        "most_common": levels[0] if shown else None,
        "unit": None,
    } | dict.fromkeys(("lower_quarter", *bounded("median"), "upper_quarter"), np.nan)


def _measure(values: np.ndarray, name: str) -> dict[str, object]:
    known = values[~np.isnan(values)]
    try:
        if len(known) < SMALLEST_CELL:
            raise NotEnoughData(f"{name} is known of {len(known)} customers")
        quarters = bootstrap_quantile(known, np.arange(len(known)), q=[0.25, 0.5, 0.75])
    except NotEnoughData:
        quarters = Interval.missing(3)
    return {
        "what": in_words(name),
        "kind": "measure",
        "n": len(known),
        "customers": len(values),
        "levels": None,
        "most_common": None,
        "unit": MEASURES[name],
        "lower_quarter": quarters.value[0],
        "median": quarters.value[1],
        "median_low": quarters.low[1],
        "median_high": quarters.high[1],
        "upper_quarter": quarters.value[2],
    }

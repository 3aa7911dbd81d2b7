"""What is known of who customers are and where they live, one column per attribute."""

from __future__ import annotations

import ibis.expr.types as ir
import pandas as pd

from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.segments.bases.tables import DEMOGRAPHICS, GEOGRAPHICS


def customer_demographics(customers: ir.Table) -> pd.DataFrame:
    """Return who customers are.

    Parameters
    ----------
    customers
        One row per customer: ``customer_id`` and attributes; ``"unknown"`` or missing where one is not known.

    Returns
    -------
    DataFrame
        One row per customer, by ``customer_id``; the attributes that are known of anybody, missing where they are not.
    """
    there = [name for name in DEMOGRAPHICS if name in customers.columns]
    return _known(customers.select("customer_id", *there).order_by("customer_id").to_pandas())


def customer_areas(customers: ir.Table, traits: ir.Table, regions: ir.Table) -> pd.DataFrame:
    """Return where customers live.

    Parameters
    ----------
    customers, traits
        One row per customer: ``customer_id``, ``region_id``; where the first does not know it, the second is asked.
    regions
        One row per region: ``region_id``, ``area_type``, ``region_name``.

    Returns
    -------
    DataFrame
        One row per customer, by ``customer_id``: ``area_type``, ``region_name``, ``city``, those known of anybody.
    """
    placed = customers.select("customer_id", "city", "region_id").order_by("customer_id").to_pandas()
    other = traits.select("customer_id", "region_id").to_pandas().set_index("customer_id")["region_id"]
    region = placed["region_id"].mask(placed["region_id"] == UNKNOWN)
    region = region.fillna(placed["customer_id"].map(other))
    about = regions.select("region_id", "area_type", "region_name").to_pandas().set_index("region_id")
    for name in about.columns:
        placed[name] = region.map(about[name])
    return _known(placed[["customer_id", *GEOGRAPHICS]])


def _known(table: pd.DataFrame) -> pd.DataFrame:
    for name in table.columns[1:]:
        table[name] = table[name].mask(table[name] == UNKNOWN)
    return table[["customer_id", *(name for name in table.columns[1:] if table[name].notna().any())]]

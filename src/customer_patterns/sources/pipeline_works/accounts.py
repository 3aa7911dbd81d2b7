"""The accounts of the works, and what it sells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.draws import Lot, keys_of
from customer_patterns.sources.pipeline_works.plan import OWNS_PUMPS, REGION_SHARES, REGIONS, SIZES, Plan

#: Products: department, category, type, price in cents, share among those of their category.
PRODUCTS: dict[str, tuple[str, str, str, int, float]] = {
    "PU-01": ("PUMPS", "CENTRIFUGAL", "SINGLE STAGE", 420_000, 0.30),
    "PU-02": ("PUMPS", "CENTRIFUGAL", "MULTI STAGE", 690_000, 0.18),
    "PU-03": ("PUMPS", "DISPLACEMENT", "GEAR", 510_000, 0.16),
    "PU-04": ("PUMPS", "DISPLACEMENT", "DIAPHRAGM", 380_000, 0.20),
    "PU-05": ("PUMPS", "DOSING", "DOSING", 240_000, 0.16),
    "SP-01": ("SPARE PARTS", "SEALS", "SEAL KIT", 8_900, 0.24),
    "SP-02": ("SPARE PARTS", "SEALS", "GASKET SET", 4_200, 0.00),
    "SP-03": ("SPARE PARTS", "BEARINGS", "BALL BEARING", 6_100, 0.16),
    "SP-04": ("SPARE PARTS", "BEARINGS", "SLEEVE BEARING", 9_400, 0.08),
    "SP-05": ("SPARE PARTS", "IMPELLERS", "IMPELLER", 31_000, 0.10),
    "SP-06": ("SPARE PARTS", "DRIVES", "COUPLING", 12_500, 0.09),
    "SP-07": ("SPARE PARTS", "DRIVES", "MOTOR", 88_000, 0.05),
    "SP-08": ("SPARE PARTS", "FILTERS", "FILTER INSERT", 2_600, 0.18),
    "SP-09": ("SPARE PARTS", "LUBRICANTS", "BEARING GREASE", 1_900, 0.10),
    "SV-01": ("SERVICE", "COMMISSIONING", "COMMISSIONING", 95_000, 0.00),
    "SV-02": ("SERVICE", "TRAINING", "OPERATOR TRAINING", 60_000, 0.00),
}


def products() -> pd.DataFrame:
    """Return the canonical table ``products``: one row per product, by its key; cost is three fifths of the price."""
    columns = ["department", "category", "product_type", "price", "share"]
    table = pd.DataFrame.from_dict(PRODUCTS, orient="index", columns=columns).rename_axis("product_id").reset_index()
    brand = np.where(table["product_id"].str.startswith("SP-0") & (table["price"] < 5_000), "Bought", "Own")
    return table.assign(brand=brand)[["product_id", "department", "category", "product_type", "brand"]]


def regions() -> pd.DataFrame:
    """Return the canonical table ``regions``: one row per sales region, by its key."""
    columns = ["region_name", "area_type", "country", "population"]
    return pd.DataFrame.from_dict(REGIONS, orient="index", columns=columns).rename_axis("region_id").reset_index()


def draw_accounts(plan: Plan) -> pd.DataFrame:
    """Draw the accounts.

    Returns
    -------
    DataFrame
        One row per account, by ``customer_id``: ``region_id``, ``country``, ``registered_on``, ``size``, ``pumps``
        (owned from the start), ``first_day`` (from which it is an account, counted from the books' first; negative
        for who was one before).
    """
    lot = Lot(plan.seed, "accounts")
    ids = np.array([f"AC-{number:05d}" for number in range(1, plan.accounts + 1)], dtype=object)
    keys = keys_of(ids)
    region = lot.choice(keys, "region", REGION_SHARES)
    size = lot.choice(keys, "size", SIZES)
    owns = lot.happens(keys, "owns pumps", OWNS_PUMPS)
    # Who owns pumps has been an account for years; of the others many become one during the books.
    old = -lot.below(keys, "years ago", 2_500) - 1
    new = (lot.uniform(keys, "new since") * (plan.days + plan.lead_in_days) * 0.9).astype("int64") - plan.lead_in_days
    first = np.where(owns, old, new)
    pumps = np.where(owns, 1 + lot.below(keys, "pumps", 4) * (1 + 2 * (size == "large")), 0)
    return pd.DataFrame(
        {
            "customer_id": ids,
            "region_id": region,
            "country": pd.Series(region, dtype=object).map({name: values[2] for name, values in REGIONS.items()}),
            "registered_on": plan.dates(first),
            "size": size,
            "pumps": pumps,
            "first_day": first,
        }
    )

"""What sentences say of the bases on which customers can be segmented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from customer_patterns.segments.bases.tables import RELATED

if TYPE_CHECKING:
    from customer_patterns.wording import Figures

FINDINGS = (("segments.bases", "association", "basis_agreement", "bases"),)


def _basis_agreement(figures: Figures, table: pd.DataFrame) -> None:
    from customer_patterns.wording import Name

    related = table[(table["verdict"] == RELATED) & table["cramers_v_low"].notna()]
    if len(related):
        closest = related.iloc[0]
        figures["closest_attribute"] = Name(closest["attribute"], "word")
        figures["closest_behavior"] = Name(closest["behavior"], "word")
        figures.estimate("closest_v", closest, "cramers_v", "ratio")
        figures.estimate("closest_rand", closest, "adjusted_rand", "ratio")
    figures.count("bases_compared", len(table), "comparisons")
    figures.count("bases_related", len(related), "comparisons")


def _described(figures: Figures, table: pd.DataFrame) -> None:
    for name, part in (("described", "described"), ("undescribed", "not described")):
        row = table[(table["customers_with"] == part) & table["n"].notna()]
        if len(row):
            figures.count(name, row["n"].iloc[0], "customers")
            figures.estimate(f"{name}_orders", row.iloc[0], "median_orders", "orders")


READERS = {"basis_agreement": _basis_agreement, "described": _described}

"""The figures that the chapter's sentences on products speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.satisfaction.products.tables import BETTER, CATEGORY, MEASURES, WORSE
from customer_patterns.wording import Figures

#: The findings of this part: sentence, grade of its evidence, table and figure that show it.
FINDINGS = (
    (
        ("satisfaction.products_apart", "satisfaction.products_worse", "satisfaction.products_better"),
        "description",
        "product_satisfaction",
        None,
    ),
)


def _products(figures: Figures, table: pd.DataFrame) -> None:
    known = table[table["verdict"].notna()]
    if known["verdict"].isin([WORSE, BETTER]).any():
        figures.count("products_compared", len(known), "comparisons")
        figures.count("products_apart", known["verdict"].isin([WORSE, BETTER]).sum(), "comparisons")
        for name, side in (("products_worse", WORSE), ("products_better", BETTER)):
            if apart := int((known["verdict"] == side).sum()):
                figures.count(name, apart, "comparisons")


def flagged_first(table: pd.DataFrame) -> pd.DataFrame:
    """What stands out first, categories before products, the rarest by chance on top."""
    known = table[table["verdict"].notna()]
    order = {
        "flag": ~known["verdict"].isin([WORSE, BETTER]),
        "where": known["level"] != CATEGORY,
        "place": known["measure"].map(MEASURES.index),
    }
    rows = known.assign(**order).sort_values(["flag", "where", "adjusted_p", "name", "place"], kind="stable")
    return rows[table.columns].reset_index(drop=True)


READERS = {"product_satisfaction": _products}

"""The figures about the product mix that the chapter's sentences speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns import wording
from customer_patterns.patterns.assortment import tables
from customer_patterns.wording import Name

#: How the intervals of factors and shares are made.
METHOD = "linearization over customers"

#: Names of two product types that together are longer than this leave no room for a title.
_LONGEST = 44

FINDINGS = (("patterns.substitutes", "association", "siblings", "siblings"),)


def _siblings(figures: wording.Figures, table: pd.DataFrame) -> None:
    figures.count("sibling_pairs", len(table), "pairs")
    for name, verdict in (
        ("substitute_pairs", tables.SUBSTITUTES),
        ("complement_pairs", tables.COMPLEMENTS),
        ("apart_pairs", tables.APART),
    ):
        figures.count(name, (table["verdict"] == verdict).sum(), "pairs")
    rows = table[table["verdict"] == tables.SUBSTITUTES]
    if rows.empty:
        return
    # The clearest, not the smallest: what few customers did is partly small by chance.
    clearest = rows.loc[rows["factor_high"].astype(float).idxmin()]
    figures["substitute_first"], figures["substitute_second"] = (
        Name(clearest["product_type"]),
        Name(clearest["other_type"]),
    )
    figures.estimate("substitute_factor", clearest, "factor", "ratio", method=METHOD)
    if len(clearest["product_type"]) + len(clearest["other_type"]) <= _LONGEST:
        figures["substitute_pair"] = Name(clearest["pair"])


def _revenue_at_risk(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table[table["assumption"] == tables.NEVER_ANOTHER]
    largest = rows.loc[rows["at_risk"].idxmax()]
    figures["risk_product"] = Name(largest["product"])
    figures.estimate("risk_share", largest, "share", "share", method=METHOD)


READERS = {"siblings": _siblings, "revenue_at_risk": _revenue_at_risk}

"""The figures that the chapter's sentences on agreement between sources speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.satisfaction.together.tables import AS_CONTENT, LEVEL, NO_ORDER, SAME_ORDER
from customer_patterns.wording import Figures, Name

#: The findings of this part: sentence, grade of its evidence, table and figure that show it.
FINDINGS = (
    (
        ("satisfaction.sources_agree", "satisfaction.sources_level", "satisfaction.sources_apart"),
        "association",
        "source_agreement",
        "sources",
    ),
)


def _agreement(figures: Figures, table: pd.DataFrame) -> None:
    known = table[table["order"].notna() & (table["suppressed"] == "no")]
    if known.empty:
        return
    agreeing = known[known["order"] == SAME_ORDER]
    figures.count("source_pairs", len(known), "pairs")
    if apart := int((known["level"].notna() & (known["level"] != LEVEL)).sum()):
        figures.count("level_apart", apart, "pairs")
    if len(agreeing):
        best = agreeing.loc[agreeing["rank_correlation"].astype(float).idxmax()]
        figures.count("sources_agreeing", len(agreeing), "pairs")
        figures["agreeing_first"] = Name(best["first"], "word")
        figures["agreeing_second"] = Name(best["second"], "word")
        figures.estimate("agreeing_by", best, "rank_correlation", "", of="customers", method="Bonett and Wright")
    elif (known["order"] == NO_ORDER).all():
        figures.count("sources_unlike", len(known), "pairs")


def _themes(figures: Figures, table: pd.DataFrame) -> None:
    known = table[table["verdict"].notna()]
    if known["verdict"].ne(AS_CONTENT).any():
        figures.count("themes_known", len(known), "dimensions")
        figures.count("themes_apart", (known["verdict"] != AS_CONTENT).sum(), "dimensions")


def named_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """The pairs that can be drawn, each with a name of its own, closest agreement first."""
    known = table[(table["suppressed"] == "no") & table["rank_correlation_low"].notna()]
    known = known.assign(pair=known["first"].astype(str) + ", " + known["second"].astype(str))
    return known.sort_values("rank_correlation", ascending=False, kind="stable", ignore_index=True)


READERS = {"source_agreement": _agreement, "theme_agreement": _themes}

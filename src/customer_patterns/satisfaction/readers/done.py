"""The figures of who is how content, and what they did afterwards that the chapter's sentences speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.satisfaction.rows import of_grouping
from customer_patterns.satisfaction.tables.columns import MEAN_OF_DIMENSIONS, NPS_MEASURE
from customer_patterns.wording import Figures, Name

WILSON = "Wilson"


def _segment_scores(figures: Figures, table: pd.DataFrame) -> None:
    compared = table[table["p_value"].notna()]
    if len(compared):
        if apart := int((compared["verdict"] == "stands out").sum()):
            figures.count("compared", len(compared), "comparisons")
            figures.count("standing_out", apart, "comparisons")
        else:
            figures.count("like_segments", len(compared), "comparisons")
    if len(rows := of_grouping(table, table["grouping"].iloc[0], NPS_MEASURE) if len(table) else table) > 1:
        for name, place in (("first", 0), ("last", -1)):
            figures[f"{name}_segment"] = Name(rows.iloc[place]["segment"])
            figures.estimate(f"{name}_nps", rows.iloc[place], "score", "", of="answers")


def _said_and_done(figures: Figures, table: pd.DataFrame) -> None:
    for _, row in table[table["measure"] == MEAN_OF_DIMENSIONS].iterrows():
        figures.estimate("partial", row, "partial", "", of="answers")
        figures.estimate("plain", row, "plain", "", of="answers")
        figures.count("seen_waves", row["waves"], "waves")


def _stated_and_revealed(figures: Figures, table: pd.DataFrame) -> None:
    quiet = table[table["done"] == "gone quiet"].set_index("said")
    for name, said in (("content_quiet", "content"), ("unhappy_quiet", "not content")):
        if said in quiet.index:
            figures.estimate(name, quiet.loc[said], "share", "share", n="customers", method=WILSON)


READERS = {
    "segment_scores": _segment_scores,
    "said_and_done": _said_and_done,
    "stated_and_revealed": _stated_and_revealed,
}

"""Those rows of the stage's tables that charts and sentences speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.features.cells import shown
from customer_patterns.satisfaction.tables.columns import ALL_WAVES


def of_all_waves(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of all waves together."""
    return table[table["wave"] == ALL_WAVES].reset_index(drop=True)


def of_score(table: pd.DataFrame, score: str) -> pd.DataFrame:
    """The rows of one score."""
    return table[table["score"] == score].reset_index(drop=True)


def of_grouping(table: pd.DataFrame, grouping: str, score: str) -> pd.DataFrame:
    """The rows of one grouping and score that can be drawn."""
    rows = table[(table["grouping"] == grouping) & (table["score_name"] == score)]
    return shown(rows, "score")


def of_segments(table: pd.DataFrame, grouping: str) -> pd.DataFrame:
    """All scores of one grouping's segments."""
    rows = table[table["grouping"] == grouping].reset_index(drop=True)
    return rows if len(shown(rows, "score")) else rows[:0]


def scenarios_agree(versions: pd.DataFrame, scenarios: pd.DataFrame) -> bool:
    """Whether the weighted scores are those of a scenario in which the silent are like those who answered."""
    weighted = versions[versions["version"] == "weighted by past behavior"].set_index("score")["value"]
    alike = scenarios[scenarios["points_below"] == 0].set_index("score")["value"]
    return bool((weighted.reindex(alike.index) - alike).abs().fillna(0).lt(1e-6).all())

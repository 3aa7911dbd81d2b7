"""The figures of open opportunities that the chapter's sentences speak of, taken from their tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.estimates import bounded
from customer_patterns.features.cells import shown
from customer_patterns.outlook.leads.tables import ALL_STAGES

#: Findings of this section: sentence, grade of its evidence, table and figure that show it.
FINDINGS: tuple[tuple[str, str, str, str | None], ...] = (("outlook.leads", "time-ordered", "lead_stages", "leads"),)


def stages_tested(table: pd.DataFrame) -> pd.DataFrame:
    """The stages whose earlier opportunities were scored, as a chart can draw them."""
    known = table.dropna(subset=[*bounded("won_share"), "predicted"])
    return known[known["stage"] != ALL_STAGES].reset_index(drop=True)


def _lead_stages(figures: wording.Figures, table: pd.DataFrame) -> None:
    whole = shown(table, "expected_wins")
    whole = whole[whole["stage"] == ALL_STAGES]
    if len(whole):
        row = whole.iloc[0]
        figures.count("open_leads", row["open"], "opportunities")
        look = {"n": "open", "of": "opportunities", "method": "independent chances"}
        figures.estimate("expected_wins", row, "expected_wins", "", **look)
        figures.estimate("expected_value", row, "expected_value", "currency", **look)


def _lead_quality(figures: wording.Figures, table: pd.DataFrame) -> None:
    tested = table[table["stage"] == ALL_STAGES].dropna(subset=["tested"])
    if len(tested):
        figures.count("leads_tested", tested["tested"].iloc[0], "opportunities")


_NAMED = {
    "area under the curve of the model": ("model_auc", "ratio"),
    "area under the curve of the stage": ("stage_auc", "ratio"),
    "squared error of the model": ("model_error", "ratio"),
    "squared error of the stage": ("stage_error", "ratio"),
}


def _lead_figures(figures: wording.Figures, table: pd.DataFrame) -> None:
    for _, row in table.iterrows():
        if row["figure"] in _NAMED:
            name, unit = _NAMED[row["figure"]]
            figures.estimate(name, row, "value", unit, of="opportunities")
    figures.count("leads_learned", table["learned_from"].iloc[0], "opportunities")


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {
    "lead_stages": _lead_stages,
    "lead_quality": _lead_quality,
    "lead_figures": _lead_figures,
}

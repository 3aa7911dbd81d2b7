"""The figures that the chapter's sentences on what was heard speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.satisfaction.listening.tables import ALIKE, NO_DIFFERENCE, RATED_ALIKE
from customer_patterns.wording import Figures, Name

#: The findings of this part: sentence, grade of its evidence, table and figure that show it.
FINDINGS = (
    (
        (
            "satisfaction.agents_apart",
            "satisfaction.agents_talk",
            "satisfaction.agents_rated",
            "satisfaction.agents_alike",
        ),
        "association",
        "agents",
        "agents",
    ),
    (("satisfaction.kappa",), "description", "coder_agreement", None),
)


def _agents(figures: Figures, table: pd.DataFrame) -> None:
    known = table[table["suppressed"] == "no"]
    if known["talk_share"].notna().any():
        figures.count("agents_known", len(known), "agents")
        talking = known[known["talking"].notna() & (known["talking"] != ALIKE)]
        if len(talking):
            figures.count("agents_talking", len(talking), "agents")
        if len(talking) == 1:
            figures["talking_agent"] = Name(talking["agent"].iloc[0])
        if rated := int((known["rated_as"].notna() & (known["rated_as"] != RATED_ALIKE)).sum()):
            figures.count("agents_rated", rated, "agents")


def _agreement(figures: Figures, table: pd.DataFrame) -> None:
    known = table[table["kappa"].notna()]
    if len(known):
        least = known.sort_values(["kappa", "first", "second"], kind="stable").iloc[0]
        figures.estimate("kappa", least, "kappa", "", of="texts", method="Fleiss, Cohen and Everitt")
        figures["kappa_verdict"] = Name(least["verdict"], "word")


def _themes(figures: Figures, table: pd.DataFrame) -> None:
    known = table[table["suppressed"] == "no"]
    if len(known):
        first = known.sort_values(["texts", "kind", "code"], ascending=[False, True, True], kind="stable").iloc[0]
        figures["most_code"] = Name(first["code"])
        figures.estimate("most_code_share", first, "share_of_texts", "share", n="everybody", of="writers")


def _phrases(figures: Figures, table: pd.DataFrame) -> None:
    figures.count("phrases", len(table), "phrases")
    figures.count("telling_phrases", (table["verdict"] != NO_DIFFERENCE).sum(), "phrases")


def telling_phrases(table: pd.DataFrame) -> pd.DataFrame:
    """The phrases that tell calls rated well from calls rated badly, in their order."""
    return table[table["verdict"] != NO_DIFFERENCE].reset_index(drop=True)


def _mood(figures: Figures, table: pd.DataFrame) -> None:
    told = table[table["blame"].notna() & (table["blame"] > 0)]
    if len(told):
        most = told.sort_values(["calls", "language"], ascending=[False, True], kind="stable").iloc[0]
        figures.estimate("blaming_calls", most, "blame", "share", of="callers")


READERS = {
    "agents": _agents,
    "coder_agreement": _agreement,
    "themes": _themes,
    "call_phrases": _phrases,
    "call_mood": _mood,
}

"""The figures that the chapter's sentences on texts speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.features.cells import shown
from customer_patterns.satisfaction.text.language import CHINESE, ENGLISH
from customer_patterns.satisfaction.text.tables import ASKED_FOR, NOT_SOLD, SEARCHED, WORSE
from customer_patterns.wording import Figures, Name

#: The findings of this part: sentence, grade of its evidence, table and figure that show it.
FINDINGS = (
    (
        ("satisfaction.texts_blame", "satisfaction.texts_blame_alike", "satisfaction.texts_speak"),
        "description",
        "text_themes",
        "text-themes",
    ),
)


def _themes(figures: Figures, table: pd.DataFrame) -> None:
    known = shown(table, "share_of_texts")
    if len(known):
        first = known.iloc[0]
        figures["most_theme"] = Name(first["theme"], "label")
        figures.estimate("most_theme_share", first, "share_of_texts", "share", n="everybody", of="writers")
    told = shown(table, "blamed")
    if len(told) > 1:
        if worse := int((told["verdict"] == WORSE).sum()):
            figures.count("told_themes", len(told), "themes")
            figures.count("worse_themes", worse, "themes")
        else:
            figures.count("like_themes", len(told), "themes")
        worst = told.sort_values(["blamed", "theme"], ascending=[False, True], kind="stable").iloc[0]
        if worst["blamed"] > 0:
            figures["blamed_theme"] = Name(worst["theme"], "label")
            figures.estimate("blamed_share", worst, "blamed", "share", of="writers")


def _needs(figures: Figures, table: pd.DataFrame) -> None:
    figures.count("needs", len(table), "needs")
    missed = table[(table["assortment"] == NOT_SOLD) & table["kind"].isin([ASKED_FOR, SEARCHED])]
    if len(missed):
        figures.count("not_sold", len(missed), "needs")


def _topics(figures: Figures, table: pd.DataFrame) -> None:
    figures.count("topics_tried", len(table), "topics")
    figures.count("topics_again", (table["verdict"] == "found again").sum(), "topics")


def with_language_names(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with languages by their names (``"English"``), as a page shows them; other values stay."""
    return table.assign(language=table["language"].replace({ENGLISH: "English", CHINESE: "Chinese"}))


READERS = {
    "text_themes": _themes,
    "unmet_needs": _needs,
    "text_topics": _topics,
}

"""Answer sheets with nothing beside them, as survey tools export them: one row each, fourteen ratings, no one's key.

Two kinds: one whose questions belong to four themes and whose last column says in words whether someone was content,
as in the sheets that airlines and hotels hand out; one as a newcomer exports it, each question a theme of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

#: Theme by theme: its questions, and how much it counts for being content overall. The last counts nothing.
THEMES: dict[str, tuple[tuple[str, ...], float]] = {
    "booking": (("Ease of booking", "Online check-in", "Gate location"), 0.25),
    "cabin": (("Seat comfort", "Leg room", "Cleanliness", "Food and drink"), 0.45),
    "staff": (("Check-in staff", "On-board service", "Baggage handling", "Inflight service"), 0.3),
    "diversion": (("Inflight wifi", "Inflight films", "Music"), 0.0),
}
#: What stands where a question did not apply.
NOT_APPLICABLE = 0
CONTENT, NOT_CONTENT = "satisfied", "neutral or dissatisfied"
#: As a Chinese survey tool writes it.
WORDS = ("非常不满意", "不满意", "一般", "满意", "非常满意")
CHINESE = (
    "商品质量", "商品种类", "价格合理", "价格透明", "促销活动", "服务态度", "服务专业",
    "响应速度", "配送速度", "配送包装", "售后处理", "退换方便", "门店环境", "门店位置",
)  # fmt: skip


def passengers(sheets: int = 900, *, seed: int = 21) -> pd.DataFrame:
    """One row per passenger: who they are in a few words, fourteen ratings from 1 to 5, whether they were content."""
    chance = np.random.default_rng(seed)
    mood = chance.normal(size=sheets)
    columns: dict[str, Any] = {
        "Gender": chance.choice(["Female", "Male"], sheets),
        "Age": chance.integers(18, 80, sheets),
        "Class": chance.choice(["Business", "Eco", "Eco Plus"], sheets, p=[0.45, 0.45, 0.1]),
    }
    felt = np.zeros(sheets)
    for questions, weight in THEMES.values():
        theme = 0.5 * mood + np.sqrt(0.75) * chance.normal(size=sheets)
        felt += weight * theme
        for question in questions:
            own = 0.8 * theme + 0.6 * chance.normal(size=sheets)
            rating = np.clip(np.round(3.3 + 1.1 * own), 1, 5).astype(int)
            columns[question] = np.where(chance.random(sheets) < 0.03, NOT_APPLICABLE, rating)
    columns["Departure delay"] = chance.poisson(12, sheets)
    content = felt / felt.std() + 0.7 * chance.normal(size=sheets) > 0.1
    columns["satisfaction"] = np.where(content, CONTENT, NOT_CONTENT)
    return pd.DataFrame(columns)


def shoppers(sheets: int = 600, *, seed: int = 22) -> pd.DataFrame:
    """One row per shopper, as a Chinese tool exports it: a running number, fourteen ratings, contentment in words."""
    chance = np.random.default_rng(seed)
    mood, columns = chance.normal(3.6, 0.7, sheets), {"序号": np.arange(1, sheets + 1)}
    felt = np.zeros(sheets)
    for number, question in enumerate(CHINESE):
        own = mood + chance.normal(0, 0.8, sheets)
        felt += own / (1 + number)
        columns[question] = np.clip(np.round(own), 1, 5).astype(int)
    level = 3.6 + (felt - felt.mean()) / felt.std() * 0.9
    columns["总体满意度"] = [WORDS[step] for step in np.clip(np.round(level), 1, 5).astype(int) - 1]
    return pd.DataFrame(columns)


def items_of_passengers() -> pd.DataFrame:
    """What was asked of passengers: the canonical table of items."""
    asked = [(question, "dimension", theme, 1, 5) for theme, (questions, _) in THEMES.items() for question in questions]
    return _items([*asked, ("satisfaction", "overall", None, 0, 1)])


def items_of_shoppers() -> pd.DataFrame:
    """What was asked of shoppers: each question is a theme of its own."""
    return _items(
        [*((question, "dimension", question, 1, 5) for question in CHINESE), ("总体满意度", "overall", None, 1, 5)]
    )


def _items(rows: list[tuple[str, str, str | None, int, int]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["item_id", "role", "dimension", "scale_low", "scale_high"])
    return table.assign(wording_en=table["item_id"], direction="positive")


def study_of(items: pd.DataFrame, answers: dict[str, int], **read: Any) -> Callable[[dict], None]:
    """Let a study rest on such sheets alone: nobody is named, and one moment stands for all answers.

    ``answers`` says what the words stand for in which contentment overall is said.
    """
    (overall,) = items.loc[items["role"] == "overall", "item_id"]

    def edit(content: dict) -> None:
        source = {**next(iter(content["sources"].values())), "reader": "csv"}
        for name in ("simulator", "improvements", "survey"):
            content.pop(name, None)
        wide = {name: name for name in items["item_id"] if name != overall}
        entry = {
            "location": "data/raw/planted-shop/sheets.csv",
            "columns": {"wave": {"constant": "spring"}, "answered_at": {"constant": "2017-04-03T12:00-04:00"}},
            "wide": {"items": {**wide, overall: {"column": overall, "answers": answers}}, **read},
        }
        asked = {"location": "data/raw/planted-shop/items.csv", "columns": {name: name for name in items}}
        content["sources"] = {"survey": {**source, "tables": {"survey_items": asked, "survey_responses": entry}}}

    return edit


def written(sheets: pd.DataFrame, items: pd.DataFrame) -> Callable[[Path], None]:
    """Deliver sheets and what was asked."""

    def write(raw: Path) -> None:
        sheets.to_csv(raw / "sheets.csv", index=False)
        items.to_csv(raw / "items.csv", index=False)

    return write


PASSENGERS = (
    study_of(items_of_passengers(), {NOT_CONTENT: 0, CONTENT: 1}, not_asked=[str(NOT_APPLICABLE)]),
    written(passengers(), items_of_passengers()),
)
SHOPPERS = (
    study_of(items_of_shoppers(), {word: step + 1 for step, word in enumerate(WORDS)}),
    written(shoppers(), items_of_shoppers()),
)

"""What sentences say of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from customer_patterns.segments.tags.tables import EVERYBODY, IN_USE, NOBODY, NOT_DELIVERED

if TYPE_CHECKING:
    from customer_patterns.wording import Figures, Told


def _tags(figures: Figures, table: pd.DataFrame) -> None:
    figures.count("tags_all", len(table), "tags")
    for name, verdicts in (
        ("tags_in_use", (IN_USE,)),
        ("tags_degenerate", (NOBODY, EVERYBODY)),
        ("tags_undelivered", (NOT_DELIVERED,)),
    ):
        figures.count(name, table["verdict"].isin(verdicts).sum(), "tags")


READERS = {"tags": _tags}


def tag_names(registry: pd.DataFrame) -> dict[str, Told]:
    """Return what each tag is called, in the languages in which its entry says so."""
    from customer_patterns.wording import Told

    columns = (registry[name] for name in ("tag", "name", "name_zh"))
    return {tag: Told(_said(english, chinese)) for tag, english, chinese in zip(*columns, strict=True)}


def shown_tags(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of tags to be shown: names and definitions in the language of the reader, delivered ones first."""
    from customer_patterns.wording import Told

    last = (table["verdict"] == NOT_DELIVERED).astype(int)
    table = table.assign(last=last).sort_values(["last", "tag"], ignore_index=True)
    for name in ("name", "definition"):
        told = [Told(_said(en, zh)) for en, zh in zip(table[name], table[f"{name}_zh"], strict=True)]
        table[name] = pd.Series(told, dtype=object)
    return table.drop(columns=["name_zh", "definition_zh", "last"])


def _said(english: str, chinese: str | None) -> dict[str, str]:
    return {"en": english, **({} if pd.isna(chinese) else {"zh": chinese})}

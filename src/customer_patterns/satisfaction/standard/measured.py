"""Which dimensions a survey measures, with which items and why, beside the templates that the study names."""

from __future__ import annotations

from typing import Any

import pandas as pd

from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.standard.tables import AS_TEMPLATE, MEASURED, NO_REASON, OWN, UNASKED
from customer_patterns.study.survey import Dimension, Survey
from customer_patterns.study.templates import TemplateDimension, named, template_dimensions
from customer_patterns.wording import Told
from customer_patterns.wording.names import LONGEST

#: Between the questions of one dimension.
_BETWEEN = " · "


def measured_dimensions(survey_items: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """List what a survey measures.

    Parameters
    ----------
    survey_items
        One row per item: ``item_id``, ``role``, ``dimension``, and ``wording_en``, ``wording_zh`` where delivered.
    survey
        What the study file says of it.

    Returns
    -------
    DataFrame
        One row per dimension of the survey, in its order, then those of the templates named that it does not ask for;
        columns as in ``MEASURED``. A dimension is taken for the template's of the same name, or the one declared.
        Without rows where no item asks for a dimension.
    """
    items = survey_items[(survey_items["role"] == "dimension") & survey_items["dimension"].notna()]
    if items.empty:
        return empty(MEASURED)
    known = template_dimensions()
    wanted = dict.fromkeys(key for name in survey.templates for key in named(name))
    rows, used = [], set()
    for name in dict.fromkeys(items["dimension"].astype(str)):
        said = survey.dimensions.get(name, Dimension())
        key = said.template or name
        template = known.get(key) if said.template or key in wanted else None
        used |= {template.key} if template else set()
        rows.append(_row(name, items[items["dimension"] == name], said, template))
    asked_alone = set(survey_items["role"].astype(str))
    for key in wanted:
        # What one question of its own role asks for, contentment overall say, is no dimension and yet asked.
        if key not in used and not {item.role for item in known[key].items} & (asked_alone - {"dimension"}):
            rows.append(_row(key, items[:0], Dimension(), known[key]) | {"measured_as": UNASKED})
    return pd.DataFrame(rows).astype({"items": "Int64"})[MEASURED.names]


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """The same table to be shown, with texts in the language of the page."""
    pairs = {"asked": "asked_zh", "why": "why_zh"}
    short = {name: table[name].map(_short, na_action="ignore") for name in ("asked", "asked_zh")}
    table = table.assign(**short)
    told = {
        name: [_told(english, chinese) for english, chinese in zip(table[name], table[other], strict=True)]
        for name, other in pairs.items()
    }
    names = [_named(row.dimension, row.template, row.measured_as) for row in table.itertuples()]
    return table.drop(columns=list(pairs.values())).assign(**told, dimension=names)


def _row(name: str, items: pd.DataFrame, said: Dimension, template: TemplateDimension | None) -> dict[str, Any]:
    own = said.why is not None
    why = template.why if template else {}
    return {
        "dimension": name.replace("_", " "),
        "template": template.key if template else None,
        "items": len(items),
        "asked": _wordings(items, "wording_en", "wording_zh", "item_id"),
        "asked_zh": _wordings(items, "wording_zh"),
        "why": said.why or why.get("en"),
        "why_zh": (said.why_zh or (None if own else why.get("zh"))),
        "described_in": template.source if template else None,
        "measured_as": AS_TEMPLATE if template else OWN if own else NO_REASON,
    }


def _short(asked: str) -> str:
    """So many whole questions as a cell has room for."""
    parts = asked.split(_BETWEEN)
    while len(parts) > 1 and len(_BETWEEN.join(parts)) > LONGEST - 4:
        parts.pop()
    return asked if len(parts) == len(asked.split(_BETWEEN)) else f"{_BETWEEN.join(parts)}{_BETWEEN}…"


def _wordings(items: pd.DataFrame, column: str, *instead: str) -> str | None:
    """The wordings of the items in one language, or what stands instead; ``None`` where nothing was delivered."""
    given = items[column] if column in items else pd.Series(pd.NA, index=items.index, dtype="object")
    for other in instead:
        given = given.fillna(items[other]) if other in items else given
    texts = [str(text) for text in given if pd.notna(text)]
    return _BETWEEN.join(texts) if texts else None


def _told(english: Any, chinese: Any) -> Told | None:
    given = {language: str(text) for language, text in (("en", english), ("zh", chinese)) if pd.notna(text)}
    return Told({"en": given.get("en") or given["zh"], **given}) if given else None


def _named(name: str, template: Any, measured_as: str) -> str | Told:
    """A dimension that is not asked for has no other name than the template's."""
    return Told(template_dimensions()[template].name) if measured_as == UNASKED else name

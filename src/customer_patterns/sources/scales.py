"""Do answers fit the scales that the contract declares? What cleaning shows before it changes anything.

An item that was worded the other way round and not recoded goes against the others of its dimension, and the scale's
alpha falls or turns negative without a word; an item on another scale than declared has answers that the scale lacks.
"""

from __future__ import annotations

import ibis.expr.types as ir
import numpy as np
import pandas as pd

#: How sure it must be that an item goes against the others: 1.96 standard errors of Fisher's z, one in forty.
_SURE = 1.96


def scale_warnings(survey_responses: ir.Table, survey_items: ir.Table) -> pd.DataFrame:
    """Hold each item's answers against its scale and against the other items of its dimension.

    Parameters
    ----------
    survey_responses
        One row per answer: ``wave``, ``customer_id``, ``item_id``, ``answer`` as given.
    survey_items
        One row per item: ``item_id``, ``role``, ``dimension``, ``scale_low``, ``scale_high``, ``direction``.

    Returns
    -------
    DataFrame
        One row per item with answers, by ``item_id``:
        ``answers`` (given ones), ``lowest``, ``highest``, ``outside_scale`` (answers that the scale does not have),
        ``rest_correlation`` (-1 to 1: of the item, recoded as declared, with the mean of the others of its dimension
        in the same sheet, answers outside the scale left out; missing with fewer than four sheets or no spread) and
        ``against_the_others`` (whether that is below zero for certain: the item seems reversed, or is declared so
        wrongly).

    Notes
    -----
    The corrected item-total correlation (Nunnally, *Psychometric Theory*, 1978); its interval by Fisher's z.
    """
    given = survey_responses.filter(survey_responses.answer.notnull()).select(
        "wave", "customer_id", "item_id", "answer"
    )
    items = survey_items.select("item_id", "role", "dimension", "scale_low", "scale_high", "direction")
    rows = given.inner_join(items, "item_id")
    inside = rows.answer.between(rows.scale_low, rows.scale_high)
    counts = rows.group_by("item_id").aggregate(
        answers=rows.count(), lowest=rows.answer.min(), highest=rows.answer.max(), outside_scale=(~inside).sum()
    )
    scored = rows.filter(inside & rows.dimension.notnull() & (rows.role == "dimension"))
    recoded = scored.mutate(
        score=(scored.direction == "reversed").ifelse(
            scored.scale_low + scored.scale_high - scored.answer, scored.answer
        )
    )
    sheets = recoded.group_by(["wave", "customer_id", "dimension"]).aggregate(
        total=recoded.score.sum(), scored=recoded.count()
    )
    joined = recoded.inner_join(sheets, ["wave", "customer_id", "dimension"]).filter(lambda t: t.scored > 1)
    pairs = joined.mutate(rest=(joined.total - joined.score) / (joined.scored - 1))
    fits = pairs.group_by("item_id").aggregate(
        sheets=pairs.count(), r=pairs.score.cast("float64").corr(pairs.rest, how="pop")
    )
    table = (
        counts.left_join(fits, "item_id").drop("item_id_right").to_pandas().sort_values("item_id", ignore_index=True)
    )
    r = table["r"].astype("float64").where(table["sheets"].fillna(0) >= 4)
    with np.errstate(divide="ignore", invalid="ignore"):
        upper = np.arctanh(r.clip(-1, 1)) + _SURE / np.sqrt(table["sheets"].astype("float64") - 3)
    return pd.DataFrame(
        {
            "item_id": table["item_id"],
            "answers": table["answers"].astype("int64"),
            "lowest": table["lowest"].astype("int64"),
            "highest": table["highest"].astype("int64"),
            "outside_scale": table["outside_scale"].astype("int64"),
            "rest_correlation": r.round(6),
            "against_the_others": (upper < 0).fillna(False).astype(bool),
        }
    )

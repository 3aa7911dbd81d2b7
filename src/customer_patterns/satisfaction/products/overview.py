"""What stands out at a glance: one line per category or product, each measure in a column with its own unit."""

from __future__ import annotations

import pandas as pd

from customer_patterns.estimates import bounded
from customer_patterns.features.cells import whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.products.figures import flagged_first
from customer_patterns.satisfaction.products.tables import (
    BETTER,
    COMPLAINED,
    MEASURES,
    PRODUCT_OVERVIEW,
    RETURNED,
    STARS,
    WORSE,
)

#: How each measure's column is called.
_COLUMNS = {STARS: "stars", COMPLAINED: "complained", RETURNED: "returned"}


def product_overview(product_satisfaction: pd.DataFrame) -> pd.DataFrame:
    """Put all measures of a category or product that stands out in any of them on one line.

    Parameters
    ----------
    product_satisfaction
        What :func:`~customer_patterns.satisfaction.products.products.product_satisfaction` returns: one row per level,
        name and measure.

    Returns
    -------
    DataFrame
        One row per level and name with a verdict of worse or better, categories first, the rarest by chance on top;
        columns as in ``PRODUCT_OVERVIEW``. Figures are the pooled ones, with their intervals; a measure of fewer than
        ten customers, or one that was not delivered, is missing. Without rows where nothing stands out.
    """
    first = flagged_first(product_satisfaction)
    first = first[first["verdict"].isin([WORSE, BETTER])]
    if first.empty:
        return empty(PRODUCT_OVERVIEW)
    keys = ["level", "name"]
    rows = first[keys].drop_duplicates(ignore_index=True)
    about = product_satisfaction.drop_duplicates(keys)[[*keys, "category"]]
    rows = rows.merge(about, "left", keys, validate="one_to_one")
    for measure, column in _COLUMNS.items():
        own = product_satisfaction[product_satisfaction["measure"] == measure]
        renamed = dict(zip(bounded("pooled"), bounded(column), strict=True)) | {"n": f"{column}_of"}
        rows = rows.merge(own[[*keys, *renamed]].rename(columns=renamed), "left", keys, validate="one_to_one")
    rated = rows["stars_of"].fillna(rows["complained_of"])
    rows = rows.assign(n=whole_numbers(rated.fillna(rows["returned_of"])), buyers=whole_numbers(rows["returned_of"]))
    first = first.sort_values("measure", key=lambda names: names.map(MEASURES.index), kind="stable")
    for name, side in (("worse_in", WORSE), ("better_in", BETTER)):
        said = first[first["verdict"] == side].groupby(keys, sort=False)["measure"].agg(", ".join)
        rows[name] = said.reindex(pd.MultiIndex.from_frame(rows[keys])).fillna("").to_numpy()
    return rows[PRODUCT_OVERVIEW.names]

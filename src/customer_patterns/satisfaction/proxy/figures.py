"""The figures that the chapter's sentences on behavior alone speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.satisfaction.proxy.tables import CARRIES, CARRIES_LITTLE, OTHER_CUSTOMERS, WITH_NEITHER
from customer_patterns.satisfaction.tables.columns import MEAN_OF_DIMENSIONS
from customer_patterns.wording import Figures

#: The findings of this part: sentence, grade of its evidence, table and figure that show it.
FINDINGS = (
    (
        ("satisfaction.proxy_carries", "satisfaction.proxy_little", "satisfaction.proxy_none"),
        "association",
        "behavior_proxy",
        "proxy",
    ),
)


def _proxy(figures: Figures, table: pd.DataFrame) -> None:
    measure = MEAN_OF_DIMENSIONS if (table["measure"] == MEAN_OF_DIMENSIONS).any() else table["measure"].iloc[0]
    own = table[table["measure"] == measure]
    tested = own[own["tested_on"] == OTHER_CUSTOMERS]
    row = (tested if len(tested) else own).iloc[0]
    figures.count("proxy_answers", row["n"], "answers")
    if (own["verdict"] == CARRIES).all():
        name = "proxy_explains"
    elif own["verdict"].isin([CARRIES, CARRIES_LITTLE]).all():
        name = "proxy_explains_little"
    else:
        figures.count("proxy_nothing", row["n"], "answers")
        return
    figures.estimate(name, row, "explained", "share", of="answers")


def _signals(figures: Figures, table: pd.DataFrame) -> None:
    if telling := int((table["verdict"] != WITH_NEITHER).sum()):
        figures.count("signals_known", len(table), "signals")
        figures.count("signals_telling", telling, "signals")


READERS = {"behavior_proxy": _proxy, "proxy_signals": _signals}


def named_tests(table: pd.DataFrame) -> pd.DataFrame:
    """The tests of a proxy, each with a name of its own (``which_answers``)."""
    return table.assign(which_answers=table["measure"].astype(str) + ", " + table["tested_on"].astype(str))

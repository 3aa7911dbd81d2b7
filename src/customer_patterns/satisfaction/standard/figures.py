"""The figures of the standard that the chapter's sentences speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.satisfaction.standard.tables import AS_TEMPLATE, BRIDGED, DECLARED, OWN, UNASKED
from customer_patterns.wording import Figures


def _measured_dimensions(figures: Figures, table: pd.DataFrame) -> None:
    asked = table[table["measured_as"] != UNASKED]
    figures.count("dimensions_asked", len(asked), "dimensions")
    figures.count("dimensions_items", asked["items"].sum(), "items")
    if reasoned := int(asked["measured_as"].isin([AS_TEMPLATE, OWN]).sum()):
        figures.count("dimensions_reasoned", reasoned, "dimensions")


def _scale_bridges(figures: Figures, table: pd.DataFrame) -> None:
    figures.count("scales_changed", len(table), "items")
    if bridged := int(table["verdict"].isin([BRIDGED, DECLARED]).sum()):
        figures.count("scales_bridged", bridged, "items")


READERS = {"measured_dimensions": _measured_dimensions, "scale_bridges": _scale_bridges}

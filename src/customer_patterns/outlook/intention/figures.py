"""The figures of intentions to buy that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.estimates import bounded
from customer_patterns.features.cells import shown
from customer_patterns.outlook.churn.forecaster import RECENCY
from customer_patterns.outlook.churn.tables import MODEL

#: Finding of this section: sentence, grade of its evidence, table and figure that show it.
FINDINGS: tuple[tuple[str, str, str, str | None], ...] = (
    ("outlook.intention", "time-ordered", "intention_methods", "intention"),
)

SEEN, AS_FORETOLD = "seen", "as foretold"


def calibration_lines(parts: pd.DataFrame) -> pd.DataFrame:
    """Two lines to draw: the share seen over the probability foretold, and where both are the same."""
    known = shown(parts, "seen").sort_values("foretold", ignore_index=True)
    seen = known[["foretold", *bounded("seen")]].assign(line=SEEN)
    same = known[["foretold"]].assign(**{name: known["foretold"] for name in bounded("seen")})
    return pd.concat([seen, same.assign(line=AS_FORETOLD)], ignore_index=True)


def _intention_methods(figures: wording.Figures, methods: pd.DataFrame) -> None:
    rows = methods.set_index("method")
    figures.count("intention_tested", rows["n"].iloc[0], "customers")
    figures.estimate("intention_auc", rows.loc[MODEL], "auc", "share")
    figures.estimate("intention_recency_auc", rows.loc[RECENCY], "auc", "share")
    figures.estimate("intention_slope", rows.loc[MODEL], "calibration_slope", "ratio")


def _intention_calibration(figures: wording.Figures, parts: pd.DataFrame) -> None:
    known = shown(parts, "seen")
    if len(known):
        inside = known["foretold"].between(known["seen_low"], known["seen_high"]).sum()
        figures.count("parts_inside", inside, "groups")
        figures.count("parts", len(known), "groups")


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {
    "intention_methods": _intention_methods,
    "intention_calibration": _intention_calibration,
}

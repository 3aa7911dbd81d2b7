"""The figures that the laboratory's chapter speaks of."""

from __future__ import annotations

from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.laboratory.tables import METHOD_SCORES, MISSED, NOT_SCORED, OUTDATED, REJECTED
from customer_patterns.wording import Name

#: What a reader should take away, in this order; a sentence whose figures are absent is not said.
FINDINGS = ("laboratory.met", "laboratory.missed", "laboratory.outdated", "laboratory.unscored")


class Figures(wording.Figures):
    """How many trials there are, and what became of them."""


def _scores(figures: Figures, scores: pd.DataFrame) -> None:
    scored = scores[scores["verdict"] != NOT_SCORED]
    counts = {
        "tried": len(scored),
        "met": int(scored["verdict"].eq("reaches its aim").sum()),
        "rejected": int(scored["twin_verdict"].eq(REJECTED).sum()),
        "outdated": int(scored["verdict"].eq(OUTDATED).sum()),
        "unscored": len(scores) - len(scored),
    }
    for name, number in counts.items():
        if number or name == "met":
            figures.count(name, number, "trials")
    missed = scores[scores["verdict"] == MISSED]
    if len(missed):
        figures.count("missed", len(missed), "trials")
        figures["missed_names"] = Name(", ".join(missed["trial"]), "word")


Figures.readers = {METHOD_SCORES.name: _scores}


def beside_twins(scores: pd.DataFrame) -> pd.DataFrame:
    """Put each score beside its twin's: one row per trial and side, with ``trial``, ``side``, ``score`` and its ends.

    Parameters
    ----------
    scores
        Rows as in ``METHOD_SCORES``; those that were not scored are left out.
    """
    known = scores[scores["score"].notna()]
    sides: dict[str, str] = {"the method": "score", "its broken twin": "twin_score"}
    parts: list[Any] = [
        known[["trial"]].assign(side=side, **{f"score{end}": known[f"{name}{end}"] for end in ("", "_low", "_high")})
        for side, name in sides.items()
    ]
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)

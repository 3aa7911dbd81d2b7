"""The figures that the laboratory's chapter speaks of."""

from __future__ import annotations

from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.estimates import bounded, renamed
from customer_patterns.laboratory.tables import MET, METHOD_SCORES, MISSED, NOT_SCORED, OUTDATED, REJECTED
from customer_patterns.laboratory.trials import identity
from customer_patterns.wording import Name

#: What a reader should take away, in this order; a sentence whose figures are absent is not said.
FINDINGS = ("laboratory.met", "laboratory.missed", "laboratory.outdated", "laboratory.unscored")
#: What shares of pairs of records are of.
RIGHT, FOUND = "one person's, of the joined", "joined, of one person's"


class Figures(wording.Figures):
    """How many trials there are, and what became of them."""


def _scores(figures: Figures, scores: pd.DataFrame) -> None:
    scored = scores[scores["verdict"] != NOT_SCORED]
    counts = {
        "tried": len(scored),
        "met": int(scored["verdict"].eq(MET).sum()),
        "rejected": int(scored["twin_verdict"].eq(REJECTED).sum()),
        "outdated": int(scored["verdict"].eq(OUTDATED).sum()),
        "unscored": len(scores) - len(scored),
        "revised": int(scores["revised"].notna().sum()),
    }
    for name, number in counts.items():
        if number or name == "met":
            figures.count(name, number, "trials")
    intervals = coverages(scores)
    if len(intervals):
        figures.count("intervals", len(intervals), "kinds of intervals")
        figures.count("held", int(intervals["verdict"].eq(MET).sum()), "kinds of intervals")
    for name, row in _at_usual_errors(by_errors(scores)).items():
        figures.estimate(name, row, "share", "share", of="simulated sets", method="student")
        figures.count("drawn", row["n"], "simulated sets")
    missed = scores[scores["verdict"] == MISSED]
    if len(missed):
        figures.count("missed", len(missed), "trials")
        figures["missed_names"] = Name(", ".join(missed["trial"]), "word")


def _at_usual_errors(who: pd.DataFrame) -> dict[str, pd.Series]:
    """The rows of the usual rate, by the figure that is taken from them."""
    usual = who[who["errors"] == identity.RATES["usual errors"]].set_index("side")
    return {name: usual.loc[side] for name, side in (("right", RIGHT), ("found", FOUND)) if side in usual.index}


Figures.readers = {METHOD_SCORES.name: _scores}


def coverages(scores: pd.DataFrame) -> pd.DataFrame:
    """Pick the scored trials of intervals: their score must be high, and not higher than the intervals say.

    Parameters
    ----------
    scores
        Rows as in ``METHOD_SCORES``.
    """
    return scores[scores["score"].notna() & (scores["aim_from"] >= 0.9) & (scores["aim_to"] < 1.0)]


def by_room(scores: pd.DataFrame) -> pd.DataFrame:
    """Count what became of each chapter's trials: one row per chapter, as in ``BY_ROOM``; the unscored are left out."""
    scored = scores[scores["verdict"] != NOT_SCORED]
    counted = scored.groupby("room", sort=False).agg(
        trials=("trial", "size"),
        met=("verdict", lambda verdict: int(verdict.eq(MET).sum())),
        rejected=("twin_verdict", lambda verdict: int(verdict.eq(REJECTED).sum())),
    )
    return counted.reset_index()


def by_errors(scores: pd.DataFrame) -> pd.DataFrame:
    """Say how right it is who is who at several rates of errors, as a share of pairs of records.

    Parameters
    ----------
    scores
        Rows as in ``METHOD_SCORES``.

    Returns
    -------
    pandas.DataFrame
        One row per rate and side: ``errors`` (times the usual rate), ``side`` (of the joined pairs those that are one
        person's, and of one person's pairs those that are joined), ``share`` with its ends, ``n`` planted shops.
    """
    sides = {RIGHT: identity.WRONG, FOUND: identity.MISSED}
    known = scores[scores["score"].notna()].set_index("trial")
    rows = []
    for side, begins in sides.items():
        for words, errors in identity.RATES.items():
            if begins + words in known.index:
                row = known.loc[begins + words]
                ends = 1 - row["score"], 1 - min(row["score_high"], 1.0), 1 - row["score_low"]
                rows.append((errors, side, *ends, row["n"]))
    return pd.DataFrame(rows, columns=["errors", "side", *bounded("share"), "n"])


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
        known[["trial", *bounded(name)]].rename(columns=renamed(name, "score")).assign(side=side)
        for side, name in sides.items()
    ]
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)

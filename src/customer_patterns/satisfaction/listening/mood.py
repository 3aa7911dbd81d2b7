"""How callers sound by their words: praise and blame in what they say, held against how they rated the call."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.estimates import Interval, in_row
from customer_patterns.features.cells import SMALLEST_CELL, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.listening.phrases import customers_words
from customer_patterns.satisfaction.listening.tables import BY_LISTS, BY_RATINGS, CALL_MOOD, ON_CALLS, ON_SENTENCES
from customer_patterns.satisfaction.scores import clustered_share
from customer_patterns.satisfaction.text.clauses import clauses
from customer_patterns.satisfaction.text.language import CHINESE, ENGLISH, detect
from customer_patterns.satisfaction.text.normalize import normalize_all
from customer_patterns.satisfaction.text.sentiment import LEARNED, STARS, USED, learn_sentiment


def call_mood(calls: pd.DataFrame) -> pd.DataFrame:
    """Estimate in how many calls the caller's words praise or blame, where that is told rightly often enough.

    Parameters
    ----------
    calls
        From :func:`~customer_patterns.satisfaction.listening.calls.rated_calls`: ``customer_id``, ``language``,
        ``transcript``, ``rating``.

    Returns
    -------
    DataFrame
        One row per language with ten callers or more; columns as in ``CALL_MOOD``. What praises and what blames is
        learned from rated calls (4 and 5 against 1 and 2) and tested on callers from whom nothing was learned; where
        they are few, by word lists, tested on labeled sentences. Shares are missing where that is not used. Intervals
        resample callers.
    """
    known = calls.dropna(subset=["transcript"]).reset_index(drop=True)
    plain = normalize_all([customers_words(str(text)) for text in known["transcript"]])
    declared = [None if pd.isna(name) else str(name) for name in known["language"]]
    spoken = np.array([detect(text, declared=name) for text, name in zip(plain, declared, strict=True)], dtype=object)
    rows = []
    for language in (ENGLISH, CHINESE):
        own = known[spoken == language]
        if own["customer_id"].nunique() < SMALLEST_CELL:
            continue
        said = [clauses(plain[place]) for place in own.index]
        callers = own["customer_id"]
        ratings = own["rating"].to_numpy(dtype=float)
        told = learn_sentiment(said, ratings, list(callers), language=language)
        row = {
            "language": language,
            "calls": len(own),
            "n": callers.nunique(),
            "method": BY_RATINGS if told.method == LEARNED else BY_LISTS,
            "test": ON_CALLS if told.test == STARS else ON_SENTENCES,
            "verdict": told.verdict,
            **in_row("right", (float(np.ravel(part)[0]) for part in told.right)),
        }
        says = told.polarity(said, of=range(len(said))) if told.verdict == USED else None
        for name, side in (("praise", 1), ("blame", -1)):
            share = Interval(*(np.nan,) * 3)
            if says is not None:
                share = clustered_share(pd.Series((says == side).astype(int), index=own.index), callers)
            row |= in_row(name, (float(part) for part in share))
        rows.append(row)
    if not rows:
        return empty(CALL_MOOD)
    table = pd.DataFrame(rows)
    return table.assign(calls=whole_numbers(table["calls"]), n=whole_numbers(table["n"]))[CALL_MOOD.names]

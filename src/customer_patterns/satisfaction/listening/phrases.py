"""What customers say in calls: phrases that tell calls rated well from calls rated badly."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from customer_patterns.estimates import Interval, wilson, with_interval
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.listening.calls import WELL_RATED
from customer_patterns.satisfaction.listening.tables import CALL_PHRASES, CONTENT, NO_DIFFERENCE, NOT_CONTENT

#: Who speaks, as transcripts write it before each turn.
_AGENT = re.compile(r"^\s*(agent|客服|坐席)\s*[:：]", re.IGNORECASE)
_CALLER = re.compile(r"^\s*(customer|caller|客户|顾客|来电)\s*[:：]", re.IGNORECASE)
#: A word, or one Chinese character; what holds a digit is none, since numbers are about persons.
_WORD = re.compile(r"[一-鿿]|[^\W\d_]+(?:['’][^\W\d_]+)?", re.UNICODE)
_CLAUSE = re.compile(r"[.,;:!?…。，；：！？\n]|\S*\d\S*")
#: How many words a phrase has.
_SHORTEST, _LONGEST = 2, 5


def customers_words(transcript: str) -> str:
    """Return what the customer said; where turns name nobody, all of it.

    >>> customers_words("Agent: Good day.\\nCustomer: My coupon was not accepted.")
    'My coupon was not accepted.'
    """
    turns = transcript.splitlines()
    if not any(_CALLER.match(turn) for turn in turns):
        return "\n".join(turn for turn in turns if not _AGENT.match(turn))
    return "\n".join(_CALLER.sub("", turn).strip() for turn in turns if _CALLER.match(turn))


def phrases_of(text: str) -> set[str]:
    """Return all runs of two to five words within a clause, in small letters.

    >>> sorted(phrases_of("Nobody had time. Call 555-0100!"))
    ['had time', 'nobody had', 'nobody had time']
    """
    return set(_runs(unicodedata.normalize("NFKC", text).casefold()))


def _runs(text: str) -> Iterator[str]:
    for clause in _CLAUSE.split(text):
        words = _WORD.findall(clause or "")
        for length in range(_SHORTEST, min(_LONGEST, len(words)) + 1):
            for start in range(len(words) - length + 1):
                run = words[start : start + length]
                yield ("" if all("一" <= word <= "鿿" for word in run) else " ").join(run)


def call_phrases(calls: pd.DataFrame, *, level: float = 0.05) -> pd.DataFrame:
    """Find the phrases that customers say more often in calls that they rate well, or badly.

    Parameters
    ----------
    calls
        From :func:`~customer_patterns.satisfaction.listening.calls.rated_calls`.
    level
        Up to which adjusted p-value a phrase tells them apart.

    Returns
    -------
    DataFrame
        One row per language and phrase said by ten customers or more, those that tell calls apart first; columns as in
        ``CALL_PHRASES``. Of phrases within each other that the same calls hold, the longest; none holds a digit.
        Fisher's exact test over calls; false discovery over all phrases as Benjamini and Yekutieli (2001), since
        phrases hold each other. Shares with Wilson's intervals.
    """
    rated = calls.dropna(subset=["rating", "transcript"])
    rows = [row for language, part in rated.groupby("language", sort=True) for row in _of_language(language, part)]
    if not rows:
        return empty(CALL_PHRASES)
    table = pd.DataFrame(rows)
    for side in ("well", "badly"):
        table = with_interval(table, side, Interval(*wilson(table.pop(f"{side}_with"), table.pop(f"{side}_calls"))))
    found = benjamini_yekutieli(table["p_value"]) <= level
    better = table["well"] > table["badly"]
    table["verdict"] = np.where(found, np.where(better, CONTENT, NOT_CONTENT), NO_DIFFERENCE)
    order = np.lexsort((table["phrase"], table["language"], table["p_value"], ~found))
    return table.iloc[order].reset_index(drop=True)[CALL_PHRASES.names]


def _of_language(language: str, calls: pd.DataFrame) -> Iterator[dict[str, object]]:
    well = calls["rating"].to_numpy() >= WELL_RATED
    if min(well.sum(), (~well).sum()) < SMALLEST_CELL:
        return
    held: dict[str, list[int]] = defaultdict(list)
    for number, transcript in enumerate(calls["transcript"]):
        for phrase in phrases_of(customers_words(transcript)):
            held[phrase].append(number)
    customers = calls["customer_id"].to_numpy()
    kept = {
        phrase: np.array(numbers)
        for phrase, numbers in held.items()
        if len(numbers) >= SMALLEST_CELL and len(set(customers[numbers])) >= SMALLEST_CELL
    }
    longest: dict[bytes, list[str]] = defaultdict(list)
    for phrase in sorted(kept, key=lambda phrase: (-len(phrase), phrase)):
        same = longest[kept[phrase].tobytes()]
        if not any(phrase in longer for longer in same):
            same.append(phrase)
    for phrase in sorted(phrase for same in longest.values() for phrase in same):
        here = well[kept[phrase]]
        counts = np.array([[here.sum(), (~here).sum()], [well.sum() - here.sum(), (~well).sum() - (~here).sum()]])
        yield {
            "language": language,
            "phrase": phrase,
            "p_value": float(fisher_exact(counts).pvalue),
            "n": len(set(customers[kept[phrase]])),
            "well_with": int(counts[0, 0]),
            "well_calls": int(well.sum()),
            "badly_with": int(counts[0, 1]),
            "badly_calls": int((~well).sum()),
        }

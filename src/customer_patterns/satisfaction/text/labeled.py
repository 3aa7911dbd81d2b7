"""How often the word lists are right about sentences that were labeled beforehand, in each language."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from customer_patterns.satisfaction.text import labeled_en, labeled_mixed, labeled_zh
from customer_patterns.satisfaction.text.clauses import clauses
from customer_patterns.satisfaction.text.language import CHINESE, ENGLISH, MIXED
from customer_patterns.satisfaction.text.lexicon import text_score, verdict
from customer_patterns.satisfaction.text.normalize import normalize

SARCASM = "sarcasm"
_SIGNS = {"+": 1, "-": -1, "=": 0}


class Labeled(NamedTuple):
    """A sentence, what is hard about it, and what it says: 1, 0 or -1."""

    text: str
    kind: str
    polarity: int


@cache
def labeled_sentences(language: str) -> tuple[Labeled, ...]:
    """Return the labeled sentences of a language (``"en"``, ``"zh"``, ``"mixed"``), in their order.

    >>> len(labeled_sentences("en")) >= 150 and len(labeled_sentences("zh")) >= 150
    True
    """
    kind, found = "", []
    banks = {ENGLISH: labeled_en, CHINESE: labeled_zh, MIXED: labeled_mixed}
    for line in banks[language].LINES.strip().splitlines():
        if line.startswith("# "):
            kind = line[2:]
        else:
            found.append(Labeled(line[2:], kind, _SIGNS[line[0]]))
    return tuple(found)


@cache
def word_list_right(language: str, *, kind: str | None = None) -> tuple[int, int]:
    """Count the sentences whose polarity the word lists tell, and all of them; irony only where it is asked for."""
    rows = [row for row in labeled_sentences(language) if (row.kind == kind if kind else row.kind != SARCASM)]
    return sum(verdict(text_score(clauses(normalize(row.text))).value) == row.polarity for row in rows), len(rows)

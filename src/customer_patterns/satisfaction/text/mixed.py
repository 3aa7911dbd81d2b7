"""Texts in English and Chinese at once: each part is read in its own language.

People who live in two languages change between them in the middle of a sentence ("服务 very good，下次还来"). What was
learned from texts of one language knows nothing of the other; so a clause is cut where the script changes, each part is
told by what its language was told by, and their sum is the text's. A denial in one language may turn a word of the
other ("不 good", "not 好吃").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, wilson
from customer_patterns.satisfaction.text.clauses import Clause, clauses
from customer_patterns.satisfaction.text.labeled import SARCASM, labeled_sentences
from customer_patterns.satisfaction.text.language import CHINESE, ENGLISH, MIXED
from customer_patterns.satisfaction.text.lexicon import text_score
from customer_patterns.satisfaction.text.normalize import normalize
from customer_patterns.satisfaction.text.sentiment import (
    BLAME_TO,
    EACH,
    PRAISE_FROM,
    SENTENCES,
    STARS,
    Sentiment,
    judged,
    learn_sentiment,
    sides_suffice,
    told_rightly,
)

Floats = NDArray[np.float64]

#: From which sum of its parts on a text praises, or blames.
SURE = 0.2
#: What is left of a part that is turned round: "不 good" is milder than "bad".
_TURNED = -0.8
_HAN = "\u3400-\u9fff\uf900-\ufaff"
#: What begins in one script goes on until a letter of the other.
_PART = re.compile(rf"[{_HAN}][^a-z]*|[a-z][^{_HAN}]*")
_DENIES = {
    CHINESE: re.compile(r"(?:一点[都也]不|从来不|并不|不太|不够|不怎么|不是|不算|没有|[不没])[很太是]?\s*$"),
    ENGLISH: re.compile(r"(?:\b(?:not|never|hardly|don't think)|n't)(?:\s+(?:so|very|that|really))?\s*$"),
}


class Part(NamedTuple):
    """A part of a clause in one language, its weight, and whether the part before it denies it."""

    text: str
    language: str
    weight: float
    turned: bool


def parts_of(clause: Clause) -> list[Part]:
    """Cut a clause where its script changes.

    Parameters
    ----------
    clause
        Of a normalized text.

    Returns
    -------
    list of Part
        In their order; signs before the first letter stay with it. A clause without letters is one part in Chinese,
        whose lists hold the emoji too.

    Examples
    --------
    >>> [(part.text, part.language, part.turned) for part in parts_of(Clause("服务不 good", 1.0))]
    [('服务', 'zh', False), ('good', 'en', True)]
    >>> [(part.text, part.turned) for part in parts_of(Clause("not 好吃", 1.0))]
    [('好吃', True)]
    """
    found = list(_PART.finditer(clause.text))
    if not found:
        return [Part(clause.text, CHINESE, clause.weight, turned=False)]
    parts, turned = [], False
    for number, match in enumerate(found):
        text = match[0] if number else clause.text[: match.end()]
        language = ENGLISH if "a" <= match[0][0] <= "z" else CHINESE
        denial = _DENIES[language].search(text) if number + 1 < len(found) else None
        text = text[: denial.start()] if denial else text
        if text.strip():
            parts.append(Part(text.strip(), language, clause.weight, turned))
        turned = denial is not None
    return parts


@dataclass(frozen=True)
class MixedSentiment(Sentiment):
    """How texts in two languages are told apart: by what tells each language's own.

    Attributes
    ----------
    readers
        What tells the texts of each language.
    row_of
        For each language a row of one of a writer's texts, by writer: what is learned without it is learned without
        its writer.
    writers
        Who wrote each of the mixed texts that :meth:`polarity` is asked about by number.
    """

    readers: Mapping[str, Sentiment] = field(default_factory=dict)
    row_of: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    writers: Sequence[str] = ()

    def polarity(self, texts: Sequence[Sequence[Clause]], *, of: Sequence[int] | None = None) -> NDArray[np.int8]:
        """Say of each text, or part of a text, whether it praises (1), blames (-1) or does neither (0)."""
        value = self.values(texts, of=of)
        return (value >= SURE).astype(np.int8) - (value <= -SURE).astype(np.int8)

    def values(self, texts: Sequence[Sequence[Clause]], *, of: Sequence[int] | None = None) -> Floats:
        """Add up the parts of each text by their weights; above 0 is praise."""
        cut = [[part for clause in text for part in parts_of(clause)] for text in texts]
        owner = np.repeat(np.arange(len(cut)), [len(parts) for parts in cut])
        flat = [part for parts in cut for part in parts]
        total = np.zeros(len(cut))
        for language, reader in self.readers.items():
            mine = [number for number, part in enumerate(flat) if part.language == language]
            if not mine:
                continue
            said = [[Clause(flat[number].text, 1.0)] for number in mine]
            if reader.models:
                rows = self.row_of.get(language, {})
                who = [-1 if of is None else rows.get(self.writers[of[owner[number]]], -1) for number in mine]
                value = 2 * reader.probability(said, of=who) - 1
            else:
                value = np.array([text_score(parts).value for parts in said], dtype=float)
            weight = np.array([flat[number].weight * (_TURNED if flat[number].turned else 1) for number in mine])
            np.add.at(total, owner[mine], weight * value)
        return total


def learn_mixed(
    texts: Sequence[Sequence[Clause]],
    stars: Sequence[float],
    writers: Sequence[Any],
    *,
    single: Mapping[str, tuple[Sentiment, Sequence[Any]]],
) -> MixedSentiment:
    """Put together what tells texts in two languages apart, and test it.

    Parameters
    ----------
    texts, stars, writers
        As of :func:`~customer_patterns.satisfaction.text.sentiment.learn_sentiment`: the mixed texts.
    single
        By language what was learned from its own texts, and who wrote these. A language of which there are none is
        read by its word lists.

    Returns
    -------
    MixedSentiment
        Tested on mixed texts with stars, if enough praise and enough blame, else on
        :mod:`labeled sentences <customer_patterns.satisfaction.text.labeled_mixed>`; where word lists alone do better,
        by these. Nothing is learned from the mixed texts, and what was learned from a writer's other texts is left out
        where that writer's are tested.
    """
    by_lists = {name: learn_sentiment([], [], [], language=name) for name in (ENGLISH, CHINESE)}
    row_of = {name: {str(one): row for row, one in enumerate(people)} for name, (_, people) in single.items()}
    names = [str(one) for one in writers]

    def reading_by(readers: Mapping[str, Sentiment]) -> MixedSentiment:
        plain = MixedSentiment(
            EACH, Interval.missing(), 0, SENTENCES, "", readers=readers, row_of=row_of, writers=names
        )
        right, tested, test = _tested(plain, texts, np.asarray(stars, dtype=float))
        return replace(plain, right=right, tested=tested, test=test, verdict=judged(right))

    lists = reading_by(by_lists)
    learned = reading_by(by_lists | {name: reader for name, (reader, _) in single.items()})
    better = lists if lists.right.value > learned.right.value else learned
    return replace(better, lists=lists.right)


def _tested(found: MixedSentiment, texts: Sequence[Sequence[Clause]], stars: Floats) -> tuple[Interval, int, str]:
    """The share told rightly, of how many, and of what: of texts with stars, or of labeled sentences."""
    rated = np.flatnonzero((stars >= PRAISE_FROM) | (stars <= BLAME_TO))
    praised = stars[rated] >= PRAISE_FROM
    who = np.unique(np.asarray([found.writers[row] for row in rated], dtype=object), return_inverse=True)[1]
    if sides_suffice(praised, who):
        told = found.values([texts[row] for row in rated], of=rated)
        return told_rightly(told > 0, praised, who, ties=told == 0), len(rated), STARS
    rows = [row for row in labeled_sentences(MIXED) if row.kind != SARCASM]
    right = found.polarity([clauses(normalize(row.text)) for row in rows]) == [row.polarity for row in rows]
    return Interval(*map(float, wilson(int(right.sum()), len(rows)))), len(rows), SENTENCES

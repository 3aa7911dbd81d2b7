"""What else comes up in texts: topics that no list names, as many as are found again in other texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.satisfaction.text import chinese, english
from customer_patterns.satisfaction.text.clauses import Clause
from customer_patterns.satisfaction.text.factors import amounts, beginnings, factorize
from customer_patterns.satisfaction.text.language import CHINESE, ENGLISH

Floats = NDArray[np.float64]

#: How many topics are tried; in how many samples of what share of the texts each number must be found again.
NUMBERS = (4, 6, 8, 10, 12)
_SAMPLES, _SAMPLED = 4, 0.7
#: Topics are compared by so many of their words.
_WORDS = 8
#: A topic of which a sample finds at least this share of the words again is found again.
FOUND_AGAIN = 0.5
#: With fewer texts, or fewer words, no topic is looked for.
FEWEST_TEXTS, _FEWEST_WORDS = 100, 20
#: At most so many words, and so many texts from which topics are found; all texts get theirs.
_MOST_WORDS, MOST_FOUND_FROM = 1500, 20_000
#: A text has a topic if at least this part of it is that topic's.
_MAINLY = 0.4
#: How many words name a topic.
_NAME = 4


@dataclass(frozen=True)
class Topics:
    """Topics of one language.

    Attributes
    ----------
    names
        Of each topic the words that are more frequent in its texts than elsewhere.
    again
        Of each how well samples find its words again, 0 to 1.
    topic
        Of each text its topic's number, -1 where it has none.
    tried
        Of each number of topics how well they were found again on average.
    """

    names: tuple[str, ...]
    again: Floats
    topic: NDArray[np.int64]
    tried: dict[int, float]


def theme_words(texts: Sequence[Sequence[Clause]], language: str) -> list[list[str]]:
    """Return the words of each text that may name a theme, in their plain form."""
    found = []
    for parts in texts:
        words = []
        for part in parts:
            if language == CHINESE or not part.text.isascii():
                words += [word for word in chinese.words_of(part.text) if chinese.is_theme(word)]
            if language == ENGLISH:
                plain = (english.lemma(word) for word in english.words_of(part.text))
                words += [word for word in plain if len(word) > 2 and word not in english.STOP_WORDS]
        found.append(words)
    return found


def find_topics(words: Sequence[Sequence[str]], writers: Sequence[object], *, language: str) -> Topics:
    """Find topics, as many as are found again best in samples of the texts.

    Parameters
    ----------
    words
        Of each text the words that may name a theme (:func:`theme_words`).
    writers
        Who wrote each.
    language
        How words are joined in a name.

    Returns
    -------
    Topics
        Without topics where texts or words do not suffice. A word that fewer than ten writers use is not read: neither
        does it name a topic. Of numbers found again equally well, the larger. No chance in it but the samples', whose
        seed is fixed.

    Notes
    -----
    Non-negative factors of tf-idf; their number as Greene, O'Callaghan and Cunningham (2014), Proc. ECML PKDD, 498–513:
    words of topics from samples held against those from all texts, matched one to one.
    """
    table, terms = _tf_idf(words, writers)
    nothing = Topics((), np.zeros(0), np.full(len(words), -1), {})
    filled = np.flatnonzero(np.diff(table.indptr) > 0)
    if len(filled) < FEWEST_TEXTS or len(terms) < _FEWEST_WORDS:
        return nothing
    random = np.random.default_rng(20170109)
    if len(filled) > MOST_FOUND_FROM:
        filled = filled[np.sort(random.permutation(len(filled))[:MOST_FOUND_FROM])]
    whole = table[filled]
    numbers = [k for k in NUMBERS if k < min(len(terms), len(filled)) // 4]
    if not numbers or _all_alike(whole):
        return nothing
    begin = beginnings(whole, max(numbers))
    found = {k: factorize(whole, begin, k)[1] for k in numbers}
    again = {k: np.zeros(k) for k in numbers}
    for _ in range(_SAMPLES):
        sample = whole[np.sort(random.permutation(len(filled))[: round(_SAMPLED * len(filled))])]
        first = beginnings(sample, max(numbers))
        for k in numbers:
            again[k] += _found_again(found[k], factorize(sample, first, k)[1]) / _SAMPLES
    tried = {k: float(again[k].mean()) for k in numbers}
    best = max(numbers, key=lambda k: (round(tried[k], 9), k))
    amount = amounts(table, found[best])
    total = amount.sum(axis=1)
    topic = np.where((total > 0) & (amount.max(axis=1) >= _MAINLY * total), amount.argmax(axis=1), -1)
    order = np.argsort(-np.bincount(topic[topic >= 0], minlength=best), kind="stable")
    place = np.empty(best, dtype=np.int64)
    place[order] = np.arange(best)
    topic = np.where(topic >= 0, place[topic], -1)
    names = tuple(_name(table, terms, topic == number, found[best][order[number]]) for number in range(best))
    return Topics(names, again[best][order], topic, tried)


def _tf_idf(words: Sequence[Sequence[str]], writers: Sequence[object]) -> tuple[sparse.csr_array, list[str]]:
    """Texts by words that ten writers or more use; rows of length one."""
    code = {word: number for number, word in enumerate(sorted({word for text in words for word in text}))}
    people = {who: number for number, who in enumerate(dict.fromkeys(writers))}
    row = np.repeat(np.arange(len(words)), [len(text) for text in words])
    column = np.array([code[word] for text in words for word in text], dtype=np.int64)
    who = np.array([people[one] for one in writers], dtype=np.int64)
    if not len(column):
        return sparse.csr_array((len(words), 0)), []
    pairs = np.unique(column * len(people) + who[row])
    used = np.bincount(pairs // len(people), minlength=len(code))
    order = np.argsort(-used, kind="stable")[:_MOST_WORDS]
    kept = np.sort(order[used[order] >= SMALLEST_CELL])
    place = np.full(len(code), -1)
    place[kept] = np.arange(len(kept))
    inside = place[column] >= 0
    one = np.unique(row[inside] * max(len(kept), 1) + place[column[inside]])
    row, column = one // max(len(kept), 1), one % max(len(kept), 1)
    rare = np.log(len(words) / np.maximum(np.bincount(column, minlength=len(kept)), 1))
    value = rare[column]
    length = np.sqrt(np.bincount(row, value**2, minlength=len(words)))
    value = value / np.where(length > 0, length, 1)[row]
    table = sparse.csr_array((value, (row, column)), shape=(len(words), len(kept)))
    names = list(code)
    return table, [names[number] for number in kept]


def _all_alike(table: sparse.csr_array) -> bool:
    """Whether nearly all texts are of the same words."""
    rows = {tuple(table.indices[a:b]) for a, b in zip(table.indptr[:-1], table.indptr[1:], strict=True)}
    return len(rows) < _FEWEST_WORDS


def _found_again(whole: Floats, sample: Floats) -> Floats:
    """Of each topic the share of its words that its counterpart in a sample has too (Jaccard), matched at best."""
    tops = [[frozenset(np.argsort(-row, kind="stable")[:_WORDS]) for row in table] for table in (whole, sample)]
    same = np.array([[len(a & b) / len(a | b) for b in tops[1]] for a in tops[0]])
    row, column = linear_sum_assignment(-same)
    return same[row, column]


def _name(table: sparse.csr_array, terms: list[str], mine: NDArray[np.bool_], weight: Floats) -> str:
    """The words that stand more often in a topic's texts than in others, weighed by how much they make it up."""
    if not mine.any() or mine.all():
        top = np.argsort(-weight, kind="stable")[:_NAME]
        return " · ".join(terms[number] for number in top)
    here = np.bincount(table[mine].indices, minlength=len(terms)) / mine.sum()
    there = np.bincount(table[~mine].indices, minlength=len(terms)) / (~mine).sum()
    lifts = here > 1.5 * there
    top = [number for number in np.argsort(-weight, kind="stable")[: 3 * _NAME] if lifts[number]][:_NAME]
    return " · ".join(terms[number] for number in top or np.argsort(-weight, kind="stable")[:1])

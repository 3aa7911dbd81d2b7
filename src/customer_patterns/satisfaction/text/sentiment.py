"""Whether a text praises or blames: learned from the study's own stars, by word lists where these are too few.

What is learned is tested on writers it has not seen: who writes "my aunt" in each review would be recognized, not
understood. A language whose test fails is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from customer_patterns.estimates import Interval, bootstrap_ratio, wilson
from customer_patterns.satisfaction.text.clauses import Clause
from customer_patterns.satisfaction.text.features import counted, rarity, weighed
from customer_patterns.satisfaction.text.labeled import word_list_right
from customer_patterns.satisfaction.text.lexicon import text_score, verdict
from customer_patterns.satisfaction.text.logistic import Fitted, balanced_weights, calibrate, fit

LEARNED, WORD_LISTS, EACH = METHODS = ("learned from stars", "word lists", "each part in its language")
USED, NOT_USED = VERDICTS = ("used", "not used")
STARS, SENTENCES = TESTS = ("texts with stars, of writers not learned from", "labeled sentences")

#: A language is used where the lower end of the interval of the share told rightly is not below this; half is chance.
FLOOR = 0.70
#: Stars that praise, and stars that blame; three say neither.
PRAISE_FROM, BLAME_TO = 4, 2
#: So many texts, by as many writers at least, must praise, and as many blame, to learn from, or to test.
FEWEST = 40
_FEWEST_WRITERS = 10
#: What is learned from is at most so many texts; more hardly add, and take their time.
MOST_LEARNED = 20_000
_FOLDS = 5
#: From which probability on a text praises; below one less this, it blames.
SURE = 0.6
#: How much the word lists' sum weighs beside features of length one.
_LIST_WEIGHT = 1.0
#: So many texts are made numbers at once.
_AT_ONCE = 20_000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Learned:
    """What was learned from some texts."""

    model: Fitted
    weight: NDArray[np.float32]

    def sums(self, table: sparse.csr_array, values: Floats) -> Floats:
        """Log-odds of texts, from their counted features and the word lists' sums."""
        return self.model.sums(_with_lists(weighed(table, self.weight), values))


@dataclass(frozen=True)
class Sentiment:
    """How the texts of one language are told apart, and how well.

    Attributes
    ----------
    method
        ``LEARNED`` or ``WORD_LISTS``.
    right
        Share of test texts told rightly, those that praise and those that blame weighing the same; with its interval.
    tested, test
        How many texts that is from, and which.
    verdict
        Whether it is used.
    models, line, without
        What was learned without each fold of the writers, and from all, last; what makes sums log-odds that hold; and
        of each text which of them was learned without its writer.
    lists
        What the word lists alone tell rightly.
    """

    method: str
    right: Interval
    tested: int
    test: str
    verdict: str
    models: tuple[Learned, ...] = ()
    line: tuple[float, float] = (1.0, 0.0)
    lists: Interval = field(default_factory=Interval.missing)
    without: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def polarity(self, texts: Sequence[Sequence[Clause]], *, of: Sequence[int] | None = None) -> NDArray[np.int8]:
        """Say of each text, or part of a text, whether it praises (1), blames (-1) or does neither (0).

        Parameters
        ----------
        texts
            The clauses of each.
        of
            Of which text of those learned from each is a part, by its number: it is then told by what was learned
            without its writer. -1, or missing: it is of another text.
        """
        values = np.array([text_score(parts).value for parts in texts], dtype=float)
        if not self.models:
            return np.array([verdict(value) for value in values], dtype=np.int8)
        chance = self.probability(texts, of=of)
        return (chance >= SURE).astype(np.int8) - (chance <= 1 - SURE).astype(np.int8)

    def probability(self, texts: Sequence[Sequence[Clause]], *, of: Sequence[int] | None = None) -> Floats:
        """How likely each text praises, were praise and blame as frequent; NaN where nothing was learned."""
        if not self.models:
            return np.full(len(texts), np.nan)
        last = len(self.models) - 1
        rows = np.full(len(texts), -1) if of is None else np.asarray(of, dtype=np.int64)
        which = np.where(rows < 0, last, self.without[rows])
        chances = np.zeros(len(texts))
        for start in range(0, len(texts), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            values = np.array([text_score(parts).value for parts in texts[part]], dtype=float)
            table = counted(texts[part])
            for number in np.unique(which[part]):
                rows = np.flatnonzero(which[part] == number)
                sums = self.models[number].sums(table[rows], values[rows])
                chances[start + rows] = expit(self.line[0] * sums + self.line[1])
        return chances


def learn_sentiment(
    texts: Sequence[Sequence[Clause]], stars: Sequence[float], writers: Sequence[Any], *, language: str
) -> Sentiment:
    """Learn from stars which texts of a language praise and which blame, and test it.

    Parameters
    ----------
    texts
        The clauses of each text.
    stars
        From 1 to 5, NaN where none were given.
    writers
        Who wrote each.
    language
        ``"en"`` or ``"zh"``; decides which labeled sentences the word lists are tested on where stars are too few.

    Returns
    -------
    Sentiment
        Learned where at least :data:`FEWEST` texts praise and as many blame, if that tells held-out writers' texts
        apart at least as well as the word lists do; else by word lists, tested on the same texts, or on
        :mod:`labeled sentences <customer_patterns.satisfaction.text.labeled>`. The same on every run, whatever the
        order of the texts' writers: folds are made of the order in which texts come.
    """
    given = np.asarray(stars, dtype=float)
    rated = np.flatnonzero((given >= PRAISE_FROM) | (given <= BLAME_TO))
    if len(rated) > MOST_LEARNED:
        rated = rated[np.sort(np.random.default_rng(20170107).permutation(len(rated))[:MOST_LEARNED])]
    praised = given[rated] >= PRAISE_FROM
    who = np.unique(np.asarray([str(writers[n]) for n in rated], dtype=object), return_inverse=True)[1]
    if not sides_suffice(praised, who):
        return _by_lists(language)
    values = np.array([text_score(texts[n]).value for n in rated])
    lists = told_rightly(values > 0, praised, who, ties=values == 0)
    table = counted([texts[n] for n in rated])
    fold = np.random.default_rng(20170108).permutation(who.max() + 1)[who] % _FOLDS
    models = [_learned(table, values, praised, fold != part) for part in range(_FOLDS)]
    held_out = np.zeros(len(rated))
    for part, model in enumerate(models):
        test = np.flatnonzero(fold == part)
        held_out[test] = model.sums(table[test], values[test])
    line = calibrate(held_out, praised)
    learned = told_rightly(line[0] * held_out + line[1] > 0, praised, who)
    if lists.value > learned.value:
        return Sentiment(WORD_LISTS, lists, len(rated), STARS, judged(lists), lists=lists)
    models.append(_learned(table, values, praised, np.ones(len(rated), dtype=bool)))
    people = dict(zip((str(writers[n]) for n in rated), fold, strict=True))
    without = np.array([people.get(str(one), _FOLDS) for one in writers], dtype=np.int64)
    return Sentiment(
        LEARNED, learned, len(rated), STARS, judged(learned), tuple(models), line, lists=lists, without=without
    )


def sides_suffice(praised: NDArray[np.bool_], who: NDArray[np.int64]) -> bool:
    """Whether enough texts, by enough writers, praise, and enough blame, to learn from or to test on."""
    sides = [(int(side.sum()), len(np.unique(who[side]))) for side in (praised, ~praised)]
    return all(number >= FEWEST and people >= _FEWEST_WRITERS for number, people in sides)


def _learned(table: sparse.csr_array, values: Floats, praised: NDArray[np.bool_], rows: NDArray[np.bool_]) -> Learned:
    """Learn from some rows; from all where those hold one side only."""
    if len(np.unique(praised[rows])) < 2:
        rows = np.ones(len(rows), dtype=bool)
    chosen = np.flatnonzero(rows)
    weight = rarity(table[chosen])
    return Learned(fit(_with_lists(weighed(table[chosen], weight), values[chosen]), praised[chosen]), weight)


def _by_lists(language: str) -> Sentiment:
    hits, of = word_list_right(language)
    right = Interval(*map(float, wilson(hits, of)))
    return Sentiment(WORD_LISTS, right, of, SENTENCES, judged(right), lists=right)


def _with_lists(table: sparse.csr_array, values: Floats) -> sparse.csr_array:
    column = sparse.csr_array(_LIST_WEIGHT * values[:, None].astype(np.float32))
    return sparse.csr_array(sparse.hstack([table, column], format="csr"))


def told_rightly(
    told: NDArray[np.bool_],
    praised: NDArray[np.bool_],
    who: NDArray[np.int64],
    *,
    ties: NDArray[np.bool_] | None = None,
) -> Interval:
    """The share told rightly, both sides weighing the same, with an interval that resamples writers; ties are half."""
    right = (told == praised).astype(float)
    if ties is not None:
        right[ties] = 0.5
    weight = balanced_weights(praised)
    found = bootstrap_ratio(np.bincount(who, weight * right), np.bincount(who, weight))
    value, low, high = (float(np.ravel(part)[0]) for part in found)
    if not np.isfinite(low):  # all right, or all wrong
        low, high = (float(end) for end in wilson(round(value * len(who)), len(who))[1:])
    return Interval(value, low, min(high, 1.0))


def judged(right: Interval) -> str:
    """Whether a language is used whose texts are told rightly so often."""
    return USED if float(right.low) >= FLOOR else NOT_USED

"""Texts: praise and blame with negation, what is claimed of unseen writers, topics planted, and topics where none are.

The sentences and vocabularies here are drawn for these trials alone; tests use others.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from customer_patterns.laboratory.trial import Aim, Tally, Trial, with_twin

_RESTS_ON = ("satisfaction/text", "estimates", "features/cells")
_RIGHT, _COVERED, _RECOVERED, _MADE_UP, _BOTH_RIGHT = 0.85, 0.90, 0.85, 0.05, 0.85

_THINGS = {
    "en": ("the soup", "the room", "the driver", "the screen", "this jacket", "the tour", "the answer", "our table"),
    "zh": ("汤", "房间", "司机", "屏幕", "外套", "行程", "答复", "座位"),
}
_PRAISE = {
    "en": ("good", "clean", "reliable", "comfortable", "impressive", "worth it", "helpful", "tasty"),
    "zh": ("好", "干净", "可靠", "舒服", "满意", "值得", "实用", "新鲜"),
}
_BLAME = {
    "en": ("bad", "dirty", "broken", "disappointing", "rude", "slow", "noisy", "useless"),
    "zh": ("差", "脏", "破旧", "让人失望", "粗鲁", "太慢", "吵", "恶劣"),
}
_SAID = {
    "en": (("{thing} is {word}", 1), ("{thing} was very {word}", 1), ("{thing} is not {word}", -1),
           ("{thing} wasn't {word} at all", -1), ("{thing} was never {word}", -1),
           ("I don't think {thing} is {word}", -1)),
    "zh": (("{thing}{word}", 1), ("{thing}非常{word}", 1), ("{thing}并不{word}", -1),
           ("{thing}一点都不{word}", -1), ("{thing}从来不{word}", -1), ("我不觉得{thing}{word}", -1)),
}  # fmt: skip
_TURN = {"en": "{first}, but {second}", "zh": "虽然{first}，但是{second}"}


def _sentence(random: np.random.Generator, language: str) -> tuple[str, int]:
    """A sentence, half of them with a denial and a quarter with a turn, and what it comes to."""

    def one(wanted: int | None = None) -> tuple[str, int]:
        side = wanted or int(random.choice([-1, 1]))
        plain = bool(random.random() < 0.5)
        frames = [frame for frame in _SAID[language] if (frame[1] > 0) == plain]
        frame, turned = frames[int(random.integers(len(frames)))]
        words = (_PRAISE if side * turned > 0 else _BLAME)[language]
        thing = _THINGS[language][int(random.integers(8))]
        return frame.format(thing=thing, word=words[int(random.integers(8))]), side

    if random.random() < 0.25:
        second, side = one()
        return _TURN[language].format(first=one(-side)[0], second=second), side
    return one()


def _denied(seed: int, *, twin: bool = False) -> Tally:
    """How many sentences are told rightly by word lists; the twin does not read what denies."""
    from customer_patterns.satisfaction.text.clauses import clauses
    from customer_patterns.satisfaction.text.lexicon import text_score, verdict
    from customer_patterns.satisfaction.text.normalize import normalize

    random = np.random.default_rng(seed)
    right = 0
    sentences = [_sentence(random, language) for language in ("en", "zh") for _ in range(100)]
    for text, side in sentences:
        plain = normalize(text)
        if twin:
            for word in (" not", "n't", " never", "并不", "一点都不", "从来不", "不觉得"):
                plain = plain.replace(word, "")
        right += verdict(text_score(clauses(plain)).value) == side
    return Tally(right, len(sentences))


#: A thing in one language and what is said of it in the other; a denial may stand in either.
_CROSSED = (
    ("{zh} very {en_word}", 1), ("{en} is {zh_word}", 1), ("{zh}真的 is {en_word}", 1), ("{en} 非常{zh_word}", 1),
    ("{zh}不 {en_word}", -1), ("{zh}一点都不 {en_word}", -1), ("{en} is not {zh_word}", -1),
    ("{en} was never {zh_word}", -1), ("{zh} is not {en_word}", -1), ("{en} 并不{zh_word}", -1),
)  # fmt: skip
_CROSSED_TURNS = ("{first}，但是{second}", "{first} but {second}", "虽然{first}，{second}")


def _crossed_sentence(random: np.random.Generator) -> tuple[str, int]:
    """A sentence that changes its language, half of them with a denial and a quarter with a turn."""

    def one(side: int) -> str:
        plain = bool(random.random() < 0.5)
        frames = [frame for frame in _CROSSED if (frame[1] > 0) == plain]
        frame, turned = frames[int(random.integers(len(frames)))]
        words = _PRAISE if side * turned > 0 else _BLAME
        picked = {name: _THINGS[name][int(random.integers(8))] for name in ("en", "zh")}
        said = {f"{name}_word": words[name][int(random.integers(8))] for name in ("en", "zh")}
        return frame.format(**picked, **said)

    side = int(random.choice([-1, 1]))
    if random.random() < 0.25:
        turn = _CROSSED_TURNS[int(random.integers(3))]
        return turn.format(first=one(-side), second=one(side)), side
    return one(side), side


def _crossed(seed: int, *, twin: bool = False) -> Tally:
    """How many sentences in two languages are told rightly; the twin reads each clause by both lists at once."""
    from customer_patterns.satisfaction.text.clauses import clauses
    from customer_patterns.satisfaction.text.lexicon import text_score, verdict
    from customer_patterns.satisfaction.text.mixed import learn_mixed
    from customer_patterns.satisfaction.text.normalize import normalize

    random = np.random.default_rng(seed)
    sentences = [_crossed_sentence(random) for _ in range(200)]
    cut = [clauses(normalize(text)) for text, _ in sentences]
    told = [verdict(text_score(parts).value) for parts in cut]
    if not twin:
        told = learn_mixed([], [], [], single={}).polarity(cut).tolist()
    return Tally(sum(found == side for found, (_, side) in zip(told, sentences, strict=True)), len(sentences))


def _word(random: np.random.Generator) -> str:
    signs = random.choice(list("bdfgklmnprstvz"), 3), random.choice(list("aeiou"), 3)
    return "".join(consonant + vowel for consonant, vowel in zip(*signs, strict=True))


def _reviews(random: np.random.Generator, vocabulary: list[str], writers: int) -> tuple[list[Any], Any, list[str]]:
    """Texts whose words tell a little, by writers who have words and moods of their own."""
    from customer_patterns.satisfaction.text.clauses import Clause

    half = len(vocabulary) // 2
    texts, stars, who = [], [], []
    for writer in range(writers):
        own, mood = [_word(random) for _ in range(4)], random.normal()
        name = "".join(random.choice(list("abcdefghij"), 12))
        for _ in range(8):
            praise = bool(random.random() < 1 / (1 + np.exp(-3 * mood)))
            telling = random.random(6) < 0.62
            words = [
                vocabulary[int(random.integers(half)) + half * (int(praise) ^ int(not tells))] for tells in telling
            ]
            words += list(random.choice(own, 3))
            texts.append([Clause(" ".join(random.permutation(words)), 1.0)])
            stars.append(5.0 if praise else 1.0)
            who.append(f"{name}{writer}")
    return texts, np.array(stars), who


def _claimed(seed: int, *, twin: bool = False) -> Tally:
    """Whether the claim holds the share told rightly of new writers; the twin tests on writers it has learned from."""
    from customer_patterns.satisfaction.text.sentiment import learn_sentiment

    random = np.random.default_rng(seed)
    vocabulary = [_word(random) for _ in range(80)]
    texts, stars, who = _reviews(random, vocabulary, 90)
    known = [f"text {number}" for number in range(len(who))] if twin else who
    found = learn_sentiment(texts, stars, known, language="en")
    others, truth, _ = _reviews(random, vocabulary, 300)
    told = found.probability(others) > 0.5
    praised = truth > 3
    right = (told[praised].mean() + (~told[~praised]).mean()) / 2
    return Tally(int(float(found.right.low) <= right <= float(found.right.high)), 1)


@cache
def _topical(seed: int, topics: int) -> tuple[list[list[str]], NDArray[np.int64], list[str]]:
    """Texts of one topic each, of words that topics share in part; with one topic, of words without any order."""
    random = np.random.default_rng(seed)
    vocabulary = [_word(random) for _ in range(30 * topics if topics > 1 else 150)]
    weights = random.dirichlet(np.full(len(vocabulary), 0.08 if topics > 1 else 5.0), size=topics)
    common = random.dirichlet(np.full(len(vocabulary), 1.0))
    topic = random.integers(0, topics, 900)
    words = [
        list(random.choice(vocabulary, size=int(6 + random.poisson(4)), p=0.75 * weights[one] + 0.25 * common))
        for one in topic
    ]
    return words, topic, [f"w{number}" for number in random.integers(0, 500, len(words))]


def _recovered(seed: int, *, twin: bool = False) -> Tally:
    """How many texts get the topic that was planted; the twin gives each the topic of its first word's letter."""
    from scipy.optimize import linear_sum_assignment

    from customer_patterns.satisfaction.text.topics import find_topics

    words, truth, writers = _topical(seed, 6)
    if twin:
        found = np.array([ord(text[0][0]) % 6 for text in words])
    else:
        found = find_topics(words, writers, language="en").topic
    table = np.zeros((max(found.max() + 1, 1), 6))
    for mine, true in zip(found, truth, strict=True):
        if mine >= 0:
            table[mine, true] += 1
    row, column = linear_sum_assignment(-table)
    return Tally(int(table[row, column].sum()), int((found >= 0).sum()))


def _made_up(seed: int, *, twin: bool = False) -> Tally:
    """How many topics of texts without any are called found again; the twin believes each."""
    from customer_patterns.satisfaction.text.topics import FOUND_AGAIN, find_topics

    words, _, writers = _topical(seed, 1)
    found = find_topics(words, writers, language="en")
    return Tally(len(found.again) if twin else int((found.again >= FOUND_AGAIN).sum()), len(found.again))


_trial = partial(Trial, room="satisfaction", rests_on=_RESTS_ON)

TRIALS = (
    _trial(
        name="praise and blame with denials",
        measure="sentences told rightly by word lists",
        setting="English and Chinese sentences, half with a denial, a quarter with a turn",
        twin="does not read what denies",
        aim=Aim(_RIGHT, 1.0),
        seeds=range(980_100, 980_110),
        **with_twin(_denied),
        feeds=("satisfaction.texts_blame", "satisfaction.texts_blame_alike"),
    ),
    _trial(
        name="praise and blame in two languages at once",
        measure="sentences told rightly by word lists, each part in its language",
        setting="sentences that change from English to Chinese or back, half with a denial, a quarter with a turn",
        twin="reads each clause as one, by both lists",
        aim=Aim(_BOTH_RIGHT, 1.0),
        seeds=range(980_700, 980_710),
        **with_twin(_crossed),
        feeds=("satisfaction.texts_blame", "satisfaction.texts_blame_alike"),
    ),
    _trial(
        name="what is claimed of unseen writers",
        measure="intervals that hold the share told rightly of new writers",
        setting="writers with words and moods of their own",
        twin="tests on writers it has learned from",
        aim=Aim(_COVERED, 1.0, by_interval=True),
        seeds=range(980_500, 980_530),
        **with_twin(_claimed),
        feeds=("satisfaction.texts_blame", "satisfaction.texts_blame_alike"),
    ),
    _trial(
        name="topics that were planted",
        measure="texts with a topic that get the planted one",
        setting="texts of six topics whose words overlap",
        twin="goes by the first letter",
        aim=Aim(_RECOVERED, 1.0),
        seeds=range(980_300, 980_308),
        **with_twin(_recovered),
    ),
    _trial(
        name="topics where there are none",
        measure="topics called found again",
        setting="texts of words without any order",
        twin="believes each topic",
        aim=Aim(0.0, _MADE_UP),
        seeds=range(980_400, 980_408),
        **with_twin(_made_up),
    ),
)

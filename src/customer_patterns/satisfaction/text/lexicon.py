"""What a text's words say: praise and blame from word lists, with negation, degree and contrast.

The cold start: it needs no stars. Irony is not seen; the accuracy that is stated leaves it out and names it apart.
Words of a trade say what no list holds ("the bread was still warm"): where there are stars,
:mod:`~customer_patterns.satisfaction.text.sentiment` learns from them, and these sums are one of its features.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from customer_patterns.satisfaction.text import polarity_en, polarity_zh
from customer_patterns.satisfaction.text.clauses import Clause
from customer_patterns.satisfaction.text.emoji import EMOJI
from customer_patterns.satisfaction.text.english import polarity, words_of

#: What is left of a word's value when it is turned round: "not good" is milder than "bad", "not bad" than "good".
_TURNED_PRAISE, _TURNED_BLAME = -0.8, -0.7
#: A clause that denies something and neither praises nor blames mostly complains.
_DENIED = -0.4
#: From which sum on a text praises, or blames.
SURE = 0.3
_LONGEST_ZH = max(map(len, polarity_zh.POLARITY))
_FIRST_ZH = frozenset(word[0] for word in polarity_zh.POLARITY)
_NEGATOR_ZH = re.compile("|".join(sorted(polarity_zh.NEGATORS, key=lambda word: (-len(word), word))))
#: Signs of denial in words that deny nothing.
_NO_NEGATOR_ZH = re.compile(
    "不但|不仅|不光|不只|不管|不论|不过|不断|不禁|不愧|不得不|不由得|差不多|特别|分别|区别|别人|别家|别的|别处|个别|级别|无论|无比|未来|非常|不知不觉|"
    "只不过|不说|除非|没想到|怪不得|不一会|要不|不然|不同|不少"
)
_DEGREE_ZH = re.compile(
    "(?:" + "|".join(sorted(polarity_zh.DEGREES, key=lambda word: (-len(word), word))) + ")[的地]?$"
)
#: Denials that hold to the end of their clause: "nobody …", "I do not think that …".
_WIDE_ZH = re.compile(
    "没有?(?:一个|一次|一样|一家|人|什么|哪个|哪里|哪次|任何)|(?:不|没)(?:觉得|认为|能说|敢说|可能|可以说)|谁能说|谈不上|算不上"
)
_WIDE_EN_TEXT = """
think believe say feel find consider call claim nobody none no-one mean
"""
_WIDE_EN = frozenset(_WIDE_EN_TEXT.split())
_NO_NEGATION_EN = frozenset(("only", "just", "to", "doubt", "wonder", "matter", "sure"))
_NEUTRAL_AFTER_TOO_TEXT = """
small big large long short hot cold sweet salty spicy many few far late early high low hard soft tight heavy
thin thick little dark strong complicated fast
"""
_NEUTRAL_AFTER_TOO = frozenset(_NEUTRAL_AFTER_TOO_TEXT.split())


class Score(NamedTuple):
    """The sum of what was found, and how many words said something (lukewarm ones included)."""

    value: float
    words: int


def clause_score(text: str) -> Score:
    """Add up what the words of one clause say.

    Examples
    --------
    >>> [round(clause_score(t).value, 1) for t in ("very good", "not good", "质量还行", "不是不好吃")]
    [1.3, -0.8, 0.0, 0.7]
    """
    return _scored(text)


def text_score(clauses: Sequence[Clause]) -> Score:
    """Add up the clauses of a text by their weights; between -1 (blame) and 1 (praise).

    The sum is drawn toward nothing where little was found: ``s / sqrt(s² + 1)``.
    """
    scores = [clause_score(clause.text) for clause in clauses]
    total = sum(score.value * clause.weight for score, clause in zip(scores, clauses, strict=True))
    return Score(total / np.sqrt(total * total + 1.0), sum(score.words for score in scores))


def verdict(value: float) -> int:
    """1 for praise, -1 for blame, 0 for neither."""
    return int(value > SURE) - int(value < -SURE)


@lru_cache(maxsize=200_000)
def _scored(text: str) -> Score:
    value, words = (0.0, 0)
    for sign in text if not text.isascii() else "":
        if sign in EMOJI:
            value, words = value + EMOJI[sign], words + 1
    english = _english(words_of(text))
    chinese = Score(0.0, 0) if text.isascii() else _chinese(text)
    return Score(value + english.value + chinese.value, words + english.words + chinese.words)


def _english(words: list[str]) -> Score:
    total, seen, place, denied = 0.0, 0, 0, False
    negators: list[int] = []
    wide = 0
    while place < len(words):
        word = words[place]
        found, length = _phrase(words, place)
        if found is None:
            if (word in polarity_en.NEGATORS or word.endswith("n't")) and not (
                place + 1 < len(words) and words[place + 1] in _NO_NEGATION_EN
            ):
                denied = True
                if word in _WIDE_EN or (place + 1 < len(words) and words[place + 1] in _WIDE_EN):
                    wide += 1
                else:
                    negators.append(place)
                place += 1
                continue
            found = polarity(word)
            if found is None and word in _NEUTRAL_AFTER_TOO and place and words[place - 1] == "too":
                found = -1.0
            if word in polarity_en.DEGREES and place + 1 < len(words) and polarity(words[place + 1]) is not None:
                found = None  # "pretty bad", "incredibly rude"
        if found is not None:
            turns = wide + sum(0 < place - at <= polarity_en.NEGATED_WORDS for at in negators)
            degree = 1.0
            for before in words[max(0, place - 2) : place]:
                degree *= polarity_en.DEGREES.get(before, 1.0)
            total += _turned(found * degree, turns)
            seen += 1
        elif word == "and" and (seen or words[place + 1 : place + 2] in (["not"], ["never"], ["no"])):
            negators.clear()  # "not clear and not helpful" denies twice, each time one word
        place += length
    if denied and not seen:
        return Score(_DENIED, 0)
    return Score(total, seen)


def _phrase(words: list[str], place: int) -> tuple[float | None, int]:
    for phrase, value in polarity_en.PHRASES.get(words[place], ()):
        if tuple(words[place : place + len(phrase)]) == phrase:
            return value, len(phrase)
    return None, 1


def _turned(value: float, turns: int) -> float:
    if turns % 2 == 0:
        return value
    return value * (_TURNED_PRAISE if value > 0 else _TURNED_BLAME)


def _word_zh(text: str, place: int) -> str | None:
    if text[place] in _FIRST_ZH:
        for end in range(min(len(text), place + _LONGEST_ZH), place, -1):
            if text[place:end] in polarity_zh.POLARITY:
                return text[place:end]
    return None


def _blank(found: re.Match[str]) -> str:
    return "＿" * len(found[0])


def _chinese(text: str) -> Score:
    total, seen, place, read = 0.0, 0, 0, 0
    while place < len(text):
        word = _word_zh(text, place)
        if word is None:
            place += 1
            continue
        value = polarity_zh.POLARITY[word]
        after = place + len(word)
        if word == "好" and after < len(text) and (follows := _word_zh(text, after)) and polarity_zh.POLARITY[follows]:
            place = after  # "好贵": very
            continue
        if value is not None:
            before = text[max(read, place - 7) : place]
            plain = _NO_NEGATOR_ZH.sub(_blank, _WIDE_ZH.sub(_blank, before))
            near = len(plain) - polarity_zh.NEGATED_SIGNS
            turns = len(_WIDE_ZH.findall(text[:place]))
            turns += sum(found.end() > near for found in _NEGATOR_ZH.finditer(plain))
            degree = _DEGREE_ZH.search(before)
            if degree is not None:
                value *= polarity_zh.DEGREES.get(degree[0].rstrip("的地"), polarity_zh.DEGREES.get(degree[0], 1.0))
            total += _turned(value, turns)
            seen += 1
        place = read = after
    if not seen and _NEGATOR_ZH.search(_NO_NEGATOR_ZH.sub("", text)):
        return Score(_DENIED, 0)
    return Score(total, seen)

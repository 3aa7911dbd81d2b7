"""A text's clauses, and how much each weighs: what follows "but" counts more than what stood before."""

from __future__ import annotations

import re
from typing import NamedTuple

from customer_patterns.satisfaction.text import polarity_en, polarity_zh

_SENTENCE = re.compile(r"[.!?。！？…;\n]+")
_CLAUSE = re.compile(r"""[,，、:()\[\]"“”「」/|~—]+|\s-+\s""")
#: Where another subject begins, the same clause goes on no more.
_AND = re.compile(
    r"\s+and\s+(?=(?:the|they|i|we|it|my|our|their|there|this|that|you|he|she|everyone|everything|nobody|staff|service|"
    r"food|prices?|delivery|your|nice|good|plenty)\s+\S+\s*\S*)"
)
_BUT_EN = re.compile(r"\s+(?=(?:but|however|although|though|yet|nevertheless|whereas|while|despite|except)\b)")
#: The same where a Chinese sign may stand before it, without a space.
_BUT_BOTH = re.compile(r"(?<=[\s\u3400-\u9fff])(?=(?:but|however|although|though|yet|whereas|while)(?![a-z]))")
_LATIN = re.compile("[a-z]+")
_BUT_ZH = re.compile(
    r"(?<=.)(?=(?<!不)但(?!愿|凡)|(?<![再好只])不过(?!分|瘾|来|去|关)|可是|然而|虽然|尽管|虽说|(?<![冷忘退推了])却)"
)
#: What stood before "but" weighs so much, and what follows so much.
BEFORE, AFTER = 0.5, 1.5


class Clause(NamedTuple):
    """A part of a text about one thing, and its weight."""

    text: str
    weight: float


def clauses(text: str) -> list[Clause]:
    """Cut a text into its clauses.

    Parameters
    ----------
    text
        From :func:`~customer_patterns.satisfaction.text.normalize.normalize`.

    Returns
    -------
    list of Clause
        In their order, none empty. In a sentence with "but" (但是 …), what stands before it weighs :data:`BEFORE`, what
        follows :data:`AFTER`; a clause that begins with "although" (虽然 …) weighs :data:`BEFORE`.

    Examples
    --------
    >>> [(part.text, part.weight) for part in clauses("cheap, but the bread is stale. fine")]
    [('cheap', 0.5), ('but the bread is stale', 1.5), ('fine', 1.0)]
    >>> [(part.text, part.weight) for part in clauses("虽然贵但是好吃")]
    [('虽然贵', 0.5), ('但是好吃', 1.5)]
    """
    found: list[Clause] = []
    for sentence in _SENTENCE.split(text):
        parts = [part for piece in _CLAUSE.split(sentence) if piece for part in _turned(piece)]
        start, weights = len(found), [1.0] * len(parts)
        for number, part in enumerate(parts):
            if _begins(part, polarity_en.ALTHOUGH, polarity_zh.ALTHOUGH):
                weights[number] = BEFORE
            elif _begins(part, polarity_en.BUT, polarity_zh.BUT):
                weights[:number] = [BEFORE] * number
                weights[number:] = [AFTER] * (len(parts) - number)
                if number == 0 and start:  # a sentence that begins with "but" turns the one before
                    found[start - 1] = found[start - 1]._replace(weight=BEFORE)
        found += [Clause(part, weight) for part, weight in zip(parts, weights, strict=True)]
    return found


def _turned(piece: str) -> list[str]:
    if piece.isascii():
        if " and " in piece:
            return [part for whole in _AND.split(piece) for part in _cut(_BUT_EN, whole)]
        return _cut(_BUT_EN, piece)
    if _LATIN.search(piece):  # in a text of two languages either may turn
        return [part for whole in _cut(_BUT_ZH, piece) for part in _cut(_BUT_BOTH, whole)]
    return _cut(_BUT_ZH, piece)


def _cut(pattern: re.Pattern[str], text: str) -> list[str]:
    return [part for part in map(str.strip, pattern.split(text)) if part]


def _begins(part: str, english: frozenset[str], chinese: tuple[str, ...]) -> bool:
    latin = _LATIN.match(part)
    if latin:
        return latin[0] in english or part.startswith(("even though", "on the other hand", "then again"))
    return part.startswith(chinese) and not part.startswith(("可以", "可口", "可爱", "可靠", "可能", "可见", "可惜了"))

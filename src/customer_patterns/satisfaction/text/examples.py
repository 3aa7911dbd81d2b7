"""How a theme is spoken of, without anybody's words: clauses of which only common words are left."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd

from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.text import chinese, english
from customer_patterns.satisfaction.text.language import CHINESE, ENGLISH
from customer_patterns.satisfaction.text.lexicon import clause_score
from customer_patterns.satisfaction.text.reading import Reading
from customer_patterns.satisfaction.text.tables import BLAME, PRAISE, TEXT_EXAMPLES

#: What stands for words that too few use.
LEFT_OUT = "…"
#: How many words an example has, from and to, and how many of them may be left out.
_SHORTEST, _LONGEST, _MOST_LEFT_OUT = 3, 14, 1
#: What is said in the same words must praise, or blame, nearly always, and the word lists must agree.
_ALWAYS = 0.9
#: What leads over to a clause and says nothing.
_LEADS = re.compile(
    r"^(?:but|and|although|though|however|yet|still|only|so|then again|on the other hand)\b[ ,]*|"
    r"^(?:但是|但|不过|可是|然而|只是|就是|虽然|尽管|话说回来|而且|却)"
)


def text_examples(reading: Reading, *, writers: int = SMALLEST_CELL) -> pd.DataFrame:
    """Choose a clause for each theme, side and language that enough writers speak of, and leave its rare words out.

    Every word shown is used by at least ``writers`` different writers anywhere in the texts; names, numbers and
    addresses are not. Of single Chinese signs in a row, which may be a name, the whole row counts as one word. Nothing
    but letters is shown.

    Parameters
    ----------
    reading
        From :func:`~customer_patterns.satisfaction.text.reading.read_texts`.
    writers
        So many different writers must praise (or blame) the theme in that language, and use each word.

    Returns
    -------
    DataFrame
        One row per theme, side and language that has one; columns as in ``TEXT_EXAMPLES``. Of several clauses the one
        whose words most writers use; of equal ones the first of the alphabet.
    """
    texts, parts = reading.texts, reading.parts
    language = texts["language"].to_numpy()[parts["text"].to_numpy()] if len(parts) else np.zeros(0, dtype=object)
    writer = texts["writer"].to_numpy()[parts["text"].to_numpy()] if len(parts) else np.zeros(0, dtype=object)
    rows, said = [], parts["words"].to_numpy()
    for name in (ENGLISH, CHINESE):
        mine = np.flatnonzero(language == name)
        cut = {words: _cut(words, name) for words in dict.fromkeys(parts["words"].to_numpy()[mine])}
        users: dict[str, set[object]] = defaultdict(set)
        for number in mine:
            for word in cut[said[number]]:
                users[word].add(writer[number])
        common = {word: len(people) for word, people in users.items() if len(people) >= writers}
        rows += _of_language(reading, mine, cut, common, writer, name, writers)
    if not rows:
        return empty(TEXT_EXAMPLES)
    table = pd.DataFrame(rows)
    place = {theme: number for number, theme in enumerate(reading.aspects.names)}
    order = np.lexsort((table["language"], table["side"] == PRAISE, table["theme"].map(place)))
    return table.iloc[order].reset_index(drop=True)[TEXT_EXAMPLES.names]


def _of_language(
    reading: Reading,
    mine: np.ndarray,
    cut: dict[str, list[str]],
    common: dict[str, int],
    writer: np.ndarray,
    language: str,
    least: int,
) -> list[dict[str, object]]:
    said: dict[tuple[str, str], set[object]] = defaultdict(set)
    best: dict[tuple[str, str], tuple[float, str]] = {}
    words, polarity = reading.parts["words"].to_numpy(), reading.parts["polarity"].to_numpy()
    sure = reading.parts.iloc[mine].groupby("words", sort=False)["polarity"].mean()
    sure = {one: abs(mean) >= _ALWAYS and clause_score(one).value * mean > 0 for one, mean in sure.items()}
    for number in mine:
        if not abs(polarity[number]) > 0:
            continue
        side = PRAISE if polarity[number] > 0 else BLAME
        for theme in reading.aspects.of(words[number]):
            said[theme, side].add(writer[number])
            found = _masked(cut[words[number]], common, language) if sure[words[number]] else None
            if found is not None and (-found[0], found[1]) < best.get((theme, side), (np.inf, "")):
                best[theme, side] = (-found[0], found[1])
    return [
        {"theme": theme, "side": side, "language": language, "example": best[theme, side][1], "n": len(people)}
        for (theme, side), people in sorted(said.items())
        if len(people) >= least and (theme, side) in best
    ]


def _masked(words: Sequence[str], common: dict[str, int], language: str) -> tuple[float, str] | None:
    """How many use a clause's words, and the clause without those that few use; None where too little is left."""
    if not _SHORTEST <= len(words) <= _LONGEST:
        return None
    rare = sum(word not in common for word in words)
    if rare > _MOST_LEFT_OUT or len(words) - rare < _SHORTEST:
        return None
    shown = [word if word in common else LEFT_OUT for word in words]
    mean = sum(np.log(common[word]) for word in words if word in common) / len(words)
    return float(mean), ("" if language == CHINESE else " ").join(shown)


def _cut(text: str, language: str) -> list[str]:
    text = _LEADS.sub("", text)
    if language == ENGLISH:
        return english.words_of(text)
    found: list[str] = []
    single = False
    for word in chinese.words_of(text):
        if len(word) == 1 and single:
            found[-1] += word
        else:
            found.append(word)
        single = len(word) == 1
    return found

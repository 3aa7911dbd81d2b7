"""English words: cut out of a text, and their forms made plain."""

from __future__ import annotations

import re
from functools import lru_cache

from customer_patterns.satisfaction.text.polarity_en import POLARITY

WORD = re.compile(r"[a-z\u00c0-\u024f]+(?:['-][a-z\u00c0-\u024f]+)*")
_IRREGULAR = dict(
    pair.split(":")
    for pair in [
        "was:be",
        "were:be",
        "is:be",
        "are:be",
        "am:be",
        "been:be",
        "being:be",
        "has:have",
        "had:have",
        "having:have",
        "does:do",
        "did:do",
        "done:do",
        "went:go",
        "gone:go",
        "goes:go",
        "bought:buy",
        "paid:pay",
        "said:say",
        "told:tell",
        "took:take",
        "taken:take",
        "got:get",
        "gotten:get",
        "gave:give",
        "given:give",
        "came:come",
        "made:make",
        "found:find",
        "kept:keep",
        "left:leave",
        "felt:feel",
        "thought:think",
        "knew:know",
        "ate:eat",
        "eaten:eat",
        "sold:sell",
        "women:woman",
        "men:man",
        "people:person",
        "children:child",
        "feet:foot",
        "teeth:tooth",
        "hung:hang",
        "stood:stand",
        "ran:run",
        "threw:throw",
        "thrown:throw",
        "forgotten:forget",
        "chosen:choose",
    ]
)
#: Words that end like a plural and are none.
_NO_PLURAL_TEXT = """
always across perhaps besides news gas bus plus less this thus yes its us as has was is
"""
_NO_PLURAL = frozenset(_NO_PLURAL_TEXT.split())
_ENDINGS = ("ing", "ed", "er", "est", "ly")

#: Words that carry no theme. What praises or turns round is not among them: they are for naming themes only.
_STOP_WORDS_TEXT = """
a about above after again all almost along already also although always am an and another any anyone anything
are around as at away back be because become before behind below beside between both but by can cannot can't
come could couldn't day did didn't do does doesn't don't down during each either else enough even ever every
everyone everything everywhere few first for from get give go good great had half has have he her here hers him
his how however i i'd i'll i'm i've if in into is isn't it it's its just keep kind know last least less let like
lot made make many may me might mine more most much must my myself need neither never new next no nobody none
nor not nothing now of off often on once one only or other our out over own part people person put quite rather
really same say see she should since so some somebody someone something still such take tell than that that's
the their them then there these they thing think this those though through thus time to today together too
toward two under until up upon us use used very want was wasn't way we well were weren't what when where whether
which while who whole why will with within without won't would wouldn't year yes yet you your find look ask
before bad best better big little long old right top nice love please thank thanks say buy bought visit never
mind via us per etc
"""
STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, as they stand; what holds a digit is none.

    >>> words_of("they don't sell gluten-free bread, 0 of it")
    ['they', "don't", 'sell', 'gluten-free', 'bread', 'of', 'it']
    """
    return WORD.findall(text)


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Return a word's plain form: singular, and of irregular verbs the first form.

    No more than that is undone (Harman 1991, J. Am. Soc. Inf. Sci. 42, 7–15: the S stemmer): whoever cuts more joins
    words that mean different things.

    >>> [lemma(word) for word in ("cashiers", "berries", "boxes", "bus", "bought", "buses", "store's")]
    ['cashier', 'berry', 'box', 'bus', 'buy', 'bus', 'store']
    """
    word = word.removesuffix("'s")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word in _NO_PLURAL or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes", "uses")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=200_000)
def polarity(word: str) -> float | None:
    """Return what a word says, whatever its form; None where it says nothing.

    >>> [polarity(word) for word in ("delicious", "disappoints", "recommended", "loved", "table")]
    [2.0, -1.0, 1.0, 2.0, None]
    """
    if word in POLARITY:
        return POLARITY[word]
    plain = lemma(word)
    if plain in POLARITY:
        return POLARITY[plain]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            forms = (stem, stem + "e", stem[:-1] if stem[-1] == stem[-2] else stem, stem[:-1] + "y")
            for form in forms:
                if len(form) > 3 and form in POLARITY:
                    return POLARITY[form]
    return None

"""In which language a text is written: by its script, and by the small words that every sentence needs.

Reviews are short. Statistical detectors are trained on pages, and call "top!" Norwegian; script and function words know
less and err less, and say that they do not know. Only English and Chinese are read further.
"""

from __future__ import annotations

import re

from customer_patterns.satisfaction.text.polarity_en import POLARITY as _ENGLISH_POLARITY
from customer_patterns.schemas.canonical import UNKNOWN

ENGLISH, CHINESE, MIXED, OTHER, NONE = LANGUAGES = ("en", "zh", "mixed", "other", "none")

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_LATIN_WORD = re.compile(r"[a-z\u00c0-\u024f]+(?:'[a-z]+)?")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u05ff\u0600-\u06ff\u0900-\u0e7f\u1100-\u11ff\uac00-\ud7af]")
#: So many Han characters make about one English word.
_HAN_PER_WORD = 1.6
#: From this share of a text's words on, its second language makes it mixed.
_MIXED_FROM = 0.3

_EN_TEXT = """
a about after again all also always am an and any are as at back be because been before but by came can cannot
could day did do does don't each even ever every everything for from get go good got great had has have he her
here him his how i i'm i've if in into is it it's its just know last like made make many me more most much my
never new no not nothing now of off ok okay on one only or our out over place really said same she should so
some still such than thank thanks that the their them then there these they thing this time to too under until
up us very was way we well were what when where which while who why will with without would yet you your
"""
_EN = frozenset(_EN_TEXT.split())
#: Words of other languages in Latin letters that are no English words, or hardly ever.
_NOT_EN_TEXT = """
ich und der das ist nicht sehr aber auch mit ein eine einen sind war wir sie den dem zu für auf bei gut schlecht
leider immer wieder le la les des du une est pas très mais avec pour dans sur c'est je nous vous il elle ce
cette bien que qui et el los las una es muy pero con para por como está fue nos me gusta bueno il gli che non
molto è sono per della di anche buono o os um uma não muito mas com para foi het een niet zeer maar met voor
goed och är inte mycket men som på og ikke meget jest nie bardzo ale w z na ve bir çok ama için değil
"""
_NOT_EN = frozenset(_NOT_EN_TEXT.split())


def detect(text: str, *, declared: str | None = None) -> str:
    """Say in which language a text is written.

    Parameters
    ----------
    text
        From :func:`~customer_patterns.satisfaction.text.normalize.normalize`.
    declared
        What the delivery says (ISO 639-1). It decides only where the text itself does not.

    Returns
    -------
    str
        ``"en"``, ``"zh"``, ``"mixed"`` (both, neither of them in passing), ``"other"``, ``"none"`` (no word in it).

    Examples
    --------
    >>> [detect(t) for t in ("the bread is stale", "面包不新鲜", "服务very good 速度 so slow", "sehr gut, aber teuer")]
    ['en', 'zh', 'mixed', 'other']
    >>> detect("!!! 0 👍")
    'none'
    """
    han = len(_HAN.findall(text))
    words = _LATIN_WORD.findall(text)
    foreign = len(_KANA.findall(text)) + len(_OTHER_SCRIPT.findall(text))
    if not han and not words:
        return OTHER if foreign else NONE
    chinese, latin = han / _HAN_PER_WORD, len(words)
    if foreign > han + sum(map(len, words)) or (han and _KANA.search(text) and foreign * 4 > han):
        return OTHER
    if chinese and latin and min(chinese, latin) / (chinese + latin) >= _MIXED_FROM:
        return MIXED if _latin(words, None) == ENGLISH and min(han, latin) > 1 else CHINESE
    if chinese > latin:
        return CHINESE
    return _latin(words, declared)


def _latin(words: list[str], declared: str | None) -> str:
    """Whether words in Latin letters are English."""
    own = sum(word in _EN or word in _ENGLISH_POLARITY for word in words)
    other = sum(word in _NOT_EN or not word.isascii() for word in words)
    if own or other:
        return ENGLISH if own > other or (own == other and declared in (ENGLISH, None)) else OTHER
    if declared is not None and declared not in (ENGLISH, CHINESE, UNKNOWN):
        return OTHER
    return ENGLISH

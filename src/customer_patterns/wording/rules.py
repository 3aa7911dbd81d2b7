"""What a template may not say: digits, numbers in words, and more than its grade of evidence can carry."""

from __future__ import annotations

import re

from customer_patterns.wording.messages import WordingError
from customer_patterns.wording.sentences import NOUNS, places

#: How strong evidence is, weakest first.
GRADES: tuple[str, ...] = ("description", "association", "time-ordered", "experimental")

#: Words that claim a cause. "Driver" stays a word of the field; "to drive" is a claim.
_CAUSAL = re.compile(
    r"\b(?:caus(?:e[sd]?|ing)|because|due to|owing to|thanks to|attributable to"
    r"|leads? to|led to|leading to|results? in|resulted in|resulting in|as a result"
    r"|driv(?:e|es|en|ing)|drove|increas(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)|reduc(?:e[sd]?|ing)"
    r"|rais(?:e[sd]?|ing)|boost(?:s|ed|ing)?|lower(?:s|ed|ing)|improv(?:e[sd]?|ing)|prevent(?:s|ed|ing)?"
    r"|trigger(?:s|ed|ing)?|influenc(?:e[sd]?|ing)|affect(?:s|ed|ing)?|impact(?:s|ed|ing)?|effects? of"
    r"|brings? about|brought about|responsible for)\b"
    r"|导致|促使|引起|造成|使得|因为|由于|带动|驱动(?!因素)|提高了|降低了",
    re.IGNORECASE,
)

#: "… we cannot say that shopping weekly causes it": up to the clause's end such a word denies the claim.
_DENIED = re.compile(
    r"\b(?:cannot (?:say|tell|know|show|claim)|(?:does|do|did) not (?:say|show|mean|prove)|no evidence)\b[^.;:]*"
    r"|(?:不能|无法)(?:说明|断定|证明|得出)[^。;；:：]*",
    re.IGNORECASE,
)

#: Words that claim which of two things comes first: what is known earlier tells something of what comes later.
_ORDERED = re.compile(
    r"\b(?:predict(?:s|ed|ing)?|foretell(?:s|ing)?|foretold|preced(?:es|ed|ing)|herald(?:s|ed|ing)?|warn(?:s|ed)? of)\b"
    r"|预示|预兆|先于",
    re.IGNORECASE,
)

#: Words that claim that two things go together.
_TOGETHER = re.compile(
    r"\b(?:associated with|association between|correlat(?:es?|ed|ing|ions?)|go(?:es)? together|linked (?:to|with)"
    r"|goes along with)\b"
    r"|呈正相关|呈负相关|存在关联|与[^,，。；]*相关",
    re.IGNORECASE,
)

_NUMBER_WORDS = re.compile(
    r"\b(?:half(?!-)|thirds?|quarters? of|twice|thrice|doubled?|triple[ds]?|dozens?|hundreds?|thousands?|millions?"
    r"|billions?|percent)\b|%|‰",
    re.IGNORECASE,
)

#: Names that `say` and `finding` use themselves.
RESERVED = frozenset({"key", "voice", "grade", "source", "figure", "simulated"})


def causal_words(text: str) -> list[str]:
    """Return the words of a template that claim a cause; those that a clause denies do not count."""
    return [match.group() for match in _CAUSAL.finditer(_DENIED.sub("", _prose(text)))]


def overstated(grade: str, text: str) -> list[str]:
    """Return the words of a template, in any language, that claim more than evidence of a grade can carry.

    Parameters
    ----------
    grade
        ``"description"``: what is in the data. ``"association"``: that two things go together. ``"time-ordered"``:
        which came first. ``"experimental"``: that one brings about the other.
    text
        The template. What a clause denies does not count.

    Examples
    --------
    >>> overstated("description", "Shopping weekly predicts {share} of revenue")
    ['predicts']
    >>> overstated("time-ordered", "Shopping weekly predicts {share} of revenue")
    []
    """
    prose, strength = _DENIED.sub("", _prose(text)), GRADES.index(grade)
    claims = (_TOGETHER, _ORDERED, _CAUSAL)  # each needs the grade after the one before
    return [match.group() for claim in claims[strength:] for match in claim.finditer(prose)]


def faults(key: str, text: str) -> list[str]:
    """Return what is wrong with a template, one sentence each; empty if nothing is.

    A claim of cause is judged by :func:`causal_words`, since it depends on the evidence.
    """
    found = []
    try:
        names = places(text)
    except WordingError as error:
        return [str(error)]
    prose = _prose(text)
    if any(c.isdigit() for c in text):
        found.append(f"{key} holds a digit; let a value bring it")
    if words := _NUMBER_WORDS.findall(prose):
        found.append(f"{key} says {', '.join(words)}, which stays when the figure changes; let a value bring it")
    if taken := sorted(RESERVED & set(names)):
        found.append(f"{key} names a value {', '.join(taken)}, which say() and finding() use themselves")
    if prose != prose.strip() or "  " in prose or "\n" in prose:
        found.append(f"{key} has stray spaces")
    if not prose.strip() and not NOUNS & set(names):
        found.append(f"{key} is empty")
    return found


#: Chinese letters: signs beside them are set in full width.
_HAN = r"[\u3400-\u9fff]"
_HALF_WIDTH = re.compile(rf"{_HAN}\s*[,;:?!()]|[,;:?!()]\s*{_HAN}|{_HAN}\.(?!\w)|{_HAN} +{_HAN}")


def translation_faults(text: str, translation: str) -> list[str]:
    """Return what is wrong with a translation into Chinese, one sentence each; empty if nothing is.

    Parameters
    ----------
    text, translation
        The English message and its translation. A digit may stand where one stands in English.
    """
    found = []
    try:
        wanted, given = places(text), places(translation)
    except WordingError as error:
        return [str(error)] if _is_template(text) else _wording_faults(text, translation)
    if missing := [name for name in wanted if name not in given]:
        found.append(f"the translation drops {', '.join(f'{{{name}}}' for name in missing)}")
    if extra := [name for name in given if name not in wanted]:
        found.append(f"the translation adds {', '.join(f'{{{name}}}' for name in extra)}")
    if not any(c.isdigit() for c in text) and any(c.isdigit() for c in _prose(translation)):
        found.append("the translation holds a digit; let a value bring it")
    return found + _wording_faults(text, translation)


def _wording_faults(text: str, translation: str) -> list[str]:
    """Faults of wording alone: claims of cause, and signs of the wrong width."""
    found = []
    prose = re.sub(r"`[^`]*`|\{[^}]*\}|\]\([^)]*\)", "x", translation)
    if not causal_words(text) and (words := causal_words(prose)):
        found.append(f"the translation says {', '.join(words)}, which the English does not")
    if signs := _HALF_WIDTH.findall(prose):
        found.append(
            f"signs beside Chinese letters are set in full width, without spaces: {', '.join(map(repr, signs))}"
        )
    if translation != translation.strip() or "\n" in translation:
        found.append("the translation has stray spaces")
    return found


def _is_template(text: str) -> bool:
    return bool(re.search(r"\{\w", text))


def _prose(text: str) -> str:
    """Return a template without its placeholders."""
    return re.sub(r"\{[^}]*\}", "x", text)

"""What a template may not say: digits, numbers in words, and causes that no experiment has shown."""

from __future__ import annotations

import re

from customer_patterns.wording.sentences import NOUNS, WordingError, places

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


def _prose(text: str) -> str:
    """Return a template without its placeholders."""
    return re.sub(r"\{[^}]*\}", "x", text)

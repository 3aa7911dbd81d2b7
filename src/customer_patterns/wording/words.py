"""Our own words as they stand in tables: levels, tiers, verdicts, names that were put together of such words."""

from __future__ import annotations

import re
from functools import cache

from customer_patterns.wording.catalog import SENTENCES
from customer_patterns.wording.messages import ORIGINAL, Untranslated, known
from customer_patterns.wording.voice import current_voice

#: A key that declares a word: ``segments.word_frequent``.
_WORD_KEY = re.compile(r"[a-z_]+\.word_\w+")

#: How a name that was put together of several words is taken apart, and joined again in other languages.
_JOINTS = {"zh": {", ": "、", "; ": "；", " and ": "和", " with ": "，", ": ": "："}}
_JOINT = re.compile("|".join(sorted(map(re.escape, _JOINTS["zh"]), key=len, reverse=True)))


def word(text: str) -> str:
    """Return one of our own words, as it is stored in tables, in the language of the run.

    Known are the levels that a column declares and the catalog's words (``"segments.word_frequent": "frequent"``);
    a name put together of such words with comma, semicolon, colon, "and" or "with" is said part by part. A capital
    first letter is the same word.

    Raises
    ------
    Untranslated
        If it is none of these, or has no translation.

    Examples
    --------
    >>> word("every two weeks")
    'every two weeks'
    """
    if current_voice().language == ORIGINAL:
        return text
    if (said := own_word(text)) is not None:
        return said
    parts = _JOINT.split(text)
    lacking = text if len(parts) == 1 else next(part for part in parts if _one(part) is None)
    raise Untranslated(
        f"there is no translation into {current_voice().language!r} of the word {lacking!r}: list it among the levels "
        "of its column or in the catalog as '<stage>.word_<name>', run `python -m customer_patterns messages` and "
        "translate it"
    )


def own_word(text: str) -> str | None:
    """Return the translation of one of our own words, whole or part by part; ``None`` where it is none of ours."""
    language = current_voice().language
    if language == ORIGINAL:
        return None
    if (whole := _one(text)) is not None:
        return whole
    parts, joints = _JOINT.split(text), _JOINT.findall(text)
    said = [_one(part) for part in parts]
    if len(parts) == 1 or None in said:
        return None
    joined = [_JOINTS[language][joint] for joint in joints]
    return "".join(f"{part}{joint}" for part, joint in zip(said, [*joined, ""], strict=True))


def _one(text: str) -> str | None:
    """The translation of one word; with a small first letter where there is none with a capital."""
    for form in dict.fromkeys((text, text[:1].lower() + text[1:])):
        for context in (_keys().get(form), "level"):
            if context is not None and (found := known(form, context=context)) is not None:
                return found
    return None


@cache
def _keys() -> dict[str, str]:
    """The key of each word of the catalog."""
    return {text: key for key, text in SENTENCES.items() if _WORD_KEY.fullmatch(key)}

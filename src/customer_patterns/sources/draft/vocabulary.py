"""What senders call the columns that a study needs: ``words.yaml``, in English, Chinese, German, French and Spanish."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import yaml


@cache
def words() -> dict[str, tuple[str, ...]]:
    """Return column names by what they mean."""
    content = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    return {meaning: tuple(map(str, names)) for meaning, names in content.items()}


def plain(name: str) -> str:
    """Return a column's name without what senders vary: case, width, accents, spaces, underscores, units in brackets.

    >>> plain("Order_ID"), plain("Stückzahl"), plain("金额（元）"), plain("netAmount")
    ('order id', 'stueckzahl', '金额', 'net amount')
    """
    text = unicodedata.normalize("NFKC", name).strip()
    text = re.sub(r"[(\[（【].*?[)\]）】]", "", text)
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).lower()
    text = text.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}))
    text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


@cache
def _meanings() -> dict[str, str]:
    return {plain(name): meaning for meaning, names in words().items() for name in names}


def meaning_of(name: str) -> tuple[str, bool] | None:
    """Return what a column's name means and whether that is sure; ``None`` where it says nothing.

    >>> meaning_of("订单号"), meaning_of("Kunden-Nr."), meaning_of("xyz")
    (('order_id', True), ('customer_id', True), None)
    """
    text = plain(name)
    known_names = _meanings()
    if text in known_names:
        return known_names[text], True
    # a name inside the name: the longest known one, if it is not a mere syllable
    inside = [known for known in known_names if len(known) >= (2 if not known.isascii() else 4) and _holds(text, known)]
    return (known_names[max(inside, key=lambda known: (len(known), known))], False) if inside else None


def _holds(text: str, known: str) -> bool:
    if known.isascii():
        return f" {known} " in f" {text} "
    return known in text


#: Five steps from bad to good, as survey tools word them.
_SCALES = (
    ("非常不满意", "不满意", "一般", "满意", "非常满意"),
    ("很不满意", "不太满意", "一般", "比较满意", "很满意"),
    ("非常不同意", "不同意", "中立", "同意", "非常同意"),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree"),
    ("very poor", "poor", "fair", "good", "excellent"),
    ("sehr unzufrieden", "unzufrieden", "teils teils", "zufrieden", "sehr zufrieden"),
)


def scale_of(words: tuple[str, ...]) -> dict[str, int] | None:
    """Return what words of a rating stand for, from 1 to 5, if all of them are of one known scale.

    >>> scale_of(("满意", "一般"))
    {'一般': 3, '满意': 4}
    """
    for scale in _SCALES:
        steps = {plain(word): step for step, word in enumerate(scale, 1)}
        if len(words) > 1 and all(plain(word) in steps for word in words):
            return dict(sorted(((word, steps[plain(word)]) for word in words), key=lambda pair: pair[1]))
    return None

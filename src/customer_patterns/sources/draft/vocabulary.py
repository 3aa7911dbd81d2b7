"""What senders call the columns that a study needs: ``words.yaml``, in English, Chinese, German, French and Spanish."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import yaml

#: What sellers call the stages of an opportunity.
_STAGES: dict[str, tuple[str, ...]] = {
    "lead": ("lead", "new", "prospect", "inquiry", "enquiry", "线索", "新线索", "anfrage"),
    "analysis": ("analysis", "qualified", "qualification", "discovery", "needs analysis", "需求分析", "bedarfsanalyse"),
    "quote": ("quote", "quotation", "proposal", "offer", "报价", "方案", "angebot"),
    "contract": ("contract", "negotiation", "verhandlung", "合同", "谈判", "合同谈判", "vertrag"),
    "won": ("won", "closed won", "win", "赢单", "成交", "gewonnen"),
    "lost": ("lost", "closed lost", "输单", "丢单", "verloren"),
}


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
#: Coarser words of a rating, and where they stand among five steps.
_COARSE: tuple[dict[str, int], ...] = (
    {"neutral or dissatisfied": 2, "satisfied": 4},
    {"dissatisfied": 2, "neutral or satisfied": 4},
    {"dissatisfied": 2, "neutral": 3, "satisfied": 4},
    {"low": 2, "medium": 3, "high": 4},
    {"bad": 2, "average": 3, "good": 4},
    {"差": 2, "中": 3, "好": 4},
)
#: How labels of texts say that they praise, blame or do neither, and the stars that stand for it.
_LABELS: dict[str, int] = {
    **dict.fromkeys(("negative", "neg", "bad", "unhappy", "差评", "负面", "消极", "negativ"), 1),
    **dict.fromkeys(("neutral", "neu", "mixed", "中评", "中性", "中立"), 3),
    **dict.fromkeys(("positive", "pos", "good", "happy", "好评", "正面", "积极", "positiv"), 5),
}


def scale_of(words: tuple[str, ...]) -> dict[str, int] | None:
    """Return what words of a rating stand for, from 1 to 5, if all of them are of one known scale.

    >>> scale_of(("满意", "一般"))
    {'一般': 3, '满意': 4}
    """
    for scale in _SCALES:
        steps = {plain(word): step for step, word in enumerate(scale, 1)}
        if len(words) > 1 and all(plain(word) in steps for word in words):
            return dict(sorted(((word, steps[plain(word)]) for word in words), key=lambda pair: pair[1]))
    for steps in _COARSE:
        if len(words) > 1 and {plain(word) for word in words} <= set(steps):
            return dict(sorted(((word, steps[plain(word)]) for word in words), key=lambda pair: pair[1]))
    return None


def stars_of(words: tuple[str, ...]) -> dict[str, str] | None:
    """Return the stars, 1 to 5, that labels or a longer scale stand for; ``None`` where they are stars or say nothing.

    >>> stars_of(("1", "0")), stars_of(("positive", "negative"))
    ({'0': '1', '1': '5'}, {'negative': '1', 'positive': '5'})
    >>> stars_of(("9", "10", "2", "7")), stars_of(("4", "5"))
    ({'2': '1', '7': '4', '9': '5', '10': '5'}, None)
    """
    if len(words) > 1 and all(plain(word) in _LABELS for word in words):
        return {word: str(_LABELS[plain(word)]) for word in sorted(words, key=lambda word: _LABELS[plain(word)])}
    if not all(re.fullmatch(r"-?\d{1,2}", word) for word in words):
        return None
    numbers = sorted({int(word) for word in words})
    if numbers in ([0, 1], [-1, 1], [-1, 0, 1]):
        of = {numbers[0]: 1, 0: 3 if numbers[0] else 1, 1: 5}
        return {str(number): str(of[number]) for number in numbers}
    if numbers and numbers[0] >= 0 and 6 <= numbers[-1] <= 10:
        return {str(number): str(max(1, -(-number // 2))) for number in numbers}
    return None


def stages_of(words: tuple[str, ...]) -> dict[str, str]:
    """Return which stage of an opportunity each word stands for; words that say nothing are not among them.

    >>> stages_of(("Closed Won", "Proposal", "lead", "paused"))
    {'Closed Won': 'won', 'Proposal': 'quote'}
    """
    known = {plain(name): stage for stage, names in _STAGES.items() for name in names}
    told = {word: known[plain(word)] for word in sorted(words) if plain(word) in known}
    return {word: stage for word, stage in told.items() if word != stage}

"""What customers write: short texts composed by topic and mood from phrases, with stars that go with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from customer_patterns.sources.companion import phrases_en, phrases_zh
from customer_patterns.sources.companion.contentment import DIGITS
from customer_patterns.sources.companion.plan import Plan

PHRASES = {"en": phrases_en, "zh": phrases_zh}
TOPICS = tuple(phrases_en.STATEMENTS)
KINDS = ("plain", "short", "ironic", "off topic")
_KIND_SHARES = (0.85, 0.08, 0.03, 0.04)
_CHANNELS = {"review": 0.40, "e-mail": 0.25, "app": 0.25, "comment card": 0.10}
_STAR_CUTS = (-1.35, -0.85, -0.30, 0.35)
#: How often a topic comes up when someone praises, and when someone complains.
_PRAISED = (0.24, 0.14, 0.22, 0.08, 0.16, 0.10, 0.06)
_BLAMED = (0.20, 0.18, 0.14, 0.18, 0.10, 0.12, 0.08)
_EMOJI, _PHONE, _NO_LANGUAGE = 0.14, 0.008, 0.01


@dataclass(frozen=True)
class Feedback:
    """Texts, and what each is about.

    Attributes
    ----------
    texts
        The canonical table ``feedback`` without any flaw.
    truth
        One row per text: ``feedback_id``, ``language``, ``kind``, ``praised`` and ``blamed`` (topics, by semicolon).
    """

    texts: pd.DataFrame
    truth: pd.DataFrame


def draw_feedback(plan: Plan, customers: pd.DataFrame, content: np.ndarray) -> Feedback:
    """Draw the texts of all customers.

    Parameters
    ----------
    plan
        The parameters.
    customers
        One row per customer: ``customer_id``, ``first_day``.
    content
        How content each of them is in general; who is very content or not at all writes more.
    """
    rng = plan.rng(8)
    span = (plan.until - plan.first_day).days
    active = np.maximum(span - customers["first_day"].to_numpy(), 1)
    zeal = 0.6 + 0.4 * content**2
    row = np.repeat(np.arange(len(customers)), rng.poisson(np.round(plan.texts * zeal * active / 365, 6)))
    size = len(row)
    day = customers["first_day"].to_numpy()[row] + (rng.random(size) * active[row]).astype("int64")
    second = np.clip(np.round(rng.normal(17.5, 4.0, size), DIGITS), 5, 23.9) * 3600
    language = np.where(rng.random(len(customers))[row] < plan.chinese, "zh", "en").astype(object)
    mood = np.round(0.6 * content[row] + 0.8 * rng.normal(size=size), DIGITS)
    stars = 1 + np.searchsorted(np.array(_STAR_CUTS), mood)
    kind = rng.choice(np.array(KINDS, dtype=object), size=size, p=_KIND_SHARES)
    ironic = kind == "ironic"
    stars[ironic] = 1 + (stars[ironic] > 3)
    composed = [
        _compose(rng, PHRASES[speech], sort, int(star))
        for speech, sort, star in zip(language, kind, stars, strict=True)
    ]
    written = plan.moments(day, second.astype("int64"))
    table = pd.DataFrame(
        {
            "customer_id": customers["customer_id"].to_numpy(dtype=object)[row],
            "written_at": written,
            "channel": rng.choice(np.array(list(_CHANNELS), dtype=object), size=size, p=list(_CHANNELS.values())),
            "language": pd.Series(language).where(rng.random(size) >= _NO_LANGUAGE),
            "rating": pd.Series(stars).astype("Int64").where(rng.random(size) >= 0.12),
            "text": [text for text, _, _ in composed],
            "spoken": language,
            "kind": kind,
            "praised": [";".join(praised) for _, praised, _ in composed],
            "blamed": [";".join(blamed) for _, _, blamed in composed],
        }
    ).sort_values(["written_at", "customer_id", "text"], ignore_index=True)
    table.insert(0, "feedback_id", [f"F{number:06d}" for number in range(1, size + 1)])
    truth = table[["feedback_id", "spoken", "kind", "praised", "blamed"]].rename(columns={"spoken": "language"})
    return Feedback(table.drop(columns=["spoken", "kind", "praised", "blamed"]), truth)


def _compose(rng: np.random.Generator, bank: object, kind: str, stars: int) -> tuple[str, list[str], list[str]]:
    """Write one text; return it with the topics it praises and blames."""
    mood = "good" if stars >= 4 else "bad" if stars <= 2 else "even"
    if kind == "short":
        return _finish(rng, bank, _pick(rng, bank.SHORT[mood]), mood), [], []
    if kind == "off topic":
        return _pick(rng, bank.OFF_TOPIC), [], []
    if kind == "ironic":
        topic, text = _pick(rng, bank.IRONIC)
        return text, [], [topic]
    good, bad = _how_many(rng, stars)
    praised = _topics(rng, _PRAISED, good, taken=[])
    blamed = _topics(rng, _BLAMED, bad, taken=praised)
    praise = [_say(rng, bank, topic, "good") for topic in praised]
    blame = [_say(rng, bank, topic, "bad") for topic in blamed]
    first, second = (praise, blame) if stars >= 3 else (blame, praise)
    text = bank.join(first)
    if second:
        turned = bank.join(second)
        text = bank.turn(text, _pick(rng, bank.TURNS), turned)
    if rng.random() < 0.30:
        text = bank.after(_pick(rng, bank.OPENERS), text)
    if rng.random() < 0.35:
        text = bank.after(text, _pick(rng, bank.CLOSERS[mood]))
    return _finish(rng, bank, text, mood), praised, blamed


def _how_many(rng: np.random.Generator, stars: int) -> tuple[int, int]:
    """How many topics are praised and blamed with so many stars."""
    more, other = int(rng.random() < 0.35), int(rng.random() < 0.25)
    return {5: (1 + more, 0), 4: (1 + more, other), 3: (1, 1), 2: (other, 1 + more), 1: (0, 1 + more)}[stars]


def _topics(rng: np.random.Generator, chance: tuple[float, ...], count: int, *, taken: list[str]) -> list[str]:
    weights = np.array([0.0 if topic in taken else weight for topic, weight in zip(TOPICS, chance, strict=True)])
    return [TOPICS[n] for n in rng.choice(len(TOPICS), size=count, replace=False, p=weights / weights.sum())]


def _say(rng: np.random.Generator, bank: object, topic: str, mood: str) -> str:
    """One statement, its blanks filled."""
    text = _pick(rng, bank.STATEMENTS[topic][mood])
    while "{" in text:
        name = text[text.index("{") + 1 : text.index("}")]
        text = text.replace("{" + name + "}", _pick(rng, bank.BLANKS[name]), 1)
    return text


def _finish(rng: np.random.Generator, bank: object, text: str, mood: str) -> str:
    """Put an emoji or, rarely, a telephone number (invented, of a block no one can be called at) at the end."""
    if rng.random() < _EMOJI:
        text = f"{text} {_pick(rng, bank.EMOJI[mood])}"
    if rng.random() < _PHONE:
        text = bank.after(text, _pick(rng, bank.CALL_ME).replace("#", f"{rng.integers(100, 200):04d}"))
    return text


def _pick(rng: np.random.Generator, listed: tuple) -> object:
    return listed[int(rng.integers(len(listed)))]

"""Calls to the service: what was said and how it sounded. The canonical table ``calls``.

Each call is a contact by telephone that someone answered. How content the caller is shows in the voice and in the
words; some agents talk more than others.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.companion import call_phrases_en, call_phrases_zh
from customer_patterns.sources.companion.contacts import AGENTS
from customer_patterns.sources.companion.contentment import DIGITS
from customer_patterns.sources.companion.draws import Lot, keys_of
from customer_patterns.sources.companion.plan import Plan

BANKS = {"en": call_phrases_en, "zh": call_phrases_zh}
MOODS = ("bad", "even", "good")
#: How the caller's mood is drawn: so much is contentment in general; the cuts make three moods.
MOOD_BY_CONTENTMENT = 0.6
_MOOD_CUTS = (-0.5, 0.5)
#: One agent talks more than the others, and one solves more.
TALKING_AGENT, TALKS_MORE = "A03", 0.14
SOLVING_AGENT, SOLVES_MORE = "A11", 0.20
SOLVED = 0.62
#: The agent's share of the talk, silence as a share of the call, and the variation of the caller's pitch in semitones:
#: mean with a caller of even mood, and what a bad mood adds and a good one takes.
TALK_SHARE, TALK_SPREAD = 0.52, 0.07
SILENCE_SHARE, SILENCE_BY_BAD_MOOD = 0.12, 0.04
PITCH_VARIATION, PITCH_BY_BAD_MOOD, PITCH_SPREAD = 2.6, 0.7, 0.5
#: Seconds: the median, times so much with a bad mood and with a matter that is not solved.
SECONDS, LONGER_WITH_BAD_MOOD, LONGER_NOT_SOLVED = 190.0, 1.25, 1.2
_SECONDS_SPREAD = 0.45
#: Share of calls without a transcript, without a recording to measure, and of customers who speak Chinese.
NOT_TRANSCRIBED, NOT_MEASURED = 0.03, 0.02
_CALLS_BACK = 0.03
#: Share of calls whose record is delivered twice.
TWICE = 0.003


def draw_calls(
    plan: Plan, contacts: pd.DataFrame, customers: pd.DataFrame, content: np.ndarray, spoken: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Draw the calls behind the contacts by telephone.

    Parameters
    ----------
    plan
        The parameters.
    contacts
        The flawless contacts.
    customers, content
        One row per customer (``customer_id``), and how content each of them is in general.
    spoken
        One row per text that was written: ``customer_id``, ``language``. Who writes Chinese speaks it, too.

    Returns
    -------
    calls
        The canonical table, by moment; a few records twice.
    truth
        One row per call: ``call_id``, ``mood``, ``solved``, ``language``.
    int
        How many records are there twice.
    """
    answered = contacts["channel"].eq("phone") & contacts["first_response_at"].notna()
    rows = contacts[answered].sort_values(["first_response_at", "contact_id"], ignore_index=True)
    lot, keys = Lot(plan.seed, "calls"), keys_of(rows["contact_id"])
    theta = pd.Series(content, index=customers["customer_id"].to_numpy()).reindex(rows["customer_id"]).to_numpy()
    drawn = MOOD_BY_CONTENTMENT * theta + np.sqrt(1 - MOOD_BY_CONTENTMENT**2) * lot.normal(keys, "mood")
    mood = np.searchsorted(np.array(_MOOD_CUTS), np.round(drawn, DIGITS))
    bad = 1 - mood.astype("float64")
    agent = rows["agent_id"].to_numpy(dtype=object)
    solved = lot.happens(keys, "solved", SOLVED + SOLVES_MORE * (agent == SOLVING_AGENT))
    written = spoken.drop_duplicates("customer_id").set_index("customer_id")["language"]
    by_chance = np.where(lot.happens(keys_of(rows["customer_id"]), "language", plan.chinese), "zh", "en")
    language = rows["customer_id"].map(written).fillna(pd.Series(by_chance)).to_numpy(dtype=object)
    talks = TALK_SHARE + TALKS_MORE * (agent == TALKING_AGENT) + TALK_SPREAD * lot.normal(keys, "talk")
    silence = SILENCE_SHARE + SILENCE_BY_BAD_MOOD * bad + 0.04 * lot.normal(keys, "silence")
    pitch = PITCH_VARIATION + PITCH_BY_BAD_MOOD * bad + PITCH_SPREAD * lot.normal(keys, "pitch")
    median = SECONDS * LONGER_WITH_BAD_MOOD ** (mood == 0) * np.where(solved, 1.0, LONGER_NOT_SOLVED)
    seconds = np.round(lot.lognormal(keys, "seconds", median=median, spread=_SECONDS_SPREAD), 0)
    measured = ~lot.happens(keys, "not measured", NOT_MEASURED)
    spoke = ~lot.happens(keys, "not transcribed", NOT_TRANSCRIBED)
    texts = [
        _compose(_Turns(lot, keys[row]), BANKS[language[row]], rows["topic"].iloc[row], MOODS[mood[row]],
                 solved=bool(solved[row]), talks=agent[row] == TALKING_AGENT)
        for row in range(len(rows))
    ]  # fmt: skip
    table = pd.DataFrame(
        {
            "call_id": [f"C{number:06d}" for number in range(1, len(rows) + 1)],
            "contact_id": rows["contact_id"].to_numpy(dtype=object),
            "customer_id": rows["customer_id"].to_numpy(dtype=object),
            "agent_id": agent,
            "started_at": rows["first_response_at"].to_numpy(),
            "duration_seconds": np.maximum(seconds, 15.0),
            "talk_share": pd.Series(np.round(np.clip(talks, 0.05, 0.95), 3)).where(measured),
            "silence_share": pd.Series(np.round(np.clip(silence, 0.0, 0.6), 3)).where(measured),
            "pitch_variation": pd.Series(np.round(np.clip(pitch, 0.3, 9.0), 2)).where(measured),
            "language": language,
            "transcript": pd.Series(texts, dtype=object).where(spoke, None),
        }
    )
    truth = table[["call_id", "language"]].assign(mood=np.array(MOODS, dtype=object)[mood], solved=solved)
    twice = lot.happens(keys, "twice", TWICE)
    whole = table.loc[np.repeat(table.index.to_numpy(), 1 + twice)].reset_index(drop=True)
    return whole, truth, int(twice.sum())


class _Turns:
    """Chance for the turns of one call, one after the other."""

    def __init__(self, lot: Lot, key: np.uint64) -> None:
        self._drawn = lot.uniform(key + np.arange(24, dtype="uint64") * np.uint64(3), "turns").tolist()

    def chance(self) -> float:
        return self._drawn.pop()

    def pick(self, listed: tuple[str, ...]) -> str:
        return listed[int(self._drawn.pop() * len(listed))]


def _compose(turns: _Turns, bank: object, topic: str, mood: str, *, solved: bool, talks: bool) -> str:
    """Write what was said, a line per turn."""
    said = [
        ("agent", turns.pick(bank.GREETINGS)),
        ("customer", turns.pick(bank.REASONS[topic])),
        ("agent", turns.pick(bank.QUESTIONS)),
        ("customer", turns.pick(bank.DETAILS)),
    ]
    if talks or turns.chance() < 0.15:
        said.append(("agent", turns.pick(bank.LONG_TALK)))
    said.append(("customer", turns.pick(bank.MOODS[mood])))
    if talks:
        said.append(("agent", turns.pick(bank.LONG_TALK)))
    said.append(("agent", turns.pick(bank.SOLVED if solved else bank.NOT_SOLVED)))
    if turns.chance() < _CALLS_BACK:  # a number of a block no one can be called at
        said.append(("customer", bank.CALL_BACK.replace("#", f"{100 + int(turns.chance() * 100):04d}")))
    said.append(("customer", turns.pick(bank.THANKS if solved and mood != "bad" else bank.NO_THANKS)))
    said.append(("agent", turns.pick(bank.GOODBYES)))
    return "\n".join(f"{bank.SPEAKERS[who]}: {text}" for who, text in said)


def calls_truth(truth: pd.DataFrame) -> dict[str, object]:
    """Say what is planted about calls, and what came of it."""
    return {
        "agents": len(AGENTS),
        "talking_agent": TALKING_AGENT,
        "talks_more_by_share": TALKS_MORE,
        "solving_agent": SOLVING_AGENT,
        "solves_more_by_share": SOLVES_MORE,
        "solved": SOLVED,
        "mood_by_contentment": MOOD_BY_CONTENTMENT,
        "agent_talk_share": TALK_SHARE,
        "silence_share_by_bad_mood": SILENCE_BY_BAD_MOOD,
        "pitch_variation_by_bad_mood": PITCH_BY_BAD_MOOD,
        "duration_factor_by_bad_mood": LONGER_WITH_BAD_MOOD,
        "duration_factor_not_solved": LONGER_NOT_SOLVED,
        "without_effect": ["language on duration", "talk share on rating", "agent on mood"],
        "moods": truth["mood"].value_counts().sort_index().to_dict(),
    }

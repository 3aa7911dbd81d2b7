"""Calls behind the contacts by telephone: who talked how long and how, what was said, and what each agent adds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Made
from customer_patterns.sources.planted_shop.plan import Truth

#: What an agent adds: to the share of the time that the agent talks, and to the logarithm of the duration.
AGENTS: dict[str, tuple[float, float]] = {
    "A01": (0.00, 0.0),
    "A02": (0.12, 0.0),
    "A03": (0.00, 0.0),
    "A04": (-0.08, 0.0),
    "A05": (0.00, 0.4),
    "A06": (0.00, 0.0),
    "A07": (0.06, 0.0),
    "A08": (0.00, 0.0),
    "A09": (-0.06, -0.3),
    "A10": (0.00, 0.0),
    "A11": (0.00, 0.0),
    "A12": (0.00, 0.0),
}
TALK, TALK_SPREAD = 0.50, 0.07
DURATION, DURATION_SPREAD = 240.0, 0.5
SILENCE, SILENCE_SPREAD = 0.15, 0.05
#: Variation of the pitch, and what each star of the rating of the contact goes with (calls that were rated).
PITCH, PITCH_PER_STAR, PITCH_SPREAD = 0.22, 0.020, 0.04
_CHINESE, _NUMBER = 0.25, 0.05

_OPENING = {"en": "Agent: Good day, how can I help?", "zh": "客服：您好，请问有什么可以帮您？"}
_MATTER = {
    "en": {
        "product quality": "Customer: The {thing} was not fresh.",
        "price and receipt": "Customer: The price on my receipt is wrong.",
        "coupons and card": "Customer: My coupon was not accepted.",
        "availability": "Customer: The {thing} was sold out again.",
        "staff": "Customer: Nobody at the counter had time.",
        "store": "Customer: The store was very crowded.",
        "other": "Customer: I have a question.",
    },
    "zh": {
        "product quality": "客户：{thing}不新鲜。",
        "price and receipt": "客户：小票上的价格不对。",
        "coupons and card": "客户：我的优惠券不能用。",
        "availability": "客户：{thing}又卖完了。",
        "staff": "客户：柜台没有人理我。",
        "store": "客户：店里太挤了。",
        "other": "客户：我想问一下。",
    },
}
_THINGS = {"en": ("milk", "bread", "salad", "chicken"), "zh": ("牛奶", "面包", "沙拉", "鸡肉")}
_CLOSING = {
    "en": ("Customer: That is not good enough.", "Customer: All right.", "Customer: Thank you, you were very kind."),
    "zh": ("客户：这样不行。", "客户：好吧。", "客户：谢谢，您太好了。"),
}
_CALL_BACK = {"en": "Customer: Call me back at 555-{number:04d}.", "zh": "客户：请回电 555-{number:04d}。"}


def draw_calls(truth: Truth, contacts: pd.DataFrame) -> Made:
    """Draw the calls to a service's contacts by telephone.

    Parameters
    ----------
    truth
        The plan.
    contacts
        The canonical table as delivered; a contact that comes twice is taken once.

    Returns
    -------
    Made
        ``calls`` by ``call_id``.
    """
    rng = truth.plan.rng("calls")
    answered = contacts[(contacts["channel"] == "phone") & contacts["first_response_at"].notna()]
    asked = answered.drop_duplicates("contact_id").sort_values("contact_id", ignore_index=True)
    size = len(asked)
    agent = asked["agent_id"].fillna("A01").to_numpy(dtype=object)
    talk_shift = np.array([AGENTS.get(one, (0.0, 0.0))[0] for one in agent])
    length = np.array([AGENTS.get(one, (0.0, 0.0))[1] for one in agent])
    stars = asked["csat"].astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    stars = np.where((stars >= 1) & (stars <= 5), stars, 3.0)
    language = np.where(rng.random(size) < _CHINESE, "zh", "en").astype(object)
    talk = np.clip(TALK + talk_shift + TALK_SPREAD * rng.normal(size=size), 0.02, 0.98)
    silence = np.clip(SILENCE + SILENCE_SPREAD * rng.normal(size=size), 0.0, 0.9)
    pitch = PITCH + PITCH_PER_STAR * (stars - 3) + PITCH_SPREAD * rng.normal(size=size)
    table = pd.DataFrame(
        {
            "call_id": [f"T{number:06d}" for number in range(1, size + 1)],
            "contact_id": asked["contact_id"].to_numpy(dtype=object),
            "customer_id": asked["customer_id"].to_numpy(dtype=object),
            "agent_id": agent,
            "started_at": asked["first_response_at"].to_numpy(dtype="datetime64[us]"),
            "duration_seconds": (DURATION * np.exp(length + DURATION_SPREAD * rng.normal(size=size))).round(1),
            "talk_share": talk.round(4),
            "silence_share": silence.round(4),
            "pitch_variation": np.maximum(pitch, 0.01).round(4),
            "language": language,
            "transcript": [
                _transcript(rng, speech, topic, int(star))
                for speech, topic, star in zip(language, asked["topic"], stars, strict=True)
            ],
        }
    )
    return Made({"calls": table}, {}, {})


def calls_truth() -> dict[str, object]:
    """Say what each agent adds and what goes with a better rating."""
    return {
        "talk_share_by_agent": {agent: talk for agent, (talk, _) in AGENTS.items()},
        "log_duration_by_agent": {agent: duration for agent, (_, duration) in AGENTS.items()},
        "pitch_variation_per_star": PITCH_PER_STAR,
        "silence_share": "goes with nothing",
        "spreads": {"talk_share": TALK_SPREAD, "log_duration": DURATION_SPREAD, "pitch_variation": PITCH_SPREAD},
        "estimand": "mean of an agent less the mean of the agents with 0; slope on the stars among rated contacts",
    }


def _transcript(rng: np.random.Generator, language: str, topic: object, stars: int) -> str:
    """What was said, short."""
    matters = _MATTER[language]
    said = matters.get(topic if isinstance(topic, str) else "other", matters["other"])
    things = _THINGS[language]
    lines = [_OPENING[language], said.format(thing=things[int(rng.integers(len(things)))])]
    if rng.random() < _NUMBER:
        lines.append(_CALL_BACK[language].format(number=int(rng.integers(100, 200))))
    lines.append(_CLOSING[language][0 if stars <= 2 else 1 if stars == 3 else 2])
    return "\n".join(lines)

"""Posts, interviews and notes beside the reviews, coded by two people whose agreement is known; and answer sheets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Made, drawn_seconds, pick
from customer_patterns.sources.planted_shop.plan import Truth
from customer_patterns.sources.planted_shop.visits import delivered_days, moments

#: Where the texts come from.
SOURCES = {
    "post": 0.30,
    "comment": 0.25,
    "interview": 0.10,
    "focus_group": 0.08,
    "observation": 0.07,
    "mystery_shopper": 0.05,
    "co_creation": 0.05,
    "note": 0.10,
}
#: Codes with their kind and how often each is the true one.
CODES: dict[str, tuple[str, float]] = {
    "saves time": ("motivation", 0.24),
    "saves money": ("motivation", 0.20),
    "too crowded": ("opinion", 0.16),
    "fresh goods": ("opinion", 0.16),
    "trusts the shop": ("attitude", 0.14),
    "delivery": ("theme", 0.10),
}
_SAID: dict[str, tuple[str, ...]] = {
    "saves time": ("I am in and out in no time.", "One trip and everything is done.", "半小时就买完了。"),
    "saves money": ("Nowhere else is my receipt so short.", "I only come for the offers.", "这里最便宜。"),
    "too crowded": ("On Saturdays one cannot move.", "The aisles are full of carts.", "周末人太多了。"),
    "fresh goods": ("The salad keeps for days.", "Vegetables look as if just picked.", "蔬菜很新鲜。"),
    "trusts the shop": (
        "They take things back without a word.",
        "I never check the receipt here.",
        "我一直相信这家店。",
    ),
    "delivery": ("The boxes came an hour early.", "The driver carried it up the stairs.", "送货很快。"),
}
CODERS = ("coder 1", "coder 2")
#: Texts per customer, and at most; share of the texts that only the first coder has read.
_TEXTS_PER_CUSTOMER, _MOST_TEXTS, _READ_ONCE = 0.6, 5_000, 0.10
_WITHOUT_CUSTOMER = 0.4

#: Answer sheets: median seconds; share filled in by clicking through.
SHEET_SECONDS, SHEET_SPREAD, SPEEDERS = 260.0, 0.35, 0.04


def draw_listening(truth: Truth) -> Made:
    """Draw texts and their codes.

    Returns
    -------
    Made
        ``feedback`` by ``feedback_id``, ``feedback_codes`` by text and coder; the truth ``feedback_codes`` has the true
        code of each text.
    """
    rng = truth.plan.rng("listening")
    people = truth.customers["customer_id"].to_numpy(dtype=object)
    size = min(round(_TEXTS_PER_CUSTOMER * len(people)), _MOST_TEXTS)
    source = pick(rng, SOURCES, size)
    code = pick(rng, {name: share for name, (_, share) in CODES.items()}, size)
    which = rng.integers(0, 3, size)
    day = rng.integers(0, delivered_days(truth), size)
    written = np.sort(moments(truth, day, drawn_seconds(rng, size)))
    social = np.isin(source, ["post", "comment"])
    who = people[rng.integers(0, len(people), size)]
    ids = np.array([f"X{number:06d}" for number in range(1, size + 1)], dtype=object)
    earlier = ids[(rng.random(size) * np.arange(size)).astype("int64")] if size else ids
    table = pd.DataFrame(
        {
            "feedback_id": ids,
            "customer_id": np.where(rng.random(size) < _WITHOUT_CUSTOMER, None, who),
            "written_at": written,
            "channel": np.where(social, "social media", "conversation").astype(object),
            "language": np.where(which == 2, "zh", "en").astype(object),
            "text": [_SAID[one][number] for one, number in zip(code, which, strict=True)],
            "source_type": source,
            "author_key": [
                f"@planted{number}" if yes else None
                for number, yes in zip(rng.integers(0, 999, size), social, strict=True)
            ],
            "reply_to": np.where((source == "comment") & (np.arange(size) > 0), earlier, None),
            "likes": pd.Series(rng.negative_binomial(1, 0.15, size)).where(social).astype("Int64"),
            "shares": pd.Series(rng.negative_binomial(1, 0.5, size)).where(social).astype("Int64"),
        }
    )
    codes = _code(truth, table, code)
    known = pd.DataFrame({"feedback_id": ids, "code": code})
    return Made({"feedback": table, "feedback_codes": codes}, {"feedback_codes": known}, {})


def listening_truth(truth: Truth) -> dict[str, object]:
    """Say how well the coders agree: the expected share of agreement, and the kappa (Cohen 1960) that follows."""
    right = truth.plan.coder_agreement
    share = np.array([one for _, one in CODES.values()])
    # A coder who errs names any other code with the same chance: both right, or both wrong in the same way.
    wrong = (1 - right) / (len(share) - 1)
    agreed = right**2 + (len(share) - 1) * wrong**2
    named = share * right + (1 - share) * wrong
    by_chance = float(named @ named)
    return {
        "each_coder_right": right,
        "expected_agreement": round(float(agreed), 6),
        "expected_kappa": round((float(agreed) - by_chance) / (1 - by_chance), 6),
        "estimand": "Cohen's kappa of the two coders over texts that both have read",
    }


def draw_sheets(truth: Truth, responses: pd.DataFrame, languages: pd.Series) -> Made:
    """Draw when and on what each answer sheet was filled in; a few were clicked through.

    Parameters
    ----------
    truth
        The plan.
    responses
        The canonical table as delivered.
    languages
        In which language each customer answers, by ``customer_id``. Of sheets without one it is not known.

    Returns
    -------
    Made
        ``survey_sheets`` by wave and customer; the truth ``sheets`` says who clicked through.
    """
    rng = truth.plan.rng("sheets")
    sheets = responses.groupby(["wave", "customer_id"], sort=True)["answered_at"].max().reset_index()
    size = len(sheets)
    speeding = rng.random(size) < SPEEDERS
    seconds = SHEET_SECONDS * np.exp(SHEET_SPREAD * rng.normal(size=size))
    seconds = np.where(speeding, rng.uniform(15, 45, size), np.maximum(seconds, 90)).round()
    submitted = sheets["answered_at"].to_numpy(dtype="datetime64[s]")
    started = submitted - seconds.astype("int64") * np.timedelta64(1, "s")
    table = pd.DataFrame(
        {
            "wave": sheets["wave"],
            "customer_id": sheets["customer_id"],
            "started_at": pd.Series(started).where(rng.random(size) >= 0.05),
            "submitted_at": submitted,
            "device": pick(rng, {"telephone": 0.6, "computer": 0.4}, size),
            "language": sheets["customer_id"].map(languages).astype(object).where(lambda one: one.notna(), None),
            "duration_seconds": seconds,
        }
    )
    known = sheets[["wave", "customer_id"]].assign(clicked_through=speeding)
    return Made({"survey_sheets": table}, {"sheets": known}, {"sheets clicked through": int(speeding.sum())})


def _code(truth: Truth, texts: pd.DataFrame, code: np.ndarray) -> pd.DataFrame:
    """Let two coders read the texts, apart from each other."""
    rng = truth.plan.rng("codes")
    names = np.array(list(CODES), dtype=object)
    place = np.array([list(CODES).index(one) for one in code], dtype="int64")
    frames = []
    for number, coder in enumerate(CODERS):
        right = rng.random(len(texts)) < truth.plan.coder_agreement
        other = (place + rng.integers(1, len(names), len(texts))) % len(names)
        read = np.full(len(texts), True) if number == 0 else rng.random(len(texts)) >= _READ_ONCE
        chosen = names[np.where(right, place, other)]
        later = rng.integers(1, 10, len(texts)) * np.timedelta64(1, "D")
        frame = pd.DataFrame(
            {
                "feedback_id": texts["feedback_id"],
                "coder": coder,
                "kind": [CODES[one][0] for one in chosen],
                "code": chosen,
                "coded_at": texts["written_at"].to_numpy() + later,
            }
        )
        frames.append(frame[read])
    return pd.concat(frames, ignore_index=True)

"""What everyone would answer, who is silent, and what is therefore delivered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, ndtri

from customer_patterns.sources.companion.contentment import DIGITS
from customer_patterns.sources.companion.instrument import ITEMS, Item
from customer_patterns.sources.companion.plan import DIMENSIONS, WEIGHTS, ZERO_DIFFERENCE, Plan, Translation

#: Latent value up to which an answer of 1, 2, 3, 4 is given to an item that is worded positively.
THRESHOLDS = (-1.75, -1.05, -0.25, 0.75)
#: How much better or worse than that a dimension is on average.
LEVELS = {"quality": 0.15, "price": -0.25, "service_attitude": 0.10, "response_speed": -0.10, "store_experience": 0.20}
#: Share of all customers who would give 0, 1, … 10 to the question whether they recommend.
RECOMMENDATION_SHARES = (0.015, 0.010, 0.015, 0.020, 0.030, 0.080, 0.080, 0.140, 0.200, 0.190, 0.220)
#: What straight-liners answer, and how often.
_STRAIGHT = {3: 0.4, 4: 0.4, 5: 0.2}
_CHANNELS = {"e-mail": 0.70, "app": 0.20, "receipt": 0.10}


@dataclass(frozen=True)
class Survey:
    """A survey's truth and its flawless records.

    Attributes
    ----------
    households
        One row per wave and invited customer: the columns of contentment, ``chance`` to answer, ``chance_by_behavior``
        (the same as far as past spend tells), ``answered``, ``straight_liner``; ``language`` where there are two.
    would_answer
        Beside them, one column per item: what each would answer, styles of answering included, straight lines not.
    invitations, responses
        The canonical tables, without any flaw.
    """

    households: pd.DataFrame
    would_answer: pd.DataFrame
    invitations: pd.DataFrame
    responses: pd.DataFrame


def draw_survey(plan: Plan, content: pd.DataFrame, customers: pd.DataFrame) -> Survey:
    """Draw what everyone would answer, who answers, and the records of it.

    Parameters
    ----------
    plan
        The parameters.
    content
        One row per wave and invited customer, as
        :func:`~customer_patterns.sources.companion.contentment.plant_contentment` returns it.
    customers
        One row per customer: ``customer_id``.
    """
    content = content.reset_index(drop=True)
    place = {customer: row for row, customer in enumerate(customers["customer_id"])}
    row = content["customer_id"].map(place).to_numpy(dtype="int64")
    if plan.translation is not None:
        content = content.assign(language=_languages(plan, plan.translation, len(customers))[row])
    would = _would_answer(plan, content, row, len(customers))
    households = _silence(plan, content, row, len(customers))
    rng = plan.rng(4)
    households["straight_liner"] = households["answered"] & (rng.random(len(households)) < plan.straight_liners)
    invitations = _invitations(plan, households)
    return Survey(households, would, invitations, _responses(plan, households, would, invitations))


def dimension_parts(plan: Plan, content: pd.DataFrame, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw how content everyone is with each dimension: contentment shines on all of them (halo), the rest is own."""
    own = np.sqrt(1 - plan.halo**2)
    return {
        name: plan.halo * content["core" if name == ZERO_DIFFERENCE else "theta"].to_numpy()
        + own * rng.normal(size=len(content))
        for name in DIMENSIONS
    }


def _would_answer(plan: Plan, content: pd.DataFrame, row: np.ndarray, customers: int) -> pd.DataFrame:
    rng = plan.rng(2)
    size = len(content)
    parts = dimension_parts(plan, content, rng)
    agrees = (plan.acquiescence * rng.normal(size=customers))[row]
    weighted = sum(weight * parts[name] for name, weight in WEIGHTS.items()) / _spread_of_weighted(plan)
    overall = np.sqrt(plan.overall_fit) * weighted + np.sqrt(1 - plan.overall_fit) * rng.normal(size=size)
    answers = {}
    for item in ITEMS:
        noise = rng.normal(size=size)
        if item.role == "dimension":
            value = plan.loading * parts[item.dimension] + np.sqrt(1 - plan.loading**2) * noise
            value = value + LEVELS[item.dimension]
            if item.item_id == plan.invariance.item:
                value = value + plan.invariance.shift * (content["wave"] == plan.invariance.wave).to_numpy()
            if plan.translation is not None and item.item_id == plan.translation.item:
                other = (content["language"] == plan.translation.languages[1]).to_numpy()
                value = value + plan.translation.shift * other
            value = (-value if item.direction == "reversed" else value) + agrees
        elif item.role == "overall":
            value = overall
        else:
            fit = plan.recommendation_fit
            value = np.sqrt(fit) * overall + np.sqrt(1 - fit) * noise
        answers[item.item_id] = _answer(item, np.round(value, DIGITS))
    return pd.DataFrame(answers, index=content.index)


def _languages(plan: Plan, translation: Translation, customers: int) -> np.ndarray:
    """In which language each customer answers, in all waves: nothing that is bought or thought goes with it."""
    other = plan.rng(10).random(customers) < translation.share
    return np.where(other, translation.languages[1], translation.languages[0]).astype(object)


def _answer(item: Item, value: np.ndarray) -> np.ndarray:
    """Cut a latent value into the answers of an item's scale."""
    if item.role == "recommendation":
        cuts = np.round(ndtri(np.cumsum(RECOMMENDATION_SHARES)[:-1]), DIGITS)
    elif item.direction == "reversed":
        cuts = -np.array(THRESHOLDS)[::-1]
    else:
        cuts = np.array(THRESHOLDS)
    return item.low + np.searchsorted(cuts, value, side="left")


def _spread_of_weighted(plan: Plan) -> float:
    """Standard deviation of the weighted sum of the dimensions."""
    weights = np.array(list(WEIGHTS.values()))
    return float(np.sqrt(weights @ dimension_covariance(plan) @ weights))


def dimension_covariance(plan: Plan) -> np.ndarray:
    """Return the planted covariance of the dimensions, in the order of ``DIMENSIONS``."""
    # The dimension without a difference by spend shares only contentment's own part with the others.
    shared = np.array([np.sqrt(1 - plan.past**2) if name == ZERO_DIFFERENCE else 1.0 for name in DIMENSIONS])
    covariance = plan.halo**2 * np.outer(shared, shared)
    np.fill_diagonal(covariance, 1.0)
    return covariance


def _silence(plan: Plan, content: pd.DataFrame, row: np.ndarray, customers: int) -> pd.DataFrame:
    """Draw who answers: likelier who bought more (weights can see it) and who is content (nothing can see it)."""
    rng = plan.rng(3)
    habit = np.round(rng.normal(size=customers), DIGITS)[row]
    behavior = plan.silence_by_behavior * content["past_z"].to_numpy()
    hidden = plan.silence_by_contentment * content["core"].to_numpy() + plan.silence_by_habit * habit
    level = _level(behavior + hidden, plan.response_rate)
    chance = np.round(expit(level + behavior + hidden), 6)
    nodes, mass = np.polynomial.hermite_e.hermegauss(21)
    spread = np.hypot(plan.silence_by_contentment, plan.silence_by_habit)
    by_behavior = expit(level + behavior[:, None] + spread * nodes[None, :]) @ (mass / mass.sum())
    return content.assign(
        chance=chance,
        chance_by_behavior=np.round(by_behavior, 6),
        answered=rng.random(len(content)) < chance,
    )


def _level(log_odds: np.ndarray, rate: float) -> float:
    """Find the constant with which the expected share of answers is ``rate``."""
    low, high = -10.0, 10.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if len(log_odds) and expit(middle + log_odds).mean() < rate else (low, middle)
    return round((low + high) / 2, DIGITS)


def _invitations(plan: Plan, households: pd.DataFrame) -> pd.DataFrame:
    """Invite everyone in a wave within a morning."""
    rng = plan.rng(5)
    days = {name: (day - plan.first_day).days for name, day in plan.waves}
    second = 9 * 3600 + rng.integers(0, 3 * 3600, len(households))
    return pd.DataFrame(
        {
            "wave": households["wave"],
            "customer_id": households["customer_id"],
            "invited_at": plan.moments(households["wave"].map(days).to_numpy(dtype="int64"), second),
            "channel": rng.choice(np.array(list(_CHANNELS), dtype=object), len(households), p=list(_CHANNELS.values())),
        }
    )


def _responses(plan: Plan, households: pd.DataFrame, would: pd.DataFrame, invitations: pd.DataFrame) -> pd.DataFrame:
    """List the answers of those who answer, item by item, some items passed over."""
    rng = plan.rng(6)
    answered = households["answered"].to_numpy()
    given = would[answered].to_numpy().copy()
    straight = households.loc[answered, "straight_liner"].to_numpy()
    lines = rng.choice(list(_STRAIGHT), size=len(given), p=list(_STRAIGHT.values()))
    five = np.array([item.high == 5 for item in ITEMS])
    given[np.ix_(straight, five)] = lines[straight, None]

    hours = np.minimum(np.exp(np.round(rng.normal(2.6, 1.3, len(given)), DIGITS)), 14 * 24)
    begun = invitations.loc[answered, "invited_at"].to_numpy() + (hours * 3600).astype("int64") * np.timedelta64(1, "s")
    pace = rng.integers(4, 15, (len(given), len(ITEMS))).cumsum(axis=1)
    passed = rng.random(given.shape) < plan.item_silence
    absent = passed & (rng.random(given.shape) < 0.5)
    table = pd.DataFrame(
        {
            "wave": np.repeat(households.loc[answered, "wave"].to_numpy(dtype=object), len(ITEMS)),
            "customer_id": np.repeat(households.loc[answered, "customer_id"].to_numpy(dtype=object), len(ITEMS)),
            "item_id": np.tile(np.array([item.item_id for item in ITEMS], dtype=object), len(given)),
            "answered_at": (begun[:, None] + pace * np.timedelta64(1, "s")).astype("datetime64[us]").ravel(),
            "answer": pd.array(given.ravel(), dtype="Int64"),
        }
    )
    table.loc[passed.ravel(), "answer"] = pd.NA
    return table[~absent.ravel()].reset_index(drop=True)

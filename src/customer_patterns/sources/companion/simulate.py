"""Draw a whole companion: from purchases that have happened to survey, contacts, feedback and their truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.answers import draw_survey
from customer_patterns.sources.companion.contacts import draw_contacts
from customer_patterns.sources.companion.contentment import plant_contentment
from customer_patterns.sources.companion.feedback import draw_feedback
from customer_patterns.sources.companion.flaws import spoil
from customer_patterns.sources.companion.households import Purchases, spending
from customer_patterns.sources.companion.instrument import survey_items
from customer_patterns.sources.companion.plan import Plan
from customer_patterns.sources.companion.truth import planted_truth, scores


@dataclass(frozen=True)
class Companion:
    """What is delivered, and what is true.

    Attributes
    ----------
    tables
        The canonical tables ``survey_items``, ``survey_invitations``, ``survey_responses``, ``contacts``, ``feedback``.
    households
        One row per wave and invited customer: see :func:`~customer_patterns.sources.companion.truth.scores`.
    texts
        What each feedback text is about.
    truth
        Parameters, estimands and flaws.
    """

    tables: dict[str, pd.DataFrame]
    households: pd.DataFrame
    texts: pd.DataFrame
    truth: dict[str, Any]


def draw_companion(plan: Plan, purchases: Purchases) -> Companion:
    """Draw a companion to purchases; the same plan and purchases give the same companion."""
    customers, waves = spending(plan, purchases)
    content = plant_contentment(plan, customers, waves)
    survey = draw_survey(plan, content, customers)
    general = _in_general(customers, content)
    feedback = draw_feedback(plan, customers, general)
    flawless = {
        "survey_items": survey_items(),
        "survey_invitations": survey.invitations,
        "survey_responses": survey.responses,
        "contacts": draw_contacts(plan, customers, general),
        "feedback": feedback.texts,
    }
    tables, flaws = spoil(plan, flawless)
    scored = scores(survey)
    return Companion(tables, scored, feedback.truth, planted_truth(plan, scored, flaws))


def _in_general(customers: pd.DataFrame, content: pd.DataFrame) -> np.ndarray:
    """How content each customer is over the waves; 0, the average, for who came too late for any."""
    mean = content.groupby("customer_id")["theta"].mean()
    return customers["customer_id"].map(mean).fillna(0.0).to_numpy(dtype="float64").round(4)

"""Draw a whole companion: from purchases that have happened to survey, contacts, feedback and their truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.answers import draw_survey
from customer_patterns.sources.companion.beside import draw_beside, with_calls
from customer_patterns.sources.companion.contacts import draw_contacts
from customer_patterns.sources.companion.contentment import plant_contentment
from customer_patterns.sources.companion.feedback import draw_feedback
from customer_patterns.sources.companion.flaws import spoil
from customer_patterns.sources.companion.households import Purchases, spending
from customer_patterns.sources.companion.instrument import survey_items
from customer_patterns.sources.companion.plan import Plan
from customer_patterns.sources.companion.surroundings import Shop, look_around
from customer_patterns.sources.companion.truth import planted_truth, scores


@dataclass(frozen=True)
class Companion:
    """What is delivered, and what is true.

    Attributes
    ----------
    tables
        The canonical tables ``survey_items``, ``survey_invitations``, ``survey_responses``, ``contacts``, ``feedback``;
        beside a whole shop those of :class:`~customer_patterns.sources.companion.beside.Beside` too.
    households
        One row per wave and invited customer: see :func:`~customer_patterns.sources.companion.truth.scores`.
    texts
        What each feedback text is about.
    truth
        Parameters, estimands and flaws.
    beside_truth, beside_tables
        The same for the tables beside a whole shop, and what is true of single households, sessions and calls.
    """

    tables: dict[str, pd.DataFrame]
    households: pd.DataFrame
    texts: pd.DataFrame
    truth: dict[str, Any]
    beside_truth: dict[str, Any] = field(default_factory=dict)
    beside_tables: dict[str, pd.DataFrame] = field(default_factory=dict)


def draw_companion(plan: Plan, purchases: Purchases, shop: Shop | None = None) -> Companion:
    """Draw a companion to purchases; the same plan and purchases give the same companion.

    Parameters
    ----------
    plan
        What is planted.
    purchases
        The order lines that are accompanied.
    shop
        Where the shop's other records lie. Without it nobody is visited, written to or called; what people answer is
        the same.
    """
    customers, waves = spending(plan, purchases)
    content = plant_contentment(plan, customers, waves)
    survey = draw_survey(plan, content, customers)
    general = _in_general(customers, content)
    feedback = draw_feedback(plan, customers, general)
    contacts = draw_contacts(plan, customers, general)
    flawless = {
        "survey_items": survey_items(),
        "survey_invitations": survey.invitations,
        "survey_responses": survey.responses,
        "contacts": contacts,
        "feedback": feedback.texts,
    }
    tables, flaws = spoil(plan, flawless)
    scored = scores(survey)
    truth = planted_truth(plan, scored, flaws)
    if shop is None:
        return Companion(tables, scored, feedback.truth, truth)
    spoken = feedback.texts[["customer_id"]].assign(language=feedback.truth["language"])
    beside = draw_beside(plan, look_around(plan, purchases, shop))
    beside = with_calls(beside, plan, contacts, customers, general, spoken)
    return Companion({**tables, **beside.tables}, scored, feedback.truth, truth, beside.truth, beside.truth_tables)


def _in_general(customers: pd.DataFrame, content: pd.DataFrame) -> np.ndarray:
    """How content each customer is over the waves; 0, the average, for who came too late for any."""
    mean = content.groupby("customer_id")["theta"].mean()
    return customers["customer_id"].map(mean).fillna(0.0).to_numpy(dtype="float64").round(4)

"""What a shop knows besides purchases and answers: traits, channels, visits, e-mails, calls, points, experiments.

Everything here but the calls rests only on what came before it: of the purchases, campaigns and orders of a later day
no record of an earlier one knows anything. The calls rest on contentment, which is planted backward.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.calls import calls_truth, draw_calls
from customer_patterns.sources.companion.channels import channels_truth, draw_channels
from customer_patterns.sources.companion.experiments import draw_experiments, experiments_truth
from customer_patterns.sources.companion.letters import draw_messages, messages_truth
from customer_patterns.sources.companion.loyalty import draw_ledger
from customer_patterns.sources.companion.plan import Plan
from customer_patterns.sources.companion.sessions import draw_sessions, sessions_truth
from customer_patterns.sources.companion.surroundings import Surroundings
from customer_patterns.sources.companion.traits import draw_traits, regions, traits_truth
from customer_patterns.sources.companion.visits import draw_events


@dataclass(frozen=True)
class Beside:
    """Records and their truth.

    Attributes
    ----------
    tables
        Canonical tables: ``regions``, ``customer_traits``, ``order_channels``, ``events``, ``messages``,
        ``loyalty_ledger``, ``experiments``, and ``calls`` where there are contacts.
    truth_tables
        What is true of single households, sessions, calls.
    truth
        Parameters, and what came of them.
    """

    tables: dict[str, pd.DataFrame]
    truth_tables: dict[str, pd.DataFrame]
    truth: dict[str, Any]


def draw_beside(plan: Plan, around: Surroundings) -> Beside:
    """Draw what rests on purchases and campaigns alone."""
    traits, true_traits = draw_traits(plan, around.customers["customer_id"].to_numpy(dtype=object))
    channels = draw_channels(plan, around, true_traits)
    messages, clicks, message_flaws = draw_messages(plan, around)
    sessions = draw_sessions(plan, around, channels, true_traits, clicks)
    events, twice = draw_events(plan, around, sessions)
    ledger, ledger_truth = draw_ledger(plan, around)
    experiments, outcomes = draw_experiments(plan, around, true_traits)
    tables = {
        "regions": regions(),
        "customer_traits": traits,
        "order_channels": channels,
        "events": events,
        "messages": messages,
        "loyalty_ledger": ledger,
        "experiments": experiments,
    }
    known = ["session_id", "kind", "owner", "visitor_id", "terminal"]
    truth = {
        "traits": traits_truth(),
        "channels": channels_truth(around, channels),
        "visits": {**sessions_truth(sessions), "flaws": {"exact duplicate": twice}},
        "messages": {**messages_truth(), "flaws": message_flaws},
        "loyalty": ledger_truth,
        "experiments": experiments_truth(),
    }
    beside = {"traits": true_traits, "sessions": sessions[known], "outcomes": outcomes}
    return Beside(tables, beside, truth)


def with_calls(
    beside: Beside,
    plan: Plan,
    contacts: pd.DataFrame,
    customers: pd.DataFrame,
    content: np.ndarray,
    spoken: pd.DataFrame,
) -> Beside:
    """Add the calls behind the contacts by telephone; the rest as ``draw_calls`` takes it."""
    calls, moods, twice = draw_calls(plan, contacts, customers, content, spoken)
    return Beside(
        {**beside.tables, "calls": calls},
        {**beside.truth_tables, "calls": moods},
        {**beside.truth, "calls": {**calls_truth(moods), "flaws": {"exact duplicate": twice}}},
    )

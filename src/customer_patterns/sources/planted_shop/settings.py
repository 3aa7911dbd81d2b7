"""The settings of a planted shop: how large, how clear, how dirty. One place that a laboratory can vary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np

from customer_patterns.schemas import Refusal

Separation = Literal["easy", "medium", "hard"]

#: How far the types of shopper stand apart: the exponent on everything in which they differ from the average.
SEPARATIONS: dict[str, float] = {"easy": 1.0, "medium": 0.6, "hard": 0.3}

#: A two-sided test at 5 % finds an effect of so many standard errors with a power of 80 %.
DETECTABLE = 2.8

#: The parts of a shop that draw from a chance of their own; a part's number never changes, new ones go to the end.
_PARTS = (
    "partial defection",
    "people",
    "consents",
    "identities",
    "web customers",
    "web prices",
    "web orders",
    "web flaws",
    "events",
    "subscriptions",
    "referrals",
    "messages",
    "calls",
    "sheets",
    "listening",
    "codes",
    "ledger",
    "experiments",
    "regions",
    "likenesses",
    "reviews",
    "registrations",
    "judged",
)
#: Numbers below are taken by what the shop drew first: plan, orders, tastes, flaws, companion.
_FIRST_PART = 100


@dataclass(frozen=True)
class Plan:
    """How a shop is simulated. The defaults make the study ``planted-shop``; its till and its voices never change.

    Attributes
    ----------
    customers, seed
        How many customers there are, and where all chance comes from.
    separation
        How far the types of shopper stand apart: ``easy``, ``medium`` or ``hard``.
    pair_strength
        Exponent on the odds ratios of planted pairs: 1 as planned, 0 no pair at all.
    price_exponent
        A price of (1 - cut) multiplies the odds to be picked up by (1 - cut) to the power of minus this.
    partial_defectors, partial_kept
        Share of the customers who at some day begin to shop less, and the share of their orders that is left. In the
        till this is off by default; among web customers it is ``web_partial_defectors``.
    trial_effect
        Effect of the experiment with an outcome of its own, in multiples of what its size can detect; 0 for none.
    web_lift
        Effect of the web experiment on the rate of web orders, in multiples of what its size can detect.
    sequence_strength, complement_strength
        Factor on the chance that a planted successor follows, and that a planted complement comes along.
    identity_errors
        Factor on each system's rate of errors in names, phones, e-mail and postal addresses.
    bad_records
        Factor on the number of records that are spoiled in the web shop's export; 0 for a flawless one.
    coder_agreement
        How often each of the two coders names the true code of a text; the kappa that follows is written to the truth.
    tracked_from
        Local day from which web and app events are recorded.
    web_share, web_orders_per_week
        Share of the customers who order on the web too, and their mean rate.
    """

    customers: int = 200
    seed: int = 20170101
    separation: Separation = "easy"
    pair_strength: float = 1.0
    price_exponent: float = 2.0
    partial_defectors: float = 0.0
    partial_kept: float = 0.3
    web_partial_defectors: float = 0.10
    trial_effect: float = 2.0
    web_lift: float = 2.0
    sequence_strength: float = 1.0
    complement_strength: float = 1.0
    identity_errors: float = 1.0
    bad_records: float = 1.0
    coder_agreement: float = 0.9
    tracked_from: date = date(2017, 9, 1)
    web_share: float = 0.30
    web_orders_per_week: float = 0.20

    def __post_init__(self) -> None:
        """Refuse a shop that cannot be.

        Raises
        ------
        Refusal
            For fewer than one customer, a negative seed, an unknown separation, a share outside 0 to 1, or a negative
            strength.
        """
        if self.customers < 1:
            raise Refusal(f"a shop needs at least one customer, not {self.customers}")
        if self.seed < 0:
            raise Refusal(f"the seed must be 0 or more, not {self.seed}")
        if self.separation not in get_args(Separation):
            raise Refusal(f"separation is one of {', '.join(get_args(Separation))}, not {self.separation!r}")
        for name in ("partial_defectors", "partial_kept", "web_partial_defectors", "web_share", "coder_agreement"):
            if not 0 <= getattr(self, name) <= 1:
                raise Refusal(f"{name} is a share between 0 and 1, not {getattr(self, name)}")
        for name in (
            "pair_strength",
            "price_exponent",
            "sequence_strength",
            "complement_strength",
            "identity_errors",
            "bad_records",
            "web_orders_per_week",
        ):
            if getattr(self, name) < 0:
                raise Refusal(f"{name} is 0 or more, not {getattr(self, name)}")

    def rng(self, part: str, first: int = 0) -> np.random.Generator:
        """Return the chance of one part for the block of customers from row ``first`` on; no other part disturbs it."""
        return np.random.default_rng([self.seed, _FIRST_PART + _PARTS.index(part), first])

"""What else the planted shop knows of its customers: gender, schooling, work, region, and what they allow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Block, Made, pick
from customer_patterns.sources.planted_shop.plan import Truth
from customer_patterns.sources.planted_shop.shoppers import STORES_PER_AREA
from customer_patterns.sources.planted_shop.visits import delivered_days, moments

EDUCATION = ("no degree", "school", "college", "university")
#: Chance of each degree for the lowest and for the highest income bracket; brackets between lie between.
_LOW_INCOME, _HIGH_INCOME = (0.40, 0.40, 0.15, 0.05), (0.05, 0.20, 0.35, 0.40)
_INCOMES = ("Under 15K", "25-34K", "35-49K", "50-74K", "75-99K", "125-149K")
OCCUPATIONS = {"employed": 0.55, "self-employed": 0.10, "retired": 0.15, "student": 0.08, "at home": 0.12}
DEBT = {"none": 0.40, "some": 0.45, "high": 0.15}
#: How often the shop's own lifestyle code names the customer's true type; otherwise it names any type by lot.
LIFESTYLE_RIGHT = 0.7
_REGISTRATION_MISSING = 0.05
#: Kinds of area of an area's five stores.
_AREA_TYPES = ("urban", "urban", "suburban", "suburban", "rural")

PURPOSES = {"analysis": 0.98, "marketing": 0.70, "tracking": 0.75}
_WITHDRAWN, _GRANTED_AGAIN = 0.06, 0.25


def describe(truth: Truth) -> pd.DataFrame:
    """Describe all customers further; drawn apart from how they shop, unless said otherwise.

    Returns
    -------
    DataFrame
        One row per customer in the order of the truth: ``gender``, ``occupation``, ``debt_group`` (without any bearing
        on purchases), ``education`` (goes with income), ``lifestyle`` (the true type of shopper or, in three of ten,
        any), ``region_id`` (of the home store), ``city``, ``country``, ``registered_on`` (missing for some).
    """
    rng = truth.plan.rng("people")
    people = truth.customers
    size = len(people)
    income = people["income_group"].map({name: place for place, name in enumerate(_INCOMES)}).to_numpy()
    weight = (income / (len(_INCOMES) - 1))[:, None]
    ladder = np.cumsum((1 - weight) * np.array(_LOW_INCOME) + weight * np.array(_HIGH_INCOME), axis=1)
    degree = (rng.random((size, 1)) >= ladder[:, :-1]).sum(axis=1)
    types = np.array([shopper.name for shopper in truth.types], dtype=object)
    lifestyle = np.where(
        rng.random(size) < LIFESTYLE_RIGHT,
        people["shopper_type"].to_numpy(dtype=object),
        types[rng.integers(0, len(types), size)],
    )
    store = people["home_store"].to_numpy()
    registered = people["starts_on"].to_numpy(dtype="datetime64[D]")
    return pd.DataFrame(
        {
            "gender": pick(rng, {"female": 0.53, "male": 0.45, "other": 0.02}, size),
            "occupation": pick(rng, OCCUPATIONS, size),
            "education": np.array(EDUCATION, dtype=object)[degree],
            "debt_group": pick(rng, DEBT, size),
            "lifestyle": lifestyle,
            "region_id": [f"R{number:03d}" for number in store],
            "city": [f"Planted Town {(number - 1) // STORES_PER_AREA + 1}" for number in store],
            "country": np.full(size, "US", dtype=object),
            "registered_on": pd.Series(registered.astype("datetime64[s]")).where(
                rng.random(size) >= _REGISTRATION_MISSING
            ),
        }
    )


def regions(truth: Truth) -> pd.DataFrame:
    """Return the regions, one per store: ``area_type`` and the rest have no bearing on purchases."""
    rng = truth.plan.rng("regions")
    number = np.arange(1, truth.stores + 1)
    kind = np.array(_AREA_TYPES, dtype=object)[(number - 1) % len(_AREA_TYPES)]
    middle = {"urban": 90_000, "suburban": 40_000, "rural": 9_000}
    return pd.DataFrame(
        {
            "region_id": [f"R{store:03d}" for store in number],
            "region_name": [f"Region {store}" for store in number],
            "area_type": kind,
            "country": np.full(len(number), "US", dtype=object),
            "population": [
                int(middle[one] * factor) for one, factor in zip(kind, rng.uniform(0.7, 1.3, len(number)), strict=True)
            ],
            "median_income": rng.uniform(38_000, 72_000, len(number)).round(-2),
        }
    )


def draw_consents(block: Block) -> Made:
    """Draw what each customer allows, from the first day on; some withdraw it later, and some of these allow it again.

    Returns
    -------
    Made
        ``consents`` by customer, purpose and moment; the truth ``consents`` says what holds at the end.
    """
    rng = block.rng("consents")
    days = delivered_days(block.truth)
    frames = []
    for purpose, share in PURPOSES.items():
        granted = rng.random(len(block)) < share
        at = moments(block.truth, np.minimum(block.start, days - 1), rng.integers(8 * 3600, 20 * 3600, len(block)))
        frames.append(_decided(block, np.arange(len(block)), purpose, granted, at))
        left = np.flatnonzero(granted & (rng.random(len(block)) < _WITHDRAWN) & (block.start < days - 60))
        day = block.start[left] + 14 + (rng.random(len(left)) * (days - 45 - block.start[left])).astype("int64")
        at = moments(block.truth, day, rng.integers(8 * 3600, 20 * 3600, len(left)))
        frames.append(_decided(block, left, purpose, np.zeros(len(left), dtype=bool), at))
        again = rng.random(len(left)) < _GRANTED_AGAIN
        at = at[again] + rng.integers(1, 30, again.sum()) * np.timedelta64(1, "D")
        frames.append(_decided(block, left[again], purpose, np.ones(again.sum(), dtype=bool), at))
    table = pd.concat(frames, ignore_index=True)
    table = table.sort_values(["customer_id", "purpose", "decided_at"], ignore_index=True)
    return Made({"consents": table}, {}, {})


def consents_at_the_end(consents: pd.DataFrame) -> pd.DataFrame:
    """Return what holds when the delivery ends: one row per customer and purpose, ``granted``."""
    ordered = consents.sort_values(["customer_id", "purpose", "decided_at"])
    return ordered.drop_duplicates(["customer_id", "purpose"], keep="last")[["customer_id", "purpose", "granted"]]


def _decided(block: Block, row: np.ndarray, purpose: str, granted: np.ndarray, at: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": block.ids[row],
            "purpose": np.full(len(row), purpose, dtype=object),
            "granted": granted,
            "decided_at": at.astype("datetime64[us]"),
        }
    )

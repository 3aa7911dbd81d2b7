"""Answers from a known model: one factor per dimension, cut into five steps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.satisfaction import Sheets
from tests.satisfaction.sample_survey import sheets_of

CUTS = (-1.5, -0.7, 0.1, 1.0)


def latent(
    n: int, loadings: dict[str, list[float]], *, seed: int, between: float = 0.5, mean: float = 0.0
) -> np.ndarray:
    """One row per sheet, one column per item: continuous, with variance 1."""
    chance = np.random.default_rng(seed)
    names = list(loadings)
    related = np.full((len(names), len(names)), between) + (1 - between) * np.eye(len(names))
    factors = chance.multivariate_normal(np.zeros(len(names)), related, n) + mean
    columns = []
    for place, name in enumerate(names):
        weight = np.array(loadings[name])
        noise = chance.normal(size=(n, len(weight))) * np.sqrt(1 - weight**2)
        columns.append(factors[:, [place]] * weight + noise)
    return np.hstack(columns)


def cut(values: np.ndarray, cuts: tuple[float, ...] = CUTS) -> np.ndarray:
    """Points from 0 to 100."""
    return np.digitize(values, cuts) * 100.0 / len(cuts)


def survey(
    points: np.ndarray, loadings: dict[str, list[float]], *, reversed_items: tuple[str, ...] = (), **rows
) -> Sheets:
    """Sheets with these points; items are called by their dimension and number."""
    table = pd.DataFrame(
        [(f"{name}_{n}", name) for name, own in loadings.items() for n in range(1, len(own) + 1)],
        columns=["item_id", "dimension"],
    )
    table["direction"] = np.where(table["item_id"].isin(reversed_items), "reversed", "positive")
    scores = {name: points[:, (table["dimension"] == name).to_numpy()].mean(axis=1) for name in loadings}
    return sheets_of(scores, points=points, items=table, **rows)

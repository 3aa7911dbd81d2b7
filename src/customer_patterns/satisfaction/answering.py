"""How likely an answer was, from what was bought before the invitation, and the weight that follows from it.

Weights are made from what customers bought *before* they were asked, never from anything later, and never from tiers
or segments, which are made from the whole study. They correct only what that behavior explains.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.satisfaction.nonresponse import CHARACTERISTICS

Floats = NDArray[np.float64]


def weighting_classes(invited: pd.DataFrame, *, classes: int = 5, fewest: int = SMALLEST_CELL) -> NDArray[np.int64]:
    """Put invitations that were equally likely to be answered into one class.

    Parameters
    ----------
    invited
        What :func:`~customer_patterns.satisfaction.nonresponse.invitations` returns.
    classes
        How many classes a wave has at most.
    fewest
        So many answers a class has at least; else the wave gets fewer classes.

    Returns
    -------
    ndarray
        The class of each invitation, from 0; -1 in a wave that has too few answers for even one.

    Notes
    -----
    Classes of the propensity to answer: Little (1986), International Statistical Review 54, 139–157. The propensity
    comes from a logistic regression on the characteristics (logarithms, which skewed spending asks for) and the wave.
    Five classes take away most of the bias that a variable accounts for: Cochran (1968), Biometrics 24, 295–313.
    """
    number = np.full(len(invited), -1, dtype=np.int64)
    if invited.empty:
        return number
    answered = invited["answered"].to_numpy(dtype=bool)
    chance = np.round(answering_chance(invited), 9)
    taken = 0
    for _, places in invited.reset_index(drop=True).groupby("wave", sort=True).indices.items():
        for wanted in range(classes, 0, -1):
            edges = np.unique(np.quantile(chance[places], np.arange(1, wanted) / wanted))
            of = np.searchsorted(edges, chance[places], side="right")
            _, of = np.unique(of, return_inverse=True)
            if np.bincount(of, answered[places]).min() >= fewest:
                number[places] = taken + of
                taken += int(of.max()) + 1
                break
    return number


def answering_chance(invited: pd.DataFrame) -> Floats:
    """Chance that each invitation is answered, by logistic regression on what came before it and on the wave.

    Parameters
    ----------
    invited
        What :func:`~customer_patterns.satisfaction.nonresponse.invitations` returns.

    Returns
    -------
    ndarray
        From 0 to 1, one per invitation.
    """
    return answering_design(invited)[0]


def answering_design(invited: pd.DataFrame) -> tuple[Floats, Floats]:
    """The chance of :func:`answering_chance`, and the columns it was estimated from: one row per invitation."""
    traits = np.log1p(invited[list(CHARACTERISTICS.values())].to_numpy(dtype=float))
    spread = traits.std(axis=0)
    traits = (traits - traits.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    waves = pd.get_dummies(invited["wave"], drop_first=True, dtype=float).to_numpy()
    design = np.column_stack([np.ones(len(invited)), waves, traits, traits**2])
    answered = invited["answered"].to_numpy(dtype=float)
    slopes = np.zeros(design.shape[1])
    # Newton's method. A trace of a ridge keeps it going where a wave, or a trait, tells answers apart perfectly.
    ridge = 1e-4 * np.eye(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(design @ slopes, -30, 30)))
        gain = design.T @ (answered - chance) - ridge @ slopes
        step = np.linalg.solve((design * (chance * (1 - chance))[:, None]).T @ design + ridge, gain)
        slopes += step
        if np.abs(step).max() < 1e-10:
            break
    return 1 / (1 + np.exp(-np.clip(design @ slopes, -30, 30))), design


def answer_weights(invited: pd.DataFrame, *, classes: int = 5) -> pd.DataFrame:
    """The weight of each answered invitation: how many that were sent it stands for.

    Parameters
    ----------
    invited
        What :func:`~customer_patterns.satisfaction.nonresponse.invitations` returns; settled invitations are used.
    classes
        As in :func:`weighting_classes`.

    Returns
    -------
    DataFrame
        One row per answered invitation with a class, by wave and customer: ``wave``, ``customer_id``, ``weight`` (1
        or more).
    """
    asked = invited[invited["settled"].astype(bool)].reset_index(drop=True)
    number = weighting_classes(asked, classes=classes)
    asked, number = asked[number >= 0], number[number >= 0]
    if asked.empty:
        return pd.DataFrame({"wave": [], "customer_id": [], "weight": []})
    answered = asked["answered"].to_numpy(dtype=bool)
    weight = np.bincount(number) / np.bincount(number, answered)
    return asked.loc[answered, ["wave", "customer_id"]].assign(weight=weight[number[answered]]).reset_index(drop=True)

"""An index in the manner of the American Customer Satisfaction Index: several questions, weighed by what they share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def acsi_index(
    means: ArrayLike, weights: ArrayLike, *, lowest: ArrayLike = 1.0, highest: ArrayLike = 10.0
) -> float | Floats:
    """The index from the means of its questions.

    Parameters
    ----------
    means
        Mean answer to each question; the last axis runs over questions.
    weights
        What each counts for, 0 or more.
    lowest, highest
        Lowest and highest answer possible, of all questions or of each.

    Returns
    -------
    float or ndarray
        0 (everybody gave the worst answer) to 100.

    Raises
    ------
    ValueError
        A weight is negative or missing, or all are 0.

    Notes
    -----
    (Σ w x - Σ w lowest) / (Σ w (highest - lowest)) × 100, after Fornell and others (1996), Journal of Marketing 60(4),
    7–18, where x are answers from 1 to 10 and w unstandardized weights from partial least squares.

    Examples
    --------
    With the weights that the State of Ohio published, means of 8, 7 and 7:

    >>> round(acsi_index([8, 7, 7], [0.3885, 0.3190, 0.2925]), 2)
    70.98
    """
    x, w = np.asarray(means, dtype=float), np.asarray(weights, dtype=float)
    low, high = (np.broadcast_to(np.asarray(end, dtype=float), w.shape[-1:]) for end in (lowest, highest))
    if not np.isfinite(w).all() or (w < 0).any() or not (w.sum(axis=-1) > 0).all():
        raise ValueError("weights of questions are 0 or more, and not all 0")
    index = 100 * (w * (x - low)).sum(axis=-1) / (w * (high - low)).sum(axis=-1)
    return float(index) if np.ndim(index) == 0 else index


def outer_weights(covariance: Floats, questions: int) -> Floats:
    """What each question of a block counts for: its covariance with the neighboring block.

    Parameters
    ----------
    covariance
        A stack of covariance matrices: the questions first, then the columns that stand for what is beside the block
        (dimensions, recommendation); without such columns the block itself stands for it.
    questions
        How many of the columns are questions.

    Returns
    -------
    ndarray
        One row per matrix; weights sum to 1. All the same where a question would count negatively or nothing varies.

    Notes
    -----
    Mode A of partial least squares (Wold 1982; Tenenhaus and others 2005, Computational Statistics and Data Analysis
    48, 159–205): of two blocks, in which the neighbor is the sum of its standardized columns, the first step is the
    last. Of one block alone the weights are those of its first principal component.
    """
    stack = np.atleast_3d(covariance) if np.ndim(covariance) == 3 else np.asarray(covariance)[None]
    own = stack[:, :questions, :questions]
    if stack.shape[-1] > questions:
        spread = np.sqrt(np.einsum("rkk->rk", stack)[:, questions:])
        with np.errstate(invalid="ignore", divide="ignore"):
            raw = (stack[:, :questions, questions:] / spread[:, None, :]).sum(axis=2)
    else:
        raw = np.linalg.eigh(np.nan_to_num(own))[1][:, :, -1]
        raw = raw * np.sign(raw.sum(axis=1, keepdims=True))
    usable = np.isfinite(raw).all(axis=1) & (raw >= 0).all(axis=1) & (raw.sum(axis=1) > 0)
    raw = np.where(usable[:, None], raw, 1.0)
    return raw / raw.sum(axis=1, keepdims=True)

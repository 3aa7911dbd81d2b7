"""Which cluster of a later period is which of an earlier one, and which were born, died or split off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

#: A cluster of which so large a share comes from one other that is not its match has split off from it, or merged.
MOSTLY = 0.5


def match_clusters(both: Floats) -> Whole:
    """Match the clusters of two periods one to one, so that they have as many customers as possible in common.

    Parameters
    ----------
    both
        How many customers are in each earlier (row) and each later cluster (column).

    Returns
    -------
    ndarray
        Of each earlier cluster the later one that it is matched with; -1 where there are fewer later ones.

    Notes
    -----
    Optimal assignment (Kuhn 1955, Naval Res. Logist. Q. 2, 83–97), as scipy solves it.

    Examples
    --------
    >>> match_clusters(np.array([[1, 9], [8, 2]])).tolist()
    [1, 0]
    """
    match = np.full(len(both), -1, dtype=np.int64)
    rows, columns = linear_sum_assignment(both, maximize=True)
    match[rows] = columns
    return match


def overlaps(both: Floats, match: Whole) -> Floats:
    """Jaccard similarity of each earlier cluster with its match; 0 without one."""
    either = both.sum(axis=1)[:, None] + both.sum(axis=0) - both
    alike = np.divide(both, either, out=np.zeros_like(both, dtype=float), where=either > 0)
    return np.where(match >= 0, alike[np.arange(len(both)), match], 0.0)


def broken(alike: Floats, least: float) -> NDArray[np.bool_]:
    """Whether a matched pair has less in common than chance leaves of a cluster that has not changed."""
    return alike < least


def split_from(both: Floats, match: Whole) -> Whole:
    """Of each later cluster, the earlier one most of it comes from, where that is another than its match; else -1.

    Examples
    --------
    Nearly all of the third later cluster come from the first earlier one, which is matched with the first:

    >>> split_from(np.array([[50, 2, 30], [1, 60, 2], [0, 3, 4]]), np.array([0, 1, 2])).tolist()
    [-1, -1, 0]
    """
    own = np.full(both.shape[1], -1, dtype=np.int64)
    own[match[match >= 0]] = np.flatnonzero(match >= 0)
    source, size = both.argmax(axis=0), both.sum(axis=0)
    mostly = both.max(axis=0) >= np.maximum(MOSTLY * size, 1)
    return np.where(mostly & (source != own), source, -1)


def merged_into(both: Floats, match: Whole) -> Whole:
    """Of each earlier cluster, the later one most of it went to, where that is another than its match; else -1."""
    back = np.full(both.shape[1], -1, dtype=np.int64)
    back[match[match >= 0]] = np.flatnonzero(match >= 0)
    return split_from(both.T, back)

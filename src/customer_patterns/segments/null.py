"""Customers as they would be without clusters: one Gaussian copula with the same margins and correlations.

Correlated customers who form one single cloud fall into two stable halves all the same, along the cloud's long axis.
Whether clusters are there can therefore not be read off their stability; it takes a cloud without clusters to compare
with. The comparison is kin to SigClust (Liu, Hayes, Nobel and Marron 2008, J. Am. Stat. Assoc. 103, 1281–1293), whose
null is one Gaussian; here the margins keep their own shape.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

Floats = NDArray[np.float64]

#: A margin is described by at most so many quantiles.
QUANTILES = 200
#: Correlations are moved so many times, by what a trial of so many customers lacks.
_ROUNDS, _TRIAL = 4, 4000


class Null:
    """One cloud without clusters, fitted to customers; :meth:`draw` makes others like them.

    Parameters
    ----------
    points
        One row per customer, one column per feature.

    Notes
    -----
    Each margin is made unimodal first, by the least change of the gaps between its quantiles (isotonic regression on
    either side of the mode: gaps shrink toward it and grow behind it). Otherwise two clusters far apart, seen as two
    humps in a margin, would be part of the null, and no test could find them. A margin with one hump stays as it is.
    Mean and standard deviation are kept. The copula's correlations begin as those of normal scores and are moved until
    the customers drawn have the correlations of those that were fitted.
    """

    def __init__(self, points: Floats) -> None:
        """Fit margins and correlations."""
        n, features = points.shape
        self.levels = np.linspace(0, 1, min(n, QUANTILES) + 1)
        self.margins = [_one_hump(points[:, j], self.levels) for j in range(features)]
        self.mean, self.spread = points.mean(axis=0), points.std(axis=0)
        scores = ndtri((rankdata(points, axis=0) - 0.5) / n)
        wanted, latent = (_correlation(part) for part in (points, scores))
        self.root = _root(latent)
        for _ in range(_ROUNDS):
            latent = np.clip(latent + wanted - _correlation(self.draw(_TRIAL, np.random.default_rng(0))), -1, 1)
            np.fill_diagonal(latent, 1)
            self.root = _root(latent)

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw n customers of this cloud."""
        normal = rng.standard_normal((n, self.root.shape[1])) @ self.root.T
        ranks = ndtr(normal)
        drawn = np.column_stack([np.interp(ranks[:, j], self.levels, margin) for j, margin in enumerate(self.margins)])
        spread = drawn.std(axis=0)
        scale = np.divide(self.spread, spread, out=np.ones_like(spread), where=spread > 0)
        return self.mean + (drawn - drawn.mean(axis=0)) * scale


def _correlation(columns: Floats) -> Floats:
    """Correlations of columns; those that do not vary have none."""
    spread = columns.std(axis=0)
    scaled = np.divide(columns - columns.mean(axis=0), spread, out=np.zeros_like(columns), where=spread > 0)
    found = scaled.T @ scaled / len(scaled)
    np.fill_diagonal(found, 1)
    return found


def _root(correlation: Floats) -> Floats:
    """A root of the nearest matrix that can be one of correlations: negative eigenvalues left out."""
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0))
    return root / np.linalg.norm(root, axis=1, keepdims=True)


def _one_hump(values: Floats, levels: Floats) -> Floats:
    """Quantiles of the unimodal margin nearest to these values."""
    gaps = np.diff(np.quantile(values, levels))
    best, fit = np.inf, gaps
    for mode in range(0, len(gaps) + 1, max(1, len(gaps) // 50)):
        left = isotonic_regression(gaps[:mode], increasing=False).x if mode else gaps[:0]
        right = isotonic_regression(gaps[mode:]).x if mode < len(gaps) else gaps[:0]
        candidate = np.concatenate([left, right])
        error = float(((candidate - gaps) ** 2).sum())
        if error < best:
            best, fit = error, candidate
    return np.concatenate([[0.0], np.cumsum(fit)])

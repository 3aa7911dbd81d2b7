"""Non-negative factors of a table of texts and words, the same on every run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]

#: Rounds in which factors are improved; short texts settle early.
ROUNDS = 25
_NOTHING = 1e-12
#: So many more directions than wanted, so many times sharpened.
_MORE, _POWERS = 6, 5


def beginnings(table: sparse.csr_array, most: int) -> tuple[Floats, Floats]:
    """Return factors to begin from, for up to ``most`` of them: the first ``k`` serve any smaller number.

    Notes
    -----
    Boutsidis and Gallopoulos (2008), Pattern Recognition 41, 1350–1362: the larger of the positive and negative parts
    of each singular pair, and what is larger decides the sign. Singular pairs by subspace iteration from a start with a
    fixed seed (Halko, Martinsson and Tropp 2011, SIAM Review 53, 217–288).
    """
    left, size, right = _singular(table, most)
    first, second = np.empty_like(left), np.empty_like(right)
    for number in range(most):
        pairs = [(np.maximum(sign * left[:, number], 0), np.maximum(sign * right[number], 0)) for sign in (1, -1)]
        lengths = [(float(np.sqrt(x @ x)), float(np.sqrt(y @ y))) for x, y in pairs]
        one = int(lengths[1][0] * lengths[1][1] > lengths[0][0] * lengths[0][1] * (1 + 1e-9))
        (x, y), (long_x, long_y) = pairs[one], lengths[one]
        scale = np.sqrt(size[number] * long_x * long_y)
        first[:, number], second[number] = scale * x / max(long_x, _NOTHING), scale * y / max(long_y, _NOTHING)
    mean = table.mean() / 100  # what is nothing would stay nothing
    return np.maximum(first, mean), np.maximum(second, mean)


def _singular(table: sparse.csr_array, most: int) -> tuple[Floats, Floats, Floats]:
    """The largest singular pairs, the largest first."""
    turned = table.T.tocsr()
    width = min(most + _MORE, *table.shape)
    basis = np.random.default_rng(20170110).normal(size=(table.shape[1], width))
    for _ in range(_POWERS):
        basis = np.linalg.qr(turned @ np.linalg.qr(table @ basis)[0])[0]
    inside = table @ basis
    values, turn = np.linalg.eigh(inside.T @ inside)
    order = np.argsort(-values, kind="stable")[:most]
    size = np.sqrt(np.maximum(values[order], _NOTHING))
    return inside @ turn[:, order] / size, size, (basis @ turn[:, order]).T


def factorize(table: sparse.csr_array, begin: tuple[Floats, Floats], k: int) -> tuple[Floats, Floats]:
    """Write a table as a product of ``k`` factors without a number below zero.

    Parameters
    ----------
    table
        One row per text, one column per word; no number below zero.
    begin
        From :func:`beginnings`.
    k
        How many factors.

    Returns
    -------
    tuple
        How much of each factor a text has (texts × ``k``), and which words make it up (``k`` × words; rows of length
        one).

    Notes
    -----
    Hierarchical alternating least squares: Cichocki and Phan (2009), IEICE Trans. Fundam. E92-A, 708–721.
    """
    texts, words = begin[0][:, :k].copy(), begin[1][:k].copy()
    turned = table.T.tocsr()
    for _ in range(ROUNDS):
        texts = _improved(texts, table @ words.T, words @ words.T)
        words = _improved(words.T.copy(), turned @ texts, texts.T @ texts).T
    length = np.maximum(np.sqrt((words**2).sum(axis=1)), _NOTHING)
    return texts * length, words / length[:, None]


def amounts(table: sparse.csr_array, words: Floats) -> Floats:
    """How much of each known factor other texts have."""
    texts = np.full((table.shape[0], len(words)), 0.1)
    target, squares = table @ words.T, words @ words.T
    for _ in range(ROUNDS):
        texts = _improved(texts, target, squares)
    return texts


def _improved(values: Floats, target: Floats, squares: Floats) -> Floats:
    for number in range(values.shape[1]):
        change = target[:, number] - values @ squares[:, number]
        values[:, number] = np.maximum(values[:, number] + change / max(squares[number, number], _NOTHING), 0.0)
    return values

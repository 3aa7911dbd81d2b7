"""Fisher's exact test of many two-by-two tables at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln


def fisher_two_sided(k: ArrayLike, n: ArrayLike, *, having: int, of: int) -> NDArray[np.float64]:
    """How seldom chance alone puts so many, or so few, of those who have something into groups.

    Parameters
    ----------
    k, n
        For each group, how many in it have it, and how large it is.
    having, of
        How many of all have it, and how many there are.

    Returns
    -------
    ndarray
        Twice the smaller tail of the hypergeometric distribution, at most 1.

    Notes
    -----
    SciPy's distributions take more than a second to import; its special functions do not.

    Examples
    --------
    The lady tasting tea (Fisher 1935): all four of four cups, one way in seventy.

    >>> float(fisher_two_sided([4], [4], having=4, of=8)[0].round(6)) == round(2 / 70, 6)
    True
    """
    k, n = np.asarray(k, dtype=np.int64)[:, None], np.asarray(n, dtype=np.int64)[:, None]
    x = np.arange(having + 1)[None, :]
    possible = (x <= n) & (having - x <= of - n)

    def ways(total: NDArray | int, chosen: NDArray | int) -> NDArray[np.float64]:
        total, chosen = np.asarray(total, dtype=float), np.asarray(chosen, dtype=float)
        return gammaln(total + 1) - gammaln(chosen + 1) - gammaln(total - chosen + 1)

    inside, outside = np.where(possible, x, 0), np.where(possible, n - x, 0)
    log = ways(having, inside) + ways(of - having, outside) - ways(of, n)
    chance = np.where(possible, np.exp(log), 0.0)
    upper, lower = (chance * (x >= k)).sum(axis=1), (chance * (x <= k)).sum(axis=1)
    return np.minimum(2 * np.minimum(upper, lower), 1.0)

"""The loops of k-means: first centers, and steps toward the nearest means. Needs numba.

Customers are columns, one feature after the other (features × customers), so that many customers are compared with a
center at once; sums are made in one fixed order, so that the same numbers come out on every machine.
"""

from __future__ import annotations

import numpy as np

from customer_patterns.estimates.compiling import compiled

#: Customers looked at together: what belongs to them stays close to the processor.
_TOGETHER = 512


@compiled
def nearest_center(turned, centers, label, gap):
    """Write each customer's nearest center (the first of equally near ones) and by how much it is nearer than zero.

    Parameters
    ----------
    turned
        Features × customers.
    centers
        k × features.
    label
        Filled: the number of the nearest center of each customer.
    gap
        Filled: the squared distance from it less the customer's own squared length, which all centers share.

    Returns
    -------
    int
        How many labels have changed.
    """
    features, n = turned.shape
    k = centers.shape[0]
    own = np.empty(k)
    for c in range(k):
        total = 0.0
        for j in range(features):
            total += centers[c, j] * centers[c, j]
        own[c] = total
    changed = 0
    far, best, which = np.empty(_TOGETHER), np.empty(_TOGETHER), np.empty(_TOGETHER)
    for start in range(0, n, _TOGETHER):
        many = min(_TOGETHER, n - start)
        for i in range(many):
            best[i] = np.inf
            which[i] = 0.0
        for c in range(k):
            for i in range(many):
                far[i] = own[c]
            for j in range(features):
                twice = -2.0 * centers[c, j]
                values = turned[j, start : start + many]
                for i in range(many):
                    far[i] += twice * values[i]
            for i in range(many):
                nearer = far[i] < best[i]
                best[i] = far[i] if nearer else best[i]
                which[i] = c if nearer else which[i]
        for i in range(many):
            now = int(which[i])
            changed += now != label[start + i]
            label[start + i] = now
            gap[start + i] = best[i]
    return changed


@compiled
def settle(turned, centers, steps, few):
    """Move centers to the means of those nearest to them until at most ``few`` customers change sides (Lloyd 1982).

    Parameters
    ----------
    turned
        Features × customers.
    centers
        k × features, where to begin; moved in place. One that has lost all its customers stays where it is.
    steps, few
        At most so many steps; so many customers may still change sides at the end.

    Returns
    -------
    tuple
        Each customer's center, and the sum of squared distances less the squares of all customers.
    """
    features, n = turned.shape
    k = centers.shape[0]
    label, before = np.full(n, -1, dtype=np.int32), np.full(n, -1, dtype=np.int32)
    gap = np.empty(n)
    sums, size = np.zeros((k, features)), np.zeros(k)
    for _ in range(steps):
        changed = nearest_center(turned, centers, label, gap)
        # Only those who changed sides change the sums: toward the end these are few.
        for i in range(n):
            now, old = label[i], before[i]
            if now != old:
                size[now] += 1.0
                if old >= 0:
                    size[old] -= 1.0
                for j in range(features):
                    sums[now, j] += turned[j, i]
                    if old >= 0:
                        sums[old, j] -= turned[j, i]
                before[i] = now
        if changed <= few:
            break
        for c in range(k):
            if size[c] > 0:
                for j in range(features):
                    centers[c, j] = sums[c, j] / size[c]
    total = 0.0
    for i in range(n):
        total += gap[i]
    return label, total


@compiled
def first_centers(turned, chance):
    """Choose first centers among the customers, far ones more often: k-means++ (Arthur and Vassilvitskii 2007).

    Parameters
    ----------
    turned
        Features × customers.
    chance
        One number from 0 up to 1 for each center.
    """
    features, n = turned.shape
    k = len(chance)
    centers = np.empty((k, features))
    far = np.full(n, np.inf)
    at = min(int(chance[0] * n), n - 1)
    for place in range(k):
        if place:
            total = 0.0
            for i in range(n):
                total += far[i]
            aim, sofar, at = chance[place] * total, 0.0, n - 1
            for i in range(n):
                sofar += far[i]
                if sofar > aim:
                    at = i
                    break
        centers[place] = turned[:, at]
        gap = np.zeros(n)
        for j in range(features):
            middle = centers[place, j]
            for i in range(n):
                off = turned[j, i] - middle
                gap[i] += off * off
        for i in range(n):
            far[i] = min(far[i], gap[i])
    return centers


@compiled
def best_of(turned, known, chances, steps, few, digits):
    """Let k-means run from known centers, if any, and from several new ones; keep the run with the least squares.

    Parameters
    ----------
    turned
        Features × customers.
    known
        Sets of centers to begin with (runs × k × features); there may be none.
    chances
        One row of numbers from 0 up to 1 per further run, one column per center.
    steps, few
        As for :func:`settle`.
    digits
        A run is better only if it is at least this much better: of equals the first stands.

    Returns
    -------
    tuple
        Centers, each customer's, the sum of squares as :func:`settle` gives it.
    """
    features, n = turned.shape
    k = chances.shape[1]
    best_centers, best_label, best = np.empty((k, features)), np.empty(n, dtype=np.int32), np.inf
    for run in range(len(known) + len(chances)):
        centers = known[run].copy() if run < len(known) else first_centers(turned, chances[run - len(known)])
        label, squares = settle(turned, centers, steps, few)
        if squares < best - digits:
            best_centers, best_label, best = centers, label, squares
    return best_centers, best_label, best

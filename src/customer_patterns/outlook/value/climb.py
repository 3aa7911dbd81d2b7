"""The lowest point of a smooth function of three or four numbers, found the same way on every machine.

General optimizers hand even such small systems to threads that mostly wait for each other: the same steps cost ten
times as much processor time there, and the last digits depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Gives a value and its gradient.
Sloped = Callable[[Floats], tuple[float, Floats]]

#: Numbers are logarithms of parameters: they are looked for between these.
LOWEST, HIGHEST = -9.0, 9.0
#: No step is longer.
_LONGEST = 1.5
_STEPS, _HALVINGS = 60, 25
#: The step by which a gradient is differentiated.
_DIFFERENCE = 1e-4
#: From so many rows on, linear algebra is kept to one thread.
MANY = 10_000


def one_thread(rows: int = MANY) -> AbstractContextManager[object]:
    """Keep linear algebra to one thread where rows are many: sums are then made in the same order everywhere."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1) if rows >= MANY else nullcontext()


def curvature(function: Sloped, point: Floats) -> Floats:
    """Second derivatives, as differences of the gradient."""
    steps = np.eye(len(point)) * _DIFFERENCE
    rows = [(function(point + step)[1] - function(point - step)[1]) / (2 * _DIFFERENCE) for step in steps]
    return (np.array(rows) + np.array(rows).T) / 2


def newton(function: Sloped, hessian: Callable[[Floats], Floats], point: Floats, *, close: float) -> Floats:
    """Go down by Newton's method, turned downhill where the function is not convex.

    Parameters
    ----------
    function, hessian
        The function with its gradient, and its second derivatives.
    point
        Where to begin.
    close
        The end is reached where a step is shorter.
    """
    value, gradient = function(point)
    for _ in range(_STEPS):
        bent, axes = np.linalg.eigh(hessian(point))
        size = np.maximum(np.abs(bent), 1e-9)
        moved, value, new_gradient = _step(function, point, value, gradient, -axes @ ((axes.T @ gradient) / size))
        step, point, gradient = moved - point, moved, new_gradient
        if np.abs(step).max() < close:
            break
    return point


def quasi_newton(function: Sloped, point: Floats, inverse: Floats, *, close: float) -> Floats:
    """Go down from a good point with a good inverse of the second derivatives, which is improved on the way.

    Notes
    -----
    BFGS: Nocedal and Wright (2006), Numerical Optimization, algorithm 6.1.
    """
    value, gradient = function(point)
    for _ in range(_STEPS):
        moved, value, new_gradient = _step(function, point, value, gradient, -inverse @ gradient)
        step, change = moved - point, new_gradient - gradient
        point, gradient = moved, new_gradient
        if np.abs(step).max() < close:
            break
        if (along := step @ change) > 1e-300:
            shift = np.eye(len(point)) - np.outer(step, change) / along
            inverse = shift @ inverse @ shift.T + np.outer(step, step) / along
    return point


def _step(
    function: Sloped, point: Floats, value: float, gradient: Floats, move: Floats
) -> tuple[Floats, float, Floats]:
    """Take a step, half of it, a quarter … until it leads down; none if nothing does."""
    move = move * min(1.0, _LONGEST / max(float(np.abs(move).max()), 1e-300))
    for _ in range(_HALVINGS):
        tried = np.clip(point + move, LOWEST, HIGHEST)
        there, slope = function(tried)
        if there <= value:
            return tried, there, slope
        move = move / 2
    return point, value, gradient

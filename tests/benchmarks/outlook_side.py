"""One side of the lifetime benchmark: ``python outlook_side.py <folder> prepare|ours|lifetimes``; prints JSON.

``prepare`` draws a crowd of a million customers. A side reads it, then fits both models and expects the worth of each
customer within 26 weeks; what is timed is that alone. The side ``lifetimes`` needs nothing of this project, so that any
interpreter that has lifetimes can run it.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

CUSTOMERS, SEED, WEEKS = 1_000_000, 50, 26


def prepare(folder: Path) -> None:
    """Write the crowd: repeat orders, last and tenure in whole days, mean value of an order."""
    from tests.outlook.value.crowds import draw_crowd, draw_values

    orders, last, tenure, *_ = draw_crowd(CUSTOMERS, SEED)
    np.save(folder / "crowd.npy", np.array([orders, last, tenure, draw_values(orders, SEED + 1)]))


def ours(orders, last, tenure, value) -> tuple[dict[str, float], float]:
    """Fit and expect with our own models."""
    from customer_patterns.outlook.value import (
        BG_NBD,
        Span,
        expect_orders,
        expect_spend,
        fit_orders,
        fit_spend,
        histories,
    )

    merged, of = histories(orders, last, tenure).merged()
    fit = fit_orders(merged, BG_NBD)
    again = orders > 0
    spend = fit_spend(orders[again], value[again])
    expected = expect_orders(fit, merged, Span(WEEKS, "weeks")).orders[of]
    worth = expected * expect_spend(spend, orders, np.where(again, value, 0.0))
    found = {name: getattr(fit, name) for name in ("r", "alpha", "a", "b")}
    return found | {name: getattr(spend, name) for name in ("p", "q", "v")}, float(worth.sum())


def lifetimes(orders, last, tenure, value) -> tuple[dict[str, float], float]:
    """Do the same with lifetimes."""
    from lifetimes import BetaGeoFitter, GammaGammaFitter

    fit = BetaGeoFitter().fit(orders, last, tenure)
    again = orders > 0
    spend = GammaGammaFitter().fit(orders[again], value[again])
    expected = fit.conditional_expected_number_of_purchases_up_to_time(WEEKS * 7, orders, last, tenure)
    worth = expected * spend.conditional_expected_average_profit(orders, np.where(again, value, 0.0))
    return {**fit.params_.to_dict(), **spend.params_.to_dict()}, float(np.sum(worth))


SIDES: dict[str, Callable[..., Any]] = {"ours": ours, "lifetimes": lifetimes}


def main(folder: Path, side: str) -> None:
    """Warm up on a thousand customers, then do the work and say what it took."""
    crowd = np.load(folder / "crowd.npy")
    SIDES[side](*crowd[:, :1000])
    started = time.process_time()
    found, worth = SIDES[side](*crowd)
    print(json.dumps({"seconds": time.process_time() - started, "parameters": found, "worth": worth}))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    prepare(Path(sys.argv[1])) if sys.argv[2] == "prepare" else main(Path(sys.argv[1]), sys.argv[2])

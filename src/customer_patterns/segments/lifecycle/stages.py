"""In which stage of life as a customer everybody is at a cut in time."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import bdtr

from customer_patterns.segments.lifecycle.history import shopping_history
from customer_patterns.segments.lifecycle.rules import LifecycleRules
from customer_patterns.segments.lifecycle.tables import DECLINING, GROWING, LOST, MATURE, NEW, REGAINED

#: Of those whose own gap is known, so large a share has a shorter one than what stands in where it is not.
STANDS_IN = 0.75


def lifecycle_stages(orders: ir.Table, *, first_day: date, cut: date, rules: LifecycleRules) -> pd.DataFrame:
    """Say in which stage each customer is at a cut.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``kind``.
    first_day
        The study's first day: what was before it nobody knows.
    cut
        Last day that counts. Later orders change nothing.
    rules
        The thresholds.

    Returns
    -------
    DataFrame
        One row per customer who ordered goods by the cut, by ``customer_id``: ``stage``
        (:data:`~customer_patterns.segments.lifecycle.tables.LIFECYCLE_STAGES`), ``first_on``, ``silent_days``,
        ``cadence_days``, ``recent_days``, ``before_days``.

    Notes
    -----
    Whether somebody shops more often than before is a conditional test of two Poisson rates (Przyborowski and Wilenski
    1940, Biometrika 31, 313–323): of all shopping days of two windows, those of the later one are binomial. The rate of
    everybody who was a customer in both windows is the measure, so that a season makes nobody grow. Silences are
    measured by the own gap, as in the hiatus heuristic (Wübben and von Wangenheim 2008, Journal of Marketing 72), with
    the customer's own cadence in place of one threshold for all.
    """
    history = shopping_history(orders, cut=cut, window_days=rules.window_days).to_pandas()
    end = np.datetime64(cut, "D")
    first = history["first_on"].to_numpy().astype("datetime64[D]")
    silent = (end - history["last_on"].to_numpy().astype("datetime64[D]")).astype(np.int64)
    age = (end - first).astype(np.int64)  # days since the first shopping day
    cadence = own_cadence(history, min_gaps=rules.min_gaps)
    beyond = np.maximum(rules.lost_gaps * cadence, rules.lost_days)
    recent, before = (history[name].to_numpy(dtype=np.int64) for name in ("recent_days", "before_days"))
    already = (first - np.datetime64(first_day, "D")).astype(np.int64) < rules.already_days
    more, fewer = _moved(recent, before, age, rules)
    ended = history["ended_gap"].to_numpy(dtype=float, na_value=0.0)
    # One visit after a long silence is no return to the habit.
    back_on = pd.to_datetime(history["back_on"]).to_numpy().astype("datetime64[D]")
    since = np.where(np.isnat(back_on), 0, (end - back_on).astype(np.int64) + 1)
    back = history["back_days"].to_numpy(dtype=float, na_value=0.0) * cadence >= rules.least_back * since
    # The first that holds decides; the order is that of LifecycleRules.table().
    stage = np.select(
        [silent > beyond, (ended > beyond) & back, (age < rules.window_days) & ~already, more, fewer],
        [LOST, REGAINED, NEW, GROWING, DECLINING],
        MATURE,
    )
    return pd.DataFrame(
        {
            "customer_id": history["customer_id"].astype("str"),
            "stage": pd.Series(stage.astype(object), dtype="str"),
            "first_on": history["first_on"],
            "silent_days": silent,
            "cadence_days": cadence,
            "recent_days": recent,
            "before_days": before,
        }
    )


def own_cadence(history: pd.DataFrame, *, min_gaps: int) -> NDArray[np.float64]:
    """Return each customer's typical gap between shopping days.

    It is that of the last two windows: somebody who came weekly and now comes monthly has a monthly habit. Over all of
    the study the median would be that of the busier time, and silences would be called long sooner.

    Parameters
    ----------
    history
        One row per customer: ``gaps``, ``typical_gap``, ``longest_gap``, of the gaps that ended in these windows.
    min_gaps
        With fewer gaps the own median says little: then the longest own gap counts, or, where that is shorter, a gap
        that is long among all customers.

    Returns
    -------
    ndarray
        Days, 1 or more.
    """
    gaps = history["gaps"].to_numpy(dtype=np.int64)
    typical, longest = (history[name].to_numpy(dtype=float, na_value=0.0) for name in ("typical_gap", "longest_gap"))
    known = gaps >= min_gaps
    long_one = float(np.quantile(typical[known], STANDS_IN)) if known.any() else 7.0
    return np.maximum(np.where(known, typical, np.maximum(longest, long_one)), 1.0)


def _moved(
    recent: NDArray[np.int64], before: NDArray[np.int64], age: NDArray[np.int64], rules: LifecycleRules
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who shops more often than before, and who less, measured by everybody and beyond chance."""
    window = rules.window_days
    # Of who began inside the earlier window only the days after the first one tell how often they came.
    inside = (age >= window) & (age < 2 * window)
    exposed = np.where(inside, np.maximum(age - window, 1), window)
    earlier = np.where(inside, np.maximum(before - 1, 0), before)
    both = age >= 2 * window
    level = recent[both].sum() / max(before[both].sum(), 1) if recent[both].any() and before[both].any() else 1.0
    p = window * level / (window * level + exposed)
    total = recent + earlier
    expected = earlier / exposed * window * level
    more = (recent >= (1 + rules.change) * expected) & (
        1 - bdtr(np.maximum(recent - 1, 0), total, p) * (recent > 0) <= rules.chance
    )
    fewer = (recent <= (1 - rules.change) * expected) & (bdtr(recent, total, p) <= rules.chance)
    return more & (total > 0), fewer & (total > 0)

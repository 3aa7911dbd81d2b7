"""What each customer is worth within a horizon, what all are worth, and which model said so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Z95, Interval, bounded, with_interval
from customer_patterns.features.cells import cents, suppress, whole_numbers
from customer_patterns.outlook.value.futures import Futures
from customer_patterns.outlook.value.spans import Span
from customer_patterns.outlook.value.standing import Standing
from customer_patterns.outlook.value.tables import INDEPENDENT, LIFETIME_MODELS, ONE_TIME, TIED, UNGROUPED, WORTH_TOTAL
from customer_patterns.privacy.differencing import contributions_of

Floats = NDArray[np.float64]

#: Spend and frequency that have a smaller rank correlation than this are as good as independent.
_TIED = 0.15


def customer_values(standing: Standing, futures: Futures, horizon: Span, *, margin: float = 1.0) -> pd.DataFrame:
    """Say of each customer what to expect within a horizon.

    Parameters
    ----------
    standing
        The customers of a day.
    futures
        Their futures within the horizon, from :meth:`Standing.futures`.
    horizon
        How far.
    margin
        The share of revenue that counts as worth.

    Returns
    -------
    DataFrame
        One row per customer, by ``customer_id``; columns as in ``CUSTOMER_VALUES``. ``…_from`` and ``…_to`` hold
        the middle 95 % of the customer's futures; the expected figure may lie outside where most futures are empty.
    """
    expected = standing.expect(horizon)
    orders = np.quantile(futures.orders, [0.025, 0.975], axis=1, method="nearest")
    money = np.quantile(futures.money, [0.025, 0.975], axis=1) * margin
    watched = standing.watched
    return pd.DataFrame(
        {
            "customer_id": watched["customer_id"],
            "one_time": standing.one_time,
            "known_before": watched["known_before"].to_numpy(),
            "shopping_days": watched["shopping_days"].to_numpy(),
            "watched_days": watched["tenure"].to_numpy(),
            "chance_alive": expected.alive.round(6),
            "expected_orders": expected.orders.round(6),
            "orders_from": orders[0].astype(np.int64),
            "orders_to": orders[1].astype(np.int64),
            "value_per_order": (standing.spend * margin).round(6),
            "expected_value": (expected.orders * standing.spend * margin).round(6),
            "value_from": money[0].astype(float).round(6),
            "value_to": money[1].astype(float).round(6),
        }
    )


def worth_by_group(
    values: pd.DataFrame, futures: Futures, groups: pd.Series, *, levels: Sequence[str], margin: float = 1.0
) -> pd.DataFrame:
    """Say what each group of customers is worth; those who came on one day only are a group of their own.

    Parameters
    ----------
    values, futures
        From :func:`customer_values`, and what that was made from.
    groups
        The group of each customer, by ``customer_id``; who has none is in the last row.
    levels
        All groups in their order.
    margin
        As there.

    Returns
    -------
    DataFrame
        One row per group that has customers: ``place``, ``group``, ``n``, ``customers``, ``alive`` (mean chance to be
        still there), ``value`` (expected of all of them) and ``value_each`` with the middle 95 % of futures,
        ``share_of_value``, ``suppressed``.
    """
    names = [*levels, ONE_TIME, UNGROUPED]
    group = values["customer_id"].map(groups).where(~values["one_time"], ONE_TIME).fillna(UNGROUPED)
    code = pd.Index(names).get_indexer(group)
    size = np.bincount(code, minlength=len(names))
    expected = values["expected_value"].to_numpy()
    total = np.bincount(code, expected, len(names))
    sums = futures.sums("money", code, len(names)) * margin
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = sums / sums.sum(axis=0)
        table = pd.DataFrame(
            {
                "place": np.arange(1, len(names) + 1),
                "group": pd.Series(names, dtype="str"),
                "n": whole_numbers(size),
                "customers": len(values),
                "alive": np.bincount(code, values["chance_alive"], len(names)) / size,
            }
        )
        table = with_interval(table, "value", around(total, sums))
        table = with_interval(table, "value_each", around(total / size, sums / size[:, None]))
        table = with_interval(table, "share_of_value", around(total / max(total.sum(), 1e-12), shares))
    blanks = bounded("value", "value_each", "share_of_value")
    sums = contributions_of(expected, group, names).part(size > 0)
    return suppress(table[size > 0].reset_index(drop=True), ["alive", *blanks], partition=True, sums=sums)


def worth_total(
    standing: Standing, values: pd.DataFrame, futures: Futures, horizon: Span, *, continued: float, margin: float = 1.0
) -> pd.DataFrame:
    """Add up what all customers are worth, beside what follows if revenue simply goes on.

    Parameters
    ----------
    standing, values, futures, horizon, margin
        As in :func:`customer_values`, and what that returned.
    continued
        Revenue within the horizon if it goes on as of late, from :func:`continued_revenue`.

    Returns
    -------
    DataFrame
        One row; columns as in ``WORTH_TOTAL``.
    """
    expected, orders = values["expected_value"].to_numpy(), values["expected_orders"].to_numpy()
    money = futures.money.sum(axis=0, dtype=float)[None] * margin
    came = futures.orders.sum(axis=0, dtype=float)[None]
    row = pd.DataFrame(
        {
            "as_of": [standing.as_of],
            "horizon_weeks": [round(horizon.to("weeks"), 6)],
            "n": [len(values)],
            "one_time": [int(standing.one_time.sum())],
            "without_value": [int((standing.crowd.mean_value <= 0).sum())],
            "model": [standing.fitted.orders.model.name],
            "margin": [float(margin)],
            "continued_value": [continued * margin],
        }
    )
    row = with_interval(row, "orders", around(np.array([orders.sum()]), came))
    row = with_interval(row, "value", around(np.array([expected.sum()]), money))
    above_none = row["continued_value"].where(row["continued_value"] > 0)
    row = with_interval(row, "beside_continued", Interval(*(row[name] / above_none for name in bounded("value"))))
    tie = spend_and_frequency(standing)
    row = with_interval(row, "spend_frequency", tie)
    row["spend_verdict"] = TIED if abs(float(tie.value[0])) >= _TIED else INDEPENDENT
    return row.reindex(columns=WORTH_TOTAL.names)


def spend_and_frequency(standing: Standing) -> Interval:
    """Rank correlation of orders and order value: the model of values takes them to be independent.

    Notes
    -----
    Interval: Fisher's transformation with the variance for ranks of Bonett and Wright (2000), Psychometrika 65, 23–28.
    """
    keep = standing.crowd.mean_value > 0
    counted = standing.crowd.counted / np.maximum(standing.crowd.rows.tenure, 1)
    ranks = [pd.Series(column[keep]).rank().to_numpy() for column in (counted, standing.crowd.mean_value)]
    rho = float(np.corrcoef(ranks)[0, 1]) if min(np.ptp(column) for column in ranks) > 0 else 0.0
    reach = Z95 * np.sqrt((1 + rho**2 / 2) / max(keep.sum() - 3, 1))
    at = np.arctanh(np.clip(rho, -0.999999, 0.999999))
    return Interval(*(np.array([x]) for x in (rho, np.tanh(at - reach), np.tanh(at + reach))))


def continued_revenue(orders: ir.Table, *, as_of: date, horizon: Span, lately: Span) -> float:
    """Revenue within a horizon if it goes on as of late: an aggregate forecast to hold the sum of customers against.

    Parameters
    ----------
    orders
        One row per order: ``ordered_on``, ``revenue``.
    as_of
        Orders after it change nothing.
    horizon, lately
        How far ahead, and how far back the pace is taken from.
    """
    days = int(lately.days)
    of_late = orders.filter(orders.ordered_on <= ibis.literal(as_of))
    of_late = of_late.filter(of_late.ordered_on > ibis.literal(as_of - pd.Timedelta(days=days).to_pytimedelta()))
    total = cents(of_late.revenue).sum().to_pyarrow().as_py() or 0
    return float(total) / 100 / days * horizon.days


def model_comparison(standing: Standing, horizon: Span, earlier: Standing | None, came: float | None) -> pd.DataFrame:
    """Compare the models: how well they fit, what they say of who came once, and how well they foretold the end.

    Parameters
    ----------
    standing, horizon
        The customers today, and how far ahead orders are expected.
    earlier
        The same customers at an earlier cut, if there is one.
    came
        How many orders those made between the cut and today.

    Returns
    -------
    DataFrame
        One row per model, by ``place``; columns as in ``LIFETIME_MODELS``. The holdout columns are missing without
        an earlier cut.
    """
    before = {} if earlier is None else {fit.model.name: fit for fit in earlier.fits}
    rows = []
    for place, fit in enumerate(standing.fits, start=1):
        expected = standing.expect(horizon, fit)
        foretold = np.nan
        if earlier is not None and fit.model.name in before:
            held = Span((standing.as_of - earlier.as_of).days, "days")
            foretold = float(earlier.expect(held, before[fit.model.name]).orders.sum())
        rows.append(
            {
                "place": place,
                "model": fit.model.name,
                "regularity": fit.model.regularity,
                "r": fit.r,
                "alpha_days": fit.alpha_days,
                "a": fit.a,
                "b": fit.b,
                "log_likelihood": fit.log_likelihood,
                "bic": fit.bic,
                "n": fit.n,
                "alive": expected.alive.mean(),
                "one_time_alive": expected.alive[standing.one_time].mean() if standing.one_time.any() else np.nan,
                "expected_orders": expected.orders.sum(),
                "holdout_expected": foretold,
                "holdout_came": np.nan if came is None else float(came),
                "holdout_ratio": foretold / came if came else np.nan,
                "chosen": fit.model == standing.fitted.orders.model,
            }
        )
    return pd.DataFrame(rows, columns=LIFETIME_MODELS.names)


def around(value: Floats, futures: Floats) -> Interval:
    """Figures with the middle 95 % of their futures, one row of futures per figure; without bounds where one is NaN."""
    low, high = np.quantile(futures, [0.025, 0.975], axis=1)  # a group without customers has no worth in any future
    return Interval(value, np.minimum(low, value), np.maximum(high, value))

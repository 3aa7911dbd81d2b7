"""What contracts are worth: how long they last is known to the day, so survival is estimated, not guessed."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, bounded, kaplan_meier, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.outlook.value.spans import DAYS, Span
from customer_patterns.outlook.value.tables import ALL_PLANS, CONTRACT_WORTH
from customer_patterns.privacy.differencing import Contributions, contributions

Floats = NDArray[np.float64]

#: With fewer contracts, or fewer cancellations, of a plan nothing is said of how long its contracts last.
FEWEST, FEWEST_ENDED = 10, 3
_RESAMPLES = 200


def contract_spells(contracts: ir.Table, *, as_of: date) -> pd.DataFrame:
    """Say of each contract how long it has lasted, and whether its cancellation was seen.

    Parameters
    ----------
    contracts
        One row per contract: ``contract_id``, ``customer_id``, ``plan``, ``starts_on``, ``ends_on`` (as planned;
        missing: open), ``cancelled_on`` (missing: not cancelled), ``monthly_fee`` (may be missing).
    as_of
        Contracts that begin later are not there; a cancellation after it has not been seen.

    Returns
    -------
    DataFrame
        One row per contract that has begun, by ``contract_id``: ``customer_id``, ``plan``, ``days`` (0 or more),
        ``cancelled`` (False: it ran on, or to its planned end: right-censored), ``running`` (on ``as_of``),
        ``left_days`` (until its planned end; infinite where it has none), ``monthly_fee``.
    """
    begun = contracts.filter(contracts.starts_on <= ibis.literal(as_of)).order_by("contract_id").to_pandas()
    start, end, gone = (
        pd.to_datetime(begun[name]).to_numpy("datetime64[D]") for name in ("starts_on", "ends_on", "cancelled_on")
    )
    today = np.datetime64(as_of)
    cancelled = ~np.isnat(gone) & (gone <= today) & (np.isnat(end) | (gone <= end))
    ran_out = ~np.isnat(end) & (end < today) & ~cancelled
    stop = np.where(cancelled, gone, np.where(ran_out, end, today))
    left = np.where(np.isnat(end), np.inf, (end - today).astype(float))
    return pd.DataFrame(
        {
            "contract_id": begun["contract_id"],
            "customer_id": begun["customer_id"],
            "plan": begun["plan"],
            "days": np.maximum((stop - start).astype(np.int64), 0),
            "cancelled": cancelled,
            "running": ~cancelled & ~ran_out,
            "left_days": left,
            "monthly_fee": begun["monthly_fee"].astype(float),
        }
    )


def contract_worth(spells: pd.DataFrame, *, horizon: Span, seed: int, margin: float = 1.0) -> pd.DataFrame:
    """Estimate, plan by plan, how many running contracts go on and what fees they will bring.

    A contract that runs out within the horizon is taken to be continued: how many are is not in such data.

    Parameters
    ----------
    spells
        From :func:`contract_spells`.
    horizon
        How far.
    seed
        Of resampling.
    margin
        The share of fees that counts.

    Returns
    -------
    DataFrame
        A row for all plans together, then one per plan, by name; columns as in ``CONTRACT_WORTH``: ``kept`` is the part
        of today's running contracts that still run at the horizon, ``value`` the fees until then; intervals resample
        contracts. Missing with fewer than 10 contracts or 3 cancellations. Counts and fees of plans are blank where one
        of them rests on few.

    Notes
    -----
    Survival by Kaplan and Meier (1958). Beyond the longest time seen, the mean risk of the days before goes on.
    """
    plans = [(ALL_PLANS, spells), *spells.groupby("plan", sort=True)] if len(spells) else []
    rows = []
    for number, (plan, group) in enumerate(plans):
        random = np.random.default_rng([seed, 3, number])
        n, running, ended = len(group), int(group["running"].sum()), int(group["cancelled"].sum())
        row = {"place": number + 1, "plan": plan, "n": n, "running": running, "cancelled": ended}
        enough = n >= FEWEST and ended >= FEWEST_ENDED and running > 0
        figures = [_kept_and_paid(group, horizon, margin)] if enough else []
        for _ in range(_RESAMPLES if enough else 0):
            drawn = group.iloc[random.integers(0, n, n)]
            if drawn["running"].any():
                figures.append(_kept_and_paid(drawn, horizon, margin) * [1, running / drawn["running"].sum()])
        rows.append((row, np.array(figures)))
    table = pd.DataFrame([row for row, _ in rows], columns=["place", "plan", "n", "running", "cancelled"])
    for column, name in enumerate(("kept", "value")):
        bounds = [_interval(figures[:, column]) if len(figures) else (np.nan,) * 3 for _, figures in rows]
        table = with_interval(table, name, Interval(*np.array(bounds, dtype=float).reshape(-1, 3).T))
    return _hidden(table, _fees(spells, table["plan"])).reindex(columns=CONTRACT_WORTH.names)


def _fees(spells: pd.DataFrame, plans: pd.Series) -> Contributions:
    """Who pays most of the fees of each plan, the first of them all together."""
    now = spells[spells["running"]] if len(spells) else spells
    paid = [now if plan == ALL_PLANS else now[now["plan"] == plan] for plan in plans]
    each = [contributions(part.groupby("customer_id")[["monthly_fee"]].sum().to_numpy()) for part in paid]
    return Contributions(*(np.array([part[end][0] for part in each]) for end in range(3)))


def _hidden(table: pd.DataFrame, fees: Contributions) -> pd.DataFrame:
    """Blank what rests on few contracts, or on one customer; all plans together must not give it away."""
    counts = ["n", "running", "cancelled"]
    table = table.assign(**{name: whole_numbers(table[name]) for name in counts})
    blanks = [*counts[1:], *bounded("kept", "value")]
    parts, whole = suppress(table[1:], blanks, partition=True), suppress(table[:1], blanks)
    # Of how many contracts are kept nobody's fee can be told, of what they bring it could.
    alone = (table[counts[1:]] < SMALLEST_CELL).any(axis=1) | fees.dominated()
    for part, gives_away in ((parts, alone[1:].any()), (whole, alone[:1].any())):
        if gives_away:
            part[["running", "cancelled"]] = pd.NA
            part[bounded("value")] = np.nan
    return pd.concat([whole, parts])


def _interval(figures: Floats) -> tuple[float, float, float]:
    low, high = np.quantile(figures[1:], [0.025, 0.975]) if len(figures) > 1 else (np.nan, np.nan)
    return figures[0], min(low, figures[0]), max(high, figures[0])


def _kept_and_paid(group: pd.DataFrame, horizon: Span, margin: float) -> Floats:
    """Share of running contracts that last until the horizon, and the fees of all of them until then."""
    log_survival, most = _survival(group)
    now = group[group["running"]]
    age = now["days"].to_numpy()
    days = np.arange(1, round(horizon.days) + 1)
    lasting = np.exp(log_survival(age[:, None] + days[None], most) - log_survival(age[:, None], most))
    fee = now["monthly_fee"].fillna(0.0).to_numpy() / DAYS["months"]
    return np.array([lasting[:, -1].mean(), float(fee @ lasting.sum(axis=1)) * margin])


def _survival(group: pd.DataFrame):
    """The logarithm of survival after so many days; after the last cancellation seen, by the mean risk until then."""
    curve = kaplan_meier(group["days"], group["cancelled"])
    most = int(curve["days"].max())
    steps = np.zeros(most + 2)
    with np.errstate(divide="ignore"):
        hazard = curve["events"] / curve["at_risk"]
    np.add.at(steps, curve["days"].to_numpy(dtype=np.int64), np.log1p(-np.minimum(hazard, 0.999999)))
    known = steps.cumsum()
    exposed = max(float(group["days"].sum()), 1.0)
    risk = group["cancelled"].sum() / exposed

    def log_survival(days: Floats, most: int) -> Floats:
        beyond = np.maximum(days - most, 0)
        return known[np.minimum(days, most)] - risk * beyond

    return log_survival, most

"""What was seen of those who then left, beside those who stayed: prices, discounts, switching, complaints, waiting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, bounded, wilson, with_interval
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.estimates.resampling import draw_weights
from customer_patterns.features import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.features.cells import cents
from customer_patterns.features.enough import empty
from customer_patterns.outlook.churn import tables
from customer_patterns.outlook.churn.backtest import BackTest
from customer_patterns.outlook.churn.history import History
from customer_patterns.schemas.canonical import UNKNOWN

Truths = NDArray[np.bool_]
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

#: Share of false ones allowed among the reasons of a table that tell those who left from those who stayed.
FALSE_DISCOVERY = 0.05

#: What counts as a rise of prices, as a fall of the discount share, as a rise of the share of switches.
PRICES_ROSE, DISCOUNTS_FELL, SWITCHES_ROSE = 0.05, 0.05, 0.10
#: An answer after so many hours is late.
LATE_HOURS = 24.0
#: Topics that are shown at most, the most frequent first.
MOST_TOPICS = 6


def inflation_before(order_lines: ir.Table, history: History) -> pd.DataFrame:
    """Say by how much prices rose for each customer before the test's horizon, as :func:`basket_inflation` does.

    Parameters
    ----------
    order_lines
        As there.
    history
        Its cuts and windows say which days are compared.
    """
    terms, cut = history.terms, history.before_test["last_day"]
    return basket_inflation(order_lines, cut=cut, window_days=terms.window_days, recent_days=terms.recent_days)


def basket_inflation(order_lines: ir.Table, *, cut: date, window_days: int, recent_days: int) -> pd.DataFrame:
    """Say by how much the prices rose of what each customer used to buy.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``customer_id``, ``product_id``, ``ordered_on``, ``revenue``, ``quantity``,
        ``line_kind``.
    cut, window_days, recent_days
        The recent part of the window against the rest of it. Lines outside of the window change nothing.

    Returns
    -------
    DataFrame
        One row per customer who bought something before the recent part that was sold in both: ``customer_id``,
        ``inflation`` (0.05 is 5 % more): the mean paid a unit by all customers, recently by before, of each product
        weighted with what the customer had spent on it (Laspeyres 1871).
    """
    start, turn = cut - timedelta(days=window_days), cut - timedelta(days=recent_days)
    lines = order_lines.filter(
        order_lines.line_kind == "goods",
        order_lines.quantity > 0,
        order_lines.ordered_on > ibis.literal(start),
        order_lines.ordered_on <= ibis.literal(cut),
        order_lines.customer_id.notnull(),
    )
    late = lines.ordered_on > ibis.literal(turn)
    prices = lines.group_by("product_id").aggregate(
        spent=cents(lines.revenue).sum(where=~late),
        units=lines.quantity.sum(where=~late),
        late_spent=cents(lines.revenue).sum(where=late),
        late_units=lines.quantity.sum(where=late),
    )
    prices = prices.filter((prices.spent > 0) & (prices.late_spent > 0))
    prices = prices.select("product_id", ratio=(prices.late_spent / prices.late_units) / (prices.spent / prices.units))
    before = lines.filter(~late)
    basket = before.group_by("customer_id", "product_id").aggregate(spent=cents(before.revenue).sum())
    basket = basket.join(prices, "product_id")
    table = basket.group_by("customer_id").aggregate(
        weight=basket.spent.sum(), risen=(basket.spent * basket.ratio.round(9)).sum()
    )
    table = table.filter(table.weight > 0).order_by("customer_id").to_pandas()
    inflation = np.round(table["risen"].to_numpy(dtype=float) / table["weight"].to_numpy(dtype=float) - 1, 6)
    return pd.DataFrame({"customer_id": table["customer_id"].astype("str"), "inflation": inflation})


def lost_by_purchases(test: BackTest, inflation: pd.DataFrame) -> pd.DataFrame:
    """Compare what purchases showed before the test's horizon, of those who then left and of those who stayed.

    Parameters
    ----------
    test
        From :func:`~customer_patterns.outlook.churn.backtest.back_test`; one that holds no forecast is no error.
    inflation
        One row per customer, from :func:`inflation_before`: ``customer_id``, ``inflation``.

    Returns
    -------
    DataFrame
        One row per reason that could be seen, the last one ``"any of these"``, which says how many of those who left
        are covered at all; columns as in ``LOST_REASONS``. A reason is what was seen before, not a cause.
    """
    if test.forecaster is None:
        return empty(tables.LOST_REASONS)
    rows = test.tested
    rise = rows["customer_id"].map(inflation.set_index("customer_id")["inflation"]).to_numpy(dtype=float)
    seen = {
        "prices of what they buy rose": rise > PRICES_ROSE,
        "fewer discounts": rows["discount_trend"].to_numpy() < -DISCOUNTS_FELL,
        "more changes of brand": rows["brand_switching_trend"].to_numpy() > SWITCHES_ROSE,
        "more changes of channel": rows["channel_switching_trend"].to_numpy() > SWITCHES_ROSE,
    }
    known = {
        "more changes of channel": rows["channel_switching_trend"].notna().any(),
        "prices of what they buy rose": bool(np.isfinite(rise).any()),
    }
    seen = {name: who for name, who in seen.items() if known.get(name, True)}
    return _compared(seen, test.left)[tables.LOST_REASONS.names]


def lost_by_contacts(test: BackTest, contacts: ir.Table | None) -> pd.DataFrame:
    """Compare with what customers turned to the service before the test's horizon, and whether it answered late.

    Parameters
    ----------
    contacts
        One row per contact: ``customer_id``, ``topic``, ``opened_at``, ``first_response_at``; ``None`` without any.

    Returns
    -------
    DataFrame
        One row per topic (the most frequent ones), one for late or missing answers, the last one ``"any of these"``;
        columns as in ``LOST_COMPLAINTS``.
    """
    if test.forecaster is None or contacts is None:
        return empty(tables.LOST_COMPLAINTS)
    last, terms = test.history.cuts[-1], test.history.terms
    day = contacts.opened_at.date()
    asked = contacts.filter(
        (day <= ibis.literal(last)) & (day > ibis.literal(last - timedelta(days=terms.window_days)))
    )
    # An answer after the cut was not known at it: until then the customer waited.
    end = ibis.literal(last + timedelta(days=1)).cast("timestamp")
    answered = ibis.least(asked.first_response_at.fill_null(end), end)
    waited = answered.delta(asked.opened_at, unit="minute") / 60
    asked = asked.select("customer_id", topic=asked.topic.nullif(UNKNOWN), late=waited > LATE_HOURS)
    found = asked.to_pandas()
    rows = test.tested["customer_id"]
    found = found[found["customer_id"].isin(rows)]
    if found.empty:
        return empty(tables.LOST_COMPLAINTS)
    topics = found.groupby("topic")["customer_id"].nunique().sort_values(ascending=False, kind="stable")
    topics = sorted(topics.index, key=lambda topic: (-topics[topic], topic))[:MOST_TOPICS]
    seen = {str(topic): rows.isin(found.loc[found["topic"] == topic, "customer_id"]).to_numpy() for topic in topics}
    seen["waited more than a day"] = rows.isin(found.loc[found["late"], "customer_id"]).to_numpy()
    anybody = rows.isin(found["customer_id"]).to_numpy()
    return _compared(seen, test.left, anybody)[tables.LOST_COMPLAINTS.names]


def _compared(seen: Mapping[str, Truths], left: Truths, anybody: Truths | None = None) -> pd.DataFrame:
    """One row per reason: its share among both, and how many times as frequent among those who left."""
    every = np.column_stack(list(seen.values()))
    anybody = every.any(axis=1) if anybody is None else anybody
    flags = np.column_stack([every, anybody])
    n, others = flags[left].sum(axis=0), flags[~left].sum(axis=0)
    table = pd.DataFrame(
        {
            "reason": pd.Series([*seen, tables.ANY], dtype="str"),
            "n": whole_numbers(n),
            "customers_left": int(left.sum()),
        }
    )
    table = with_interval(table, "share_left", wilson(n, np.full(len(n), left.sum())))
    table = with_interval(table, "share_stayed", wilson(others, np.full(len(n), (~left).sum())))
    table = with_interval(table, "times", _times(flags, left))
    blank = bounded("share_left", "share_stayed", "times")
    p = benjamini_yekutieli(_unlike(n, int(left.sum()), others, int((~left).sum())))
    table = table.assign(p_yekutieli=np.round(p, 10))
    stands = (p <= FALSE_DISCOVERY) & (n >= SMALLEST_CELL)
    more = n * (~left).sum() > others * left.sum()
    verdict = np.select([stands & more, stands], [tables.OFTENER, tables.RARER], tables.CHANCE)
    table = table.assign(verdict=pd.Series(verdict, dtype="str"), fewest=whole_numbers(_fewest(n, others)))
    return suppress(table, ["n", *blank, "p_yekutieli"], n="fewest").drop(columns="fewest")


def _fewest(n: Counts, others: Counts) -> Counts:
    """The count that a row must not tell: that of those who stayed where these are few, else that of those who left."""
    few = (others > 0) & (others < SMALLEST_CELL) & ~((n > 0) & (n < SMALLEST_CELL))
    return np.where(few, others, n)


def _unlike(hits: Counts, of: int, others: Counts, of_others: int) -> Floats:
    """Two-sided p-values that two shares are the same (Fisher's exact test)."""
    from scipy.stats import fisher_exact

    cells = [[[k, of - k], [m, of_others - m]] for k, m in zip(hits.tolist(), others.tolist(), strict=True)]
    return np.array([fisher_exact(cell)[1] for cell in cells])


def _times(flags: Truths, left: Truths) -> Interval:
    """Share among those who left by that among those who stayed; percentiles of resampled customers."""
    parts = np.column_stack([flags & left[:, None], flags & ~left[:, None], left, ~left]).astype(float)
    k = flags.shape[1]

    def of(weights: Floats) -> Floats:
        sums = weights @ parts
        with np.errstate(divide="ignore", invalid="ignore"):
            return (sums[:, :k] / sums[:, [2 * k]]) / (sums[:, k : 2 * k] / sums[:, [2 * k + 1]])

    value = of(np.ones((1, len(left))))[0]
    drawn = np.vstack([of(weights) for _, weights in draw_weights(len(left))])
    known = np.isfinite(drawn).all(axis=0) & np.isfinite(value)
    low, high = (np.full(k, np.nan) for _ in range(2))
    if known.any():
        low[known], high[known] = np.quantile(drawn[:, known], [0.025, 0.975], axis=0)
    value = np.where(known, value, np.nan)
    return Interval(*(np.round(x, 10) for x in (value, np.fmin(low, value), np.fmax(high, value))))

"""What customers are expected to bring, one by one, beside the forecast of all sales over the same weeks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.estimates import Interval, with_interval
from customer_patterns.outlook.forecast.sold import WHOLE_HORIZON, SalesForecast
from customer_patterns.outlook.value.chapter import Worth, empty
from customer_patterns.outlook.value.futures import draw_futures
from customer_patterns.outlook.value.spans import Span
from customer_patterns.outlook.value.tables import APART, MEET, ONE_BY_ONE, SALES_AS_A_WHOLE, WORTH_BESIDE_SALES
from customer_patterns.outlook.value.worth import around

#: Futures per resample: enough for the middle 95 % of a sum over all customers.
_EACH = 5


def worth_beside_sales(worth: Worth, sold: SalesForecast) -> pd.DataFrame:
    """Hold the sum of what each customer is expected to bring against the forecast of all sales.

    The first is made of what each customer did, and knows no weekday, no holiday and nobody who is yet to join. The
    second is made of what was sold each day, and knows no customer. Where they are far apart, at least one is wrong.

    Parameters
    ----------
    worth
        What customers are worth.
    sold
        What will be sold.

    Returns
    -------
    DataFrame
        Two rows, or none where one of the two cannot be said; columns as in ``WORTH_BESIDE_SALES``. The interval of the
        sum holds the middle 95 % of futures, that of the forecast 95 % of the errors that earlier forecasts of as many
        weeks made. They meet where these intervals overlap.

    Notes
    -----
    Revenue, whatever margin counts as worth: that is what a forecast of sales foretells.
    """
    figures = sold.tables["forecast_figures"]
    whole = figures[figures["figure"] == WHOLE_HORIZON].dropna(subset=["value_low", "value_high"])
    if worth.today is None or whole.empty or not sold.horizon_weeks:
        return empty(WORTH_BESIDE_SALES)
    today, ahead = worth.today, Span(sold.horizon_weeks, "weeks")
    money = today.expect(ahead).orders @ today.spend
    futures = draw_futures(today.crowd, today.draws, ahead, each=_EACH, seed=today.seed)
    one_by_one = around(np.array([money]), futures.money.sum(axis=0, dtype=float)[None])
    row = whole.iloc[0]
    parts = zip(one_by_one, (row["value"], row["value_low"], row["value_high"]), strict=True)
    value = Interval(*(np.array([float(np.ravel(customers)[0]), float(sales)]) for customers, sales in parts))
    table = pd.DataFrame(
        {
            "place": [1, 2],
            "added_up": pd.Series([ONE_BY_ONE, SALES_AS_A_WHOLE], dtype="str"),
            "weeks": sold.horizon_weeks,
            "n": len(today.watched),
        }
    )
    meet = bool(value.low.max() <= value.high.min())
    table = with_interval(table, "revenue", value).assign(verdict=pd.Series([MEET if meet else APART] * 2, dtype="str"))
    return table[WORTH_BESIDE_SALES.names]

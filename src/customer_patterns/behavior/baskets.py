"""What a basket holds: its value and its products."""

from __future__ import annotations

import math
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis.common.deferred import Deferred

from customer_patterns.behavior.tables import BASKET_VALUES
from customer_patterns.estimates import Interval, bootstrap_quantile, bootstrap_ratio, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, cents, encode, order_profile, whole_numbers
from customer_patterns.features.enough import empty_unless_enough

#: Quantiles reported beside the mean.
QUANTILES = {"lowest tenth": 0.1, "lower quarter": 0.25, "median": 0.5, "upper quarter": 0.75, "highest tenth": 0.9}


def basket_figures(orders: ir.Table) -> pd.DataFrame:
    """Estimate value and size of baskets of goods: mean and quantiles.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``kind``, ``products``, ``goods_revenue``.

    Returns
    -------
    DataFrame
        One row per statistic (``mean``, ``lowest tenth``, ``lower quarter``, ``median``, ``upper quarter``, ``highest
        tenth``), in this order: ``statistic``, ``basket_value`` (goods only, fuel bought with them left out; study
        currency), ``basket_products`` (different products), both with intervals (resampling customers), ``orders``,
        ``n`` (customers). Blank where customers are too few.
    """
    measures = {"basket_value": (cents(ibis._.goods_revenue), 100), "basket_products": (ibis._.products, 1)}
    return _statistics(orders.filter(orders.kind == "goods"), measures)


def fuel_figures(orders: ir.Table) -> pd.DataFrame:
    """Estimate the value of stops for fuel alone: mean and quantiles.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``kind``, ``fuel_revenue``.

    Returns
    -------
    DataFrame
        As :func:`basket_figures`, with ``fuel_value`` (study currency) over orders of fuel alone.
    """
    return _statistics(orders.filter(orders.kind == "fuel"), {"fuel_value": (cents(ibis._.fuel_revenue), 100)})


def _statistics(orders: ir.Table, measures: Mapping[str, tuple[Deferred, int]]) -> pd.DataFrame:
    """Mean and quantiles over orders; each measure with what divides it."""
    found = orders.select("customer_id", **{name: value for name, (value, _) in measures.items()}).to_pyarrow()
    names, codes = encode(found["customer_id"])
    table = pd.DataFrame({"statistic": pd.Series(["mean", *QUANTILES], dtype="str")})
    for name, (_, divisor) in measures.items():
        values = found[name].to_numpy()
        intervals = np.full((3, len(table)), np.nan)
        if len(names) >= SMALLEST_CELL:
            mean = bootstrap_ratio(np.bincount(codes, values), np.bincount(codes))
            quantiles = bootstrap_quantile(values, codes, q=list(QUANTILES.values()))
            intervals = np.column_stack([mean, quantiles]) / divisor
        table = with_interval(table, name, Interval(*intervals))
    counts = {"orders": len(codes), "n": len(names)}
    return table.assign(
        **{k: whole_numbers([v if len(names) >= SMALLEST_CELL else None] * len(table)) for k, v in counts.items()}
    )


#: So many classes a chart can show.
_MOST_CLASSES = 30


def class_limits(goods: ir.Table, *, width: float = 0, last: float = 0) -> tuple[float, float]:
    """Return how wide the classes of basket values are, and where the last, open one begins; what is given stays.

    The width is that of Freedman and Diaconis (1981), twice the quartiles' distance by the cube root of the number of
    baskets, but so large that a chart can show all classes, and rounded up to 1, 2 or 5 times a power of ten. The last
    class begins above all but one basket in forty.

    Parameters
    ----------
    goods
        One row per order of goods: ``goods_revenue``.
    width, last
        In the study's currency; 0: from the data.
    """
    value = goods.goods_revenue.cast("float64")
    quarter, most = value.quantile(0.75) - value.quantile(0.25), value.quantile(0.975)
    found = goods.aggregate(n=goods.count(), quarter=quarter, most=most).to_pyarrow().to_pylist()[0]
    return limits_for(found["n"], found["quarter"] or 0.0, found["most"] or 0.0, width=width, last=last)


def limits_for(
    baskets: int, quartiles_distance: float, most: float, *, width: float = 0, last: float = 0
) -> tuple[float, float]:
    """Return the limits of :func:`class_limits`, given what they rest on.

    Parameters
    ----------
    baskets
        How many there are.
    quartiles_distance
        From the lower to the upper quarter of their values, in the study's currency.
    most
        The value that one basket in forty exceeds, likewise.
    width, last
        As there.
    """
    end = last or max(most, 0.01)
    if not width:
        least = max(2 * quartiles_distance / max(baskets, 1) ** (1 / 3), end / _MOST_CLASSES, 0.01)
        power = 10.0 ** math.floor(math.log10(least))
        width = next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))
        width = round(width, 2)
        last = math.ceil(end / width - 1e-9) * width
    return width, last or math.ceil(end / width - 1e-9) * width


@empty_unless_enough(BASKET_VALUES)
def basket_histogram(orders: ir.Table, *, width: float = 0, last: float = 0) -> pd.DataFrame:
    """Count baskets by their value.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``kind``, ``goods_revenue``.
    width
        Width of a class in the study's currency.
    last
        Where the last class begins; it has no end. 0, like a width of 0: from the data, see :func:`class_limits`.

    Returns
    -------
    DataFrame
        One row per class, ascending: ``value_from``, ``value_to`` (missing for the last; the value itself belongs to
        the next class), ``orders``, ``share_of_orders`` with interval (resampling customers), ``n`` (customers with
        such a basket), ``customers`` (all with a basket), ``suppressed``.

    Raises
    ------
    ValueError
        ``last`` is not a multiple of ``width``.
    """
    goods = orders.filter(orders.kind == "goods")
    width, last = class_limits(goods, width=width, last=last)
    classes = round(last / width)
    if width <= 0 or abs(classes * width - last) > 1e-9:
        raise ValueError(f"the last class begins at a multiple of {width}, not at {last}")
    step = round(width * 100)
    number = ibis.least((cents(goods.goods_revenue) / step).floor().cast("int64"), classes)
    profile = order_profile(goods.mutate(number=number), by="number", levels=range(classes + 1), of=("orders",))
    starts = np.arange(classes + 1) * step / 100
    ends = np.append(starts[1:], np.nan)
    return pd.concat([pd.DataFrame({"value_from": starts, "value_to": ends}), profile], axis=1)


def closed_classes(values: pd.DataFrame) -> pd.DataFrame:
    """Keep the classes that a histogram can draw: from the first on, up to one that is blank or has no end.

    None where they hold less than half of all baskets: the shape of so few would mislead.

    Parameters
    ----------
    values
        One row per class, from :func:`basket_histogram`.
    """
    drawable = values["value_to"].notna() & (values["suppressed"] == "no")
    drawn = values[drawable.cummin()]
    return drawn if drawn["share_of_orders"].sum() >= 0.5 else drawn[:0]

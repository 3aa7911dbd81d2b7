"""What might be lost with a product that is taken off the shelf: bounds, since no data without a delisting say more.

If a product is gone, its buyers take another of its kind, or they do not. Who has bought others of its kind has shown
that they will do; who, in several purchases, never did, has not. So two assumptions bound what is likely:

- *lower*: lost is the revenue of those who never bought another of its product type, in several purchases of the type;
- *higher*: of each buyer's revenue that share is lost with which they chose the product among their purchases of its
  type, so that all is lost of those who never bought another, one-time buyers included.

Between the two the data cannot tell, and the truth may lie outside: those who never bought another might (then less is
lost), or others might leave with the whole basket (then more is). It is what Campo, Gijsbrechts and Nisol (2000,
Journal of Retailing 76, 219–242; 2003, International Journal of Research in Marketing 20, 273–286) ask of customers
before an empty shelf, taken from duplication of purchase (Ehrenberg 1988, Repeat-Buying) where nobody was asked.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from customer_patterns.estimates import Interval, wilson, with_interval
from customer_patterns.features.cells import cents
from customer_patterns.features.enough import empty
from customer_patterns.patterns.assortment import tables
from customer_patterns.privacy.differencing import CLOSEST
from customer_patterns.schemas.canonical import UNKNOWN

Floats = NDArray[np.float64]


def revenue_at_risk(
    order_lines: ir.Table,
    products: ir.Table,
    *,
    first_day: date,
    last_day: date,
    least_buyers: int,
    enough_purchases: int,
    protect: bool = True,
) -> pd.DataFrame:
    """Bound the share of a product's revenue that might be lost if it were no longer sold.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``customer_id``, ``product_id``, ``ordered_on``, ``revenue``, ``line_kind``;
        only goods of known customers count.
    products
        One row per product: ``product_id``, ``product_type``. A product whose type is ``"unknown"``, or that is the
        only one of its type, has no substitute that could be named and is left out.
    first_day, last_day
        The period, both days included.
    least_buyers
        Products of fewer buyers are left out.
    enough_purchases
        So many purchases of a product type, all of one product, show that a customer takes no other; 2 or more.
    protect
        Leave out products of which one buyer brings nearly half of the revenue, or more: it would tell what they spent.

    Returns
    -------
    DataFrame
        Two rows per product, one for each assumption, by ``product_id``; columns as in ``REVENUE_AT_RISK``. Intervals
        cluster by customer (linearization of a ratio).

    Raises
    ------
    ValueError
        ``enough_purchases`` is less than 2: nobody can buy another in one purchase.
    """
    if enough_purchases < 2:
        raise ValueError(f"to have shown anything takes two purchases, not {enough_purchases}")
    bought = _bought(order_lines, products, first_day, last_day, least_buyers)
    if bought is None:
        return empty(tables.REVENUE_AT_RISK)
    never = (bought.purchases == bought.of_type) & (bought.of_type >= enough_purchases)
    bought = bought.mutate(
        lower=ibis.ifelse(never, bought.revenue, 0).cast("float64"),
        # Whole cents: sums of whole numbers are the same in whatever order the rows are added.
        higher=(bought.revenue * bought.purchases / bought.of_type).round().cast("float64"),
    )
    of = ibis._
    sums = {"n": of.count(), "revenue": of.revenue.sum(), "square": (of.revenue**2).sum(), "most": of.revenue.max()}
    for name in ("lower", "higher"):
        sums |= {
            name: of[name].sum(),
            f"{name}_square": (of[name] ** 2).sum(),
            f"{name}_cross": (of[name] * of.revenue).sum(),
        }
    found = bought.group_by("product_id", "product_type").aggregate(**sums)
    # Who brings so much of a sum gives it away, whatever the second brings (the p% rule).
    apart = (found.most * (2 + CLOSEST) <= found.revenue) if protect else (found.most >= 0)
    found = found.filter((found.n >= least_buyers) & (found.revenue > 0) & apart)
    found = found.order_by("product_id").execute()
    if found.empty:
        return empty(tables.REVENUE_AT_RISK)
    parts = []
    for name, assumption in (("lower", tables.NEVER_ANOTHER), ("higher", tables.IN_PROPORTION)):
        share = _share(found, name)
        revenue = found["revenue"] / 100
        part = pd.DataFrame(
            {
                "product_id": found["product_id"],
                "product": found["product_type"] + " " + found["product_id"],
                "assumption": assumption,
                "revenue": revenue,
                "n": found["n"].astype("int64"),
            }
        )
        part = with_interval(part, "share", share)
        parts.append(with_interval(part, "at_risk", Interval(*(end * revenue.to_numpy() for end in share))))
    table = pd.concat(parts).sort_values(["product_id", "assumption"], ignore_index=True)
    return table[tables.REVENUE_AT_RISK.names]


def at_most_risk(risks: pd.DataFrame, *, most: int) -> pd.DataFrame:
    """Choose the products with which most revenue might be lost, by the lower assumption.

    Parameters
    ----------
    risks
        Rows as in ``REVENUE_AT_RISK``.
    most
        How many products.

    Returns
    -------
    DataFrame
        Both rows of each of them, from the largest revenue at risk down.
    """
    first = risks[risks["assumption"] == tables.NEVER_ANOTHER].sort_values(
        ["at_risk", "product_id"], ascending=[False, True]
    )
    place = {product: at for at, product in enumerate(first["product_id"].head(most))}
    rows = risks[risks["product_id"].isin(place)]
    return rows.assign(place=rows["product_id"].map(place)).sort_values(
        ["place", "assumption"], ascending=[True, False], ignore_index=True
    )[risks.columns]


def _bought(
    order_lines: ir.Table, products: ir.Table, first_day: date, last_day: date, least_lines: int
) -> ir.Table | None:
    """One row per customer and product of a kind with a choice: ``purchases``, ``revenue`` (cents), and ``of_type``.

    The last are the customer's purchases of the product's type.
    """
    within = order_lines.ordered_on.between(ibis.literal(first_day), ibis.literal(last_day))
    goods = order_lines.filter((order_lines.line_kind == "goods") & within & order_lines.customer_id.notnull())
    types = products.select("product_id", "product_type")
    types = types.filter(types.product_type.notnull() & (types.product_type != UNKNOWN))
    # Only kinds of which a product may have buyers enough are worth adding up: each buyer leaves a line at least.
    lines = goods.group_by("product_id").aggregate(lines=goods.count()).join(types, "product_id")
    kinds = lines.group_by("product_type").aggregate(kinds=lines.count(), most=lines.lines.max())
    types = types.inner_join(kinds.filter((kinds.most >= least_lines) & (kinds.kinds > 1)), "product_type")
    types = types.select("product_id", "product_type").to_pyarrow()
    if not len(types):
        return None
    types = ibis.memtable(types)
    bought = goods.join(types, "product_id").group_by("customer_id", "product_id", "product_type")
    bought = bought.aggregate(purchases=ibis._.count(), revenue=cents(ibis._.revenue).sum().cast("float64"))
    bought = bought.filter(bought.revenue >= 0)
    same = ibis.window(group_by=["customer_id", "product_type"])
    return bought.mutate(of_type=bought.purchases.sum().over(same))


def _share(found: pd.DataFrame, name: str) -> Interval:
    """Shares of revenue with intervals on the logit scale, which keeps them within 0 and 1; at the ends, Wilson's."""
    n, part, total = (found[column].to_numpy(dtype=float) for column in ("n", name, "revenue"))
    share = (part / total).clip(0, 1)
    spread = found[f"{name}_square"] - 2 * share * found[f"{name}_cross"] + share**2 * found["square"]
    error = np.sqrt(np.maximum(spread.to_numpy(dtype=float), 0) * n / np.maximum(n - 1, 1)) / total
    inner = (share > 0) & (share < 1)
    safe = np.where(inner, share, 0.5)
    reach = stdtrit(np.maximum(n - 1, 1), 0.975) * error / (safe * (1 - safe))
    logit = np.log(safe / (1 - safe))
    ends = wilson(np.where(share > 0, n, 0), n)
    low = np.where(inner, 1 / (1 + np.exp(-(logit - reach))), ends.low)
    high = np.where(inner, 1 / (1 + np.exp(-(logit + reach))), ends.high)
    return Interval(share, np.minimum(low, share), np.maximum(high, share))

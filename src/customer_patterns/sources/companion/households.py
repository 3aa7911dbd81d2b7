"""What customers bought before each wave and after it: the ground on which contentment is planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from customer_patterns.sources.companion.plan import Plan


@dataclass(frozen=True)
class Purchases:
    """A parquet file of order lines, and what its columns are called."""

    path: Path
    order_id: str
    customer_id: str
    ordered_at: str
    revenue: str


def spending(plan: Plan, purchases: Purchases) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sum up what each customer spent, in all and around each wave.

    Parameters
    ----------
    plan
        The waves; days begin at midnight in the plan's zone.
    purchases
        One row per product in an order; moments in UTC.

    Returns
    -------
    customers
        One row per customer, by ``customer_id``: ``spend_cents``, ``first_day`` (of buying, counted from the plan's
        first, 0 or more).
    waves
        One row per wave and customer who had bought before it, by both: ``past_cents``, ``past_orders``,
        ``later_cents`` (in the ``horizon_days`` from the wave's day on).
    """
    names = {
        "order_id": purchases.order_id,
        "customer_id": purchases.customer_id,
        "paid_at": purchases.ordered_at,
    }
    columns = ", ".join(f'"{there}" AS {here}' for here, there in names.items())
    path = str(purchases.path).replace("'", "''")
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "700MB"})
    # Whole cents: a sum of doubles would depend on the order in which threads add.
    connection.execute(
        f'CREATE VIEW line AS SELECT {columns}, CAST(round(CAST("{purchases.revenue}" AS DOUBLE) * 100) AS BIGINT) '
        f"AS cents FROM read_parquet('{path}')"
    )
    customers = connection.execute(
        "SELECT CAST(customer_id AS VARCHAR) AS customer_id, CAST(sum(cents) AS BIGINT) AS spend_cents, "
        "min(paid_at) AS first_at FROM line GROUP BY ALL ORDER BY 1"
    ).df()
    chosen = _sample(plan, customers)
    waves = []
    for name, day in plan.waves:
        begins, ends = plan.midnight(day), plan.midnight(day + timedelta(days=plan.horizon_days))
        rows = connection.execute(
            "SELECT CAST(customer_id AS VARCHAR) AS customer_id, "
            "CAST(sum(cents) FILTER (paid_at < $1) AS BIGINT) AS past_cents, "
            "count(DISTINCT order_id) FILTER (paid_at < $1) AS past_orders, "
            "CAST(coalesce(sum(cents) FILTER (paid_at >= $1), 0) AS BIGINT) AS later_cents "
            "FROM line WHERE paid_at < $2 GROUP BY ALL HAVING min(paid_at) < $1 ORDER BY 1",
            [begins, ends],
        ).df()
        waves.append(rows.assign(wave=name))
    connection.close()
    start = np.datetime64(plan.midnight(plan.first_day), "us")
    first = (chosen["first_at"].to_numpy().astype("datetime64[us]") - start) // np.timedelta64(1, "D")
    chosen = chosen.assign(first_day=np.maximum(first.astype("int64"), 0)).drop(columns="first_at")
    whole = pd.concat(waves, ignore_index=True)
    whole = whole[whole["customer_id"].isin(chosen["customer_id"])]
    return chosen, whole.sort_values(["wave", "customer_id"], ignore_index=True)


def _sample(plan: Plan, customers: pd.DataFrame) -> pd.DataFrame:
    """Take a sample of a very large clientele."""
    if len(customers) <= plan.most_customers:
        return customers
    taken = np.sort(plan.rng(0).choice(len(customers), size=plan.most_customers, replace=False))
    return customers.iloc[taken].reset_index(drop=True)

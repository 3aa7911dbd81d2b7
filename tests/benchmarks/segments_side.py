"""One side of one piece of the segments' work: ``python -m tests.benchmarks.segments_side <folder> <work> <side>``.

Prints one line of JSON: CPU seconds of the work alone (data in memory before, results in memory after), and figures by
which two sides can be compared. ``prepare`` instead of a work writes the panel's orders into the folder, as often as it
takes to have :data:`ORDERS` of them.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

#: Work shorter than this is done again, and the shortest time counts: what else the machine does disturbs it most.
_SHORT = 2.0
#: As in the issue: customers and features; numbers of clusters that are tried; clusters of a million.
_FEATURES, _MOST, _CLUSTERS = 8, 10, 8
_AS_OF = date(2017, 12, 31)
#: At least so many rows, one per order.
ORDERS = 10_000_000
Work = tuple[Callable[[], Any], Callable[[Any], dict[str, float]]]


def prepare(folder: Path) -> int:
    """Write one row per order of the panel, over and over, each time with other customers; print how many there are."""
    import duckdb

    from customer_patterns.sources import locate
    from customer_patterns.study import load_study
    from tests.benchmarks.panel import ORIGINAL

    lines = load_study(ORIGINAL).source("order_lines")
    column = lines.columns
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    con.execute(f"""
        CREATE TABLE once AS
        SELECT CAST(any_value({column["customer_id"]}) AS BIGINT) AS customer,
               min({column["ordered_at"]})::DATE AS ordered_on,
               sum({column["revenue"]})::DECIMAL(18, 2) AS revenue
        FROM '{locate(lines)}' GROUP BY {column["order_id"]} ORDER BY ALL
    """)
    once = con.execute("SELECT count(*) FROM once").fetchone()[0]
    copies = -(-ORDERS // once)
    con.execute(f"""
        COPY (SELECT copy * 10000000 + customer AS customer, ordered_on, revenue
              FROM range({copies}) AS t(copy), once ORDER BY ordered_on, customer, revenue)
        TO '{folder / "orders.parquet"}'
    """)
    return copies * once


def groups(customers: int) -> np.ndarray:
    """Customers in eight groups that overlap."""
    rng = np.random.default_rng(11)
    centers = rng.normal(0, 2, (_CLUSTERS, _FEATURES))
    return centers[rng.integers(0, _CLUSTERS, customers)] + rng.normal(0, 1, (customers, _FEATURES))


def choose(folder: Path, side: str) -> Work:
    """Choose how many clusters there are, two to ten, and put everybody into one."""
    points = groups(100_000)
    if side == "ours":
        from customer_patterns.segments import find_segments

        find_segments(points[:500], null_clouds=1, halves=2)
        return (lambda: find_segments(points, most_clusters=_MOST)), lambda found: {"clusters": found.k}

    def by_silhouette() -> int:
        from sklearn.cluster import KMeans
        from sklearn.metrics import silhouette_score

        width = {}
        for k in range(2, _MOST + 1):
            found = KMeans(k, n_init=10, random_state=0).fit_predict(points)
            width[k] = silhouette_score(points, found, sample_size=10_000, random_state=0)
        return max(width, key=width.__getitem__)

    return by_silhouette, lambda found: {"clusters": found}


def cluster(folder: Path, side: str) -> Work:
    """Put a million customers into eight clusters."""
    points = groups(1_000_000)
    if side == "ours":
        from customer_patterns.segments import cluster_customers

        cluster_customers(points[:30_000], _CLUSTERS, seed=1)
        return (lambda: cluster_customers(points, _CLUSTERS, seed=1)), lambda found: {"inertia": found.inertia}
    from sklearn.cluster import KMeans

    return (
        lambda: KMeans(_CLUSTERS, n_init=10, random_state=0).fit(points),
        lambda found: {"inertia": float(found.inertia_)},
    )


def rfm(folder: Path, side: str) -> Work:
    """Days since the last order, orders and revenue of each customer, from one row per order."""
    if side == "ours":
        import ibis

        from customer_patterns import warehouse
        from customer_patterns.segments import rfm_table

        backend = warehouse.connect()
        read = backend.read_parquet(folder / "orders.parquet")
        made = read.select(
            customer_id=read.customer, ordered_on=read.ordered_on, revenue=read.revenue, kind=ibis.literal("goods")
        )
        orders = warehouse.keep(backend, made, "orders")
        return (
            lambda: rfm_table(orders, as_of=_AS_OF).to_pyarrow(),
            lambda found: {"customers": len(found), "days": int(found["recency_days"].to_pandas().sum())},
        )
    orders = pd.read_parquet(folder / "orders.parquet")
    orders = orders.assign(ordered_on=pd.to_datetime(orders["ordered_on"]), revenue=orders["revenue"].astype(float))
    return (
        lambda: lifetimes_summary(orders),
        lambda found: {"customers": len(found), "days": int((found["T"] - found["recency"]).sum())},
    )


def lifetimes_summary(orders: pd.DataFrame) -> pd.DataFrame:
    """Repeat days, days from first to last, age and mean value, as ``summary_data_from_transaction_data`` does.

    The steps of lifetimes 0.11.3, which is archived and does not run beside current packages: orders of one customer
    and day are one, the first of each customer is set apart, the rest is counted and averaged.
    """
    end = pd.Timestamp(_AS_OF)
    made = orders.loc[orders["ordered_on"] <= end, ["customer", "ordered_on", "revenue"]]
    made = made.sort_values("ordered_on").set_index("ordered_on")
    made.index = made.index.to_period("D")
    by_day = made.groupby(["ordered_on", "customer"], sort=False, as_index=False).sum()
    first = by_day.groupby("customer", sort=True, as_index=False).head(1).index
    by_day["first"] = False
    by_day.loc[first, "first"] = True
    days = by_day.assign(ordered_on=by_day["ordered_on"].dt.to_timestamp())
    people = days.groupby("customer", sort=False)["ordered_on"].agg(["min", "max", "count"])
    found = pd.DataFrame({"frequency": people["count"] - 1})
    found["T"] = (end - people["min"]).dt.days
    found["recency"] = (people["max"] - people["min"]).dt.days
    repeats = days[~days["first"]].groupby("customer")["revenue"].mean()
    return found.assign(monetary_value=repeats.reindex(found.index).fillna(0.0))


def resample(folder: Path, side: str) -> Work:
    """Ten thousand resamples of a ratio over a hundred thousand customers."""
    rng = np.random.default_rng(5)
    orders = rng.poisson(5, 100_000) + 1.0
    spend = orders * rng.gamma(3, 10, 100_000)
    if side == "ours":
        from customer_patterns.estimates import bootstrap_ratio

        bootstrap_ratio(spend[:30_000], orders[:30_000], resamples=10_000)
        return (
            lambda: bootstrap_ratio(spend, orders, resamples=10_000),
            lambda found: {"low": float(found.low), "high": float(found.high)},
        )
    from scipy.stats import bootstrap

    def ratio(a: np.ndarray, b: np.ndarray, axis: int = -1) -> np.ndarray:
        return a.sum(axis=axis) / b.sum(axis=axis)

    return (
        lambda: bootstrap(
            (spend, orders), ratio, paired=True, vectorized=True, n_resamples=10_000, batch=100, method="percentile",
            rng=np.random.default_rng(1),
        ),
        lambda found: {"low": float(found.confidence_interval.low), "high": float(found.confidence_interval.high)},
    )  # fmt: skip


WORKS: dict[str, Callable[[Path, str], Work]] = {
    "choose": choose,
    "cluster": cluster,
    "rfm": rfm,
    "resample": resample,
}


def measure(folder: Path, work: str, side: str) -> dict[str, float]:
    """Do a work on a side, and say what it took and what came of it."""
    run, account = WORKS[work](folder, side)
    seconds: list[float] = []
    while not seconds or (sum(seconds) < _SHORT and len(seconds) < 5):
        started = time.process_time()
        found = run()
        seconds.append(time.process_time() - started)
    return {"seconds": min(seconds), **account(found)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[2] == "prepare":
        print(json.dumps({"orders": prepare(Path(sys.argv[1]))}))
    else:
        print(json.dumps(measure(Path(sys.argv[1]), *sys.argv[2:])))

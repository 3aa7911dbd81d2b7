"""What a companion sees of the purchases it accompanies, order by order, and of the shop's campaigns and products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from customer_patterns.sources.companion.households import Purchases
from customer_patterns.sources.companion.plan import Plan

#: Lines of more units than this are fuel, counted in thousandths of a gallon; nobody orders fuel online.
_MOST_UNITS = 1_000


@dataclass(frozen=True)
class Columns:
    """A parquet file, and what columns of it are called: own name to the file's."""

    path: Path
    names: dict[str, str]


@dataclass(frozen=True)
class Shop:
    """Where the rest of a shop's records lie; what is not there is not accompanied.

    Attributes
    ----------
    lines
        The purchases: ``product_id`` and ``quantity`` beside what :class:`Purchases` names.
    products
        ``product_id``, ``department``.
    campaigns, recipients
        ``campaign_id``, ``campaign_type``, ``starts_on``; ``campaign_id``, ``customer_id``.
    """

    lines: Columns
    products: Columns | None = None
    campaigns: Columns | None = None
    recipients: Columns | None = None


@dataclass(frozen=True)
class Surroundings:
    """The real records that simulated ones hang on. All by the moment they became known, so a later end adds rows last.

    Attributes
    ----------
    orders
        One row per order, by ``ordered_at`` and ``order_id``: both, ``customer_id``, ``cents``, ``fuel`` (whether any
        line is), ``day`` (local, counted from the plan's first), ``second`` (of the local day).
    customers
        One row per customer, by first order: ``customer_id``, ``first_day``.
    lines
        One row per product in an order: ``order_id``, ``product_id``.
    products
        One row per product, by key: ``product_id``, ``department``.
    mailings
        One row per recipient of a campaign, by both and first day: ``campaign_id``, ``campaign_type``, ``day``,
        ``customer_id``.
    """

    orders: pd.DataFrame
    customers: pd.DataFrame
    lines: pd.DataFrame
    products: pd.DataFrame
    mailings: pd.DataFrame


def look_around(plan: Plan, purchases: Purchases, shop: Shop, *, known_before: date | None = None) -> Surroundings:
    """Read what a companion sees of a shop.

    Parameters
    ----------
    plan
        The days and their zone.
    purchases, shop
        Where the records lie.
    known_before
        Only what was known before this local day; everything, if not given.
    """
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "900MB"})
    end = plan.midnight(known_before) if known_before else pd.Timestamp("2262-01-01")
    names = {
        "order_id": purchases.order_id,
        "customer_id": purchases.customer_id,
        "ordered_at": purchases.ordered_at,
        "revenue": purchases.revenue,
        **shop.lines.names,
    }
    connection.execute(f"CREATE VIEW line AS {_select(Columns(shop.lines.path, names))}")
    orders = connection.execute(
        "SELECT CAST(order_id AS VARCHAR) AS order_id, CAST(min(customer_id) AS VARCHAR) AS customer_id, "
        "CAST(min(ordered_at) AS TIMESTAMP) AS ordered_at, "
        "CAST(sum(CAST(round(CAST(revenue AS DOUBLE) * 100) AS BIGINT)) AS BIGINT) AS cents, "
        "max(CAST(quantity AS DOUBLE)) > $1 AS fuel FROM line "
        "WHERE ordered_at < $2 AND order_id IS NOT NULL AND customer_id IS NOT NULL "
        "GROUP BY order_id ORDER BY ordered_at, order_id",
        [_MOST_UNITS, end],
    ).df()
    lines = connection.execute(
        "SELECT DISTINCT CAST(order_id AS VARCHAR) AS order_id, CAST(product_id AS VARCHAR) AS product_id FROM line "
        "WHERE ordered_at < $1 AND product_id IS NOT NULL ORDER BY 1, 2",
        [end],
    ).df()
    products = _products(connection, shop)
    mailings = _mailings(connection, plan, shop)
    connection.close()
    orders = orders.assign(**_local(plan, orders["ordered_at"]))
    if known_before:
        mailings = mailings[mailings["day"] < (known_before - plan.first_day).days].reset_index(drop=True)
    return Surroundings(orders, _customers(orders), lines, products, mailings)


def utc_of(plan: Plan, day: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Turn local days, counted from the plan's first, and seconds on the wall clock into UTC moments.

    A time that the clocks skip is taken as the first after it; of a time that comes twice the first is meant.
    """
    local = np.datetime64(plan.first_day, "us") + np.asarray(day) * np.timedelta64(1, "D")
    local = pd.DatetimeIndex(local + np.asarray(second) * np.timedelta64(1, "s"))
    zoned = local.tz_localize(plan.time_zone, ambiguous=np.ones(len(local), dtype=bool), nonexistent="shift_forward")
    return zoned.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")


def _select(columns: Columns) -> str:
    path = str(columns.path).replace("'", "''")
    listed = ", ".join(f'"{there}" AS {here}' for here, there in columns.names.items())
    return f"SELECT {listed} FROM read_parquet('{path}')"


def _products(connection: duckdb.DuckDBPyConnection, shop: Shop) -> pd.DataFrame:
    """The products that belong to a department; those of the purchases where no list of products is delivered."""
    if shop.products is None:
        return connection.execute(
            "SELECT DISTINCT CAST(product_id AS VARCHAR) AS product_id, 'ALL' AS department FROM line "
            "WHERE product_id IS NOT NULL ORDER BY 1"
        ).df()
    return connection.execute(
        "SELECT CAST(product_id AS VARCHAR) AS product_id, CAST(department AS VARCHAR) AS department "
        f"FROM ({_select(shop.products)}) WHERE department IS NOT NULL ORDER BY 1, 2"
    ).df()


def _mailings(connection: duckdb.DuckDBPyConnection, plan: Plan, shop: Shop) -> pd.DataFrame:
    """The recipients of the campaigns that begin within the plan's days."""
    if shop.campaigns is None or shop.recipients is None:
        return pd.DataFrame({"campaign_id": [], "campaign_type": [], "day": [], "customer_id": []}, dtype=object)
    rows = connection.execute(
        "SELECT CAST(campaign_id AS VARCHAR) AS campaign_id, CAST(campaign_type AS VARCHAR) AS campaign_type, "
        "date_diff('day', $1::DATE, CAST(starts_on AS DATE)) AS day, CAST(customer_id AS VARCHAR) AS customer_id "
        f"FROM ({_select(shop.recipients)}) JOIN ({_select(shop.campaigns)}) USING (campaign_id) "
        "WHERE CAST(starts_on AS DATE) >= $1::DATE ORDER BY day, 1, 4",
        [plan.first_day],
    ).df()
    return rows.drop_duplicates(["campaign_id", "customer_id"], ignore_index=True)


def _local(plan: Plan, moments: pd.Series) -> dict[str, np.ndarray]:
    """The local day, counted from the plan's first, and the second of that day."""
    local = moments.dt.tz_localize("UTC").dt.tz_convert(plan.time_zone).dt.tz_localize(None)
    since = local.to_numpy().astype("datetime64[s]") - np.datetime64(plan.first_day, "s")
    seconds = since.astype("int64")
    return {"day": seconds // 86_400, "second": seconds % 86_400}


def _customers(orders: pd.DataFrame) -> pd.DataFrame:
    """Who has ordered, by their first order."""
    first = orders.drop_duplicates("customer_id")[["customer_id", "day"]].rename(columns={"day": "first_day"})
    return first.assign(first_day=np.maximum(first["first_day"], 0)).reset_index(drop=True)

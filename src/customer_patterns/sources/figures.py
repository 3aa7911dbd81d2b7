"""The figures of the collection chapter: all are counts, none is an estimate."""

from __future__ import annotations

import pandas as pd

from customer_patterns.estimates import Count
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.collect import Collected
from customer_patterns.study import Study
from customer_patterns.wording import Name
from customer_patterns.wording.catalog import SENTENCES


def collection_figures(collected: Collected) -> dict[str, Count]:
    """Count what a reader asks for first: lines, orders, customers, revenue, days.

    Returns
    -------
    dict
        ``lines``, ``orders``, ``customers``, ``described``, ``revenue``, ``days``, ``thin``, ``tables``, ``set_aside``,
        and, where some tables are simulated and others are not, ``simulated`` (how many).
    """
    lines = collected.tables["order_lines"]
    seen = (
        lines.aggregate(orders=lines.order_id.nunique(), customers=lines.customer_id.nunique())
        .to_pyarrow()
        .to_pylist()[0]
    )
    account = collected.account.set_index("table")
    kept, days = int(account.at["order_lines", "kept"]), collected.days
    described = int(account["kept"].get("customers", 0))
    figures = {
        "lines": Count(kept, "order lines", n=kept, of="order lines"),
        "orders": Count(seen["orders"], "orders", n=seen["orders"], of="orders"),
        "customers": Count(seen["customers"], "customers", n=seen["customers"], of="customers"),
        "described": Count(described, "customers", n=described, of="customers"),
        "revenue": Count(float(account.at["order_lines", "revenue_kept"]), "currency", n=kept, of="order lines"),
        "days": _days(days["orders"] > 0),
        "thin": _days(days["thin"]),
        "window": _days(days["day"].notna()),
        "tables": Count(len(account), "tables", n=len(account), of="tables"),
        "set_aside": Count(
            int(account["before_window"].sum()), "records", n=int(account["delivered"].sum()), of="records"
        ),
    }
    simulated = collected.sources["provenance"].eq("simulated")
    if simulated.any() and not simulated.all():
        figures["simulated"] = Count(int(simulated.sum()), "tables", n=len(simulated), of="tables")
    return figures


def simulated_names(study: Study) -> Name:
    """Name the tables of a study that are simulated, in a reader's words and their usual order."""
    words = [SENTENCES[f"collect.word_{table}"] for table in CANONICAL if table in study.simulated_tables]
    return Name(", ".join(words), "word")


def _days(chosen: pd.Series) -> Count:
    return Count(int(chosen.sum()), "days", n=len(chosen), of="days")

"""The figures of the collection chapter: all are counts, none is an estimate."""

from __future__ import annotations

import pandas as pd

from customer_patterns.estimates import Count
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources import codes
from customer_patterns.sources.account_tables import ACCOUNT
from customer_patterns.sources.collect import Collected
from customer_patterns.sources.days import behavior_tables
from customer_patterns.study import Study
from customer_patterns.wording import Name
from customer_patterns.wording.catalog import SENTENCES


def collection_figures(collected: Collected) -> dict[str, Count]:
    """Count what a reader asks for first: records and what became of them, days; lines, orders, customers, revenue.

    Returns
    -------
    dict
        ``records`` (of behavior), ``days`` (with any), ``thin``, ``window``, ``tables``, ``delivered``, ``set_aside``,
        ``replaced``, ``repaired``; of purchases, where there are any, ``lines``, ``orders``, ``customers``,
        ``described``, ``revenue``; and, where some tables are simulated and others are not, ``simulated`` (how many).
    """
    account, days = collected.account, collected.covered
    delivered = int(account["delivered"].sum())
    behavior = behavior_tables(collected.tables)
    records = int(account.loc[account["table"].isin(list(behavior)), "kept"].sum())
    figures = {
        "records": Count(records, "records", n=records, of="records"),
        "days": _days(days[counted_by_day(collected)] > 0),
        "thin": _days(days["thin"]),
        "window": _days(days["day"].notna()),
        "tables": Count(account["table"].nunique(), "tables", n=account["table"].nunique(), of="tables"),
        "behavior": Count(len(behavior), "tables", n=len(behavior), of="tables"),
        "delivered": Count(delivered, "records", n=delivered, of="records"),
        **{
            name: Count(int(account[name].sum()), "records", n=delivered, of="records")
            for name in ("set_aside", "replaced", "repaired")
        },
    }
    if "order_lines" in collected.tables:
        figures |= _purchases(collected, account)
    simulated = collected.sources["provenance"].eq("simulated")
    if simulated.any() and not simulated.all():
        figures["simulated"] = Count(int(simulated.sum()), "tables", n=len(simulated), of="tables")
    return figures


def counted_by_day(collected: Collected) -> str:
    """Say what the days are counted by: ``orders``, or ``records`` in a study without purchases."""
    return "orders" if "order_lines" in collected.tables else "records"


def account_columns(account: pd.DataFrame) -> list[str]:
    """Return the columns of the account in which something stands: a fate that no record had needs no column.

    How many files there were stands in the table on disk: beside all fates and their money it would be too wide a page.
    """
    always = ("table", "source", "delivered", "kept")
    names = [name for name in ACCOUNT.names if name != "files"]
    return [name for name in names if name in always or _says_something(account[name])]


def main_reason(reasons: pd.DataFrame, fate: codes.Fate) -> Name:
    """Name the reason for which most records were set aside, or repaired, whichever ``fate`` says."""
    of_fate = reasons[reasons["reason"].isin(codes.words((fate,)))]
    of_fate = of_fate if len(of_fate) else reasons
    counts = of_fate.groupby("reason")["records"].sum().sort_index()
    return Name(str(counts.idxmax()), "word")


def simulated_names(study: Study) -> Name:
    """Name the tables of a study that are simulated, in a reader's words and their usual order."""
    words = [SENTENCES[f"collect.word_{table}"] for table in CANONICAL if table in study.simulated_tables]
    return Name(", ".join(words), "word")


def _purchases(collected: Collected, account: pd.DataFrame) -> dict[str, Count]:
    lines = collected.tables["order_lines"]
    seen = (
        lines.aggregate(orders=lines.order_id.nunique(), customers=lines.customer_id.nunique())
        .to_pyarrow()
        .to_pylist()[0]
    )
    of_lines = account[account["table"] == "order_lines"]
    kept, revenue = int(of_lines["kept"].sum()), float(of_lines["revenue_kept"].sum())
    described = int(account.loc[account["table"] == "customers", "kept"].sum())
    return {
        "lines": Count(kept, "order lines", n=kept, of="order lines"),
        "orders": Count(seen["orders"], "orders", n=seen["orders"], of="orders"),
        "customers": Count(seen["customers"], "customers", n=seen["customers"], of="customers"),
        "described": Count(described, "customers", n=described, of="customers"),
        "revenue": Count(revenue, "currency", n=kept, of="order lines"),
    }


def _says_something(column: pd.Series) -> bool:
    if column.name == "files":
        return bool((column > 1).any())
    return bool(column.notna().any() and (column.fillna(0) != 0).any())


def _days(chosen: pd.Series) -> Count:
    return Count(int(chosen.sum()), "days", n=len(chosen), of="days")

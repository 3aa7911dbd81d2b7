"""Which data came, from whom, why they may be used, and where every record is now."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.cut import first_moment_after
from customer_patterns.study import Study

SOURCES = TableSchema(
    name="sources",
    grain="delivered table",
    key=("table",),
    meaning="Which data came, from whom, and why they may be used: the study file's declarations.",
    columns=(
        Column("table", "text", "the canonical table", label="Table", levels=tuple(CANONICAL)),
        Column("source", "text", "the source's name in the study file", label="Source"),
        Column("provenance", "text", "real or simulated", label="Real or simulated", levels=("real", "simulated")),
        Column("owner", "text", "whose data it is", label="Owner"),
        Column(
            "party",
            "text",
            "first: collected by the owner of the study; third: by another",
            label="Party",
            levels=("first", "third"),
        ),
        Column("purpose", "text", "what it may be used for", label="Purpose"),
        Column("legal_basis", "text", "why it may be used", label="Legal basis"),
        Column("retention", "text", "how long it may be kept", label="Kept for"),
        Column("location", "text", "where the delivery lies", label="Delivery"),
    ),
)

DECLARATIONS = TableSchema(
    name="declarations",
    grain="declaration that one or several tables share",
    key=("tables",),
    meaning="Whose data they are and why they may be used, shown in the chapter.",
    columns=(
        Column("tables", "text", "the canonical tables", label="Tables", levels=tuple(CANONICAL)),
        *(SOURCES[name] for name in ("provenance", "owner", "party", "purpose", "legal_basis", "retention")),
    ),
)

ACCOUNT = TableSchema(
    name="account",
    grain="delivered table",
    key=("table",),
    meaning="Where every record known by the study's last day is now; records after it are counted nowhere.",
    columns=(
        Column("table", "text", "the canonical table", label="Table", levels=tuple(CANONICAL)),
        Column("delivered", "integer", "records known by the last day", label="Delivered", unit="records", minimum=0),
        Column("before_window", "integer", "set aside: before the first day", label="Before the study", unit="records"),
        Column("kept", "integer", "records that went on to cleaning", label="Kept", unit="records", minimum=0),
        Column(
            "revenue_delivered", "money", "their revenue", label="Revenue delivered", unit="currency", nullable=True
        ),
        Column("revenue_kept", "money", "revenue of the kept", label="Revenue kept", unit="currency", nullable=True),
    ),
)


def source_list(study: Study) -> pd.DataFrame:
    """List the study's sources as declared: one row per delivered table, by table."""
    rows = [{name: getattr(source, name) for name in SOURCES.names} for source in study.sources]
    return pd.DataFrame(rows, columns=SOURCES.names).sort_values("table", ignore_index=True)


def declarations(sources: pd.DataFrame) -> pd.DataFrame:
    """Join the tables that are declared alike: one row per declaration, columns as in ``DECLARATIONS``."""
    alike = [name for name in DECLARATIONS.names if name != "tables"]
    joined = sources.groupby(alike, sort=False)["table"].agg(", ".join).reset_index(name="tables")
    return joined[DECLARATIONS.names].sort_values("tables", ignore_index=True)


def within_window(order_lines: ir.Table, *, first_day: date, time_zone: str) -> ir.BooleanColumn:
    """Say of each order line whether it was paid on the study's first local day or later."""
    begin = first_moment_after(first_day - timedelta(days=1), time_zone=time_zone)
    return order_lines.ordered_at >= ibis.literal(begin)


def record_account(known: dict[str, ir.Table], kept: dict[str, ir.Table]) -> pd.DataFrame:
    """Count what was delivered and what was kept: one row per table, by table.

    Parameters
    ----------
    known
        The tables as delivered, up to the study's last day.
    kept
        The same tables without what lies before the study's first day.

    Raises
    ------
    AssertionError
        Where a record appeared from nowhere.
    """
    rows = []
    for name in sorted(known):
        before, after = _count(known[name]), _count(kept[name])
        if after["records"] > before["records"]:
            raise AssertionError(f"table {name} has more records kept than delivered")
        rows.append(
            {
                "table": name,
                "delivered": before["records"],
                "before_window": before["records"] - after["records"],
                "kept": after["records"],
                "revenue_delivered": before["revenue"],
                "revenue_kept": after["revenue"],
            }
        )
    return pd.DataFrame(rows, columns=ACCOUNT.names)


def _count(table: ir.Table) -> dict[str, object]:
    wanted = {"records": table.count()}
    if "revenue" in table.columns:
        wanted["revenue"] = table.revenue.sum().cast("decimal(18, 2)")
    return {"revenue": None, **table.aggregate(**wanted).to_pyarrow().to_pylist()[0]}

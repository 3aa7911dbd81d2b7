"""What a finished run gives away of one customer: on lists where they do not want to be, and in sums of money."""

from __future__ import annotations

import csv
import importlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from customer_patterns.privacy.differencing import CLOSEST
from tests.benchmarks.measured import Measured
from tests.faults.spoiling import SPENDER

#: Stages that describe groups; what comes before them holds records.
_STAGES = ("behavior", "patterns", "segments", "outlook", "satisfaction")
#: Those whose sums are of what has been; the others say what is to come.
_OF_THE_PAST = ("behavior", "patterns", "segments", "satisfaction")
_NOT_SUMS = ("_low", "_high", "change", "_index")
_MEANS = ("month", "each", "per_", "typical")
_LISTS = ("outlook/alerts", "patterns/customer_offers")


def lists(run: Path, delivery: Path) -> Iterator[Measured]:
    """Who refuses analysis is in no table of it; who refuses marketing is on no list of whom to call or to offer."""
    now = _refusing(delivery)
    stages = [run / stage for stage in _STAGES]
    people = {path: _customers(path) for stage in stages for path in sorted(stage.glob("*.parquet"))}
    people = {path: ids for path, ids in people.items() if ids is not None}
    hits = [f"{path.parent.name}/{path.stem}" for path, ids in people.items() if ids & now["analysis"]]
    measured = f"{len(now['analysis'])} refuse, in {len(hits)} of {len(people)} tables of customers {', '.join(hits)}"
    met = not hits and bool(now["analysis"]) and len(people) > 10
    yield Measured("privacy: who refuses analysis, after the whole build", measured, "–", "0 tables", met)
    found, listed = 0, []
    for name in _LISTS:
        ids = people.get(run / f"{name}.parquet", set())
        found += len(ids & now["marketing"])
        listed.append(f"{len(ids)} on {name}")
    measured = f"{len(now['marketing'])} refuse; {', '.join(listed)}, {found} of them refuse"
    met = not found and bool(now["marketing"]) and all(people.get(run / f"{name}.parquet") for name in _LISTS)
    yield Measured("privacy: who refuses marketing, on lists", measured, "–", "0 on lists that hold others", met)


def _refusing(delivery: Path) -> dict[str, set[str]]:
    """Who refuses what, by the delivered decisions: the latest counts, of two at one moment the refusal."""
    with (delivery / "consents.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (row["decided_utc"], row["allowed"] == "no"))
    last = {(row["use"], row["card_no"]): row["allowed"] for row in rows}
    return {use: {c for (u, c), said in last.items() if u == use and said == "no"} for use in ("analysis", "marketing")}


def _customers(path: Path) -> set[str] | None:
    names = pq.read_schema(path).names
    return (
        set(pq.read_table(path, columns=["customer_id"])["customer_id"].to_pylist()) if "customer_id" in names else None
    )


def dominance(run: Path, amount: float) -> Measured:
    """Whether any sum, mean or share of money tells the large amount to within the share that must not be known.

    Whoever reads a figure of a group can multiply: a mean by the customers and months it rests on, a share by the whole
    revenue. The large amount is that of one customer in one order; sums that hold it and give it away lie between it
    and itself enlarged by :data:`~customer_patterns.privacy.differencing.CLOSEST`.
    """
    orders = pq.read_table(run / "behavior" / "orders.parquet", columns=["customer_id", "revenue", "ordered_on"])
    frame = orders.to_pandas().assign(revenue=lambda table: table["revenue"].astype(float))
    total, own = frame["revenue"].sum(), frame.loc[frame["customer_id"] == SPENDER, "revenue"].sum()
    if own < amount or total - own < CLOSEST * own:
        return Measured("privacy: one customer's amount in sums", "the large amount is not there", "–", "there", False)
    months = (pd.Timestamp(frame["ordered_on"].max()) - pd.Timestamp(frame["ordered_on"].min())).days / 30.44
    hits, looked = [], 0
    paths = [path for stage in _OF_THE_PAST for path in sorted((run / stage).glob("*.parquet"))]
    for path in (*paths, *(run / "outlook").glob("sales_weeks.parquet")):
        stage, names = path.parent.name, pq.read_schema(path).names
        if not {"customer_id", "order_id"} & set(names):  # such a row is about one customer: never printed
            table = pq.read_table(path).to_pandas()
            if path.stem == "sales_weeks":  # what was sold in a week, not what is to come, nor pieces
                table = table[(table["state"] == "sold") & (table["measure"] == "revenue")]
                table = table[["amount"]].rename(columns={"amount": "revenue"})
            for column, values in _money(stage, path.stem, table).items():
                looked += len(values)
                sums = np.abs(_as_sums(values, column, table, total, months))
                if ((sums > 0.98 * amount) & (sums < (1 + CLOSEST) * own)).any():
                    hits.append(f"{stage}/{path.stem}.{column}")
    measured = (
        f"told by {len(hits)} of {looked:,} figures: {', '.join(hits[:6])}" if hits else f"none of {looked:,} figures"
    )
    return Measured("privacy: one customer's amount in sums", measured, "–", "0 figures", not hits and looked > 500)


def _money(stage: str, name: str, table: pd.DataFrame) -> dict[str, np.ndarray]:
    """The columns of a table that are amounts, or shares of them; neither ends of intervals nor differences."""
    schema = importlib.import_module(f"customer_patterns.{stage}").TABLES.get(name)
    found = {}
    for column in table.columns:
        told = schema is not None and column in schema and schema[column].unit == "currency"
        if (told or "revenue" in column or "spend" in column) and not column.endswith(_NOT_SUMS):
            values = pd.to_numeric(table[column], errors="coerce")
            found[column] = values.to_numpy(dtype=float, na_value=np.nan)
    return found


def _as_sums(values: np.ndarray, column: str, table: pd.DataFrame, total: float, months: float) -> np.ndarray:
    """What a reader makes of a figure: of a share its part of everything, of a mean the sum of those it is of."""
    if "share" in column:
        return values * total
    if not any(word in column for word in _MEANS):
        return values
    n = pd.to_numeric(table["n"], errors="coerce").to_numpy(float, na_value=np.nan) if "n" in table else np.nan
    return values * n * (months if "month" in column else 1.0)

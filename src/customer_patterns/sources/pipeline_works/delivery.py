"""Deliver the works as a CRM and a shop system would export them: lists of records and tables of text."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.pipeline_works.accounts import draw_accounts, products, regions
from customer_patterns.sources.pipeline_works.deals import draw_opportunities
from customer_patterns.sources.pipeline_works.orders import draw_orders
from customer_patterns.sources.pipeline_works.plan import Plan
from customer_patterns.sources.pipeline_works.service import draw_contacts, draw_contracts, draw_messages
from customer_patterns.sources.pipeline_works.truth import planted_truth
from customer_patterns.sources.simulated import lay_down
from customer_patterns.warehouse import to_json

#: Raised whenever the same seed gives other records than before.
GENERATOR = 1

#: What the senders call the columns of the canonical tables.
COLUMNS: dict[str, dict[str, str]] = {
    "customers": {
        "customer_id": "Account",
        "region_id": "Territory",
        "country": "Country",
        "registered_on": "Account since",
    },
    "regions": {
        "region_id": "Territory",
        "region_name": "Name",
        "area_type": "Kind",
        "country": "Country",
        "population": "Inhabitants",
    },
    "products": {
        "product_id": "Article",
        "department": "Division",
        "category": "Group",
        "product_type": "Article type",
        "brand": "Make",
    },
    "order_lines": {
        "order_id": "Order",
        "customer_id": "Account",
        "product_id": "Article",
        "store_id": "Territory",
        "ordered_at": "Ordered (UTC)",
        "quantity": "Pieces",
        "revenue": "Net value",
    },
    "contracts": {
        "contract_id": "Contract",
        "customer_id": "Account",
        "plan": "Service plan",
        "starts_on": "From",
        "ends_on": "Until",
        "cancelled_on": "Canceled on",
        "monthly_fee": "Monthly fee",
    },
    "opportunities": {
        "opportunity_id": "opportunity",
        "customer_id": "account",
        "stage": "stage",
        "entered_at": "since_utc",
        "amount": "amount_eur",
        "owner": "owner",
    },
    "contacts": {
        "contact_id": "ticket",
        "customer_id": "account",
        "channel": "via",
        "topic": "matter",
        "opened_at": "opened_utc",
        "first_response_at": "answered_utc",
        "closed_at": "solved_utc",
        "agent_id": "engineer",
        "rated_at": "rated_utc",
        "csat": "stars",
    },
    "messages": {
        "message_id": "mail",
        "customer_id": "account",
        "channel": "medium",
        "sent_at": "sent_utc",
        "delivered_at": "delivered_utc",
        "bounced_at": "bounced_utc",
        "opened_at": "opened_utc",
        "clicked_at": "clicked_utc",
        "replied_at": "replied_utc",
    },
}
#: Lists of records: one file of JSON, a record per line, or tables of text, of which the orders come month by month.
AS_RECORDS, AS_LINES, BY_MONTH = ("opportunities",), ("contacts", "messages"), ("order_lines",)


@dataclass(frozen=True)
class Works:
    """What is delivered (canonical tables, money in cents), and what is true."""

    tables: dict[str, pd.DataFrame]
    accounts: pd.DataFrame
    deals: pd.DataFrame
    truth: dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """A delivered works: where it lies, records per table, SHA-256 of each file."""

    folder: Path
    records: dict[str, int]
    files: dict[str, str]


def draw_works(plan: Plan) -> Works:
    """Draw the works; the same plan gives the same works."""
    accounts = draw_accounts(plan)
    stages, deals = draw_opportunities(plan, accounts)
    lines = draw_orders(plan, accounts, deals)
    known = accounts[accounts["first_day"] < plan.days]
    tables = {
        "customers": known[list(COLUMNS["customers"])].reset_index(drop=True),
        "regions": regions(),
        "products": products(),
        "order_lines": lines[list(COLUMNS["order_lines"])],
        "contracts": draw_contracts(plan, deals),
        "opportunities": stages,
        "contacts": draw_contacts(plan, accounts, lines),
        "messages": draw_messages(plan, accounts, stages),
    }
    return Works(tables, accounts, deals, planted_truth(plan, deals))


def simulate(folder: Path, *, customers: int = 240, seed: int = 20230101, replace: bool = False) -> Delivery:
    """Simulate the works and deliver them into ``folder``, all of it or nothing.

    The same seed and version give the same bytes. What was planted is written into ``truth/`` beside the delivery.

    Parameters
    ----------
    folder
        Where the delivery goes, e.g. ``data/raw/pipeline-works``.
    customers
        How many accounts there are.
    seed
        Where all chance comes from.
    replace
        Whether a delivery that lies there already may be replaced.

    Raises
    ------
    DeliveryExists
        Where a delivery lies in ``folder`` and ``replace`` is false, or something else lies there.
    """
    plan = Plan(seed=seed, accounts=customers)

    def write(fresh: Path) -> dict[str, int]:
        works = draw_works(plan)
        for name, table in works.tables.items():
            _write(fresh, name, table)
        (fresh / "truth" / "truth.json").write_text(to_json(works.truth), encoding="utf-8")
        for name, table in {"accounts": works.accounts, "deals": works.deals}.items():
            table.to_csv(fresh / "truth" / f"{name}.csv", index=False, lineterminator="\n")
        return {name: len(table) for name, table in works.tables.items()}

    slip = {
        "delivery": "pipeline-works",
        "note": "All records are simulated from a seed. No such company, account or order exists.",
        "generator": GENERATOR,
        "seed": seed,
    }
    written = lay_down(folder, write, slip, replace=replace)
    return Delivery(folder, written["records"], written["files"])


def _write(folder: Path, name: str, table: pd.DataFrame) -> None:
    """Write one table as its sender would."""
    texts = pd.DataFrame({there: _said(name, here, table[here]) for here, there in COLUMNS[name].items()})
    if name in BY_MONTH:
        (folder / name).mkdir()
        month = table["ordered_at"].dt.strftime("%Y-%m")
        for one, rows in texts.groupby(month.to_numpy(), sort=True):
            _zip(folder / name / f"orders-{one}.csv.gz", _csv(rows))
    elif name in AS_LINES:
        lines = [json.dumps(record, ensure_ascii=False) for record in _records(texts)]
        (folder / f"{name}.jsonl").write_bytes(("\n".join(lines) + "\n").encode())
    elif name in AS_RECORDS:
        whole = {"exported": "CRM", "data": {"items": _records(texts)}}
        (folder / f"{name}.json").write_bytes((json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode())
    else:
        (folder / f"{name}.csv").write_bytes(_csv(texts))


def _said(name: str, column: str, values: pd.Series) -> list[str | None]:
    """Values as they are written: days, moments with a Z, money with a point, nothing where there is nothing."""
    kind = CANONICAL[name][column].kind
    return [None if pd.isna(value) else _text(value, kind) for value in values.tolist()]


def _text(value: Any, kind: str) -> str:
    match kind:
        case "money":
            return f"{int(value) // 100}.{int(value) % 100:02d}"
        case "date":
            return f"{value:%Y-%m-%d}"
        case "timestamp":
            return f"{value:%Y-%m-%dT%H:%M:%SZ}"
        case _:
            return str(value)


def _records(texts: pd.DataFrame) -> list[dict[str, object]]:
    """Records without the fields that say nothing, numbers as numbers."""
    numbers = {"stars": int, "amount_eur": float}
    return [
        {key: numbers.get(key, str)(value) for key, value in record.items() if value is not None}
        for record in texts.astype(object).where(texts.notna(), None).to_dict("records")
    ]


def _csv(texts: pd.DataFrame) -> bytes:
    return texts.to_csv(index=False, sep=";", lineterminator="\n").encode()


def _zip(path: Path, content: bytes) -> None:
    """Compress without a clock: the same content gives the same bytes."""
    with path.open("wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as zipped:
        zipped.write(content)

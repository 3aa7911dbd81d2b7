"""Deliver a companion as an agency and a service desk would: files under their own names, the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from customer_patterns.schemas import Refusal
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.companion.households import Purchases
from customer_patterns.sources.companion.plan import Break, Plan, waves_from
from customer_patterns.sources.companion.simulate import Companion, draw_companion
from customer_patterns.sources.companion.surroundings import Columns, Shop
from customer_patterns.sources.readers import locate
from customer_patterns.sources.simulated import lay_down
from customer_patterns.study import Study
from customer_patterns.warehouse import sha256, to_json

#: Raised whenever the same seed and purchases give other records than before.
GENERATOR = 2

#: What the senders call the columns of the canonical tables.
COLUMNS: dict[str, dict[str, str]] = {
    "survey_items": {
        "item_id": "question",
        "role": "asks_for",
        "dimension": "theme",
        "wording_en": "text_en",
        "wording_zh": "text_zh",
        "scale_low": "lowest",
        "scale_high": "highest",
        "direction": "worded",
    },
    "survey_invitations": {
        "wave": "round",
        "customer_id": "household_no",
        "invited_at": "sent_utc",
        "channel": "sent_by",
    },
    "survey_responses": {
        "wave": "round",
        "customer_id": "household_no",
        "item_id": "question",
        "answered_at": "submitted_utc",
        "answer": "value",
    },
    "contacts": {
        "contact_id": "case_no",
        "customer_id": "household_no",
        "channel": "desk",
        "topic": "matter",
        "opened_at": "opened_utc",
        "first_response_at": "first_reply_utc",
        "closed_at": "solved_utc",
        "agent_id": "clerk",
        "rated_at": "rated_utc",
        "csat": "stars",
    },
    "feedback": {
        "feedback_id": "note_no",
        "customer_id": "household_no",
        "written_at": "written_utc",
        "channel": "via",
        "language": "lang",
        "rating": "stars",
        "text": "note",
    },
    "regions": {
        "region_id": "region_no",
        "region_name": "name",
        "area_type": "kind_of_area",
        "country": "country",
        "population": "inhabitants",
        "median_income": "median_income_usd",
    },
    "customer_traits": {
        "customer_id": "household_no",
        "region_id": "region_no",
        "occupation": "job",
        "education": "schooling",
    },
    "order_channels": {"order_id": "basket_no", "channel": "came_through"},
    "events": {
        "event_id": "hit",
        "visitor_id": "cookie",
        "customer_id": "login",
        "session_id": "session",
        "occurred_at": "at_utc",
        "event_type": "action",
        "page": "path",
        "product_id": "item",
        "search_term": "query",
        "device": "device",
        "user_agent": "agent",
        "channel": "surface",
        "referrer": "came_from",
        "dwell_seconds": "seconds",
        "order_id": "basket_no",
    },
    "messages": {
        "message_id": "mail_no",
        "customer_id": "household_no",
        "campaign_id": "campaign_no",
        "channel": "medium",
        "sent_at": "sent_utc",
        "delivered_at": "delivered_utc",
        "bounced_at": "bounced_utc",
        "opened_at": "opened_utc",
        "clicked_at": "clicked_utc",
        "replied_at": "replied_utc",
        "unsubscribed_at": "unsubscribed_utc",
    },
    "calls": {
        "call_id": "call_no",
        "contact_id": "case_no",
        "customer_id": "household_no",
        "agent_id": "clerk",
        "started_at": "picked_up_utc",
        "duration_seconds": "seconds",
        "talk_share": "clerk_talks",
        "silence_share": "silence",
        "pitch_variation": "pitch_semitones",
        "language": "lang",
        "transcript": "said",
    },
    "loyalty_ledger": {
        "entry_id": "entry_no",
        "customer_id": "household_no",
        "booked_at": "booked_utc",
        "kind": "entry",
        "points": "points",
        "balance": "points_after",
        "tier": "level",
        "order_id": "basket_no",
    },
    "experiments": {
        "experiment_id": "test",
        "customer_id": "household_no",
        "arm": "variant",
        "assigned_at": "assigned_utc",
        "outcome": "minutes",
        "outcome_at": "measured_utc",
    },
}
#: Which tables come as text; the others come as parquet.
AS_TEXT = ("survey_items", "survey_invitations", "regions", "customer_traits", "experiments")
#: Tables that come as lines of JSON, as the tool that sends the e-mails exports them.
AS_LINES = ("messages",)

_ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "share": pa.float64(),
    "money": pa.decimal128(18, 2),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}


@dataclass(frozen=True)
class Delivery:
    """A delivered companion: where it lies, its seed, records per table, SHA-256 of each file."""

    folder: Path
    seed: int
    records: dict[str, int]
    files: dict[str, str]


def accompany(study: Study, *, seed: int) -> tuple[Purchases, Plan]:
    """Return a study's purchases and the plan of a companion to them.

    Raises
    ------
    Refusal
        Where the purchases are no parquet file, or the study is too short for the waves and what must follow them.
    DeliveryError
        Where the purchases are not there.
    """
    source = study.source("order_lines")
    if source is None or source.reader == "csv":
        raise Refusal(f"study '{study.name}': a companion needs purchases delivered as parquet")
    names = ("order_id", "customer_id", "ordered_at", "revenue")
    purchases = Purchases(locate(source), *(str(source.columns[name]) for name in names))
    waves = waves_from(study.first_day)
    plan = Plan(
        seed=seed,
        time_zone=study.time_zone,
        first_day=study.first_day,
        until=study.last_day + timedelta(days=1),
        waves=waves,
        invariance=Break(wave=waves[2][0]),
    )
    if waves[-1][1] + timedelta(days=plan.horizon_days) > plan.until:
        raise Refusal(f"study '{study.name}' is too short for a companion: purchases must follow its four waves")
    return purchases, plan


def surround(study: Study) -> Shop:
    """Return where the records of a study lie that visits, e-mails, calls and points hang on.

    A table that is not delivered, or not as parquet, is not accompanied.
    """
    wanted = {
        "order_lines": ("product_id", "quantity"),
        "products": ("product_id", "department"),
        "campaigns": ("campaign_id", "campaign_type", "starts_on"),
        "campaign_recipients": ("campaign_id", "customer_id"),
    }
    found: dict[str, Columns | None] = {}
    for table, names in wanted.items():
        source = study.source(table)
        usable = source is not None and source.reader in ("package", "parquet") and set(names) <= set(source.columns)
        found[table] = Columns(locate(source), {name: str(source.columns[name]) for name in names}) if usable else None
    if found["order_lines"] is None:
        raise Refusal(f"study '{study.name}': a companion needs to know the products and units of the purchases")
    return Shop(found["order_lines"], found["products"], found["campaigns"], found["campaign_recipients"])


def simulate(
    folder: Path, purchases: Purchases, *, plan: Plan, shop: Shop | None = None, replace: bool = False
) -> Delivery:
    """Simulate a companion to purchases and deliver it into ``folder``, all of it or nothing.

    The same plan, purchases and version give the same bytes on one machine. What was planted is written into ``truth/``
    beside the delivery; no study file names it.

    Parameters
    ----------
    folder
        Where the delivery goes, e.g. ``data/raw/complete-journey-companion``.
    purchases
        The order lines that it accompanies.
    plan
        What is planted.
    shop
        The shop's other records, see :func:`surround`. Without it only answers, contacts and texts are delivered.
    replace
        Whether a delivery that lies there already may be replaced.

    Raises
    ------
    DeliveryExists
        Where a delivery lies in ``folder`` and ``replace`` is false, or something else lies there.
    """

    def write(fresh: Path) -> dict[str, int]:
        companion = draw_companion(plan, purchases, shop)
        records = write_tables(fresh, companion.tables, columns=COLUMNS, as_text=AS_TEXT, as_lines=AS_LINES)
        write_truth(fresh / "truth", companion, {"seed": plan.seed, "provenance": "simulated"})
        return records

    slip = {
        "delivery": "companion",
        "note": "All records are simulated from a seed. They say nothing about the households whose keys they carry.",
        "generator": GENERATOR,
        "seed": plan.seed,
        "purchases": sha256(purchases.path),
    }
    written = lay_down(folder, write, slip, replace=replace)
    return Delivery(folder, plan.seed, written["records"], written["files"])


def write_tables(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    *,
    columns: Mapping[str, Mapping[str, str]],
    as_text: tuple[str, ...],
    as_lines: tuple[str, ...] = (),
) -> dict[str, int]:
    """Write canonical tables under a sender's column names; return the records of each.

    As parquet, but those named in ``as_text`` as CSV and those in ``as_lines`` as lines of JSON without empty fields.
    """
    for name, table in tables.items():
        kinds = {column.name: _ARROW[column.kind] for column in CANONICAL[name].columns}
        schema = pa.schema([(column, kinds[column]) for column in columns[name]])
        arrow = pa.Table.from_pandas(table[list(columns[name])], schema=schema, preserve_index=False)
        arrow = arrow.rename_columns(list(columns[name].values())).replace_schema_metadata(None)
        if name in as_text:
            pa_csv.write_csv(arrow, folder / f"{name}.csv", pa_csv.WriteOptions(quoting_style="needed"))
        elif name in as_lines:
            (folder / f"{name}.jsonl").write_bytes(_lines(arrow))
        else:
            pq.write_table(arrow, folder / f"{name}.parquet", compression="zstd")
    return {name: len(table) for name, table in tables.items()}


def _lines(table: pa.Table) -> bytes:
    """Write a line of JSON per record; what is not known is left out, moments end in a Z."""
    records = (
        {key: f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value for key, value in record.items()}
        for record in table.to_pylist()
    )
    known = ({key: value for key, value in record.items() if value is not None} for record in records)
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in known).encode()


def write_truth(folder: Path, companion: Companion, extra: Mapping[str, Any]) -> None:
    """Write what is true of a companion: parameters and estimands, what everyone would answer, what each text is about.

    Beside a whole shop, what is true of households, sessions, calls and experiments too.
    """
    (folder / "answers.json").write_text(to_json({**extra, **companion.truth}), encoding="utf-8")
    if companion.beside_truth:
        (folder / "beside.json").write_text(to_json({**extra, **companion.beside_truth}), encoding="utf-8")
    tables = {"contentment": companion.households, "texts": companion.texts, **companion.beside_tables}
    for name, table in tables.items():
        arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
        pq.write_table(arrow, folder / f"{name}.parquet", compression="zstd")

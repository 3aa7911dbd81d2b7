"""Deliver a companion as an agency and a service desk would: files under their own names, the truth beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
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
from customer_patterns.sources.readers import locate
from customer_patterns.sources.simulated import lay_down
from customer_patterns.study import Study
from customer_patterns.warehouse import sha256, to_json

#: Raised whenever the same seed and purchases give other records than before.
GENERATOR = 1

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
}
#: Which tables come as text; the others come as parquet.
AS_TEXT = ("survey_items", "survey_invitations")

_ARROW = {"text": pa.string(), "integer": pa.int64(), "timestamp": pa.timestamp("us")}


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


def simulate(folder: Path, purchases: Purchases, *, plan: Plan, replace: bool = False) -> Delivery:
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
    replace
        Whether a delivery that lies there already may be replaced.

    Raises
    ------
    DeliveryExists
        Where a delivery lies in ``folder`` and ``replace`` is false, or something else lies there.
    """

    def write(fresh: Path) -> dict[str, int]:
        companion = draw_companion(plan, purchases)
        records = write_tables(fresh, companion.tables, columns=COLUMNS, as_text=AS_TEXT)
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
) -> dict[str, int]:
    """Write canonical tables under a sender's column names; return the records of each."""
    for name, table in tables.items():
        kinds = {column.name: _ARROW[column.kind] for column in CANONICAL[name].columns}
        schema = pa.schema([(column, kinds[column]) for column in columns[name]])
        arrow = pa.Table.from_pandas(table[list(columns[name])], schema=schema, preserve_index=False)
        arrow = arrow.rename_columns(list(columns[name].values())).replace_schema_metadata(None)
        if name in as_text:
            pa_csv.write_csv(arrow, folder / f"{name}.csv", pa_csv.WriteOptions(quoting_style="needed"))
        else:
            pq.write_table(arrow, folder / f"{name}.parquet", compression="zstd")
    return {name: len(table) for name, table in tables.items()}


def write_truth(folder: Path, companion: Companion, extra: Mapping[str, Any]) -> None:
    """Write what is true of a companion: ``answers.json``, what everyone would answer, what each text is about."""
    (folder / "answers.json").write_text(to_json({**extra, **companion.truth}), encoding="utf-8")
    for name, table in {"contentment": companion.households, "texts": companion.texts}.items():
        arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
        pq.write_table(arrow, folder / f"{name}.parquet", compression="zstd")

"""The records that were set aside: what there is, and a way out of quarantine and back.

They are written as one CSV file per source and table, with the columns of the delivery. Corrected there and put into
the study's folder of corrected records, each takes the place of the record it names.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import duckdb
import pandas as pd

from customer_patterns.schemas import Refusal
from customer_patterns.sources.codes import CODES
from customer_patterns.sources.corrections import OF_FILE, OF_LINE
from customer_patterns.sources.private import unlocked_record
from customer_patterns.study import Study
from customer_patterns.warehouse import read_manifest, sha256

#: Columns of an exported file that say why; they are not read again.
REASON, COLUMN, RAW = "_reason", "_column", "_raw"

#: What a spreadsheet would take for a formula; a plain negative number is none.
_FORMULA = re.compile(r"^(?:[=+@\t\r＝＋＠]|[-－](?![\d.,\s]+$))")


def read_quarantine(folder: Path) -> pd.DataFrame:
    """Return the quarantine of a run, as the stage ``collect`` wrote it into ``folder``: columns as in ``QUARANTINE``.

    Raises
    ------
    WarehouseError, Refusal
        Where the stage has not run, or the table is not the one that was written.
    """
    entry = read_manifest(folder)["tables"].get("quarantine")
    path = folder / "quarantine.parquet"
    if entry is None or not path.is_file() or sha256(path) != entry["sha256"]:
        raise Refusal("the quarantine is not the one that was written; run 'make reports' to rebuild it")
    return duckdb.read_parquet(str(path)).df()


def in_words(quarantine: pd.DataFrame) -> str:
    """Say what is in quarantine: a line per source, table and reason, with one masked example."""
    if quarantine.empty:
        return "No record is in quarantine\n"
    lines = []
    by = ["source", "table", "code", "column"]
    for (source, table, code, column), part in quarantine.groupby(by, dropna=False, sort=True):
        where = f", column '{column}'" if isinstance(column, str) else ""
        details = [detail for detail in part["detail"] if isinstance(detail, str) and detail]
        example = f", e.g. {details[0]}" if details else ""
        first = f"{part['file'].iloc[0]}, line {part['line'].iloc[0]:,}"
        known = CODES[code]
        remedy = f"; {known.remedy}" if known.remedy else ""
        lines.append(
            f"{len(part):,} × {source}.{table}{where}: {known.words} ({code}{example}; first in {first}){remedy}"
        )
    return "\n".join(lines) + "\n"


def export_quarantine(quarantine: pd.DataFrame, study: Study, target: Path) -> list[Path]:
    """Write the records in quarantine as CSV files to be corrected, one per source and table.

    Parameters
    ----------
    quarantine
        See :func:`read_quarantine`.
    study
        Its study, whose contracts name the columns.
    target
        A folder; a file that lies there already is not overwritten.

    Returns
    -------
    list
        The files. Each has the columns ``_of_file``, ``_of_line`` (which record it is; leave them as they are),
        ``_reason`` and ``_column`` (what is wrong), those of the contract, and ``_raw`` (the record as delivered). What
        a spreadsheet would take for a formula has an apostrophe before it, which is taken away when the file is read.

    Raises
    ------
    Refusal
        Where a file lies there already.
    """
    written = []
    for source in study.sources:
        of_it = quarantine[(quarantine["source"] == source.source) & (quarantine["table"] == source.table)]
        if of_it.empty:
            continue
        path = target / f"{source.name}.csv"
        if path.exists():
            raise Refusal(f"{path.name} lies there already; name another folder, or take the file away")
        target.mkdir(parents=True, exist_ok=True)
        names = list(source.required_columns)
        part = path.with_name(f".{path.name}.part")
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")  # (with "\n" a lone return would end a line)
            writer.writerow([OF_FILE, OF_LINE, REASON, COLUMN, *names, RAW])
            for row in of_it.drop_duplicates(["file", "line"]).itertuples(index=False):
                raw = unlocked_record(row.raw if isinstance(row.raw, str) else None, study)
                values = _values(raw, names)
                column = row.column if isinstance(row.column, str) else ""
                cells = [row.file, row.line, CODES[row.code].words, column, *values, raw or ""]
                writer.writerow([_harmless(cell) for cell in cells])
        part.replace(path)
        written.append(path)
    return written


def _values(raw: str | None, names: list[str]) -> list[str]:
    """The values of a record that could be taken apart; of any other there is its text only."""
    try:
        record = json.loads(raw or "")
    except ValueError:
        record = None
    if not isinstance(record, dict):
        return [""] * len(names)
    return ["" if record.get(name) is None else str(record[name]) for name in names]


def _harmless(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if _FORMULA.match(text) else text

"""Corrected records: read like a delivery, each taking the place of the record it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from customer_patterns.sources.raw import LINE, DeliveredFile, DeliveryError
from customer_patterns.sources.readers import csv
from customer_patterns.study import Source, Study, corrected_folder
from customer_patterns.study.format import Format
from customer_patterns.warehouse import sha256

#: Columns of a file of corrected records that name the record whose place is taken.
OF_FILE, OF_LINE = "_of_file", "_of_line"

#: Before what a spreadsheet would take for a formula an exported file has an apostrophe.
_APOSTROPHE = r"^'([=+@\-\t\r＝＋＠－])"


@dataclass(frozen=True)
class Corrections:
    """Corrected records of one source's table.

    Attributes
    ----------
    file
        Where they lie.
    lots
        Them, as the reader hands them on, without the naming columns.
    named
        The records whose place they take: ``file`` (name), ``line``.
    source
        The contract they were read by.
    """

    file: DeliveredFile
    lots: list[csv.Lot]
    named: pd.DataFrame
    source: Source


def corrections_file(source: Source, study: Study) -> Path | None:
    """Return the file of corrected records of a source's table, if there is one."""
    path = corrected_folder(study.name) / f"{source.name}.csv"
    return path if path.is_file() else None


def read_corrections(source: Source, study: Study, files: tuple[DeliveredFile, ...]) -> Corrections | None:
    """Read corrected records, if there are any.

    Parameters
    ----------
    files
        All files of the delivery; the corrected file counts as one more behind them.

    Raises
    ------
    DeliveryError
        ``E_CORRECTION`` where a record names none of the files, or no line; and those of the reader.
    """
    path = corrections_file(source, study)
    if path is None:
        return None
    file = DeliveredFile(f"corrected/{path.name}", path, sha256(path), path.stat().st_size)
    plain = corrected_contract(source)
    asked = plain.model_copy(update={"columns": {**plain.columns, OF_FILE: OF_FILE, OF_LINE: OF_LINE}})
    lots, named = [], []
    for lot in csv.lots(asked, file, index=len(files)):
        lot.table = _written_out(lot.table)
        frame = lot.table.select([OF_FILE, OF_LINE, LINE]).to_pandas()
        known = frame[OF_FILE].isin([delivered.name for delivered in files])
        unknown = frame[~known | ~frame[OF_LINE].str.fullmatch(r"[0-9]{1,15}")]
        if len(unknown):
            raise DeliveryError(
                "a corrected record names no delivered file and line",
                table=source.table,
                file=file.name,
                line=int(unknown[LINE].min()),
                column=OF_FILE,
                code="E_CORRECTION",
            )
        named.append(pd.DataFrame({"file": frame[OF_FILE], "line": frame[OF_LINE].astype("int64")}))
        lot.table = _without_apostrophes(lot.table.drop_columns([OF_FILE, OF_LINE]))
        lots.append(lot)
    return Corrections(file, lots, pd.concat(named, ignore_index=True).drop_duplicates(ignore_index=True), plain)


def corrected_contract(source: Source) -> Source:
    """Return the contract of corrected files: plain CSV in UTF-8, whose values are written as in the delivery."""
    own = {**source.format.model_dump(), "encoding": "utf-8", "delimiter": ",", "quote": '"', "escape": None}
    own |= {"skip_rows": 0, "footer": None, "strict": False, "worst_share": 1.0}
    return source.model_copy(update={"format": Format(**own), "reader": "csv", "key": (), "wide": None})


def _written_out(table: pa.Table) -> pa.Table:
    """The same records with each text where it stands."""
    kinds = [f.with_type(pa.string()) if pa.types.is_dictionary(f.type) else f for f in table.schema]
    return table.cast(pa.schema(kinds))


def _without_apostrophes(table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            bare = pc.replace_substring_regex(table[place], _APOSTROPHE, r"\1")
            table = table.set_column(place, field, bare)
    return table

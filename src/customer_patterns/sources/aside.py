"""What was set aside and repaired in a source's files, and whether that is too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from customer_patterns.sources.codes import CODES
from customer_patterns.sources.raw import FILE, DeliveredFile, DeliveryError
from customer_patterns.study import Source

if TYPE_CHECKING:
    import ibis.expr.types as ir

#: How records set aside, and repairs, lie in a piece; beside ``file``, which its place in the delivery says.
SET_ASIDE = pa.schema(
    [
        ("line", pa.int64()),
        ("code", pa.string()),
        ("column", pa.string()),
        ("detail", pa.string()),
        ("raw", pa.string()),
        ("revenue", pa.decimal128(18, 2)),
        ("at", pa.timestamp("us")),
    ]
)
REPAIRS = pa.schema([("line", pa.int64()), ("code", pa.string()), ("column", pa.string())])
_NOT_RECORDS = ("E_FOOTER", "D_REPEATED")  # a total, and what a service delivered again: neither is a fault


def together(parts: list[pd.DataFrame], names: list[str]) -> pd.DataFrame:
    """Parts as one frame in the order of files and lines."""
    columns = ["file", *[name for name in names if name != "file"]]
    parts = [part.reindex(columns=columns) for part in parts if len(part)]
    if not parts:
        kinds = {name: "int64" if name in ("file", "line") else object for name in columns}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    frame = pd.concat([part.astype({n: object for n in columns}) for part in parts], ignore_index=True)
    frame = frame.where(frame.notna(), None)
    frame = frame.astype({"file": "int64", "line": "int64"})
    keys = [name for name in ("file", "line", "code", "column") if name in columns]
    return frame.sort_values(keys, kind="stable", ignore_index=True, na_position="first")


def judge_files(source: Source, files: tuple[DeliveredFile, ...], table: ir.Table, set_aside: pd.DataFrame) -> None:
    """Hold each file against ``worst_share``; where nothing was set aside nothing need be counted."""
    if set_aside.empty:
        return
    counts = table.group_by(FILE).aggregate(records=table.count()).to_pandas().set_index(FILE)["records"]
    for index, file in enumerate(files):
        judge_file(source, file, int(counts.get(index, 0)), set_aside[set_aside["file"] == index])


def judge_file(source: Source, file: DeliveredFile, kept: int, set_aside: pd.DataFrame) -> None:
    """Refuse a file of which too large a share had to be set aside, with the reason met most often."""
    faulty = set_aside[~set_aside["code"].isin(_NOT_RECORDS)]
    bad = faulty["line"].nunique()
    if not bad or bad <= source.format.worst_share * (kept + bad):
        return
    counts = faulty["code"].value_counts()
    code = min(counts[counts == counts.max()].index)
    first = faulty[faulty["code"] == code].iloc[0]
    raise DeliveryError(
        f"{bad:,} of {kept + bad:,} records had to be set aside, more than {source.format.worst_share:.0%}; "
        f"mostly because {CODES[code].words}, first here" + (f" ({first['detail']})" if first["detail"] else ""),
        table=source.table,
        file=file.name,
        line=int(first["line"]),
        column=first["column"] or "",
        code=code,
        remedy=f"{CODES[code].remedy or 'correct the file'}, or declare a larger 'worst_share'",
    )


def left_out(source: Source, columns: tuple[str, ...]) -> list[str]:
    """Name the delivered columns that the contract does not."""
    used = {name.strip().casefold() for name in source.required_columns}
    return [name.strip() for name in columns if name.strip() and name.strip().casefold() not in used]

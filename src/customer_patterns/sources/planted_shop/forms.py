"""The forms in which a planted shop's systems hand over their tables: each file as such a system writes it.

A form takes canonical frames block by block and writes them under the system's own column names, the same bytes for the
same frames: no clock, no name of a machine goes into a file.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.planted_shop.web_export import header

#: Tables whose file bears another name than the canonical table.
CANONICAL_NAME = {"listening": "feedback", "product_reviews": "feedback", "web_orders": "order_lines"}

#: What stands in an archive as the day of each file.
_DAY = (2018, 1, 8, 0, 0, 0)
_WRITTEN = datetime(2018, 1, 8)
#: From this UTC day on, events lie in daily files; what is older was packed by month.
_DAILY_FROM = np.datetime64("2017-12-27")

_ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "share": pa.float64(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us"),
    "date": pa.date32(),
    "money": pa.decimal128(18, 2),
}


class Form(Protocol):
    """A delivered file, or several, that grow block by block."""

    def add(self, table: pd.DataFrame, columns: dict[str, str]) -> None:
        """Add rows; only the columns named are written, in that order, under their delivered names."""

    def close(self) -> None:
        """Finish."""


def form_of(name: str, folder: Path) -> Form:
    """Return the form in which a table is delivered into a folder."""
    return FORMS.get(name, Parquet)(name, folder)


def _kinds(name: str) -> dict[str, str]:
    """The kind of each canonical column of a table."""
    return {column.name: column.kind for column in CANONICAL[CANONICAL_NAME.get(name, name)].columns}


class Parquet:
    """A parquet file with the canonical types."""

    def __init__(self, name: str, folder: Path) -> None:
        self._path = folder / f"{name}.parquet"
        self._kinds = {column: _ARROW[kind] for column, kind in _kinds(name).items()}
        self._writer: pq.ParquetWriter | None = None

    def add(self, table: pd.DataFrame, columns: dict[str, str]) -> None:
        """Add rows."""
        schema = pa.schema([(name, self._kinds[name]) for name in columns])
        if len(table):
            arrow = pa.Table.from_pandas(table[list(columns)], schema=schema, preserve_index=False, safe=False)
        else:
            arrow = schema.empty_table()
        arrow = arrow.rename_columns(list(columns.values())).replace_schema_metadata(None)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, arrow.schema, compression="zstd")
        self._writer.write_table(arrow)

    def close(self) -> None:
        """Finish."""
        if self._writer is not None:
            self._writer.close()


class Delimited:
    """Delimited text, in one file or in one per value of a function of the rows.

    Parameters
    ----------
    name, folder
        The table and where it goes.
    file
        The file's name, with ``{}`` where ``part`` goes.
    part
        Which part of the delivery each row belongs to; none: all rows are in one file.
    encoding, delimiter, decimal, days
        How it is written; ``days`` is the pattern of dates.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        *,
        file: str,
        part: Callable[[pd.DataFrame], pd.Series] | None = None,
        encoding: str = "utf-8",
        delimiter: str = ",",
        decimal: str = ".",
        days: str = "%Y-%m-%d",
    ) -> None:
        self._folder, self._file, self._part = folder, file, part
        self._encoding, self._delimiter, self._decimal, self._days = encoding, delimiter, decimal, days
        self._kinds = _kinds(name)
        self._open: dict[str, IO[bytes]] = {}

    def add(self, table: pd.DataFrame, columns: dict[str, str]) -> None:
        """Add rows."""
        parts = self._part(table) if self._part else pd.Series("", index=table.index, dtype=object)
        texts = pd.DataFrame({new: self._text(table[old], self._kinds[old]) for old, new in columns.items()})
        if not self._part and not self._open:
            self._begin("", list(texts))
        for part in sorted(parts.unique()):
            if part not in self._open:
                self._begin(part, list(texts))
            written = texts[(parts == part).to_numpy()].to_csv(
                index=False, header=False, sep=self._delimiter, lineterminator="\n"
            )
            # The mark of utf-8-sig stands once, at the beginning of a file.
            self._open[part].write(written.encode(self._encoding.removesuffix("-sig")))

    def close(self) -> None:
        """Finish."""
        for file in self._open.values():
            file.close()

    def _begin(self, part: str, columns: list[str]) -> None:
        path = self._folder / self._file.format(part)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._open[part] = _opened(path)
        self._open[part].write((self._delimiter.join(columns) + "\n").encode(self._encoding))

    def _text(self, column: pd.Series, kind: str) -> pd.Series:
        missing = column.isna().to_numpy()
        if kind == "timestamp":
            text = np.datetime_as_string(column.to_numpy(dtype="datetime64[s]"), unit="s").astype(object)
        elif kind == "date":
            text = pd.to_datetime(column).dt.strftime(self._days).to_numpy(dtype=object)
        elif kind == "money":
            text = np.array([f"{value:.2f}".replace(".", self._decimal) for value in column], dtype=object)
        elif kind == "boolean":
            text = np.where(column.to_numpy(dtype=bool), "yes", "no").astype(object)
        elif kind == "integer":
            text = column.astype("Int64").astype(str).to_numpy(dtype=object)
        elif kind in ("number", "share"):
            text = np.array([f"{value:g}".replace(".", self._decimal) for value in column], dtype=object)
        else:
            text = column.to_numpy(dtype=object)
        text = text.astype(object)
        text[missing] = ""
        return pd.Series(text, dtype=object)


class Archive:
    """A zip of delimited texts, one per value of a column; the column itself is not delivered."""

    def __init__(self, name: str, folder: Path, *, by: str) -> None:
        self._path, self._aside = folder / f"{name}.zip", folder / f".{name}"

        def part(table: pd.DataFrame) -> pd.Series:
            return table[by].str.replace(" ", "_")

        self._inner = Delimited(name, self._aside, file="{}.csv", part=part)

    def add(self, table: pd.DataFrame, columns: dict[str, str]) -> None:
        """Add rows."""
        self._inner.add(table, columns)

    def close(self) -> None:
        """Finish."""
        self._inner.close()
        if not self._aside.is_dir():
            return
        with zipfile.ZipFile(self._path, "w") as archive:
            for path in sorted(self._aside.iterdir()):
                with path.open("rb") as text, archive.open(_entry(path.name), "w") as inside:
                    shutil.copyfileobj(text, inside)
        shutil.rmtree(self._aside)


class Lines:
    """JSON Lines, in one file or in several; a value that is missing has no key.

    Parameters
    ----------
    name, folder, file
        The table, where it goes, and the file's name, with ``{}`` where ``part`` goes.
    part
        Which part of the delivery each row belongs to; none: all rows are in one file.
    """

    def __init__(
        self, name: str, folder: Path, *, file: str, part: Callable[[pd.DataFrame], np.ndarray] | None = None
    ) -> None:
        self._folder, self._file, self._part = folder, file, part
        self._kinds = _kinds(name)
        self._open: dict[str, IO[bytes]] = {}

    def add(self, table: pd.DataFrame, columns: dict[str, str]) -> None:
        """Add rows."""
        parts = self._part(table) if self._part else np.full(len(table), "", dtype=object)
        values = {new: _plain(table[old], self._kinds[old], milliseconds=True) for old, new in columns.items()}
        names = list(values)
        lines: dict[str, list[str]] = {}
        for part, row in zip(parts, zip(*values.values(), strict=True), strict=True):
            record = {name: value for name, value in zip(names, row, strict=True) if value is not None}
            lines.setdefault(part, []).append(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
        for part in sorted(lines) if lines or self._open or self._part else [""]:
            if part not in self._open:
                path = self._folder / self._file.format(part)
                path.parent.mkdir(parents=True, exist_ok=True)
                self._open[part] = _opened(path)
            self._open[part].write("".join(f"{line}\n" for line in lines.get(part, [])).encode())

    def close(self) -> None:
        """Finish."""
        for file in self._open.values():
            file.close()


class Nested:
    """One JSON document with the records in ``data.items``."""

    def __init__(self, name: str, folder: Path) -> None:
        self._path, self._kinds = folder / f"{name}.json", _kinds(name)
        self._records: list[dict[str, object]] = []

    def add(self, table: pd.DataFrame, columns: dict[str, str]) -> None:
        """Add rows."""
        values = {new: _plain(table[old], self._kinds[old], milliseconds=False) for old, new in columns.items()}
        self._records += [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]

    def close(self) -> None:
        """Finish."""
        content = {"data": {"items": self._records, "count": len(self._records)}}
        self._path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


class Sheet:
    """A workbook whose second sheet holds the records; the first is a cover. Keys are text; days, numbers are not."""

    def __init__(self, name: str, folder: Path, *, title: str) -> None:
        self._path, self._title, self._kinds = folder / f"{name}.xlsx", title, _kinds(name)
        self._rows: list[list[object]] = []
        self._columns: list[str] = []

    def add(self, table: pd.DataFrame, columns: dict[str, str]) -> None:
        """Add rows."""
        self._columns = list(columns.values())
        cells = []
        for name in columns:
            column, kind = table[name], self._kinds[name]
            if kind in ("timestamp", "date"):
                cells.append([None if pd.isna(one) else one.to_pydatetime() for one in pd.to_datetime(column)])
            else:
                cells.append(_plain(column, kind, milliseconds=False))
        self._rows += [list(row) for row in zip(*cells, strict=True)]

    def close(self) -> None:
        """Finish."""
        book = Workbook(write_only=True)
        cover = book.create_sheet("Cover")
        cover.append(["Delivered by the planted shop. Every record is simulated."])
        sheet = book.create_sheet(self._title)
        sheet.append(self._columns)
        for row in self._rows:
            sheet.append(row)
        book.properties.created = _WRITTEN
        book.properties.creator = "planted shop"
        written = io.BytesIO()
        book.save(written)
        with zipfile.ZipFile(written) as packed, zipfile.ZipFile(self._path, "w") as archive:
            for member in packed.namelist():
                content = packed.read(member)
                if member == "docProps/core.xml":  # it says when the workbook was saved
                    content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2018-01-08T00:00:00Z", content)
                archive.writestr(_entry(member), content)


class WebExport:
    """Quarterly files of the web shop, lines as they are, in GB18030 but for a few that are in UTF-8."""

    def __init__(self, name: str, folder: Path) -> None:
        self._folder, self._name = folder, name
        self._open: dict[str, IO[bytes]] = {}

    def add(self, table: pd.DataFrame, columns: dict[str, str]) -> None:
        """Add rows."""
        for made, rows in table.groupby("file", sort=True):
            if made not in self._open:
                self._open[made] = _opened(self._folder / f"{self._name}_{made}.csv")
                self._open[made].write(f"{header()}\n".encode("gb18030"))
            self._open[made].write(
                b"".join(
                    f"{line}\n".encode("utf-8" if other else "gb18030")
                    for line, other in zip(rows["line"], rows["utf8"], strict=True)
                )
            )

    def close(self) -> None:
        """Finish."""
        for file in self._open.values():
            file.close()


class _Packed(gzip.GzipFile):
    """A packed file without the moment of packing, nor its name."""

    def __init__(self, path: Path) -> None:
        self._below = path.open("wb")
        super().__init__(filename="", fileobj=self._below, mode="wb", compresslevel=6, mtime=0)

    def close(self) -> None:
        """Finish."""
        super().close()
        self._below.close()


def _opened(path: Path) -> IO[bytes]:
    """Open a file for writing; one that ends in .gz is packed."""
    return _Packed(path) if path.suffix == ".gz" else path.open("wb")


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry of an archive without the moment of packing."""
    entry = zipfile.ZipInfo(name, _DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _plain(column: pd.Series, kind: str, *, milliseconds: bool) -> list[object]:
    """Values as JSON and workbooks have them; ``None`` where there is none."""
    missing = column.isna().to_numpy()
    if kind == "timestamp":
        moments = column.to_numpy(dtype="datetime64[ms]")
        written = moments.astype("int64") if milliseconds else np.datetime_as_string(moments, unit="s")
        values = written.tolist()
    elif kind == "integer":
        values = column.astype("Int64").fillna(0).tolist()
    elif kind in ("number", "share"):
        values = column.astype("float64").tolist()
    else:
        values = column.tolist()
    return [None if empty else value for value, empty in zip(values, missing, strict=True)]


def _log_of(table: pd.DataFrame) -> np.ndarray:
    """The log file of an event: one per UTC day for the last days, one per month for what was packed before."""
    day = table["occurred_at"].to_numpy(dtype="datetime64[D]")
    days = np.datetime_as_string(day).astype(object)
    recent = day >= _DAILY_FROM
    return np.array(
        [(one if new else one[:7]).replace("-", "") for one, new in zip(days, recent, strict=True)], dtype=object
    )


def _quarter(table: pd.DataFrame) -> pd.Series:
    """The quarter in which something was used."""
    moment = table["used_at"]
    return moment.dt.year.astype(str) + "q" + moment.dt.quarter.astype(str)


#: By delivered table; all others come as parquet.
FORMS: dict[str, Callable[[str, Path], Form]] = {
    "consents": lambda name, folder: Delimited(name, folder, file="consents.csv", encoding="utf-8-sig"),
    "experiments": lambda name, folder: Delimited(name, folder, file="experiments.csv"),
    "product_reviews": lambda name, folder: Delimited(
        name, folder, file="product_reviews.csv", encoding="utf-8-sig", delimiter=";"
    ),
    "contracts": lambda name, folder: Delimited(
        name, folder, file="contracts.csv", encoding="cp1252", delimiter=";", decimal=",", days="%d.%m.%Y"
    ),
    "usage": lambda name, folder: Delimited(name, folder, file="usage_{}.tsv.gz", delimiter="\t", part=_quarter),
    "loyalty_ledger": lambda name, folder: Delimited(name, folder, file="loyalty_ledger.csv.gz", delimiter="|"),
    "identities": lambda name, folder: Archive(name, folder, by="system"),
    "feedback_codes": lambda name, folder: Archive(name, folder, by="coder"),
    "events": lambda name, folder: Lines(name, folder, file="events/events_{}.jsonl.gz", part=_log_of),
    "calls": lambda name, folder: Lines(name, folder, file="calls.jsonl"),
    "listening": lambda name, folder: Lines(name, folder, file="listening.jsonl"),
    "referrals": Nested,
    "regions": lambda name, folder: Sheet(name, folder, title="Regions"),
    "survey_sheets": lambda name, folder: Sheet(name, folder, title="Sheets"),
    "web_orders": WebExport,
}

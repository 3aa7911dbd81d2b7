"""All values of one column of the files, where a sample does not do: the first and the last day."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from customer_patterns.sources.draft.looking import Seen


def every_value(seen: Seen, column: str) -> Iterator[str]:
    """Yield the different values of a column over all records of all files; for JSON and workbooks, of the sample."""
    met: set[str] = set()
    for path in seen.files:
        for value in _values(seen, path, column):
            if value and value not in met:
                met.add(value)
                yield value


def _values(seen: Seen, path: Path, column: str) -> Iterator[str | None]:
    match "sample" if seen.holds(column) else seen.reader:
        case "csv":
            with _opened(path, seen.form.get("encoding", "utf-8")) as file:
                rows = csv.reader(file, delimiter=seen.form.get("delimiter", ","))
                place = list(seen.columns).index(column)
                for number, row in enumerate(row for row in rows if any(row)):
                    if number > seen.form.get("skip_rows", 0) and place < len(row):
                        yield row[place]
        case "jsonl":
            with _opened(path, "utf-8") as file:
                for line in file:
                    yield _at(line, column)
        case "parquet":
            import pyarrow.parquet as pq

            for batch in pq.ParquetFile(path).iter_batches(columns=[column]):
                yield from (None if value is None else str(value) for value in batch.column(0).unique().to_pylist())
        case _:
            yield from seen.columns[column]


def _at(line: str, column: str) -> str | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    for name in column.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return None if value is None else str(value)


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    """A text file, plain, gzipped or the first of an archive; what cannot be read does not stop a draft."""
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    if path.name.lower().endswith(".gz"):
        with gzip.open(path, "rt", encoding=encoding, errors="replace", newline="") as file:
            yield file
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as inner:
            yield io.TextIOWrapper(inner, encoding=encoding, errors="replace", newline="")
    else:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            yield file

"""Look into a delivered file: which kind it is, how it is written, what its first records hold."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from customer_patterns.sources.draft.records import flattened, longest_list, opened_lists, records_of_lines
from customer_patterns.sources.draft.seen import BYTES, RECORDS, DraftError, Seen

_DELIMITERS = (",", ";", "\t", "|")


def look(path: Path) -> Seen:
    """Look into a file.

    Raises
    ------
    DraftError
        If it is not there, empty, or of no kind that a study can read.
    """
    if not path.is_file():
        raise DraftError(f"{path} is not a file; give the delivered files, e.g. draft exports/orders.csv")
    if not path.stat().st_size:
        raise DraftError(f"{path.name} is empty; ask for a new delivery")
    name = path.name.lower().removesuffix(".gz")
    try:
        if name.endswith((".xlsx", ".xlsm")):
            return _workbook(path)
        if name.endswith(".parquet"):
            return _parquet(path)
        text, encoding, guessed, notes = _text(path)
    except DraftError:
        raise
    except Exception as error:
        raise DraftError(f"{path.name} cannot be opened as what its name says ({_first_line(error)})") from None
    if text.lstrip()[:1] in ("{", "["):
        return _json(path, text)
    if text.lstrip()[:1] == "<":
        raise DraftError(f"{path.name} holds markup, not a table: it may be an error page; ask for the export itself")
    return _delimited(path, text, encoding, guessed, notes)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _bytes(path: Path) -> bytes:
    if path.name.lower().endswith(".gz"):
        with gzip.open(path) as file:
            return file.read(BYTES)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = [name for name in archive.namelist() if not name.endswith("/")]
            if not members:
                raise DraftError(f"{path.name} holds no file; ask for a new delivery")
            with archive.open(members[0]) as file:
                return file.read(BYTES)
    with path.open("rb") as file:
        return file.read(BYTES)


def _text(path: Path) -> tuple[str, str, bool, tuple[str, ...]]:
    """The beginning of a file as text: the text, its encoding, whether that is a guess, what to note."""
    content = _bytes(path)
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="ignore").lstrip("\ufeff"), encoding, False, ()
    if (text := _whole(content, "utf-8")) is not None:
        return text, "utf-8", False, ()
    encoding = "gb18030" if _looks_chinese(content) else "cp1252"
    text = _whole(content, encoding)
    if text is None:
        encoding, text = "latin-1", content.decode("latin-1")
    return text, encoding, True, (f"is the file really written in {encoding}? Look at a name with special letters",)


def _whole(content: bytes, encoding: str) -> str | None:
    """The text, if all of it can be read; a character that the cut at the end broke does not count."""
    for cut in range(4):
        try:
            return content[: len(content) - cut].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(content) - 4:
                return None
    return None


def _looks_chinese(content: bytes) -> bool:
    """Whether bytes beyond ASCII come in the pairs of common Chinese characters, which Latin letters hardly do."""
    pairs = common = position = 0
    while position < len(content) - 1:
        lead, trail = content[position], content[position + 1]
        if lead < 0x81:
            position += 1
            continue
        pairs += 1
        common += (0xB0 <= lead <= 0xD7 and trail >= 0xA1) or (0xA1 <= lead <= 0xA3 and trail >= 0xA1)
        position += 2 if trail >= 0x40 else 1
    return pairs > 0 and common >= 0.8 * pairs


def _delimited(path: Path, text: str, encoding: str, guessed: bool, notes: tuple[str, ...]) -> Seen:
    delimiter, skipped, header, rows = _dialect(path, text)
    form: dict[str, Any] = {"encoding": encoding} if encoding != "utf-8" else {}
    guesses = ["encoding"] if guessed else []
    if delimiter != ",":
        form["delimiter"] = delimiter
    if skipped:
        form["skip_rows"] = skipped
        guesses.append("skip_rows")
    width = len(header)
    odd = sum(len(row) != width for row in rows)
    if odd:
        notes = (*notes, f"{odd} of the first {len(rows)} records have more or fewer fields than the header")
    if all(_is_number(name) for name in header if name):
        raise DraftError(f"{path.name} has no header: its first line holds values; put the columns' names there")
    if twice := sorted(name for name, times in Counter(header).items() if times > 1):
        raise DraftError(f"{path.name} has several columns called '{twice[0]}'; give each a name of its own")
    kept = [row for row in rows if len(row) == width]
    columns = {name: [row[place] or None for row in kept] for place, name in enumerate(header)}
    return Seen((path,), "csv", columns, form, tuple(guesses), notes)


def _dialect(path: Path, text: str) -> tuple[str, int, list[str], list[list[str]]]:
    """The delimiter by which most lines have the same number of fields, more than one; and what stands before."""
    best: tuple[tuple[float, int], str, int, list[list[str]]] | None = None
    for delimiter in _DELIMITERS:
        try:
            rows = [
                row
                for row in itertools.islice(csv.reader(io.StringIO(text), delimiter=delimiter), RECORDS + 50)
                if any(row)
            ]
        except csv.Error:
            continue
        if not rows:
            continue
        width, times = Counter(map(len, rows)).most_common(1)[0]
        if width < 2:
            continue
        skipped = next(place for place, row in enumerate(rows) if len(row) == width)
        key = (times / len(rows), width)
        if best is None or key > best[0]:
            best = (key, delimiter, skipped, rows)
    if best is None:
        raise DraftError(f"{path.name} has one column only, whatever its fields are parted by; is it a table?")
    _, delimiter, skipped, rows = best
    header = [name.strip() for name in rows[skipped]]
    while header and not header[-1]:  # a comma at the end of every line
        header.pop()
    return (
        delimiter,
        skipped,
        header,
        [row[: len(header)] if not any(row[len(header) :]) else row for row in rows[skipped + 1 :][:RECORDS]],
    )


def _is_number(text: str) -> bool:
    return bool(text) and text.replace(".", "", 1).replace(",", "", 1).replace("-", "", 1).isdigit()


def _json(path: Path, text: str) -> Seen:
    form: dict[str, Any] = {}
    if text.lstrip().startswith("{") and (records := list(records_of_lines(text))) and len(records) > 1:
        records, each = opened_lists(records)
        return Seen((path,), "jsonl", flattened(records), each=each)
    try:
        content = json.loads(_bytes_whole(path), parse_float=str, parse_int=str)
    except ValueError as error:
        raise DraftError(f"{path.name} is not valid JSON ({error}); ask for a new delivery") from None
    where, found = longest_list(content)
    if not found:
        raise DraftError(f"{path.name} holds no list of records; ask for a new delivery")
    if where:
        form["records"] = where
    records, each = opened_lists(found[:RECORDS])
    return Seen((path,), "json", flattened(records), form, ("records",) if where else (), each=each)


def _bytes_whole(path: Path) -> bytes:
    opener = gzip.open if path.name.lower().endswith(".gz") else open
    with opener(path, "rb") as file:
        return file.read()


def _workbook(path: Path) -> Seen:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    sheets = {
        sheet.title: [
            row
            for row in itertools.islice(sheet.iter_rows(values_only=True), RECORDS + 20)
            if any(c is not None for c in row)
        ]
        for sheet in book.worksheets
    }
    name, rows = max(sheets.items(), key=lambda item: len(item[1]))
    if len(rows) < 2:
        raise DraftError(f"{path.name} has no sheet with a header and a record; ask for a new delivery")
    width = Counter(sum(cell is not None for cell in row) for row in rows).most_common(1)[0][0]
    start = next(place for place, row in enumerate(rows) if sum(cell is not None for cell in row) >= width)
    header = [str(cell).strip() if cell is not None else "" for cell in rows[start]]
    columns = {
        title: [_cell(row[place]) if place < len(row) else None for row in rows[start + 1 :]]
        for place, title in enumerate(header)
        if title
    }
    form: dict[str, Any] = {"sheet": name} if len(sheets) > 1 else {}
    notes = (f"of the sheets {', '.join(sheets)} the longest, '{name}', is read",) if len(sheets) > 1 else ()
    if start:
        form["skip_rows"] = start
    return Seen((path,), "excel", columns, form, tuple(form), notes)


def _cell(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00") if hasattr(value, "hour") else value.isoformat()
    return str(value)


def _parquet(path: Path) -> Seen:
    import pyarrow.parquet as pq

    batch = next(pq.ParquetFile(path).iter_batches(batch_size=RECORDS), None)
    if batch is None:
        raise DraftError(f"{path.name} has no records; ask for a new delivery")
    columns = {
        name: [None if value is None else str(value) for value in batch.column(name).to_pylist()]
        for name in batch.schema.names
    }
    return Seen((path,), "parquet", columns)

"""What became of one file, kept so that it is made only once.

What a file becomes depends on its bytes, its contract and this code, and on nothing else, not on the study's last
moment either; so it is kept as a *piece* under those three fingerprints, and a new day costs its own file only.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources import readers
from customer_patterns.sources.ahead import dated, is_ahead, put_in_order
from customer_patterns.sources.aside import REPAIRS, SET_ASIDE, judge_file, left_out, together
from customer_patterns.sources.lines import Lines
from customer_patterns.sources.loaded import LOADED, HandedOver, end_of, handed_over
from customer_patterns.sources.persons import holds_persons, is_personal, key_of, remember
from customer_patterns.sources.private import locked, locked_records
from customer_patterns.sources.raw import FILE, LINE, DeliveredFile, Raw, repair_frame, set_aside_frame
from customer_patterns.sources.readers import csv, wide
from customer_patterns.sources.readers.gathered import release
from customer_patterns.sources.values.convert import Conversion, encoded_records
from customer_patterns.sources.values.sql import literal, quoted
from customer_patterns.study import Source, Study, intake_folder, vault_path
from customer_patterns.study.origins import LoadedColumn
from customer_patterns.warehouse import InOrder, digest, sha256, to_json

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from customer_patterns.sources.values.lot import Lot

#: Tables of which the stage keeps the delivered order: their pieces hold canonical columns only, so that a delivery of
#: which all is kept need not be written a second time.
IN_DELIVERED_ORDER = ("order_lines", "promotions")

_RECORDS, _SET_ASIDE, _REPAIRS, _SAID = "records.parquet", "set_aside.parquet", "repairs.parquet", "piece.json"


@dataclass(frozen=True)
class Piece:
    """What became of one file.

    Attributes
    ----------
    query
        SQL of its records: the canonical columns, ``_file``, ``_line``, ``_loaded_at``.
    set_aside, repairs, left_out
        As in :class:`~.intake.Taken`.
    written
        The file of its records, and how many there are, where that holds the canonical columns and nothing else.
    """

    query: str
    set_aside: pd.DataFrame
    repairs: pd.DataFrame
    left_out: tuple[str, ...]
    written: tuple[Path, int] | None = None


def make_piece(backend: Backend, source: Source, study: Study, file: DeliveredFile) -> Path:
    """Return the folder of a file's piece, made if it is not there."""
    folder = _pieces_of(source, study) / _fingerprint(source, study, file)
    if (folder / _SAID).is_file() and not (is_personal(source) and not vault_path(study.name).exists()):
        return folder
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        _Making(backend, source, study, file).into(fresh)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return folder


def open_piece(source: Source, folder: Path, file: DeliveredFile, index: int) -> Piece:
    """Open a file's piece; ``index`` is the file's place in the delivery."""
    said = json.loads((folder / _SAID).read_text(encoding="utf-8"))
    path, in_columns = folder / _RECORDS, said["in_columns"]
    line = LINE if LINE in in_columns else f"{Lines.told(said['lines'])} AS {LINE}"
    loaded = LOADED if LOADED in in_columns else f"{end_of(file)} AS {LOADED}"
    names = [*map(quoted, CANONICAL[source.table].names), f"CAST({index} AS INTEGER) AS {FILE}", line, loaded]
    return Piece(
        f"SELECT {', '.join(names)} FROM read_parquet({literal(str(path))}, file_row_number = true)",
        _opened(folder / _SET_ASIDE, SET_ASIDE, index),
        _opened(folder / _REPAIRS, REPAIRS, index),
        tuple(said["left_out"]),
        None if in_columns else (path, said["records"]),
    )


def forget_others(source: Source, study: Study, files: tuple[DeliveredFile, ...]) -> None:
    """Remove pieces that no delivered file has any more: of files replaced, contracts changed, code of yesterday."""
    folder = _pieces_of(source, study)
    wanted = {_fingerprint(source, study, file) for file in files}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted and not path.name.startswith("."):
            shutil.rmtree(path, ignore_errors=True)


class _Making:
    """One piece while it is made."""

    def __init__(self, backend: Backend, source: Source, study: Study, file: DeliveredFile) -> None:
        self.backend, self.source, self.study, self.file = backend, source, study, file
        self.conversion = Conversion(backend.con, wide.unfolded(source), study, (file,))
        self.lines = Lines()
        self.set_aside: list[pd.DataFrame] = []
        self.repairs: list[pd.DataFrame] = []
        self.columns: tuple[str, ...] = ()

    def into(self, folder: Path) -> None:
        """Read the file, and write its piece into an empty folder."""
        path, in_columns = folder / _RECORDS, self._in_columns()
        schema = self._schema(in_columns)
        with InOrder(path, schema) as writer:
            for part in self._parts():
                self.lines.add(part[LINE].to_numpy())
                writer.write(locked(part.select(schema.names), self.source, self.study))
        if LINE not in in_columns and not self.lines.few:
            in_columns.append(LINE)
            _write_beside(path, self.lines)
        aside = together(self.set_aside, SET_ASIDE.names)
        judge_file(self.source, self.file, self.lines.count, aside)
        _store(locked_records(aside, self.source, self.study), SET_ASIDE, folder / _SET_ASIDE)
        _store(together(self.repairs, REPAIRS.names), REPAIRS, folder / _REPAIRS)
        remember(self.conversion.namings, self.study)
        said = {
            "file": self.file.name,
            "sha256": self.file.sha256,
            "records": self.lines.count,
            "lines": [] if LINE in in_columns else self.lines.runs,
            "in_columns": in_columns,
            "left_out": left_out(self.source, self.columns),
        }
        (folder / _SAID).write_text(to_json(said), encoding="utf-8")

    def _in_columns(self) -> list[str]:
        """Which of the columns beside the canonical ones are written out for every record."""
        loaded = [LOADED] if isinstance(self.source.loaded_at, LoadedColumn) else []
        return [*([] if self.source.table in IN_DELIVERED_ORDER else [LINE]), *loaded]

    def _schema(self, in_columns: list[str]) -> pa.Schema:
        schema = self.conversion.schema_of_lots.append(pa.field(LOADED, pa.timestamp("us")))
        return pa.schema([f for f in schema if f.name not in (FILE, LINE, LOADED) or f.name in in_columns])

    def _parts(self) -> Iterator[pa.Table]:
        """The kept records, so many at a time."""
        for records, over, delivered in self._lots():
            lot = self.conversion.convert(records)
            self.set_aside.append(lot.set_aside)
            self.repairs.append(lot.repairs)
            parts = lot.parts(numbered=dated(self.source) is None) if over is None else _loaded_parts(lot, over)
            yield from self._in_order(parts, delivered)

    def _in_order(self, parts: Iterator[pa.Table], delivered: Callable[[], Raw]) -> Iterator[pa.Table]:
        """The records, none of which happened after it was handed over."""
        moment = dated(self.source)
        if moment is None:
            yield from parts
            return
        whole = pa.concat_tables([self.conversion.schema_of_lots.empty_table(), *parts], promote_options="default")
        if LOADED not in whole.column_names:
            day = pa.scalar(self.file.delivered_on, pa.date32()).cast(pa.timestamp("us"))
            whole = whole.append_column(LOADED, pa.chunked_array([pa.repeat(day, whole.num_rows)]))
        if is_ahead(whole[moment], whole[LOADED], self.source):
            view = ibis.util.gen_name("handed_over")
            self.backend.con.register(view, whole)
            ordered = put_in_order(self.backend, self.backend.table(view), delivered(), self.source, loaded=LOADED)
            self.set_aside.append(ordered.set_aside)
            self.repairs.append(ordered.repairs)
            whole = ordered.table.order_by(LINE).to_pyarrow().cast(whole.schema)
            self.backend.con.unregister(view)
        yield whole

    def _lots(self) -> Iterator[tuple[pa.Table, HandedOver | None, Callable[[], Raw]]]:
        """The records of a file, a large delimited one in lots, when they were handed over, and as delivered."""
        if self.source.reader == "csv" and self.source.each is None and not self._is_unfolded:
            for lot in csv.lots(self.source, self.file):
                self._note(lot.columns, set_aside_frame(lot.set_aside), repair_frame(lot.repairs))
                yield lot.table, self._handed_over(lot.table), self._delivered(lot)
            return
        delivered = readers.reader(self.source.reader)(self.backend, self.source, (self.file,))
        raw = wide.unfold(self.backend, delivered, self.source)
        self._note(raw.columns, raw.set_aside, raw.repairs)
        origins = self.conversion.origins
        if raw is not delivered:  # a sheet is handed over as a whole, and is several records
            over = self._handed_over(*self._of(delivered.records, []))
            lots = ((records, over) for records in self._of(raw.records, origins, loaded=False))
        else:
            lots = ((records, self._handed_over(records)) for records in self._of(raw.records, origins))
        yield from ((*lot, lambda: delivered) for lot in lots)
        release(self.backend, delivered)

    def _delivered(self, lot: csv.Lot) -> Callable[[], Raw]:
        return lambda: csv.as_raw(self.backend, (self.file,), [lot])

    def _of(self, records: ir.Table, names: list[str], *, loaded: bool = True) -> list[pa.Table]:
        """These columns, and the one that says when a record was handed over."""
        at = self.source.loaded_at
        more = [at.column] if loaded and isinstance(at, LoadedColumn) else []
        return encoded_records(self.backend, records, list(dict.fromkeys([*names, *more])))

    def _handed_over(self, *records: pa.Table) -> HandedOver | None:
        if not records or not isinstance(self.source.loaded_at, LoadedColumn):
            return None
        over = handed_over(self.backend.con, self.source, pa.concat_tables(records))
        self.set_aside.append(over.unread)
        return over

    @property
    def _is_unfolded(self) -> bool:
        """Whether records are made of what was delivered: of sheets, or with a key of their own."""
        return self.source.wide is not None or wide.makes_keys(self.source)

    def _note(self, columns: tuple[str, ...], set_aside: pd.DataFrame, repairs: pd.DataFrame) -> None:
        self.columns = columns
        self.set_aside.append(set_aside)
        self.repairs.append(repairs)


def _loaded_parts(lot: Lot, over: HandedOver) -> Iterator[pa.Table]:
    """The kept records of which it is known when they were handed over, with that moment."""
    known, moments = over.of(lot.lines[lot.kept])
    begin = 0
    for part in lot.parts(lot.kept[known]):
        yield part.append_column(LOADED, moments.slice(begin, part.num_rows))
        begin += part.num_rows


def _write_beside(path: Path, lines: Lines) -> None:
    """Write the line of every record into its file, because they are too many to be told otherwise."""
    fresh, begin, each, file = path.with_suffix(".fresh"), 0, lines.each(), pq.ParquetFile(path)
    with InOrder(fresh, file.schema_arrow.append(pa.field(LINE, pa.int64()))) as writer:
        for batch in file.iter_batches():
            own = pa.array(each[begin : begin + batch.num_rows], pa.int64())
            writer.write(pa.Table.from_batches([batch]).append_column(LINE, own))
            begin += batch.num_rows
    fresh.replace(path)


def _store(frame: pd.DataFrame, schema: pa.Schema, path: Path) -> None:
    """Write a table of a piece; one without rows is no file."""
    if len(frame):
        pq.write_table(pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False), path)


def _opened(path: Path, schema: pa.Schema, index: int) -> pd.DataFrame:
    table = pq.read_table(path) if path.is_file() else schema.empty_table()
    return table.to_pandas().assign(file=index)


def _fingerprint(source: Source, study: Study, file: DeliveredFile) -> str:
    """What a piece depends on: bytes, contract, code."""
    content = {
        "file": [file.sha256, file.member, str(file.delivered_on)],
        "contract": source.model_dump(mode="json", exclude={"location"}),
        "study": [study.currency, study.time_zone, str(study.first_day), str(study.last_day)],
        "code": _code(),
    }
    if holds_persons(study):  # sealed, or named, by it
        content["key"] = key_of(study).id
    return digest(content)[:24]


@lru_cache
def _code() -> str:
    """The SHA-256 of the code that reads and converts."""
    here = Path(__file__).parent
    rooms = (here / "readers", here / "files", here / "delimited", here / "values", here.parent / "schemas")
    rooms += (here.parent / "privacy",)
    paths = [path for room in rooms for path in sorted(room.rglob("*.py"))]
    own = ("raw.py", "ahead.py", "pieces.py", "lines.py", "loaded.py", "aside.py", "persons.py", "private.py")
    said = ("blocks.py", "contract.py", "format.py", "origins.py", "sheets.py")
    paths += [*(here / name for name in own), *(here.parent / "study" / name for name in said)]
    paths += sorted((here.parent / "warehouse").rglob("*.py"))
    return digest([sha256(path) for path in paths])


def _pieces_of(source: Source, study: Study) -> Path:
    return intake_folder(study.name) / source.name

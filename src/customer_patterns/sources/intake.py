"""One source's table, taken in: files found, read, converted, each file's result kept so that it is made only once.

A delivery grows by a file a day. What a file becomes depends on its bytes, its contract and this code, and on nothing
else, not on the study's last moment either; so it is kept as a *piece* under those three fingerprints, and a new day
costs its own file only. Pieces put together in the order of their files are what a full rebuild would be.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from customer_patterns.schemas import Column
from customer_patterns.sources import readers
from customer_patterns.sources.codes import CODES
from customer_patterns.sources.corrections import Corrections, read_corrections
from customer_patterns.sources.files import find_files
from customer_patterns.sources.files.places import REMOTE
from customer_patterns.sources.in_place import convert_in_place
from customer_patterns.sources.raw import FILE, LINE, DeliveredFile, DeliveryError, Raw
from customer_patterns.sources.readers import csv, wide
from customer_patterns.sources.readers.gathered import release
from customer_patterns.sources.values.convert import Converted, convert
from customer_patterns.sources.values.drift import refuse_drift
from customer_patterns.sources.values.moments import MomentFormat
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.sources.values.reading import PSEUDONYM_SECRET, Reading
from customer_patterns.sources.values.zones import Clock
from customer_patterns.sources.views import as_view
from customer_patterns.study import Source, Study, intake_folder
from customer_patterns.study.contract import LoadedColumn
from customer_patterns.warehouse import digest, sha256, to_json, write_in_order

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

#: When the sender handed a record over, as far as the contract says so.
LOADED = "_loaded_at"

#: Readers whose files are read where they lie: their columns have types of their own.
_IN_PLACE = ("package", "parquet")

_SET_ASIDE = pa.schema(
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
_REPAIRS = pa.schema([("line", pa.int64()), ("code", pa.string()), ("column", pa.string())])
_NOT_RECORDS = ("E_FOOTER", "D_REPEATED")  # a total, and what a service delivered again: neither is a fault


class NotYetHandedOver(DeliveryError):
    """All files of a source were handed over after the study's last day."""


@dataclass(frozen=True)
class Taken:
    """One source's table as delivered, in canonical form.

    Attributes
    ----------
    source
        Its contract.
    files
        Where it came from; ``_file`` and ``file`` are indexes into them.
    table
        The canonical columns, and ``_file``, ``_line`` and ``_loaded_at``.
    set_aside
        ``file``, ``line``, ``code``, ``column``, ``detail`` (masked), ``raw``, ``revenue``, ``at``.
    repairs
        ``file``, ``line`` (0: all records of the file), ``code``, ``column``.
    corrected
        Records whose place a corrected one takes: ``file``, ``line``.
    left_out
        Delivered columns that the contract does not name.
    """

    source: Source
    files: tuple[DeliveredFile, ...]
    table: ir.Table
    set_aside: pd.DataFrame
    repairs: pd.DataFrame
    corrected: pd.DataFrame
    left_out: tuple[str, ...]


def take_in(backend: Backend, source: Source, *, study: Study, as_of: date) -> Taken:
    """Take in one source's table.

    Parameters
    ----------
    backend
        The DuckDB to work with.
    source
        The contract.
    study
        Its study.
    as_of
        The study's last day; files handed over later are not looked at, where the contract says when they were.

    Raises
    ------
    DeliveryError
        For a file that cannot be used, or of which a larger share than ``worst_share`` had to be set aside.
    """
    every = _files(source, study, as_of)
    files = tuple(file for file in every if file.delivered_on is None or file.delivered_on <= as_of)
    if not files:
        raise NotYetHandedOver(
            f"nothing was handed over by {as_of}; the first file is of {min(f.delivered_on for f in every)}",
            table=source.table,
            code="E_MISSING",
            remedy="choose a later as_of",
        )
    if source.reader in _IN_PLACE:
        pieces = [_in_place(backend, source, study, files)]
    else:
        made = {file: _piece(backend, source, study, file) for file in files}
        _forget_others(source, study, {_fingerprint(source, study, file) for file in every})
        pieces = [_open(backend, folder, index) for index, folder in enumerate(made.values())]
    corrections = read_corrections(source, study, every)
    corrected = pd.DataFrame({"file": [], "line": []}, dtype="int64")
    if corrections is not None:
        pieces.append(_corrected(backend, corrections, study, files))
        files, index = (*files, corrections.file), {file.name: number for number, file in enumerate(files)}
        named = corrections.named[corrections.named["file"].isin(index)]  # others name files of later days
        corrected = named.assign(file=named["file"].map(index)).astype("int64")
    table = _stacked(backend, [piece.table for piece in pieces], f"taken__{source.table}")
    refuse_drift(table, files, source)
    return Taken(
        source=source,
        files=files,
        table=table,
        set_aside=_together([piece.set_aside for piece in pieces], _SET_ASIDE.names),
        repairs=_together([piece.repairs for piece in pieces], _REPAIRS.names),
        corrected=corrected,
        left_out=tuple(dict.fromkeys(name for piece in pieces for name in piece.left_out)),
    )


@dataclass(frozen=True)
class _Piece:
    """What became of one file, or of several read in place."""

    table: ir.Table
    set_aside: pd.DataFrame
    repairs: pd.DataFrame
    left_out: tuple[str, ...]


def _files(source: Source, study: Study, as_of: date) -> tuple[DeliveredFile, ...]:
    if source.reader in REMOTE:
        module = importlib.import_module(f"{readers.__name__}.{readers.MODULES[source.reader]}")
        return module.fetch(source, folder=intake_folder(study.name) / "fetched", as_of=as_of)
    return find_files(source)


# Files that are read where they lie


def _in_place(backend: Backend, source: Source, study: Study, files: tuple[DeliveredFile, ...]) -> _Piece:
    delivered = readers.reader(source.reader)(backend, source, files)
    raw = wide.unfold(backend, delivered, source)
    converted = convert_in_place(backend, raw, wide.unfolded(source), study=study)
    set_aside = _both(raw, converted)
    _judge_files(backend, source, files, converted.table, set_aside)
    loaded, unloaded = _loaded_at(backend, source, delivered)
    table = _with_loaded(converted.table, loaded, raw.files)
    set_aside = pd.concat([set_aside, unloaded], ignore_index=True) if len(unloaded) else set_aside
    return _Piece(table, set_aside, _repairs(raw, converted), _left_out(source, raw.columns))


# Pieces


def _piece(backend: Backend, source: Source, study: Study, file: DeliveredFile) -> Path:
    """Return the folder of a file's piece, made if it is not there."""
    folder = _pieces_of(source, study) / _fingerprint(source, study, file)
    if (folder / "piece.json").is_file():
        return folder
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        _make(backend, source, study, file, fresh)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return folder


def _make(backend: Backend, source: Source, study: Study, file: DeliveredFile, folder: Path) -> None:
    set_aside, repairs, columns, records = [], [], (), 0
    for number, delivered in enumerate(_raws(backend, source, file)):
        raw = wide.unfold(backend, delivered, source)
        converted = convert(backend, raw, wide.unfolded(source), study=study)
        loaded, unloaded = _loaded_at(backend, source, delivered)
        table = _with_loaded(converted.table, loaded, raw.files)
        path = folder / f"records-{number:05}.parquet"
        write_in_order(backend, table.drop(FILE), path)
        records += pq.read_metadata(path).num_rows
        set_aside += [_both(raw, converted), unloaded]
        repairs.append(_repairs(raw, converted))
        columns = raw.columns
        converted.release()
    aside = _together(set_aside, _SET_ASIDE.names)
    _judge(source, file, records, aside)
    _store(aside, _SET_ASIDE, folder / "set_aside.parquet")
    _store(_together(repairs, _REPAIRS.names), _REPAIRS, folder / "repairs.parquet")
    said = {"file": file.name, "sha256": file.sha256, "records": records, "left_out": _left_out(source, columns)}
    (folder / "piece.json").write_text(to_json(said), encoding="utf-8")


def _raws(backend: Backend, source: Source, file: DeliveredFile) -> Iterator[Raw]:
    """The records of a file; a large delimited one in lots, so that its size does not matter."""
    if source.reader != "csv":
        raw = readers.reader(source.reader)(backend, source, (file,))
        yield raw
        release(backend, raw)
        return
    for lot in csv.lots(source, file):
        raw = csv.as_raw(backend, (file,), [lot])
        yield raw
        backend.con.unregister(raw.records.get_name())
        del raw, lot


def _open(backend: Backend, folder: Path, index: int) -> _Piece:
    paths = sorted(folder.glob("records-*.parquet"))
    table = backend.read_parquet(paths, table_name=ibis.util.gen_name("piece"))
    table = table.mutate(**{FILE: ibis.literal(index, "int32")})
    said = json.loads((folder / "piece.json").read_text(encoding="utf-8"))
    aside = pq.read_table(folder / "set_aside.parquet").to_pandas(types_mapper=None)
    repairs = pq.read_table(folder / "repairs.parquet").to_pandas()
    return _Piece(table, aside.assign(file=index), repairs.assign(file=index), tuple(said["left_out"]))


def _store(frame: pd.DataFrame, schema: pa.Schema, path: Path) -> None:
    pq.write_table(pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False), path)


def _fingerprint(source: Source, study: Study, file: DeliveredFile) -> str:
    """What a piece depends on: bytes, contract, code."""
    content = {
        "file": [file.sha256, file.member, str(file.delivered_on)],
        "contract": source.model_dump(mode="json", exclude={"location"}),
        "study": [study.currency, study.time_zone, str(study.first_day), str(study.last_day)],
        "code": _code(),
    }
    if any(getattr(origin, "pseudonym", False) for origin in source.columns.values()):
        content["secret"] = digest(os.environ.get(PSEUDONYM_SECRET, ""))
    return digest(content)[:24]


@lru_cache
def _code() -> str:
    """The SHA-256 of the code that reads and converts."""
    here = Path(__file__).parent
    rooms = (here / "readers", here / "files", here / "delimited", here / "values", here.parent / "schemas")
    paths = [path for room in rooms for path in sorted(room.rglob("*.py"))]
    paths += [here / "raw.py", here / "intake.py", here.parent / "study" / "contract.py"]
    return digest([sha256(path) for path in paths])


def _pieces_of(source: Source, study: Study) -> Path:
    return intake_folder(study.name) / source.name


def _forget_others(source: Source, study: Study, wanted: set[str]) -> None:
    """Remove pieces that no delivered file has any more: of files replaced, contracts changed, code of yesterday."""
    folder = _pieces_of(source, study)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted and not path.name.startswith("."):
            shutil.rmtree(path, ignore_errors=True)


# Corrected records


def _corrected(backend: Backend, corrections: Corrections, study: Study, files: tuple[DeliveredFile, ...]) -> _Piece:
    """Convert corrected records like the delivery's own."""
    raw = csv.as_raw(backend, (*files, corrections.file), corrections.lots)
    at = raw.records.mutate(**{FILE: ibis.literal(len(files), "int32")})
    raw = replace(raw, records=at, set_aside=raw.set_aside.assign(file=len(files)))
    delivered = replace(raw, repairs=raw.repairs.assign(file=len(files)))
    raw = wide.unfold(backend, delivered, corrections.source)
    converted = convert(backend, raw, wide.unfolded(corrections.source), study=study)
    loaded, unloaded = _loaded_at(backend, corrections.source, delivered)
    name = ibis.util.gen_name("corrected")
    table = _with_loaded(converted.table, loaded, ())
    backend.con.execute(f'CREATE TEMP TABLE "{name}" AS {backend.compile(table)}')
    aside = _together([_both(raw, converted), unloaded], ["file", *_SET_ASIDE.names])
    return _Piece(backend.table(name), aside, _repairs(raw, converted), ())


# What was set aside, and whether that is too much


def _both(raw: Raw, converted: Converted) -> pd.DataFrame:
    """Records that could not be taken apart, and those with values that could not be read."""
    parts = [part for part in (raw.set_aside, converted.set_aside) if len(part)]
    return _together(parts, ["file", *_SET_ASIDE.names])


def _repairs(raw: Raw, converted: Converted) -> pd.DataFrame:
    parts = [part for part in (raw.repairs, converted.repairs) if len(part)]
    return _together(parts, ["file", *_REPAIRS.names])


def _together(parts: list[pd.DataFrame], names: list[str]) -> pd.DataFrame:
    """Parts as one frame in the order of files and lines."""
    columns = ["file", *[name for name in names if name != "file"]]
    parts = [part.reindex(columns=columns) for part in parts if len(part)]
    if not parts:
        frame = pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    else:
        frame = pd.concat([part.astype({n: object for n in columns}) for part in parts], ignore_index=True)
    frame = frame.where(frame.notna(), None)
    frame = frame.astype({"file": "int64", "line": "int64"})
    keys = [name for name in ("file", "line", "code", "column") if name in columns]
    return frame.sort_values(keys, kind="stable", ignore_index=True, na_position="first")


def _judge_files(
    backend: Backend, source: Source, files: tuple[DeliveredFile, ...], table: ir.Table, set_aside: pd.DataFrame
) -> None:
    """Hold each file against ``worst_share``; where nothing was set aside nothing need be counted."""
    if set_aside.empty:
        return
    counts = table.group_by(FILE).aggregate(records=table.count()).to_pandas().set_index(FILE)["records"]
    for index, file in enumerate(files):
        _judge(source, file, int(counts.get(index, 0)), set_aside[set_aside["file"] == index])


def _judge(source: Source, file: DeliveredFile, kept: int, set_aside: pd.DataFrame) -> None:
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


def _left_out(source: Source, columns: tuple[str, ...]) -> list[str]:
    used = {name.strip().casefold() for name in source.required_columns}
    return [name.strip() for name in columns if name.strip() and name.strip().casefold() not in used]


# When it was handed over


def _loaded_at(backend: Backend, source: Source, raw: Raw) -> tuple[ir.Table | None, pd.DataFrame]:
    """The moment at which each record was handed over, and the records in which it cannot be read."""
    none = pd.DataFrame(columns=["file", *_SET_ASIDE.names])
    if not isinstance(source.loaded_at, LoadedColumn):
        return None, none
    form, name = source.format, source.loaded_at.column
    clock = Clock(form.time_zone, form.nonexistent, form.ambiguous)
    reading = Reading(
        Column("loaded_at", "timestamp", "when it was handed over"),
        name,
        "timestamp",
        form.missing,
        moments=MomentFormat(form.dates, clock, form.pivot_year),
    )
    given = raw.records.select(said=raw.records[name].cast("string")).distinct().to_pandas()["said"]
    found = {said: reading.read(None if pd.isna(said) else said) for said in given}
    rows = [
        (said, None if isinstance(value, Fault) else value.value if isinstance(value, Repaired) else value)
        for said, value in found.items()
    ]
    view = ibis.util.gen_name("loaded")
    said = pa.array([row[0] for row in rows], pa.string())
    backend.con.register(view, pa.table({"said": said, LOADED: pa.array([row[1] for row in rows], pa.timestamp("us"))}))
    moments = backend.table(view)
    records = raw.records.select(FILE, LINE, said=raw.records[name].cast("string"))
    joined = records.left_join(moments, "said").select(FILE, LINE, LOADED)
    unread = joined.filter(joined[LOADED].isnull()).to_pandas()
    if len(unread):
        none = pd.DataFrame({"file": unread[FILE], "line": unread[LINE], "code": "E_TYPE", "column": name})
    return joined.filter(joined[LOADED].notnull()), none


def _with_loaded(table: ir.Table, loaded: ir.Table | None, files: tuple[DeliveredFile, ...]) -> ir.Table:
    """Add ``_loaded_at``: of the record, of its file (the end of that day), or nothing."""
    if loaded is not None:
        joined = table.inner_join(loaded, [FILE, LINE])
        return joined.select(*table.columns, LOADED)
    days = {i: file.delivered_on for i, file in enumerate(files) if file.delivered_on is not None}
    if not days:
        return table.mutate(**{LOADED: ibis.null("timestamp(6)")})
    by_file = table[FILE].cases(*((i, pd.Timestamp(day).to_pydatetime()) for i, day in days.items()), else_=None)
    return table.mutate(**{LOADED: by_file.cast("timestamp(6)")})


def _stacked(backend: Backend, tables: list[ir.Table], name: str) -> ir.Table:
    """Tables with the same columns, one below the other, as a view."""
    if len(tables) == 1:
        return as_view(backend, tables[0], name)
    names = ", ".join(f'"{column}"' for column in tables[0].columns)
    query = " UNION ALL ".join(f"SELECT {names} FROM ({backend.compile(table)})" for table in tables)
    view = ibis.util.gen_name(name)
    backend.con.execute(f'CREATE TEMP VIEW "{view}" AS {query}')
    return backend.table(view)

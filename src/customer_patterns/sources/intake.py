"""One source's table, taken in: files found, each made into a piece or read where it lies, all put together.

Pieces put together in the order of their files are what a full rebuild would be; see
:mod:`~customer_patterns.sources.pieces`.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from customer_patterns.sources import readers
from customer_patterns.sources.ahead import put_in_order
from customer_patterns.sources.aside import REPAIRS, SET_ASIDE, judge_files, left_out, together
from customer_patterns.sources.blocked import without_blocked, without_blocked_records
from customer_patterns.sources.corrections import Corrections, read_corrections
from customer_patterns.sources.files import find_files
from customer_patterns.sources.files.places import REMOTE
from customer_patterns.sources.in_place import convert_in_place
from customer_patterns.sources.loaded import LOADED, with_loaded
from customer_patterns.sources.pieces import Piece, forget_others, make_piece, open_piece
from customer_patterns.sources.private import locked_records
from customer_patterns.sources.raw import FILE, DeliveredFile, DeliveryError, Raw
from customer_patterns.sources.readers import csv, wide
from customer_patterns.sources.values.convert import Converted, convert
from customer_patterns.sources.values.drift import refuse_drift
from customer_patterns.study import Source, Study, intake_folder

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

#: Readers whose files are read where they lie: their columns have types of their own.
_IN_PLACE = ("package", "parquet")


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
        Delivered columns that the contract does not name, each with its file; ``None``: they are read as one.
    written
        The file of its records, and how many there are, where that holds the canonical columns and nothing else.
    """

    source: Source
    files: tuple[DeliveredFile, ...]
    table: ir.Table
    set_aside: pd.DataFrame
    repairs: pd.DataFrame
    corrected: pd.DataFrame
    left_out: tuple[tuple[int | None, str], ...]
    written: tuple[Path, int] | None = None


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
        made = [make_piece(backend, source, study, file) for file in files]
        forget_others(source, study, every)
        pieces = [open_piece(source, *one, index) for index, one in enumerate(zip(made, files, strict=True))]
    corrections = read_corrections(source, study, every)
    corrected = pd.DataFrame({"file": [], "line": []}, dtype="int64")
    if corrections is not None:
        pieces.append(_corrected(backend, corrections, study, files))
        files, index = (*files, corrections.file), {file.name: number for number, file in enumerate(files)}
        named = corrections.named[corrections.named["file"].isin(index)]  # others name files of later days
        corrected = named.assign(file=named["file"].map(index)).astype("int64")
    table = _stacked(backend, [piece.query for piece in pieces], f"taken__{source.table}")
    refuse_drift(table, files, source)
    every_record, table = table, without_blocked(backend, table, study)
    aside = together([piece.set_aside for piece in pieces], SET_ASIDE.names)
    return Taken(
        source=source,
        files=files,
        table=table,
        set_aside=locked_records(without_blocked_records(aside, source, study), source, study),
        repairs=together([piece.repairs for piece in pieces], REPAIRS.names),
        corrected=corrected,
        written=pieces[0].written if len(pieces) == 1 and table is every_record else None,
        left_out=tuple(
            (None if source.reader in _IN_PLACE else number, name)
            for number, piece in enumerate(pieces)
            for name in piece.left_out
        ),
    )


def _files(source: Source, study: Study, as_of: date) -> tuple[DeliveredFile, ...]:
    if source.reader in REMOTE:
        module = importlib.import_module(f"{readers.__name__}.{readers.MODULES[source.reader]}")
        return module.fetch(source, folder=intake_folder(study.name) / "fetched", as_of=as_of)
    return find_files(source)


# Files that are read where they lie


def _in_place(backend: Backend, source: Source, study: Study, files: tuple[DeliveredFile, ...]) -> Piece:
    delivered = readers.reader(source.reader)(backend, source, files)
    raw = wide.unfold(backend, delivered, source)
    converted = convert_in_place(backend, raw, wide.unfolded(source), study=study)
    set_aside = _both(raw, converted)
    judge_files(source, files, converted.table, set_aside)
    table, unloaded = with_loaded(backend, source, delivered, converted.table)
    ordered = put_in_order(backend, table, delivered, source, loaded=LOADED)
    set_aside = together([set_aside, unloaded, ordered.set_aside], ["file", *SET_ASIDE.names])
    repairs = together([_repairs(raw, converted), ordered.repairs], ["file", *REPAIRS.names])
    return Piece(backend.compile(ordered.table), set_aside, repairs, tuple(left_out(source, raw.columns)))


# Corrected records


def _corrected(backend: Backend, corrections: Corrections, study: Study, files: tuple[DeliveredFile, ...]) -> Piece:
    """Convert corrected records like the delivery's own."""
    raw = csv.as_raw(backend, (*files, corrections.file), corrections.lots)
    at = raw.records.mutate(**{FILE: ibis.literal(len(files), "int32")})
    raw = replace(raw, records=at, set_aside=raw.set_aside.assign(file=len(files)))
    delivered = replace(raw, repairs=raw.repairs.assign(file=len(files)))
    raw = wide.unfold(backend, delivered, corrections.source)
    converted = convert(backend, raw, wide.unfolded(corrections.source), study=study)
    table, unloaded = with_loaded(backend, corrections.source, replace(delivered, files=()), converted.table)
    aside = together([_both(raw, converted), unloaded], ["file", *SET_ASIDE.names])
    return Piece(backend.compile(table), aside, _repairs(raw, converted), ())


# What was set aside, and whether that is too much


def _both(raw: Raw, converted: Converted) -> pd.DataFrame:
    """Records that could not be taken apart, and those with values that could not be read."""
    parts = [part for part in (raw.set_aside, converted.set_aside) if len(part)]
    return together(parts, ["file", *SET_ASIDE.names])


def _repairs(raw: Raw, converted: Converted) -> pd.DataFrame:
    parts = [part for part in (raw.repairs, converted.repairs) if len(part)]
    return together(parts, ["file", *REPAIRS.names])


def _stacked(backend: Backend, queries: list[str], name: str) -> ir.Table:
    """Queries with the same columns, one below the other, as a view."""
    view = ibis.util.gen_name(name)
    whole = " UNION ALL BY NAME ".join(f"SELECT * FROM ({query})" for query in queries)
    backend.con.execute(f'CREATE TEMP VIEW "{view}" AS {whole}')
    return backend.table(view)


__all__ = ["LOADED", "NotYetHandedOver", "Taken", "take_in"]

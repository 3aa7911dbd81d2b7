"""A header that is none: other formats and other signs are named as such."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from customer_patterns.sources.delimited.grammar import BadQuote, Dialect, take_apart
from customer_patterns.sources.delimited.layout import Unusable
from customer_patterns.sources.files.header import match_columns
from customer_patterns.sources.raw import DeliveryError

if TYPE_CHECKING:
    from customer_patterns.study import Source

#: How files begin that are not delimited text.
OTHER_FORMATS = {
    b"PK\x03\x04": "a zip archive or a workbook",
    b"\x1f\x8b": "a gzip file without '.gz'",
    b"PAR1": "a parquet file",
    b"\xd0\xcf\x11\xe0": "an old or protected workbook",
    b"%PDF": "a PDF file",
    b"SQLite": "a database",
}


def why_no_header(source: Source, dialect: Dialect, error: DeliveryError, raw: bytes, number: int) -> Exception:
    """Return the refusal of a header in which a column is missing.

    Parameters
    ----------
    source, dialect
        The contract, and its signs.
    error
        What is missing.
    raw, number
        The line, and which it is.
    """
    if error.code != "E_SCHEMA":
        return error
    begin = raw.lstrip()[:1]
    if begin == b"<":
        return Unusable("E_NOT_CSV", number, "it begins like a page or XML")
    if begin in (b"{", b"["):
        return Unusable("E_NOT_CSV", number, "it begins like JSON")
    for sign, name in ((",", "a comma"), (";", "a semicolon"), ("\t", "a tab"), ("|", "a bar")):
        if sign == source.format.delimiter:
            continue
        other = replace(dialect, delimiter=sign.encode())
        try:
            fields = take_apart(raw, 0, other)
            match_columns(source, [f.decode() for f in fields[0]], file="") if fields else None
        except (DeliveryError, BadQuote):
            continue
        if fields:
            return Unusable("E_DELIMITER", number, f"its columns are separated by {name}")
    return error

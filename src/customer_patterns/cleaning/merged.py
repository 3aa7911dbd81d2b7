"""The mapping of customers' former numbers to their present ones, as the study file names it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import pyarrow as pa
from pyarrow import csv

from customer_patterns.schemas import Refusal
from customer_patterns.sources.masking import mask
from customer_patterns.study import Study, output_root

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


class MergedError(Refusal):
    """The mapping of customers' numbers cannot be used; the message names the file, what is wrong and the remedy."""


def merged_path(study: Study) -> Path | None:
    """Return the file of the mapping, if the study has one."""
    return output_root() / study.merged_customers if study.merged_customers else None


def read_merged(study: Study, backend: Backend) -> ir.Table | None:
    """Read the mapping: a CSV file in UTF-8 with the columns ``old`` and ``new``.

    Returns
    -------
    Table
        One row per former number: ``old``, and ``new``, the number at the end of its chain. ``None`` where the study
        has no mapping.

    Raises
    ------
    MergedError
        The file is not there or has other columns, one number became two, or numbers lead in a circle.
    """
    path = merged_path(study)
    if path is None:
        return None
    text = csv.ConvertOptions(column_types={"old": pa.string(), "new": pa.string()}, strings_can_be_null=False)
    try:
        rows = csv.read_csv(path, convert_options=text)
    except (OSError, pa.ArrowException) as error:
        raise MergedError(
            f"merged_customers: {study.merged_customers} cannot be read ({type(error).__name__})"
        ) from None
    if not {"old", "new"} <= set(rows.column_names):
        raise MergedError(f"merged_customers: {study.merged_customers} must have the columns 'old' and 'new'")
    pairs = list(zip(rows["old"].to_pylist(), rows["new"].to_pylist(), strict=True))
    present = present_numbers(pairs, file=study.merged_customers or "")
    table = pa.table({"old": pa.array(present, pa.string()), "new": pa.array(present.values(), pa.string())})
    backend.con.register("merged_customers", table)
    return backend.table("merged_customers")


def present_numbers(pairs: list[tuple[str, str]], *, file: str = "the mapping") -> dict[str, str]:
    """Follow each former number to the present one.

    Parameters
    ----------
    pairs
        Former number and the one it became.
    file
        What the mapping is called in a message.

    Examples
    --------
    >>> present_numbers([("a", "b"), ("b", "c")])
    {'a': 'c', 'b': 'c'}
    """
    became: dict[str, str] = {}
    for old, new in pairs:
        if became.setdefault(old, new) != new:
            raise MergedError(f"merged_customers: in {file} one number became two ({mask(old)}); keep one of them")
    present: dict[str, str] = {}
    for old in sorted(became):
        seen, now = {old}, became[old]
        while now in became and now not in seen:
            seen.add(now)
            now = became[now]
        if now in seen:
            raise MergedError(f"merged_customers: in {file} numbers lead in a circle ({mask(old)}); break it")
        present[old] = now
    return present

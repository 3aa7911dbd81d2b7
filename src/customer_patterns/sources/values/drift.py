"""A file whose amounts are a hundred times those of all others was written in another unit."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.raw import FILE, LINE, DeliveredFile, DeliveryError
from customer_patterns.study import Source

if TYPE_CHECKING:
    import ibis.expr.types as ir

#: Between these, a ratio of medians is no change of prices but of the unit: cents for units, or units for cents.
ABOUT_A_HUNDRED = (50, 200)
#: A file with fewer amounts, and a history of fewer files, says nothing.
LEAST_VALUES, LEAST_FILES = 20, 2
#: About so many amounts of a file are looked at, spread over it.
_RECORDS = 2_000


def refuse_drift(table: ir.Table, files: tuple[DeliveredFile, ...], source: Source) -> None:
    """Refuse a delivery in which one file's amounts are about a hundred times the others', or a hundredth.

    A file is refused when it differs so from more than half of the others: of two files nobody knows which is right.

    Parameters
    ----------
    table
        One row per record of all files in canonical form, with ``_file`` and ``_line``.
    files
        The files that ``_file`` counts.
    source
        The contract.

    Raises
    ------
    DeliveryError
        ``E_DRIFT``, naming the file and the column.
    """
    money = [column.name for column in CANONICAL[source.table].columns if column.kind == "money"]
    names = [name for name in money if name in source.delivered_columns]
    if len(files) <= LEAST_FILES or not names:
        return
    medians = file_medians(table, names)
    for name in names:
        of_files = {file: value for (file, column), value in medians.items() if column == name}
        for file, value in sorted(of_files.items()):
            ratios = [value / other for index, other in of_files.items() if index != file]
            if len(ratios) < LEAST_FILES or 2 * sum(map(_another_unit, ratios)) <= len(ratios):
                continue
            usual = median(ratios)
            times = f"{round(usual):,} times" if usual > 1 else f"one in {round(1 / usual):,} of"
            raise DeliveryError(
                f"the median of {name} is {times} that of the other files",
                table=source.table,
                file=files[file].name,
                column=source.delivered_columns[name],
                code="E_DRIFT",
                remedy="ask whether the unit has changed; if so, make this file a source of its own with 'scale'",
            )


def _another_unit(ratio: float) -> bool:
    low, high = ABOUT_A_HUNDRED
    return low <= ratio <= high or low <= 1 / ratio <= high


def file_medians(table: ir.Table, names: list[str]) -> dict[tuple[int, str], float]:
    """Return the median of the amounts other than zero, without their sign, by file and column, of enough amounts."""
    counted = table.group_by(FILE).aggregate(records=table.count())
    found: dict[tuple[int, str], float] = {}
    for name in names:
        sized = table.select(FILE, LINE, amount=table[name].abs()).inner_join(counted, FILE)
        every = (sized.records // _RECORDS).fill_null(0) + 1
        looked_at = sized.filter((sized.amount > 0) & (sized[LINE] % every == 0))
        rows = looked_at.group_by(FILE).aggregate(
            middle=looked_at.amount.cast("float64").median(), values=looked_at.count()
        )
        for row in rows.to_pyarrow().to_pylist():
            if row["values"] >= LEAST_VALUES:
                found[row[FILE], name] = row["middle"]
    return found

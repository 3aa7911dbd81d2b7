"""Whether both sides did the same work: the same rows, and the same numbers in every table that both wrote."""

from __future__ import annotations

from pathlib import Path

import duckdb

#: Columns that one side counts in cents and the other in the study's currency.
_MONEY = ("revenue", "retail_discount", "coupon_discount", "coupon_match_discount")
_CENTS = (*_MONEY, "goods_revenue", "fuel_revenue", "gift_card_revenue")
_NUMBERS = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT", "BOOLEAN", "HUGEINT", "UBIGINT")

#: Tables in which money stands in the study's currency on both sides.
_IN_CURRENCY = frozenset({"weeks", "departments", "categories", "popular_products"})


def differences(ours: Path, theirs: Path) -> list[str]:
    """Compare the tables of a run with those of the other side; return what differs, empty where nothing does.

    Parameters
    ----------
    ours
        The run's folder, with a folder per stage.
    theirs
        The other side's folder, likewise. Of each of its tables are compared: the number of rows, and for each column
        of numbers that both have, its sum and how many values it has.
    """
    found = []
    for path in sorted(theirs.glob("*/*.parquet")):
        table = f"{path.parent.name}.{path.stem}"
        own = ours / path.parent.name / path.name
        if path.stem == "rules":
            found += _rules_differ(own, path)
            continue
        first, second = _sums(own, cents=path.stem not in _IN_CURRENCY), _sums(path)
        for name in ("rows", *sorted((set(first) & set(second)) - {"rows"})):
            if not _near(first[name], second[name]):
                found.append(f"{table}, {name}: {first[name]} here, {second[name]} there")
    return found


def compared(ours: Path, theirs: Path) -> int:
    """Count the columns of numbers that are compared."""
    pairs = [(ours / path.parent.name / path.name, path) for path in theirs.glob("*/*.parquet") if path.stem != "rules"]
    return sum(len(set(_sums(own)) & set(_sums(path))) for own, path in pairs)


def _sums(path: Path, *, cents: bool = False) -> dict[str, tuple[float, ...]]:
    """Rows of a table, and sum and number of values of each of its columns of numbers."""
    table = duckdb.read_parquet(str(path))
    kinds = dict(zip(table.columns, map(str, table.types), strict=True))
    names = [name for name, kind in kinds.items() if kind in _NUMBERS or kind.startswith("DECIMAL")]
    parts = ["count(*)"]
    for name in names:
        factor = 100 if cents and kinds[name].startswith("DECIMAL") and name in _CENTS else 1
        value = f'CASE WHEN isfinite("{name}"::DOUBLE) THEN "{name}"::DOUBLE * {factor} END'
        parts += [f"coalesce(sum({value}), 0)", f"count({value})"]
    rows, *values = duckdb.sql(f"SELECT {', '.join(parts)} FROM '{path}'").fetchall()[0]
    pairs = zip(values[::2], values[1::2], strict=True)
    return {"rows": (rows,), **{name: pair for name, pair in zip(names, pairs, strict=True)}}


def _rules_differ(own: Path, other: Path) -> list[str]:
    """The rules have other names there; what they found is the same, zero or not, in any order."""
    query = "SELECT records_found FROM '{}' WHERE records_found > 0 {} ORDER BY 1"
    lines = "AND \"table\" = 'order_lines'"
    ours = [row[0] for row in duckdb.sql(query.format(own, lines)).fetchall()]
    theirs = [row[0] for row in duckdb.sql(query.format(other, "")).fetchall()]
    return [] if set(ours) <= set(theirs) else [f"clean.rules: {ours} here, {theirs} there"]


def _near(first: tuple[float, ...], second: tuple[float, ...]) -> bool:
    return all(abs(a - b) <= 1e-7 * max(1.0, abs(a), abs(b)) for a, b in zip(first, second, strict=True))

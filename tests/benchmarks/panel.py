"""The panel, several times over: the same shopping by other households, so that there are millions of lines more.

``python -m tests.benchmarks.panel <root> <lines> [csv]`` delivers it below ``root``. It is done in a process of its
own: Linux hands the largest memory of a process on to those it starts, which would be taken for theirs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import yaml

from customer_patterns.sources import locate
from customer_patterns.study import load_study, project_root
from customer_patterns.study.places import OUTPUT_ROOT

#: The study whose deliveries are replicated, and what the larger one is called.
ORIGINAL, LARGE = "complete-journey", "large-panel"

#: The columns that name a household or an order: each replica has its own. All other tables stay as they are.
OWN_KEYS: dict[str, tuple[str, ...]] = {
    "order_lines": ("customer_id", "order_id"),
    "customers": ("customer_id",),
    "campaign_recipients": ("customer_id",),
    "coupon_redemptions": ("customer_id",),
}

#: Tables of millions of rows that nothing in collect and clean asks anything of.
_NOT_AS_TEXT = ("promotions",)

#: Larger than any key of the panel, so that a replica's keys meet no other's; no longer than that takes, since the
#: panel's own keys are short.
_STEPS = {"customer_id": 10**4, "order_id": 10**11}


def deliver_large_panel(root: Path, *, lines: int, reader: str = "parquet") -> int:
    """Write the panel's real deliveries as many times over as it takes, and a study file that reads them.

    The work is done in another process, which ends with it.

    Parameters
    ----------
    root
        An output root: deliveries go to ``data/raw/``, the study file to ``data/studies/``.
    lines
        At least so many order lines.
    reader
        ``"parquet"``, or ``"csv"`` for text files; these leave promotions out.

    Returns
    -------
    int
        How many order lines were written.
    """
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.panel", str(root), str(lines), reader]
    env = {**os.environ, OUTPUT_ROOT: str(root)}
    done = subprocess.run(command, cwd=project_root(), env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the panel could not be delivered: {done.stderr[-2000:]}")
    return int(done.stdout)


def _deliver(root: Path, lines: int, reader: str) -> int:
    """Do it in this process."""
    study = load_study(ORIGINAL)
    folder = root / "data" / "raw" / LARGE
    folder.mkdir(parents=True)
    real = [source for source in study.sources if source.provenance == "real"]
    if reader == "csv":
        real = [source for source in real if source.table not in _NOT_AS_TEXT]
    one = _rows(locate(study.source("order_lines")))
    copies = -(-lines // one)
    for source in real:
        own = {name: str(source.columns[name]) for name in OWN_KEYS.get(source.table, ())}
        _replicate(locate(source), folder / f"{source.table}.{reader}", own, copies if own else 1)
    _write_study(root, reader, [source.table for source in real])
    return one * copies


def _replicate(path: Path, target: Path, own: dict[str, str], copies: int) -> None:
    """Write a file ``copies`` times over, the replicas one after the other, each with keys of its own."""
    changed = {column: f'"{column}" + replica * {_STEPS[name]}' for name, column in own.items()}
    for name, column in own.items():
        largest = duckdb.sql(f"SELECT max(\"{column}\") FROM '{path}'").fetchall()[0][0]
        assert largest < _STEPS[name], f"{largest} is no {name} of the panel's"
    if target.suffix == ".csv":  # money as a till prints it: the panel's own has dust of 64-bit floats in it
        described = duckdb.sql(f"DESCRIBE FROM '{path}'").fetchall()
        changed |= {name: f'"{name}"::DECIMAL(18, 2)' for name, kind, *_ in described if kind == "DOUBLE"}
    replaced = ", ".join(f'{value} AS "{name}"' for name, value in changed.items())
    columns = f"* EXCLUDE (replica) REPLACE ({replaced})" if changed else "* EXCLUDE (replica)"
    rows = f"SELECT {columns} FROM '{path}' CROSS JOIN range({copies}) AS r(replica) ORDER BY replica"
    duckdb.sql("SET enable_progress_bar = false")
    how = "FORMAT csv, HEADER" if target.suffix == ".csv" else "FORMAT parquet, COMPRESSION zstd"
    duckdb.sql(f"COPY ({rows}) TO '{target}' ({how})")


def _write_study(root: Path, reader: str, tables: list[str]) -> None:
    """Write the original's study file with the new locations of these tables."""
    study = yaml.safe_load((project_root() / "data" / "studies" / f"{ORIGINAL}.yaml").read_text(encoding="utf-8"))
    study.pop("simulator", None)
    study["sources"] = {name: entry for name, entry in study["sources"].items() if entry["provenance"] == "real"}
    for entry in study["sources"].values():
        entry["reader"] = reader
        entry["tables"] = {table: item for table, item in entry["tables"].items() if table in tables}
        for table, item in entry["tables"].items():
            item["location"] = f"data/raw/{LARGE}/{table}.{reader}"
    folder = root / "data" / "studies"
    folder.mkdir(parents=True)
    (folder / f"{LARGE}.yaml").write_text(yaml.safe_dump(study, allow_unicode=True), encoding="utf-8")


def _rows(path: Path) -> int:
    return duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall()[0][0]


if __name__ == "__main__":
    print(_deliver(Path(sys.argv[1]), int(sys.argv[2]), (*sys.argv, "parquet")[3]))

"""The panel, several times over: the same shopping by other households, so that there are millions of lines more."""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml

from customer_patterns.sources import locate
from customer_patterns.study import load_study, project_root

#: The study whose deliveries are replicated, and what the larger one is called.
ORIGINAL, LARGE = "complete-journey", "large-panel"

#: The columns that name a household or an order: each replica has its own. All other tables stay as they are.
OWN_KEYS: dict[str, tuple[str, ...]] = {
    "order_lines": ("customer_id", "order_id"),
    "customers": ("customer_id",),
    "campaign_recipients": ("customer_id",),
    "coupon_redemptions": ("customer_id",),
}

#: Larger than any key of the panel, so that a replica's keys meet no other's.
_STEP = 10**12


def deliver_large_panel(root: Path, *, lines: int) -> int:
    """Write the panel's real deliveries as many times over as it takes, and a study file that reads them.

    Parameters
    ----------
    root
        An output root: deliveries go to ``data/raw/``, the study file to ``data/studies/``.
    lines
        At least so many order lines.

    Returns
    -------
    int
        How many order lines were written.
    """
    study = load_study(ORIGINAL)
    folder = root / "data" / "raw" / LARGE
    folder.mkdir(parents=True)
    real = [source for source in study.sources if source.provenance == "real"]
    one = _rows(locate(study.source("order_lines")))
    copies = -(-lines // one)
    for source in real:
        own = [str(source.columns[name]) for name in OWN_KEYS.get(source.table, ())]
        _replicate(locate(source), folder / f"{source.table}.parquet", own, copies if own else 1)
    _write_study(root)
    return _rows(folder / "order_lines.parquet")


def _replicate(path: Path, target: Path, own: list[str], copies: int) -> None:
    """Write a file ``copies`` times over, the replicas one after the other, each with keys of its own."""
    keys = ", ".join(f'"{name}" + replica * {_STEP} AS "{name}"' for name in own)
    columns = f"* EXCLUDE (replica) REPLACE ({keys})" if own else "* EXCLUDE (replica)"
    rows = f"SELECT {columns} FROM '{path}' CROSS JOIN range({copies}) AS r(replica) ORDER BY replica"
    duckdb.sql("SET enable_progress_bar = false")
    duckdb.sql(f"COPY ({rows}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def _write_study(root: Path) -> None:
    """Write the original's study file with the new locations."""
    study = yaml.safe_load((project_root() / "data" / "studies" / f"{ORIGINAL}.yaml").read_text(encoding="utf-8"))
    study.pop("simulator", None)
    study["sources"] = {name: entry for name, entry in study["sources"].items() if entry["provenance"] == "real"}
    for entry in study["sources"].values():
        entry["reader"] = "parquet"
        for table, item in entry["tables"].items():
            item["location"] = f"data/raw/{LARGE}/{table}.parquet"
    folder = root / "data" / "studies"
    folder.mkdir(parents=True)
    (folder / f"{LARGE}.yaml").write_text(yaml.safe_dump(study, allow_unicode=True), encoding="utf-8")


def _rows(path: Path) -> int:
    return duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall()[0][0]

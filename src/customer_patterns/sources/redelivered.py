"""The same record delivered more than once: which delivery counts, and what became of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.intake import LOADED, Taken
from customer_patterns.sources.raw import FILE, LINE

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

#: Which of several deliveries of a record is the latest.
LATEST_FIRST = f"{LOADED} DESC NULLS LAST, {FILE} DESC, {LINE} DESC"


def latest_only(backend: Backend, taken: Taken, known: ir.Table) -> tuple[ir.Table, ir.Table | None]:
    """Keep each record as it was delivered last.

    Records are the same if they agree in the contract's key. The later of two is the one handed over later, as far as
    the contract says so, then the one in the later file, then the one further down. A corrected record takes the place
    of the one it names.

    Parameters
    ----------
    taken
        A source's table.
    known
        Its records as of the study's last moment: what is not yet known replaces nothing.

    Returns
    -------
    tuple
        The records that count, and the others: ``_file``, ``_line``, ``code`` (``D_CORRECTED``; ``D_REPLACED``; or
        ``D_REPEATED`` where all is the same), with all their columns. ``None`` where there are no others.
    """
    others: list[str] = []
    if len(taken.corrected):
        view = ibis.util.gen_name("corrected")
        frame = taken.corrected.rename(columns={"file": FILE, "line": LINE}).astype({FILE: "int32", LINE: "int64"})
        backend.con.register(view, pa.Table.from_pandas(frame, preserve_index=False))
        name = ibis.util.gen_name("corrected")
        query = backend.compile(known)
        backend.con.execute(
            f"CREATE TEMP TABLE \"{name}\" AS SELECT k.*, 'D_CORRECTED' AS code FROM ({query}) k "
            f'SEMI JOIN "{view}" c ON k.{FILE} = c.{FILE} AND k.{LINE} = c.{LINE}'
        )
        others.append(name)
        known = _without(backend, known, name)
    if taken.source.key:
        ranked = _ranked(backend, taken, known)
        if ranked is not None:
            others.append(ranked[1])
            known = ranked[0]
    if not others:
        return known, None
    dropped = backend.table(others[0])
    for name in others[1:]:
        dropped = dropped.union(backend.table(name))
    return known, dropped


def _ranked(backend: Backend, taken: Taken, known: ir.Table) -> tuple[ir.Table, str] | None:
    """Tell the records that count from those of which a later delivery does, if there are any: the name of their table.

    Several records may stand in one line, answers of a sheet or values of a list, and not all of them be replaced.
    """
    key = list(taken.source.key)
    repeated = known.group_by(key).aggregate(times=known.count()).filter(ibis._.times > 1).select(key)
    query, quoted = backend.compile(known), ", ".join(f'"{name}"' for name in key)
    keys = ibis.util.gen_name("repeated")
    backend.con.execute(f'CREATE TEMP TABLE "{keys}" AS {backend.compile(repeated)}')
    if not backend.table(keys).count().to_pyarrow().as_py():
        return None
    latest, replaced = ibis.util.gen_name("latest"), ibis.util.gen_name("replaced")
    names = CANONICAL[taken.source.table].names
    same = " AND ".join(f'"{name}" IS NOT DISTINCT FROM first_value("{name}") OVER latest' for name in names)
    on = " AND ".join(f'k."{name}" IS NOT DISTINCT FROM r."{name}"' for name in key)
    backend.con.execute(
        f"""CREATE TEMP TABLE "{latest}" AS
        SELECT *, row_number() OVER latest AS _rank,
          CASE WHEN {same} THEN 'D_REPEATED' ELSE 'D_REPLACED' END AS code
        FROM (SELECT k.* FROM ({query}) k SEMI JOIN "{keys}" r ON {on})
        WINDOW latest AS (PARTITION BY {quoted} ORDER BY {LATEST_FIRST})"""
    )
    backend.con.execute(f'CREATE TEMP TABLE "{replaced}" AS SELECT * EXCLUDE (_rank) FROM "{latest}" WHERE _rank > 1')
    if taken.source.wide is None and taken.source.each is None:  # a record has its line to itself, and keeps its place
        return _without(backend, known, replaced), replaced
    counting = f'SELECT k.* FROM ({query}) k ANTI JOIN "{keys}" r ON {on} UNION ALL BY NAME '
    counting += f'SELECT * EXCLUDE (_rank, code) FROM "{latest}" WHERE _rank = 1'
    counting = f"SELECT * FROM ({counting}) ORDER BY {FILE}, {LINE}, {quoted}"
    view = ibis.util.gen_name("counting")
    backend.con.execute(f'CREATE TEMP VIEW "{view}" AS {counting}')
    return backend.table(view), replaced


def _without(backend: Backend, known: ir.Table, name: str) -> ir.Table:
    dropped = backend.table(name)
    # a join gives rows in any order, and the order of a delivery's lines is what is written
    return known.anti_join(dropped, [FILE, LINE]).order_by([FILE, LINE])


def is_corrected(taken: Taken, faults: pd.DataFrame) -> np.ndarray:
    """Say of each record set aside whether a corrected record takes its place."""
    named = set(zip(taken.corrected["file"], taken.corrected["line"], strict=True))
    return np.array([place in named for place in zip(faults["file"], faults["line"], strict=True)], bool)

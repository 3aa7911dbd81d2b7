"""From pairs to persons: what hangs together is one person, unless two records in it contradict each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True)
class Clustered:
    """Records by person.

    Attributes
    ----------
    cluster
        By record, in the order given: the number of its person, 0 and up.
    split
        One row per chain that was cut: ``records``, ``persons`` (what became of it), ``contradictions``.
    """

    cluster: np.ndarray
    split: pd.DataFrame


def cluster_records(
    records: pd.Index, links: pd.DataFrame, contradictions: pd.DataFrame, *, guarded: bool = True
) -> Clustered:
    """Put records together that links connect, and no two that contradict each other.

    Where *a* is like *b* and *b* is like *c*, *a* and *c* may still be two persons. Each connected component in which
    two records contradict each other is therefore built up again from its strongest link to its weakest, and a link is
    left out that would bring a contradiction together (single linkage under cannot-link constraints: Davidson & Ravi
    2005). Of equally strong links the one between the smaller record numbers comes first, so that chance decides
    nothing.

    Parameters
    ----------
    records
        All record numbers.
    links
        One row per pair that speaks for one person: ``one``, ``other``, ``strength`` (larger is stronger).
    contradictions
        One row per pair that cannot be one person: ``one``, ``other``.
    guarded
        Whether contradictions count.

    Returns
    -------
    Clustered
    """
    one, other = records.get_indexer(links["one"]), records.get_indexer(links["other"])
    size = len(records)
    _, cluster = connected_components(
        coo_array((np.ones(len(one), dtype="int8"), (one, other)), shape=(size, size)), directed=False
    )
    apart = np.column_stack([records.get_indexer(contradictions["one"]), records.get_indexer(contradictions["other"])])
    apart = apart[(apart >= 0).all(axis=1)]
    apart = apart[cluster[apart[:, 0]] == cluster[apart[:, 1]]] if guarded else apart[:0]
    if not len(apart):
        return Clustered(_numbered(cluster), _cuts([]))
    doubted = np.unique(cluster[apart[:, 0]])
    strength = links["strength"].to_numpy(dtype=float)
    order = np.lexsort((other, one, -strength))
    inside = order[np.isin(cluster[one[order]], doubted)]
    parent = np.arange(size)
    enemies: dict[int, set[int]] = {}
    for a, b in apart:
        enemies.setdefault(int(a), set()).add(int(b))
        enemies.setdefault(int(b), set()).add(int(a))
    for at in inside:
        _join(parent, enemies, int(one[at]), int(other[at]))
    members = np.isin(cluster, doubted)
    roots = np.array([_root(parent, row) for row in range(size)])
    rebuilt = np.where(members, roots + size, cluster)
    cuts = [
        (
            int((cluster == each).sum()),
            len(np.unique(roots[cluster == each])),
            int((cluster[apart[:, 0]] == each).sum()),
        )
        for each in doubted
    ]
    return Clustered(_numbered(rebuilt), _cuts(cuts))


def _root(parent: np.ndarray, row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return int(row)


def _join(parent: np.ndarray, enemies: dict[int, set[int]], one: int, other: int) -> None:
    """Join two groups unless one holds somebody whom the other cannot be."""
    a, b = _root(parent, one), _root(parent, other)
    if a == b or any(_root(parent, enemy) == b for enemy in enemies.get(a, ())):
        return
    kept, gone = min(a, b), max(a, b)
    parent[gone] = kept
    if gone in enemies:
        enemies.setdefault(kept, set()).update(enemies.pop(gone))


def _numbered(cluster: np.ndarray) -> np.ndarray:
    """Number the groups by their first record."""
    _, first, which = np.unique(cluster, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[which]


def _cuts(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["records", "persons", "contradictions"]).astype("int64")

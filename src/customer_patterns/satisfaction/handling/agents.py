"""Agents beside each other, for the contacts they get: nobody is named, and nobody stands out from noise."""

from __future__ import annotations

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from scipy.special import stdtr

from customer_patterns.estimates import Interval, pool_means
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL, suppress
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.handling.tables import (
    AS_FAST,
    AS_GOOD,
    BETTER,
    FASTER,
    SERVICE_AGENTS,
    SLOWER,
    WORSE,
)
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.schemas.local_time import local_time

Floats = NDArray[np.float64]

#: An agent with fewer contacts is not compared.
FEWEST_CONTACTS = 30
#: Parts of the day: night until 8, morning, afternoon from 12, evening from 18.
_PARTS = (8, 12, 18)
#: Waits are read to the minute: a shorter one is no shorter.
_SHORTEST_HOURS = 1 / 60


def agent_numbers(*tables: ir.Table) -> dict[str, str]:
    """Number the agents of several tables, in the order of the sender's keys.

    A page shows numbers: who may know whose they are has the list of keys.

    Parameters
    ----------
    tables
        Each with ``agent_id``.

    Returns
    -------
    dict
        Number by key: ``"01"``, ``"02"`` …
    """
    keys = set()
    for table in tables:
        keys |= set(table.filter(table.agent_id.notnull()).select("agent_id").distinct().to_pandas()["agent_id"])
    width = len(str(len(keys)))
    return {key: f"{place:0{width}d}" for place, key in enumerate(sorted(keys), start=1)}


def numbered(rows: pd.DataFrame, numbers: dict[str, str]) -> pd.DataFrame:
    """The same rows with numbers in place of the agents' keys."""
    return rows.assign(agent_id=rows["agent_id"].map(numbers))


def agent_cases(waits: pd.DataFrame, contacts: ir.Table, *, time_zone: str) -> pd.DataFrame:
    """Put beside each answered contact who answered it, what it was about and when it came.

    Parameters
    ----------
    waits
        What :func:`~customer_patterns.satisfaction.service.contact_waits` returns.
    contacts
        One row per contact: ``contact_id``, ``agent_id``, ``topic``, ``opened_at`` (UTC).
    time_zone
        The study's.

    Returns
    -------
    DataFrame
        One row per answered contact whose agent is known, by ``contact_id``: the columns of ``waits`` with
        ``agent_id``, ``topic`` and ``shift`` (channel, part of the local day and weekend, in one text).
    """
    opened = local_time(contacts.opened_at, time_zone=time_zone)
    known = contacts.select(
        "contact_id", "agent_id", "topic", hour=opened.hour(), weekend=opened.day_of_week.index() >= 5
    ).to_pandas()
    rows = waits[waits["answered"].astype(bool)].merge(known.dropna(subset=["agent_id"]), "inner", "contact_id")
    part = np.searchsorted(_PARTS, rows["hour"].to_numpy(), side="right")
    shift = rows["channel"].astype(str) + " " + pd.Series(part, rows.index).astype(str)
    shift = shift + np.where(rows["weekend"].astype(bool), " weekend", "")
    rows = rows.assign(shift=shift, topic=rows["topic"].fillna(UNKNOWN))
    return rows.drop(columns=["hour", "weekend"]).sort_values("contact_id", ignore_index=True)


def service_agents(cases: pd.DataFrame, *, fewest: int = FEWEST_CONTACTS, level: float = 0.05) -> pd.DataFrame:
    """Compare agents on the same mix of contacts.

    Parameters
    ----------
    cases
        What :func:`agent_cases` returns, agents by their numbers.
    fewest
        Agents with fewer contacts, or with fewer than ten customers, are blank.
    level
        Share of verdicts that may be false.

    Returns
    -------
    DataFrame
        One row per agent, by number; columns as in ``SERVICE_AGENTS``. Each is held against the median agent and
        drawn toward the others, the more the less is known of one. Without rows where fewer than two
        agents can be compared.

    Notes
    -----
    Least squares on agents, topics and shifts (channel by part of the day and weekend) together, so an agent who gets
    the hard cases is not blamed for them; waits as logarithms; errors over customers (Liang and Zeger 1986), Student's
    t on the agent's own customers; partial pooling as :func:`~customer_patterns.estimates.pool_means`; both verdicts of
    all agents adjusted together (Benjamini and Yekutieli 2001). What is left may still be a mix that no column shows.
    """
    size = cases.groupby("agent_id").agg(n=("contact_id", "size"), customers=("customer_id", "nunique"))
    size = size.sort_index()
    compared = size.index[(size["n"] >= fewest) & (size["customers"] >= SMALLEST_CELL)]
    if len(compared) < 2:
        return empty(SERVICE_AGENTS)
    table = size.rename_axis("agent").reset_index()
    waits = np.log(np.maximum(cases["hours"].to_numpy(dtype=float), _SHORTEST_HOURS))
    wait, wait_p, weight = _effects(cases, waits, compared)
    rated = cases[cases["csat"].notna()]
    counts = rated.groupby("agent_id")["customer_id"].agg(["size", "nunique"]).reindex(size.index).fillna(0)
    judged = compared[(counts.loc[compared, "nunique"] >= SMALLEST_CELL).to_numpy()]
    rating, rating_p, _ = _effects(rated, rated["csat"].to_numpy(dtype=float), judged)
    p = np.array([wait_p.reindex(size.index), rating_p.reindex(size.index)], dtype=float)
    known, adjusted = np.isfinite(p), np.ones(p.shape)
    adjusted[known] = benjamini_yekutieli(p[known]) if known.any() else []
    for name, found, turned in (("wait_ratio", wait, np.exp), ("rating_difference", rating, lambda x: x)):
        for end in ("value", "low", "high"):
            column = name if end == "value" else f"{name}_{end}"
            table[column] = turned(found[end].reindex(size.index).to_numpy(dtype=float))
    table["own_weight"] = weight.reindex(size.index).to_numpy(dtype=float)
    table["speed"] = _verdict(table["wait_ratio"] - 1, adjusted[0], known[0], level, (FASTER, AS_FAST, SLOWER))
    table["rated"] = counts["size"].to_numpy()
    table["rated_as"] = _verdict(table["rating_difference"], adjusted[1], known[1], level, (WORSE, AS_GOOD, BETTER))
    table["rated"] = table["rated"].where(table["rating_difference"].notna())
    table = table.astype(dict.fromkeys(("n", "customers", "rated"), "Int64"))
    blanks = [name for name in SERVICE_AGENTS.names if name not in ("agent", "customers", "suppressed")]
    few = ~table["agent"].isin(compared)
    table[[name for name in blanks if name != "n"]] = table[[name for name in blanks if name != "n"]].mask(few)
    return suppress(table, blanks, n="customers")[SERVICE_AGENTS.names]


def _effects(cases: pd.DataFrame, outcome: Floats, compared: pd.Index) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Each agent less the median agent, on the same mix: pooled with interval, p-value, and how much is their own."""
    nothing = pd.Series(dtype=float)
    if len(compared) < 2 or len(cases) == 0:
        return pd.DataFrame(columns=["value", "low", "high"], dtype=float), nothing, nothing
    agent, names = pd.factorize(cases["agent_id"], sort=True)
    blocks = [_dummies(agent), *(_dummies(pd.factorize(cases[name], sort=True)[0]) for name in ("topic", "shift"))]
    design = hstack(blocks).tocsr()
    # The blocks overlap by a constant each; the pseudo-inverse shares it out, and differences do not depend on it.
    inverse = np.linalg.pinv((design.T @ design).toarray(), hermitian=True, rcond=1e-10)
    slopes = inverse @ (design.T @ outcome)
    people, ids = pd.factorize(cases["customer_id"], sort=True)
    pulls = (_dummies(people).T @ design.multiply((outcome - design @ slopes)[:, None]).tocsr()).tocsr()
    covariance = inverse @ (pulls.T @ pulls).toarray() @ inverse * len(ids) / max(len(ids) - 1, 1)
    share = np.bincount(agent) / len(agent)
    contrast = np.eye(len(names)) - share[None, :]
    # Beside the median agent: one who is far from all others moves the mean, and would make all others stand out.
    value = slopes[: len(names)] - np.median(slopes[: len(names)])
    spread = np.einsum("ij,jk,ik->i", contrast, covariance[: len(names), : len(names)], contrast)
    found = pd.DataFrame({"value": value, "error": np.sqrt(np.maximum(spread, 0))}, index=names).loc[compared]
    found = found[found["error"] > 1e-9]
    if len(found) < 2:
        return pd.DataFrame(columns=["value", "low", "high"], dtype=float), nothing, nothing
    own = cases.groupby("agent_id")["customer_id"].nunique().reindex(found.index).to_numpy(dtype=float)
    p = 2 * stdtr(own - 1, -np.abs(found["value"] / found["error"]).to_numpy())
    pooled = pool_means(found["value"], found["error"])
    interval = Interval(*(np.round(part, 9) for part in pooled.interval))
    return (
        pd.DataFrame(dict(zip(("value", "low", "high"), interval, strict=True)), index=found.index),
        pd.Series(p, found.index),
        pd.Series(np.clip(pooled.own_weight, 0, 1), found.index),
    )


def _dummies(codes: NDArray[np.int64]) -> csr_matrix:
    """One column per code, a one in each row."""
    return csr_matrix((np.ones(len(codes)), (np.arange(len(codes)), codes)))


def _verdict(
    value: pd.Series, adjusted: Floats, known: NDArray[np.bool_], level: float, words: tuple[str, str, str]
) -> pd.Series:
    side = np.where(adjusted > level, 0, np.sign(np.nan_to_num(value.to_numpy(dtype=float)))).astype(int)
    said = np.array(words, dtype=object)[side + 1]
    return pd.Series(np.where(known, said, None), value.index, dtype="object")

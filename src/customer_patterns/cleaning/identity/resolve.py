"""Who is who: from the records of several systems to one profile per person."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from customer_patterns.cleaning.identity.clusters import Clustered, cluster_records
from customer_patterns.cleaning.identity.corrections import Decisions
from customer_patterns.cleaning.identity.ids import profile_ids
from customer_patterns.cleaning.identity.keys import (
    COMPATIBLE,
    KEYS,
    joined_by_key,
    key_values,
    without_nobodys,
)
from customer_patterns.cleaning.identity.model import Scored, score_pairs

#: By which way two records were joined: a key of their own, likeness of several fields, or a person's decision.
WAYS = {
    key: f"same {word}"
    for key, word in zip(KEYS, ("e-mail address", "card", "telephone number", "handle"), strict=True)
}
ALIKE, DECIDED = "alike in several fields", "decided by hand"
#: Why a pair is shown to a person who knows the customers.
DOUBTFUL, CONTRADICTING = "alike, but not enough", "alike, but names or birthdays contradict"


@dataclass(frozen=True)
class Resolved:
    """Who is who.

    Attributes
    ----------
    profiles
        One row per record, by ``customer_id``: ``profile_id``, ``former_id``, ``change``, ``system``.
    links
        One row per pair that speaks for one person, by ``one`` and ``other``: ``way``, ``weight`` (bits; missing where
        only a key or a decision speaks).
    review
        One row per pair for a person to look at, by ``one`` and ``other``: ``weight``, ``probability``, ``why``.
    held
        See :func:`~customer_patterns.cleaning.identity.keys.key_values`.
    scored
        See :class:`~customer_patterns.cleaning.identity.model.Scored`; ``None`` where there was too little to learn.
    split
        See :class:`~customer_patterns.cleaning.identity.clusters.Clustered`.
    probability
        From which probability on two records count as one person's.
    """

    profiles: pd.DataFrame
    links: pd.DataFrame
    review: pd.DataFrame
    held: pd.DataFrame
    scored: Scored | None
    split: pd.DataFrame
    probability: float

    @property
    def mapping(self) -> pd.DataFrame:
        """Which numbers become another one: ``old``, ``new``."""
        moved = self.profiles[self.profiles["customer_id"] != self.profiles["profile_id"]]
        columns = {"customer_id": "old", "profile_id": "new"}
        return moved[["customer_id", "profile_id"]].rename(columns=columns).reset_index(drop=True)


def resolve(
    codes: pa.Table,
    *,
    main: frozenset[str] = frozenset(),
    decisions: Decisions | None = None,
    probability: float = 0.99,
    most_records: int = 12,
    guarded: bool = True,
    by_frequency: bool = True,
) -> Resolved:
    """Find which records are one person's.

    Parameters
    ----------
    codes
        One row per record, as :func:`~customer_patterns.cleaning.identity.codes.matching_codes` makes it.
    main
        Numbers that describe a customer elsewhere; of equally old records the one with such a number names the profile.
    decisions
        What was decided by hand, and the numbers of former runs.
    probability
        From which probability on two records count as one person's.
    most_records
        A value that more records hold is nobody's own.
    guarded
        Whether contradictions keep records apart.
    by_frequency
        Whether an agreement on a rare value weighs more than on a common one.

    Returns
    -------
    Resolved
    """
    decisions = decisions or Decisions()
    con = duckdb.connect()
    try:
        con.execute("SET threads = 1")  # sums of doubles have one order, so that every run weighs alike
        con.register("codes", codes)
        con.execute("CREATE TABLE records AS SELECT * FROM codes ORDER BY customer_id")
        values = key_values(con, most_records=most_records)
        without_nobodys(con, values)
        keyed = joined_by_key(con, values)
        scored = score_pairs(con, known_pairs=len(keyed), by_frequency=by_frequency)
        links = _links(con, keyed, scored, decisions, probability=probability, guarded=guarded)
        records = con.execute("SELECT customer_id, system, known_since FROM records ORDER BY customer_id").df()
        index = pd.Index(records["customer_id"])
        clustered = _clustered(con, index, links, decisions, guarded=guarded)
        review = _review(con, scored, index, clustered, probability)
    finally:
        con.close()
    named = profile_ids(
        records.assign(main=records["customer_id"].isin(main)), clustered.cluster, register=decisions.register
    )
    profiles = named.merge(records[["customer_id", "system"]], on="customer_id")
    return Resolved(profiles, links, review, values, scored, clustered.split, probability)


def _links(
    con: duckdb.DuckDBPyConnection,
    keyed: pd.DataFrame,
    scored: Scored | None,
    decisions: Decisions,
    *,
    probability: float,
    guarded: bool,
) -> pd.DataFrame:
    """All pairs that speak for one person, each once, by the strongest way."""
    parts = [keyed.assign(way=keyed["key"].map(WAYS))[["one", "other", "way"]]]
    if scored is not None:
        likely = scored.pairs.loc[scored.pairs["probability"] >= probability, ["one", "other"]]
        parts.append((_compatible(con, likely) if guarded else likely).assign(way=ALIKE))
    records = con.execute("SELECT customer_id FROM records").df()["customer_id"]
    by_hand = decisions.always[decisions.always.isin(set(records)).all(axis=1)]
    parts.insert(0, by_hand.assign(way=DECIDED))
    links = pd.concat(parts, ignore_index=True).drop_duplicates(["one", "other"])
    refused = links.merge(decisions.never, on=["one", "other"], how="left", indicator=True)["_merge"] == "both"
    links = links[~refused.to_numpy()]
    if scored is not None:
        links = links.merge(scored.pairs[["one", "other", "weight"]], on=["one", "other"], how="left")
    else:
        links = links.assign(weight=float("nan"))
    return links.sort_values(["one", "other"], ignore_index=True)


def _compatible(con: duckdb.DuckDBPyConnection, pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs whose names and birthdays can be one person's."""
    con.register("asked_pairs", pairs)
    return con.execute(f"""
        SELECT one, other FROM asked_pairs JOIN records l ON l.customer_id = one JOIN records r ON r.customer_id = other
        WHERE {COMPATIBLE} ORDER BY one, other""").df()


def _clustered(
    con: duckdb.DuckDBPyConnection, index: pd.Index, links: pd.DataFrame, decisions: Decisions, *, guarded: bool
) -> Clustered:
    """Groups of linked records, none of which holds two records that contradict each other."""
    strength = links["weight"].fillna(0.0) + links["way"].isin(WAYS.values()) * 100.0 + (links["way"] == DECIDED) * 1e6
    weighed = links.assign(strength=strength)
    nothing = pd.DataFrame({"one": [], "other": []}, dtype=object)
    loose = cluster_records(index, weighed, nothing).cluster
    con.register("components", pd.DataFrame({"customer_id": index, "component": loose}))
    contradicting = con.execute(f"""
        SELECT l.customer_id AS one, r.customer_id AS other
        FROM (FROM records JOIN components USING (customer_id)) l
        JOIN (FROM records JOIN components USING (customer_id)) r
            ON l.component = r.component AND l.customer_id < r.customer_id
        WHERE NOT {COMPATIBLE} ORDER BY one, other""").df()
    apart = contradicting.merge(decisions.always, on=["one", "other"], how="left", indicator=True)
    apart = apart.loc[apart["_merge"] == "left_only", ["one", "other"]] if guarded else nothing
    # What was decided by hand holds in any case.
    return cluster_records(index, weighed, pd.concat([apart, decisions.never], ignore_index=True))


def _review(
    con: duckdb.DuckDBPyConnection, scored: Scored | None, index: pd.Index, clustered: Clustered, probability: float
) -> pd.DataFrame:
    """The pairs that nothing decides: more alike than not, and not in one profile."""
    if scored is None:
        return pd.DataFrame({"one": [], "other": [], "weight": [], "probability": [], "why": []})
    pairs = scored.pairs[scored.pairs["probability"] >= 0.5]
    group = pd.Series(clustered.cluster, index=index)
    pairs = pairs[group.reindex(pairs["one"]).to_numpy() != group.reindex(pairs["other"]).to_numpy()]
    compatible = _compatible(con, pairs[["one", "other"]]).assign(compatible=True)
    pairs = pairs[["one", "other", "weight", "probability"]].merge(compatible, on=["one", "other"], how="left")
    why = pairs.pop("compatible").fillna(False).astype(bool).map({True: DOUBTFUL, False: CONTRADICTING})
    return pairs.assign(why=why.to_numpy()).sort_values(["one", "other"], ignore_index=True)

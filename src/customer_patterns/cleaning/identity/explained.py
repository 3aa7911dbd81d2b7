"""Why two records were taken for one person's: weights added up field by field, for kinds of pairs and for one pair."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.cleaning.identity.fields import DIFFERENT, LEVELS, MISSING
from customer_patterns.cleaning.identity.model import Scored
from customer_patterns.cleaning.identity.resolve import KEYS, Resolved
from customer_patterns.cleaning.identity.small import without_small
from customer_patterns.cleaning.identity.tables import (
    BEFORE,
    FIELDS,
    MATCH_WEIGHTS,
    MERGE_PATTERN,
    SHARED_KEYS,
    WAYS_JOINED,
)

#: Width of the ranges of match weights, bits; what lies further out is counted with the last range.
BIN, LOWEST, HIGHEST = 4.0, -40.0, 60.0
#: A kind of pairs with fewer of them is not shown.
_FEWEST = 10


def merge_ways(resolved: Resolved) -> pd.DataFrame:
    """Count the pairs by the way in which they were joined, in one row per way that occurs; see ``merge_ways``."""
    profile = resolved.profiles.set_index("customer_id")["profile_id"]
    links = resolved.links
    links = links[profile.reindex(links["one"]).to_numpy() == profile.reindex(links["other"]).to_numpy()]
    rows = [
        (way, len(pairs), len(set(pairs["one"]) | set(pairs["other"])))
        for way in WAYS_JOINED["way"].levels
        if len(pairs := links[links["way"] == way])
    ]
    table = pd.DataFrame(rows, columns=WAYS_JOINED.names)
    return without_small(table, by="records", columns=["pairs", "records"]) if rows else table


def shared_keys(resolved: Resolved) -> pd.DataFrame:
    """Count the values that several records hold by what they are; see ``shared_keys``."""
    counted = resolved.held.groupby(["field", "kind"], as_index=False).agg(
        values=("value", "size"), records=("records", "sum")
    )
    order = {(key, kind): n for n, (key, kind) in enumerate((k, v) for k in KEYS for v in SHARED_KEYS["kind"].levels)}
    counted["_order"] = [order[pair] for pair in zip(counted["field"], counted["kind"], strict=True)]
    counted["field"] = counted["field"].map(FIELDS)
    return counted.sort_values("_order", ignore_index=True)[SHARED_KEYS.names]


def match_weights(scored: Scored) -> pd.DataFrame:
    """Count the compared pairs by ranges of their weight; see ``match_weights``."""
    low = np.clip(np.floor(scored.pairs["weight"] / BIN) * BIN, LOWEST, HIGHEST)
    bits = np.arange(low.min(), low.max() + BIN, BIN)
    counts = low.value_counts().reindex(bits, fill_value=0).astype("int64")
    return pd.DataFrame({"bits": bits, "pairs": counts.to_numpy()})[MATCH_WEIGHTS.names]


def merge_pattern(resolved: Resolved) -> pd.DataFrame:
    """Add up what the commonest kind of likeness weighs, where enough pairs are of it; see ``merge_pattern``.

    Joined pairs are grouped by how far they agree in each field; a kind in which not everything agrees goes first. A
    weight is the mean over the pairs of the commonest kind: the same agreement weighs more on a rare value.
    """
    scored = resolved.scored
    empty = pd.DataFrame({name: [] for name in MERGE_PATTERN.names})
    if scored is None:
        return empty
    profile = resolved.profiles.set_index("customer_id")["profile_id"]
    levels = [f"level_{field}" for field in scored.fields]
    pairs = resolved.links[["one", "other"]].merge(scored.pairs, on=["one", "other"]).dropna(subset=levels)
    pairs = pairs[profile.reindex(pairs["one"]).to_numpy() == profile.reindex(pairs["other"]).to_numpy()]
    best = [len(LEVELS[field]) for field in scored.fields]
    kinds = pairs.groupby(levels).size().rename("pairs").reset_index()
    kinds = kinds[kinds["pairs"] >= _FEWEST]
    if kinds.empty:
        return empty
    unlike = ((kinds[levels] >= 0) & (kinds[levels] < best)).any(axis=1)
    kinds = kinds[unlike] if unlike.any() else kinds
    kinds = kinds.sort_values(["pairs", *levels], ascending=False, ignore_index=True)
    chosen = pairs.merge(kinds.iloc[[0]], on=levels)
    return waterfall(chosen, scored)


def waterfall(pairs: pd.DataFrame, scored: Scored) -> pd.DataFrame:
    """Add up the weight of pairs that agree alike in every field, in the mean.

    Parameters
    ----------
    pairs
        Rows of ``scored.pairs`` whose levels are the same; one row to explain a single merge.
    scored
        The model's results.

    Returns
    -------
    pandas.DataFrame
        One row per step: the weight before comparing, then each field that was given on both sides, the heaviest
        first. The last ``total`` is the match weight.
    """
    rows = [(BEFORE, "prior", scored.prior)]
    steps = []
    for field in scored.fields:
        level = int(pairs[f"level_{field}"].iloc[0])
        if level >= 0:
            steps.append((FIELDS[field], agreement(field, level), float(pairs[f"bits_{field}"].mean())))
    rows += sorted(steps, key=lambda step: (-step[2], step[0]))
    table = pd.DataFrame(rows, columns=["field", "agreement", "bits"])
    table.insert(0, "position", range(1, len(table) + 1))
    return table.assign(total=table["bits"].cumsum(), pairs=len(pairs))[MERGE_PATTERN.names]


def agreement(field: str, level: int) -> str:
    """Return what a degree of agreement is called: -1 where a side is missing, 0 where the values differ."""
    if level < 0:
        return MISSING
    return DIFFERENT if level == 0 else LEVELS[field][len(LEVELS[field]) - level][0]


def explain(resolved: Resolved, one: str, other: str) -> pd.DataFrame:
    """Explain a single pair: by which way it was joined, and what each field adds to its weight.

    For an analyst who asks about two numbers; no chapter shows it.

    Raises
    ------
    KeyError
        The two were never compared, since they share no value.
    """
    one, other = sorted((one, other))
    found = resolved.scored.pairs if resolved.scored is not None else pd.DataFrame({"one": [], "other": []})
    pair = found[(found["one"] == one) & (found["other"] == other)]
    if pair.empty or pair[[f"level_{field}" for field in resolved.scored.fields]].isna().any(axis=None):
        raise KeyError(f"{one} and {other} share no value that speaks for one person")
    return waterfall(pair, resolved.scored)


__all__ = ["agreement", "explain", "match_weights", "merge_pattern", "merge_ways", "shared_keys", "waterfall"]

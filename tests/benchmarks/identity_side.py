"""One side of who is who: ``python -m tests.benchmarks.identity_side <folder> <work> <side>``.

Prints one line of JSON: CPU seconds, the most memory that the process held, and how right the profiles are.
``prepare`` instead of a work draws the records into the folder.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

#: Persons of the planted systems; two records and a half each.
PERSONS = 40_000
#: The usual script's rule: so much likeness in all, of one point per field.
_ENOUGH = 2.0


def prepare(folder: Path) -> dict[str, float]:
    """Draw the records and the truth about them."""
    from customer_patterns.sources.planted_shop.likenesses import People, draw_likenesses

    made = draw_likenesses(People(PERSONS))
    made.tables["identities"].to_parquet(folder / "identities.parquet")
    made.truths["identities"].to_parquet(folder / "truth.parquet")
    return {"records": len(made.tables["identities"])}


def ours(folder: Path) -> pd.DataFrame:
    """Codes, keys, splink's weights, chains cut."""
    from customer_patterns.cleaning.identity import matching_codes, resolve

    return resolve(matching_codes(pq.read_table(folder / "identities.parquet"))).profiles


def theirs(folder: Path) -> pd.DataFrame:
    """The usual script: pandas merges on each field, points for likeness, connected components."""
    import networkx as nx

    rows = pd.read_parquet(folder / "identities.parquet")
    rows["email"], rows["phone"] = rows["email"].str.lower(), rows["phone"].str.replace(r"[^\d+]", "", regex=True)
    keys = ["email", "phone", "name", "birthday", "card"]
    pairs = []
    for key in keys:
        held = rows.dropna(subset=[key])
        held = held[held[key].map(held[key].value_counts()) <= 300]
        both = held[[key, "customer_id"]].merge(held[[key, "customer_id"]], on=key)
        pairs.append(both[both["customer_id_x"] < both["customer_id_y"]][["customer_id_x", "customer_id_y"]])
    each = pd.concat(pairs).drop_duplicates()
    by = rows.set_index("customer_id")
    points = pd.Series(0.0, index=range(len(each)))
    for key in [*keys, "address"]:
        one, other = (by[key].reindex(each[f"customer_id_{side}"]).to_numpy() for side in "xy")
        points += pd.Series(one == other).astype(float)
        if key == "name":
            points += pd.Series([_alike(a, b) for a, b in zip(one, other, strict=True)]) * 0.5
    graph = nx.Graph()
    graph.add_nodes_from(rows["customer_id"])
    graph.add_edges_from(each[(points >= _ENOUGH).to_numpy()].itertuples(index=False, name=None))
    found = [(one, min(group)) for group in nx.connected_components(graph) for one in group]
    return pd.DataFrame(found, columns=["customer_id", "profile_id"])


def _alike(one: str, other: str) -> float:
    """How alike two names are, by their common pairs of letters (Dice)."""
    a, b = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def main() -> None:
    """Do what the command line says."""
    folder, work = Path(sys.argv[1]), sys.argv[2]
    if work == "prepare":
        print(json.dumps(prepare(folder)))
        return
    from customer_patterns.cleaning.identity import accuracy

    pa.set_cpu_count(1)
    began = time.process_time()
    profiles = {"ours": ours, "theirs": theirs}[work](folder)
    seconds = time.process_time() - began
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576
    score = accuracy(profiles, pd.read_parquet(folder / "truth.parquet"))
    said = {"seconds": seconds, "gigabytes": gigabytes, "profiles": int(profiles["profile_id"].nunique())}
    said |= {name: [float(v) for v in getattr(score, name)] for name in ("precision", "recall")}
    print(json.dumps(said))


if __name__ == "__main__":
    main()

"""The number of a profile: one that its oldest record has had all along, so that no run and no delivery changes it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

#: What became of a profile since the register was written.
KEPT, MERGED, SPLIT, NEW = "kept", "merged into an older one", "split off from an older one", "new"


def profile_ids(
    records: pd.DataFrame, cluster: np.ndarray, *, register: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Give each profile a number.

    It is the number of the profile's oldest record: the one known first, of equally old ones the one that describes or
    buys (``main``), then the smallest number. A later record never gives its number to an older profile; where two
    profiles turn out to be one, the older one's number stays. A register of former runs goes before all this: a
    profile that holds a registered record keeps the registered number, of several the oldest one's; where a
    registered profile falls apart, the part with the record that gave the number keeps it, else the part with its
    oldest record.

    Parameters
    ----------
    records
        One row per record: ``customer_id``, ``known_since`` (date or missing), ``main`` (boolean).
    cluster
        By row of ``records``, the number of its person.
    register
        By record, the number of its profile in former runs.

    Returns
    -------
    pandas.DataFrame
        One row per record, by ``customer_id``: ``profile_id``, ``former_id`` (as registered, or missing) and ``change``
        (:data:`KEPT`, :data:`MERGED`, :data:`SPLIT`, :data:`NEW`).
    """
    register = register or {}
    table = pd.DataFrame(
        {
            "customer_id": records["customer_id"].to_numpy(dtype=object),
            "cluster": cluster,
            "since": pd.to_datetime(records["known_since"]).fillna(pd.Timestamp("2262-01-01")).to_numpy(),
            "minor": ~records["main"].to_numpy(dtype=bool),
        }
    )
    table["former_id"] = table["customer_id"].map(register)
    table = table.sort_values(["since", "minor", "customer_id"], ignore_index=True)
    table["age"] = np.arange(len(table))
    own = table.groupby("cluster")["customer_id"].first()
    known = table[table["former_id"].notna()]
    # Who may keep a registered number: the part that holds the record it came from, else the part of its oldest record.
    named_after = known.assign(source=known["former_id"] == known["customer_id"])
    named_after = named_after.sort_values(["source", "age"], ascending=[False, True])
    holder = named_after.groupby("former_id")["cluster"].first()
    since = known.groupby("former_id")["age"].min()
    held = pd.DataFrame({"cluster": holder, "age": since}).reset_index().sort_values(["age", "former_id"])
    kept = held.groupby("cluster")["former_id"].first()
    profile = kept.reindex(own.index).fillna(own)
    table["profile_id"] = profile.reindex(table["cluster"]).to_numpy()
    table["change"] = [
        NEW if pd.isna(former) else KEPT if former == now else MERGED if holder[former] == group else SPLIT
        for former, now, group in zip(table["former_id"], table["profile_id"], table["cluster"], strict=True)
    ]
    return table.sort_values("customer_id", ignore_index=True)[["customer_id", "profile_id", "former_id", "change"]]

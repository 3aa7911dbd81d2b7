"""Pairs of records that somebody judged who knows whose they are: what linkage is scored by in the chapter."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Block, Made

#: So many pairs of a block are judged, as far as there are any.
PAIRS = 200
_SHARED = ("phone", "email", "card", "name", "birthday")
#: A value that more records have in common says nothing: a till's card.
_MOST = 12


def judged_pairs(block: Block, likenesses: Made) -> pd.DataFrame:
    """Draw pairs of records that have a value in common, and judge them by the truth.

    Parameters
    ----------
    block
        The customers.
    likenesses
        Their records, and whose each is.

    Returns
    -------
    DataFrame
        One row per pair, by the numbers of its records: ``one``, ``other``, ``same`` (``yes`` or ``no``).
    """
    records, owners = likenesses.tables["identities"], likenesses.truths["identities"]
    digits = records["phone"].str.replace(r"\D", "", regex=True)
    plain = records.assign(phone=digits, email=records["email"].str.casefold())
    pairs: set[tuple[int, int]] = set()
    for name in _SHARED:
        for places in plain.groupby(name).groups.values():
            if 1 < len(places) <= _MOST:
                pairs |= set(combinations(sorted(places), 2))
    drawn = sorted(pairs)
    some = np.sort(block.rng("judged").permutation(len(drawn))[:PAIRS])
    number, person = records["customer_id"].to_numpy(dtype=object), owners["person"].to_numpy(dtype=object)
    rows = [
        (*sorted((number[one], number[other])), "yes" if person[one] == person[other] else "no")
        for one, other in (drawn[at] for at in some)
    ]
    return pd.DataFrame(rows, columns=["one", "other", "same"]).sort_values(["one", "other"], ignore_index=True)

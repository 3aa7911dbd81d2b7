"""Records of a few persons, each given as far as it matters, and who they turn out to be."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa

from customer_patterns.cleaning.identity import Resolved, matching_codes, resolve
from customer_patterns.sources.planted_shop.likenesses import People, draw_likenesses
from customer_patterns.sources.planted_shop.settings import Plan

COLUMNS = (
    "customer_id", "name", "phone", "email", "address", "social_handle", "birthday", "postcode", "card", "system",
)  # fmt: skip


def identities(*records: Mapping[str, Any]) -> pa.Table:
    """Records of persons; numbered 1, 2 … where they have no number."""
    rows = [{"customer_id": str(n), **record} for n, record in enumerate(records, 1)]
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in COLUMNS}
    since = pa.array([row.get("known_since") for row in rows], pa.date32())
    return pa.table({**columns, "known_since": since})


def who(*records: Mapping[str, Any], **options: Any) -> Resolved:
    """Find out who some records are."""
    return resolve(matching_codes(identities(*records), phone_region="US"), **options)


def groups(found: Resolved) -> set[frozenset[str]]:
    """The numbers of each person."""
    return {frozenset(rows["customer_id"]) for _, rows in found.profiles.groupby("profile_id")}


@cache
def planted(persons: int, errors: float, seed: int = 20170101) -> tuple[pa.Table, pd.DataFrame]:
    """Records of the planted systems, coded, and the truth about them."""
    made = draw_likenesses(People(persons, Plan(seed=seed, identity_errors=errors)))
    records = pa.Table.from_pandas(made.tables["identities"], preserve_index=False)
    return matching_codes(records), made.truths["identities"]


@cache
def resolved(persons: int, errors: float, **options: Any) -> tuple[Resolved, pd.DataFrame]:
    """Who the planted records turn out to be."""
    codes, truth = planted(persons, errors)
    return resolve(codes, **options), truth

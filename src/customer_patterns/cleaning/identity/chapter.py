"""Who is who in a study: what the clean chapter asks, in one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log2
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from customer_patterns.cleaning.identifiers import opened
from customer_patterns.cleaning.identity import explained, review
from customer_patterns.cleaning.identity.codes import matching_codes
from customer_patterns.cleaning.identity.corrections import read_decisions
from customer_patterns.cleaning.identity.resolve import Resolved, resolve
from customer_patterns.cleaning.identity.tables import TABLES as SCHEMAS
from customer_patterns.cleaning.merged import read_merged
from customer_patterns.estimates import Count
from customer_patterns.study import Study

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

TABLES = {**SCHEMAS, review.REVIEW_SAMPLE.name: review.REVIEW_SAMPLE, review.SCORES.name: review.SCORES}
_MAPPING = "numbers_that_became_others"


@dataclass(frozen=True)
class WhoIsWho:
    """Who is who in a study.

    Attributes
    ----------
    merged
        Which customer numbers become another one: ``old``, ``new``; ``None`` where none does.
    resolved
        How records became profiles; ``None`` where no records of persons were delivered.
    tables
        What the stage writes of it, by name.
    figures
        Counts for its sentences.
    inputs
        Fingerprints of the files of decisions.
    """

    merged: ir.Table | None
    resolved: Resolved | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    figures: Mapping[str, Count] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def threshold(self) -> float:
        """From which match weight on two records count as one person's, bits."""
        chance = self.resolved.probability if self.resolved else 0.5
        return log2(chance / (1 - chance))


def who_is_who(
    study: Study,
    tables: Mapping[str, ir.Table],
    backend: Backend,
    *,
    probability: float = 0.99,
    most_records: int = 12,
    phone_region: str = "",
) -> WhoIsWho:
    """Find which customer numbers are one person's, from the records of persons in ``identities``.

    Parameters
    ----------
    tables
        Canonical tables as collected. Without ``identities`` nothing is asked, and only the sender's own mapping
        counts.
    probability, most_records
        See :func:`~customer_patterns.cleaning.identity.resolve.resolve`.
    phone_region
        Instead of what the study file says, where it is given.

    Returns
    -------
    WhoIsWho
        ``tables`` holds all tables of :data:`TABLES` but ``visitor_links``, each perhaps without rows.
    """
    given = read_merged(study, backend)
    if "identities" not in tables or not study.delivers("identities"):
        return WhoIsWho(given, tables={name: _empty(name) for name in TABLES})
    records = opened(tables["identities"], study=study, backend=backend).to_pyarrow()
    if not records.num_rows:
        return WhoIsWho(given, tables={name: _empty(name) for name in TABLES})
    decisions = read_decisions(study)
    records = _one_each(records)
    codes = matching_codes(records, phone_region=phone_region or study.phone_region or "")
    main = frozenset(tables["customers"].customer_id.to_pyarrow().to_pylist()) if "customers" in tables else frozenset()
    found = resolve(codes, main=main, decisions=decisions, probability=probability, most_records=most_records)
    labels = review.read_labels(study)
    made = {
        "profiles": found.profiles,
        "merge_ways": explained.merge_ways(found),
        "shared_keys": explained.shared_keys(found),
        "match_weights": explained.match_weights(found.scored) if found.scored else _empty("match_weights"),
        "merge_pattern": explained.merge_pattern(found),
        "review_sample": review.review_sample(found),
        "identity_scores": review.scores(found, labels),
    }
    made = {name: made.get(name, _empty(name))[TABLES[name].names] for name in TABLES}
    return WhoIsWho(
        merged=_registered(together(found.mapping, given), backend),
        resolved=found,
        tables=made,
        figures=_figures(found),
        inputs={**decisions.inputs, **review.labeled_inputs(study)},
    )


def together(found: pd.DataFrame, given: ir.Table | None) -> pd.DataFrame:
    """Follow both the sender's own mapping of numbers and the one found.

    Where the two name one number, what was found leads to the profile, and the profile bears the number that the sender
    says is the present one.

    Parameters
    ----------
    found, given
        One row per number: ``old``, ``new``.
    """
    if given is None:
        return found
    rows = given.select("old", "new").to_pandas()
    present = dict(zip(rows["old"], rows["new"], strict=True))
    profile = dict(zip(found["old"], found["new"], strict=True))

    def final(number: str) -> str:
        number = profile.get(number, profile.get(present.get(number, number), present.get(number, number)))
        return present.get(number, number)

    numbers = sorted({*present, *profile, *present.values(), *profile.values()})
    pairs = [(number, final(number)) for number in numbers]
    return pd.DataFrame([pair for pair in pairs if pair[0] != pair[1]], columns=["old", "new"], dtype=object)


def _registered(mapping: pd.DataFrame, backend: Backend) -> ir.Table | None:
    if mapping.empty:
        return None
    columns = {name: pa.array(mapping[name].tolist(), pa.string()) for name in ("old", "new")}
    backend.con.register(_MAPPING, pa.table(columns))
    return backend.table(_MAPPING)


def _one_each(records: pa.Table) -> pa.Table:
    """One record per number, the most complete one: an export of orders repeats its customer with each of them.

    Whether the repetitions agree is for the rules of cleaning, which come after this.
    """
    numbers = records["customer_id"].to_pylist()
    fields = [name for name in records.column_names if name != "customer_id"]
    filled = np.zeros(records.num_rows, dtype=int)
    for name in fields:
        filled += records[name].is_valid().to_numpy(zero_copy_only=False)
    told = list(zip(*(records[name].cast(pa.string()).fill_null("").to_pylist() for name in fields), strict=True))
    best: dict[str, int] = {}  # (of equally full ones the first by what they say: the same on every run)
    for row in sorted(range(records.num_rows), key=lambda row: (-filled[row], told[row])):
        best.setdefault(numbers[row], row)
    return records.take(sorted(best.values())) if len(best) < records.num_rows else records


def _empty(name: str) -> pd.DataFrame:
    kinds = {"integer": "int64", "number": "float64", "share": "float64", "text": "object"}
    return pd.DataFrame({column.name: pd.Series([], dtype=kinds[column.kind]) for column in TABLES[name].columns})


def _figures(found: Resolved) -> dict[str, Count]:
    sizes = found.profiles["profile_id"].value_counts()
    records, joined = len(found.profiles), int(sizes[sizes > 1].sum())
    numbers = {
        "identity_records": (records, "records"),
        "profiles": (len(sizes), "profiles"),
        "records_joined": (joined, "records"),
        "pairs_in_doubt": (len(found.review), "pairs of records"),
        "chains_cut": (len(found.split), "chains"),
        "shared_values": (int((found.held["kind"] != "one person's own").sum()), "values"),
    }
    if found.scored is not None:
        likely = int((found.scored.pairs["probability"] >= found.probability).sum())
        numbers |= {
            "pairs_compared": (len(found.scored.pairs), "pairs of records"),
            "pairs_likely": (likely, "pairs of records"),
        }
    return {name: Count(value, unit, n=value, of=unit) for name, (value, unit) in numbers.items()}

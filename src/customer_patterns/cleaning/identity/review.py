"""Pairs for a person to judge, and what the judged ones say of all: precision and recall without a known truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from customer_patterns.cleaning.identity.corrections import IdentityError, identity_folder
from customer_patterns.cleaning.identity.explained import agreement
from customer_patterns.cleaning.identity.resolve import Resolved
from customer_patterns.estimates import Interval, wilson
from customer_patterns.schemas import Column, TableSchema, estimate_columns
from customer_patterns.sources import DeliveryError
from customer_patterns.sources.files import find_files
from customer_patterns.sources.files.places import REMOTE
from customer_patterns.study import Source, Study
from customer_patterns.warehouse import sha256

#: Judged pairs: ``one``, ``other`` and ``same`` (yes or no).
LABELED = "labeled.csv"
JOINED, APART = "joined", "apart"
_SEED = 20170101

REVIEW_SAMPLE = TableSchema(
    name="review_sample",
    grain="pair of records drawn for review",
    key=("one", "other"),
    meaning="Pairs for a person who may open the vault: numbers, and how far the fields agree. No value stands here.",
    reads=("identities",),
    columns=(
        Column("one", "text", "the first record's number"),
        Column("other", "text", "the second record's number"),
        Column("stratum", "text", "whether the two stand in one profile", levels=(JOINED, APART)),
        Column("pairs", "integer", "pairs of the stratum it was drawn from", unit="pairs", minimum=1),
        Column("weight", "number", "match weight", unit="bits"),
        Column("agreements", "text", "how far each field agrees"),
    ),
)

SCORES = TableSchema(
    name="identity_scores",
    grain="measure of who is who",
    key=("measure",),
    meaning="How many joined pairs are right and how many right pairs are joined, by a labeled sample.",
    reads=("identities",),
    columns=(
        Column("measure", "text", "what is measured", label="Measure", levels=("precision", "recall")),
        *estimate_columns("share", "share", "the share", "Share"),
        Column("n", "integer", "labeled pairs it rests on", label="Labeled pairs", unit="pairs of records", minimum=0),
    ),
)


def review_sample(resolved: Resolved, *, pairs: int = 100) -> pd.DataFrame:
    """Draw compared pairs for review: half of those joined, half of those left apart though something speaks for them.

    Parameters
    ----------
    pairs
        How many in all.

    Returns
    -------
    pandas.DataFrame
        One row per pair, by ``one`` and ``other``; see ``review_sample``. Empty where nothing was weighed.
    """
    if resolved.scored is None:
        return pd.DataFrame({name: [] for name in REVIEW_SAMPLE.names})
    weighed = _strata(resolved)
    rng = np.random.default_rng(_SEED)
    drawn = []
    for stratum in (JOINED, APART):
        rows = weighed[weighed["stratum"] == stratum]
        some = np.sort(rng.choice(len(rows), size=min(pairs // 2, len(rows)), replace=False))
        drawn.append(rows.iloc[some].assign(pairs=len(rows)))
    sample = pd.concat(drawn, ignore_index=True)
    fields = resolved.scored.fields
    sample["agreements"] = [
        "; ".join(f"{field}: {agreement(field, int(level))}" for field, level in zip(fields, row, strict=True))
        for row in sample[[f"level_{field}" for field in fields]].itertuples(index=False)
    ]
    return sample.sort_values(["one", "other"], ignore_index=True)[REVIEW_SAMPLE.names]


def _strata(resolved: Resolved) -> pd.DataFrame:
    """The pairs that are likely enough for a look, and whether they stand in one profile."""
    pairs = resolved.scored.pairs
    pairs = pairs[pairs[[f"level_{field}" for field in resolved.scored.fields]].notna().all(axis=1)]
    profile = resolved.profiles.set_index("customer_id")["profile_id"]
    together = profile.reindex(pairs["one"]).to_numpy() == profile.reindex(pairs["other"]).to_numpy()
    return pairs.assign(stratum=np.where(together, JOINED, APART))


def labeled_path(study: Study) -> Path | None:
    """Return the file of judged pairs, if there is one: the study's own, else one delivered beside the identities."""
    places = [identity_folder(study), *(folder for folder in map(_delivered_in, study.sources) if folder is not None)]
    return next((place / LABELED for place in places if (place / LABELED).is_file()), None)


def _delivered_in(source: Source) -> Path | None:
    """The folder in which a source's files of identities lie."""
    if source.table != "identities" or source.reader in ("package", *REMOTE):
        return None
    try:
        return next((file.path.parent for file in find_files(source)), None)
    except DeliveryError:  # taken away after it was read, as it may be
        return None


def labeled_inputs(study: Study) -> dict[str, str]:
    """Return the fingerprint of the file of judged pairs, by the name under which a manifest lists it."""
    path = labeled_path(study)
    return {f"identity {LABELED}": sha256(path)} if path else {}


def read_labels(study: Study) -> pd.DataFrame:
    """Read the judged pairs: ``one``, ``other``, ``same`` (boolean); none where there is no file.

    Raises
    ------
    IdentityError
        The file lacks a column or holds another word than yes and no.
    """
    path = labeled_path(study)
    if path is None:
        return pd.DataFrame({"one": [], "other": [], "same": []})
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    if not {"one", "other", "same"} <= set(rows.columns):
        raise IdentityError(f"identity: {LABELED} must have the columns 'one', 'other' and 'same'")
    words = rows["same"].str.strip().str.casefold().map({"yes": True, "no": False, "是": True, "否": False, "": None})
    if (words.isna() & (rows["same"].str.strip() != "")).any():
        raise IdentityError(f"identity: {LABELED}: 'same' is yes, no, or empty where nobody knows")
    ordered = [sorted(pair) for pair in zip(rows["one"], rows["other"], strict=True)]
    return pd.DataFrame(ordered, columns=["one", "other"]).assign(same=words).dropna(ignore_index=True)


def scores(resolved: Resolved, labels: pd.DataFrame) -> pd.DataFrame:
    """Estimate precision and recall among the compared pairs from judged ones.

    Precision is the share of judged joined pairs that are one person's (Wilson). Recall weighs the strata by their
    sizes; its bounds take both strata at the near and at the far end of Wilson's intervals, which errs on the safe
    side. A true pair that shares no value was never compared: recall says nothing of it.

    Parameters
    ----------
    labels
        One row per judged pair of the review sample: ``one``, ``other``, ``same``.

    Returns
    -------
    pandas.DataFrame
        One row per measure; see ``identity_scores``. No rows without judged pairs in both strata.
    """
    if resolved.scored is None or labels.empty:
        return pd.DataFrame({name: [] for name in SCORES.names})
    weighed = _strata(resolved)
    judged = weighed.merge(labels, on=["one", "other"])
    counts = {each: judged.loc[judged["stratum"] == each, "same"].astype(bool) for each in (JOINED, APART)}
    sizes = weighed["stratum"].value_counts()
    if not all(len(each) for each in counts.values()):
        return pd.DataFrame({name: [] for name in SCORES.names})
    right, missed = (wilson(int(counts[each].sum()), len(counts[each])) for each in (JOINED, APART))

    def found(share: float, left: float) -> float:
        joined, apart = share * sizes[JOINED], left * sizes[APART]
        return joined / (joined + apart) if joined + apart else float("nan")

    recall = Interval(
        found(float(right.value), float(missed.value)),
        found(float(right.low), float(missed.high)),
        found(float(right.high), float(missed.low)),
    )
    rows = [
        ("precision", float(right.value), float(right.low), float(right.high), len(counts[JOINED])),
        ("recall", *recall, len(judged)),
    ]
    return pd.DataFrame(rows, columns=SCORES.names)

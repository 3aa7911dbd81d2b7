"""What people decided about pairs of records, and which number a profile had: files beside a study's deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from customer_patterns.schemas import Refusal
from customer_patterns.sources.masking import mask
from customer_patterns.study import Study, output_root
from customer_patterns.warehouse import sha256

#: The files: pairs that are two persons, pairs that are one, and the register of profiles' numbers.
NEVER, ALWAYS, REGISTER = "never.csv", "always.csv", "register.csv"


class IdentityError(Refusal):
    """A file of decisions cannot be used; the message names the file, what is wrong and the remedy."""


@dataclass(frozen=True)
class Decisions:
    """What was decided by hand.

    Attributes
    ----------
    never, always
        One row per pair: ``one``, ``other`` (record numbers).
    register
        By record, the number of its profile.
    inputs
        Fingerprints of the files, by the names under which a manifest lists them.
    """

    never: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"one": [], "other": []}, dtype=object))
    always: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"one": [], "other": []}, dtype=object))
    register: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)


def identity_folder(study: Study) -> Path:
    """Return the folder of a study's decisions about who is who."""
    return output_root() / "data" / "identity" / study.name


def decision_inputs(study: Study) -> dict[str, str]:
    """Return the fingerprints of the files of decisions that are there."""
    folder = identity_folder(study)
    return {
        f"identity {name}": sha256(folder / name) for name in (NEVER, ALWAYS, REGISTER) if (folder / name).is_file()
    }


def read_decisions(study: Study) -> Decisions:
    """Read what was decided: CSV files in UTF-8, each of which may be missing.

    ``never.csv`` and ``always.csv`` hold the columns ``one`` and ``other``, ``register.csv`` the columns ``record_id``
    and ``profile_id``. A merge is taken back by a line in ``never.csv``, and comes again without it.

    Raises
    ------
    IdentityError
        A file lacks its columns, holds an empty number, or two files say the opposite of one pair.
    """
    folder = identity_folder(study)
    never, always = _pairs(folder / NEVER), _pairs(folder / ALWAYS)
    both = never.merge(always, on=["one", "other"])
    if len(both):
        first = both.iloc[0]
        raise IdentityError(
            f"identity: {NEVER} and {ALWAYS} both name {mask(first['one'])} and {mask(first['other'])}; keep one line"
        )
    rows = _read(folder / REGISTER, ("record_id", "profile_id"))
    twice = rows["record_id"].duplicated()
    if twice.any():
        raise IdentityError(
            f"identity: {REGISTER} names {mask(rows.loc[twice, 'record_id'].iloc[0])} twice; keep one line"
        )
    register = dict(zip(rows["record_id"], rows["profile_id"], strict=True))
    return Decisions(never, always, register, decision_inputs(study))


def write_register(study: Study, profiles: pd.DataFrame) -> Path:
    """Write which number each record's profile has, so that later runs keep it.

    Parameters
    ----------
    profiles
        One row per record: ``customer_id``, ``profile_id``.
    """
    folder = identity_folder(study)
    folder.mkdir(parents=True, exist_ok=True)
    rows = profiles.rename(columns={"customer_id": "record_id"})[["record_id", "profile_id"]]
    path = folder / REGISTER
    rows.sort_values("record_id").to_csv(path, index=False)
    path.chmod(0o600)
    return path


def _pairs(path: Path) -> pd.DataFrame:
    rows = _read(path, ("one", "other"))
    ordered = [sorted(pair) for pair in zip(rows["one"], rows["other"], strict=True)]
    return pd.DataFrame(ordered, columns=["one", "other"], dtype=object).drop_duplicates(ignore_index=True)


def _read(path: Path, columns: tuple[str, str]) -> pd.DataFrame:
    if not path.is_file():
        return pd.DataFrame({name: [] for name in columns}, dtype=object)
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise IdentityError(f"identity: {path.name} cannot be read ({type(error).__name__})") from None
    if not set(columns) <= set(rows.columns):
        raise IdentityError(f"identity: {path.name} must have the columns {columns[0]!r} and {columns[1]!r}")
    if (rows[list(columns)] == "").any(axis=None):
        raise IdentityError(f"identity: {path.name} has a line without a number; fill it or take it out")
    return rows[list(columns)].astype(object)

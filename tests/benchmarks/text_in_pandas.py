"""A text file in pandas by the same rules as ours: each different text of a column is looked at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.values.personal import looks_like
from customer_patterns.sources.values.reading import FREE_TEXTS, sort_of
from customer_patterns.study import Source

_KEY, _WHOLE, _MONEY = "[0-9A-Za-z_:/#@-]+", "-?[0-9]{1,15}", r"-?[0-9]{1,15}(?:\.[0-9]{1,2})?"
_WORDS = "[!-~](?:[ -~]*[!-~])?"
#: Days that programs write where there is none, and the calendar that is believed.
_NO_DAYS = pd.to_datetime(["1970-01-01", "1900-01-01"])
_FIRST, _LAST = pd.Timestamp("1900-01-01"), pd.Timestamp("2100-01-01")

#: So many records of a column are looked at for data about persons.
_LOOKED_AT = 4_000


@dataclass(frozen=True)
class Read:
    """A file as read.

    Attributes
    ----------
    kept
        The records whose values can be read, in canonical columns: keys and levels as categories, money in cents.
    set_aside
        The others: ``line``, ``code``, ``column``, ``raw``.
    repaired
        By column, how many kept records had spaces around a value.
    """

    kept: pd.DataFrame
    set_aside: pd.DataFrame
    repaired: dict[str, int]


def read_texts(path: Path, source: Source, wanted: dict[str, str]) -> Read:
    """Read the wanted columns of a file of text.

    Parameters
    ----------
    path, source
        The file, and its contract.
    wanted
        The delivered column of each canonical one.
    """
    origins = list(dict.fromkeys(wanted.values()))
    raw = pd.read_csv(
        path, usecols=origins, dtype=dict.fromkeys(origins, "category"), keep_default_na=False, na_values=[]
    )
    schema = CANONICAL[source.table]
    again = np.ones(len(raw), bool)  # the header once more, where files were put together
    for origin in origins:
        again &= (raw[origin] == origin).to_numpy() if origin in raw[origin].cat.categories else False
    columns, faults, repaired = {}, {}, {}
    for name, origin in wanted.items():
        values, read = raw[origin], _read_column(raw[origin].cat.categories, sort_of(schema[name], schema))
        codes = values.cat.codes.to_numpy()
        meant, right, spaces = read
        if not right.all() or (codes < 0).any():  # a record with too few fields has no last ones
            faults[origin] = ~np.append(right, False)[codes]
        if spaces.any():
            repaired[origin] = int(spaces[codes].sum())
        columns[name] = _placed(meant, codes)
    _look_for_persons(columns, wanted, source)
    bad = np.logical_or.reduce(list(faults.values())) & ~again if faults else np.zeros(len(raw), bool)
    rows = np.flatnonzero(bad)
    reasons = {name: fault[rows] for name, fault in faults.items()}
    first = [next(name for name, fault in reasons.items() if fault[i]) for i in range(len(rows))]
    aside = raw.iloc[rows].astype("str").agg(",".join, axis="columns") if len(rows) else pd.Series(dtype="str")
    set_aside = pd.DataFrame({"line": rows + 2, "code": "E_TYPE", "column": first, "raw": aside.to_numpy()})
    kept = pd.DataFrame(columns, copy=False)
    gone = bad | again
    return Read(kept[~gone] if gone.any() else kept, set_aside, repaired)


def _read_column(texts: pd.Index, sort: str) -> tuple[pd.Index | np.ndarray, np.ndarray, np.ndarray]:
    """What each different text means, whether it can be read, and whether there were spaces around it."""
    given = pd.Series(texts.astype("str"))
    bare = given.str.strip()
    spaces = (bare != given).to_numpy()
    if sort == "id":
        return pd.Index(bare), bare.str.fullmatch(_KEY).to_numpy() | (bare == "").to_numpy(), spaces
    if sort in ("level", "text"):
        return pd.Index(bare), bare.str.fullmatch(_WORDS).to_numpy() | (bare == "").to_numpy(), spaces
    if sort in ("integer", "week"):
        right = bare.str.fullmatch(_WHOLE)
        return bare.where(right, "0").astype("int64").to_numpy(), right.to_numpy(), spaces
    if sort == "money":
        right = bare.str.fullmatch(_MONEY)
        cents = (bare.where(right, "0").astype("float64") * 100).round().astype("int64")
        return cents.to_numpy(), right.to_numpy(), spaces
    moments = pd.to_datetime(bare, format="ISO8601", errors="coerce")
    right = (moments >= _FIRST) & (moments < _LAST) & ~moments.dt.normalize().isin(_NO_DAYS)
    return moments.to_numpy(), right.to_numpy(), spaces


def _placed(meant: pd.Index | np.ndarray, codes: np.ndarray) -> pd.Categorical | np.ndarray:
    """The values of all records; keys and levels in the order of texts, each written once."""
    if isinstance(meant, np.ndarray):
        return meant[codes]
    place, found = pd.factorize(meant, sort=True)
    if len(found) and found[0] == "":  # nothing was given
        place, found = place - 1, found[1:]
    place = np.append(place, -1)
    return pd.Categorical.from_codes(place.astype(np.int32)[codes], categories=found)


def _look_for_persons(columns: dict[str, object], wanted: dict[str, str], source: Source) -> None:
    """Refuse a column that is not for data about persons and holds such."""
    for name in wanted:
        values = columns[name]
        if not isinstance(values, pd.Categorical) or name in FREE_TEXTS:
            continue
        every = max(1, len(values) // _LOOKED_AT)
        looked = [text for text in pd.unique(values[::every]) if isinstance(text, str)][:1_000]
        seen = [text for text in looked[:200] if looks_like(text, region="US")]
        if len(seen) > 0.8 * min(200, max(len(looked), 1)):
            raise ValueError(f"{source.table}.{name} holds data about persons")

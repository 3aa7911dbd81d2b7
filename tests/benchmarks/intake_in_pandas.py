"""Collect once more, in plain pandas written with care: the same checks, with the same outcome.

A text file is read by the rules of :mod:`~tests.benchmarks.text_in_pandas`; every file has its fingerprint, and every
record and its money its place in the account.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.study import Source, Study
from customer_patterns.study.origins import WeekNumber
from tests.benchmarks.text_in_pandas import Read, read_texts

Frames = dict[str, pd.DataFrame]

MONEY = ("revenue", "retail_discount", "coupon_discount", "coupon_match_discount")
_NO_TEXT = {"quantity", "delivered_week", *MONEY}


def write(frames: Frames, folder: Path) -> None:
    """Write frames as parquet, compressed like the study's own, and fingerprint each file as a manifest does."""
    folder.mkdir(parents=True)
    digests = {}
    for name, frame in frames.items():
        path = folder / f"{name}.parquet"
        frame.to_parquet(path, index=False, compression="zstd")
        digests[name] = _digest(path)
    (folder / "digests.json").write_text(json.dumps(digests), encoding="utf-8")


def read(folder: Path, *names: str) -> Frames:
    """Read what a stage has written, after comparing each file with its fingerprint. Categories stay categories."""
    digests = json.loads((folder / "digests.json").read_text(encoding="utf-8"))
    assert all(_digest(folder / f"{name}.parquet") == digest for name, digest in digests.items())
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Collect


def collect(root: Path, study: Study) -> Frames:
    """Read every delivery as its canonical table, cut it at the last day, count what came."""
    read = {source.table: _read(root, source) for source in study.sources}
    digests = {source.table: _digest(root / source.location) for source in study.sources}
    frames = {table: frame for table, (frame, _) in read.items()}
    after = pd.Timestamp(study.last_day + timedelta(days=1)).tz_localize(study.time_zone).tz_convert("UTC")
    lines = frames["order_lines"]
    lines = lines[lines["ordered_at"] < after.tz_localize(None)]
    day = local(lines["ordered_at"], study.time_zone).dt.normalize()
    inside = day >= pd.Timestamp(study.first_day)
    account = []
    for table, frame in sorted(frames.items()):
        kept = lines[inside] if table == "order_lines" else frame
        text = read[table][1]
        away, repaired = (0, 0) if text is None else (len(text.set_aside), sum(text.repaired.values()))
        account.append(
            {
                "table": table,
                "delivered": len(frame) + away,
                "kept": len(kept),
                "set_aside": away,
                "repaired": repaired,
                "revenue_kept": kept["revenue"].sum() / 100 if "revenue" in kept else None,
                "revenue_delivered": frame["revenue"].sum() / 100 if "revenue" in frame else None,
                "sha256": digests[table],
            }
        )
        assert not frame.drop(columns=[c for c in frame if frame[c].isna().any()]).isna().any().any()
    lines = lines[inside].assign(day=day[inside])
    daily = lines.groupby("day").agg(
        order_lines=("revenue", "size"),
        orders=("order_id", "nunique"),
        customers=("customer_id", "nunique"),
        revenue=("revenue", "sum"),
    )
    days = daily.reindex(pd.date_range(study.first_day, study.last_day), fill_value=0).rename_axis("day").reset_index()
    days["usual_orders"] = days.groupby(days["day"].dt.day_of_week)["orders"].transform("median")
    days["thin"] = days["orders"] < 0.5 * days["usual_orders"]
    lines = lines.drop(columns="day")
    frames["order_lines"] = lines.sort_values(list(lines.columns), ignore_index=True)
    for table in set(frames) - {"order_lines", "promotions"}:
        frames[table] = frames[table].sort_values(list(frames[table].columns), ignore_index=True)
    aside = [text.set_aside.assign(table=table) for table, (_, text) in read.items() if text is not None]
    more = {"quarantine": pd.concat(aside, ignore_index=True)} if aside else {}
    return {**frames, **more, "account": pd.DataFrame(account), "days": days}


def _read(root: Path, source: Source) -> tuple[pd.DataFrame, Read | None]:
    """A delivery in canonical columns: keys and levels as categories, money in cents; and how its text was read."""
    declared = {name: source.columns[name] for name in CANONICAL[source.table].names if name in source.columns}
    wanted = {name: origin.week if isinstance(origin, WeekNumber) else origin for name, origin in declared.items()}
    if source.reader == "csv":
        read = read_texts(root / source.location, source, wanted)
        return _with_weeks(read.kept, source), read
    raw = pd.read_parquet(root / source.location, columns=list(wanted.values()))
    columns = {}
    for name, origin in wanted.items():
        values = raw.pop(origin)
        if isinstance(source.columns[name], WeekNumber):
            weeks = np.arange(values.max() + 1)
            starts = pd.Timestamp(source.columns[name].week_one_starts) + pd.to_timedelta((weeks - 1) * 7, unit="D")
            columns[name] = starts.to_numpy()[values.to_numpy()]
        elif name in MONEY:
            columns[name] = (values * 100).round().astype("int64")
        elif name in _NO_TEXT or pd.api.types.is_datetime64_any_dtype(values):
            columns[name] = values
        else:
            columns[name] = as_text(values)
    return pd.DataFrame(columns, copy=False), None


def _with_weeks(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Put the day on which it begins in the place of a week's number."""
    for name in frame:
        if isinstance(source.columns[name], WeekNumber):
            days = pd.to_timedelta((frame[name] - 1) * 7, unit="D")
            frame = frame.assign(**{name: pd.Timestamp(source.columns[name].week_one_starts) + days})
    return frame


def as_text(values: pd.Series) -> pd.Categorical:
    """Keys as text in the order of texts; each different key is written out once."""
    codes, found = pd.factorize(values)
    texts = pd.Index(found).astype("str")
    order = np.argsort(texts.to_numpy(dtype=object), kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    codes = np.where(codes < 0, -1, place[codes]) if len(order) else codes
    return pd.Categorical.from_codes(codes, categories=texts[order])


def local(moments: pd.Series, time_zone: str) -> pd.Series:
    """The clock on the customers' wall."""
    return moments.dt.tz_localize("UTC").dt.tz_convert(time_zone).dt.tz_localize(None)

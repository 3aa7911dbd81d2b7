"""Collect, clean and behavior once more, in plain pandas written with care: the other side of the comparison.

Keys are categories (each number becomes a text once, not once per line), money is whole cents, nothing loops over
rows, and columns that are no longer needed are dropped. As between notebooks, each stage reads what the one before has
written. The tables have the names, rows and numbers of the study's own; intervals come from the same functions on both
sides.

``python -m tests.benchmarks.in_pandas <root> <study> [stage …]`` writes them to
``<root>/pandas/<stage>/<table>.parquet``.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.study import Source, Study, load_study
from customer_patterns.study.origins import WeekNumber
from tests.benchmarks.behavior_in_pandas import behavior

Frames = dict[str, pd.DataFrame]

_MONEY = ("revenue", "retail_discount", "coupon_discount", "coupon_match_discount")
_NO_TEXT = {"quantity", "delivered_week", *_MONEY}
FUEL, GIFT_CARD = "GASOLINE", "GIFT CARD"


def main(root: Path, name: str, stages: Sequence[str] = ()) -> None:
    """Make the tables of the stages, each stage from what the one before has written, as notebooks do."""
    study, folder = load_study(name), root / "pandas"
    for stage in stages or STAGES:
        started, cpu = time.perf_counter(), time.process_time()
        write(STAGES[stage](root, study), folder / stage)
        print(f"{stage} {time.perf_counter() - started:.1f} {time.process_time() - cpu:.1f}", flush=True)


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
    frames = {source.table: _read(root, source) for source in study.sources}
    after = pd.Timestamp(study.last_day + timedelta(days=1)).tz_localize(study.time_zone).tz_convert("UTC")
    lines = frames["order_lines"]
    lines = lines[lines["ordered_at"] < after.tz_localize(None)]
    day = local(lines["ordered_at"], study.time_zone).dt.normalize()
    inside = day >= pd.Timestamp(study.first_day)
    account = []
    for table, frame in sorted(frames.items()):
        kept = lines[inside] if table == "order_lines" else frame
        account.append({"table": table, "delivered": len(frame), "kept": len(kept)})
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
    return {**frames, "account": pd.DataFrame(account), "days": days}


def _read(root: Path, source: Source) -> pd.DataFrame:
    """A delivery in canonical columns: keys and levels as categories, money in cents."""
    declared = {name: source.columns[name] for name in CANONICAL[source.table].names if name in source.columns}
    wanted = {name: origin.week if isinstance(origin, WeekNumber) else origin for name, origin in declared.items()}
    raw = _read_file(root / source.location, source, wanted)
    columns = {}
    for name, origin in wanted.items():
        values = raw.pop(origin)
        if isinstance(source.columns[name], WeekNumber):
            weeks = np.arange(values.max() + 1)
            starts = pd.Timestamp(source.columns[name].week_one_starts) + pd.to_timedelta((weeks - 1) * 7, unit="D")
            columns[name] = starts.to_numpy()[values.to_numpy()]
        elif name in _MONEY:
            columns[name] = (values * 100).round().astype("int64")
        elif name in _NO_TEXT or pd.api.types.is_datetime64_any_dtype(values):
            columns[name] = values
        else:
            columns[name] = as_text(values)
    return pd.DataFrame(columns, copy=False)


def _read_file(path: Path, source: Source, wanted: dict[str, str]) -> pd.DataFrame:
    """The wanted columns of a file; in a text file keys and levels are texts, each written out once."""
    if path.suffix != ".csv":
        return pd.read_parquet(path, columns=list(wanted.values()))
    schema = CANONICAL[source.table]
    kinds = {origin: schema[name].kind for name, origin in wanted.items()}
    texts = [origin for origin, kind in kinds.items() if kind == "text"]
    dates = [
        origin
        for name, origin in wanted.items()
        if kinds[origin] in ("date", "timestamp") and not isinstance(source.columns[name], WeekNumber)
    ]
    return pd.read_csv(
        path,
        usecols=list(wanted.values()),
        dtype=dict.fromkeys(texts, "category"),
        parse_dates=dates,
        date_format="ISO8601",
        keep_default_na=False,
        na_values=[""],
    )


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


# Clean


def clean(root: Path, study: Study) -> Frames:
    """Apply the cleaning rules and count what each found."""
    frames = read(root / "pandas" / "collect", *(s.table for s in study.sources if s.table != "promotions"))
    quality = _quality(frames, study)
    lines, products, customers = frames.pop("order_lines"), frames["products"], frames["customers"]
    rules: list[tuple[str, int, int, int]] = []

    def note(name: str, before: int, found: int, after: int) -> None:
        rules.append((name, before, found, after))

    before = len(lines)
    lines = lines[~lines.duplicated()]
    note("duplicates", before, before - len(lines), len(lines))

    before, key = len(lines), ["order_id", "product_id"]
    twice = lines.duplicated(key, keep=False)
    sums = (*_MONEY, "quantity")
    how = {c: "sum" if c in sums else "min" for c in lines.columns if c not in key}
    again = lines[twice]
    again = again.assign(**{c: again[c].cat.as_ordered() for c in again.select_dtypes("category").columns if c in how})
    merged = again.groupby(key, observed=True, as_index=False).agg(how)[lines.columns]
    for c in merged.select_dtypes("category").columns:
        merged[c] = merged[c].cat.as_unordered()
    lines = pd.concat([lines[~twice], merged], ignore_index=True)
    note("one product on two lines", before, before - len(lines), len(lines))

    before, nothing = len(lines), (lines["quantity"] == 0) & (lines["revenue"] == 0)
    lines = lines[~nothing]
    note("nothing sold", before, int(nothing.sum()), len(lines))
    free = int(((lines["quantity"] > 0) & (lines["revenue"] == 0)).sum())
    note("free items", len(lines), free, len(lines))

    products = _described(products, lines["product_id"])
    kind_of = pd.Series("goods", index=products["product_id"])
    types = products["product_type"].str.upper()
    kind_of[types.str.startswith(FUEL).to_numpy(dtype=bool)] = "fuel"
    kind_of[types.str.contains(GIFT_CARD, regex=False).to_numpy(dtype=bool)] = "gift_card"
    known = products.loc[products["department"] != "unknown", "product_id"]
    sold = lines["product_id"].cat
    undescribed = ~sold.categories.isin(known)
    note("undescribed", len(lines), int(undescribed[sold.codes].sum()), len(lines))
    kinds = pd.Categorical(kind_of.reindex(sold.categories), categories=["fuel", "gift_card", "goods"])
    lines = lines.assign(line_kind=pd.Categorical.from_codes(kinds.codes[sold.codes], categories=kinds.categories))
    fuel = lines["line_kind"] == "fuel"
    note("fuel", len(lines), int(fuel.sum()), len(lines))
    note("gift cards", len(lines), int((lines["line_kind"] == "gift_card").sum()), len(lines))
    lines["quantity"] = lines["quantity"].astype("float64").where(~fuel)
    special = kind_of.map({"fuel": "FUEL", "gift_card": "GIFT CARDS"}).to_numpy(dtype=object)
    products["department"] = products["department"].where(pd.isna(special), special)

    has = customers["customer_id"].astype("str")
    customers = _described(customers, lines["customer_id"])
    customers.insert(1, "has_demographics", customers["customer_id"].isin(has))
    others = {}
    for table in ("campaigns", "campaign_recipients", "coupons", "coupon_redemptions"):
        others[table] = frames[table]
        if table in ("coupons", "coupon_redemptions"):
            others[table] = frames[table][~frames[table].duplicated()]
            note(table, len(frames[table]), len(frames[table]) - len(others[table]), len(others[table]))
    lines["ordered_on"] = local(lines["ordered_at"], study.time_zone).dt.normalize()
    lines = lines.drop(columns="delivered_week").sort_values(key, ignore_index=True)
    assert not lines.duplicated(key).any()
    assert lines["revenue"].min() >= 0
    done = pd.DataFrame(rules, columns=["rule", "records_in", "records_found", "records_out"])
    return {
        "order_lines": lines,
        "products": products,
        "customers": customers,
        **others,
        "rules": done,
        "quality": quality,
    }


def _quality(frames: Frames, study: Study) -> pd.DataFrame:
    """How complete and how valid each delivered column is."""
    monday = pd.Timestamp(study.first_day - timedelta(days=study.first_day.weekday()))
    rows = []
    for table in (
        "campaign_recipients",
        "campaigns",
        "coupon_redemptions",
        "coupons",
        "customers",
        "order_lines",
        "products",
    ):
        frame = frames[table]
        for column in sorted(frame.columns):
            values, valid = frame[column], np.nan
            filled = int(values.count())
            if column == "delivered_week":
                week = (local(frame["ordered_at"], study.time_zone).dt.normalize() - monday).dt.days // 7 + 1
                valid = float((values == week).sum() / filled)
            elif column == "ends_on":
                valid = float((values >= frame["starts_on"]).sum() / filled)
            elif CANONICAL[table][column].minimum == 0:
                valid = float((values >= 0).sum() / filled)
            different = values.cat.codes.nunique() - int(filled < len(values)) if _text(values) else values.nunique()
            rows.append((table, column, len(frame), filled / len(frame), different, valid))
    return pd.DataFrame(rows, columns=["table", "column", "records", "filled", "different", "valid"])


def _text(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.CategoricalDtype)


def _described(described: pd.DataFrame, seen: pd.Series) -> pd.DataFrame:
    """A description of everything seen, "unknown" where nothing was delivered, by key."""
    key = described.columns[0]
    whole = described.astype("str").astype(object).set_index(key)
    used = seen.cat.categories[np.unique(seen.cat.codes)]
    whole = whole.reindex(sorted({*whole.index, *used})).rename_axis(key).reset_index()
    return whole.where(whole.notna() & (whole != "nan"), "unknown")


def _behavior(root: Path, study: Study) -> Frames:
    return behavior(read(root / "pandas" / "clean", "order_lines", "products", "customers"), study)


STAGES = {"collect": collect, "clean": clean, "behavior": _behavior}

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])

"""Clean once more, in plain pandas written with care: the same rules, with the same outcome.

Every cleaning rule that has something to look at counts what it finds, with the money that it moves, as our own do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from customer_patterns.cleaning.standards import LEVELS, one_spelling
from customer_patterns.cleaning.steps import DESCRIPTIONS
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.study import Study
from tests.benchmarks.intake_in_pandas import MONEY, Frames, local, read

FUEL, GIFT_CARD = "GASOLINE", "GIFT CARD"
_MOST_UNITS = 1000


def clean(root: Path, study: Study) -> Frames:
    """Apply the cleaning rules and count what each found."""
    frames = read(root / "pandas" / "collect", *(s.table for s in study.sources if s.table != "promotions"))
    quality = _quality(frames, study)
    lines, products, customers = frames.pop("order_lines"), frames["products"], frames["customers"]
    rules: list[tuple[str, int, int, int, int]] = []

    def note(name: str, before: int, found: int, after: int, money: int = 0) -> None:
        rules.append((name, before, found, after, money))

    before = len(lines)
    lines = lines[~lines.duplicated()]
    note("duplicates", before, before - len(lines), len(lines))
    for name, holds in {
        "corrections of money": ((lines["revenue"] < 0) & (lines["quantity"] >= 0))
        | ((lines["revenue"] > 0) & (lines["quantity"] < 0)),
        "returns": lines["quantity"] < 0,
    }.items():
        found = int(holds.sum())
        note(name, len(lines), found, len(lines) - found, int(lines["revenue"].where(holds, 0).sum()))
        lines = lines[~holds] if found else lines

    before, key = len(lines), ["order_id", "product_id"]
    twice = lines.duplicated(key, keep=False)
    sums = (*MONEY, "quantity")
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
    below = (lines[list(MONEY[1:])] < 0).any(axis="columns")
    note("discounts below zero", len(lines), int(below.sum()), len(lines))
    if below.any():
        lines = lines.assign(**{name: lines[name].clip(lower=0) for name in MONEY[1:]})
    for table in ("campaign_recipients", "coupon_redemptions", "customers", "products", "campaigns"):
        frames[table] = _described_once(frames[table], table, note)
    for table in ("products", "customers", "campaigns"):
        frames[table] = with_one_spelling(frames[table], table, note)
    products, customers = frames["products"], frames["customers"]
    for table in ("products", "customers"):
        gaps = int(frames[table].isna().any(axis="columns").sum())
        note(f"{table}: gaps", len(frames[table]), gaps, len(frames[table]))

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

    many = lines["quantity"] > _MOST_UNITS
    note("many units", len(lines), int(many.sum()), len(lines))
    has = customers["customer_id"].astype("str")
    customers = _described(customers, lines["customer_id"])
    customers.insert(1, "has_demographics", customers["customer_id"].isin(has))
    each = np.bincount(lines["customer_id"].cat.codes, minlength=1)
    each = each[each > 0]
    note("shared numbers", len(customers), int((each > 10 * np.quantile(each, 0.99)).sum()), len(customers))
    others = {}
    for table in ("campaigns", "campaign_recipients", "coupons", "coupon_redemptions"):
        others[table] = frames[table]
        if table in ("coupons", "coupon_redemptions"):
            others[table] = frames[table][~frames[table].duplicated()]
            note(table, len(frames[table]), len(frames[table]) - len(others[table]), len(others[table]))
    bought = _used(lines["customer_id"])
    strangers = int((~others["coupon_redemptions"]["customer_id"].isin(bought)).sum())
    note("redeemed by strangers", len(others["coupon_redemptions"]), strangers, len(others["coupon_redemptions"]))
    lines["ordered_on"] = local(lines["ordered_at"], study.time_zone).dt.normalize()
    lines = lines.drop(columns="delivered_week").sort_values(key, ignore_index=True)
    assert not lines.duplicated(key).any()
    assert lines["revenue"].min() >= 0
    assert all(lines[name].notna().all() for name in lines if name != "quantity")
    assert _used(lines["product_id"]).isin(products["product_id"]).all()
    assert _used(lines["customer_id"]).isin(customers["customer_id"]).all()
    inside = lines["ordered_on"].between(pd.Timestamp(study.first_day), pd.Timestamp(study.last_day))
    assert inside.all()
    done = pd.DataFrame(rules, columns=["rule", "records_in", "records_found", "records_out", "revenue_found"])
    return {
        "order_lines": lines,
        "products": products,
        "customers": customers,
        **others,
        "rules": done,
        "quality": quality,
        "consistency": _consistency(others),
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


Note = Callable[..., None]


def _used(values: pd.Series) -> pd.Index:
    """The categories that stand in a column."""
    return values.cat.categories[np.unique(values.cat.codes)]


def _described_once(frame: pd.DataFrame, table: str, note: Note) -> pd.DataFrame:
    """Drop records that are there twice, and refuse two descriptions of one thing."""
    once = frame[~frame.duplicated()]
    note(f"{table}: duplicates", len(frame), len(frame) - len(once), len(once))
    key = list(CANONICAL[table].key)
    if table in DESCRIPTIONS and once.duplicated(key).any():
        raise ValueError(f"{table}: one key with two descriptions")
    return once


def with_one_spelling(frame: pd.DataFrame, table: str, note: Note) -> pd.DataFrame:
    """Write each level as most records write it, where spellings differ by case, width or spaces only."""
    found = np.zeros(len(frame), bool)
    for name in LEVELS[table]:
        if name not in frame:
            continue
        times = frame[name].value_counts()
        becomes = one_spelling({text: int(n) for text, n in times.items() if n})
        if becomes:
            found |= frame[name].isin(list(becomes)).to_numpy()
            frame = frame.assign(**{name: frame[name].astype(object).replace(becomes).astype("category")})
    note(f"{table}: spellings", len(frame), int(found.sum()), len(frame))
    return frame


def _consistency(tables: Frames) -> pd.DataFrame:
    """How far what one table names stands in another."""
    rows = []
    for name, other, key in (
        ("coupon_redemptions", "coupons", ["coupon_id", "campaign_id"]),
        ("campaign_recipients", "campaigns", ["campaign_id"]),
    ):
        known = tables[other][key].astype("str").drop_duplicates().assign(known=True)
        named = tables[name][key].astype("str").merge(known, on=key, how="left")
        rows.append((name, other, len(named), int(named["known"].eq(True).sum())))
    return pd.DataFrame(rows, columns=["table", "other", "records", "agreeing"])

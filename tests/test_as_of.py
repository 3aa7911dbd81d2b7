"""What happened after a study's last moment changes nothing: not one table, not one finding, of any stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from customer_patterns.schemas.canonical import KNOWN_SINCE
from customer_patterns.sources import cut
from customer_patterns.sources.planted_shop.columns import ADDED_COLUMNS
from customer_patterns.sources.planted_shop.plan import week_of, week_starts_on
from customer_patterns.stage import stage_names
from tests.notebooks_in_process import PLANTED, deliver, fingerprints, run_notebook, run_pipeline
from tests.sources.later_additions import deliver_additions, nothing_later, other_things_later

NEW_YORK = ZoneInfo("America/New_York")
DATES = ("2017-09-30", "2017-12-31")

Change = Callable[[dict[str, pd.DataFrame], date, np.random.Generator], None]


# Deliveries that differ only in what happened after a day


def _midnight_after(day: date) -> pd.Timestamp:
    """The UTC moment at which a day is over in the shop, found without the code under test."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=NEW_YORK)
    return pd.Timestamp(midnight).tz_convert("UTC").tz_localize(None)


#: From when a row of what customers say was known.
SAID = {
    "survey_invitations": "asked_utc",
    "survey_responses": "replied_utc",
    "contacts": "opened_utc",
    "feedback": "written_utc",
}
#: What became known about a contact later than the contact itself, and when.
LATER_NEWS = {
    "answered_utc": ["answered_utc", "clerk"],
    "closed_utc": ["closed_utc"],
    "rated_utc": ["rated_utc", "stars"],
}


def _late(name: str, table: pd.DataFrame, day: date) -> pd.Series:
    """Which delivered rows happened, or became known, after a day."""
    if name == "order_lines":
        return table["sold_at_utc"] >= _midnight_after(day)
    if name in SAID:
        return table[SAID[name]] >= _midnight_after(day)
    if name == "coupon_redemptions":
        return table["used_on"] > day
    if name == "campaigns":
        return table["valid_from"] > day
    return table["trading_week"].map(week_starts_on) > day  # promotions


def _late_campaigns(tables: Mapping[str, pd.DataFrame], day: date) -> pd.Series:
    campaigns = tables["campaigns"]
    return campaigns.loc[_late("campaigns", campaigns, day), "mailing"]


def add_later_records(tables: dict[str, pd.DataFrame], day: date, chance: np.random.Generator) -> None:
    """Add purchases from the first moment after the day, by known and new customers, of known and new products …"""
    midnight = _midnight_after(day)
    lines = tables["order_lines"].sample(400, random_state=int(chance.integers(2**31)))
    seconds = np.concatenate([[0, 1, 1800, 3599], np.sort(chance.integers(0, 60 * 86_400, 396))])
    lines = lines.assign(
        sold_at_utc=(midnight + pd.to_timedelta(seconds, unit="s")).astype("datetime64[us]"),
        units=chance.integers(0, 50_000, 400),
        trading_week=chance.integers(0, 90, 400),
    )
    half = np.arange(400) % 2 == 0
    lines.loc[half, "receipt_no"] = [f"99{number:09d}" for number in range(200)]  # the others join older orders
    lines.loc[lines.index[:40], "card_no"] = [f"8{number:06d}" for number in range(40)]
    lines.loc[lines.index[40:80], "sku"] = [f"8{number:05d}" for number in range(40)]
    tables["order_lines"] = pd.concat([tables["order_lines"], lines], ignore_index=True)

    soon = day + timedelta(days=1)
    redeemed = tables["coupon_redemptions"].head(20).assign(used_on=soon)
    strangers = redeemed.assign(card_no=[f"7{number:06d}" for number in range(20)])
    tables["coupon_redemptions"] = pd.concat([tables["coupon_redemptions"], redeemed, strangers], ignore_index=True)
    mailing = {"mailing": "88", "mailing_type": "Type Z", "valid_from": soon, "valid_to": soon + timedelta(days=30)}
    tables["campaigns"] = pd.concat([tables["campaigns"], pd.DataFrame([mailing])], ignore_index=True)
    for name in ("campaign_recipients", "coupons"):
        rows = tables[name].drop_duplicates(subset=tables[name].columns.drop("mailing").tolist()).head(30)
        tables[name] = pd.concat([tables[name], rows.assign(mailing="88")], ignore_index=True)
    next_monday = day + timedelta(days=7 - day.weekday())
    placed = tables["promotions"].head(50).assign(trading_week=week_of(next_monday), shelf_code="Z")
    tables["promotions"] = pd.concat([tables["promotions"], placed], ignore_index=True)

    for name, moment in SAID.items():
        rows = tables[name].sample(40, random_state=int(chance.integers(2**31)))
        seconds = pd.to_timedelta(np.r_[0, 1, chance.integers(0, 60 * 86_400, 38)], unit="s")
        rows = rows.assign(**{moment: (midnight + seconds).astype("datetime64[us]")})
        tables[name] = pd.concat([tables[name], rows], ignore_index=True)
    news = tables["contacts"].copy()  # what had not happened by the day happens on the morrow
    known = news["opened_utc"] < midnight
    for moment, columns in LATER_NEWS.items():
        pending = known & ~(news[moment] < midnight)
        assert pending.sum() > 5
        for column in columns:
            other = {"clerk": "A99", "stars": 1}.get(column, (midnight + pd.Timedelta(hours=1)).to_datetime64())
            news.loc[pending, column] = other
    tables["contacts"] = news


def change_later_records(tables: dict[str, pd.DataFrame], day: date, chance: np.random.Generator) -> None:
    """Give the records after the day other customers, products, amounts, codes."""
    for name, columns in {
        "order_lines": ["card_no", "sku", "branch", "units", "net_amount", "card_discount", "trading_week"],
        "coupon_redemptions": ["card_no", "coupon_no"],
        "campaigns": ["mailing_type"],
        "promotions": ["sku", "branch", "shelf_code", "leaflet_code"],
        "survey_invitations": ["card_no", "asked_by"],
        "survey_responses": ["card_no", "question", "reply"],
        "contacts": ["card_no", "desk", "matter", "clerk"],
        "feedback": ["card_no", "lang", "stars", "note"],
    }.items():
        table = tables[name].copy()
        late = _late(name, table, day).to_numpy()
        for column in columns:
            table.loc[late, column] = chance.permutation(table[column].to_numpy())[: late.sum()]
        tables[name] = table
    for moment, columns in LATER_NEWS.items():
        late = (tables["contacts"][moment] >= _midnight_after(day)).to_numpy()
        for column in columns:
            values = tables["contacts"][column].to_numpy(copy=True)
            values[late] = values[late] + np.timedelta64(1, "h") if column.endswith("_utc") else values[late][::-1]
            tables["contacts"] = tables["contacts"].assign(**{column: values})
    lines = tables["order_lines"]
    later = lines["sold_at_utc"] > _midnight_after(day) + pd.Timedelta(hours=2)
    lines.loc[later, "sold_at_utc"] -= pd.Timedelta(hours=1)


def change_and_add_later_records(tables: dict[str, pd.DataFrame], day: date, chance: np.random.Generator) -> None:
    """Change what there is after the day, and add to it."""
    change_later_records(tables, day, chance)
    add_later_records(tables, day, chance)


def delete_later_records(tables: dict[str, pd.DataFrame], day: date, chance: np.random.Generator) -> None:
    """Leave out all that happened after the day."""
    gone = _late_campaigns(tables, day)
    for name in ("campaign_recipients", "coupons"):
        tables[name] = tables[name][~tables[name]["mailing"].isin(gone)]
    for name in ("order_lines", "coupon_redemptions", "campaigns", "promotions", *SAID):
        tables[name] = tables[name][~_late(name, tables[name], day)]
    contacts = tables["contacts"].copy()
    for moment, columns in LATER_NEWS.items():
        late = contacts[moment] >= _midnight_after(day)
        for column in columns:
            contacts[column] = contacts[column].mask(late)
    tables["contacts"] = contacts


def shuffle_records(tables: dict[str, pd.DataFrame], day: date, chance: np.random.Generator) -> None:
    """Deliver the same records in another order."""
    for name, table in tables.items():
        tables[name] = table.sample(frac=1, random_state=int(chance.integers(2**31)))


def change_the_last_second(tables: dict[str, pd.DataFrame], day: date, chance: np.random.Generator) -> None:
    """Add one purchase in the day's last second: this one counts."""
    moment = _midnight_after(day) - pd.Timedelta(seconds=1)
    line = tables["order_lines"].head(1).assign(sold_at_utc=moment.to_datetime64().astype("datetime64[us]"))
    tables["order_lines"] = pd.concat([tables["order_lines"], line], ignore_index=True)


CHANGES: tuple[Change, ...] = (change_and_add_later_records, delete_later_records)
#: What becomes of the tables that other systems than the till deliver.
BESIDE = {change_and_add_later_records: other_things_later, delete_later_records: nothing_later}


def deliver_changed(root: Path, change: Change, day: date, seed: int = 1) -> Path:
    """Change the parquet files delivered under ``root``; each must really differ afterwards."""
    folder = root / "data" / "raw" / PLANTED
    if change in BESIDE:
        deliver_additions(folder, BESIDE[change], day, _midnight_after(day))
    paths = {
        path.stem: path for path in sorted(folder.glob("*.parquet")) if path.stem not in {"products", *ADDED_COLUMNS}
    }
    schemas = {name: pq.read_schema(path) for name, path in paths.items()}
    before = {name: pq.read_table(path).to_pandas() for name, path in paths.items()}
    tables = dict(before)
    change(tables, day, np.random.default_rng(seed))
    for name, table in tables.items():
        changed = pa.Table.from_pandas(table, schema=schemas[name], preserve_index=False)
        pq.write_table(changed, paths[name])
    assert not tables["order_lines"].reset_index(drop=True).equals(before["order_lines"].reset_index(drop=True))
    return root


# The promise


@pytest.fixture(scope="module", params=DATES)
def as_of(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def untouched(as_of: str, planted_root: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """The fingerprints of all stages of a run on the delivery as it came."""
    if as_of == DATES[-1]:
        return fingerprints(request.getfixturevalue("planted_run"))
    return fingerprints(run_pipeline(planted_root, as_of=as_of))


def differing(one: Mapping[str, str], two: Mapping[str, str]) -> set[str]:
    """Which tables or findings differ between two runs."""
    return {name for name in one.keys() | two.keys() if one.get(name) != two.get(name)}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_later_records_change_no_table_and_no_finding_of_any_stage(
    as_of: str, untouched: dict[str, str], change: Change, fresh_root: Callable[[str], Path]
) -> None:
    root = deliver_changed(fresh_root("changed"), change, date.fromisoformat(as_of))
    found = fingerprints(run_pipeline(root, as_of=as_of))
    assert differing(found, untouched) == set()
    assert {name.split("/")[0] for name in found} == set(stage_names())


@pytest.mark.parametrize("as_of", DATES[:1], scope="module")
def test_the_order_in_which_records_are_delivered_changes_nothing(
    as_of: str, untouched: dict[str, str], fresh_root: Callable[[str], Path]
) -> None:
    root = deliver_changed(fresh_root("shuffled"), shuffle_records, date.fromisoformat(as_of))
    found = fingerprints(run_pipeline(root, as_of=as_of))
    # Lines and promotions are collected in the order they came: millions of rows need not be sorted twice.
    assert differing(found, untouched) <= {"collect/order_lines.parquet", "collect/promotions.parquet"}


def test_a_purchase_in_the_last_second_of_the_day_counts(
    as_of: str, untouched: dict[str, str], fresh_root: Callable[[str], Path]
) -> None:
    root = deliver_changed(fresh_root("changed"), change_the_last_second, date.fromisoformat(as_of))
    found = fingerprints(run_pipeline(root, as_of=as_of, stages=["collect", "clean"]))
    changed = differing(found, {name: value for name, value in untouched.items() if name in found})
    assert {"collect/order_lines.parquet", "collect/account.parquet", "clean/order_lines.parquet"} <= changed


# Twins that leak, which the same check must reject


def one_day_too_long(day: date, *, time_zone: str) -> datetime:
    """Let the next day through."""
    return cut_exactly(day + timedelta(days=1), time_zone=time_zone)


def without_summer_time(day: date, *, time_zone: str) -> datetime:
    """Take the winter's offset all year: in summer the next day's first hour slips through."""
    return datetime.combine(day + timedelta(days=1), time(5))


def inclusive(day: date, *, time_zone: str) -> datetime:
    """Let the first moment of the next day through."""
    return cut_exactly(day, time_zone=time_zone) + timedelta(microseconds=1)


cut_exactly = cut.first_moment_after


def nothing_cut(tables: dict[str, ibis.Table], **_: object) -> dict[str, ibis.Table]:
    """Let everything through."""
    return tables


def with_later_news(name: str, table: ibis.Table, *_: object) -> ibis.Table:
    """Let through what became known about a row that was known."""
    return table


#: What a leak replaces in the cut, the date at which it shows, and in which tables.
LEAKS = {
    "nothing cut": ("cut_at", nothing_cut, "2017-09-30", set(KNOWN_SINCE) - {"opportunities", "order_channels"}),
    "later news of a contact": ("_without_later_news", with_later_news, "2017-09-30", {"contacts"}),
    "a day too long": ("first_moment_after", one_day_too_long, "2017-12-31", {"order_lines"}),
    "no summer time": ("first_moment_after", without_summer_time, "2017-09-30", {"order_lines"}),
    "the next day's first moment": ("first_moment_after", inclusive, "2017-09-30", {"order_lines"}),
}


@pytest.fixture(scope="module")
def before_and_after(tmp_path_factory: pytest.TempPathFactory, planted_delivery: Path) -> dict[str, tuple[Path, Path]]:
    """By date: an untouched delivery, and one that was changed after the date."""
    pairs = {}
    for as_of in DATES:
        roots = [deliver(planted_delivery, tmp_path_factory.mktemp("root")) for _ in range(2)]
        deliver_changed(roots[1], change_and_add_later_records, date.fromisoformat(as_of))
        pairs[as_of] = (roots[0], roots[1])
    return pairs


@pytest.mark.parametrize("leak", LEAKS)
def test_a_cut_that_leaks_is_caught(
    leak: str, before_and_after: dict[str, tuple[Path, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, twin, as_of, tables = LEAKS[leak]
    monkeypatch.setattr(cut, name, twin)
    found = []
    for root in before_and_after[as_of]:
        # The chapter's own checks catch a leak too; they are left out, so that this one stands alone.
        run_notebook("collect", root, checks=False, study=PLANTED, as_of=as_of, language="en")
        found.append(fingerprints(root / "data" / "runs" / PLANTED / as_of))
    assert {f"collect/{table}.parquet" for table in tables} <= differing(*found)


def test_the_collect_chapter_notices_a_leak_by_itself(
    before_and_after: dict[str, tuple[Path, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cut, "first_moment_after", without_summer_time)
    with pytest.raises(AssertionError):
        run_notebook("collect", before_and_after[DATES[0]][1], study=PLANTED, as_of=DATES[0], language="en")


def test_a_day_ends_by_the_shops_clock_and_not_by_universal_time(
    planted_root: Path, untouched: dict, as_of: str
) -> None:
    run = planted_root / "data" / "runs" / PLANTED / as_of
    kept = pq.read_table(run / "collect" / "order_lines.parquet", columns=["order_id", "ordered_at"]).to_pandas()
    local = kept["ordered_at"].dt.tz_localize("UTC").dt.tz_convert(NEW_YORK).dt.date
    assert local.max() == date.fromisoformat(as_of)
    assert kept["ordered_at"].dt.date.max() > date.fromisoformat(as_of)
    traps = pq.read_table(planted_root / "data" / "raw" / PLANTED / "truth" / "time_traps.parquet").to_pandas()
    inside = traps["local_time"].str[:10].between("2017-01-01", as_of)
    assert set(traps.loc[inside, "order_id"]) <= set(kept["order_id"])
    assert not set(traps.loc[~inside, "order_id"]) & set(kept["order_id"])

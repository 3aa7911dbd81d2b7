"""What is planted is there, its records are spoiled as counted, and a delivery comes whole or not at all."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from scipy import stats

from customer_patterns.schemas import Refusal
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources import simulated
from customer_patterns.sources.planted_shop import (
    DeliveryExists,
    Drawn,
    Truth,
    blemish,
    delivery,
    draw_orders,
    plan_shop,
    read_delivery,
    simulate,
    tastes,
)
from customer_patterns.sources.planted_shop.__main__ import main
from customer_patterns.sources.planted_shop.baskets import fill_baskets
from customer_patterns.sources.planted_shop.blemishes import STRANGER
from customer_patterns.sources.planted_shop.manifest import MANIFEST
from customer_patterns.sources.planted_shop.plan import week_of, week_starts_on
from customer_patterns.sources.planted_shop.shoppers import BASKET_FACTORS, TYPES, ZERO_DIFFERENCE
from customer_patterns.sources.planted_shop.visits import Visits
from customer_patterns.study import Source, load_study, project_root
from customer_patterns.warehouse import sha256

#: A deviation this many standard errors away from what was planted is no chance.
FAR = 4.5


@pytest.fixture(scope="module")
def truth() -> Truth:
    """A shop that is large enough to see in its records what was planted."""
    return plan_shop(customers=1500, seed=7)


@pytest.fixture(scope="module")
def drawn(truth: Truth) -> Drawn:
    return draw_orders(truth)


@pytest.fixture(scope="module")
def orders(drawn: Drawn) -> pd.DataFrame:
    """One row per order but those placed as traps: customer, store, local time and day."""
    lines = drawn.lines
    table = pd.DataFrame(
        {"order": lines.order, "customer": lines.customer, "store": lines.store, "sold_at": lines.sold_at}
    ).drop_duplicates("order")
    trapped = drawn.traps["order_id"].astype("int64") - 10_000_000_000
    table = table[~table["order"].isin(trapped)].reset_index(drop=True)
    local = table["sold_at"].dt.tz_localize("UTC").dt.tz_convert(drawn.truth.time_zone)
    people = drawn.truth.customers.iloc[table["customer"]]
    return table.assign(local=local, day=local.dt.date, shopper_type=people["shopper_type"].to_numpy())


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The delivery of the test study, as its study file describes it."""
    folder = tmp_path_factory.mktemp("raw") / "planted-shop"
    simulate(folder)
    return folder


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# What a delivery promises


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    simulate(tmp_path / "one", customers=30, seed=5)
    simulate(tmp_path / "two", customers=30, seed=5)
    assert _files(tmp_path / "one") == _files(tmp_path / "two")


def test_another_machine_gives_the_same_bytes(tmp_path: Path) -> None:
    simulate(tmp_path / "here", customers=30, seed=5)
    code = "import sys; from pathlib import Path; from customer_patterns.sources.planted_shop import simulate;"
    code += "simulate(Path(sys.argv[1]), customers=30, seed=5)"
    env = {**os.environ, "PYTHONHASHSEED": "20171231", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    call = [sys.executable, "-c", code, str(tmp_path / "there")]
    subprocess.run(call, cwd=project_root(), env=env, check=True)
    assert _files(tmp_path / "here") == _files(tmp_path / "there")


def test_another_seed_gives_other_records(tmp_path: Path) -> None:
    simulate(tmp_path / "one", customers=30, seed=5)
    simulate(tmp_path / "two", customers=30, seed=6)
    one, two = _files(tmp_path / "one"), _files(tmp_path / "two")
    # A day without a visit has no log.
    assert {name for name in set(one) ^ set(two) if not name.startswith("events/")} == set()
    same = {name for name in one if one[name] == two.get(name)}
    everywhere = {"products.parquet", "truth/products.parquet", "campaigns.parquet", "survey_items.csv"}
    assert everywhere <= same
    assert not same & {"order_lines.parquet", "web_orders_20170331.csv", "identities.zip", "truth/additions.json"}


def test_the_slip_says_simulated_and_names_every_file_with_its_fingerprint(delivered: Path) -> None:
    slip = json.loads((delivered / "DELIVERY.json").read_text())
    assert slip["provenance"] == "simulated"
    assert (slip["seed"], slip["customers"]) == (20170101, 200)
    assert set(slip["files"]) == set(_files(delivered)) - {"DELIVERY.json"}
    assert all(sha256(delivered / name) == fingerprint for name, fingerprint in slip["files"].items())
    assert (
        read_delivery(delivered).records["order_lines"] == pq.read_metadata(delivered / "order_lines.parquet").num_rows
    )


def test_a_delivery_is_never_overwritten_unasked(tmp_path: Path) -> None:
    folder = tmp_path / "planted-shop"
    simulate(folder, customers=10)
    before = _files(folder)
    with pytest.raises(DeliveryExists, match="--replace"):
        simulate(folder, customers=10, seed=1)
    assert _files(folder) == before
    simulate(folder, customers=10, seed=1, replace=True)
    assert _files(folder)["order_lines.parquet"] != before["order_lines.parquet"]
    assert [path.name for path in tmp_path.iterdir()] == ["planted-shop"]


def test_a_folder_of_other_files_is_not_replaced_even_when_asked(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a,b\n")
    with pytest.raises(DeliveryExists, match="another folder"):
        simulate(tmp_path, customers=10, replace=True)
    assert (tmp_path / "mine.csv").read_text() == "a,b\n"


@pytest.mark.parametrize("step", ["_write_purchases", "_write_voices", "_write_truth", "swap_in"])
@pytest.mark.parametrize("interruption", [OSError, KeyboardInterrupt])
def test_a_simulation_that_stops_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, interruption: type[BaseException]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise interruption("stopped")

    folder = tmp_path / "planted-shop"
    monkeypatch.setattr(simulated if step == "swap_in" else delivery, step, stop)
    with pytest.raises(interruption):
        simulate(folder, customers=10)
    assert list(tmp_path.iterdir()) == []


def test_a_replacement_that_stops_half_way_leaves_the_old_delivery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "planted-shop"
    simulate(folder, customers=10)
    before = _files(folder)

    def stop(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(delivery, "_write_truth", stop)
    with pytest.raises(OSError, match="disk full"):
        simulate(folder, customers=10, seed=1, replace=True)
    assert _files(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["planted-shop"]


def test_what_a_killed_simulation_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "planted-shop"
    simulate(folder, customers=10)
    before = _files(folder)
    (tmp_path / ".planted-shop.fresh").mkdir()  # killed while writing
    (tmp_path / ".planted-shop.fresh" / "order_lines.parquet").write_bytes(b"PAR1 half a file")
    folder.rename(tmp_path / ".planted-shop.old")  # killed while swapping
    with pytest.raises(DeliveryExists):
        simulate(folder, customers=10)
    assert _files(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["planted-shop"]


def test_the_command_refuses_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "planted-shop"
    assert main(["--folder", str(folder), "--customers", "10"]) == 0
    assert main(["--folder", str(folder), "--customers", "10"]) == 2
    assert main(["--folder", str(tmp_path / "none"), "--customers", "0"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("customers", [1, 2, 3])
def test_a_tiny_shop_is_delivered_too(tmp_path: Path, customers: int) -> None:
    made = simulate(tmp_path / "shop", customers=customers, seed=3)
    lines = pq.read_schema(made.folder / "coupon_redemptions.parquet")
    assert [str(kind) for kind in lines.types] == ["string", "string", "string", "date32[day]"]


@pytest.mark.parametrize("arguments", [{"customers": 0}, {"seed": -1}])
def test_an_impossible_shop_is_refused(arguments: dict[str, int]) -> None:
    with pytest.raises(Refusal):
        plan_shop(**arguments)


def test_drawing_leaves_the_plan_as_it_was_and_repeats_itself(truth: Truth, drawn: Drawn) -> None:
    again = draw_orders(plan_shop(customers=1500, seed=7))
    assert again.order_lines.equals(drawn.order_lines)
    pd.testing.assert_frame_equal(plan_shop(customers=1500, seed=7).customers, truth.customers)


def test_what_is_delivered_is_what_was_drawn(delivered: Path) -> None:
    drawn = blemish(draw_orders(plan_shop()))
    on_disk = pq.read_table(delivered / "order_lines.parquet").rename_columns(drawn.order_lines.column_names)
    assert on_disk.drop_columns("store_id").equals(drawn.order_lines.drop_columns("store_id"))


# The study file fits the delivery


def delivered_header(path: Path, source: Source) -> set[str]:
    """Which columns a delivered file has, found without the readers under test."""
    if path.suffix == ".parquet":
        return set(pq.read_schema(path).names)
    if path.suffix == ".xlsx":
        return {cell.value for cell in next(load_workbook(path)[source.format.sheet].iter_rows(max_row=1))}
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            firsts = {archive.read(name).decode().splitlines()[0] for name in archive.namelist()}
        assert len(firsts) == 1
        return set(firsts.pop().split(","))
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if ".jsonl" in path.name:
        return {key for line in content.splitlines() for key in json.loads(line)}
    if path.suffix == ".json":
        return {key for item in json.loads(content)["data"]["items"] for key in item}
    # Records of the web shop may be in another encoding; its header is not.
    first = content.splitlines()[0].decode(source.format.encoding)
    return {name.strip('"') for name in first.split(source.format.delimiter)}


def delivered_paths(folder: Path, source: Source) -> list[Path]:
    """The files that a source's location means."""
    return sorted(folder.glob(source.location.removeprefix("data/raw/planted-shop/")))


def test_the_study_file_maps_every_column_of_every_delivered_file(delivered: Path) -> None:
    study = load_study("planted-shop")
    assert study.simulated
    read = set()
    for source in study.sources:
        paths = delivered_paths(delivered, source)
        have = set().union(*(delivered_header(path, source) for path in paths))
        assert have == set(source.delivered_columns.values()), source.name
        assert "truth" not in source.location
        read |= set(paths)
    everything = {path for path in delivered.rglob("*") if path.is_file() and path.parent.name != "truth"}
    assert read == everything - {delivered / "DELIVERY.json", delivered / "labeled.csv"}  # (judged pairs of records)


def test_the_delivery_comes_in_every_form(delivered: Path) -> None:
    sources = load_study("planted-shop").sources
    assert {source.reader for source in sources} == {"parquet", "csv", "jsonl", "json", "excel"}
    assert {source.format.encoding for source in sources} == {"utf-8", "utf-8-sig", "cp1252", "gb18030"}
    assert {source.format.delimiter for source in sources} == {",", ";", "|", "\t"}
    assert {path.suffix for path in delivered.rglob("*") if path.is_file()} >= {".gz", ".zip", ".xlsx"}
    elsewhere = {
        "opportunities",
        "customer_traits",
        "order_channels",
    }  # of a business with businesses, of the companion
    assert {source.table for source in sources} == set(CANONICAL) - elsewhere


def test_the_study_file_names_the_shop_that_is_delivered_by_default(delivered: Path) -> None:
    study, plan = load_study("planted-shop"), plan_shop(customers=2)
    made = read_delivery(delivered)
    assert (study.simulator.customers, study.simulator.seed) == (made.customers, made.seed)
    assert (study.first_day, study.last_day, study.time_zone) == (plan.first_day, plan.last_day, plan.time_zone)


def test_ids_have_leading_zeros_that_only_a_reader_of_text_keeps(delivered: Path) -> None:
    cards = pd.read_csv(delivered / "customers.csv", dtype=str)["card_no"]
    till = pq.read_table(delivered / "order_lines.parquet", columns=["card_no"])["card_no"].to_pylist()
    assert cards.str.fullmatch("0[0-9]{6}").all()
    assert len(set(cards) & set(till)) > 80


def test_nothing_delivered_could_name_a_person(delivered: Path) -> None:
    customers = pd.read_csv(delivered / "customers.csv", dtype=str)
    for column in customers.columns.drop(["card_no", "member_since"]):
        assert customers[column].nunique() <= 6  # brackets and closed lists, no free text
    assert customers["card_no"].str.isdigit().all()
    clerks = pq.read_table(delivered / "contacts.parquet")["clerk"].drop_null().to_pylist()
    assert all(clerk[0] == "A" and clerk[1:].isdigit() for clerk in clerks)


# Who shops, when


def test_customers_order_at_their_planted_rate(truth: Truth, orders: pd.DataFrame) -> None:
    first, weeks = date(2017, 1, 2), 50  # whole weeks without Christmas
    inside = orders[(orders["day"] >= first) & (orders["day"] < first + timedelta(weeks=weeks))]
    steady = truth.customers["leaves_on"].isna() & ~truth.customers["starts_inside"]
    seen = inside.groupby("customer").size().reindex(truth.customers.index, fill_value=0)[steady]
    wanted = truth.customers.loc[steady, "orders_per_week"] * weeks
    assert abs(seen.sum() - wanted.sum()) < FAR * np.sqrt(wanted.sum())
    dispersion = ((seen - wanted) ** 2 / wanted).mean()  # 1 for a Poisson process at the planted rates
    assert abs(dispersion - 1) < 0.2
    assert truth.customers["orders_per_week"].std() > 0.5 * truth.customers["orders_per_week"].mean()


@pytest.mark.parametrize("shopper", TYPES, ids=lambda shopper: shopper.name)
def test_each_type_keeps_its_local_hours_and_weekdays(shopper, orders: pd.DataFrame) -> None:
    own = orders[orders["shopper_type"] == shopper.name]
    by_hour = own["local"].dt.hour.value_counts().reindex(range(24), fill_value=0).to_numpy()
    assert by_hour[:6].sum() == 0
    assert stats.chisquare(by_hour[6:], shopper.hours()[6:] * len(own)).pvalue > 1e-4
    weeks = own[(own["day"] >= date(2017, 1, 2)) & (own["day"] < date(2017, 12, 18))]
    by_weekday = weeks["local"].dt.day_of_week.value_counts().reindex(range(7), fill_value=0).to_numpy()
    # Who starts or leaves in the middle of a week hardly matters over fifty of them.
    assert stats.chisquare(by_weekday, shopper.days() / 7 * len(weeks)).pvalue > 1e-4


def test_evening_purchases_lie_on_the_next_utc_day(orders: pd.DataFrame) -> None:
    evening = orders[orders["shopper_type"] == "evening top-up"]
    assert (evening["local"].dt.date != evening["sold_at"].dt.date).mean() > 0.2
    read_naively = evening["sold_at"].dt.hour.mode()[0]
    assert evening["local"].dt.hour.mode()[0] == 19
    assert read_naively in (23, 0)


def test_who_left_never_comes_back_and_who_starts_does_so_by_buying(truth: Truth, orders: pd.DataFrame) -> None:
    span = orders.groupby("customer")["day"].agg(["min", "max"])
    people = truth.customers.join(span)
    gone = people[people["leaves_on"].notna() & people["max"].notna()]
    assert len(gone) > 100
    assert (gone["max"] < gone["leaves_on"]).all()
    new = people[people["starts_inside"]]
    assert (new["min"] == new["starts_on"])[new["starts_on"] != date(2017, 12, 25)].all()
    assert 0.15 < people["starts_inside"].mean() < 0.25
    assert (people.loc[~people["starts_inside"], "starts_on"] < truth.first_day).all()


def test_purchases_at_treacherous_moments_keep_their_local_time(truth: Truth, drawn: Drawn) -> None:
    assert len(drawn.traps) == 10
    local = drawn.traps["ordered_at"].dt.tz_localize("UTC").dt.tz_convert(ZoneInfo(truth.time_zone))
    assert local.dt.strftime("%Y-%m-%d %H:%M").tolist() == drawn.traps["local_time"].tolist()
    lines = drawn.order_lines.to_pandas().set_index("order_id")
    assert (lines.loc[drawn.traps["order_id"], "ordered_at"].to_numpy() == drawn.traps["ordered_at"].to_numpy()).all()
    assert (local.dt.date < truth.first_day).sum() == 1
    assert (local.dt.date > truth.last_day).sum() == 1


def test_the_delivery_goes_on_after_the_study_ends(truth: Truth, drawn: Drawn, orders: pd.DataFrame) -> None:
    late = (orders["day"] > truth.last_day).mean()
    assert 0.01 < late < 0.03
    assert orders["day"].max() <= truth.delivered_until
    assert (truth.campaigns["starts_on"] > truth.last_day).sum() == 1
    assert week_starts_on(int(truth.promotions["week"].max())) > truth.last_day
    assert (pd.Series(drawn.redemptions["redeemed_on"]) > truth.last_day).any()
    assert not (orders["day"] == date(2017, 12, 25)).any()


def test_the_shops_week_is_the_week_of_the_local_day(drawn: Drawn) -> None:
    local = pd.Series(drawn.lines.sold_at).dt.tz_localize("UTC").dt.tz_convert(drawn.truth.time_zone).dt.date
    days = local.drop_duplicates()
    weeks = drawn.order_lines["delivered_week"].to_numpy()[days.index]
    assert weeks.tolist() == [week_of(day) for day in days]


# What is bought


def _odds_ratio(truth: Truth, antecedent: str, consequent: str) -> tuple[float, float]:
    """Log odds ratio of a pair over baskets of one household and one number of picks, and its standard error."""
    baskets, goods = 60_000, int((truth.products["popularity"] > 0).sum())
    visits = Visits(
        customer=np.zeros(baskets, dtype="int64"),
        day=np.zeros(baskets, dtype="int64"),
        second=np.zeros(baskets, dtype="int64"),
        store=np.ones(baskets, dtype="int64"),
        picks=np.full(baskets, 6),
    )
    contents, _ = fill_baskets(np.random.default_rng(1), truth, visits, tastes(truth, 0, 1))
    kinds = truth.products["product_type"].to_numpy()[:goods][contents.product]
    holds = {
        kind: np.bincount(contents.visit[kinds == kind], minlength=baskets) > 0 for kind in (antecedent, consequent)
    }
    cells = pd.crosstab(holds[antecedent], holds[consequent]).to_numpy().astype(float)
    return float(np.log(cells[0, 0] * cells[1, 1] / (cells[0, 1] * cells[1, 0]))), float(np.sqrt((1 / cells).sum()))


@pytest.mark.parametrize(("antecedent", "consequent"), [("DRY PASTA", "PASTA SAUCE"), ("MILK", "BANANAS")])
def test_a_pair_has_exactly_its_planted_odds_ratio_within_household_and_size(
    truth: Truth, antecedent: str, consequent: str
) -> None:
    planted = truth.pairs.set_index("antecedent").loc[antecedent, "odds_ratio"]
    found, error = _odds_ratio(truth, antecedent, consequent)
    assert abs(found - np.log(planted)) < FAR * error
    if planted > 1:
        assert found > FAR * error


def test_without_planting_a_pair_meets_no_more_often_than_chance(truth: Truth) -> None:
    found, error = _odds_ratio(replace(truth, pairs=truth.pairs.head(0)), "DRY PASTA", "PASTA SAUCE")
    assert found < FAR * error


def test_the_true_lift_of_each_pair_is_in_the_records(drawn: Drawn) -> None:
    for pair in drawn.pairs.itertuples():
        assert abs(pair.together - pair.expected_planted) < FAR * np.sqrt(pair.expected_planted)
        assert (pair.lift > 1.5) == (pair.odds_ratio > 1)
        assert pair.odds_ratio > 1 or pair.lift == pytest.approx(1)


def test_a_control_pair_looks_associated_when_basket_size_is_ignored(drawn: Drawn) -> None:
    kinds = drawn.truth.products["product_type"].to_numpy()[drawn.lines.product]
    held = {kind: set(drawn.lines.order[kinds == kind]) for kind in ("MILK", "BANANAS")}
    total = len(np.unique(drawn.lines.order))
    both = len(held["MILK"] & held["BANANAS"])
    assert both * total / len(held["MILK"]) / len(held["BANANAS"]) > 1.2


def test_baskets_and_tastes_differ(truth: Truth, drawn: Drawn) -> None:
    size = np.bincount(drawn.lines.order)
    assert size.std() > 0.8 * size.mean()
    taste = tastes(truth, 0, 200)
    assert taste.sum(axis=1) == pytest.approx(1)
    assert np.median(taste.std(axis=0) / taste.mean(axis=0)) > 0.5


def test_promotions_raise_the_odds_of_a_product_as_planted(truth: Truth, drawn: Drawn) -> None:
    goods = int((truth.products["popularity"] > 0).sum())
    lines = drawn.lines.take(drawn.lines.product < goods)
    week, store = (lines.day + 6) // 7 + 1, lines.store
    weeks = int(week.max())
    units = np.zeros((weeks, truth.stores, goods))
    np.add.at(units, (week - 1, store - 1, lines.product), lines.quantity)
    response = np.ones_like(units)
    row = truth.promotions["product_id"].map({key: i for i, key in enumerate(truth.products["product_id"])})
    response[truth.promotions["week"] - 1, truth.promotions["store"] - 1, row] = truth.promotions["response"]
    plain = response == 1
    share = (units * plain).sum(axis=(0, 1)) / (units.sum(axis=2, keepdims=True) * plain).sum(axis=(0, 1))
    expected = units.sum(axis=2, keepdims=True) * share  # had the product not been promoted there and then
    for low, high in ((1.15, 1.5), (1.5, 2.2), (2.2, 4.0)):
        chosen = (response >= low) & (response < high)
        found = units[chosen].sum() / expected[chosen].sum()
        planted = (response * expected)[chosen].sum() / expected[chosen].sum()
        # A little less than planted: promoted products share their baskets with each other.
        assert 0.85 * planted < found < 1.05 * planted


def test_a_mailing_changes_nothing(truth: Truth, orders: pd.DataFrame) -> None:
    steady = truth.customers["leaves_on"].isna() & ~truth.customers["starts_inside"]
    rate = truth.customers["orders_per_week"].where(steady, 0).set_axis(truth.customers["customer_id"])
    campaign = truth.campaigns.iloc[2]
    mailed = rate[truth.recipients.loc[truth.recipients["campaign_id"] == campaign["campaign_id"], "customer_id"]]
    weeks = ((campaign["ends_on"] - campaign["starts_on"]).days + 1) / 7
    ids = truth.customers["customer_id"].to_numpy()[orders["customer"]]
    during = (orders["day"] >= campaign["starts_on"]) & (orders["day"] <= campaign["ends_on"])
    seen = (during & np.isin(ids, mailed.index[mailed > 0])).sum()
    assert abs(seen - mailed.sum() * weeks) < FAR * np.sqrt(mailed.sum() * weeks)
    assert mailed[mailed > 0].mean() > 1.3 * rate[rate > 0].mean()  # which is why a naive comparison is wrong


# Whom the shop knows


def test_baskets_differ_between_demographic_groups_as_planted_and_not_by_ownership(truth: Truth) -> None:
    people = truth.customers.assign(
        usual=truth.customers["shopper_type"].map({shopper.name: shopper.picks_per_order for shopper in TYPES})
    )
    size = np.log(people["picks_per_order"] / people["usual"])
    for column in ("income_group", "household_size"):
        found = size.groupby(people[column]).mean()
        planted = np.log(pd.Series(BASKET_FACTORS[column]))
        assert np.corrcoef(found[planted.index], planted)[0, 1] > 0.97
    owner = people["home_ownership"] == "Homeowner"
    for measure in (size, np.log(people["orders_per_week"])):
        assert abs(stats.ttest_ind(measure[owner], measure[~owner]).statistic) < FAR
    assert ZERO_DIFFERENCE == "home_ownership"
    assert set(BASKET_FACTORS[ZERO_DIFFERENCE].values()) == {1.0}


def test_the_described_half_shops_more(truth: Truth) -> None:
    described = truth.customers["described"]
    assert 0.4 < described.mean() < 0.6
    rate = truth.customers["orders_per_week"]
    assert rate[described].median() > 1.5 * rate[~described].median()


def test_households_agree_with_themselves(truth: Truth) -> None:
    people = truth.customers
    assert (people.loc[people["household_size"] == "1", "household_composition"] == "1 Adult No Kids").all()
    assert (people["household_composition"].str.endswith("No Kids") == (people["children"] == "0")).all()
    assert (people.loc[people["marital_status"] == "Married", "household_composition"].str.startswith("2")).all()


# How the records are spoiled


@pytest.fixture(scope="module")
def spoiled(delivered: Path) -> pd.DataFrame:
    return pq.read_table(delivered / "order_lines.parquet").to_pandas()


@pytest.fixture(scope="module")
def planted(delivered: Path) -> dict[str, int]:
    return json.loads((delivered / "truth" / "truth.json").read_text())["special_lines"]


def test_every_flaw_is_counted(delivered: Path, spoiled: pd.DataFrame, planted: dict[str, int]) -> None:
    products = pq.read_table(delivered / "products.parquet").to_pandas()
    key = ["receipt_no", "sku"]
    kind = spoiled["sku"].map(products.set_index("sku")["kind"])
    goods = ~kind.isin(["GASOLINE-REG UNLEADED", "ELECTRONIC GIFT CARDS", "COUPONS/STORE & MFG"])
    once = spoiled.drop_duplicates()
    nothing = (once["units"] == 0) & (once["net_amount"] == 0)
    assert planted == {
        "exact duplicate": spoiled.duplicated().sum(),
        "one product on two lines": once.duplicated(key).sum(),
        "unknown product": (~once["sku"].isin(products["sku"])).sum(),
        "coupon line": nothing.sum(),
        "free item": ((once["units"] > 0) & (once["net_amount"] == 0)).sum(),
        "fuel": (kind[once.index] == "GASOLINE-REG UNLEADED").sum(),
        "gift card": (kind[once.index] == "ELECTRONIC GIFT CARDS").sum(),
    }
    assert min(planted.values()) >= 3
    assert (kind[nothing.index][nothing] == "COUPONS/STORE & MFG").all()
    assert (spoiled.loc[goods, "units"] < 100).all()
    fuel = kind == "GASOLINE-REG UNLEADED"
    assert spoiled.loc[fuel, "units"].sum() > 0.95 * spoiled["units"].sum()  # fuel drowns all other units


def test_the_list_of_special_lines_names_lines_that_are_there(delivered: Path, spoiled: pd.DataFrame) -> None:
    special = pq.read_table(delivered / "truth" / "special_lines.parquet").to_pandas()
    have = set(zip(spoiled["receipt_no"], spoiled["sku"], spoiled["sold_at_utc"], strict=True))
    assert set(zip(special["order_id"], special["product_id"], special["ordered_at"], strict=True)) <= have
    twice = special[special["kind"] == "exact duplicate"]
    copies = spoiled[spoiled.duplicated(keep=False)]
    assert set(zip(twice["order_id"], twice["product_id"], strict=True)) == set(
        zip(copies["receipt_no"], copies["sku"], strict=True)
    )


def test_flaws_leave_the_money_of_every_order_as_it_was(delivered: Path, spoiled: pd.DataFrame) -> None:
    flawless = draw_orders(plan_shop()).order_lines.to_pandas()
    before = flawless.groupby("order_id")["revenue"].sum()
    after = spoiled.drop_duplicates().groupby("receipt_no")["net_amount"].sum()
    assert (before == after).all()


def test_money_adds_up_to_the_shelf_price(spoiled: pd.DataFrame, delivered: Path) -> None:
    prices = pq.read_table(delivered / "truth" / "products.parquet").to_pandas().set_index("product_id")["price_cents"]
    goods = spoiled[spoiled["sku"].map(prices).fillna(0) > 0]
    shelf = goods["net_amount"] + goods["card_discount"] + goods["coupon_match"]
    assert ((shelf * 100).astype(int) == goods["sku"].map(prices).astype(int) * goods["units"]).all()
    assert (spoiled[["net_amount", "card_discount", "maker_coupon", "coupon_match"]] >= 0).all(axis=None)


def test_a_redeemed_coupon_is_on_a_line_of_that_day_by_a_recipient(delivered: Path, spoiled: pd.DataFrame) -> None:
    tables = {
        name: pq.read_table(delivered / f"{name}.parquet").to_pandas()
        for name in ("coupon_redemptions", "campaign_recipients", "coupons")
    }
    redeemed, recipients = tables["coupon_redemptions"], tables["campaign_recipients"]
    assert redeemed.duplicated().sum() == tables["coupons"].duplicated().sum() == 2
    assert redeemed["card_no"].eq(STRANGER).sum() == 1
    known = redeemed[redeemed["card_no"] != STRANGER].drop_duplicates()
    assert len(known) > 50
    assert known.merge(recipients, on=["mailing", "card_no"], how="left", indicator=True)["_merge"].eq("both").all()
    assert (spoiled["maker_coupon"] > 0).sum() == len(known)
    local = spoiled["sold_at_utc"].dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.date
    paid = set(zip(spoiled["card_no"], local, strict=True))
    assert set(zip(known["card_no"], known["used_on"], strict=True)) <= paid


# What customers say of the shop (how it is planted is tested with the companion)


def test_a_shop_of_two_hundred_has_enough_answers_in_each_wave_for_a_score(delivered: Path) -> None:
    invited = pq.read_table(delivered / "survey_invitations.parquet").to_pandas().drop_duplicates(["round", "card_no"])
    given = pq.read_table(delivered / "survey_responses.parquet").to_pandas()
    score = given[given["question"] == "recommendation"].query("0 <= reply <= 10").groupby("round")["reply"]
    assert score.size().between(50, 110).all()
    assert (score.size() / invited.groupby("round").size()).between(0.3, 0.5).all()
    assert (100 * (score.apply(lambda x: (x >= 9).mean() - (x <= 6).mean()))).between(5, 45).all()
    assert pq.read_metadata(delivered / "contacts.parquet").num_rows > 200
    assert pq.read_metadata(delivered / "feedback.parquet").num_rows > 200


def test_what_is_true_of_what_customers_say_lies_beside_the_delivery(delivered: Path) -> None:
    truth = json.loads((delivered / "truth" / "answers.json").read_text())
    assert truth["rho"]["planted"] == 0.15
    assert set(truth["estimands"]) == {"all_waves", "2017-1", "2017-2", "2017-3", "2017-4"}
    people = pd.read_parquet(delivered / "truth" / "contentment.parquet")
    assert set(people["customer_id"]) <= set(plan_shop().customers["customer_id"])


def test_the_manifest_says_of_every_truth_what_should_be_found(delivered: Path) -> None:
    files = {path.name for path in (delivered / "truth").iterdir()} - {"README.md"}
    assert files == set(MANIFEST)
    page = (delivered / "truth" / "README.md").read_text()
    assert all(f"`{name}`" in page for name in files)

"""The chapter on the planted shop: it runs, finds what was planted, and says so when there is nothing to find."""

from __future__ import annotations

import shutil
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.behavior.tables import ORDERS
from customer_patterns.cleaning.clean_tables import CLEAN_ORDER_LINES
from customer_patterns.segments import TABLES, adjusted_rand
from customer_patterns.stage import schemas_of
from tests.notebooks_in_process import PLANTED, fingerprints, run_notebook, run_pipeline

DAY = "2017-12-31"


def tables_of(run: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_parquet(path) for path in sorted((run / "segments").glob("*.parquet"))}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, planted_delivery: Path) -> Path:
    root = tmp_path_factory.mktemp("segments")
    shutil.copytree(planted_delivery, root / "data" / "raw" / PLANTED)
    run_pipeline(root, as_of=DAY, stages=["collect", "clean", "behavior", "segments"])
    return root


@pytest.fixture(scope="module")
def run(root: Path) -> Path:
    return root / "data" / "runs" / PLANTED / DAY


def test_the_stage_writes_every_table_it_promises(run: Path) -> None:
    assert set(tables_of(run)) == set(TABLES)


def test_everyone_who_ordered_goods_has_scores_a_tier_and_a_value_level(run: Path) -> None:
    people = tables_of(run)["customer_segments"]
    orders = pd.read_parquet(run / "behavior" / "orders.parquet")
    assert set(people["customer_id"]) == set(orders.loc[orders["kind"] == "goods", "customer_id"])
    assert people.drop(columns="segment").notna().all(axis=None)
    revenue = orders[orders["customer_id"].isin(people["customer_id"])]["revenue"].sum()
    assert people["revenue"].sum() == revenue


def test_segments_follow_the_types_of_shopper_that_were_planted(run: Path, root: Path) -> None:
    truth = pd.read_parquet(root / "data" / "raw" / PLANTED / "truth" / "customers.parquet")
    people = tables_of(run)["customer_segments"].merge(truth[["customer_id", "shopper_type"]], on="customer_id")
    people = people[people["segment"].notna()]
    cells = pd.crosstab(people["segment"], people["shopper_type"]).to_numpy()
    assert adjusted_rand(cells) > 0.45
    shuffled = np.random.default_rng(1).permutation(people["shopper_type"])
    assert adjusted_rand(pd.crosstab(people["segment"], shuffled).to_numpy()) < 0.1
    weekend = people.loc[people["shopper_type"] == "weekend stock-up", "segment"].mode()[0]
    assert "arge baskets" in weekend
    assert "eekend shopping" in weekend


def test_habits_drawn_by_chance_are_not_used(run: Path) -> None:
    reliability = tables_of(run)["habit_reliability"].set_index("habit")
    assert not reliability.loc[["own brand", "discounts"], "used"].any()
    assert reliability.loc[["orders a month", "value of a basket", "orders in the evening"], "used"].all()


def test_a_second_run_writes_the_same_bytes(run: Path, root: Path) -> None:
    before = {name: sha for name, sha in fingerprints(run).items() if name.startswith("segments/")}
    run_notebook("segments", root, study=PLANTED, as_of=DAY)
    assert before == {name: sha for name, sha in fingerprints(run).items() if name.startswith("segments/")}


def test_the_chapter_speaks_chinese(root: Path) -> None:
    run_notebook("segments", root, study=PLANTED, as_of=DAY, language="zh")


def changed(root: Path, run: Path, **tables) -> Path:
    """Another output root in which some upstream tables are others; the rest as in the run."""
    there = root / "data" / "runs" / PLANTED / DAY
    backend = warehouse.connect()
    for stage in ("clean", "behavior"):
        opened = warehouse.open_tables(backend, run / stage)
        made = {name: tables[name](table) if name in tables else table for name, table in opened.items()}
        warehouse.write_stage(
            there / stage, made, schemas=schemas_of(stage), backend=backend, manifest={"stage": stage}
        )
    run_notebook("segments", root, study=PLANTED, as_of=DAY)
    return there


def test_without_products_customers_are_segmented_by_what_is_known(run: Path, tmp_path: Path) -> None:
    tables = tables_of(changed(tmp_path, run, products=lambda table: table.limit(0)))
    habits = tables["segment_profiles"]["habit"].unique()
    assert "value of a basket" in habits
    assert not {"own brand", "focus on few categories"} & set(habits)


def test_one_customer_has_scores_in_the_middle_and_no_figure_is_shown(run: Path, tmp_path: Path) -> None:
    def only(table):
        return table.filter(table.customer_id == "0000001")

    tables = tables_of(changed(tmp_path, run, orders=only, order_lines=only))
    (row,) = tables["customer_segments"].to_dict("records")
    assert (row["recency_score"], row["frequency_score"], row["monetary_score"]) == (3, 3, 3)
    assert tables["tiers"]["n"].dropna().sum() == 0
    assert tables["tiers"]["share_of_revenue"].isna().sum() >= 1


def test_nobody_who_ordered_is_a_sentence(run: Path, tmp_path: Path) -> None:
    tables = tables_of(changed(tmp_path, run, orders=lambda t: t.limit(0), order_lines=lambda t: t.limit(0)))
    assert len(tables["customer_segments"]) == 0
    assert tables["segment_verdict"]["verdict"].tolist() == ["not enough data"]


def test_where_all_shop_alike_no_segments_are_made(run: Path, tmp_path: Path) -> None:
    def alike(table):
        return table.mutate(goods_revenue=20, revenue=20, weekday=2, hour=10, ordered_on=ibis.date("2017-05-02"))

    def lines(table):
        return table.mutate(revenue=20, retail_discount=0, coupon_discount=0, coupon_match_discount=0)

    orders = {"orders": lambda table: ORDERS.cast(alike(table))}
    tables = tables_of(changed(tmp_path, run, order_lines=lambda t: CLEAN_ORDER_LINES.cast(lines(t)), **orders))
    assert set(tables["customer_segments"]["recency_score"]) == {3}
    assert tables["segment_verdict"]["verdict"].isin(["none", "not enough data", "constructive segmentation"]).all()


def test_three_days_are_too_few_for_segments_but_not_for_tiers(root: Path) -> None:
    early = run_pipeline(root, as_of="2017-01-03", stages=["collect", "clean", "behavior", "segments"])
    tables = tables_of(early)
    assert tables["segment_verdict"]["verdict"].tolist() == ["not enough data"]
    assert tables["customer_segments"]["segment"].isna().all()
    assert len(tables["segments"]) == len(tables["agreement"]) == 0
    assert len(tables["customer_segments"]) > 10


def test_planted_leavers_are_lost_from_sight_and_others_seldom(run: Path, root: Path) -> None:
    truth = pd.read_parquet(root / "data" / "raw" / PLANTED / "truth" / "customers.parquet")
    people = tables_of(run)["customer_lifecycle"].merge(truth, on="customer_id")
    frequent = people[people["orders_per_week"] >= 0.5]
    left = pd.to_datetime(frequent["leaves_on"]) <= pd.Timestamp(DAY) - pd.Timedelta(days=84)
    lost = frequent["stage"] == "lost from sight"
    assert lost[left].mean() >= 0.75
    assert lost[~left].mean() <= 0.1
    inside = pd.to_datetime(people["starts_on"]) >= pd.Timestamp("2017-01-01")
    assert not (people["stage"].eq("new") & ~inside & (people["orders_per_week"] >= 1)).any()


def test_tags_of_every_kind_of_data_are_known_where_it_was_delivered(run: Path) -> None:
    tables = tables_of(run)
    counted = pd.concat([tables["tags"], tables["other_tags"]]).set_index("tag")
    known = counted.index[counted["n"] > 0]
    assert {"coupon_user", "app_user", "mail_reader", "service_caller", "survey_answerer", "points_spender"} <= set(
        known
    )
    assert counted.loc[known, "simulated"].all()  # the planted shop is simulated throughout
    events = pd.read_parquet(run / "clean" / "events.parquet")
    real = events[~events["suspected_bot"].astype(bool)]
    searched = real[(real["event_type"] == "search") & (real["occurred_at"] > "2017-07-03")]
    who = searched["customer_id"].fillna(searched["linked_customer_id"]).value_counts()
    held = tables["customer_other_tags"]
    assert set(held.loc[held["tag"] == "searcher", "customer_id"]) >= set(who[who >= 6].index)


def test_without_a_delivery_of_channels_those_of_the_order_lines_tell_who_orders_online(run: Path) -> None:
    """By hand: of who has five orders or more, those of whom a fifth are known to have come online.

    Orders at the till name no channel; were they left out, everybody with a web order would order online.
    """
    tables = tables_of(run)
    assert pd.read_parquet(run / "clean" / "order_channels.parquet").empty  # (what the twin would have to go by)
    lines = pd.read_parquet(run / "clean" / "order_lines.parquet")
    orders = lines[lines["customer_id"].notna()].drop_duplicates("order_id")
    shares = orders["channel"].isin(["online", "web", "app"]).groupby(orders["customer_id"]).agg(["size", "mean"])
    shares = shares[shares["size"] >= 5]
    counted = tables["other_tags"].set_index("tag").loc["orders_online"]
    assert counted["n"] == len(shares) > 50
    held = tables["customer_other_tags"]
    online = shares.index[shares["mean"] >= 0.2 - 1e-9]
    assert set(held.loc[held["tag"] == "orders_online", "customer_id"]) == set(online)
    assert 0 < len(online) < len(shares)


def test_nobody_of_a_small_group_can_be_worked_out_from_portraits(run: Path) -> None:
    tables = tables_of(run)
    for table in (tables["portraits"], tables["portraits_beside"]):
        assert (table["n"].dropna() >= 10).all()
        told = table[(table["unit"] == "share") & table["figure"].notna() & table["topic"].eq("lifecycle")]
        counted = (told["n"] * told["figure"]).astype(float).round()
        assert ((counted == 0) | (counted >= 10)).all()

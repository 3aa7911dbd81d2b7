"""Portraits: each line with its n, small cells blank, and what stands on a card."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import ibis
import numpy as np
import pandas as pd
import pytest

from customer_patterns.segments import TABLES, Sitters, card_lines, draw_beside, draw_portraits, group_values

PERIOD = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}


def a_crowd(segment: list[str]) -> tuple[Sitters, pd.DataFrame, pd.DataFrame]:
    ids = [f"{n:03d}" for n in range(101)]
    people = pd.DataFrame(
        {
            "customer_id": ids,
            "segment": segment,
            "orders": [10] * 40 + [20] * 40 + [5] * 21,
            "revenue": [Decimal(100 + n % 7) for n in range(101)],
            "recency_days": 3,
        }
    )
    lives = pd.DataFrame({"customer_id": ids, "stage": ["growing"] * 30 + ["mature"] * 50 + ["declining"] * 21})
    values = group_values(people, by="segment", levels=sorted(set(segment)), **PERIOD)
    return Sitters("segment", values, people.set_index("customer_id")["segment"]), people, lives


@pytest.fixture
def crowd() -> tuple[Sitters, pd.DataFrame, pd.DataFrame]:
    """Two segments of forty, one of nine, who are too few to be shown, and one of twelve, which would give it away."""
    return a_crowd(["a"] * 40 + ["b"] * 40 + ["few"] * 9 + ["next"] * 12)


@pytest.fixture
def halves() -> tuple[Sitters, pd.DataFrame, pd.DataFrame]:
    """Two segments, both large enough that nothing has to be blank."""
    return a_crowd(["a"] * 40 + ["b"] * 61)


def contrasts() -> pd.DataFrame:
    rows = [("a", f"t{n}", "more often", 3.0 - n / 10) for n in range(5)]
    rows += [("a", "weak", "more often", 1.1), ("b", "none", "as elsewhere", 4.0)]
    table = pd.DataFrame(rows, columns=["group", "tag", "verdict", "ratio"])
    shares = {"share": 0.5, "share_low": 0.4, "share_high": 0.6, "elsewhere": 0.2, "n": 40}
    return table.assign(grouping="segment", suppressed="no", **shares)


def test_a_portrait_holds_what_the_tables_of_its_group_hold(halves) -> None:
    one, people, lives = halves
    table = draw_portraits([one], people, lives, contrasts())
    assert list(table.columns) == TABLES["portraits"].names
    lines = table[table["group"] == "a"].set_index("measure")
    assert lines.loc["value of an order", "figure"] == pytest.approx(sum(100 + n % 7 for n in range(40)) / 400)
    assert lines.loc["value of an order", "elsewhere"] == pytest.approx(sum(100 + n % 7 for n in range(40, 101)) / 905)
    assert lines.loc["growing", "figure"] == 0.75
    assert lines.loc["revenue a month", "figure"] == one.table.loc[0, "monthly_revenue"]


def test_the_tags_of_a_portrait_are_the_few_that_stand_out_most(crowd) -> None:
    table = draw_portraits([crowd[0]], *crowd[1:], contrasts())
    tags = table[table["topic"] == "tags"]
    assert tags["measure"].tolist() == ["t0", "t1", "t2"]
    assert set(tags["group"]) == {"a"}


def test_a_group_of_very_few_is_blank_in_every_line(crowd) -> None:
    table = draw_portraits([crowd[0]], *crowd[1:], contrasts())
    few = table[table["group"] == "few"]
    assert len(few)
    assert few[["n", "figure", "elsewhere"]].isna().all(axis=None)
    drawn = card_lines(table, grouping="segment")
    assert drawn.loc[drawn["group"] == "few", "topic"].tolist() == ["size"]


def test_a_card_tells_of_stages_only_where_the_group_differs(halves) -> None:
    one, people, lives = halves
    alike = lives.assign(stage=np.where(np.arange(101) % 2, "mature", "growing"))
    told = card_lines(draw_portraits([one], people, alike, contrasts()), grouping="segment")
    assert not told["topic"].eq("lifecycle").any()
    apart = card_lines(draw_portraits([one], people, lives, contrasts()), grouping="segment")
    assert apart.loc[(apart["group"] == "a") & (apart["topic"] == "lifecycle"), "measure"].tolist() == [
        "growing",
        "declining",
    ]


def test_channels_are_shares_of_the_orders_whose_channel_is_known(crowd) -> None:
    one, people, _ = crowd
    ids = [customer for customer in people["customer_id"] for _ in range(4)]
    orders = pd.DataFrame({"order_id": [str(n) for n in range(len(ids))], "customer_id": ids, "kind": "goods"})
    known = pd.DataFrame({"order_id": orders["order_id"], "channel": ["web", "store", "store", "unknown"] * 101})
    table = draw_beside([one], ibis.memtable(orders), ibis.memtable(known), contrasts())
    assert list(table.columns) == TABLES["portraits_beside"].names
    web = table[(table["group"] == "a") & (table["measure"] == "web")].iloc[0]
    assert (round(web["figure"], 6), web["n"]) == (round(1 / 3, 6), 40)
    one_channel = ibis.memtable(known.assign(channel="store"))
    assert not draw_beside([one], ibis.memtable(orders), one_channel, contrasts())["topic"].eq("channels").any()

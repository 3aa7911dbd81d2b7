"""Channels of purchases, and what is known of customers."""

from datetime import date

import ibis
import pytest

from customer_patterns.behavior.channels import channel_of_orders, channel_profile
from customer_patterns.behavior.profile import describe_customers

YEAR = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}
NOON = "2017-05-03 16:00"


@pytest.fixture
def shop(orders, table):
    """Thirty customers in the store, twelve of them on the web too, for half the amount."""
    rows = [(f"c{i:02d}", NOON, 20, "goods", "milk", f"s{i}") for i in range(30)]
    rows += [(f"c{i:02d}", NOON, 10, "goods", "milk", f"w{i}") for i in range(12)]
    said = [{"order_id": f"s{i}", "channel": "store"} for i in range(30)]
    said += [{"order_id": f"w{i}", "channel": "unknown"} for i in range(12)]
    lines = [{"order_id": f"w{i}", "channel": channel} for i in range(12) for channel in ("web", "web")]
    lines += [{"order_id": f"s{i}", "channel": "unknown"} for i in range(30)]
    return orders(rows), table(lines), table(said)


def test_the_channel_is_as_delivered_beside_the_orders_or_else_as_the_lines_say(shop):
    _, lines, said = shop
    found = channel_of_orders(lines, said).order_by("order_id").to_pandas()
    assert found["channel"].value_counts().to_dict() == {"store": 30, "web": 12}
    assert (
        channel_of_orders(lines, said.filter(said.order_id == "none"))["order_id"].nunique().to_pyarrow().as_py() == 12
    )


def test_what_channels_bring(shop):
    orders, lines, said = shop
    table = channel_profile(orders, channel_of_orders(lines, said), **YEAR).set_index("channel")
    assert table["orders"].to_dict() == {"store": 30, "web": 12}
    assert table["share_of_revenue"].to_dict() == pytest.approx({"store": 600 / 720, "web": 120 / 720})
    assert table["order_value"].to_dict() == {"store": 20, "web": 10}
    assert table["share_of_customers"].to_dict() == {"store": 1, "web": 0.4}


def test_where_all_came_through_one_channel_its_share_is_whole_and_has_a_bound(shop):
    orders, lines, said = shop
    found = channel_profile(orders, channel_of_orders(lines, said).mutate(channel=ibis.literal("web")), **YEAR)
    assert found[["channel", "share_of_revenue", "share_of_revenue_high"]].to_numpy().tolist() == [["web", 1, 1]]
    assert 0.8 < found["share_of_revenue_low"].iloc[0] < 1


def test_without_channels_nothing_is_said(shop):
    orders, lines, said = shop
    nothing = channel_of_orders(lines.filter(lines.channel == "none"), said.filter(said.channel == "none"))
    assert channel_profile(orders, nothing, **YEAR).empty


def test_a_profile_counts_what_is_known_and_breaks_ties_by_name(table):
    ages = ["25-34"] * 12 + ["19-24"] * 12 + ["unknown"] * 16
    customers = table(
        [{"customer_id": f"c{i:02d}", "age_group": age, "gender": "unknown"} for i, age in enumerate(ages)]
    )
    rhythm = table(
        [
            {"customer_id": f"c{i:02d}", "orders": i + 1, "active_weeks": 3, "silent_days": 0, "revenue": 10.0 * i}
            | {"median_gap_days": 7 if i < 9 else None}
            for i in range(40)
        ]
    )
    profile = describe_customers(customers, rhythm, attributes=["age_group", "gender"]).set_index("what")
    assert profile.at["age group", "most_common"] == "19-24"
    assert profile.loc["age group", ["n", "levels"]].tolist() == [24, 2]
    assert profile.at["age group", "missing"] == 0.4
    assert profile.at["gender", "missing"] == 1
    assert profile.at["orders", "median"] == 20.5
    assert profile.at["orders", "lower_quarter"] == 10.5
    assert profile.at["median gap days", "n"] == 9  # too few for a median
    assert profile.loc["median gap days", ["median", "median_low"]].isna().all()


def test_a_level_of_few_is_not_named(table):
    customers = table([{"customer_id": f"c{i}", "gender": "female" if i < 9 else "unknown"} for i in range(20)])
    rhythm = table(
        [{"customer_id": "c1", "orders": 1, "active_weeks": 1, "silent_days": 1, "revenue": 1.0, "median_gap_days": 1}]
    )
    profile = describe_customers(customers, rhythm, attributes=["gender"])
    assert profile["most_common"].isna().all()

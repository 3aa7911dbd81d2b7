"""Who orders mostly through one channel, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from customer_patterns.patterns.preferences import (
    channel_preferences,
    count_channel_customers,
    dominant_channels,
    tables,
)

LINES = ("order_id", "customer_id", "ordered_on", "line_kind")
LAST = date(2017, 12, 31)


@pytest.fixture
def shop(table):
    """Twelve who keep to the store (ten orders), twelve online, ``half`` half and half, ``once`` with one order."""
    rows, channels = [], []

    def order(customer: str, channel: str | None, day: str = "2017-03-01", kind: str = "goods") -> None:
        rows.extend([(f"o{len(rows)}", customer, day, kind)])
        if channel:
            channels.append((rows[-1][0], channel))

    for n in range(12):
        for _ in range(10):
            order(f"s{n:02d}", "store")
            order(f"w{n:02d}", "online")
    for at in range(10):
        order("half", "store" if at % 2 else "online")
    order("once", "store")
    order("unknown", None)
    order("late", "store", "2018-01-01")
    order("gift", "store", kind="gift_card")
    return table("lines", LINES, rows), table("channels", ("order_id", "channel"), channels)


def test_a_dominant_channel_needs_orders_of_its_own(shop, keeps) -> None:
    preferences = channel_preferences(*shop, last_day=LAST)
    keeps(preferences, tables.CHANNEL_PREFERENCES)
    dominant = dominant_channels(preferences)
    keeps(dominant, tables.DOMINANT_CHANNELS)
    rows = dominant.set_index("customer_id")
    assert rows.at["s00", "dominant_channel"] == "store"
    assert rows.at["w00", "dominant_channel"] == "online"
    assert rows.at["half", "verdict"] == tables.MIXED
    assert rows.at["once", "verdict"] == tables.TOO_FEW
    assert not {"unknown", "late", "gift"} & set(rows.index)


def test_shares_sum_to_one_and_thin_ones_go_toward_all(shop) -> None:
    preferences = channel_preferences(*shop, last_day=LAST)
    assert preferences.groupby("customer_id")["share"].sum().to_numpy() == pytest.approx(1)
    once = preferences.set_index(["customer_id", "channel"]).loc[("once", "store")]
    assert once["raw_share"] == 1 > once["share"] > 0.5
    assert once["n"] == 1


def test_lines_of_one_order_count_once(table) -> None:
    rows = [(f"o{n}", "abc"[n % 3], "2017-01-01", "goods") for n in range(6)]
    channels = table("c", ("order_id", "channel"), [(f"o{n}", "online" if n < 2 else "store") for n in range(6)])
    once = channel_preferences(table("once", LINES, rows), channels, last_day=LAST)
    twice = channel_preferences(table("twice", LINES, rows * 2), channels, last_day=LAST)
    assert once.equals(twice)


def test_six_orders_are_the_least_that_show_a_channel(table) -> None:
    # 0.5 ** 5 = 0.031 is above 0.025, 0.5 ** 6 = 0.016 is not; the broken twin (the interval alone) names a single one.
    rows = [(f"five{n}", "five", "2017-01-01", "goods") for n in range(5)]
    rows += [(f"six{n}", "six", "2017-01-01", "goods") for n in range(6)]
    rows += [(f"x{n}", f"c{n % 20}", "2017-01-01", "goods") for n in range(400)]
    channels = [(row[0], "online" if row[0] in ("x0", "x1") else "store") for row in rows]
    preferences = channel_preferences(
        table("l", LINES, rows), table("c", ("order_id", "channel"), channels), last_day=LAST
    )
    found = dominant_channels(preferences).set_index("customer_id")
    assert found.at["six", "dominant_channel"] == "store"
    assert found.at["five", "verdict"] == tables.TOO_FEW
    twin = preferences[(preferences["customer_id"] == "five") & (preferences["share_low"] > 0.5)]
    assert len(twin) == 1


def test_customers_are_counted_by_channel(shop, keeps) -> None:
    counted = count_channel_customers(dominant_channels(channel_preferences(*shop, last_day=LAST)))
    keeps(counted, tables.CHANNEL_CUSTOMERS)
    rows = counted.set_index("channel")
    assert rows.at["store", "n"] == 12
    assert rows.at["store", "share_of_customers"] == pytest.approx(12 / 26)
    # A single customer each is not shown, whichever way it is looked at.
    others = counted.set_index("verdict").loc[[tables.MIXED, tables.TOO_FEW]]
    assert (others["suppressed"] != "no").all()
    assert others["channel"].isna().all()


def test_one_channel_is_no_preference(table) -> None:
    lines = table("l", LINES, [("o1", "a", "2017-01-01", "goods")])
    channels = table("c", ("order_id", "channel"), [("o1", "store")])
    empty = channel_preferences(lines, channels, last_day=LAST)
    assert empty.empty
    assert dominant_channels(empty).empty
    assert count_channel_customers(dominant_channels(empty)).empty

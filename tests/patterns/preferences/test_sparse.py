"""Shops with next to nothing in them: every table is there, empty where nothing can be said, and nothing fails."""

from __future__ import annotations

from datetime import date

import ibis
import pandas as pd
import pytest

from customer_patterns import wording
from customer_patterns.patterns import preferences
from customer_patterns.patterns.preferences import tables

LINES = {
    "order_id": "string",
    "customer_id": "string",
    "product_id": "string",
    "ordered_at": "timestamp(6)",
    "ordered_on": "date",
    "quantity": "int64",
    "revenue": "decimal(18, 2)",
    "line_kind": "string",
}
PRODUCTS = ("product_id", "category", "brand", "product_type", "package_size", "manufacturer_id")
FIRST, LAST = date(2017, 1, 1), date(2017, 12, 31)

ONE = [("o1", "a", "p", "2017-05-01 12:00:00", "2017-05-01", 1, 2.0, "goods")]
TWO = [*ONE, ("o2", "b", "q", "2017-08-01 12:00:00", "2017-08-01", 1, 4.0, "goods")]
NO_GOODS = [("o1", "a", "p", "2017-05-01 12:00:00", "2017-05-01", 1, 2.0, "gift_card")]
BOTH = [("p", "X", "National", "x", "12 OZ", "1"), ("q", "Y", "Private", "y", "6 CT", "2")]
UNKNOWN = [("p", *["unknown"] * 5), ("q", *["unknown"] * 5)]


def everything(table, rows, about) -> dict[str, pd.DataFrame]:
    """Make every table of the room."""
    lines = table("order_lines", tuple(LINES), rows)
    lines = lines.mutate(**{name: lines[name].cast(kind) for name, kind in LINES.items()})
    products = table("products", PRODUCTS, about)
    products = products.mutate(**{name: products[name].cast("string") for name in PRODUCTS})
    goods = lines.filter(lines.line_kind == "goods")
    baskets = goods.mutate(basket=goods.order_id.hash().abs()).select(
        "basket", "product_id", "customer_id", "ordered_on"
    )
    channels = lines.select("order_id").distinct().mutate(channel=ibis.literal("store"))
    found = {"channel_preferences": preferences.channel_preferences(lines, channels, last_day=LAST)}
    found["dominant_channels"] = preferences.dominant_channels(found["channel_preferences"])
    found["channel_customers"] = preferences.count_channel_customers(found["dominant_channels"])
    sized = preferences.add_size_class(products, baskets)
    known = preferences.attributes_known(sized)
    choices = preferences.read_each(baskets, sized, attributes=known, last_day=LAST)
    found["preferences"] = preferences.each_preference(choices)
    found["preference_strength"] = preferences.each_strength(choices)
    found["preference_forecasts"] = preferences.each_forecast(choices, last_early=date(2017, 6, 30))
    changes = preferences.each_change(choices, attributes=known, first_day_after=date(2017, 7, 1))
    found["preference_changes"], found["change_counts"] = changes
    found["change_steps"] = preferences.change_steps(found["change_counts"])
    orders = preferences.read_orders(lines, products, last_day=LAST, time_zone="America/New_York")
    weeks = preferences.count_weeks(orders, first_day=FIRST, last_day=LAST)
    found["loyalty_trends"] = preferences.loyalty_trends(weeks)
    found["trend_counts"] = preferences.count_trends(found["loyalty_trends"])
    groups = pd.DataFrame({"customer_id": ["a", "b"], "segment": ["g", "h"]})
    assert preferences.group_trends(weeks, groups)["change"].isna().all()
    switches = preferences.category_switches(baskets, products, window_days=91, last_day=LAST)
    found["switching"] = preferences.switching(switches)
    found["switching_rates"] = preferences.switching_rates(found["switching"])
    found["switching_summary"] = preferences.summarize_switching(found["switching"])
    found["unusual_orders"] = preferences.unusual_orders(orders)
    found["unusual_counts"] = preferences.count_unusual(found["unusual_orders"], orders)
    return found


@pytest.mark.parametrize(
    ("rows", "about"),
    [([], []), (ONE, BOTH), (TWO, BOTH), (TWO, UNKNOWN), (TWO, []), (NO_GOODS, BOTH)],
    ids=["nothing", "one order", "one order each", "nothing known", "no products", "no goods"],
)
def test_every_table_is_there(table, keeps, rows, about) -> None:
    found = everything(table, rows, about)
    assert set(found) == set(preferences.TABLES)
    for name, frame in found.items():
        keeps(frame, preferences.TABLES[name])
    # Of so few customers nothing is claimed.
    assert not (found["preference_changes"]["verdict"] == tables.CHANGED).any()
    assert found["unusual_orders"].empty
    assert found["switching"].empty


def test_what_cannot_be_said_is_no_figure(table) -> None:
    class Figures(wording.Figures):
        readers = preferences.READERS

    figures = Figures(FIRST, LAST)
    figures.read(**{name: frame for name, frame in everything(table, TWO, BOTH).items() if name in preferences.READERS})
    assert not [name for name in figures if name.startswith(("changed_", "switching_", "unusual_", "likelier_"))]

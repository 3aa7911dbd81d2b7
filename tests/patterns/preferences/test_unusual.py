"""Orders unlike their customer's: planted ones are found, and ordinary ones called so as seldom as promised."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from customer_patterns.estimates import NotEnoughData
from customer_patterns.patterns.preferences import Orders, count_unusual, read_orders, tables, unusual_orders
from customer_patterns.patterns.preferences.ordinary import ordinary
from customer_patterns.patterns.preferences.tails import threshold

KINDS = 30


def draw(seed: int, *, planted: int = 0, customers: int = 250, each: float = 60.0) -> tuple[Orders, np.ndarray]:
    """Customers with amounts, hours and categories of their own; the first orders of some are made unlike them."""
    random = np.random.default_rng(seed)
    count = 1 + random.poisson(random.gamma(2, each / 2, customers))
    who = np.repeat(np.arange(customers), count)
    n = len(who)
    level, scatter = random.normal(3.3, 0.6, customers), random.gamma(20, 0.03, customers)
    amount = np.exp(level[who] + scatter[who] * random.normal(size=n))
    units = 1 + random.poisson(amount / 4)
    hour = (random.choice([10, 14, 18], customers)[who] + np.rint(random.normal(0, 1.5, n)).astype(int)) % 24
    taste = random.dirichlet(np.full(KINDS // 2, 0.6), customers)
    held = [np.unique(random.choice(KINDS // 2, size=1 + random.poisson(4), p=taste[w])) for w in who]
    at = random.choice(n, planted, replace=False)
    for turn, order in enumerate(at):
        if turn % 4 == 0:
            amount[order] = np.exp(level[who[order]] + 3.5)
        elif turn % 4 == 1:
            units[order] = 60 * units[order]
        elif turn % 4 == 2:
            hour[order] = 3
        else:
            held[order] = KINDS // 2 + random.choice(KINDS // 2, 6, replace=False)
    return Orders(
        order_id=np.array([f"o{k:06d}" for k in range(n)], dtype=object),
        customers=np.array([f"c{k:04d}" for k in range(customers)], dtype=object),
        customer=who,
        day=np.full(n, np.datetime64("2017-05-01")),
        hour=hour,
        amount=amount,
        units=units.astype(float),
        order=np.repeat(np.arange(n), [len(h) for h in held]),
        kind=np.concatenate(held).astype(np.int64),
    ), at


def test_ordinary_orders_are_called_unusual_as_seldom_as_promised(keeps) -> None:
    called = looked_at = 0
    for seed in range(3):
        orders, _ = draw(seed)
        found = unusual_orders(orders, promised=0.004)
        keeps(found, tables.UNUSUAL_ORDERS)
        called += found["order_id"].nunique()
        looked_at += len(orders.order_id)
    assert 0.0005 < called / looked_at < 0.005
    # The broken twin holds amounts against a customer's mean and deviation, as if two of these were rare.
    share = []
    for seed in range(3):
        orders, _ = draw(seed)
        logs, who = np.log(orders.amount), orders.customer
        n = np.bincount(who)
        mean = np.bincount(who, logs) / n
        scale = np.sqrt(np.bincount(who, logs**2) / n - mean**2)
        share.append((logs > mean[who] + 2 * scale[who]).mean())
    assert np.mean(share) > 0.005


def test_planted_orders_are_found_with_their_reason() -> None:
    orders, at = draw(10, planted=40)
    found = unusual_orders(orders, promised=0.004)
    reasons = [tables.AMOUNT, tables.UNITS, tables.HOUR, tables.MIX]
    pairs = set(zip(found["order_id"], found["reason"], strict=True))
    hit = [(orders.order_id[order], reasons[turn % 4]) in pairs for turn, order in enumerate(at)]
    assert np.mean(hit) > 0.7
    others = ~found["order_id"].isin(orders.order_id[at])
    assert others.sum() / len(orders.order_id) < 0.005


def test_counts_stand_beside_what_chance_shows(keeps) -> None:
    orders, _ = draw(11, planted=120)
    found = unusual_orders(orders, promised=0.004)
    counted = count_unusual(found, orders, promised=0.004)
    keeps(counted, tables.UNUSUAL_COUNTS)
    row = counted.set_index("reason").loc["any"]
    assert row["unusual"] == found["order_id"].nunique()
    assert row["by_chance"] == pytest.approx(0.004 * len(orders.order_id))
    assert row["unusual"] > row["by_chance"]


def test_the_threshold_is_not_moved_by_what_is_unusual() -> None:
    random = np.random.default_rng(5)
    values = random.normal(size=40_000)
    with_outliers = np.r_[values, np.full(60, 50.0)]
    plain, robust = (threshold(x, promised=0.0005) for x in (values, with_outliers))
    assert plain == pytest.approx(3.29, abs=0.2)
    assert plain - 0.1 < robust < plain + 0.7  # three times as many as promised: a little larger, never smaller
    # The broken twin takes the quantile: a few large ones lift it beyond themselves.
    assert np.quantile(with_outliers, 1 - 0.0005) == 50


def test_promises_are_kept_by_heavy_and_light_tails() -> None:
    random = np.random.default_rng(6)
    for values in (random.standard_t(4, 60_000), random.exponential(1, 60_000), random.beta(2, 5, 60_000)):
        half = values[:30_000], values[30_000:]
        share = (half[1] > threshold(half[0], promised=0.001)).mean()
        assert 0.0003 < share < 0.002


def test_few_orders_have_no_tail() -> None:
    with pytest.raises(NotEnoughData):
        threshold(np.arange(100.0), promised=0.001)
    with pytest.raises(ValueError, match="promised"):
        threshold(np.arange(100.0), promised=0.5)
    orders, _ = draw(12, customers=3, each=5)
    found = unusual_orders(orders)
    assert found.empty
    assert count_unusual(found, orders).empty
    with pytest.raises(ValueError, match="promise"):
        unusual_orders(orders, promised=0)


def test_one_large_order_does_not_say_what_is_ordinary() -> None:
    who = np.repeat([0, 1, 2], [21, 20, 1])
    values = np.r_[np.linspace(2.9, 3.1, 20), 9.0, np.linspace(4.9, 5.1, 20), 4.0]
    own = ordinary(who, values, 4)
    assert own.middle[0] == pytest.approx(3, abs=0.05)
    assert own.reach[0] < 0.3
    # A single order says little of what is ordinary; of none all is as for the median customer.
    assert own.reach[2] > own.reach[1]
    assert own.middle[3] == pytest.approx(4, abs=0.01)


def test_orders_are_read_with_the_clock_on_the_wall(table) -> None:
    names = ("order_id", "customer_id", "product_id", "ordered_at", "ordered_on", "quantity", "revenue", "line_kind")
    rows = [
        ("1", "b", "p", "2017-01-02 01:30:00", "2017-01-01", 2, 3.0, "goods"),
        ("1", "b", "q", "2017-01-02 01:30:00", "2017-01-01", 1, 1.5, "goods"),
        ("1", "b", "f", "2017-01-02 01:30:00", "2017-01-01", 9000, 20.0, "fuel"),
        ("2", "a", "p", "2017-06-01 12:00:00", "2017-06-01", -1, -3.0, "goods"),
        ("3", "a", "p", "2018-06-01 12:00:00", "2018-06-01", 1, 3.0, "goods"),
    ]
    products = table("p", ("product_id", "category"), [("p", "X"), ("q", "X"), ("f", "FUEL")])
    found = read_orders(table("l", names, rows), products, last_day=date(2017, 12, 31), time_zone="America/New_York")
    assert found.order_id.tolist() == ["1", "2"]
    assert [found.customers[c] for c in found.customer] == ["b", "a"]
    assert found.hour.tolist() == [20, 8]
    assert found.amount[0] == 4.5
    assert found.units[0] == 3
    assert np.isnan([found.amount[1], found.units[1]]).all()  # what was paid back is no amount
    assert found.order.tolist() == [0, 1]

"""Preferences and what changes in them: what is planted is found, what chance does is not, and intervals hold.

The customers here are drawn for these trials alone, with other settings than those of the tests.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from customer_patterns.laboratory.trial import Aim, Tally, Trial

_RESTS_ON = ("estimates", "features", "patterns")
_FALSE, _PROMISED = 0.05, 0.002
_JULY = np.datetime64("2017-07-02")
_QUARTERS = -np.arange(52) / 13


def _choices(seed: int, *, customers: int, visits: float, changers: int = 0, values: int = 25) -> Any:
    """Draw customers with shares of their own who buy a few things on some days; changers draw new shares in July."""
    from customer_patterns.patterns.preferences import Choices

    random = np.random.default_rng(seed)
    mean = random.dirichlet(np.full(values, 1.0))
    entries, owners, days = [], [], []
    for customer in range(customers):
        share = random.dirichlet(9 * mean + 0.02)
        # Whoever changes keeps a third of the old tastes.
        later = (share + 2 * random.dirichlet(9 * mean + 0.02)) / 3 if customer < changers else share
        number = 3 + random.poisson(random.gamma(1.5, visits / 1.5))
        for day in np.sort(random.choice(364, size=min(number, 300), replace=False)):
            counts = random.multinomial(1 + random.poisson(5), later if day >= 182 else share)
            bought = np.flatnonzero(counts)
            entries.append(np.column_stack([np.full(len(bought), len(owners)), bought, counts[bought]]))
            owners.append(customer)
            days.append(np.datetime64("2017-01-01") + day)
    visit, value, count = np.concatenate(entries).T
    return Choices(
        "category",
        np.array([f"v{k:02d}" for k in range(values)], dtype=object),
        np.array([f"c{k:04d}" for k in range(customers)], dtype=object),
        visit,
        value,
        count.astype(float),
        np.array(owners),
        np.array(days),
    )


def _foretold(seed: int, *, twin: bool = False) -> Tally:
    """Whether own shares foretell best when they are drawn toward all; the twin takes them as they are."""
    from customer_patterns.patterns.preferences import tables
    from customer_patterns.patterns.preferences.tastes import surprise

    choices = _choices(seed, customers=200, visits=8)
    last = _JULY.astype(object)
    losses, bought = surprise(choices.between(last=last), choices.between(first=(_JULY + 1).astype(object)))
    mean = {name: part.sum() / bought.sum() for name, part in losses.items()}
    mine = mean[tables.OWN_RAW if twin else tables.OWN_DRAWN]
    return Tally(int(mine <= min(mean.values())), 1)


@cache
def _changed(seed: int, since: str = "2017-07-02") -> tuple[pd.DataFrame, pd.Series]:
    from customer_patterns.patterns.preferences import preference_changes

    choices = _choices(seed, customers=160, visits=22, changers=40)
    found = preference_changes(choices, first_day_after=np.datetime64(since).astype(object))
    return found, found["customer_id"] < "c0040"


def _false_changers(seed: int, *, twin: bool = False) -> Tally:
    """How many of those named did not change; the twin names whoever's windows are far apart."""
    from customer_patterns.patterns.preferences import tables

    found, planted = _changed(seed)
    named = found["distance"] > 0.3 if twin else found["verdict"] == tables.CHANGED
    return Tally(int((named & ~planted).sum()), max(int(named.sum()), 1))


def _true_changers(seed: int, *, twin: bool = False) -> Tally:
    """How many who changed are named; the twin looks at the last weeks alone."""
    from customer_patterns.patterns.preferences import tables

    found, planted = _changed(seed)
    asked = set(found.loc[planted, "customer_id"])
    if twin:
        found, _ = _changed(seed, "2017-11-15")
    named = set(found.loc[found["verdict"] == tables.CHANGED, "customer_id"])
    return Tally(len(named & asked), len(asked))


def _trend(seed: int, *, twin: bool = False) -> Tally:
    """How many intervals hold the customer's slope; the twin takes weekly orders for independent."""
    from customer_patterns.patterns.preferences import Weeks, loyalty_trends, tables

    random = np.random.default_rng(seed)
    slopes = random.normal(-0.05, 0.25, 250)
    rate = random.gamma(2.5, 0.4, (len(slopes), 1)) * np.exp(slopes[:, None] * _QUARTERS)
    counts = random.poisson(rate * np.repeat(random.gamma(3, 1 / 3, (len(slopes), 13)), 4, axis=1)).astype(float)
    kept = counts.sum(axis=1) > 0
    if twin:
        total, seen = counts[kept].sum(axis=1), counts[kept] @ _QUARTERS / counts[kept].sum(axis=1)
        own = (seen - _QUARTERS.mean()) / _QUARTERS.var()
        return Tally(
            int((np.abs(own - slopes[kept]) <= 1.96 / np.sqrt(total * _QUARTERS.var())).sum()), int(kept.sum())
        )
    names = np.array([f"c{k:04d}" for k in range(len(slopes))], dtype=object)
    weeks = Weeks(names, dict.fromkeys(tables.MEASURES, counts), np.full(len(slopes), 52))
    found = loyalty_trends(weeks)
    found = found[found["measure"] == tables.ORDERS]
    held = np.log(found["change_low"]) <= slopes[kept], np.log(found["change_high"]) >= slopes[kept]
    return Tally(int((held[0] & held[1]).sum()), len(found))


@cache
def _switches(seed: int) -> pd.DataFrame:
    """Customers who choose brands all year as they always did, with inertia and likings of their own."""
    import ibis

    from customer_patterns import warehouse
    from customer_patterns.patterns.preferences import category_switches, switching

    random = np.random.default_rng(seed)
    rows = []
    for customer in range(150):
        inertia = random.uniform(0, 0.6)
        for category in range(4):
            share, brand = random.dirichlet([1.5, 0.8, 0.5, 0.3, 0.2]), 0
            for day in np.sort(random.choice(364, size=24, replace=False)):
                brand = brand if random.random() < inertia else int(random.choice(5, p=share))
                rows.append((f"c{customer:03d}", f"k{category}-b{brand}", np.datetime64("2017-01-01") + day))
    baskets = pd.DataFrame(rows, columns=["customer_id", "product_id", "ordered_on"])
    baskets = baskets.assign(basket=range(len(baskets)), ordered_on=baskets["ordered_on"].astype("datetime64[us]"))
    products = pd.DataFrame({"product_id": sorted(baskets["product_id"].unique())})
    parts = products["product_id"].str.split("-", expand=True)
    products = products.assign(category=parts[0], manufacturer_id=parts[1])
    backend = warehouse.connect()
    bought, sold = (
        backend.create_table(name, ibis.memtable(frame), temp=True)
        for name, frame in (("bought", baskets), ("sold", products))
    )
    bought = bought.mutate(ordered_on=bought.ordered_on.cast("date"))
    last = np.datetime64("2017-12-30").astype(object)
    return switching(category_switches(bought, sold, window_days=91, last_day=last))


def _switchers(seed: int, *, twin: bool = False) -> Tally:
    """How many look as if they switched otherwise than before; the twin holds them against everybody's rate."""
    found = _switches(seed).dropna(subset=["p"])
    if twin:
        n, rate = found["n"], found["switched"].sum() / found["n"].sum()
        far = np.abs(found["switched"] - n * rate) / np.sqrt(n * rate * (1 - rate)) > 1.96
        return Tally(int(far.sum()), len(found))
    return Tally(int((found["p"] <= _FALSE).sum()), len(found))


def _ordinary(seed: int, *, twin: bool = False) -> Tally:
    """How many ordinary orders are called unusual; the twin calls what is three own deviations above the own mean."""
    from customer_patterns.patterns.preferences import Orders, unusual_orders

    random = np.random.default_rng(seed)
    customers, kinds = 180, 24
    who = np.repeat(np.arange(customers), 1 + random.poisson(random.gamma(1.5, 40, customers)))
    n = len(who)
    # Amounts are skewed even as logarithms, as those of real baskets.
    amount = np.exp(random.normal(3, 0.7, customers)[who] + random.gamma(4, 0.25, n))
    taste = random.dirichlet(np.full(kinds, 0.5), customers)
    held = [np.unique(random.choice(kinds, size=1 + random.poisson(5), p=taste[k])) for k in who]
    odd = random.random(n) < 0.002
    orders = Orders(
        order_id=np.array([f"o{k:06d}" for k in range(n)], dtype=object),
        customers=np.array([f"c{k:04d}" for k in range(customers)], dtype=object),
        customer=who,
        day=np.full(n, _JULY),
        hour=(random.choice([9, 13, 17], customers)[who] + np.rint(random.normal(0, 2, n)).astype(np.int64)) % 24,
        amount=np.where(odd, amount * 40, amount),
        units=1.0 + random.poisson(amount / 5),
        order=np.repeat(np.arange(n), [len(part) for part in held]),
        kind=np.concatenate(held),
    )
    if twin:
        logs, number = np.log(orders.amount), np.bincount(who)
        mean = np.bincount(who, logs) / number
        scale = np.sqrt(np.maximum(np.bincount(who, logs**2) / number - mean**2, 0))
        called = logs > mean[who] + 3 * scale[who]
    else:
        called = np.isin(orders.order_id, unusual_orders(orders, promised=_PROMISED)["order_id"].to_numpy())
    return Tally(int((called & ~odd).sum()), int((~odd).sum()))


def _channels(seed: int, *, twin: bool = False) -> Tally:
    """How many named channels are not the one of most orders to come; the twin names whichever had most so far."""
    from customer_patterns.patterns.preferences import dominant_channels, posterior_shares, tables
    from customer_patterns.patterns.preferences.dirichlet import fit_population

    random = np.random.default_rng(seed)
    true = random.beta(1.2, 0.8, 400)
    n = 1 + random.poisson(random.gamma(1, 6, len(true)))
    online = random.binomial(n, true)
    counts = np.column_stack([online, n - online]).astype(float)
    if twin:
        named = counts[:, 0] != counts[:, 1]
        wrong = (counts[:, 0] > counts[:, 1]) != (true > 0.5)
        return Tally(int((wrong & named).sum()), int(named.sum()))
    who, what = np.nonzero(counts)
    population = fit_population(who, what, counts[who, what], values=2)
    share = posterior_shares(counts, counts.sum(axis=1, keepdims=True), population.shares, population.concentration)
    table = pd.DataFrame(
        {
            "customer_id": np.repeat([f"c{k:04d}" for k in range(len(true))], 2),
            "channel": np.tile(["online", "store"], len(true)),
            "orders": counts.ravel().astype(np.int64),
            "n": np.repeat(n, 2),
            "share_low": share.low.ravel(),
        }
    )
    found = dominant_channels(table)
    named = (found["verdict"] == tables.DOMINANT).to_numpy()
    wrong = (found["dominant_channel"] == "online").to_numpy() != (true > 0.5)
    return Tally(int((wrong & named).sum()), int(named.sum()))


TRIALS = (
    Trial(
        name="what is bought next",
        room="patterns",
        measure="shops in which own shares, drawn toward all, foretell best",
        setting="customers with shares of their own and few visits",
        twin="takes a customer's raw shares",
        aim=Aim(0.95, 1.0),
        seeds=range(960_100, 960_130),
        run=_foretold,
        broken=lambda seed: _foretold(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.preferred",),
    ),
    Trial(
        name="changers who did not change",
        room="patterns",
        measure="customers named who choose as before",
        setting="a quarter of all customers choose otherwise from July on",
        twin="names whoever's purchases before and after are far apart",
        aim=Aim(0.0, _FALSE, by_interval=True),
        seeds=range(960_200, 960_215),
        run=_false_changers,
        broken=lambda seed: _false_changers(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.changed",),
    ),
    Trial(
        name="changers who were planted",
        room="patterns",
        measure="customers named of those who choose otherwise",
        setting="a quarter of all customers choose otherwise from July on",
        twin="looks at the last weeks alone",
        aim=Aim(0.7, 1.0),
        seeds=range(960_200, 960_215),
        run=_true_changers,
        broken=lambda seed: _true_changers(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.changed",),
    ),
    Trial(
        name="coverage of a customer's trend",
        room="patterns",
        measure="intervals that hold the customer's slope",
        setting="weekly orders that scatter more than by chance, four weeks at a time",
        twin="takes weekly orders for independent, one customer at a time",
        aim=Aim(0.93, 0.97, by_interval=True),
        seeds=range(960_300, 960_310),
        run=_trend,
        broken=lambda seed: _trend(seed, twin=True),
        rests_on=_RESTS_ON,
    ),
    Trial(
        name="a switch that is none",
        room="patterns",
        measure="customers who look as if they switched otherwise than before",
        setting="brands chosen all year as ever, with inertia and likings",
        twin="holds customers against everybody's rate",
        aim=Aim(0.0, _FALSE, by_interval=True),
        seeds=range(960_400, 960_408),
        run=_switchers,
        broken=lambda seed: _switchers(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.switching_more",),
    ),
    Trial(
        name="ordinary orders called unusual",
        room="patterns",
        measure="ordinary orders that are called unusual",
        setting="skewed amounts, two in a thousand of them forty times as large",
        twin="calls what is three deviations above a customer's mean unusual",
        aim=Aim(0.0, _PROMISED, by_interval=True),
        seeds=range(960_500, 960_510),
        run=_ordinary,
        broken=lambda seed: _ordinary(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.unusual",),
    ),
    Trial(
        name="channels named that are not the customer's",
        room="patterns",
        measure="customers whose channel is named wrongly",
        setting="few orders each, through two channels",
        twin="names the channel of most orders so far",
        aim=Aim(0.0, 0.025),
        seeds=range(960_600, 960_610),
        run=_channels,
        broken=lambda seed: _channels(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.own_channel",),
    ),
)

"""Whether brands are switched more often than before."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from customer_patterns.patterns.preferences import (
    category_switches,
    summarize_switching,
    switching,
    switching_rates,
    tables,
)
from customer_patterns.patterns.preferences.switching import _next_alike

BASKETS = ("basket", "product_id", "customer_id", "ordered_on")
LAST = date(2017, 12, 31)


def shop(table, sequences: dict[tuple[str, str], list[tuple[str, str]]]):
    """Make baskets of ``{(customer, category): [(day, brand), …]}``."""
    rows, products = [], {}
    for (customer, category), bought in sequences.items():
        for day, brand in bought:
            products[f"{category}-{brand}"] = (f"{category}-{brand}", category, brand)
            rows.append((len(rows), f"{category}-{brand}", customer, day))
    names = ("product_id", "category", "manufacturer_id")
    return table("baskets", BASKETS, rows), table("products", names, list(products.values()))


def drawn(seed: int, *, customers: int, changers: int = 0, repeat: float = 0.0, wild: float = 0.9):
    """Customers of no order (or inertia ``repeat``), brands unequal; changers pick at random in the last quarter."""
    random = np.random.default_rng(seed)
    sequences = {}
    for customer in range(customers):
        for category in "XYZ":
            share = random.dirichlet([2.0, 0.7, 0.4, 0.2])
            days = np.sort(random.choice(364, size=30, replace=False))
            brand, bought = 0, []
            for day in days:
                if customer < changers and day >= 273 and random.random() < wild:
                    brand = random.integers(4)
                elif random.random() >= repeat:
                    brand = random.choice(4, p=share)
                bought.append((str(np.datetime64("2017-01-01") + int(day)), f"b{brand}"))
            sequences[f"c{customer:03d}", category] = bought
    return sequences


def test_next_purchases_by_hand(table) -> None:
    days = ["2017-01-01", "2017-02-01", "2017-03-01", "2017-12-01", "2017-12-20", "2018-01-05"]
    found = category_switches(
        *shop(table, {("a", "X"): list(zip(days, "ppqqpq", strict=True)), ("a", "Y"): [("2017-05-05", "r")]}),
        window_days=31,
        last_day=LAST,
    )
    assert len(found.customer) == 1  # a single purchase has no next one
    row = pd.DataFrame(found.counts).iloc[0]
    assert row[["chances", "switched", "late", "late_switched"]].tolist() == [4, 2, 2, 1]
    # p three times and q twice: two of five drawn are alike in (6 + 2) of 20 cases.
    assert row["unordered"] == pytest.approx(12 / 20)
    # Switches 0 1 0 1 of mean one half: each deviates by a half, and neighbors always to the other side.
    assert row["squares"] == pytest.approx(1)
    assert row["joint"] == pytest.approx(-0.75)


def test_the_brand_of_a_day_is_the_one_bought_most(table) -> None:
    rows = [
        ("2017-01-01", "p"),
        ("2017-01-01", "q"),
        ("2017-01-01", "q"),
        ("2017-02-01", "q"),
        ("2017-03-01", "p"),
        ("2017-03-01", "r"),
    ]
    found = category_switches(*shop(table, {("a", "X"): rows}), window_days=40, last_day=date(2017, 3, 31))
    # q, q, and of p and r the first.
    assert pd.DataFrame(found.counts)[["chances", "switched"]].to_numpy().tolist() == [[2, 1]]


def test_the_signal_is_that_of_mantel_and_haenszel(table) -> None:
    sequences = drawn(2, customers=25)
    lots = category_switches(*shop(table, sequences), window_days=91, last_day=LAST)
    rows = pd.DataFrame(lots.counts).assign(customer_id=lots.customers[lots.customer])
    found = switching(lots).set_index("customer_id")
    grown = 1 + 2 * max(_next_alike(lots.counts), 0)
    told = found["signal"].notna()
    assert told.sum() > 10
    for customer in found.index[told]:
        own = rows[rows["customer_id"] == customer]
        # Given the margins of each category, switches in the window are hypergeometric.
        mean, variance = hypergeom.stats(own["chances"], own["switched"], own["late"], moments="mv")
        off = own["late_switched"].sum() - mean.sum()
        reference = np.sign(off) * max(abs(off) - 0.5, 0) / np.sqrt(variance.sum() * grown)
        assert found.at[customer, "signal"] == pytest.approx(reference, rel=1e-6)


@pytest.mark.parametrize("repeat", [0.0, 0.5])
def test_nobody_switches_otherwise_than_before(table, repeat: float) -> None:
    found = switching(
        category_switches(*shop(table, drawn(3, customers=300, repeat=repeat)), window_days=91, last_day=LAST)
    )
    told = found["p"].notna()
    assert told.mean() > 0.5
    assert (found.loc[told, "p"] <= 0.05).mean() < 0.075
    assert found["verdict"].isin([tables.MORE, tables.LESS]).sum() <= 2


def test_customers_are_held_against_themselves(table) -> None:
    lots = category_switches(*shop(table, drawn(4, customers=300)), window_days=91, last_day=LAST)
    # Whoever takes a rare brand comes from another and goes to another: switches hang together.
    assert _next_alike(lots.counts) > 0.03
    found = switching(lots)
    # The broken twin holds windows against everybody's rate: whoever likes variety looks like a switcher.
    n, rate = found["n"], found["switched"].sum() / found["n"].sum()
    twin = (found["switched"] - n * rate) / np.sqrt(n * rate * (1 - rate))
    assert (np.abs(twin) > 1.96).mean() > 0.12
    assert (found["p"] <= 0.05).mean() < 0.075


def test_those_who_begin_to_switch_are_found(table, keeps) -> None:
    found = switching(
        category_switches(*shop(table, drawn(5, customers=120, changers=30, repeat=0.6)), window_days=91, last_day=LAST)
    )
    keeps(found, tables.SWITCHING)
    planted = found["customer_id"] < "c030"
    more = found["verdict"] == tables.MORE
    assert more[planted].mean() > 0.6
    assert more[~planted].sum() <= 3
    summary = summarize_switching(found)
    keeps(summary, tables.SWITCHING_SUMMARY)
    assert summary.iloc[0]["change_low"] > 0
    assert summary.iloc[0]["switch_more"] > summary.iloc[0]["switch_less"]
    rates = switching_rates(found)
    keeps(rates, tables.SWITCHING_RATES)
    rates = rates.set_index("time")["rate"]
    assert rates[tables.IN_WINDOW] > rates[tables.BEFORE]
    # Whoever mostly takes the same again switches less than brands in any order would have it.
    assert rates[tables.IN_WINDOW] < rates[tables.ANY_ORDER]


def test_thin_windows_are_drawn_toward_the_own_earlier_rate(table) -> None:
    sequences = drawn(6, customers=40, repeat=0.5)
    days = [f"2017-{n:02d}-01" for n in range(1, 13)]
    sequences["loyal", "X"] = [*((day, "b0") for day in days[:-1]), (days[-1], "b1")]
    sequences["new", "X"] = [("2017-11-01", "b0"), ("2017-12-01", "b1")]
    found = switching(category_switches(*shop(table, sequences), window_days=31, last_day=LAST)).set_index(
        "customer_id"
    )
    loyal, new = found.loc["loyal"], found.loc["new"]
    assert (loyal["n"], loyal["switched"], new["n"], new["switched"]) == (1, 1, 1, 1)
    assert loyal["rate"] < new["rate"] < 1
    assert (loyal["verdict"], new["verdict"]) == (tables.TOO_FEW, tables.TOO_FEW)


def test_nothing_bought_twice_is_no_switching(table) -> None:
    lots = category_switches(*shop(table, {("a", "X"): [("2017-01-01", "p")]}), window_days=31, last_day=LAST)
    found = switching(lots)
    assert found.empty
    assert summarize_switching(found).empty
    assert switching_rates(found).empty
    with pytest.raises(ValueError, match="one day"):
        category_switches(*shop(table, {("a", "X"): [("2017-01-01", "p")]}), window_days=0, last_day=LAST)

"""Products: small ones drawn toward the others, flagged only beyond noise, one customer counted once."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.satisfaction.products import (
    flagged_first,
    pool_shares,
    product_counts,
    product_overview,
    product_satisfaction,
)
from tests.satisfaction.sample_survey import NEW_YORK, YEAR

LINES = pa.schema(
    [("customer_id", pa.string()), ("product_id", pa.string()), ("ordered_on", pa.date32()), ("line_kind", pa.string())]
)
REVERSALS = pa.schema(
    [
        ("customer_id", pa.string()),
        ("product_id", pa.string()),
        ("ordered_at", pa.timestamp("us")),
        ("kind", pa.string()),
    ]
)
FEEDBACK = pa.schema(
    [(name, pa.string()) for name in ("feedback_id", "customer_id", "author_key", "product_id")]
    + [("rating", pa.int64()), ("written_at", pa.timestamp("us"))]
)
PRODUCTS = pa.schema([(name, pa.string()) for name in ("product_id", "category", "product_type")])


def sold(events: list[int], n: list[int], measure: str = "returned it", level: str = "product") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "level": level,
            "name": [f"P{i:03d}" for i in range(len(n))],
            "category": "toys",
            "measure": measure,
            "n": n,
            "total": np.array(events, dtype=float),
            "squares": np.array(events, dtype=float),
        }
    )


# Pooled shares


def test_pooled_shares_are_those_of_a_fine_grid():
    """Bayesian Data Analysis, section 5.3, by brute force over the groups' mean and size."""
    from scipy.special import betaln, expit

    events, n = np.array([0, 1, 4, 9, 2]), np.array([10, 12, 20, 25, 40])
    means = expit(np.linspace(-6, 2, 401))
    sizes = np.geomspace(0.05, 5e4, 301)
    a, b = (np.outer(part, sizes) for part in (means, 1 - means))
    # p(a, b) ~ (a + b)^(-5/2) on the grid of logit(mean) and log(size): times a b.
    log = np.log(a) + np.log(b) - 2.5 * np.log(a + b)
    for k, size in zip(events, n, strict=True):
        log = log + betaln(a + k, b + size - k) - betaln(a, b)
    chance = np.exp(log - log.max())
    chance /= chance.sum()
    expected = [float((chance * (a + k) / (a + b + size)).sum()) for k, size in zip(events, n, strict=True)]
    assert pool_shares(events, n).value == pytest.approx(expected, abs=0.01)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60)), min_size=1, max_size=12))
def test_a_pooled_share_lies_between_its_own_and_the_others(pairs):
    events = np.array([k for k, _ in pairs])
    n = events + np.array([more for _, more in pairs]) + 1
    found = pool_shares(events, n)
    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()
    assert ((found.low >= 0) & (found.high <= 1)).all()
    if len(pairs) >= 3:
        own = events / n
        assert (found.value >= min(own.min(), 0.5) - 0.5).all()
        order = np.argsort(n)
        pd.testing.assert_series_equal(
            pd.Series(pool_shares(events[order], n[order]).value), pd.Series(found.value[order])
        )


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="from none to all"):
        pool_shares([3], [2])


# Flags


def test_a_product_that_many_return_is_flagged_and_one_that_two_of_three_return_is_not():
    table = product_satisfaction(sold([40, 5, 6, 4, 5, 2], [200, 200, 200, 200, 200, 3])).set_index("name")
    assert table.loc["P000", "verdict"] == "worse than others"
    assert (table.drop("P000")["verdict"] != "worse than others").all()
    assert "P005" not in table.index  # three buyers are not shown
    assert flagged_first(table.reset_index())["name"].iloc[0] == "P000"


def test_what_stands_out_is_one_line_with_each_measure_in_its_own_unit():
    """P000 is taken back by 40 of 200 and gets 1.2 stars from twenty; P001 is like the others in both."""
    stars = sold([24, 84, 86, 82, 85], [20] * 5, "stars").assign(squares=[32.0, 356.0, 372.0, 340.0, 365.0])
    both = pd.concat([sold([40, 5, 6, 4, 5], [200] * 5), stars], ignore_index=True)
    table = product_satisfaction(both)
    line = product_overview(table).set_index("name").loc["P000"]
    assert line[["worse_in", "better_in"]].tolist() == ["stars, returned it", ""]
    assert line[["n", "buyers"]].tolist() == [20, 200]
    own = table[table["name"] == "P000"].set_index("measure")["pooled"]
    assert (line["stars"], line["returned"]) == (own["stars"], own["returned it"])
    assert 1 <= line["stars"] <= 5
    assert 0 <= line["returned"] <= 1  # not in one column with the stars, as they once were
    assert pd.isna(line["complained"])
    assert product_overview(table)["name"].tolist() == ["P000"]


def test_where_nothing_stands_out_the_overview_has_no_line():
    assert product_overview(product_satisfaction(sold([5, 5, 6, 4], [200] * 4))).empty
    assert product_overview(product_satisfaction(sold([0, 0, 0], [50] * 3))).empty


def test_the_exact_test_is_scipys():
    from scipy.stats import binomtest

    table = product_satisfaction(sold([8, 4], [100, 200]))
    one = min(binomtest(8, 100, 4 / 200, alternative=side).pvalue for side in ("less", "greater"))
    two = min(binomtest(4, 200, 8 / 100, alternative=side).pvalue for side in ("less", "greater"))
    adjusted = max(2 * one, 2 * two) if 4 * min(one, two) > 2 * max(one, two) else 4 * min(one, two)
    assert table["adjusted_p"].min() == pytest.approx(min(adjusted, 2 * max(one, two)))


def test_products_alike_raise_hardly_an_alarm_and_the_twin_flags_many():
    """The broken twin flags whatever lies two standard errors from the others, however many are compared."""
    studies = twin = 0
    for seed in range(20):
        chance = np.random.default_rng(seed)
        n = chance.integers(20, 400, 150)
        k = chance.binomial(n, 0.05)
        table = product_satisfaction(sold(list(k), list(n)))
        studies += table["verdict"].ne("not told apart").any()
        twin += (np.abs(k / n - 0.05) > 1.96 * np.sqrt(0.05 * 0.95 / n)).any()
    assert studies <= 3
    assert twin == 20


def stars(means: list[float], n: list[int], seed: int = 0) -> pd.DataFrame:
    chance, rows = np.random.default_rng(seed), []
    for mean, many in zip(means, n, strict=True):
        given_stars = np.clip(np.round(chance.normal(mean, 1, many)), 1, 5)
        rows.append((given_stars.sum(), (given_stars**2).sum()))
    table = sold([0] * len(n), n, measure="stars")
    return table.assign(total=[one for one, _ in rows], squares=[other for _, other in rows])


def test_bad_products_do_not_make_ordinary_ones_look_good():
    """The broken twin compares each product with the mean of all others, the bad ones among them."""
    counts = stars([1.5] * 3 + [4.0] * 9, [300] * 12, seed=4)
    table = product_satisfaction(counts).set_index("name")
    assert table["verdict"].tolist() == ["worse than others"] * 3 + ["not told apart"] * 9
    mean = counts["total"] / counts["n"]
    others = (counts["total"].sum() - counts["total"]) / (counts["n"].sum() - counts["n"])
    assert (mean - others)[3:].min() > 5 * 1 / np.sqrt(300)
    returned = product_satisfaction(sold([60] * 3 + [6] * 9, [300] * 12)).set_index("name")
    assert returned["verdict"].tolist() == ["worse than others"] * 3 + ["not told apart"] * 9


def test_few_stars_are_drawn_toward_the_others_and_many_are_not():
    table = product_satisfaction(stars([2.6, 4, 4, 4, 4.2, 2.6], [300, 300, 300, 300, 300, 12])).set_index("name")
    assert table.loc["P000", "verdict"] == "worse than others"
    assert abs(table.loc["P000", "pooled"] - table.loc["P000", "own"]) < 0.02
    small = table.loc["P005"]
    assert abs(small["pooled"] - small["others"]) < abs(small["own"] - small["others"])
    assert small["pooled_high"] - small["pooled_low"] > 3 * (
        table.loc["P000", "pooled_high"] - table.loc["P000", "pooled_low"]
    )


# Counting


def line(who: str, what: str, day: str, kind: str = "goods") -> dict:
    return {"customer_id": who, "product_id": what, "ordered_on": date.fromisoformat(day), "line_kind": kind}


def back(who: str, what: str, day: str, kind: str = "return") -> dict:
    return {"customer_id": who, "product_id": what, "ordered_at": datetime.fromisoformat(f"{day} 17:00"), "kind": kind}


def text(name: str, who: str, what: str | None, given_stars: int, day: str = "2017-05-01") -> dict:
    moment = datetime.fromisoformat(f"{day} 17:00")
    row = {"feedback_id": name, "customer_id": who, "author_key": None, "product_id": what}
    return row | {"rating": given_stars, "written_at": moment}


def test_a_customer_counts_once_however_often_they_buy_return_or_write(table):
    lines = [line("anna", "cup", "2017-02-01"), line("anna", "cup", "2017-03-01"), line("bela", "cup", "2017-02-01")]
    lines += [
        line("anna", "plate", "2017-02-01"),
        line("cora", "cup", "2018-01-05"),
        line("dora", "gas", "2017-02-01", "fuel"),
    ]
    returns = [
        back("anna", "cup", "2017-02-05"),
        back("anna", "cup", "2017-03-05"),
        back("bela", "cup", "2017-02-05", "cancellation"),
    ]
    returns += [back("bela", "cup", "2018-01-05")]
    texts = [text("t1", "anna", "cup", 1), text("t2", "anna", "cup", 5), text("t3", "bela", "cup", 4)]
    texts += [text("t4", "bela", None, 1), text("t5", "bela", "cup", 1, "2018-01-05")]
    found = product_counts(
        table(lines, LINES),
        table(returns, REVERSALS),
        table(texts, FEEDBACK),
        table(
            [
                {"product_id": "cup", "category": "kitchen", "product_type": "unknown"},
                {"product_id": "plate", "category": "kitchen", "product_type": "PLATES"},
            ],
            PRODUCTS,
        ),
        last_day=YEAR["last_day"],
        time_zone=NEW_YORK,
    ).set_index(["name", "measure"])
    assert found.loc[("cup", "returned it"), ["n", "total"]].tolist() == [2, 1]
    assert found.loc[("PLATES plate", "returned it"), ["n", "total"]].tolist() == [1, 0]
    assert found.loc[("kitchen", "returned it"), ["n", "total"]].tolist() == [2, 1]
    assert found.loc[("cup", "stars"), ["n", "total"]].tolist() == [2, 3 + 4]
    assert found.loc[("cup", "one or two stars"), ["n", "total"]].tolist() == [2, 1]
    assert ("gas", "returned it") not in found.index


def test_without_returns_and_without_products_in_texts_there_is_nothing(table):
    empty = product_counts(
        table([line("anna", "cup", "2017-02-01")], LINES),
        table([], REVERSALS),
        table([text("t1", "anna", None, 1)], FEEDBACK),
        table([], PRODUCTS),
        last_day=YEAR["last_day"],
        time_zone=NEW_YORK,
    )
    assert empty.empty
    assert product_satisfaction(empty).empty
    assert flagged_first(product_satisfaction(empty)).empty

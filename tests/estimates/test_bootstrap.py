import time
from fractions import Fraction

import numpy as np
import pytest
import scipy.stats

from customer_patterns.estimates import (
    NotEnoughData,
    bootstrap_mean,
    bootstrap_quantile,
    bootstrap_rank_shares,
    bootstrap_ratio,
    bootstrap_share,
    quantiles,
    rank_shares,
    resampling,
)


def shop(random, customers, *, mean=20.0, taste=0.5, most=12):
    """Orders of customers who differ: how many each has, and their values padded with zeros."""
    orders = random.integers(1, most + 1, customers)
    level = random.gamma(1 / taste**2, taste**2, customers)
    values = mean * level[:, None] * random.gamma(4, 0.25, (customers, most))
    return orders, values * (np.arange(most) < orders[:, None])


def test_a_basket_value_is_revenue_by_orders():
    # $10, $20 and $60 in 1, 2 and 3 orders
    assert bootstrap_ratio([1000, 2000, 6000], [1, 2, 3]).value == 1500


def test_a_bootstrap_t_interval_is_what_its_definition_says():
    revenue, orders = np.array([900.0, 2100, 1300, 4000, 700]), np.array([1.0, 2, 2, 3, 1])
    a, b = np.array(sorted(zip(revenue, orders, strict=True), key=lambda x: (x[0], x[1]))).T
    ((_, weights),) = resampling.draw_weights(5, resamples=400, seed=9)
    t = []
    for draw in weights.astype(int):
        x, y = a.repeat(draw), b.repeat(draw)
        ratio = x.sum() / y.sum()
        error = np.sqrt(((x - ratio * y) ** 2).sum()) / y.sum()
        if error > 1e-9:
            t.append((ratio - 1000) / error)
    error = np.sqrt(((a - 1000 * b) ** 2).sum()) / b.sum()
    low, high = 1000 - error * np.quantile(t, [0.975, 0.025])
    got = bootstrap_ratio(revenue, orders, resamples=400, seed=9)
    assert got.value == 1000
    assert (round(got.low, 6), round(got.high, 6)) == (round(max(low, 0), 6), round(high, 6))


def test_with_many_customers_the_interval_agrees_with_scipy():
    random = np.random.default_rng(1)
    orders, values = shop(random, 2000)
    revenue = values.sum(axis=1)
    ours = bootstrap_ratio(revenue, orders)
    theirs = scipy.stats.bootstrap(
        (revenue, orders),
        lambda x, y, axis: x.sum(axis=axis) / y.sum(axis=axis),
        paired=True,
        n_resamples=1000,
        rng=np.random.default_rng(2),
    ).confidence_interval
    assert ours.low == pytest.approx(theirs.low, rel=0.005)
    assert ours.high == pytest.approx(theirs.high, rel=0.005)


def test_a_mean_of_normal_values_has_the_interval_of_student():
    values = np.random.default_rng(5).normal(50, 10, 40)
    ours = bootstrap_mean(values, resamples=20_000)
    student = scipy.stats.t.interval(0.95, 39, values.mean(), values.std(ddof=1) / np.sqrt(40))
    assert (ours.low, ours.high) == pytest.approx(student, abs=0.35)


def test_a_quantile_is_exact_in_every_resample():
    random = np.random.default_rng(8)
    customers = random.integers(0, 40, 900)
    values = random.integers(1, 300, 900)
    codes = resampling.number_customers(customers, values)
    ((_, weights),) = resampling.draw_weights(40, resamples=200, seed=3)
    for q in (0.1, 0.5, 0.9):
        by_hand = [
            np.quantile(values.repeat(draw[codes]), q, method="averaged_inverted_cdf") for draw in weights.astype(int)
        ]
        got = bootstrap_quantile(values, customers, q=q, resamples=200, seed=3)
        assert got.value == np.quantile(values, q, method="averaged_inverted_cdf")
        assert (got.low, got.high) == pytest.approx(tuple(np.quantile(by_hand, [0.025, 0.975])))


def test_the_median_of_an_even_number_lies_between_the_middle_two():
    assert bootstrap_quantile([1, 3, 7, 40], ["a", "b", "c", "d"]).value == 5


def test_the_largest_tenth_of_customers_bring_their_part():
    # 20 customers: two bring 40 each, eighteen bring 5 each: 170 in all
    shares = bootstrap_rank_shares([40, 40] + [5] * 18).value
    assert shares[0] == pytest.approx(80 / 170)
    assert shares[1:] == pytest.approx([10 / 170] * 9)


def test_a_customer_on_the_line_between_two_parts_counts_by_fractions():
    # Halves of three customers: the one in the middle counts half to either.
    assert bootstrap_rank_shares([6, 4, 2], parts=2).value == pytest.approx([8 / 12, 4 / 12])


def test_neither_the_order_of_rows_nor_the_names_of_customers_matter():
    random = np.random.default_rng(6)
    customers, values = random.integers(0, 50, 400), random.integers(100, 9000, 400)
    shuffle, names = random.permutation(400), random.permutation(50)
    assert bootstrap_quantile(values, customers) == bootstrap_quantile(values[shuffle], names[customers[shuffle]])
    revenue, orders = np.bincount(customers, values), np.bincount(customers)
    assert bootstrap_ratio(revenue, orders) == bootstrap_ratio(revenue[names], orders[names])


def test_one_customer_is_not_enough():
    for refused in (
        lambda: bootstrap_mean([3.0]),
        lambda: bootstrap_ratio([], []),
        lambda: bootstrap_quantile([1, 2, 3], ["a", "a", "a"]),
        lambda: bootstrap_rank_shares([1.0, 2.0]),
    ):
        with pytest.raises(NotEnoughData, match="needs at least"):
            refused()


def test_a_group_of_one_customer_is_missing_beside_groups_that_are_not():
    member = np.array([[1, 0], [1, 0], [1, 0], [0, 1]])
    spend = np.array([5, 7, 9, 100])[:, None] * member
    means = bootstrap_ratio(spend, member)
    assert means.value[0] == 7
    assert np.isnan(means.value[1])
    assert np.isnan(means.low[1])


def test_customers_who_are_all_alike_give_a_figure_without_interval():
    same = bootstrap_mean([4.0] * 12)
    assert same.value == 4
    assert np.isnan(same.low)
    assert np.isnan(same.high)


def test_a_median_of_equal_values_is_that_value_from_end_to_end():
    assert bootstrap_quantile([4.0] * 12, range(12)) == (4, 4, 4)


def test_a_missing_sum_is_an_error():
    with pytest.raises(ValueError, match="missing"):
        bootstrap_mean([1.0, np.nan])


def test_bounds_keep_to_what_is_possible():
    random = np.random.default_rng(7)
    orders = random.integers(1, 4, 40)
    at_night = orders * (random.random(40) < 0.15)
    share = bootstrap_ratio(np.column_stack([at_night, orders - at_night]), orders)
    assert (share.low >= 0).all()
    assert (share.low < share.value).all()
    assert (share.value < share.high).all()
    assert (share.high <= 1).all()


def test_what_two_of_fifteen_customers_do_is_refused():
    # Every tenth resample would draw neither of them.
    share = bootstrap_ratio([1, 1] + [0] * 13, [2] * 15)
    assert share.value == pytest.approx(2 / 30)
    assert np.isnan(share.high)


@pytest.mark.parametrize("kept", [0, 40_000_000])
def test_blocks_of_resamples_are_the_same_resamples(monkeypatch, kept):
    values = np.random.default_rng(11).gamma(2, 10, 300)
    whole = bootstrap_mean(values, resamples=500)
    monkeypatch.setattr(resampling, "WEIGHTS_AT_ONCE", 300 * 70)
    monkeypatch.setattr(resampling, "_DRAWS_KEPT", kept)
    assert bootstrap_mean(values, resamples=500) == whole


def by_hand(values, customers, weights, q):
    """Each observation as often as its customer was drawn; NumPy's quantile of the same definition."""
    drawn = [np.repeat(values, row[customers].astype(int)) for row in weights]
    return [np.quantile(each, q, method="averaged_inverted_cdf") for each in drawn]


@pytest.mark.parametrize("kind", ["money", "few values", "one value", "one heavy value"])
@pytest.mark.parametrize("exact_below", [0, 2**24])
def test_each_resamples_quantile_is_that_of_its_observations(monkeypatch, kind, exact_below):
    monkeypatch.setattr(quantiles, "_EXACT_IN_32_BITS", exact_below)
    random = np.random.default_rng(14)
    customers = np.repeat(np.arange(60), random.integers(1, 30, 60))
    values = {
        "money": random.gamma(2, 1000, len(customers)).round(),
        "few values": random.integers(1, 6, len(customers)).astype(float),
        "one value": np.full(len(customers), 3.0),
        "one heavy value": np.where(random.random(len(customers)) < 0.6, 5.0, random.normal(5, 1, len(customers))),
    }[kind]
    ((_, weights),) = resampling.draw_weights(60, resamples=100, seed=15)
    observations = quantiles._Observations(values, customers)
    for q in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)):
        assert observations.quantiles(weights, [q])[:, 0] == pytest.approx(
            by_hand(values, customers, weights, float(q))
        )


#: The interval of a coverage of 95 % in 3,000 simulated samples, by 99 %: a method is sound while it meets 93–97 %.
REPLICATES = 3000


def meets_nominal(covered):
    interval = scipy.stats.binomtest(int(covered.sum()), len(covered)).proportion_ci(0.99)
    return interval.high >= 0.93 and interval.low <= 0.97


def covered(intervals, truth):
    return (intervals.low <= truth) & (truth <= intervals.high)


def test_drawing_customers_covers_the_truth_and_drawing_orders_does_not():
    random = np.random.default_rng(12)
    shops = [shop(random, 80) for _ in range(REPLICATES)]
    orders = np.column_stack([o for o, _ in shops])
    revenue = np.column_stack([v.sum(axis=1) for _, v in shops])
    sound = covered(bootstrap_ratio(revenue, orders), 20.0)
    assert meets_nominal(sound)

    # The broken twin takes each order for a customer of its own.
    few = 600
    values = np.column_stack([v.ravel() for _, v in shops[:few]])
    broken = covered(bootstrap_ratio(values, values > 0, resamples=400), 20.0)
    assert not meets_nominal(broken)
    assert broken.mean() < 0.85


def test_the_median_order_is_covered_when_customers_are_drawn():
    random = np.random.default_rng(13)
    _, big_values = shop(random, 200_000)
    truth = np.median(big_values[big_values > 0])
    sound, broken = [], []
    for _ in range(400):
        _, values = shop(random, 80)
        whose, _ = np.nonzero(values)
        x = values[values > 0]
        sound.append(covered(bootstrap_quantile(x, whose, resamples=300), truth))
        if len(sound) <= 150:
            broken.append(covered(bootstrap_quantile(x, np.arange(len(x)), resamples=200), truth))
    assert meets_nominal(np.array(sound))
    assert not meets_nominal(np.array(broken))


def test_a_thousand_resamples_of_a_panel_take_well_under_a_second():
    random = np.random.default_rng(14)
    by_hour = random.poisson(3, (2469, 168))
    started = time.process_time()
    bootstrap_ratio(by_hour, by_hour.sum(axis=1))
    assert time.process_time() - started < 3  # about 0.6 on a quiet machine


def test_a_share_of_none_has_the_wilson_bound_and_so_has_a_share_of_all():
    total = np.arange(1, 41)
    share = bootstrap_share(np.column_stack([0 * total, total, total // 2]), total)
    # z² / (40 + z²) = 3.8415 / 43.8415
    assert (share.value[0], share.low[0], round(share.high[0], 4)) == (0, 0, 0.0876)
    assert (share.value[1], round(share.low[1], 4), share.high[1]) == (1, 0.9124, 1)
    assert share.low[2] < share.value[2] < share.high[2]


def test_a_part_is_not_more_than_the_total():
    with pytest.raises(ValueError, match="part of a total"):
        bootstrap_share([3, 1], [2, 2])


def test_the_share_of_the_top_tenth_is_covered():
    random = np.random.default_rng(15)
    # Lorenz curve of the exponential distribution: the top tenth has 0.1 (1 - log 0.1) of the total
    truth = 0.1 * (1 - np.log(0.1))
    sound = []
    for _ in range(600):
        shares = bootstrap_rank_shares(random.exponential(200, 150), resamples=300)
        sound.append(shares.low[0] <= truth <= shares.high[0])
    assert meets_nominal(np.array(sound))


def test_the_errors_of_rank_shares_are_those_of_many_samples():
    random = np.random.default_rng(16)

    def sample():
        return np.sort(random.exponential(200, 1500))[::-1]

    many = np.array([rank_shares._rank_shares(np.ones((1, 1500)), sample(), 5)[0][0] for _ in range(600)])
    errors = np.mean([rank_shares._rank_shares(np.ones((1, 1500)), sample(), 5)[1][0] for _ in range(40)], axis=0)
    assert errors == pytest.approx(many.std(axis=0), rel=0.12)

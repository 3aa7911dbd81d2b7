"""Partial pooling: the field's own example, a reference by simulation, coverage where the truth is known."""

import numpy as np
import pytest

from customer_patterns.estimates import pool_means

# Effects of coaching in eight schools (Rubin 1981; Gelman et al., Bayesian Data Analysis, table 5.2).
EFFECTS = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]
ERRORS = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]


def gibbs(y, s, draws=60_000, seed=3):
    """The same model by simulation, as it is written down: means given the spread, the spread given means."""
    random = np.random.default_rng(seed)
    y, s = np.array(y), np.array(s)
    k, spread, kept = len(y), 5.0, []
    means = y.copy()
    for draw in range(draws):
        center = random.normal(means.mean(), spread / np.sqrt(k))
        # flat on the spread: inverse chi-square with k - 1 degrees of freedom
        spread = np.sqrt(((means - center) ** 2).sum() / random.chisquare(k - 1))
        own = spread**2 / (spread**2 + s**2)
        means = random.normal(own * y + (1 - own) * center, s * np.sqrt(own))
        if draw > 2000:
            kept.append(means)
    return np.array(kept)


def test_the_eight_schools():
    pooled = pool_means(EFFECTS, ERRORS)
    simulated = gibbs(EFFECTS, ERRORS)
    assert pooled.interval.value == pytest.approx(simulated.mean(axis=0), abs=0.6)
    assert pooled.interval.low == pytest.approx(np.quantile(simulated, 0.025, axis=0), abs=1.8)
    assert pooled.interval.high == pytest.approx(np.quantile(simulated, 0.975, axis=0), abs=1.8)
    # the book: the best school's 28 comes down to about 11, and all means lie between 5 and 12
    assert pooled.interval.value[0] == pytest.approx(11, abs=1)
    assert pooled.interval.value.min() > 4.5


def test_groups_that_agree_are_pooled_and_large_ones_that_differ_stay_as_they_are():
    alike = pool_means([10.0, 10.2, 9.9, 10.1, 10.0], [5.0] * 5)
    assert alike.own_weight.max() < 0.3
    apart = pool_means([10.0, 50.0, 90.0, 130.0], [0.5] * 4)
    assert apart.interval.value == pytest.approx([10, 50, 90, 130], abs=0.1)
    assert apart.own_weight.min() > 0.99


def test_the_smaller_the_group_the_closer_to_the_others():
    pooled = pool_means([100.0, 100.0, 100.0, 140.0, 140.0], [3.0, 3.0, 3.0, 5.0, 40.0])
    assert pooled.interval.value[3] > pooled.interval.value[4] > 100
    assert pooled.interval.high[4] - pooled.interval.low[4] < 2 * 1.96 * 40


def test_two_groups_are_not_pooled():
    pooled = pool_means([10.0, 20.0], [1.0, 2.0])
    assert pooled.interval.value.tolist() == [10, 20]
    assert pooled.interval.low == pytest.approx([10 - 1.96, 20 - 3.92], abs=0.01)
    assert pooled.own_weight.tolist() == [1, 1]


@pytest.mark.parametrize("errors", [[1.0, 0.0, 1.0], [1.0, np.nan, 1.0]])
def test_an_error_that_says_nothing_is_refused(errors):
    with pytest.raises(ValueError, match="above 0"):
        pool_means([1.0, 2.0, 3.0], errors)


def test_intervals_hold_and_pooled_means_are_nearer_the_truth_than_those_of_each_group():
    random = np.random.default_rng(11)
    held = held_by_twin = squared = squared_alone = 0.0
    replicates, groups = 400, 8
    for _ in range(replicates):
        truth = random.normal(100, 10, groups)
        errors = random.uniform(3, 30, groups)
        y = random.normal(truth, errors)
        pooled = pool_means(y, errors)
        held += ((pooled.interval.low <= truth) & (truth <= pooled.interval.high)).mean()
        # The twin pools all the way: one mean for everybody.
        weight = 1 / errors**2
        center, reach = (weight * y).sum() / weight.sum(), 1.96 / np.sqrt(weight.sum())
        held_by_twin += (np.abs(truth - center) <= reach).mean()
        squared += ((pooled.interval.value - truth) ** 2).mean()
        squared_alone += ((y - truth) ** 2).mean()
    assert 0.93 <= held / replicates <= 0.985
    assert held_by_twin / replicates < 0.8
    assert squared < 0.6 * squared_alone

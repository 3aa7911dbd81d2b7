"""The NBD-Dirichlet beside published numbers and simulated markets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln, gammaln
from scipy.stats import nbinom

from customer_patterns.behavior.market import Market, expected_buying, expected_duplication, fit_market

# Toothpaste in the UK, first quarter of 1973: Goodhardt, Ehrenberg and Chatfield (1984), as in the manual of the R
# package NBDdirichlet (F. Chen), which prints M = 1.46, K = 0.78 and S = 1.55.
PENETRATION, RATE = 0.56, 2.6
SHARES = [0.25, 0.19, 0.10, 0.10, 0.09, 0.08, 0.03, 0.02]
BRAND_PENETRATION = [0.20, 0.17, 0.09, 0.08, 0.08, 0.07, 0.03, 0.02]


def toothpaste():
    return fit_market(PENETRATION * RATE, PENETRATION, SHARES, BRAND_PENETRATION)


def market(mean, shape, loyalty, shares):
    return Market(np.array([mean]), np.array([shape]), np.array([loyalty]), np.array([shares], dtype=float))


def test_the_fit_of_the_published_example():
    fitted = toothpaste()
    assert fitted.mean[0] == pytest.approx(1.456)
    assert fitted.shape[0] == pytest.approx(0.78, abs=0.005)
    # The package averages one S for each brand; from figures of two digits these reach from 0.9 to 2.3.
    assert fitted.loyalty[0] == pytest.approx(1.55, abs=0.1)


def test_what_is_expected_in_the_published_example():
    # Printed for these numbers with S = 1.3 in the guide of the package's port to Python.
    expected = expected_buying(market(1.456, 0.7788, 1.3, SHARES))
    assert expected.penetration[0].round(2).tolist() == [0.20, 0.16, 0.09, 0.09, 0.08, 0.07, 0.03, 0.02]
    assert expected.frequency[0].round(2).tolist() == [1.82, 1.76, 1.68, 1.68, 1.67, 1.66, 1.62, 1.61]
    of_the_category = expected.frequency[0] / expected.requirements[0]
    assert of_the_category.round(2).tolist() == [3.16, 3.22, 3.30, 3.30, 3.31, 3.32, 3.37, 3.38]
    also = expected_duplication(market(1.456, 0.7788, 1.3, SHARES))[0, 0]
    assert also.round(2).tolist() == [1.00, 0.19, 0.10, 0.10, 0.09, 0.08, 0.03, 0.02]


def by_hand(mean, shape, loyalty, share):
    """Penetration as the sum over purchases of the category of what scipy's negative and beta-binomials say."""
    n = np.arange(4000)
    chances = nbinom.pmf(n, shape, shape / (shape + mean))
    alpha, beta = loyalty * share, loyalty * (1 - share)
    return 1 - (chances * np.exp(betaln(alpha, beta + n) - betaln(alpha, beta))).sum()


@given(
    st.floats(0.2, 30), st.floats(0.2, 5), st.floats(0.2, 20), st.lists(st.floats(0.02, 0.3), min_size=1, max_size=3)
)
@settings(max_examples=40, deadline=None)
def test_penetration_is_that_of_the_two_distributions(mean, shape, loyalty, shares):
    expected = expected_buying(market(mean, shape, loyalty, shares))
    assert expected.penetration[0] == pytest.approx([by_hand(mean, shape, loyalty, p) for p in shares], rel=1e-4)
    assert expected.penetration[0] * expected.frequency[0] == pytest.approx(mean * np.array(shares))
    assert (expected.requirements[0] <= 1).all()
    assert (expected.requirements[0] >= np.array(shares) - 1e-9).all()


@given(st.floats(0.5, 20), st.floats(0.3, 4), st.floats(0.3, 15))
@settings(max_examples=30, deadline=None)
def test_a_market_that_follows_the_model_gives_its_numbers_back(mean, shape, loyalty):
    true = market(mean, shape, loyalty, [0.4, 0.3, 0.2, 0.1])
    buys = 1 - (1 + mean / shape) ** -shape
    fitted = fit_market(mean, buys, true.shares, expected_buying(true).penetration)
    assert fitted.shape[0] == pytest.approx(shape, rel=1e-4)
    assert fitted.loyalty[0] == pytest.approx(loyalty, rel=1e-3)


def test_small_brands_suffer_twice_and_loyalty_lies_between_one_brand_and_all_alike():
    for loyalty in (0.2, 2, 50):
        expected = expected_buying(market(5, 1, loyalty, [0.5, 0.3, 0.15, 0.05]))
        assert (np.diff(expected.penetration[0]) < 0).all()
        assert (np.diff(expected.frequency[0]) < 0).all()
    faithful = expected_buying(market(5, 1, 0.01, [0.5, 0.5])).requirements[0]
    alike = expected_buying(market(5, 1, 1e5, [0.5, 0.5])).requirements[0]
    assert faithful[0] > 0.98
    assert alike[0] < 0.65


def test_several_markets_are_fitted_as_each_by_itself():
    means, buys = np.array([1.456, 3.0, 8.0]), np.array([0.56, 0.7, 0.85])
    shares = np.array([[0.4, 0.3], [0.5, 0.2], [0.2, 0.1]])
    seen = np.array([[0.3, 0.25], [0.5, 0.3], [0.5, 0.3]])
    together = fit_market(means, buys, shares, seen)
    for i in range(3):
        alone = fit_market(means[i], buys[i], shares[i], seen[i])
        assert (alone.shape[0], alone.loyalty[0]) == pytest.approx((together.shape[i], together.loyalty[i]), rel=1e-6)


def test_the_twin_that_forgets_that_customers_have_brands_of_their_own_misses_the_published_penetrations():
    # All customers choose alike: multinomial choice, S without end.
    n = np.arange(1000)
    log_chances = gammaln(0.7788 + n) - gammaln(0.7788) - gammaln(n + 1)
    chances = np.exp(log_chances + 0.7788 * np.log(0.7788 / 2.2348) + n * np.log(1.456 / 2.2348))
    twin = 1 - (chances * (1 - 0.25) ** n).sum()
    assert abs(twin - BRAND_PENETRATION[0]) > 0.03
    assert abs(expected_buying(toothpaste()).penetration[0, 0] - BRAND_PENETRATION[0]) < 0.01

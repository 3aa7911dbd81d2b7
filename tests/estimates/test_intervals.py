import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from customer_patterns.estimates import (
    Interval,
    NotEnoughData,
    bounded,
    estimate_from_row,
    in_row,
    normal,
    percentiles,
    renamed,
    wilson,
    with_interval,
)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # z² = 3.8415: center (5 + 1.9207) / 13.8415 = 0.5, half sqrt(3.8415 · (2.5 + 0.9604)) / 13.8415 = 0.2634
        (5, 10, 0.2366, 0.7634),
        # 0 + z²/2 ± z²/2, by 10 + z²
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        # Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81 of 263 is 0.2553 to 0.3662
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_published_intervals(successes, n, low, high):
    share = wilson(successes, n)
    assert (round(float(share.low), 4), round(float(share.high), 4)) == (low, high)


def test_wilson_of_nobody_is_missing():
    share = wilson([0, 3], [0, 4])
    assert np.isnan(share.value[0])
    assert np.isnan(share.low[0])
    assert np.isfinite(share.high[1])


def test_wilson_refuses_more_successes_than_customers():
    with pytest.raises(ValueError, match="from 0 to n"):
        wilson(3, 2)


def test_wilson_holds_its_share_everywhere():
    n = np.repeat(np.arange(1, 200), 200)
    k = np.minimum(np.tile(np.arange(200), 199), n)
    share = wilson(k, n)
    assert (share.low <= share.value).all()
    assert (share.value <= share.high).all()
    assert (share.low >= 0).all()
    assert (share.high <= 1).all()


def test_an_estimate_comes_from_its_row():
    table = with_interval(pd.DataFrame({"n": [40, 2]}), "spend", Interval(*np.array([[7, 9], [6, 8], [9, 11]])))
    figure = estimate_from_row(table.iloc[0], "spend", of="households", unit="currency")
    assert (figure.value, figure.low, figure.high, figure.n) == (7, 6, 9, 40)
    assert figure == estimate_from_row(table[table["n"] == 40], "spend", of="households", unit="currency")


def test_a_suppressed_row_gives_no_estimate():
    row = pd.Series({"n": 4, "spend": math.nan, "spend_low": math.nan, "spend_high": math.nan})
    with pytest.raises(NotEnoughData, match="4 households"):
        estimate_from_row(row, "spend", of="households", unit="currency")


def test_an_estimate_comes_from_one_row_only():
    table = pd.DataFrame({"n": [1, 1], "spend": [1, 1], "spend_low": [1, 1], "spend_high": [1, 1]})
    with pytest.raises(ValueError, match="got 2"):
        estimate_from_row(table, "spend", of="households", unit="currency")


def test_a_row_without_interval_is_an_error():
    with pytest.raises(KeyError, match="spend_low"):
        estimate_from_row({"spend": 1.0, "n": 3}, "spend", of="households", unit="currency")


def test_figures_with_their_bounds_travel_by_one_naming():
    """What a frame gets, what a row gets and what is blanked are the same three columns, value first."""
    found = Interval(np.array([0.5, 2.0]), np.array([0.25, 1.0]), np.array([0.75, 4.0]))
    table = with_interval(pd.DataFrame({"n": [3, 4]}), "share", found)
    assert list(table.columns) == ["n", *bounded("share")]
    rows = pd.DataFrame([in_row("share", found.part(place)) for place in (0, 1)])
    assert rows.equals(table[bounded("share")])
    assert in_row("share", (1 / 3, 0, 1), digits=2) == {"share": 0.33, "share_low": 0.0, "share_high": 1.0}
    named = table.rename(columns=renamed("share", "part"))
    assert list(named.columns) == ["n", "part", "part_low", "part_high"]
    assert bounded("a", "b") == ["a", "a_low", "a_high", "b", "b_low", "b_high"]


def test_a_normal_interval_reaches_as_far_as_the_normal_distribution_says():
    found = normal([10.0, 0.0], [2.0, 0.0])
    assert found.low == pytest.approx(norm.ppf(0.025, [10.0, 0.0], [2.0, 1e-300]))
    assert found.high[0] == pytest.approx(norm.ppf(0.975, 10.0, 2.0))


def test_percentiles_hold_the_figure_and_pass_over_what_cannot_be_computed():
    drawn = np.arange(1.0, 102.0)  # the 2.5th percentile of 1 to 101 is 3.5, the 97.5th 98.5
    assert [float(part) for part in percentiles(50.0, drawn)] == [50.0, 3.5, 98.5]
    assert [float(part) for part in percentiles(2.0, drawn)] == [2.0, 2.0, 98.5]
    two = percentiles([50.0, 200.0], np.column_stack([np.r_[drawn, np.nan], np.r_[drawn, 1.0]]))
    assert two.low[0] == 3.5
    assert two.high[1] == 200.0

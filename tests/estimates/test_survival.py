import numpy as np
import pytest

from customer_patterns.estimates import NotEnoughData, kaplan_meier, survival_quantile

# Weeks in remission under 6-mercaptopurine (Freireich et al. 1963, Blood 21, 699–716); a minus: still in remission.
REMISSION = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35]


def remission():
    weeks = np.array(REMISSION)
    return kaplan_meier(np.abs(weeks), weeks > 0)


def test_kaplan_meier_gives_the_textbook_curve():
    curve = remission().query("events > 0")
    # 18/21, then times 16/17, 14/15, 11/12, 10/11, 6/7, 5/6: Kalbfleisch and Prentice (2002), table 1.2
    assert curve["days"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve["survival"].round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]


def test_kaplan_meier_gives_the_textbook_interval():
    curve = remission().query("events > 0")
    # What R's survfit(conf.type = "log-log") prints for these data.
    assert curve["survival_low"].round(3).tolist() == [0.620, 0.563, 0.503, 0.432, 0.368, 0.268, 0.188]
    assert curve["survival_high"].round(3).tolist() == [0.952, 0.923, 0.889, 0.849, 0.805, 0.747, 0.680]


def test_the_median_has_a_lower_bound_but_no_upper_one_while_the_curve_stays_up():
    median = survival_quantile(remission())
    assert (median.value, median.low) == (23, 13)
    assert np.isnan(median.high)


def test_a_curve_that_never_comes_down_has_no_median():
    assert np.isnan(survival_quantile(kaplan_meier([3, 5, 8], [True, False, False])).value)


def test_without_censoring_survival_is_the_share_that_is_left():
    curve = kaplan_meier([1, 2, 2, 4], [True] * 4)
    assert curve["survival"].tolist() == [0.75, 0.25, 0.0]


def test_an_event_comes_before_a_censoring_of_the_same_day():
    # Both are at risk on day 2, so one of two goes.
    assert kaplan_meier([2, 2], [True, False])["survival"].tolist() == [0.5]


def test_ignoring_censoring_would_shorten_the_wait():
    random = np.random.default_rng(3)
    wait, looked = random.exponential(10, 4000), random.uniform(0, 20, 4000)
    days, seen = np.minimum(wait, looked), wait <= looked
    honest = float(survival_quantile(kaplan_meier(days, seen)).value)
    broken = float(np.median(days[seen]))
    assert abs(honest - 10 * np.log(2)) < 0.6
    assert broken < 0.7 * 10 * np.log(2)


def test_spells_of_one_customer_widen_the_interval():
    random = np.random.default_rng(4)
    pace = random.gamma(2, 3, 60).repeat(20)
    days = 1 + random.poisson(pace)
    seen = np.ones(len(days), dtype=bool)
    alone = kaplan_meier(days, seen).set_index("days").loc[5]
    clustered = kaplan_meier(days, seen, np.arange(60).repeat(20)).set_index("days").loc[5]
    assert clustered["survival"] == alone["survival"]
    width = clustered["survival_high"] - clustered["survival_low"]
    assert width > 1.5 * (alone["survival_high"] - alone["survival_low"])


def test_no_spell_is_not_enough():
    with pytest.raises(NotEnoughData, match="has 0"):
        kaplan_meier([], [])
    with pytest.raises(NotEnoughData, match="at least 2 customers, has 1"):
        kaplan_meier([3, 4], [True, True], ["a", "a"])

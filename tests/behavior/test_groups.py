from datetime import date

import numpy as np
import pytest

from customer_patterns import behavior
from customer_patterns.behavior.groups import _place
from customer_patterns.behavior.tables import ATTRIBUTES
from customer_patterns.features.cells import suppress

YEAR = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}


@pytest.fixture
def people(table):
    """Customers by age: the number of each, all else unknown."""

    def make(**ages):
        rows = []
        for age, size in ages.items():
            age = age.replace("to", "-").replace("age", "")
            for i in range(size):
                known = age != "unknown"
                rows.append(
                    {"customer_id": f"{age}{i:03d}", "has_demographics": known}
                    | dict.fromkeys(ATTRIBUTES, "unknown")
                    | {"age_group": age}
                )
        return table(rows)

    return make


def spending(**ages):
    """One order of each customer: the age's revenue, give or take a dollar."""
    rows = []
    for age, (size, revenue) in ages.items():
        age = age.replace("to", "-").replace("age", "")
        rows += [(f"{age}{i:03d}", "2017-05-03 16:00", revenue + (-1) ** i) for i in range(size)]
    return rows


def by_age(spend):
    return spend[spend["attribute"] == "age group"].set_index("level")


def test_spend_is_the_mean_of_a_groups_members_by_month(orders, people):
    rows = spending(age25to34=(40, 365.25), age45to54=(60, 730.5), unknown=(100, 73.05))
    spend = by_age(behavior.spend_by_group(orders(rows), people(age25to34=40, age45to54=60, unknown=100), **YEAR))
    # 365 days are 11.99 months of 30.44 days
    assert spend["monthly_spend"].round(2).to_dict() == {"25-34": 30.46, "45-54": 60.92, "unknown": 6.09}
    assert spend["n"].tolist() == [40, 60, 100]
    assert (spend["monthly_spend_low"] < spend["monthly_spend"]).all()


def test_those_of_whom_nothing_is_known_stand_last(orders, people):
    rows = spending(unknown=(40, 10), age65=(40, 20), age19to24=(40, 30))
    spend = by_age(behavior.spend_by_group(orders(rows), people(unknown=40, age65=40, age19to24=40), **YEAR))
    assert spend.index.tolist() == ["19-24", "65", "unknown"]


@pytest.mark.parametrize(
    "levels",
    [
        ["Under 15K", "15-24K", "100-124K", "250K+", "unknown"],
        ["1", "2", "3", "5+", "unknown"],
        ["Homeowner", "Probable Renter", "Renter", "unknown"],
    ],
)
def test_levels_stand_in_the_order_a_reader_expects(levels):
    assert sorted(reversed(levels), key=_place) == levels


def test_a_group_below_the_floor_is_blank_and_cannot_be_worked_out(orders, people):
    sizes = {"age19to24": 29, "age25to34": 31, "age45to54": 60, "unknown": 100}
    rows = spending(**{age: (size, 100) for age, size in sizes.items()})
    spend = by_age(behavior.spend_by_group(orders(rows), people(**sizes), **YEAR, min_group=30))
    assert spend["suppressed"].to_dict() == {
        "19-24": "too few",
        "25-34": "to protect another",
        "45-54": "no",
        "unknown": "no",
    }
    assert spend.loc[["19-24", "25-34"], ["n", "monthly_spend", "monthly_spend_high"]].isna().all(axis=None)


def test_no_setting_shows_a_group_of_nine(orders, people):
    with pytest.raises(ValueError, match="never shown"):
        behavior.spend_by_group(orders(spending(unknown=(40, 10))), people(unknown=40), **YEAR, min_group=5)


def test_an_attribute_nobody_has_is_an_error_that_names_those_there_are(orders, people):
    spend = behavior.spend_by_group(orders(spending(unknown=(40, 10))), people(unknown=40), **YEAR)
    with pytest.raises(ValueError, match="age group"):
        behavior.spend_of(spend, "shoe_size")
    assert behavior.spend_of(spend, "age_group")["level"].tolist() == ["unknown"]


def test_the_described_stand_beside_the_others(orders, people):
    rows = spending(age45to54=(20, 100), unknown=(30, 50)) + spending(age45to54=(20, 100)) * 2
    rows += [(f"unknown{i:03d}", "2017-12-20 16:00", 1) for i in range(12)]
    book, who = orders(rows), people(age45to54=20, unknown=30)
    table = behavior.described_and_others(book, who, **YEAR, silent_days=56).set_index("customers_with")
    assert table["n"].tolist() == [20, 30, 50]
    assert table["median_orders"].tolist() == [3, 1, 2]
    # All described were last seen on 3 May; 18 of the others too, 12 in December.
    assert table["silent"].tolist() == [1, 0.6, 38 / 50]


def test_if_too_few_are_described_neither_part_is_shown(orders, people):
    book = orders(spending(age45to54=(5, 100), unknown=(30, 50)))
    who = people(age45to54=5, unknown=30)
    table = behavior.described_and_others(book, who, **YEAR, silent_days=56).set_index("customers_with")
    assert table["suppressed"].tolist() == ["too few", "to protect another", "no"]
    assert table.loc[["described", "not described"], ["n", "monthly_spend"]].isna().all(axis=None)


def test_customers_without_an_order_in_the_period_are_not_counted(orders, people):
    book = orders(spending(unknown=(40, 10)))
    spend = by_age(behavior.spend_by_group(book, people(unknown=70), **YEAR))
    assert spend.at["unknown", "n"] == 40


@pytest.mark.parametrize("seed", range(20))
def test_what_is_blank_cannot_be_had_by_subtraction(seed):
    import pandas as pd

    random = np.random.default_rng(seed)
    sizes = random.integers(0, 40, random.integers(3, 12))
    table = suppress(pd.DataFrame({"n": sizes, "spend": 1.0 * sizes}), ["spend"], partition=True)
    hidden = table["suppressed"] != "no"
    assert not (~hidden & (sizes > 0) & (sizes < 10)).any()
    if hidden.any():
        everyone = hidden[sizes > 0].all()
        assert everyone or (hidden.sum() >= 2 and sizes[hidden].sum() >= 10)
    assert table.loc[hidden, ["n", "spend"]].isna().all(axis=None)

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


def test_a_small_group_is_drawn_toward_the_others_and_the_unknown_are_not(orders, people):
    sizes = {"age19to24": 30, "age25to34": 300, "age35to44": 300, "age45to54": 300, "unknown": 50}
    random = np.random.default_rng(4)
    rows = []
    for age, size in sizes.items():
        mean = {"age19to24": 160, "unknown": 20}.get(age, 100)
        label = age.replace("to", "-").replace("age", "")
        rows += [(f"{label}{i:03d}", "2017-05-03 16:00", round(random.gamma(1, mean), 2)) for i in range(size)]
    spend = by_age(behavior.spend_by_group(orders(rows), people(**sizes), **YEAR))
    small, large = spend.loc["19-24"], spend.loc["25-34"]
    others = spend.loc[["25-34", "35-44", "45-54"], "monthly_spend"].mean()
    assert others < small["pooled_spend"] < small["monthly_spend"]
    assert small["own_weight"] < large["own_weight"] < 1
    assert abs(large["pooled_spend"] - large["monthly_spend"]) < abs(small["pooled_spend"] - small["monthly_spend"])
    assert spend.at["unknown", "pooled_spend"] == spend.at["unknown", "monthly_spend"]
    assert spend.at["unknown", "own_weight"] == 1
    # by hand: the pooled mean is a mixture of the level's own and a center between the levels
    assert small["pooled_spend"] == pytest.approx(
        small["own_weight"] * small["monthly_spend"] + (1 - small["own_weight"]) * others, rel=0.06
    )


def test_areas_are_those_of_the_delivery_or_else_of_the_traits(orders, table):
    rows = [(f"c{i:02d}", "2017-05-03 16:00", 10 + i % 3) for i in range(80)]
    customers = table([{"customer_id": f"c{i:02d}", "region_id": "R1" if i < 40 else "unknown"} for i in range(80)])
    traits = table([{"customer_id": f"c{i:02d}", "region_id": "R2"} for i in range(20, 70)])
    regions = table([{"region_id": "R1", "area_type": "urban"}, {"region_id": "R2", "area_type": "rural"}])
    spend = behavior.spend_by_area(orders(rows), customers, traits, regions, **YEAR, min_group=10)
    assert spend.set_index("level")["n"].to_dict() == {"rural": 30, "urban": 40, "unknown": 10}
    nowhere = regions.filter(regions.region_id == "R9")
    assert behavior.spend_by_area(orders(rows), customers, traits, nowhere, **YEAR).empty

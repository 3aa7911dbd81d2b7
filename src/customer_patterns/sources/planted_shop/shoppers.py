"""Who shops in the planted shop: types of shopper, and each customer's own rate, habits, dates and household."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.settings import SEPARATIONS

#: The shop's door is open from this hour to midnight, local time.
OPENS = 6


@dataclass(frozen=True)
class ShopperType:
    """How customers of one type shop.

    Attributes
    ----------
    share
        Share of the customers who are of this type.
    orders_per_week, rate_shape
        Mean and shape of the gamma distribution of their purchase rates.
    picks_per_order
        Mean number of products picked up per order, before the household's own factors.
    weekdays
        Relative chance of an order on Monday to Sunday; 1 on average.
    peaks
        (hour, width in hours, share) of the times of day at which they come, local time.
    tastes
        Factor on the chance to pick up a product, by category or department.
    """

    name: str
    share: float
    orders_per_week: float
    rate_shape: float
    picks_per_order: float
    weekdays: tuple[float, ...]
    peaks: tuple[tuple[float, float, float], ...]
    tastes: dict[str, float] = field(default_factory=dict)

    def hours(self) -> np.ndarray:
        """Return the chance of an order in each of the 24 local hours (0 before the shop opens; sums to 1)."""
        hour = np.arange(24) + 0.5
        chance = sum(part * np.exp(-0.5 * ((hour - middle) / width) ** 2) for middle, width, part in self.peaks)
        chance[:OPENS] = 0.0
        return chance / chance.sum()

    def days(self) -> np.ndarray:
        """Return the relative chance of an order on Monday to Sunday (1 on average)."""
        weights = np.array(self.weekdays)
        return weights * 7 / weights.sum()


TYPES: tuple[ShopperType, ...] = (
    ShopperType(
        "weekend stock-up",
        share=0.30,
        orders_per_week=0.6,
        rate_shape=4.0,
        picks_per_order=13.0,
        weekdays=(0.6, 0.6, 0.6, 0.7, 1.1, 2.1, 1.3),
        peaks=((11.0, 2.0, 0.7), (16.0, 2.0, 0.3)),
        tastes={"DRUG GM": 1.8, "CANNED FOOD": 1.4, "BEVERAGES": 1.2},
    ),
    ShopperType(
        "evening top-up",
        share=0.35,
        orders_per_week=1.3,
        rate_shape=3.0,
        picks_per_order=3.5,
        weekdays=(1.3, 1.3, 1.2, 1.2, 1.0, 0.5, 0.5),
        peaks=((20.0, 1.8, 0.85), (12.5, 1.0, 0.15)),
        tastes={"SNACKS": 1.9, "FROZEN": 1.8, "PRODUCE": 0.6},
    ),
    ShopperType(
        "daytime fresh",
        share=0.20,
        orders_per_week=1.0,
        rate_shape=3.0,
        picks_per_order=6.0,
        weekdays=(0.9, 1.1, 1.1, 1.2, 1.2, 0.9, 0.6),
        peaks=((9.5, 1.5, 0.7), (15.0, 1.5, 0.3)),
        tastes={"PRODUCE": 2.2, "MEAT": 1.7, "SNACKS": 0.5, "FROZEN": 0.5},
    ),
    ShopperType(
        "occasional",
        share=0.15,
        orders_per_week=0.12,
        rate_shape=1.5,
        picks_per_order=5.0,
        weekdays=(1.0, 1.0, 1.0, 1.0, 1.1, 1.1, 0.8),
        peaks=((14.0, 4.0, 1.0),),
        tastes={"BEVERAGES": 1.6},
    ),
)


def shopper_types(separation: str) -> tuple[ShopperType, ...]:
    """Return the types of shopper, as far apart as a separation says; ``easy`` are :data:`TYPES` themselves.

    Everything in which a type differs from the average shopper is drawn towards that average on the log scale: rate,
    size of the order, weekdays, hours, tastes.
    """
    apart = SEPARATIONS[separation]
    if apart == 1:
        return TYPES
    share = np.array([shopper.share for shopper in TYPES])

    def drawn_in(name: str) -> list[float]:
        own = np.log([getattr(shopper, name) for shopper in TYPES])
        middle = float(own @ share)
        return [float(value) for value in np.exp(middle + apart * (own - middle)).round(6)]

    rates, sizes = drawn_in("orders_per_week"), drawn_in("picks_per_order")
    everyone = tuple(peak for shopper in TYPES for peak in _scaled(shopper.peaks, (1 - apart) * shopper.share))
    return tuple(
        replace(
            shopper,
            orders_per_week=rate,
            picks_per_order=size,
            weekdays=tuple(round(day**apart, 6) for day in shopper.weekdays),
            peaks=(*_scaled(shopper.peaks, apart), *everyone),
            tastes={name: round(factor**apart, 6) for name, factor in shopper.tastes.items()},
        )
        for shopper, rate, size in zip(TYPES, rates, sizes, strict=True)
    )


def _scaled(peaks: tuple[tuple[float, float, float], ...], part: float) -> tuple[tuple[float, float, float], ...]:
    """Peaks of the day with a part of their shares."""
    return tuple((middle, width, share * part) for middle, width, share in peaks)


#: Planted differences: factor on the number of products picked up per order. Every level of home ownership has
#: exactly the same; ownership is drawn apart from everything else, so its true difference is zero in any measure.
BASKET_FACTORS: dict[str, dict[str, float]] = {
    "income_group": {
        "Under 15K": 0.80,
        "25-34K": 0.90,
        "35-49K": 1.00,
        "50-74K": 1.10,
        "75-99K": 1.25,
        "125-149K": 1.45,
    },
    "household_size": {"1": 0.85, "2": 1.00, "3": 1.10, "4": 1.20, "5+": 1.30},
    "home_ownership": {"Homeowner": 1.00, "Renter": 1.00},
}
#: Which demographic column makes no difference at all.
ZERO_DIFFERENCE = "home_ownership"

_INCOME_SHARES = (0.10, 0.16, 0.26, 0.26, 0.14, 0.08)
_AGE_SHARES = {"19-24": 0.06, "25-34": 0.18, "35-44": 0.24, "45-54": 0.28, "55-64": 0.12, "65+": 0.12}
_SIZE_SHARES = (0.30, 0.36, 0.15, 0.11, 0.08)
_OWNER_SHARE = 0.65
#: Share of described customers whose home ownership, or marital status, was left blank.
_BLANK_SHARE = 0.15

#: Customers live in areas of so many, each with its own stores: a larger shop is more areas, not fuller stores.
AREA, STORES_PER_AREA = 10_000, 5

#: Share of customers who were customers before the window opens, and of those who leave for good inside it.
BEFORE_SHARE = 0.80
LEAVER_SHARE = 0.12
#: Share of customers who ever buy fuel here.
FUEL_SHARE = 0.40


def plan_customers(
    rng: np.random.Generator,
    *,
    customers: int,
    first_day: date,
    last_day: date,
    types: tuple[ShopperType, ...] = TYPES,
) -> pd.DataFrame:
    """Plan the customers of the shop: what is true of each of them.

    Parameters
    ----------
    rng
        Where chance comes from.
    customers
        How many.
    first_day, last_day
        The study window; who starts or leaves inside it does so between these days.
    types
        The types of shopper.

    Returns
    -------
    DataFrame
        One row per customer, by ``customer_id``: ``shopper_type``, ``orders_per_week`` (while active),
        ``picks_per_order`` (expected), ``home_store``, ``starts_on`` (first day as a customer, mostly before the
        window), ``starts_inside``, ``leaves_on`` (the first day from which nothing is bought any more; missing for who
        stays), ``buys_fuel``, ``basket_factor`` (product of the planted demographic factors), the true demographic
        levels, ``described`` (whether the shop knows them), ``home_blank`` and ``marital_blank`` (described, but this
        cell was left empty).
    """
    shares = np.array([shopper.share for shopper in types])
    kind = rng.choice(len(types), size=customers, p=shares / shares.sum())
    shape = np.array([shopper.rate_shape for shopper in types])[kind]
    rate = rng.gamma(shape) / shape * np.array([shopper.orders_per_week for shopper in types])[kind]

    household = _households(rng, customers)
    factor = np.ones(customers)
    for column, factors in BASKET_FACTORS.items():
        factor *= household[column].map(factors).to_numpy()
    own = np.exp(rng.normal(0.0, 0.25, customers) - 0.25**2 / 2)
    picks = np.maximum(np.array([shopper.picks_per_order for shopper in types])[kind] * factor * own, 1.0)

    days = (last_day - first_day).days + 1
    inside = rng.random(customers) >= BEFORE_SHARE
    start = np.where(inside, rng.integers(1, days, customers), -rng.integers(1, 3 * 365, customers))
    leaves = rng.random(customers) < LEAVER_SHARE
    # Who leaves has been a customer of the window for four weeks or more, as far as the window allows.
    earliest = np.maximum(start, 0) + 28
    leave = earliest + (rng.random(customers) * np.maximum(days - earliest, 0)).astype(int)
    leaves &= leave < days

    # Who is described is who shops more often: the selection that every comparison by demographics inherits.
    tilt = 1.3 * (np.log(rate) - np.median(np.log(rate)))
    described = rng.random(customers) < 1 / (1 + np.exp(-tilt))

    table = pd.DataFrame(
        {
            "customer_id": [f"{number:07d}" for number in range(1, customers + 1)],
            "shopper_type": np.array([shopper.name for shopper in types], dtype=object)[kind],
            "orders_per_week": rate,
            "picks_per_order": picks,
            "home_store": rng.integers(1, STORES_PER_AREA + 1, customers) + first_store_of(np.arange(customers)) - 1,
            "starts_on": [first_day + timedelta(days=int(day)) for day in start],
            "starts_inside": inside,
            "leaves_on": [
                first_day + timedelta(days=int(day)) if gone else None for day, gone in zip(leave, leaves, strict=True)
            ],
            "buys_fuel": rng.random(customers) < FUEL_SHARE,
            "basket_factor": factor,
        }
    )
    table = pd.concat([table, household], axis="columns")
    table["described"] = described
    table["home_blank"] = described & (rng.random(customers) < _BLANK_SHARE)
    table["marital_blank"] = described & (rng.random(customers) < _BLANK_SHARE)
    return table


def first_store_of(row: np.ndarray) -> np.ndarray:
    """Return the number of the first store in the area of the customers in some rows."""
    return 1 + STORES_PER_AREA * (np.asarray(row) // AREA)


def _households(rng: np.random.Generator, customers: int) -> pd.DataFrame:
    """Draw the demographic levels: consistent within a household, home ownership apart from everything."""
    size = rng.choice(len(_SIZE_SHARES), size=customers, p=_SIZE_SHARES) + 1
    married = (size >= 2) & (rng.random(customers) < 0.75)
    adults = np.where(size == 1, 1, np.where(married | (rng.random(customers) < 0.5), 2, 1))
    children = size - adults
    owner = rng.random(customers) < _OWNER_SHARE
    ages = np.array(list(_AGE_SHARES), dtype=object)
    incomes = np.array(list(BASKET_FACTORS["income_group"]), dtype=object)
    adult_words = np.where(adults == 1, "1 Adult ", "2 Adults ").astype(object)
    return pd.DataFrame(
        {
            "age_group": rng.choice(ages, size=customers, p=list(_AGE_SHARES.values())),
            "income_group": rng.choice(incomes, size=customers, p=_INCOME_SHARES),
            "home_ownership": np.where(owner, "Homeowner", "Renter").astype(object),
            "marital_status": np.where(married, "Married", "Unmarried").astype(object),
            "household_size": np.array(["1", "2", "3", "4", "5+"], dtype=object)[size - 1],
            "household_composition": adult_words + np.where(children > 0, "Kids", "No Kids").astype(object),
            "children": np.array(["0", "1", "2", "3+"], dtype=object)[np.minimum(children, 3)],
        }
    )

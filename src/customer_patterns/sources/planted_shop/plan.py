"""The truth of a planted shop: everything that is so, before a single purchase is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.assortment import assortment
from customer_patterns.sources.planted_shop.settings import Plan
from customer_patterns.sources.planted_shop.shoppers import (
    AREA,
    STORES_PER_AREA,
    TYPES,
    ShopperType,
    plan_customers,
    shopper_types,
)

TIME_ZONE = "America/New_York"
FIRST_DAY = date(2017, 1, 1)
LAST_DAY = date(2017, 12, 31)
#: The delivery goes on for a week after the study's last day, so that the cut at its last moment has work.
DELIVERED_UNTIL = date(2018, 1, 7)
#: The shop counts its weeks from Monday to Sunday; week 1 begins here.
WEEK_ONE = date(2016, 12, 26)
#: On this day the shop is closed.
CLOSED = date(2017, 12, 25)

#: Pairs of product types: antecedent, consequent, odds ratio within a household and basket size. 1 means: no
#: association at all, though the two meet often because many baskets are large.
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("PANCAKE MIX", "SYRUP", 8.0),
    ("DRY PASTA", "PASTA SAUCE", 4.0),
    ("TORTILLA CHIPS", "SALSA", 3.0),
    ("DIAPERS", "BABY WIPES", 5.0),
    ("MILK", "BANANAS", 1.0),
    ("COFFEE", "COOKIES", 1.0),
    ("SOUP", "CRACKERS", 1.0),
)

#: Being in the mailer, and on display, multiplies the chance to be picked up.
MAILER_RESPONSE = 1.3
DISPLAY_RESPONSE = 1.2
_PRICE_CUTS = (0.0, 0.1, 0.2, 0.3)
_PROMOTED_SHARE = 0.08

#: Campaigns: type, first day, planned last day. The last one begins after the study's last day.
_CAMPAIGNS: tuple[tuple[str, date, date], ...] = (
    ("Type A", date(2017, 2, 6), date(2017, 3, 19)),
    ("Type B", date(2017, 4, 3), date(2017, 4, 30)),
    ("Type B", date(2017, 6, 5), date(2017, 7, 2)),
    ("Type C", date(2017, 8, 28), date(2017, 10, 22)),
    ("Type A", date(2017, 11, 6), date(2017, 12, 24)),
    ("Type B", date(2017, 12, 20), date(2018, 2, 4)),
    ("Type B", date(2018, 1, 2), date(2018, 1, 28)),
)
_COUPONED = ("DAIRY", "BREAKFAST", "SNACKS", "BEVERAGES", "FROZEN", "HOUSEHOLD", "FRUIT")
_COUPONS_PER_CAMPAIGN = 3


@dataclass(frozen=True)
class Truth:
    """What is planted in a shop.

    Attributes
    ----------
    seed
        Where all chance comes from.
    customers
        One row per customer: see :func:`~customer_patterns.sources.planted_shop.shoppers.plan_customers`.
    products
        One row per product: see :func:`~customer_patterns.sources.planted_shop.assortment.assortment`.
    pairs
        One row per planted pair of product types: ``antecedent``, ``consequent``, ``odds_ratio``. Exactly 1 where the
        pair is a control.
    promotions
        One row per product, store and week in which it is promoted: ``product_id``, ``store``, ``week``,
        ``price_cut`` (share), ``display``, ``mailer`` (codes, "0": no), ``response`` (factor on the chance to be picked
        up). All are drawn by lot: the price moves for no reason but chance.
    campaigns, recipients, coupons
        Mailings, who got them (rather those who shop more), and for which product each coupon is good. A mailing
        changes nothing: not how often, nor what is bought. Its true effect is zero.
    stores
        How many stores there are.
    types
        The types of shopper.
    plan
        The settings it was planned from.
    """

    seed: int
    customers: pd.DataFrame
    products: pd.DataFrame
    pairs: pd.DataFrame
    promotions: pd.DataFrame
    campaigns: pd.DataFrame
    recipients: pd.DataFrame
    coupons: pd.DataFrame
    stores: int
    time_zone: str = TIME_ZONE
    first_day: date = FIRST_DAY
    last_day: date = LAST_DAY
    delivered_until: date = DELIVERED_UNTIL
    types: tuple[ShopperType, ...] = TYPES
    plan: Plan = field(default_factory=Plan)


def plan_shop(*, customers: int = 200, seed: int = 20170101, plan: Plan | None = None) -> Truth:
    """Plan a shop: its customers, assortment, promotions, campaigns and planted pairs.

    Parameters
    ----------
    customers
        How many customers, 1 or more.
    seed
        The same seed gives the same shop.
    plan
        All settings; ``customers`` and ``seed`` are then read from it.

    Raises
    ------
    Refusal
        For fewer than one customer or a negative seed.
    """
    plan = plan or Plan(customers=customers, seed=seed)
    rng = np.random.default_rng([plan.seed, 0])
    stores = STORES_PER_AREA * -(-plan.customers // AREA)
    products = assortment()
    types = shopper_types(plan.separation)
    people = plan_customers(rng, customers=plan.customers, first_day=FIRST_DAY, last_day=LAST_DAY, types=types)
    people["partial_on"] = _plan_partial_defection(plan, people)
    pairs = pd.DataFrame(PAIRS, columns=["antecedent", "consequent", "odds_ratio"])
    campaigns = pd.DataFrame(
        [(f"{number:02d}", *campaign) for number, campaign in enumerate(_CAMPAIGNS, start=1)],
        columns=["campaign_id", "campaign_type", "starts_on", "ends_on"],
    )
    return Truth(
        seed=plan.seed,
        customers=people,
        products=products,
        pairs=pairs.assign(odds_ratio=pairs["odds_ratio"] ** plan.pair_strength),
        promotions=_plan_promotions(rng, products, stores, plan.price_exponent),
        campaigns=campaigns,
        recipients=_plan_recipients(rng, people, campaigns),
        coupons=_plan_coupons(rng, products, campaigns),
        stores=stores,
        types=types,
        plan=plan,
    )


def _plan_partial_defection(plan: Plan, people: pd.DataFrame) -> np.ndarray:
    """Draw who begins to shop less, and on which day; missing for who does not. Who leaves for good does not."""
    rng = plan.rng("partial defection")
    days = (LAST_DAY - FIRST_DAY).days + 1
    chosen = rng.random(len(people)) < plan.partial_defectors
    start = np.array([max((day - FIRST_DAY).days, 0) for day in people["starts_on"]])
    latest = days - 56  # eight weeks of the window are left to see it in
    day = start + 56 + (rng.random(len(people)) * np.maximum(latest - start - 56, 0)).astype("int64")
    chosen &= people["leaves_on"].isna().to_numpy() & (day < latest)
    dates = [FIRST_DAY + timedelta(days=int(one)) if yes else None for one, yes in zip(day, chosen, strict=True)]
    return np.array(dates, dtype=object)


def week_of(day: date) -> int:
    """Return the shop's number of the week that holds a day."""
    return (day - WEEK_ONE).days // 7 + 1


def week_starts_on(week: int) -> date:
    """Return the Monday on which one of the shop's weeks begins."""
    return WEEK_ONE + timedelta(days=7 * (week - 1))


def _plan_promotions(
    rng: np.random.Generator, products: pd.DataFrame, stores: int, price_exponent: float
) -> pd.DataFrame:
    """Draw by lot which goods are promoted where and when, and how."""
    goods = int((products["popularity"] > 0).sum())
    weeks = week_of(DELIVERED_UNTIL)
    week, store, product = np.nonzero(rng.random((weeks, stores, goods)) < _PROMOTED_SHARE)
    size = len(week)
    cut = rng.choice(_PRICE_CUTS, size=size)
    display = rng.choice(np.array(["0", "5", "9"], dtype=object), size=size, p=(0.5, 0.3, 0.2))
    mailer = rng.choice(np.array(["0", "A", "D"], dtype=object), size=size, p=(0.3, 0.5, 0.2))
    response = (
        (1 - cut) ** -price_exponent
        * np.where(mailer == "0", 1.0, MAILER_RESPONSE)
        * np.where(display == "0", 1.0, DISPLAY_RESPONSE)
    )
    return pd.DataFrame(
        {
            "product_id": products["product_id"].to_numpy()[product],
            "store": store + 1,
            "week": week + 1,
            "price_cut": cut,
            "display": display,
            "mailer": mailer,
            "response": response,
        }
    )


def _plan_recipients(rng: np.random.Generator, customers: pd.DataFrame, campaigns: pd.DataFrame) -> pd.DataFrame:
    """Draw who receives which campaign: the more someone shops, the likelier."""
    rank = customers["orders_per_week"].rank(pct=True).to_numpy()
    chance = 0.05 + 0.6 * rank**2
    campaign, customer = np.nonzero(rng.random((len(campaigns), len(customers))) < chance)
    return pd.DataFrame(
        {
            "campaign_id": campaigns["campaign_id"].to_numpy()[campaign],
            "customer_id": customers["customer_id"].to_numpy()[customer],
        }
    )


def _plan_coupons(rng: np.random.Generator, products: pd.DataFrame, campaigns: pd.DataFrame) -> pd.DataFrame:
    """Give each campaign its coupons, each good for one category."""
    rows: list[tuple[str, str, str]] = []
    for campaign in campaigns["campaign_id"]:
        for number, category in enumerate(rng.choice(_COUPONED, size=_COUPONS_PER_CAMPAIGN, replace=False), start=1):
            covered = products.loc[products["category"] == category, "product_id"]
            rows.extend((f"5{campaign}{number:04d}", campaign, product) for product in covered)
    return pd.DataFrame(rows, columns=["coupon_id", "campaign_id", "product_id"])

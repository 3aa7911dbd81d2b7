"""The truth of a planted shop: everything that is so, before a single purchase is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from customer_patterns.schemas import Refusal
from customer_patterns.sources.planted_shop.assortment import assortment
from customer_patterns.sources.planted_shop.shoppers import plan_customers

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

#: A price cut to a share of (1 - cut) multiplies the chance to be picked up by (1 - cut) to the power of minus this.
PRICE_RESPONSE = 2.0
#: Being in the mailer, and on display, multiplies it further.
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


def plan_shop(*, customers: int = 200, seed: int = 20170101) -> Truth:
    """Plan a shop: its customers, assortment, promotions, campaigns and planted pairs.

    Parameters
    ----------
    customers
        How many customers, 1 or more.
    seed
        The same seed gives the same shop.

    Raises
    ------
    Refusal
        For fewer than one customer or a negative seed.
    """
    if customers < 1:
        raise Refusal(f"a shop needs at least one customer, not {customers}")
    if seed < 0:
        raise Refusal(f"the seed must be 0 or more, not {seed}")
    rng = np.random.default_rng([seed, 0])
    stores = 5 + customers // 10_000
    products = assortment()
    people = plan_customers(rng, customers=customers, first_day=FIRST_DAY, last_day=LAST_DAY, stores=stores)
    campaigns = pd.DataFrame(
        [(f"{number:02d}", *campaign) for number, campaign in enumerate(_CAMPAIGNS, start=1)],
        columns=["campaign_id", "campaign_type", "starts_on", "ends_on"],
    )
    return Truth(
        seed=seed,
        customers=people,
        products=products,
        pairs=pd.DataFrame(PAIRS, columns=["antecedent", "consequent", "odds_ratio"]),
        promotions=_plan_promotions(rng, products, stores),
        campaigns=campaigns,
        recipients=_plan_recipients(rng, people, campaigns),
        coupons=_plan_coupons(rng, products, campaigns),
        stores=stores,
    )


def week_of(day: date) -> int:
    """Return the shop's number of the week that holds a day."""
    return (day - WEEK_ONE).days // 7 + 1


def week_starts_on(week: int) -> date:
    """Return the Monday on which one of the shop's weeks begins."""
    return WEEK_ONE + timedelta(days=7 * (week - 1))


def _plan_promotions(rng: np.random.Generator, products: pd.DataFrame, stores: int) -> pd.DataFrame:
    """Draw by lot which goods are promoted where and when, and how."""
    goods = int((products["popularity"] > 0).sum())
    weeks = week_of(DELIVERED_UNTIL)
    week, store, product = np.nonzero(rng.random((weeks, stores, goods)) < _PROMOTED_SHARE)
    size = len(week)
    cut = rng.choice(_PRICE_CUTS, size=size)
    display = rng.choice(np.array(["0", "5", "9"], dtype=object), size=size, p=(0.5, 0.3, 0.2))
    mailer = rng.choice(np.array(["0", "A", "D"], dtype=object), size=size, p=(0.3, 0.5, 0.2))
    response = (
        (1 - cut) ** -PRICE_RESPONSE
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

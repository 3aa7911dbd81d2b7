"""Orders on the planted shop's web site: substitutes, complements, sequences, and an experiment that moves purchases.

The web shop is apart from the stores: what is planted here adds orders and changes none of the stores'. A web order is
a few choices; each picks a product type, then a brand of that type (a nested logit: McFadden 1978), at prices that are
drawn by lot each week.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.baskets import tastes
from customer_patterns.sources.planted_shop.clientele import Block
from customer_patterns.sources.planted_shop.plan import Truth, week_of, week_starts_on
from customer_patterns.sources.planted_shop.trials import Trial
from customer_patterns.sources.planted_shop.visits import delivered_days, moments, weeks_of

#: Price cuts of a product in a week, by lot.
_CUTS, _CUT_SHARES = (0.0, 0.1, 0.2, 0.3), (0.61, 0.13, 0.13, 0.13)
#: How much of a type's better price draws choices from other types; the rest moves between brands of the type.
EXPANSION = 0.4
#: Further choices per order, beyond the first.
_FURTHER_CHOICES = 1.8
#: Shape of the web customers' rates.
_RATE_SHAPE = 2.0

#: Who takes the first takes the second along, with this chance; 0 is a control. A better price of the first sells both.
COMPLEMENTS: tuple[tuple[str, str, float], ...] = (
    ("PANCAKE MIX", "SYRUP", 0.45),
    ("DRY PASTA", "PASTA SAUCE", 0.35),
    ("COFFEE", "COOKIES", 0.0),
)
#: After an order with the first comes another order with the second: chance, days at least, mean of further days.
SEQUENCES: tuple[tuple[str, str, float, int, float], ...] = (
    ("LAUNDRY DETERGENT", "PAPER TOWELS", 0.50, 5, 8.0),
    ("YOGURT", "OATMEAL", 0.35, 3, 4.0),
    ("CEREAL", "TEA", 0.0, 3, 4.0),
)
PAYMENTS = {"card": 0.55, "transfer": 0.25, "cash": 0.20}
#: Share of the web orders that are placed in the app.
APP_SHARE = 0.45


@dataclass(frozen=True)
class WebCustomers:
    """Who of a block orders on the web.

    Attributes
    ----------
    row
        Rows within the block.
    rate
        Orders per week while nothing changes it.
    partial_from
        Day from which only a share of that is left; beyond the delivery for who does not defect.
    """

    row: np.ndarray
    rate: np.ndarray
    partial_from: np.ndarray


@dataclass(frozen=True)
class WebOrders:
    """What a block's customers order on the web.

    Attributes
    ----------
    orders
        One row per order, by time: ``order_id``, ``row`` (of the customer in the block), ``customer_id``, ``day``,
        ``second``, ``ordered_at`` (UTC), ``app``, ``payment_method``, ``follows`` (place of the sequence it continues,
        -1 for none).
    lines
        One row per product in an order, by ``order`` (row of the order) and ``product`` (row of the product):
        ``quantity``, ``revenue`` and ``retail_discount`` in cents.
    sequences, complements
        One row per planted sequence or complement: as planted, and how often it could come and came.
    """

    orders: pd.DataFrame
    lines: pd.DataFrame
    sequences: pd.DataFrame
    complements: pd.DataFrame


def plan_web_prices(truth: Truth) -> np.ndarray:
    """Draw by lot by how much each good is cheaper on the web in each week: weeks by goods."""
    goods = int((truth.products["popularity"] > 0).sum())
    rng = truth.plan.rng("web prices")
    return rng.choice(_CUTS, size=(week_of(truth.delivered_until), goods), p=_CUT_SHARES)


def web_price_table(truth: Truth, cuts: np.ndarray) -> pd.DataFrame:
    """Return the web prices: one row per product and week, ``week_starts_on``, ``price_cents``, ``price_cut``."""
    week, product = (part.ravel() for part in np.indices(cuts.shape))
    mondays = np.array([week_starts_on(number + 1) for number in range(len(cuts))], dtype=object)
    shelf = truth.products["price_cents"].to_numpy()[product]
    return pd.DataFrame(
        {
            "product_id": truth.products["product_id"].to_numpy()[product],
            "week_starts_on": mondays[week],
            "price_cents": shelf - np.rint(shelf * cuts.ravel()).astype("int64"),
            "price_cut": cuts.ravel(),
        }
    )


def draw_web_customers(block: Block) -> WebCustomers:
    """Draw who orders on the web, how often, and from which day on less."""
    plan, rng = block.truth.plan, block.rng("web customers")
    chosen = rng.random(len(block)) < plan.web_share
    rate = plan.web_orders_per_week * rng.gamma(_RATE_SHAPE, size=len(block)) / _RATE_SHAPE
    partial = rng.random(len(block)) < plan.web_partial_defectors
    start, end = block.start, block.end
    day = start + 56 + (rng.random(len(block)) * np.maximum(end - 56 - start - 56, 0)).astype("int64")
    partial &= (day < end - 28) & (end == delivered_days(block.truth))
    row = np.flatnonzero(chosen)
    return WebCustomers(row, rate[row], np.where(partial, day, delivered_days(block.truth) + 1)[row])


def draw_web_orders(
    block: Block, people: WebCustomers, trial: Trial, treated: np.ndarray, cuts: np.ndarray
) -> WebOrders:
    """Draw the web orders of a block's customers, without any flaw in the records.

    Parameters
    ----------
    block
        The customers.
    people
        Who of them orders on the web.
    trial, treated
        The experiment that moves purchases, and who of the block is treated in it.
    cuts
        The prices: see :func:`plan_web_prices`.
    """
    truth, rng = block.truth, block.rng("web orders")
    row, day = _when(rng, block, people, trial, treated)
    second = _seconds(rng, block, row)
    choices = 1 + rng.poisson(_FURTHER_CHOICES, len(row))
    order = np.repeat(np.arange(len(row)), choices)
    taste = tastes(truth, block.first, block.stop)
    kinds = truth.products["product_type"].to_numpy(dtype=object)[: taste.shape[1]]
    week = weeks_of(day, truth.first_day) - 1
    product = _choose(rng, truth, taste, kinds, row[order], cuts[week[order]])

    order, product, complements = _with_complements(rng, truth, taste, kinds, row, order, product)
    later, sequences = _followers(rng, block, taste, kinds, row, day, order, product)
    orders = pd.DataFrame({"row": row, "day": day, "second": second, "follows": -1})
    if len(later["row"]):
        extra = pd.DataFrame({name: later[name] for name in ("row", "day", "follows")})
        extra["second"] = _seconds(rng, block, extra["row"].to_numpy())
        order = np.concatenate([order, len(orders) + np.arange(len(extra))])
        product = np.concatenate([product, later["product"]])
        orders = pd.concat([orders, extra], ignore_index=True)
    orders["app"] = rng.random(len(orders)) < APP_SHARE
    names = np.array(list(PAYMENTS), dtype=object)
    orders["payment_method"] = names[rng.choice(len(names), size=len(orders), p=list(PAYMENTS.values()))]
    return _finished(rng, block, orders, order, product, cuts, sequences, complements)


def web_truth(truth: Truth) -> dict[str, object]:
    """Say what is planted in the choices on the web."""
    return {
        "price_exponent": truth.plan.price_exponent,
        "expansion": EXPANSION,
        "choice_of_brand": "within a product type the odds of a brand are its share times its price to the power of "
        "minus price_exponent: brands of one type are substitutes",
        "choice_of_type": "the odds of a type are the household's taste times the sum over its brands of share times "
        "relative price to the power of minus price_exponent, to the power of expansion: other types lose alike",
        "prices": "drawn by lot for each product and week, apart from everything else",
        "estimand": "elasticities by these formulas; web_prices holds every price, of weeks without a sale too",
    }


def _when(
    rng: np.random.Generator, block: Block, people: WebCustomers, trial: Trial, treated: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the orders of a Poisson process by thinning: its rate goes with the weekdays of the customer's type, the
    experiment raises it, and defection lowers it.
    """
    truth = block.truth
    kinds = {shopper.name: place for place, shopper in enumerate(truth.types)}
    kind = block.people["shopper_type"].map(kinds).to_numpy()[people.row]
    weekdays = np.stack([shopper.days() for shopper in truth.types])
    start, end = block.start[people.row], block.end[people.row]
    most = max(trial.rate_ratio, 1.0) * weekdays.max()
    number = rng.poisson(people.rate / 7 * np.maximum(end - start, 0) * most)
    at = np.repeat(np.arange(len(people.row)), number)
    day = start[at] + (rng.random(len(at)) * (end - start)[at]).astype("int64")
    begins = (trial.assigned_on - truth.first_day).days
    acts = treated[people.row[at]] & (day >= begins) & (day < begins + trial.acts_for)
    factor = np.where(acts, trial.rate_ratio, 1.0) * weekdays[kind[at], (day + truth.first_day.weekday()) % 7]
    factor = factor * np.where(day >= people.partial_from[at], truth.plan.partial_kept, 1.0)
    kept = rng.random(len(at)) * most < factor
    return people.row[at[kept]], day[kept]


def _seconds(rng: np.random.Generator, block: Block, row: np.ndarray) -> np.ndarray:
    """Draw seconds of the day by the hours at which a customer's type shops."""
    types = block.people["shopper_type"].to_numpy(dtype=object)[row]
    hour = np.empty(len(row), dtype="int64")
    for shopper in block.truth.types:
        chosen = types == shopper.name
        hour[chosen] = rng.choice(24, size=int(chosen.sum()), p=shopper.hours())
    return hour * 3600 + rng.integers(0, 3600, len(row))


def _choose(
    rng: np.random.Generator,
    truth: Truth,
    taste: np.ndarray,
    kinds: np.ndarray,
    row: np.ndarray,
    cuts: np.ndarray,
) -> np.ndarray:
    """Choose a product at each occasion: its type, then its brand."""
    if not len(row):
        return np.empty(0, dtype="int64")
    names, kind = np.unique(kinds, return_inverse=True)
    member = np.zeros((len(kinds), len(names)))
    member[np.arange(len(kinds)), kind] = 1.0
    own = taste[row]
    attraction = own * (1 - cuts) ** -truth.plan.price_exponent
    usual = own @ member
    drawn_to = usual * ((attraction @ member) / usual) ** EXPANSION
    chosen = _one_of(rng, drawn_to)
    return _one_of(rng, attraction * (kind == chosen[:, None]))


def _one_of(rng: np.random.Generator, weights: np.ndarray) -> np.ndarray:
    """Draw one column per row, by its weight."""
    ladder = np.cumsum(weights, axis=1)
    return (rng.random((len(weights), 1)) * ladder[:, -1:] >= ladder).sum(axis=1).clip(max=weights.shape[1] - 1)


def _with_complements(
    rng: np.random.Generator,
    truth: Truth,
    taste: np.ndarray,
    kinds: np.ndarray,
    row: np.ndarray,
    order: np.ndarray,
    product: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Add what is taken along."""
    counted = []
    orders, products = [order], [product]
    for first, second, chance in COMPLEMENTS:
        planted = min(chance * truth.plan.complement_strength, 1.0)
        holding = np.unique(order[kinds[product] == first])
        taken = holding[rng.random(len(holding)) < planted]
        orders.append(taken)
        products.append(_one_of(rng, taste[row[taken]] * (kinds == second)))
        counted.append((first, second, planted, len(holding), len(taken)))
    columns = ["antecedent", "consequent", "chance", "orders", "taken_along"]
    return np.concatenate(orders), np.concatenate(products), pd.DataFrame(counted, columns=columns)


def _followers(
    rng: np.random.Generator,
    block: Block,
    taste: np.ndarray,
    kinds: np.ndarray,
    row: np.ndarray,
    day: np.ndarray,
    order: np.ndarray,
    product: np.ndarray,
) -> tuple[dict[str, np.ndarray], pd.DataFrame]:
    """Draw the orders that continue a sequence; one that would come after the customer has gone does not."""
    found: dict[str, list[np.ndarray]] = {name: [] for name in ("row", "day", "product", "follows")}
    counted = []
    for place, (first, second, chance, least, further) in enumerate(SEQUENCES):
        planted = min(chance * block.truth.plan.sequence_strength, 1.0)
        holding = np.unique(order[kinds[product] == first])
        goes_on = holding[rng.random(len(holding)) < planted]
        gap = least + np.rint(rng.gamma(4.0, further / 4.0, len(goes_on))).astype("int64")
        next_day = day[goes_on] + gap
        seen = next_day < block.end[row[goes_on]]
        goes_on, next_day = goes_on[seen], next_day[seen]
        found["row"].append(row[goes_on])
        found["day"].append(next_day)
        found["product"].append(_one_of(rng, taste[row[goes_on]] * (kinds == second)))
        found["follows"].append(np.full(len(goes_on), place))
        counted.append((first, second, planted, least, further, len(holding), len(goes_on)))
    columns = ["antecedent", "consequent", "chance", "least_days", "mean_further_days", "orders", "followed"]
    joined = {name: np.concatenate(parts).astype("int64") for name, parts in found.items()}
    return joined, pd.DataFrame(counted, columns=columns)


def _finished(
    rng: np.random.Generator,
    block: Block,
    orders: pd.DataFrame,
    order: np.ndarray,
    product: np.ndarray,
    cuts: np.ndarray,
    sequences: pd.DataFrame,
    complements: pd.DataFrame,
) -> WebOrders:
    """Number the orders by time, put one line per product, and price it."""
    truth = block.truth
    by_time = np.lexsort((orders["row"], orders["second"], orders["day"]))
    place = np.empty(len(orders), dtype="int64")
    place[by_time] = np.arange(len(orders))
    orders = orders.iloc[by_time].reset_index(drop=True)
    orders["customer_id"] = block.ids[orders["row"].to_numpy()]
    orders["ordered_at"] = moments(truth, orders["day"].to_numpy(), orders["second"].to_numpy())
    orders["order_id"] = [f"W{block.number:03d}{number:06d}" for number in range(1, len(orders) + 1)]

    key, times = np.unique(place[order] * 1_000 + product, return_counts=True)
    order, product = key // 1_000, key % 1_000
    quantity = times + (rng.random(len(key)) < 0.15)
    price = truth.products["price_cents"].to_numpy()[product]
    week = weeks_of(orders["day"].to_numpy()[order], truth.first_day) - 1
    cut = np.rint(price * cuts[week, product]).astype("int64")
    lines = pd.DataFrame(
        {
            "order": order,
            "product": product,
            "quantity": quantity,
            "revenue": (price - cut) * quantity,
            "retail_discount": cut * quantity,
        }
    )
    return WebOrders(orders, lines, sequences, complements)


def web_customer_table(block: Block, people: WebCustomers) -> pd.DataFrame:
    """Return what is true of those who order on the web: ``customer_id``, ``orders_per_week``, ``partial_on``."""
    days = delivered_days(block.truth)
    partial = [block.truth.first_day + timedelta(days=int(day)) if day < days else None for day in people.partial_from]
    return pd.DataFrame(
        {
            "customer_id": block.ids[people.row],
            "orders_per_week": people.rate.round(6),
            "partial_on": np.array(partial, dtype=object),
        }
    )

"""What each customer might be offered: what goes with something they buy, and is not yet bought."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import wilson, with_interval
from customer_patterns.features import SMALLEST_CELL, distinct, suppress
from customer_patterns.features.enough import empty
from customer_patterns.patterns import tables
from customer_patterns.patterns.baskets import Baskets
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

Ints = NDArray[np.int64]

CUSTOMER_OFFERS = TableSchema(
    name="customer_offers",
    grain="customer and rank",
    key=("customer_id", "rank"),
    meaning="What goes with something the customer buys and is not yet bought, the likeliest first. Who refuses "
    "marketing is offered nothing.",
    reads=tables.READS,
    columns=(
        Column("customer_id", "text", "the customer, under a pseudonym"),
        Column("rank", "integer", "place by likelihood", "No.", minimum=1),
        tables.LEVEL,
        Column("offer", "text", "the item that was not bought yet", "Offer"),
        Column("bought", "text", "the item that is bought and that it goes with", "Goes with"),
        Column("baskets", "integer", "baskets of the customer with that item", "Baskets", "baskets", minimum=1),
        Column(
            "likelihood",
            "share",
            "share of baskets with the offer, times the lift to expect",
            minimum=0,
            maximum=1,
        ),
        Column("lift", "number", "the lift to expect", "Lift", "ratio", minimum=0),
    ),
)

OFFERS = TableSchema(
    name="offers",
    grain="item that is offered",
    key=("level", "offer"),
    meaning="To how many customers an item would be offered first.",
    reads=tables.READS,
    columns=(
        tables.LEVEL,
        Column("offer", "text", "the item that is offered", "Offer"),
        n_column("customers to whom it would be offered first"),
        Column("customers", "integer", "customers with any offer", "Of", "customers", minimum=0),
        SUPPRESSED,
    ),
)

#: By what a list is made.
BY_RULES, BY_SALES = "by rules", "by what sells most"

OFFERS_TRIED = TableSchema(
    name="offers_tried",
    grain="way to make a list",
    key=("made",),
    meaning="Of the customers with a list on an earlier day: how many bought something on it after that day.",
    reads=tables.READS,
    columns=(
        Column("made", "text", "by what the list is made", "List", levels=(BY_RULES, BY_SALES)),
        *estimate_columns("share", "share", "share who bought something on it afterwards", "Bought", "share"),
        Column("n", "integer", "customers with a list, seen afterwards", "Customers", "customers", minimum=0),
    ),
)


@dataclass(frozen=True)
class _Listed:
    """Offers as numbers: one entry per customer and item, by customer and rank."""

    customer: Ints
    item: Ints
    frame: pd.DataFrame


def offer_rules(rules: pd.DataFrame, baskets: Baskets, *, lift: str = "expected_lift", min_lift: float) -> pd.DataFrame:
    """Turn pairs that stand into offers, both ways: who buys one of them may be offered the other.

    Parameters
    ----------
    rules
        Rows as in ``RULES``; pairs of other levels, and sets of three, are passed over.
    baskets
        The baskets of the level.
    lift
        By which lift likelihoods are made; pairs without one make no offer.
    min_lift
        Smallest such lift.

    Returns
    -------
    DataFrame
        One row per offer: ``bought``, ``offer`` (numbers of items), ``lift``, ``likelihood``.
    """
    pairs = rules[(rules["level"] == baskets.level_in_words) & (rules["length"] == 2)]
    pairs = pairs[(pairs["verdict"] == tables.SAME_BASKET) & (pairs[lift] >= min_lift)]
    number = {name: place for place, name in enumerate(baskets.items)}
    share = baskets.counts / max(len(baskets), 1)
    rows = [
        (number[bought], number[offer], strength, min(share[number[offer]] * strength, 1.0))
        for one, other, strength in zip(pairs["antecedents"], pairs["consequents"], pairs[lift], strict=True)
        for bought, offer in ((one, other), (other, one))
    ]
    return pd.DataFrame(rows, columns=["bought", "offer", "lift", "likelihood"])


def offer_to_customers(
    baskets: Baskets,
    rules: pd.DataFrame,
    *,
    min_lift: float,
    fewest_baskets: int = 2,
    most: int = 3,
    refusing: Collection[str] = (),
) -> pd.DataFrame:
    """List for each customer what goes with something they buy and is not yet bought.

    Offers are pairs that stand beyond basket size and habit and whose lift was estimated again in later months. How
    likely an item is to be in a basket with what is bought: its share of all baskets, times the lift to expect.

    Parameters
    ----------
    baskets
        The baskets of one level.
    rules
        Rows as in ``RULES``.
    min_lift
        Pairs with a smaller lift to expect, and those that were not confirmed, make no offer.
    fewest_baskets
        An item is bought if so many baskets of the customer hold it: once may be chance.
    most
        Offers per customer.
    refusing
        Customers who refuse marketing: nothing is offered to them.

    Returns
    -------
    DataFrame
        One row per customer and offer, by customer and rank, as in ``CUSTOMER_OFFERS``; customers with nothing to be
        offered are absent.
    """
    confirmed = rules[rules["later"] == tables.CONFIRMED]
    offers = offer_rules(confirmed, baskets, min_lift=min_lift)
    listed = _list_offers(baskets, offers, fewest_baskets, most)
    frame = listed.frame
    if frame.empty:
        return empty(CUSTOMER_OFFERS)
    table = pd.DataFrame(
        {
            "customer_id": pd.Series(baskets.customers[frame["customer"]], dtype="str"),
            "rank": frame["rank"],
            "level": baskets.level_in_words,
            "offer": pd.Series(baskets.items[frame["offer"]], dtype="str"),
            "bought": pd.Series(baskets.items[frame["bought"]], dtype="str"),
            "baskets": frame["baskets"],
            "likelihood": frame["likelihood"].round(10),
            "lift": frame["lift"],
        }
    )
    table = table[~table["customer_id"].isin(list(refusing))]
    return table.sort_values(["customer_id", "rank"], ignore_index=True)[CUSTOMER_OFFERS.names]


def count_offers(customer_offers: pd.DataFrame) -> pd.DataFrame:
    """Count to how many customers each item would be offered first: what a report may show.

    Parameters
    ----------
    customer_offers
        Rows as in ``CUSTOMER_OFFERS``.

    Returns
    -------
    DataFrame
        One row per item, the most frequent first, as in ``OFFERS``; small counts are blank.
    """
    first = customer_offers[customer_offers["rank"] == 1]
    if first.empty:
        return empty(OFFERS)
    counts = first.groupby(["level", "offer"], as_index=False).size().rename(columns={"size": "n"})
    counts = counts.sort_values(["n", "offer"], ascending=[False, True], ignore_index=True)
    counts = suppress(counts.assign(n=counts["n"].astype("Int64")), [], partition=True)
    return counts.assign(customers=len(first))[OFFERS.names]


def try_offers(
    baskets: Baskets, rules: pd.DataFrame, *, until: date, min_lift: float, fewest_baskets: int = 2, most: int = 3
) -> pd.DataFrame:
    """Make lists of offers as of an earlier day, and count who bought something on them afterwards.

    The rules are those that stood by that day; what later months said of them is not used. Beside them stands a list of
    the same length of what sells most and the customer has not bought. Nobody was offered anything: the shares say how
    well a list foresees what customers take up by themselves, not what offering it would sell.

    Parameters
    ----------
    baskets, rules, min_lift, fewest_baskets, most
        As in :func:`offer_to_customers`.
    until
        The last day that the rules were tested on.

    Returns
    -------
    DataFrame
        One row per way to make a list, as in ``OFFERS_TRIED``, with Wilson intervals over customers; none where too few
        customers have one.
    """
    early, late = baskets.until(until), baskets.after(until)
    offers = offer_rules(rules, early, lift="habit_lift", min_lift=min_lift)
    ours = _list_offers(early, offers, fewest_baskets, most)
    seen = np.zeros(len(baskets.customers), dtype=bool)
    seen[late.customer] = True
    asked = distinct(ours.customer[seen[ours.customer]]) if len(ours.customer) else np.empty(0, dtype=np.int64)
    if len(asked) < SMALLEST_CELL:
        return empty(OFFERS_TRIED)
    lengths = np.bincount(ours.customer, minlength=len(baskets.customers))
    sales = _list_sales(early, asked, lengths)
    later = _bought(late)
    rows = []
    for made, (customer, item) in ((BY_RULES, (ours.customer, ours.item)), (BY_SALES, sales)):
        wanted = customer * len(baskets.items) + item
        place = np.minimum(np.searchsorted(later, wanted), max(len(later) - 1, 0))
        hit = later[place] == wanted if len(later) else np.zeros(len(wanted), dtype=bool)
        took = np.zeros(len(baskets.customers), dtype=bool)
        took[customer[hit]] = True
        rows.append((made, int(took[asked].sum()), len(asked)))
    table = pd.DataFrame(rows, columns=["made", "taken", "n"]).astype({"made": "str"})
    return with_interval(table, "share", wilson(table["taken"], table["n"]))[OFFERS_TRIED.names]


def _bought(baskets: Baskets) -> Ints:
    """Who bought what at least once, as customer · items + item, ascending."""
    return distinct(baskets.customer[baskets.basket] * len(baskets.items) + baskets.item)


def _list_offers(baskets: Baskets, offers: pd.DataFrame, fewest: int, most: int) -> _Listed:
    """Rank offers per customer by likelihood; of two that lead to one item the likelier counts."""
    parts = []
    for offer in offers.itertuples():
        whose, count = np.unique(baskets.customer[baskets.holding(offer.bought)], return_counts=True)
        whose, count = whose[count >= fewest], count[count >= fewest]
        owns = np.zeros(len(baskets.customers), dtype=bool)
        owns[baskets.customer[baskets.holding(offer.offer)]] = True
        new = ~owns[whose]
        parts.append(
            pd.DataFrame(
                {
                    "customer": whose[new],
                    "offer": offer.offer,
                    "bought": offer.bought,
                    "baskets": count[new],
                    "likelihood": offer.likelihood,
                    "lift": offer.lift,
                }
            )
        )
    if not parts or not sum(map(len, parts)):
        nobody = np.empty(0, dtype=np.int64)
        return _Listed(nobody, nobody, pd.DataFrame())
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.sort_values(
        ["customer", "likelihood", "offer", "baskets", "bought"], ascending=[True, False, True, False, True]
    )
    frame = frame.drop_duplicates(["customer", "offer"])
    frame["rank"] = frame.groupby("customer").cumcount() + 1
    frame = frame[frame["rank"] <= most].reset_index(drop=True)
    return _Listed(frame["customer"].to_numpy(), frame["offer"].to_numpy(), frame)


def _list_sales(baskets: Baskets, customers: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """For each customer as many items as wanted, of those that most customers bought and this one did not."""
    owned = _bought(baskets)
    size = len(baskets.items)
    buyers = np.bincount(owned % size, minlength=size)
    best = np.lexsort((np.arange(size), -buyers))
    edges = np.searchsorted(owned, [customers * size, (customers + 1) * size])
    whose, items = [], []
    for customer, start, end in zip(customers, *edges, strict=True):
        has = np.zeros(size, dtype=bool)
        has[owned[start:end] % size] = True
        chosen = best[~has[best]][: lengths[customer]]
        whose.append(np.full(len(chosen), customer))
        items.append(chosen)
    return np.concatenate(whose), np.concatenate(items)


OFFER_TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (CUSTOMER_OFFERS, OFFERS, OFFERS_TRIED)}

"""The loyalty program's books: points earned with real orders, spent, expired; tiers. The table ``loyalty_ledger``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.draws import Lot, keys_of
from customer_patterns.sources.companion.plan import Plan
from customer_patterns.sources.companion.surroundings import Surroundings

#: Points for each whole dollar of an order, by tier.
POINTS_PER_DOLLAR: dict[str, float] = {"basic": 1.0, "silver": 1.1, "gold": 1.25}
#: Points earned from the program's first day on that lift a member into a tier.
TIERS: dict[str, int] = {"silver": 1_000, "gold": 3_000}
#: From this balance on points can be spent, in hundreds, at most so many at a time.
LEAST_TO_SPEND, MOST_TO_SPEND = 200, 500
#: Chance that a member who could spends points with an order.
SPENDS = 0.18
#: Days without an order after which all points are lost.
EXPIRE_AFTER_DAYS = 60
#: Share of orders for which too few points are booked, and how many are put right a day later.
PUT_RIGHT, PUT_RIGHT_POINTS = 0.002, 10
#: Share of entries that are delivered twice.
TWICE = 0.0002

_DAY = 86_400_000_000
_HUNDREDTHS = {tier: round(points * 100) for tier, points in POINTS_PER_DOLLAR.items()}
_NEVER = 2**62


def draw_ledger(plan: Plan, around: Surroundings) -> tuple[pd.DataFrame, dict[str, object]]:
    """Keep the books of the loyalty program; everyone with a card is a member.

    Parameters
    ----------
    plan, around
        The parameters and the orders.

    Returns
    -------
    ledger
        The canonical table, by moment; a few entries twice. ``balance`` is the one after the entry, ``tier`` the one
        that holds from then on.
    truth
        The rules, and what came of them.
    """
    orders, lot = around.orders, Lot(plan.seed, "loyalty")
    keys = keys_of(orders["order_id"])
    spends = lot.happens(keys, "spends", SPENDS)
    short = lot.happens(keys, "too few", PUT_RIGHT)
    dollars = orders["cents"].to_numpy() // 100
    moments = orders["ordered_at"].to_numpy().astype("datetime64[us]").astype("int64")
    end = int(np.datetime64(plan.midnight(plan.until), "us").astype("int64"))
    entries: list[tuple[int, str, str, int | None, int, str, str | None]] = []
    customer_ids = orders["customer_id"].to_numpy(dtype=object)
    order_ids = orders["order_id"].to_numpy(dtype=object)
    by_customer = np.argsort(customer_ids.astype(str), kind="stable")
    begins = np.flatnonzero(np.append(True, customer_ids[by_customer][1:] != customer_ids[by_customer][:-1]))
    for rows in np.split(by_customer, begins[1:]) if len(by_customer) else ():
        book = _Book(str(customer_ids[rows[0]]), entries)
        for row in rows.tolist():
            book.pass_time(int(moments[row]))
            book.order(
                int(moments[row]), order_ids[row], int(dollars[row]), spends=bool(spends[row]), short=bool(short[row])
            )
        book.pass_time(end)
    columns = ["at", "customer_id", "kind", "points", "balance", "tier", "order_id"]
    table = pd.DataFrame(entries, columns=columns)
    table["place"] = np.arange(len(table))
    table = table.sort_values(["at", "customer_id", "place"], ignore_index=True).drop(columns="place")
    table.insert(0, "entry_id", [f"P{number:07d}" for number in range(1, len(table) + 1)])
    table.insert(2, "booked_at", table["at"].to_numpy().astype("datetime64[us]"))
    table["points"] = pd.array(table["points"], dtype="Int64")
    table["order_id"] = table["order_id"].astype(object)
    table = table.drop(columns="at")
    twice = lot.happens(keys_of(table["entry_id"]), "twice", TWICE)
    whole = table.loc[np.repeat(table.index.to_numpy(), 1 + twice)].reset_index(drop=True)
    return whole, _truth(table, int(twice.sum()))


class _Book:
    """One member's account, kept in order of time; entries go into the list of all."""

    def __init__(self, customer_id: str, entries: list[tuple]) -> None:
        self._customer, self._entries = customer_id, entries
        self._balance, self._earned, self._tier = 0, 0, "basic"
        self._next = min(TIERS.values(), default=_NEVER)  # points earned that lift into the next tier
        self._last_order: int | None = None
        self._to_put_right: list[tuple[int, str]] = []

    def pass_time(self, until: int) -> None:
        """Book what falls due before a moment: points put right, and points lost for want of orders."""
        expires = None if self._last_order is None else self._last_order + EXPIRE_AFTER_DAYS * _DAY
        expired = expires is not None and expires < until
        if not (expired or self._to_put_right):  # so it is for nearly every order
            return
        due = [(moment, "adjust", order) for moment, order in self._to_put_right if moment < until]
        if expired:
            due.append((expires, "expire", None))
        self._to_put_right = [one for one in self._to_put_right if one[0] >= until]
        for moment, kind, order in sorted(due, key=lambda one: one[0]):
            if kind == "adjust":
                self._book(moment, "adjust", PUT_RIGHT_POINTS, order)
            elif self._balance > 0:
                self._book(moment, "expire", -self._balance, None)

    def order(self, moment: int, order_id: str, dollars: int, *, spends: bool, short: bool) -> None:
        """Book an order: points spent with it, points earned by it, and the tier that these lead to."""
        self._last_order = moment
        if spends and self._balance >= LEAST_TO_SPEND:
            self._book(moment, "burn", -min(self._balance // 100 * 100, MOST_TO_SPEND), order_id)
        # In hundredths, so that no binary fraction decides about a point.
        points = dollars * _HUNDREDTHS[self._tier] // 100
        if points <= 0:
            return
        if short and points > PUT_RIGHT_POINTS:
            points -= PUT_RIGHT_POINTS
            self._to_put_right.append((moment + _DAY, order_id))
        self._earned += points
        self._book(moment, "earn", points, order_id)
        if self._earned < self._next:
            return
        reached = [tier for tier, least in TIERS.items() if self._earned >= least][-1]
        self._next = min((least for least in TIERS.values() if least > self._earned), default=_NEVER)
        self._tier = reached
        self._book(moment, "tier", None, None)

    def _book(self, moment: int, kind: str, points: int | None, order_id: str | None) -> None:
        self._balance += points or 0
        self._entries.append((moment, self._customer, kind, points, self._balance, self._tier, order_id))


def _truth(table: pd.DataFrame, twice: int) -> dict[str, object]:
    points = table.groupby("kind")["points"].sum()
    return {
        "points_per_dollar": POINTS_PER_DOLLAR,
        "tiers_from_points_earned": TIERS,
        "spent_from_balance": LEAST_TO_SPEND,
        "spent_at_most": MOST_TO_SPEND,
        "chance_to_spend_with_an_order": SPENDS,
        "expire_after_days_without_order": EXPIRE_AFTER_DAYS,
        "points": {kind: int(points.get(kind, 0)) for kind in ("earn", "burn", "expire", "adjust")},
        "members_by_tier": table.groupby("customer_id")["tier"].last().value_counts().sort_index().to_dict(),
        "without_effect_on": ["purchases"],
        "flaws": {"exact duplicate": twice},
    }

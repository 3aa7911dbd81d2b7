"""Draw all that a planted shop sells, block of customers by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from customer_patterns.sources.planted_shop import extras
from customer_patterns.sources.planted_shop.assortment import COUPON, FUEL, GIFT_CARD
from customer_patterns.sources.planted_shop.baskets import Contents, add_up_pairs, fill_baskets, tastes
from customer_patterns.sources.planted_shop.lines import Lines, join, order_ids, order_lines_table
from customer_patterns.sources.planted_shop.plan import Truth
from customer_patterns.sources.planted_shop.visits import Visits, draw_visits, weeks_of

#: So many customers are drawn at a time; memory stays the same however many there are.
BLOCK = 2_500
#: How many products lines may name that are not on file.
_NOT_ON_FILE = 3


@dataclass(frozen=True)
class Drawn:
    """What was drawn for some or all customers of a shop.

    Attributes
    ----------
    truth
        The plan it was drawn from.
    lines
        The order lines, by order and product.
    redemptions
        One row per redeemed coupon: ``customer_id``, ``coupon_id``, ``campaign_id``, ``redeemed_on`` (local day).
    pairs
        One row per planted pair: ``antecedent``, ``consequent``, ``odds_ratio``, ``orders`` with the antecedent,
        ``together`` (of these, with the consequent), ``expected_planted`` and ``expected_by_chance`` (how many of them
        should hold it, as planted, and by the household's taste and the basket's size alone), and ``lift``, their
        quotient: the truth that a method should find.
    traps
        One row per order at a moment where a wrong clock shows: ``order_id``, ``ordered_at`` (UTC), ``local_time``,
        ``why``.
    special
        One row per line that is no ordinary purchase: ``kind``, ``order_id``, ``product_id``, ``ordered_at`` (UTC).
    """

    truth: Truth
    lines: Lines
    redemptions: pd.DataFrame
    pairs: pd.DataFrame
    traps: pd.DataFrame
    special: pd.DataFrame

    @cached_property
    def product_ids(self) -> list[str]:
        """The keys of all products a line may name, those that are not on file included."""
        return [*self.truth.products["product_id"], *(f"9{number:05d}" for number in range(1, _NOT_ON_FILE + 1))]

    @cached_property
    def order_lines(self) -> pa.Table:
        """The lines as the canonical table ``order_lines``."""
        return order_lines_table(
            self.lines,
            customer_ids=list(self.truth.customers["customer_id"]),
            product_ids=self.product_ids,
            weeks=weeks_of(self.lines.day, self.truth.first_day),
        )

    def listed(self, kind: str, chosen: np.ndarray) -> pd.DataFrame:
        """List some of the lines (row numbers or a mask) as ``special`` rows of a kind."""
        return list_lines(kind, self.lines.take(chosen), self.product_ids)


def list_lines(kind: str, lines: Lines, product_ids: list[str]) -> pd.DataFrame:
    """List lines by their keys: see ``Drawn.special``."""
    return pd.DataFrame(
        {
            "kind": np.full(len(lines), kind, dtype=object),
            "order_id": order_ids(lines.order).to_numpy(zero_copy_only=False),
            "product_id": np.array(product_ids, dtype=object)[lines.product],
            "ordered_at": lines.sold_at,
        }
    )


def draw_orders(truth: Truth) -> Drawn:
    """Draw the purchases of all customers, without any flaw in the records.

    Parameters
    ----------
    truth
        The plan.

    Returns
    -------
    Drawn
        Lines, redemptions and what a method should find in them.
    """
    parts = list(draw_blocks(truth))
    return Drawn(
        truth,
        lines=join([part.lines for part in parts]),
        redemptions=pd.concat([part.redemptions for part in parts], ignore_index=True),
        pairs=add_up_pairs([part.pairs for part in parts]),
        traps=pd.concat([part.traps for part in parts], ignore_index=True),
        special=pd.concat([part.special for part in parts], ignore_index=True),
    )


def draw_blocks(truth: Truth) -> Iterator[Drawn]:
    """Draw the purchases block of customers by block, so that any number fits into memory."""
    numbered = 0
    for first in range(0, len(truth.customers), BLOCK):
        drawn = _draw_block(truth, first, min(first + BLOCK, len(truth.customers)), numbered)
        numbered = int(drawn.lines.order.max(initial=numbered - 1)) + 1
        yield drawn


def _draw_block(truth: Truth, first: int, end: int, numbered: int) -> Drawn:
    """Draw for the customers in rows ``first`` to ``end``; orders are numbered from ``numbered``."""
    rng = np.random.default_rng([truth.seed, 1, first])
    people = truth.customers.iloc[first:end]
    visits = draw_visits(rng, truth, people)
    contents, pairs = fill_baskets(rng, truth, visits, tastes(truth, first, end))
    parts = [contents, extras.buy_fuel(rng, truth, people, visits), extras.buy_gift_cards(rng, truth, visits)]
    lines = [_as_lines(truth, visits, part) for part in parts]
    traps, trap_lines = extras.NO_TRAPS, None
    if first == 0:
        traps, trap_lines = extras.fall_into_traps(truth, people, len(visits))
    lines = join([*lines, trap_lines] if trap_lines is not None else lines)
    lines, number_of = _numbered(replace(lines, customer=lines.customer + first), numbered)
    traps = traps.assign(order_id=order_ids(number_of[traps["order_id"].to_numpy(dtype="int64")]).to_pylist())

    lines, redemptions, coupon_lines = extras.redeem_coupons(rng, truth, lines)
    lines = extras.give_away(rng, truth, lines)
    lines = _one_line_per_product(join([lines, coupon_lines, extras.stray_coupons(rng, truth, lines)]))
    return Drawn(truth, lines, redemptions, pairs, traps, _special(truth, lines))


def _as_lines(truth: Truth, visits: Visits, contents: Contents) -> Lines:
    """What is in the baskets, as order lines; orders and customers are counted within the block."""
    nothing = np.zeros(len(contents.visit), dtype="int64")
    return Lines(
        order=contents.visit,
        customer=visits.customer[contents.visit],
        product=contents.product,
        store=visits.store[contents.visit],
        sold_at=visits.sold_at(truth)[contents.visit],
        day=visits.day[contents.visit],
        quantity=contents.quantity,
        revenue=contents.revenue,
        retail_discount=contents.retail_discount,
        coupon_discount=nothing,
        coupon_match_discount=nothing,
    )


def _numbered(lines: Lines, numbered: int) -> tuple[Lines, np.ndarray]:
    """Number the orders by time, as a till does; the second result leads from the old number to the new."""
    orders, place = np.unique(lines.order, return_index=True)
    by_time = np.lexsort((orders, lines.customer[place], lines.sold_at[place]))
    number_of = np.full(int(orders.max(initial=-1)) + 1, -1, dtype="int64")
    number_of[orders[by_time]] = numbered + np.arange(len(orders))
    return replace(lines, order=number_of[lines.order]).in_order(), number_of


def _one_line_per_product(lines: Lines) -> Lines:
    """Keep one line per product of an order: two coupons of an order make one line."""
    ordered = lines.in_order()
    again = (np.diff(ordered.order, prepend=-1) == 0) & (np.diff(ordered.product, prepend=-1) == 0)
    return ordered.take(~again)


def _special(truth: Truth, lines: Lines) -> pd.DataFrame:
    """List the lines that are no ordinary purchase."""
    keys = list(truth.products["product_id"])
    kinds = truth.products["product_type"].to_numpy(dtype=object)[lines.product]
    free = (truth.products["popularity"].to_numpy() > 0)[lines.product] & (lines.revenue == 0)
    chosen = {"fuel": kinds == FUEL, "gift card": kinds == GIFT_CARD, "coupon line": kinds == COUPON, "free item": free}
    return pd.concat([list_lines(kind, lines.take(rows), keys) for kind, rows in chosen.items()], ignore_index=True)

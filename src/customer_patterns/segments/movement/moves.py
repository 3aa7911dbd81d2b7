"""How many customers have moved, less how many resampling alone would move."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from customer_patterns.estimates import bootstrap_mean, wilson, with_interval
from customer_patterns.estimates.false_discovery import benjamini_hochberg
from customer_patterns.segments.movement.blocks import BLOCK_DAYS, Blocks, add_up_blocks, whole_blocks
from customer_patterns.segments.movement.comparing import (
    Compared,
    Setting,
    compare_periods,
    compare_values,
    id_free_order,
    on_one_scale,
)
from customer_patterns.segments.movement.described import flows, matches
from customer_patterns.segments.movement.enough_deals import deal_on, steps
from customer_patterns.segments.movement.periods import in_order, is_even, no_change, two_periods
from customer_patterns.segments.movement.tables import (
    HIGHER,
    LOWER,
    MORE,
    MOVEMENT,
    MOVEMENT_FLOWS,
    MOVEMENT_MATCHES,
    MOVEMENT_VERDICT,
    NO_MORE,
    SEGMENT,
    TIER,
    TOO_FEW,
    TOO_SHORT,
)

#: With fewer blocks in a period than this, splits of the weeks are too few to tell a move from chance.
LEAST_BLOCKS = 4


@dataclass(frozen=True)
class Movement:
    """What came of the comparison: one table each, as in :mod:`~customer_patterns.segments.movement.tables`."""

    verdict: pd.DataFrame
    moves: pd.DataFrame
    flows: pd.DataFrame
    matches: pd.DataFrame


def find_movement(
    order_lines: ir.Table,
    products: ir.Table,
    orders: ir.Table,
    *,
    first_day: date,
    last_day: date,
    days: int = 182,
    use: Sequence[str],
    clusters: int,
    min_orders: int = 6,
    prior_orders: float = 5.0,
    min_customers: int = 60,
    splits: int = 99,
    most_splits: int = 999,
    level: float = 0.05,
    own_brand: str = "Private",
    seed: int = 20170101,
) -> Movement:
    """Compare the last days of the study with as many days before them: who is elsewhere, beyond chance?

    Parameters
    ----------
    order_lines, products, orders, own_brand
        As for :func:`~customer_patterns.features.habits.shopping_habits`; ``orders`` has ``revenue`` as well.
    first_day, last_day
        The study. Periods that do not fit into it are not compared.
    days
        Days of either period, cut to whole blocks of two weeks. Both are equally long, so that a window that cuts
        customers' histories cuts both alike.
    use, clusters, prior_orders
        The habits customers are grouped by; into how many clusters in either period (0: none); as for
        :func:`~customer_patterns.segments.habits.scale_habits`.
    min_orders
        Compared are customers with so many orders of goods in either period.
    min_customers
        With fewer to compare nothing is said.
    splits, most_splits
        Random splits of the same weeks, and how many at most where a verdict hangs on which of them were drawn.
    level
        Moves stand where p, adjusted for their several kinds, is at most this.
    seed
        Of all chance in here.

    Returns
    -------
    Movement
        Neither the order of rows nor the names of customers decide it.

    Notes
    -----
    A customer whose habits stay the same is measured with error twice, and crosses a border now and then. How many do
    so is had from the same weeks: they are dealt at random, in blocks of two, to two periods as long as the real ones,
    and the whole comparison is made anew (habits, scales, clusters, matching, scores, tiers). If nobody has changed,
    the real order of the blocks is as good as any, so that p, the share of orders that move as many, holds exactly
    whatever clusters and tiers do (permutation test: Lehmann and Romano 2005, Testing Statistical Hypotheses, section
    15.2); blocks keep together what hangs together within two weeks. All customers share one dealing, so that what
    befell all of them in some weeks stays with these weeks. How many move by chance is had from the even deals among
    them, in which both periods hold as many early blocks as late ones: in uneven deals those who have changed move in
    part, so that they belong to the test, where this costs power and never truth, and not to what chance does (even
    deals alone would be no group, and no test: Southworth, Kim and Owen 2009, J. Comput. Biol. 16, 625–638). Where
    they leave a verdict open, more deals are made (:mod:`~customer_patterns.segments.movement.enough_deals`). The
    excess is the mean over customers of having moved less the share of even deals in which they would have, with an
    interval that resamples customers.
    """
    half = whole_blocks(days)
    if half < LEAST_BLOCKS or (last_day - first_day).days + 1 < 2 * half * BLOCK_DAYS:
        return _nothing(TOO_SHORT, half, None)
    blocks = add_up_blocks(order_lines, products, orders, last_day=last_day, blocks=2 * half, own_brand=own_brand)
    return movement_of_blocks(
        blocks, use=use, clusters=clusters, min_orders=min_orders, prior_orders=prior_orders,
        min_customers=min_customers, splits=splits, most_splits=most_splits, level=level, seed=seed,
    )  # fmt: skip


def movement_of_blocks(
    blocks: Blocks,
    *,
    use: Sequence[str],
    clusters: int,
    min_orders: int = 6,
    prior_orders: float = 5.0,
    min_customers: int = 60,
    splits: int = 99,
    most_splits: int = 999,
    level: float = 0.05,
    seed: int = 20170101,
) -> Movement:
    """Compare the two halves of the blocks; parameters as for :func:`find_movement`."""
    half = blocks.count // 2
    counts = blocks.sums["orders"]
    enough = (counts[:, :half].sum(axis=1) >= min_orders) & (counts[:, half:].sum(axis=1) >= min_orders)
    rows = np.flatnonzero(enough)
    if len(rows) < min_customers:
        return _nothing(TOO_FEW, half, blocks, compared=len(rows))
    with threadpool_limits(1):
        setting = _setting(blocks, rows, tuple(use), clusters, prior_orders)
        real = compare_periods(blocks, in_order(blocks), setting, seed=seed)
        first = [_deal(blocks, setting, seed, number) for number in range(splits)]
        on = {"real": real, "most": most_splits, "level": level}
        # Tiers and levels take a small part of the time: of them there may be more deals than of clusters.
        whole = _deal_on(first, [SEGMENT], partial(_deal, blocks, setting, seed), **on)
        valued = _deal_on(whole, [TIER, HIGHER, LOWER], partial(_deal, blocks, setting, seed, whole=False), **on)
    dealt = {name: whole if name == SEGMENT else valued for name in real.moved}
    moves = _moves(real, dealt, level)
    verdict = _verdict(MORE if moves["stands"].any() else NO_MORE, half, blocks, len(rows), len(whole))
    return Movement(verdict, moves, flows(real, _even(valued)), matches(real, _even(whole)))


class _Deal(NamedTuple):
    """One random split: whether both periods got as many early blocks, and what the comparison came to."""

    even: bool
    made: Compared


def _deal(blocks: Blocks, setting: Setting, seed: int, number: int, *, whole: bool = True) -> _Deal:
    """The deal of a number, with its clusters or, where not ``whole``, without."""
    order = no_change(blocks, np.random.default_rng([seed, number]))
    made = compare_periods(blocks, order, setting, seed=seed) if whole else compare_values(blocks, order, setting)
    return _Deal(is_even(order), made)


def _deal_on(
    drawn: Sequence[_Deal],
    tests: Sequence[str],
    deal: Callable[[int], _Deal],
    *,
    real: Compared,
    most: int,
    level: float,
) -> list[_Deal]:
    """More deals, where some verdict of these tests hangs on which were drawn."""
    asked = [name for name in tests if name in real.moved]
    reaches = {name: lambda one, name=name: bool(_as_many(real, [one], name).all()) for name in asked}
    # Two kinds of move are one family at most; see _adjusted.
    return deal_on(drawn, deal, reaches, most=most, thresholds=steps(level, 2))


def _even(deals: Sequence[_Deal]) -> list[Compared]:
    """The even deals; all of them where none is."""
    return [deal.made for deal in deals if deal.even] or [deal.made for deal in deals]


def _as_many(real: Compared, deals: Sequence[_Deal], name: str) -> NDArray[np.bool_]:
    """Which deals move as many as the real order."""
    return _shares(*_elsewhere([deal.made for deal in deals], name)) >= real.moved[name].mean() - 1e-12


def _setting(blocks: Blocks, rows: np.ndarray, use: tuple[str, ...], clusters: int, prior_orders: float) -> Setting:
    """The setting, with clusters only where customers differ enough in both periods to be put into as many."""
    setting = Setting(rows, np.arange(len(rows)), use, clusters, prior_orders)
    if not clusters:
        return setting
    scaled = [on_one_scale(period, setting) for period in two_periods(blocks, in_order(blocks))]
    if any(len(np.unique(one.points, axis=0)) < 2 * clusters for one in scaled):
        return replace(setting, clusters=0)
    return replace(setting, order=id_free_order(scaled))


def _moves(real: Compared, dealt: Mapping[str, Sequence[_Deal]], level: float) -> pd.DataFrame:
    """One row per kind of move."""
    rows = []
    for name, moved in real.moved.items():
        deals = dealt[name]
        known, elsewhere = _elsewhere(_even(deals), name)
        excess = bootstrap_mean(moved - elsewhere.sum(axis=0) / np.maximum(known.sum(axis=0), 1))
        p = (1 + _as_many(real, deals, name).sum()) / (len(deals) + 1)
        shares = _shares(known, elsewhere)
        low, high = np.quantile(shares, [0.05, 0.95])
        rows.append((name, len(moved), int(moved.sum()), shares.mean(), low, high, len(deals), p, excess))
    names = ["moved", "n", "movers", "by_resampling", "by_resampling_from", "by_resampling_to", "deals", "p_value"]
    names.append("excess")
    table = pd.DataFrame(rows, columns=names)
    excess = table.pop("excess")
    table = with_interval(table, "share_moved", wilson(table["movers"].to_numpy(), table["n"].to_numpy()))
    for end, part in (("", "value"), ("_low", "low"), ("_high", "high")):
        table[f"excess{end}"] = [float(getattr(one, part)) for one in excess]
    adjusted = _adjusted(table)
    stands = (adjusted <= level) & (table["excess_low"] > 0)
    return table.assign(adjusted_p=adjusted, stands=stands)[MOVEMENT.names].round(9)


def _adjusted(table: pd.DataFrame) -> NDArray[np.float64]:
    """Adjust p for there being several kinds of move.

    Segments and tiers are one family. Up and down are another, which is asked about only so far as tiers changed
    (gatekeeping: Dmitrienko and D'Agostino 2013, Stat. Med. 32, 5172–5218), and costs the first family nothing.
    """
    p = table["p_value"].to_numpy(dtype=float)
    finer = table["moved"].isin([HIGHER, LOWER]).to_numpy()
    adjusted = np.empty(len(p))
    for family in (~finer, finer):
        adjusted[family] = benjamini_hochberg(p[family])
    gate = adjusted[(table["moved"] == TIER).to_numpy()].max(initial=0.0)
    return np.where(finer, np.maximum(adjusted, gate), adjusted)


def _elsewhere(drawn: Sequence[Compared], name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Deals × customers: who has an order of goods in both periods, and who of these moved; others say nothing."""
    known = np.array([one.known for one in drawn])
    return known, np.array([one.moved[name] for one in drawn]) & known


def _shares(known: NDArray[np.bool_], elsewhere: NDArray[np.bool_]) -> NDArray[np.float64]:
    return elsewhere.sum(axis=1) / np.maximum(known.sum(axis=1), 1)


def _verdict(verdict: str, half: int, blocks: Blocks | None, compared: int, splits: int) -> pd.DataFrame:
    days = half * BLOCK_DAYS
    first, last = (blocks.first_day, blocks.last_day) if blocks else (None, None)
    middle = first + timedelta(days=days) if first else None
    others = int((blocks.sums["orders"].sum(axis=1) > 0).sum()) - compared if blocks else 0
    row = (verdict, days, first, middle, last, compared, others, splits)
    return pd.DataFrame([row], columns=MOVEMENT_VERDICT.names)


def _nothing(verdict: str, half: int, blocks: Blocks | None, *, compared: int = 0) -> Movement:
    empty = [pd.DataFrame(columns=schema.names) for schema in (MOVEMENT, MOVEMENT_FLOWS, MOVEMENT_MATCHES)]
    return Movement(_verdict(verdict, half, blocks, compared, 0), *empty)

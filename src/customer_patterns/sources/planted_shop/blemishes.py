"""Spoil a planted shop's records in known ways, so that each cleaning rule has something to find."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.lines import Lines, join
from customer_patterns.sources.planted_shop.orders import Drawn

DUPLICATE = "exact duplicate"
UNKNOWN_PRODUCT = "unknown product"
SPLIT = "one product on two lines"

#: A card that redeems a coupon and never ordered.
STRANGER = "9999999"

#: Share of the lines that are delivered twice, whose product is not on file, and that are split; at least three each.
_SHARES = {DUPLICATE: 0.0010, UNKNOWN_PRODUCT: 0.0005, SPLIT: 0.0003}
_AT_LEAST = 3
#: From so many units on a line can be split into two that differ.
_SPLITTABLE = 3
#: How many rows of the small tables are delivered twice.
_REPEATED_ROWS = 2


def blemish(drawn: Drawn) -> Drawn:
    """Deliver some lines twice, split some in two, and name in others a product that is not on file.

    Parameters
    ----------
    drawn
        Flawless records, of all customers or a block.

    Returns
    -------
    Drawn
        The same with flaws; ``special`` lists each superfluous line and each line of an unknown product. A line has one
        flaw at most, and an order one line with a flaw.
    """
    lines = drawn.lines
    if not len(lines):
        return drawn
    rng = np.random.default_rng([drawn.truth.seed, 3, int(lines.customer.min())])
    goods = (drawn.truth.products["popularity"].to_numpy() > 0)[lines.product]
    lot = rng.permutation(np.flatnonzero(goods & (lines.revenue > 0) & (lines.coupon_discount == 0)))
    lot = lot[np.sort(np.unique(lines.order[lot], return_index=True)[1])]
    wanted = {kind: max(_AT_LEAST, round(len(lines) * share)) for kind, share in _SHARES.items()}

    halves = lot[lines.quantity[lot] >= _SPLITTABLE][: wanted[SPLIT]]
    lot = lot[~np.isin(lot, halves)]
    strange = lot[: min(wanted[UNKNOWN_PRODUCT], len(lot) // 2)]
    twice = lot[len(strange) :][: wanted[DUPLICATE]]

    product = lines.product.copy()
    product[strange] = rng.integers(len(drawn.truth.products), len(drawn.product_ids), len(strange))
    spoiled, second = _split(replace(lines, product=product), halves)
    flawed = replace(drawn, lines=spoiled)
    listed = [flawed.listed(DUPLICATE, twice), flawed.listed(UNKNOWN_PRODUCT, strange), flawed.listed(SPLIT, halves)]
    return replace(
        drawn,
        lines=join([spoiled, spoiled.take(twice), second]).in_order(),
        special=pd.concat([drawn.special, *listed], ignore_index=True),
    )


def repeat_coupons(coupons: pd.DataFrame) -> pd.DataFrame:
    """Deliver the first coupons' rows twice."""
    return pd.concat([coupons, coupons.head(_REPEATED_ROWS)], ignore_index=True)


def spoil_redemptions(redemptions: pd.DataFrame) -> pd.DataFrame:
    """Deliver the first redemptions twice, and let a stranger redeem a coupon on the first day."""
    stranger = redemptions.head(1).assign(customer_id=STRANGER)
    return pd.concat([redemptions, redemptions.head(_REPEATED_ROWS), stranger], ignore_index=True)


def _split(lines: Lines, chosen: np.ndarray) -> tuple[Lines, Lines]:
    """Take one unit of the chosen lines to a line of its own; units and money of the two add up to the old line."""
    parts = {"quantity": np.ones(len(chosen), dtype="int64")}
    for name in ("revenue", "retail_discount"):
        parts[name] = getattr(lines, name)[chosen] // lines.quantity[chosen]
    rest = {}
    for name, part in parts.items():
        rest[name] = getattr(lines, name).copy()
        rest[name][chosen] -= part
    second = {field.name: getattr(lines, field.name)[chosen] for field in fields(Lines)} | parts
    return replace(lines, **rest), Lines(**second)

"""Coupons, discounts and mail: how many redeem, how much is sold on deal, and who is written to at all."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.estimates import bootstrap_mean, bootstrap_share, bounded, with_interval
from customer_patterns.features.cells import cents, customer_sums, suppress, whole_numbers
from customer_patterns.features.enough import empty_unless_enough
from customer_patterns.patterns.promotions import tables
from customer_patterns.privacy.differencing import contributions


@empty_unless_enough(tables.COUPON_USE)
def coupon_use(campaigns: ir.Table, recipients: ir.Table, redemptions: ir.Table) -> pd.DataFrame:
    """Estimate how often a coupon of a campaign is redeemed by those who got it, by type of campaign.

    Parameters
    ----------
    campaigns
        One row per campaign: ``campaign_id``, ``campaign_type``.
    recipients
        One row per customer in a campaign: ``campaign_id``, ``customer_id``.
    redemptions
        One row per redemption: ``campaign_id``, ``customer_id``. Those of customers who did not get the campaign have
        no mailing that they could be a share of.

    Returns
    -------
    DataFrame
        One row per type of campaign, by it; columns as in ``COUPON_USE``. A customer may get several campaigns:
        intervals resample customers.
    """
    redeemed = redemptions.select("campaign_id", "customer_id").distinct().mutate(redeemed=1)
    mailings = recipients.select("campaign_id", "customer_id").distinct()
    mailings = mailings.left_join(redeemed, ["campaign_id", "customer_id"]).select(
        "campaign_id", "customer_id", redeemed=ibis._.redeemed.fill_null(0)
    )
    mailings = mailings.join(campaigns.select("campaign_id", "campaign_type"), "campaign_id")
    sums = customer_sums(mailings, {"mailings": ibis._.count(), "redeemed": ibis._.redeemed.sum()}, by="campaign_type")
    numbers = mailings.group_by("campaign_type").aggregate(campaigns=ibis._.campaign_id.nunique()).execute()
    table = pd.DataFrame(
        {
            "campaign_type": sums["levels"],
            "mailings": whole_numbers(sums["mailings"].sum(axis=0)),
            "n": whole_numbers((sums["mailings"] > 0).sum(axis=0)),
        }
    )
    table["campaigns"] = table["campaign_type"].map(numbers.set_index("campaign_type")["campaigns"]).astype("int64")
    table = with_interval(table, "redeemed_share", bootstrap_share(sums["redeemed"], sums["mailings"]))
    table = suppress(table, ["mailings", *bounded("redeemed_share")])
    return table[tables.COUPON_USE.names]


@empty_unless_enough(tables.PROMOTED_REVENUE)
def promoted_revenue(order_lines: ir.Table) -> pd.DataFrame:
    """Estimate how much of the revenue of goods is sold with a discount of the shop, or with a coupon.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``customer_id``, ``revenue``, ``retail_discount``, ``coupon_discount``,
        ``coupon_match_discount``, ``line_kind``; only goods count.

    Returns
    -------
    DataFrame
        One row per way of being cheaper; columns as in ``PROMOTED_REVENUE``. Intervals resample customers.
    """
    goods = order_lines.filter(order_lines.line_kind == "goods", order_lines.revenue >= 0)
    discount = goods.retail_discount.fill_null(0) > 0
    coupon = (goods.coupon_discount.fill_null(0) > 0) | (goods.coupon_match_discount.fill_null(0) > 0)
    goods = goods.select("customer_id", revenue=cents(goods.revenue), discount=discount, coupon=coupon)
    of = ibis._.revenue
    sums = customer_sums(
        goods,
        {
            "revenue": of.sum(),
            tables.SHOP_DISCOUNT: of.sum(where=ibis._.discount).fill_null(0),
            tables.COUPON: of.sum(where=ibis._.coupon).fill_null(0),
            tables.EITHER: of.sum(where=ibis._.discount | ibis._.coupon).fill_null(0),
        },
    )
    parts = np.stack([sums[deal] for deal in tables.DEALS], axis=1)
    table = pd.DataFrame({"deal": list(tables.DEALS), "n": whole_numbers([len(parts)] * len(tables.DEALS))})
    table = with_interval(table, "revenue_share", bootstrap_share(parts, sums["revenue"][:, None]))
    return table[tables.PROMOTED_REVENUE.names]


@empty_unless_enough(tables.MAILED_DIFFER)
def mailed_differ(order_lines: ir.Table, recipients: ir.Table) -> pd.DataFrame:
    """Show how much customers buy who ever got a campaign, and the others: whom the seller writes to.

    The difference is no effect of mail. Mail is sent to good customers; they were good ones before.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``customer_id``, ``order_id``, ``revenue``, ``line_kind``. Gift cards are no
        purchase until they are spent.
    recipients
        One row per customer in a campaign: ``customer_id``.

    Returns
    -------
    DataFrame
        One row per group; columns as in ``MAILED_DIFFER``. Intervals resample customers.
    """
    lines = order_lines.filter(order_lines.line_kind != "gift_card", order_lines.customer_id.notnull())
    mailed = recipients.select("customer_id").distinct().mutate(mailed=True)
    sums = lines.group_by("customer_id").aggregate(orders=ibis._.order_id.nunique(), spend=cents(ibis._.revenue).sum())
    sums = sums.left_join(mailed, "customer_id").order_by(sums.customer_id)
    sums = sums.select("orders", "spend", mailed=ibis._.mailed.fill_null(False)).to_pyarrow()
    orders, spend = (sums[name].to_numpy().astype(float) for name in ("orders", "spend"))
    group = np.array(sums["mailed"].to_pylist(), dtype=bool)
    rows = []
    for name, members in ((tables.MAILED, group), (tables.NOT_MAILED, ~group)):
        row = pd.DataFrame({"mail": [name], "n": whole_numbers([members.sum()])})
        both = bootstrap_mean(np.stack([orders[members], spend[members] / 100], axis=1))
        for at, measure in enumerate(("orders_each", "spend_each")):
            row = with_interval(row, measure, type(both)(*(part[[at]] for part in both)))
        rows.append(row)
    figures = bounded("orders_each", "spend_each")
    spent = contributions(np.column_stack([spend * group, spend * ~group]))
    return suppress(pd.concat(rows, ignore_index=True), figures, sums=spent)[tables.MAILED_DIFFER.names]

"""Redemption, deals and mail, worked out by hand."""

from __future__ import annotations

import pytest

from customer_patterns.patterns.promotions import tables
from customer_patterns.patterns.promotions.coupons import coupon_use, mailed_differ, promoted_revenue

LINES = (
    "order_id",
    "customer_id",
    "revenue",
    "retail_discount",
    "coupon_discount",
    "coupon_match_discount",
    "line_kind",
)


@pytest.fixture
def mail(table):
    """Twenty customers get campaign 1; the first ten get campaign 2 too; 3 is of another type."""
    sent = (
        [("1", f"c{n:02d}") for n in range(20)]
        + [("2", f"c{n:02d}") for n in range(10)]
        + [("3", f"c{n:02d}") for n in range(12)]
    )
    return table("sent", ("campaign_id", "customer_id"), sent)


@pytest.fixture
def kinds(table):
    rows = [("1", "Type A"), ("2", "Type A"), ("3", "Type B")]
    return table("kinds", ("campaign_id", "campaign_type"), rows)


def test_a_mailing_counts_once_however_often_it_is_redeemed(table, kinds, mail) -> None:
    redeemed = [("1", f"c{n:02d}") for n in (0, 0, 1, 2, 3, 4, 5)] + [("2", "c00"), ("1", "nobody"), ("2", "c15")]
    found = coupon_use(kinds, mail, table("redeemed", ("campaign_id", "customer_id"), redeemed)).set_index(
        "campaign_type"
    )
    row = found.loc["Type A"]
    assert (row["campaigns"], row["mailings"], row["n"]) == (2, 30, 20)
    # c00 redeemed both of its two, five others one; a stranger, and who did not get campaign 2, do not count.
    assert row["redeemed_share"] == pytest.approx(7 / 30)
    assert row["redeemed_share_low"] < 7 / 30 < row["redeemed_share_high"]
    assert found.loc["Type B", "redeemed_share"] == 0 < found.loc["Type B", "redeemed_share_high"]


def test_few_recipients_are_not_shown(table, kinds) -> None:
    sent = table("few", ("campaign_id", "customer_id"), [("1", "a"), ("1", "b"), ("3", "a")])
    found = coupon_use(kinds, sent, sent)
    assert (found["suppressed"] != "no").all()
    assert found["redeemed_share"].isna().all()


def test_the_interval_resamples_customers_not_mailings(table) -> None:
    # 40 customers with ten campaigns each: half of them redeem all, half none.
    sent = [(f"{k}", f"c{n:02d}") for n in range(40) for k in range(10)]
    kinds = table("k2", ("campaign_id", "campaign_type"), [(f"{k}", "A") for k in range(10)])
    redeemed = table("r2", ("campaign_id", "customer_id"), [row for row in sent if int(row[1][1:]) < 20])
    row = coupon_use(kinds, table("s2", ("campaign_id", "customer_id"), sent), redeemed).iloc[0]
    width = row["redeemed_share_high"] - row["redeemed_share_low"]
    # The broken twin takes 400 mailings for independent: ± 1.96 · √(0.25 / 400), a third of what it is.
    assert width > 2.5 * (2 * 1.96 * (0.25 / 400) ** 0.5)


def test_the_share_sold_on_deal_by_hand(table) -> None:
    rows = [
        ("1", "a", 6.0, 1.0, 0.0, 0.0, "goods"),
        ("1", "a", 2.0, 0.0, 0.5, 0.0, "goods"),
        ("2", "b", 4.0, 0.0, 0.0, 0.0, "goods"),
        ("3", "c", 3.0, 1.0, 0.0, 0.5, "goods"),
        ("3", "c", 5.0, 0.0, 0.0, 0.0, "goods"),
        ("4", "b", 50.0, 9.0, 0.0, 0.0, "fuel"),
    ]
    found = promoted_revenue(table("deals", LINES, rows)).set_index("deal")["revenue_share"]
    assert found[tables.SHOP_DISCOUNT] == pytest.approx(9 / 20)
    assert found[tables.COUPON] == pytest.approx(5 / 20)
    assert found[tables.EITHER] == pytest.approx(11 / 20)


def test_who_gets_mail_is_shown_with_what_they_buy(table, mail) -> None:
    rows = [(f"{n}-{k}", f"c{n:02d}", 10.0 + n, 0, 0, 0, "goods") for n in range(35) for k in range(3 if n < 20 else 1)]
    rows += [("gift", "c30", 99.0, 0, 0, 0, "gift_card")]
    found = mailed_differ(table("bought", LINES, rows), mail).set_index("mail")
    assert found.loc[tables.MAILED, "n"] == 20
    assert found.loc[tables.NOT_MAILED, "n"] == 15
    assert found["orders_each"].tolist() == [3, 1]
    assert found.loc[tables.NOT_MAILED, "spend_each"] == pytest.approx(10 + 27)


def test_without_mailings_or_purchases_there_is_nothing(table, kinds, mail) -> None:
    none = table("none", ("campaign_id", "customer_id"), [("1", "a")]).limit(0)
    lines = table("no_lines", LINES, [("1", "a", 1.0, 0, 0, 0, "goods")]).limit(0)
    assert coupon_use(kinds, none, none).empty
    assert promoted_revenue(lines).empty
    assert mailed_differ(lines, mail).empty

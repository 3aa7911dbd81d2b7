"""Around a campaign: a planted change is found, none is not invented, and weeks before that differ are called out."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from customer_patterns.patterns.promotions import tables
from customer_patterns.patterns.promotions.campaigns import around_campaigns, campaign_change, campaign_weeks

FIRST = date(2017, 1, 1)
PERIOD = {"first_day": FIRST, "last_day": date(2017, 12, 31), "weeks_before": 4, "weeks_after": 6}
LINES = ("customer_id", "ordered_on", "revenue", "line_kind")


def shop(table, seed: int, *, lift: float = 1.0, chosen: str = "much", customers: int = 120):
    """Draw a year of weekly spend; three campaigns go to good customers, or to those whose spend is just rising.

    From its start a campaign multiplies its recipients' spend by ``lift`` for six weeks.
    """
    random = np.random.default_rng(seed)
    weeks = 52
    level = random.gamma(2, 20, (customers, 1))
    spend = level * (1 + 0.3 * np.sin(np.arange(weeks) / 6)) * random.gamma(1.5, 1 / 1.5, (customers, weeks))
    sent = []
    for campaign, start in enumerate((10, 25, 38)):
        weight = level[:, 0] if chosen == "much" else random.random(customers)
        got = np.flatnonzero(weight > np.quantile(weight, 0.6))
        sent += [(str(campaign), f"c{n:03d}") for n in got]
        spend[got, start : start + 6] *= lift
        if chosen == "rising":
            spend[got, start - 4 : start + 3] *= 1.6
    rows = [
        (f"c{n:03d}", str(FIRST + timedelta(days=7 * week + 2)), round(float(spend[n, week]), 2), "goods")
        for n in range(customers)
        for week in range(weeks)
        if spend[n, week] > 1
    ]
    campaigns = [(str(k), str(FIRST + timedelta(days=7 * start))) for k, start in enumerate((10, 25, 38))]
    return (
        table("lines", LINES, rows),
        table("campaigns", ("campaign_id", "starts_on"), campaigns),
        table("sent", ("campaign_id", "customer_id"), sent),
    ), spend


def test_a_planted_change_is_found_and_the_weeks_before_are_as_usual(table) -> None:
    read, _ = shop(table, 1, lift=1.4)
    found = around_campaigns(*read, **PERIOD)
    row = campaign_change(found).iloc[0]
    assert row["change_low"] <= 1.4 <= row["change_high"]
    assert row["verdict"] == tables.FLAT
    weeks = campaign_weeks(found).set_index("week")
    assert weeks.index.tolist() == list(range(-4, 6))
    held = weeks["spend_factor_low"].le(1.4) & weeks["spend_factor_high"].ge(1.4)
    assert held[weeks.index >= 0].sum() >= 5
    assert (weeks["n"] >= 48).all()


def test_no_change_is_not_invented_where_good_customers_get_the_mail(table) -> None:
    read, spend = shop(table, 2, lift=1.0)
    row = campaign_change(around_campaigns(*read, **PERIOD)).iloc[0]
    assert row["change_low"] <= 1 <= row["change_high"]
    # The broken twin holds who got mail against who did not.
    got = {customer for customer in read[2].execute()["customer_id"]}
    mailed = np.array([f"c{n:03d}" in got for n in range(len(spend))])
    assert spend[mailed].mean() > 2 * spend[~mailed].mean()


def test_no_change_is_found_about_as_seldom_as_promised(table) -> None:
    calls = [
        campaign_change(around_campaigns(*shop(table, seed, customers=60)[0], **PERIOD)).iloc[0]
        for seed in range(60, 76)
    ]
    assert sum(row["change_low"] <= 1 <= row["change_high"] for row in calls) >= 13
    assert sum(row["verdict"] == tables.FLAT for row in calls) >= 13


def test_recipients_who_were_rising_before_are_called_out(table) -> None:
    read, _ = shop(table, 3, chosen="rising")
    found = around_campaigns(*read, **PERIOD)
    row = campaign_change(found).iloc[0]
    assert row["verdict"] == tables.NOT_FLAT
    assert row["before_low"] > 1.2
    # Nothing was planted, and against far-away weeks the start alone looks like a change: the broken twin's reading.
    assert campaign_weeks(found).set_index("week").at[0, "spend_factor_low"] > 1.2


def test_a_campaign_before_the_period_counts_with_the_weeks_that_reach_into_it(table) -> None:
    (lines, campaigns, sent), _ = shop(table, 4)
    early = table(
        "early", ("campaign_id", "starts_on"), [("0", "2016-12-18"), ("1", "2017-06-01"), ("2", "2017-12-24")]
    )
    found = around_campaigns(lines, early, sent, **PERIOD)
    by_week = dict(zip(found.weeks.tolist(), found.recipients.tolist(), strict=True))
    assert by_week[3] > 0
    assert by_week[-4] > 0
    assert around_campaigns(lines, campaigns, sent, **PERIOD).weeks.tolist() == found.weeks.tolist()


@pytest.mark.parametrize("lacking", ["lines", "sent", "few"])
def test_where_there_is_too_little_nothing_is_said(table, lacking: str) -> None:
    (lines, campaigns, sent), _ = shop(table, 5)
    if lacking == "lines":
        lines = lines.limit(0)
    sent = sent.limit(0) if lacking == "sent" else sent.filter(sent.customer_id < "c005") if lacking == "few" else sent
    found = around_campaigns(lines, campaigns, sent, **PERIOD)
    assert found is None
    assert campaign_weeks(found).empty
    assert campaign_change(found).empty

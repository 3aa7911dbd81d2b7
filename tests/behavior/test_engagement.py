"""Visits without an order, messages, newcomers, points, service and use: by hand, and what must always hold."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_patterns.behavior import engagement
from customer_patterns.behavior.engagement.shares import clustered_shares
from customer_patterns.behavior.engagement.tables import ALL_CAMPAIGNS, ALL_MEMBERS, ALL_TOPICS, NON_MEMBERS
from customer_patterns.estimates import wilson

TEXT, WHEN, DAY, WHOLE, MONEY = pa.string(), pa.timestamp("us"), pa.date32(), pa.int64(), pa.decimal128(18, 2)
VISITS = pa.schema(
    [
        ("visitor", TEXT),
        ("known", pa.bool_()),
        ("started_on", DAY),
        ("hour", WHOLE),
        ("ordered", pa.bool_()),
    ]
)
ORDERS = pa.schema([("customer_id", TEXT), ("ordered_on", DAY), ("revenue", MONEY)])
MESSAGES = pa.schema(
    [
        ("customer_id", TEXT),
        ("campaign_id", TEXT),
        *((f"{name}_at", WHEN) for name in ("sent", "bounced", "opened", "clicked", "replied")),
    ]
)
LEDGER = pa.schema(
    [("entry_id", TEXT), ("customer_id", TEXT), ("booked_at", WHEN), ("kind", TEXT), ("points", WHOLE), ("tier", TEXT)]
)
RHYTHM = pa.schema([("customer_id", TEXT), ("first_on", DAY), ("orders", WHOLE), ("revenue", MONEY)])
CONTACTS = pa.schema(
    [("contact_id", TEXT), ("customer_id", TEXT), ("topic", TEXT), ("opened_at", WHEN), ("closed_at", WHEN)]
)
TOUCH = pa.schema([("who", TEXT), ("at", WHEN), ("touch", TEXT)])
YEAR = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}
END = {"last_day": date(2017, 12, 31), "time_zone": "UTC"}
LAST_WEEKS = {"at_least": 3, "window_days": 28, "last_day": date(2017, 12, 31)}
RULES = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def day(number: float) -> datetime:
    """The moment so many days after the year began."""
    return datetime(2017, 1, 1) + timedelta(days=number)


def named(schema: pa.Schema, *rows: tuple) -> list[dict]:
    return [dict(zip(schema.names, row, strict=True)) for row in rows]


# --- visits without an order


def visit(who: str, number: int, *, ordered: bool = False, known: bool = True, hour: int = 12) -> tuple:
    return who, known, day(number).date(), hour, ordered


@pytest.fixture
def shop(table: Callable[..., ir.Table]) -> tuple[ir.Table, ir.Table]:
    visits = [
        *[visit("looks", n) for n in (340, 350, 360)],
        *[visit("buys", n) for n in (340, 350, 360)],
        *[visit("buys there", n, ordered=n == 360) for n in (340, 350, 360)],
        *[visit("rare", n) for n in (350, 360)],
        *[visit("long ago", n) for n in (100, 110, 120)],
        *[visit("browser x", n, known=False) for n in (340, 350, 360)],
    ]
    orders = [("buys", day(345).date(), Decimal(5)), ("looks", day(100).date(), Decimal(5))]
    return table(named(VISITS, *visits), VISITS), table(named(ORDERS, *orders), ORDERS)


def test_who_visits_often_and_orders_nothing_is_listed(shop: tuple[ir.Table, ir.Table]) -> None:
    found = engagement.visiting_without_order(*shop, **LAST_WEEKS)
    assert found.to_dict("records") == [
        {
            "customer_id": "looks",
            "visits": 3,
            "days": 3,
            "last_visit_on": pd.Timestamp("2017-12-27"),
            "orders_before": 1,
        }
    ]
    longer = engagement.visiting_without_order(*shop, at_least=3, window_days=365, last_day=date(2017, 12, 31))
    assert longer["customer_id"].tolist() == ["long ago"]  # in a year, the other one did order
    with pytest.raises(ValueError, match="one visit and one day"):
        engagement.visiting_without_order(*shop, at_least=0, window_days=28, last_day=date(2017, 12, 31))


def test_a_twin_that_takes_the_order_of_another_time_for_one_now_is_found_out(shop: tuple[ir.Table, ir.Table]) -> None:
    visits, orders = shop
    frequent = {"looks", "buys", "buys there"}
    twin = frequent - set(orders.customer_id.to_pyarrow().to_pylist())
    assert twin != set(engagement.visiting_without_order(visits, orders, **LAST_WEEKS)["customer_id"])


def test_shares_of_frequent_visitors_and_of_hours_by_hand(table: Callable[..., ir.Table]) -> None:
    visits = [visit(f"c{n:02d}", 350 + k, ordered=n < 15 and not k, hour=9) for n in range(20) for k in range(3)]
    made = table(named(VISITS, *visits), VISITS), table([], ORDERS)
    (row,) = engagement.frequent_visitors(*made, **LAST_WEEKS).to_dict("records")
    assert (row["n"], row["without_order"], row["share_without_order"]) == (20, 5, 0.25)
    assert (row["share_without_order_low"], row["share_without_order_high"]) == pytest.approx(
        [float(bound) for bound in wilson(5, 20)[1:]]
    )
    hours = engagement.visits_without_order(made[0]).set_index("hour")
    assert hours.loc[9, ["visits", "share_without_order"]].tolist() == [60, 45 / 60]
    assert hours["share_without_order"].drop(9).isna().all()
    assert engagement.frequent_visitors(table([], VISITS), made[1], **LAST_WEEKS).empty


# --- messages


def message(who: str, sent: float, campaign: str | None = "c", **done: float) -> tuple:
    at = {
        name: None if name not in done else day(sent + done[name])
        for name in ("bounced", "opened", "clicked", "replied")
    }
    return who, campaign, day(sent), *at.values()


def outcomes(table: Callable[..., ir.Table], *messages: tuple) -> ir.Table:
    return engagement.outcomes(table(named(MESSAGES, *messages), MESSAGES), reaction_days=14, **END)


def test_rates_of_a_customer_are_missing_where_nothing_arrived(table: Callable[..., ir.Table]) -> None:
    sent = outcomes(
        table,
        message("anna", 10, opened=1, clicked=2),
        message("anna", 20),
        message("anna", 30, bounced=0.1, opened=1),  # what came back was not opened
        message("anna", 40, opened=15),  # too late
        message("bert", 10, bounced=0.1),
        message("carl", 10, replied=1),  # an answer shows that it was opened
        message("dora", 360, opened=1),  # has not had its time
    )
    customers = table(
        [{"customer_id": name} for name in ("anna", "bert", "dora", "erik")], pa.schema([("customer_id", TEXT)])
    )
    found = engagement.mail_engagement(sent, customers).set_index("customer_id")
    assert found.loc["anna", ["sent", "arrived", "opened", "clicked", "replied"]].tolist() == [4, 3, 1, 1, 0]
    assert found.loc["anna", "opened_rate"] == pytest.approx(1 / 3)  # not 1/4: the bounce is no denominator
    assert found.loc["carl", ["opened_rate", "clicked_rate", "replied_rate"]].tolist() == [1, 0, 1]
    for nobody in ("bert", "dora", "erik"):
        assert found.loc[nobody, ["opened_rate", "clicked_rate", "replied_rate"]].isna().all()
    assert found.index.tolist() == ["anna", "bert", "carl", "dora", "erik"]


def test_campaigns_by_hand_with_wilsons_interval_where_everyone_got_one(table: Callable[..., ir.Table]) -> None:
    sent = outcomes(
        table,
        *[message(f"c{n:02d}", 10, "first", **({"opened": 1.0} if n < 8 else {})) for n in range(20)],
        *[message(f"c{n:02d}", 40, "second", **({"bounced": 0.1} if n < 5 else {})) for n in range(20)],
        *[message(f"c{n:02d}", 70, "few") for n in range(3)],
    )
    found = engagement.mail_campaigns(sent).set_index("campaign")
    assert found.loc["first", ["sent", "arrived", "opened"]].tolist() == [20, 20, 0.4]
    assert found.loc["first", ["opened_low", "opened_high"]].tolist() == pytest.approx(
        [float(bound) for bound in wilson(8, 20)[1:]]
    )
    assert found.loc[ALL_CAMPAIGNS, ["sent", "arrived", "bounced"]].tolist() == [43, 38, 5 / 43]
    assert found.loc["few", "suppressed"] == "too few"
    # Had the few been blank alone, the total would give them away.
    assert (found["suppressed"] == "to protect another").sum() == 1


@RULES
@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 3), st.booleans()), min_size=1, max_size=60))
def test_shares_lie_between_none_and_all_with_their_intervals(observed: list[tuple[int, int, bool]]) -> None:
    part, total = np.zeros((12, 4)), np.zeros((12, 4))
    for who, what, happened in observed:
        total[who, what] += 1
        part[who, what] += happened
    share = clustered_shares(part, total)
    known = total.sum(axis=0) > 0
    assert np.isnan(share.value[~known]).all()
    value, low, high = (np.asarray(bound)[known] for bound in share)
    assert ((low >= 0) & (low <= value + 1e-9) & (value <= high + 1e-9) & (high <= 1)).all()


# --- newcomers


def life(
    table: Callable[..., ir.Table], touches: list[tuple], orders: list[tuple], referrals: object = None
) -> pd.DataFrame:
    return engagement.life_cohorts(
        table(named(TOUCH, *touches), TOUCH), table(named(ORDERS, *orders), ORDERS), referrals, **YEAR, time_zone="UTC"
    ).set_index(["cohort", "stage"])


def test_a_cohort_by_hand(table: Callable[..., ir.Table]) -> None:
    # Twenty are first seen on 10 April (day 99) by a visit; a mail before does not count as a sign of life.
    touches = [(f"c{n:02d}", day(99), "web visit") for n in range(20)] + [("c00", day(40), "mail sent")]
    orders = [(f"c{n:02d}", day(99 + 30).date(), Decimal(10)) for n in range(12)]  # the last day that counts
    orders += [("c12", day(99 + 31).date(), Decimal(99))]  # too late to be activated
    orders += [(f"c{n:02d}", day(99 + 90).date(), Decimal(10)) for n in range(6)]
    orders += [(f"c{n:02d}", day(99 + 91).date(), Decimal(99)) for n in range(12)]  # too late to be retained
    told = pa.schema([("referrer_id", TEXT), ("referred_at", WHEN)])
    referrals = table(named(told, ("c00", day(110)), ("c00", day(111)), ("c11", day(110)), ("c01", day(300))), told)
    found = life(table, touches, orders, referrals)
    april = found.loc[pd.Timestamp("2017-04-01")]
    assert april["reached"].tolist() == [20, 12, 6, 1, 12]  # c11 recommends but was not retained, c01 too late
    assert april.loc["revenue", "revenue_each"] == pytest.approx((12 * 10 + 6 * 10 + 99) / 20)
    assert set(april["status"]) == {"new or returning"}
    without = life(table, touches, orders)
    assert (
        without.loc[(pd.Timestamp("2017-04-01"), "referral")]
        .drop(["status", "within_days", "suppressed", "n"])
        .isna()
        .all()
    )


def test_a_stage_whose_time_has_not_passed_is_blank_not_none(table: Callable[..., ir.Table]) -> None:
    touches = [(f"c{n:02d}", day(310), "web visit") for n in range(20)]  # November: thirty days have passed, ninety not
    found = life(table, touches, []).loc[pd.Timestamp("2017-11-01")]
    assert found["reached"].tolist()[:2] == [20, 0]
    assert found["reached"].iloc[2:].isna().all()
    # The twin that shows all cells would say that nobody is ever retained of late.
    assert found["share_of_cohort"].fillna(0).tolist() != found["share_of_cohort"].tolist()


def test_who_was_there_before_is_called_so_and_small_cohorts_are_blank(table: Callable[..., ir.Table]) -> None:
    touches = [(f"c{n:02d}", day(5), "order") for n in range(20)] + [("late", day(150), "order")]
    found = life(table, touches, [(f"c{n:02d}", day(5).date(), Decimal(1)) for n in range(20)])
    assert found.loc[(pd.Timestamp("2017-01-01"), "acquisition"), "status"] == "already customers"
    assert found["n"].isna().all()  # the one of May, and the others, from whom it could be worked out
    with pytest.raises(ValueError, match="activation takes"):
        engagement.life_cohorts(
            *(table([], s) for s in (TOUCH, ORDERS)), None, **YEAR, time_zone="UTC", activation_days=0
        )


@RULES
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 364), st.booleans()), min_size=1, max_size=60))
def test_counts_never_rise_from_stage_to_stage(
    table: Callable[..., ir.Table], acts: list[tuple[int, int, bool]]
) -> None:
    touches = [(f"c{who:02d}", day(at), "order" if bought else "web visit") for who, at, bought in acts]
    orders = [(f"c{who:02d}", day(at).date(), Decimal(3)) for who, at, bought in acts if bought]
    told = pa.schema([("referrer_id", TEXT), ("referred_at", WHEN)])
    referrals = table(named(told, *((f"c{who:02d}", day(at)) for who, at, _ in acts)), told)
    counts = life(table, touches, orders, referrals).reset_index()
    counts = counts.pivot_table(index="cohort", columns="stage", values="reached", dropna=False)
    ladder = ["acquisition", "activation", "retention", "referral"]
    for above, below in (*itertools.pairwise(ladder), ("activation", "revenue")):
        both = counts[[above, below]].dropna()
        assert (both[below] <= both[above]).all()


# --- points


def entry(number: int, who: str, at: float, kind: str, points: int | None, tier: str | None = None) -> tuple:
    return f"e{number:03d}", who, day(at), kind, points, tier


def test_an_account_of_points_by_hand(table: Callable[..., ir.Table]) -> None:
    entries = [
        entry(1, "anna", 10, "earn", 300),
        entry(2, "anna", 20, "tier", 0, "silver"),
        entry(3, "anna", 30, "burn", -100),
        entry(4, "anna", 40, "expire", -50),
        entry(5, "anna", 50, "tier", None, "gold"),
        entry(6, "bert", 10, "earn", 20, "basic"),
        entry(7, "bert", 20, "burn", -30, "basic"),
    ]
    rhythm = [("anna", day(0).date(), 5, Decimal(500)), ("bert", day(0).date(), 1, Decimal(5))]
    found = engagement.loyalty_members(
        table(named(LEDGER, *entries), LEDGER), table(named(RHYTHM, *rhythm), RHYTHM), time_zone="UTC"
    ).set_index("customer_id")
    columns = ["earned", "burned", "expired", "balance", "lowest_balance", "tier", "tier_moves", "high_value"]
    assert found.loc["anna", columns].tolist() == [300, 100, 50, 150, 150, "gold", 2, True]
    assert found.loc["bert", columns].tolist() == [20, 30, 0, -10, -10, "basic", 0, False]  # overdrawn, and seen
    assert (found["balance"] == found["earned"] - found["burned"] - found["expired"]).all()


def test_members_and_others_are_compared_per_month_since_the_first_order(table: Callable[..., ir.Table]) -> None:
    months = (364 + 1) / (365.25 / 12)
    rhythm = [(f"c{n:02d}", date(2017, 1, 1), 12, Decimal(100 * (n + 1))) for n in range(40)]
    entries = [entry(n, f"c{n:02d}", 10, "earn", 5, "gold" if n < 15 else "basic") for n in range(30)]
    made = table(named(RHYTHM, *rhythm), RHYTHM)
    members = engagement.loyalty_members(table(named(LEDGER, *entries), LEDGER), made, time_zone="UTC")
    found = engagement.loyalty_groups(members, made, last_day=date(2017, 12, 31)).set_index("group")
    assert found.index.tolist() == ["basic", "gold", ALL_MEMBERS, NON_MEMBERS]
    assert found["n"].tolist() == [15, 15, 30, 10]
    assert found.loc[NON_MEMBERS, "monthly_spend"] == pytest.approx(3550 / months)
    assert found.loc[NON_MEMBERS, "high_value"] == 0.4  # four of the tenth of forty
    assert found.loc[ALL_MEMBERS, "high_value"] == 0
    figures = engagement.loyalty_figures(members, last_day=date(2017, 12, 31)).set_index("figure")
    assert figures.loc["members who ever spent points", "value"] == 0
    assert figures["overdrawn"].tolist() == [0] * 4
    assert engagement.loyalty_figures(members.head(3), last_day=date(2017, 12, 31)).empty


# --- service


def test_contacts_per_thousand_orders_by_hand(table: Callable[..., ir.Table]) -> None:
    # In the week of 9 January (day 8) fifteen of fifty customers ask once; everyone orders twice that week.
    contacts = [(f"k{n}", f"c{n:02d}", "billing" if n < 12 else None, day(9), day(9 + 0.25)) for n in range(15)]
    contacts += [("nobody", None, "billing", day(9), None)]
    orders = [(f"c{n:02d}", day(number).date(), Decimal(1)) for n in range(50) for number in (8, 14)]
    made = table(named(CONTACTS, *contacts), CONTACTS), table(named(ORDERS, *orders), ORDERS)
    weeks = engagement.service_weeks(*made, **YEAR, time_zone="UTC").set_index("week_starts_on")
    week = weeks.loc[pd.Timestamp("2017-01-09")]
    assert week[["contacts", "orders", "n", "customers"]].tolist() == [15, 100, 15, 50]
    assert week["per_thousand_orders"] == pytest.approx(150)
    assert week["per_thousand_customers"] == pytest.approx(300)
    assert weeks["contacts"].sum() == 15
    assert not weeks["complete"].iloc[0]  # it began in the year before
    topics = engagement.service_topics(*made, **END).set_index("topic")
    assert topics.loc[ALL_TOPICS, "contacts"] == 16
    assert topics.loc[ALL_TOPICS, "per_thousand_orders"] == pytest.approx(160)
    assert topics.loc[ALL_TOPICS, "hours_to_close"] == pytest.approx(6)
    assert topics.loc[ALL_TOPICS, "open"] == 1
    assert topics["suppressed"].tolist() == ["no", "to protect another", "too few"]


def test_what_is_open_counts_as_longer_not_as_closed(table: Callable[..., ir.Table]) -> None:
    contacts = [(f"k{n}", f"c{n}", "x", day(300), day(301) if n < 9 else None) for n in range(20)]
    made = table(named(CONTACTS, *contacts), CONTACTS)
    (row,) = engagement.service_topics(made, table([], ORDERS), **END).query("topic == @ALL_TOPICS").to_dict("records")
    assert np.isnan(row["hours_to_close"])  # nine of twenty are not half; the twin that drops open ones says 24
    assert row["open"] == 11
    assert engagement.service_topics(table([], CONTACTS), table([], ORDERS), **END).empty


# --- use


def test_use_by_hand(table: Callable[..., ir.Table]) -> None:
    schema = pa.schema([("customer_id", TEXT), ("used_at", WHEN)])
    # All begin on 1 January and use it twice on each of two days of the first month, five once again in the third.
    uses = [(f"c{n}", day(at + hour)) for n in range(10) for at in (0, 5) for hour in (0.2, 0.4)]
    uses += [(f"c{n}", day(70.5)) for n in range(5)]
    days = engagement.usage_days(table(named(schema, *uses), schema), time_zone="UTC", last_day=date(2017, 4, 30))
    assert days["days"].sum() == 25
    assert set(days["seen"]) == {120}
    figures = engagement.usage_figures(days).set_index("figure")["value"]
    assert figures.tolist() == pytest.approx([25 / 40, 45 / 25, 15 / 40])
    kept = engagement.usage_retention(days)
    assert kept[["months", "n", "active"]].to_numpy().tolist() == [[1, 10, 0], [2, 10, 5], [3, 10, 0]]
    assert kept["retention"].tolist() == [0, 0.5, 0]


def test_a_month_of_use_not_seen_to_its_end_counts_for_nobody(table: Callable[..., ir.Table]) -> None:
    schema = pa.schema([("customer_id", TEXT), ("used_at", WHEN)])
    uses = [(f"c{n}", day(0.5)) for n in range(12)] + [(f"d{n}", day(61.5)) for n in range(12)]
    days = engagement.usage_days(table(named(schema, *uses), schema), time_zone="UTC", last_day=date(2017, 3, 31))
    kept = engagement.usage_retention(days).set_index("months")
    assert kept["n"].tolist() == [12, 12]  # who began in March was seen for no later month
    assert engagement.usage_retention(days.head(0)).empty
    assert engagement.usage_figures(days.head(0)).empty


def test_contracts_kept_for_so_long_by_hand(table: Callable[..., ir.Table]) -> None:
    schema = pa.schema(
        [
            ("contract_id", TEXT),
            ("customer_id", TEXT),
            ("plan", TEXT),
            ("starts_on", DAY),
            ("ends_on", DAY),
            ("cancelled_on", DAY),
        ]
    )
    begin = date(2017, 1, 1)
    rows = [(f"k{n}", f"c{n}", "basic", begin, None, begin + timedelta(days=50)) for n in range(8)]
    rows += [(f"k{n}", f"c{n}", "basic", begin, None, None) for n in range(8, 12)]
    rows += [(f"k{n}", f"c{n}", "plus", date(2017, 12, 1), None, None) for n in range(12, 24)]  # seen for a month
    rows += [("late", "x", "plus", date(2018, 1, 1), None, None)]
    made = table(named(schema, *rows), schema)
    found = engagement.contract_survival(made, kept_days=90, last_day=date(2017, 12, 31)).set_index("plan")
    assert found["contracts"].tolist() == [24, 12, 12]
    assert found["cancelled"].tolist() == [8, 8, 0]
    # Of all 24, twelve are still watched on day 50: the twin that takes the others for kept says 16 of 24.
    assert found["kept"].tolist()[:2] == pytest.approx([4 / 12, 4 / 12])
    assert np.isnan(found.loc["plus", "kept"])
    assert engagement.contract_survival(table([], schema), kept_days=90, last_day=begin).empty
    with pytest.raises(ValueError, match="one day at least"):
        engagement.contract_survival(made, kept_days=0, last_day=begin)

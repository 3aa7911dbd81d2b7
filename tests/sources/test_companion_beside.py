"""Visits, e-mails, calls, points and experiments beside real purchases: what is planted is there, and nothing else."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit

from customer_patterns.schemas import Refusal
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.companion import Companion, Plan, Purchases, draw_companion, sessions
from customer_patterns.sources.companion.beside import Beside, draw_beside
from customer_patterns.sources.companion.calls import PITCH_BY_BAD_MOOD, TALKING_AGENT, TALKS_MORE
from customer_patterns.sources.companion.channels import ONLINE_BY_AREA, ONLINE_BY_HABIT, ONLINE_BY_YEAR
from customer_patterns.sources.companion.delivery import COLUMNS, accompany, surround
from customer_patterns.sources.companion.draws import Lot, keys_of
from customer_patterns.sources.companion.experiments import EXPERIMENTS
from customer_patterns.sources.companion.letters import CLICKED_BY_TYPE, OPENED_BY_TYPE
from customer_patterns.sources.companion.loyalty import EXPIRE_AFTER_DAYS, POINTS_PER_DOLLAR, PUT_RIGHT_POINTS, TIERS
from customer_patterns.sources.companion.sessions import CARTED, STOPPED_AT_CHECKOUT
from customer_patterns.sources.companion.surroundings import Surroundings, look_around
from customer_patterns.sources.companion.traits import EDUCATION, OCCUPATION
from customer_patterns.study import load_study, project_root

SEEDS = (20170215, 8)
CUT = date(2017, 7, 20)


@cache
def planned(seed: int) -> tuple[Purchases, Plan]:
    """The purchases that are accompanied, and the plan of a seed; the same for all tests."""
    return accompany(load_study("complete-journey"), seed=seed)


@pytest.fixture(scope="module")
def around() -> Surroundings:
    purchases, plan = planned(SEEDS[0])
    return look_around(plan, purchases, surround(load_study("complete-journey")))


@pytest.fixture(scope="module", params=SEEDS)
def beside(request: pytest.FixtureRequest, around: Surroundings) -> Beside:
    _, plan = planned(request.param)
    return draw_beside(plan, around)


@pytest.fixture(scope="module")
def whole() -> Companion:
    study = load_study("complete-journey")
    purchases, plan = planned(SEEDS[0])
    return draw_companion(plan, purchases, surround(study))


def flawless(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop_duplicates(ignore_index=True)


def close(found: float, planted: float, n: float) -> bool:
    """Whether a share lies within four standard errors of what is planted."""
    return abs(found - planted) < 4 * np.sqrt(planted * (1 - planted) / n)


# Chance that belongs to a thing


def test_what_is_drawn_for_a_thing_does_not_depend_on_what_else_there_is() -> None:
    lot, ids = Lot(7, "part"), [f"order {number}" for number in range(1000)]
    alone = [lot.normal(keys_of([one]), "habit")[0] for one in ids[:20]]
    assert lot.normal(keys_of(ids), "habit")[:20].tolist() == alone
    assert lot.normal(keys_of(ids[::-1]), "habit")[::-1][:20].tolist() == alone


def test_draws_are_uniform_and_those_of_other_names_parts_and_seeds_have_nothing_to_do_with_them() -> None:
    keys = keys_of([str(number) for number in range(20_000)])
    drawn = Lot(7, "part").uniform(keys, "one")
    assert stats.kstest(drawn, "uniform").pvalue > 0.001
    assert drawn.min() >= 0
    assert drawn.max() < 1
    others = [
        Lot(7, "part").uniform(keys, "two"),
        Lot(7, "other").uniform(keys, "one"),
        Lot(8, "part").uniform(keys, "one"),
        Lot(7, "part").uniform(keys + np.uint64(1), "one"),
    ]
    for other in others:
        assert abs(np.corrcoef(drawn, other)[0, 1]) < 4 / np.sqrt(len(keys))


# Nothing that is known on a day rests on a later one


def known(beside: Beside, name: str, moment: str) -> pd.DataFrame:
    _, plan = planned(SEEDS[0])
    table = beside.tables[name]
    return table[table[moment] < pd.Timestamp(plan.midnight(CUT))].reset_index(drop=True)


MOMENTS = {
    "events": "occurred_at",
    "messages": "sent_at",
    "loyalty_ledger": "booked_at",
    "experiments": "assigned_at",
}


def few(around: Surroundings) -> Surroundings:
    """The same shop with one household in six."""
    taken = set(around.customers["customer_id"].iloc[::6])
    orders = around.orders[around.orders["customer_id"].isin(taken)].reset_index(drop=True)
    return replace(
        around,
        orders=orders,
        customers=around.customers[around.customers["customer_id"].isin(taken)].reset_index(drop=True),
        lines=around.lines[around.lines["order_id"].isin(orders["order_id"])],
        mailings=around.mailings[around.mailings["customer_id"].isin(taken)].reset_index(drop=True),
    )


@pytest.fixture(scope="module")
def ended_and_went_on(around: Surroundings) -> tuple[Surroundings, Surroundings]:
    """A few households, their purchases known until a day in July and until the end of the year."""
    study = load_study("complete-journey")
    purchases, plan = planned(SEEDS[0])
    ended, whole = few(look_around(plan, purchases, surround(study), known_before=CUT)), few(around)
    assert len(ended.orders) < 0.7 * len(whole.orders)
    return ended, replace(ended, **{f: getattr(whole, f) for f in ("orders", "customers", "lines", "mailings")})


def test_records_of_a_day_are_the_same_whether_purchases_end_there_or_months_later(
    ended_and_went_on: tuple[Surroundings, Surroundings],
) -> None:
    _, plan = planned(SEEDS[0])
    early, late = (draw_beside(plan, around) for around in ended_and_went_on)
    for name, moment in MOMENTS.items():
        assert len(known(early, name, moment)) > 100
        pd.testing.assert_frame_equal(known(early, name, moment), known(late, name, moment))
    channels = late.tables["order_channels"].set_index("order_id")["channel"]
    ended = early.tables["order_channels"]
    assert channels[ended["order_id"]].tolist() == ended["channel"].tolist()


def test_a_visit_on_the_day_before_its_order_would_be_found_out(
    ended_and_went_on: tuple[Surroundings, Surroundings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: sessions that look up an order of the next days."""
    truthful = sessions._of_orders

    def prophetic(lot: Lot, orders: pd.DataFrame, kind: object) -> pd.DataFrame:
        table = truthful(lot, orders, kind)
        return table.assign(moment=table["moment"] - pd.Timedelta(days=5 * (kind is sessions.LOOKING_UP)))

    monkeypatch.setattr(sessions, "_of_orders", prophetic)
    _, plan = planned(SEEDS[0])
    early, late = (known(draw_beside(plan, around), "events", "occurred_at") for around in ended_and_went_on)
    assert len(late) > len(early)


def test_beside_a_whole_shop_people_answer_as_they_do_without_one(whole: Companion) -> None:
    purchases, plan = planned(SEEDS[0])
    alone = draw_companion(plan, purchases)
    assert set(whole.tables) - set(alone.tables) == {
        "regions", "customer_traits", "order_channels", "events", "messages", "calls", "loyalty_ledger", "experiments",
    }  # fmt: skip
    for name, table in alone.tables.items():
        pd.testing.assert_frame_equal(table, whole.tables[name])
    assert alone.truth == whole.truth


def test_every_table_has_columns_of_its_canonical_table_and_not_one_of_a_real_one(whole: Companion) -> None:
    for name, table in whole.tables.items():
        assert set(table.columns) <= set(CANONICAL[name].names), name
        assert set(table.columns) == set(COLUMNS[name]), name
    real = {source.table for source in load_study("complete-journey").sources if source.provenance == "real"}
    assert not real & set(whole.tables)
    assert len(whole.tables["events"]) <= 300_000


# Regions, education, occupation


def test_households_live_in_regions_of_three_kinds_as_many_as_their_size_says(beside: Beside) -> None:
    traits, regions = beside.tables["customer_traits"], beside.tables["regions"].set_index("region_id")
    assert set(regions["area_type"]) == {"urban", "suburban", "rural"}
    lives = traits["region_id"].value_counts().reindex(regions.index, fill_value=0)
    expected = regions["population"] / regions["population"].sum() * len(traits)
    assert stats.chisquare(lives, expected).pvalue > 0.001
    assert traits["customer_id"].is_unique
    assert 0.02 < traits["education"].isna().mean() < 0.06


@pytest.mark.parametrize(("what", "group", "planted"), [
    ("education", "area_type", EDUCATION), ("occupation", "education", OCCUPATION),
])  # fmt: skip
def test_education_goes_with_the_area_and_occupation_with_education_as_planted(
    beside: Beside, what: str, group: str, planted: dict[str, dict[str, float]]
) -> None:
    traits = beside.truth_tables["traits"]
    for name, shares in planted.items():
        assert sum(shares.values()) == pytest.approx(1)
        inside = traits.loc[traits[group] == name, what]
        found = inside.value_counts().reindex(list(shares), fill_value=0)
        assert stats.chisquare(found, np.array(list(shares.values())) * len(inside)).pvalue > 0.001


def test_where_people_live_says_nothing_about_what_they_buy(beside: Beside, around: Surroundings) -> None:
    spend = np.log1p(around.orders.groupby("customer_id")["cents"].sum())
    traits = beside.truth_tables["traits"].set_index("customer_id")
    for name in ("area_type", "education", "occupation"):
        groups = [spend[rows.index] for _, rows in traits.groupby(name)]
        assert stats.f_oneway(*groups).pvalue > 0.001


# Channels


def online_by_household(beside: Beside, around: Surroundings) -> pd.DataFrame:
    """Per household: orders without fuel, how many of them online, and the planted mean chance of its area."""
    orders = around.orders.assign(online=(beside.tables["order_channels"]["channel"] == "online").to_numpy())
    assert not orders.loc[orders["fuel"], "online"].any()
    traits = beside.truth_tables["traits"].set_index("customer_id")
    orders = orders[~orders["fuel"]].join(traits, on="customer_id")
    nodes, mass = np.polynomial.hermite_e.hermegauss(15)
    odds = orders["area_type"].map(ONLINE_BY_AREA).to_numpy() + ONLINE_BY_YEAR * orders["day"].to_numpy() / 365
    orders["chance"] = expit(odds[:, None] + ONLINE_BY_HABIT * nodes) @ (mass / mass.sum())
    return orders.groupby(["customer_id", "area_type", "education"], as_index=False).agg(
        orders=("online", "size"), online=("online", "sum"), expected=("chance", "sum")
    )


def test_orders_come_online_as_often_as_planted_in_each_area(beside: Beside, around: Surroundings) -> None:
    for _, rows in online_by_household(beside, around).groupby("area_type"):
        excess = rows["online"] - rows["expected"]
        assert abs(excess.sum()) < 4 * excess.std() * np.sqrt(len(rows))


def test_education_says_nothing_about_the_channel_within_an_area(beside: Beside, around: Surroundings) -> None:
    rows = online_by_household(beside, around)
    for _, group in rows.groupby("education"):
        excess = group["online"] - group["expected"]
        assert abs(excess.sum()) < 4 * excess.std() * np.sqrt(len(group))


# Visits


def test_every_order_online_has_one_purchase_on_the_web_by_its_customer_at_its_moment(
    beside: Beside, around: Surroundings
) -> None:
    events = flawless(beside.tables["events"])
    bought = events[events["event_type"] == "purchase"].set_index("order_id")
    channels = beside.tables["order_channels"].set_index("order_id")["channel"]
    assert set(bought.index) == set(channels.index[channels == "online"])
    assert bought.index.is_unique
    orders = around.orders.set_index("order_id").loc[bought.index]
    assert (orders["customer_id"] == bought["customer_id"]).all()
    assert (abs(orders["ordered_at"] - bought["occurred_at"]) <= pd.Timedelta(seconds=1)).all()


def test_sessions_run_in_order_and_end_without_a_time_spent(beside: Beside) -> None:
    events = flawless(beside.tables["events"])
    assert events["event_id"].is_unique
    assert events["occurred_at"].is_monotonic_increasing
    assert len(beside.tables["events"]) - len(events) == beside.truth["visits"]["flaws"]["exact duplicate"] > 3
    steps = events.sort_values(["session_id", "event_id"])
    last = steps.groupby("session_id").tail(1)
    assert last["dwell_seconds"].isna().mean() > 0.99
    begins = steps.drop_duplicates("session_id")
    assert set(begins["event_type"]) == {"page_view"}
    assert (begins["customer_id"].isna()).all()  # nobody is known before logging in


def test_carts_are_filled_and_left_as_planted(beside: Beside) -> None:
    kinds = beside.truth_tables["sessions"].set_index("session_id")["kind"]
    events = flawless(beside.tables["events"])
    free = events[events["session_id"].map(kinds).isin(["browses", "follows an e-mail", "stranger"])]
    free = free.assign(carts=free["event_type"] == "cart_view", checkout=free["event_type"] == "checkout")
    seen = free.groupby("session_id").agg(
        device=("device", "first"), carts=("carts", "any"), checkout=("checkout", "any")
    )
    assert close(seen["carts"].mean(), CARTED, len(seen))
    for device, rows in seen[seen["carts"]].groupby("device"):
        assert close(rows["checkout"].mean(), STOPPED_AT_CHECKOUT[device], len(rows))


def test_many_visitors_say_later_who_they_are_some_never_and_a_few_are_shared(beside: Beside) -> None:
    owners = beside.truth_tables["sessions"].groupby("visitor_id")["owner"].agg(["nunique", "size"])
    events = flawless(beside.tables["events"])
    logins = events[events["event_type"] == "login"].groupby("visitor_id")["occurred_at"].min()
    first = events.groupby("visitor_id")["occurred_at"].min()
    anonymous_day_before = (logins - first[logins.index]) > pd.Timedelta(days=1)
    assert anonymous_day_before.sum() > 300
    strangers = owners.index[owners["nunique"] == 0]
    assert not set(strangers) & set(logins.index)
    assert (owners["nunique"] > 1).sum() == beside.truth["visits"]["visitors_shared_by_households"] > 0
    assert owners["nunique"].max() < 12


def test_a_simple_rule_tells_crawlers_from_people_though_one_calls_itself_a_browser(beside: Beside) -> None:
    events = flawless(beside.tables["events"])
    looks = events[events["event_type"] == "product_view"].groupby("session_id").size()
    named = events.loc[events["user_agent"].str.contains("bot", case=False), "session_id"].unique()
    found = set(looks.index[looks > 12]) | set(named)
    kinds = beside.truth_tables["sessions"].set_index("session_id")["kind"]
    assert found == set(kinds.index[kinds == "crawls"])
    assert set(named) < found


# E-mails


def test_e_mails_go_to_the_recipients_of_campaigns_and_are_opened_as_planted(
    beside: Beside, around: Surroundings
) -> None:
    messages = flawless(beside.tables["messages"])
    kinds = around.mailings.drop_duplicates("campaign_id").set_index("campaign_id")["campaign_type"]
    sent = messages.assign(kind=messages["campaign_id"].map(kinds))
    allowed = set(zip(around.mailings["campaign_id"], around.mailings["customer_id"], strict=True))
    assert set(zip(sent["campaign_id"], sent["customer_id"], strict=True)) <= allowed
    delivered = sent[sent["delivered_at"].notna()]
    for kind, rows in delivered.groupby("kind"):
        opened = rows["opened_at"].notna()
        assert close(opened.mean(), OPENED_BY_TYPE[kind], len(rows))
        assert close(rows["clicked_at"].notna().sum() / opened.sum(), CLICKED_BY_TYPE[kind], opened.sum())
    assert not (sent["bounced_at"].notna() & sent["opened_at"].notna()).any()


def test_who_unsubscribed_gets_no_more_e_mails_and_moments_follow_each_other_but_for_the_flaws(beside: Beside) -> None:
    messages = flawless(beside.tables["messages"])
    left = messages.groupby("customer_id")["unsubscribed_at"].min()
    assert left.notna().sum() > 5
    assert not (messages["sent_at"] > messages["customer_id"].map(left)).any()
    early = messages["opened_at"] < messages["delivered_at"]
    assert early.sum() == beside.truth["messages"]["flaws"]["opened before delivered"]
    assert not (messages["clicked_at"] < messages["opened_at"]).any()


def test_redeeming_a_coupon_has_nothing_to_do_with_opening_the_e_mail(beside: Beside) -> None:
    study = load_study("complete-journey")
    source = study.source("coupon_redemptions")
    redeemed = pd.read_parquet(surround(study).recipients.path.with_name(Path(source.location).name))
    pairs = set(zip(redeemed["campaign_id"].astype(str), redeemed["household_id"].astype(str), strict=True))
    sent = flawless(beside.tables["messages"])
    did = np.array([pair in pairs for pair in zip(sent["campaign_id"], sent["customer_id"], strict=True)])
    table = pd.crosstab(did, sent["opened_at"].notna())
    assert did.sum() > 200
    assert stats.chi2_contingency(table).pvalue > 0.001


# Calls


@pytest.fixture(scope="module")
def calls(whole: Companion) -> pd.DataFrame:
    return flawless(whole.tables["calls"]).merge(whole.beside_tables["calls"][["call_id", "mood", "solved"]])


def test_each_call_is_an_answered_contact_by_telephone(whole: Companion, calls: pd.DataFrame) -> None:
    contacts = whole.tables["contacts"].drop_duplicates("contact_id")
    by_phone = contacts[contacts["channel"].eq("phone") & contacts["first_response_at"].notna()]
    assert set(calls["contact_id"]) == set(by_phone["contact_id"])
    both = calls.merge(by_phone, on="contact_id")
    assert (both["agent_id_x"] == both["agent_id_y"]).all()
    assert (both["started_at"] == both["first_response_at"]).mean() > 0.98  # but for the flaws of contacts


def test_one_agent_talks_more_and_a_bad_mood_is_heard(calls: pd.DataFrame) -> None:
    talks = calls.groupby("agent_id")["talk_share"].mean()
    assert talks.idxmax() == TALKING_AGENT
    rest = calls.loc[calls["agent_id"] != TALKING_AGENT, "talk_share"].mean()
    assert talks[TALKING_AGENT] - rest == pytest.approx(TALKS_MORE, abs=0.04)
    pitch = calls.groupby("mood")["pitch_variation"].mean()
    assert pitch["bad"] - pitch["even"] == pytest.approx(PITCH_BY_BAD_MOOD, abs=0.15)
    assert pitch["even"] - pitch["good"] == pytest.approx(PITCH_BY_BAD_MOOD, abs=0.15)
    shares = calls[["talk_share", "silence_share"]]
    assert ((shares >= 0) & (shares <= 1) | shares.isna()).all(axis=None)


def test_the_language_has_no_effect_on_the_duration_nor_the_agent_on_the_mood(calls: pd.DataFrame) -> None:
    logs = np.log(calls["duration_seconds"])
    spoken = [logs[calls["language"] == language] for language in ("en", "zh")]
    assert stats.ttest_ind(*spoken).pvalue > 0.001
    assert stats.chi2_contingency(pd.crosstab(calls["agent_id"], calls["mood"])).pvalue > 0.001


def test_transcripts_are_in_the_language_of_the_call_and_hold_no_number_that_someone_has(calls: pd.DataFrame) -> None:
    said = calls.dropna(subset="transcript")
    chinese = said["transcript"].str.contains(r"[\u4e00-\u9fff]")
    assert (chinese == said["language"].eq("zh")).all()
    assert 0.2 < chinese.mean() < 0.4
    numbers = said["transcript"].str.findall(r"\d[\d-]{5,}\d").explode().dropna()
    assert len(numbers) > 3
    assert numbers.str.fullmatch(r"555-01\d\d|000-0000-01\d\d").all()
    assert not said["transcript"].str.contains("#").any()
    assert said["transcript"].nunique() > 0.95 * len(said)
    assert said["transcript"].str.count("\n").min() >= 5


# Points


def test_balances_are_what_was_earned_less_what_was_spent_and_lost(beside: Beside) -> None:
    ledger = flawless(beside.tables["loyalty_ledger"])
    assert ledger["entry_id"].is_unique
    summed = ledger["points"].fillna(0).astype("int64").groupby(ledger["customer_id"]).cumsum()
    assert (summed == ledger["balance"]).all()
    assert (ledger["balance"] >= 0).all()
    assert (ledger.loc[ledger["kind"].isin(["burn", "expire"]), "points"] < 0).all()
    assert ledger["points"].isna().eq(ledger["kind"] == "tier").all()


def test_points_are_earned_with_real_orders_by_the_rules_of_the_tier(beside: Beside, around: Surroundings) -> None:
    """The oracle: walk through one member's orders with the rules on paper."""
    ledger = flawless(beside.tables["loyalty_ledger"])
    booked = ledger[ledger["kind"].isin(["earn", "adjust"])].groupby("order_id")["points"].sum().to_dict()
    at_once = ledger[ledger["kind"] == "earn"].groupby("order_id")["points"].sum().to_dict()
    ends_in = ledger.groupby("customer_id")["tier"].last().to_dict()
    members = set(around.customers["customer_id"].iloc[::31])
    for customer, orders in around.orders[around.orders["customer_id"].isin(members)].groupby("customer_id"):
        earned, tier = 0, "basic"
        for order_id, cents in zip(orders["order_id"], orders["cents"], strict=True):
            points = int(cents // 100 * round(POINTS_PER_DOLLAR[tier] * 100) // 100)
            assert booked.get(order_id, 0) in (points, points - PUT_RIGHT_POINTS)  # some are not put right by the end
            earned += int(at_once.get(order_id, 0))
            tier = "gold" if earned >= TIERS["gold"] else "silver" if earned >= TIERS["silver"] else "basic"
        assert ends_in.get(customer, "basic") == tier


def test_points_are_lost_sixty_days_after_the_last_order_and_only_then(beside: Beside, around: Surroundings) -> None:
    ledger = flawless(beside.tables["loyalty_ledger"])
    lost = ledger[ledger["kind"] == "expire"]
    assert len(lost) > 500
    moments = around.orders[["customer_id", "ordered_at"]].astype({"customer_id": "str"})
    before = pd.merge_asof(
        lost.astype({"customer_id": "str"}).sort_values("booked_at"),
        moments.rename(columns={"ordered_at": "booked_at"}).assign(ordered_at=moments["ordered_at"]),
        on="booked_at",
        by="customer_id",
    )
    assert (before["booked_at"] - before["ordered_at"] == pd.Timedelta(days=EXPIRE_AFTER_DAYS)).all()
    assert (lost["balance"] == 0).all()


# Experiments


def test_the_effect_is_found_where_there_is_one_and_none_where_there_is_none(beside: Beside) -> None:
    table = beside.tables["experiments"]
    for experiment in EXPERIMENTS:
        rows = table[table["experiment_id"] == experiment.experiment_id]
        arms = [rows.loc[rows["arm"] == arm, "outcome"].dropna() for arm in ("control", "treatment")]
        error = np.sqrt(sum(arm.var() / len(arm) for arm in arms))
        assert abs(arms[1].mean() - arms[0].mean() - experiment.effect) < 4 * error
        assert stats.binomtest(int((rows["arm"] == "treatment").sum()), len(rows)).pvalue > 0.001
        missing = pd.crosstab(rows["arm"], rows["outcome"].isna())
        assert stats.chi2_contingency(missing).pvalue > 0.001
    assert EXPERIMENTS[1].effect == 0


def test_an_outcome_is_known_four_weeks_later_and_never_a_purchase(beside: Beside) -> None:
    table = beside.tables["experiments"]
    assert table["outcome"].isna().eq(table["outcome_at"].isna()).all()
    waited = (table["outcome_at"] - table["assigned_at"]).dropna()
    assert (waited == pd.Timedelta(days=28)).all()
    assert not {"revenue", "order_id"} & set(table.columns)


def test_the_arm_says_nothing_about_purchases(beside: Beside, around: Surroundings) -> None:
    spend = np.log1p(around.orders.groupby("customer_id")["cents"].sum())
    for _, rows in beside.tables["experiments"].groupby("experiment_id"):
        arms = [spend[rows.loc[rows["arm"] == arm, "customer_id"]] for arm in ("control", "treatment")]
        assert stats.ttest_ind(*arms).pvalue > 0.001


# The bytes

SCRIPT = """
import hashlib, sys
from pathlib import Path
from customer_patterns.sources.companion import Purchases, draw_companion
from customer_patterns.sources.companion.delivery import accompany, simulate
from customer_patterns.sources.companion.surroundings import Columns, Shop
from customer_patterns.study import load_study

lines = Path(sys.argv[1]) / "order_lines.parquet"
_, plan = accompany(load_study("complete-journey"), seed=5)
shop = Shop(Columns(lines, {"product_id": "sku", "quantity": "units"}))
purchases = Purchases(lines, "receipt_no", "card_no", "sold_at_utc", "net_amount")
delivery = simulate(Path(sys.argv[2]), purchases, plan=plan, shop=shop)
print(hashlib.sha256("".join(f"{n}{d}" for n, d in sorted(delivery.files.items())).encode()).hexdigest())
"""


def test_the_bytes_do_not_depend_on_the_hash_seed_nor_the_zone_of_the_machine(
    planted_delivery: Path, tmp_path: Path
) -> None:
    found = set()
    for number, (seed, zone) in enumerate((("0", "UTC"), ("123", "Asia/Shanghai"))):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        given = [sys.executable, "-c", SCRIPT, str(planted_delivery), str(tmp_path / str(number))]
        done = subprocess.run(given, env=environment, cwd=project_root(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found.add(done.stdout.strip())
    assert len(found) == 1
    assert len(found.pop()) == hashlib.sha256().digest_size * 2


def test_a_shop_without_products_in_its_purchases_is_not_accompanied() -> None:
    study = load_study("complete-journey")
    lines = study.source("order_lines")
    poorer = {name: origin for name, origin in lines.columns.items() if name != "quantity"}
    sources = (lines.model_copy(update={"columns": poorer}),)
    with pytest.raises(Refusal, match="products and units"):
        surround(study.model_copy(update={"sources": sources}))

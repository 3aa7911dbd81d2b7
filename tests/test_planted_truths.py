"""What was planted in the shop is what the stages find: the counts of flaws to the last record."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.behavior.groups import spend_by_group
from customer_patterns.behavior.orders import summarize_orders
from customer_patterns.cleaning.identity.accuracy import accuracy
from customer_patterns.sources.codes import CODES
from tests.notebooks_in_process import PLANTED


@pytest.fixture(scope="module")
def truth(planted_root: Path) -> Path:
    return planted_root / "data" / "raw" / PLANTED / "truth"


@pytest.fixture(scope="module")
def left_out(planted_run: Path) -> set[str]:
    """The orders of customers who refuse analysis at the end: no rule but that for them sees these."""
    consents = pd.read_parquet(planted_run / "collect" / "consents.parquet")
    about = consents[consents["purpose"] == "analysis"].sort_values("decided_at")
    last = about.drop_duplicates("customer_id", keep="last")
    refusing = set(last.loc[~last["granted"], "customer_id"])
    assert refusing
    lines = pd.read_parquet(planted_run / "collect" / "order_lines.parquet", columns=["order_id", "customer_id"])
    return set(lines.loc[lines["customer_id"].isin(refusing), "order_id"])


@pytest.fixture(scope="module")
def special(truth: Path, left_out: set[str]) -> pd.Series:
    """How many special lines of each kind lie inside the study, of customers who allow analysis."""
    lines = pd.read_parquet(truth / "special_lines.parquet")
    # (of a record delivered twice both are looked at before anybody's is left out)
    lines = lines[~lines["order_id"].isin(left_out) | (lines["kind"] == "exact duplicate")]
    day = lines["ordered_at"].dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d")
    return lines.loc[day.between("2017-01-01", "2017-12-31"), "kind"].value_counts()


@pytest.fixture(scope="module")
def web_special(truth: Path, left_out: set[str]) -> pd.Series:
    """How many special lines of each kind the web shop exported, of days inside the study, likewise."""
    lines = pd.read_parquet(truth / "web_special_lines.parquet")
    lines = lines[~lines["order_id"].isin(left_out)]
    return lines.loc[lines["ordered_on"] <= date(2017, 12, 31), "kind"].value_counts()


@pytest.fixture(scope="module")
def rules(planted_run: Path) -> pd.Series:
    """How many records each cleaning rule found."""
    table = pd.read_parquet(planted_run / "clean" / "rules.parquet")
    return table.set_index(["table", "rule"])["records_found"]


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("order_lines: the same record delivered twice", "exact duplicate"),
        ("one product on two lines of an order: added up", "one product on two lines"),
        ("no units and no money: a till's note, not a sale", "coupon line"),
        ("units given away for nothing: kept", "free item"),
        ("product not described: kept as unknown", "unknown product"),
        ("fuel: shown apart, units not counted", "fuel"),
        ("gift cards: money moved, nothing sold yet", "gift card"),
    ],
)
def test_each_rule_finds_exactly_the_planted_lines(
    rules: pd.Series, special: pd.Series, web_special: pd.Series, rule: str, kind: str
) -> None:
    on_the_web = web_special["zero price"] if kind == "free item" else 0
    assert rules["order_lines", rule] == special[kind] + on_the_web


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("another currency than the study's: set apart, never summed", "other currency"),
        ("test account: left out", "test account"),
        ("account of staff: left out", "staff"),
        ("cancelled or refunded, as the status says: set apart", "cancelled"),
        (
            "money and units with opposite signs, or money back for nothing: a correction, set apart",
            "adjustment of money",
        ),
        ("units below zero: returned, set apart", "return"),
        ("bought by a guest: set apart, in the totals only", "guest"),
    ],
)
def test_each_rule_sets_apart_exactly_the_planted_lines_of_the_web_shop(
    rules: pd.Series, web_special: pd.Series, rule: str, kind: str
) -> None:
    assert rules["order_lines", rule] == web_special[kind] > 0


def test_each_broken_record_of_the_web_shop_is_accounted_for(planted_run: Path, truth: Path) -> None:
    planted = json.loads((truth / "additions.json").read_text())["web_records"]
    wanted = Counter()
    for kind, record in planted.items():
        if kind != "all" and record["fate"] in ("set aside", "repaired", "passed over"):
            wanted[CODES[record["code"]].words] += record["records"]
    found = Counter()
    for name in ("set_aside_reasons", "repair_reasons"):
        table = pd.read_parquet(planted_run / "collect" / f"{name}.parquet")
        web = table[(table["table"] == "order_lines") & (table["source"] == "site")]
        found.update(web.groupby("reason")["records"].sum().to_dict())
    replaced = {CODES[code].words for code in ("D_REPEATED", "D_REPLACED")}
    assert {reason: number for reason, number in found.items() if reason not in replaced} == wanted


def test_the_rules_for_small_tables_find_exactly_what_was_planted(rules: pd.Series, truth: Path) -> None:
    planted = json.loads((truth / "truth.json").read_text())
    repeated = planted["repeated_rows"]
    assert rules["coupons", "coupons: the same record delivered twice"] == repeated["coupons"]
    name = "coupon_redemptions: the same record delivered twice"
    assert rules["coupon_redemptions", name] == repeated["coupon_redemptions"]
    strangers = rules["coupon_redemptions", "redeemed by someone who never ordered: kept"]
    assert strangers == planted["redemptions_by_strangers"]


#: The flaws planted in what customers say, and the rules that must find each of them, no more and no less.
SAID = [
    ("survey_invitations", "exact duplicate", "survey_invitations: the same record delivered twice"),
    ("survey_invitations", "invited again", "invited more than once in a wave: the first invitation kept"),
    ("survey_responses", "exact duplicate", "survey_responses: the same record delivered twice"),
    ("survey_responses", "unknown item", "answers to an item that is not in the survey"),
    ("survey_responses", "off the scale", "answers outside the item's scale: emptied"),
    ("survey_responses", "corrected later", "two answers by one customer to an item: the later kept"),
    ("survey_responses", "without an invitation", "answered without an invitation: kept"),
    ("contacts", "exact duplicate", "contacts: the same record delivered twice"),
    ("contacts", "older version", "contacts: one key delivered with different content: the latest kept"),
    ("contacts", "answered before opened", "answered, closed or rated before it was opened: that moment emptied"),
    ("contacts", "off the scale", "csat outside one to five: emptied"),
    ("contacts", "without a topic", "channel or topic not delivered: filled with 'unknown'"),
    ("feedback", "exact duplicate", "feedback: the same record delivered twice"),
    ("feedback", "without a text", "feedback without a text"),
    ("feedback", "off the scale", "rating outside one to five: emptied"),
]


@pytest.mark.parametrize(("table", "flaw", "rule"), SAID)
def test_each_rule_for_what_customers_say_finds_exactly_what_was_planted(
    planted_run: Path, truth: Path, table: str, flaw: str, rule: str
) -> None:
    found = pd.read_parquet(planted_run / "clean" / "answer_rules.parquet").set_index(["table", "rule"])
    planted = json.loads((truth / "answers.json").read_text())["flaws"]
    assert found.at[(table, rule), "records_found"] == planted[table][flaw] > 0


def test_no_flaw_is_planted_that_no_rule_looks_for(truth: Path) -> None:
    planted = json.loads((truth / "answers.json").read_text())["flaws"]
    assert {(table, flaw) for table, flaws in planted.items() for flaw in flaws} - {
        (table, flaw) for table, flaw, _ in SAID
    } == {("survey_invitations", "lost")}  # seen as answers without an invitation


def test_cleaning_loses_no_money_but_that_of_the_duplicates(planted_run: Path) -> None:
    rules = pd.read_parquet(planted_run / "clean" / "rules.parquet").query("table == 'order_lines'")
    losing = rules[rules["revenue_in"] != rules["revenue_out"]]
    lost = losing.loc[losing["action"] != "moved", "rule"].tolist()
    # The shop's own trials and its people are no customers, and who refuses analysis is left out.
    own = ["the customer refuses analysis: left out", "test account: left out", "account of staff: left out"]
    assert lost == ["order_lines: the same record delivered twice", *own]


def test_only_the_purchase_before_the_window_is_set_aside(planted_run: Path) -> None:
    account = pd.read_parquet(planted_run / "collect" / "account.parquet").set_index(["table", "source"])
    early = account["before_window"]
    assert early["order_lines", "till"] == early.sum() == 1


# What the behavior chapter shows, against what is true of the very customers it saw


@pytest.fixture(scope="module")
def expected_orders(truth: Path) -> pd.Series:
    """How many orders each customer should place inside the study, with their type, by the planted rates and dates."""
    people = pd.read_parquet(truth / "customers.parquet")
    first, last = pd.Timestamp("2017-01-01"), pd.Timestamp("2018-01-01")
    start = pd.to_datetime(people["starts_on"]).clip(lower=first)
    end = pd.to_datetime(people["leaves_on"]).fillna(last).clip(upper=last)
    orders = people["orders_per_week"] * (end - start).dt.days / 7
    return orders.groupby(people["shopper_type"]).sum()


@pytest.fixture(scope="module")
def types(truth: Path) -> dict[str, dict]:
    return json.loads((truth / "truth.json").read_text())["shopper_types"]


def test_the_local_hours_of_the_chapter_hold_the_planted_ones(
    planted_run: Path, expected_orders: pd.Series, types: dict[str, dict]
) -> None:
    planted = sum(pd.Series(types[name]["local_hours"]) * orders for name, orders in expected_orders.items())
    planted /= planted.sum()
    hours = pd.read_parquet(planted_run / "behavior" / "hours.parquet").set_index("hour")
    shown = hours[hours["share_of_orders"].notna()]
    assert hours["share_of_orders"].idxmax() == 19
    held = planted[shown.index].between(shown["share_of_orders_low"], shown["share_of_orders_high"])
    assert held.mean() >= 0.85
    naive = planted.set_axis([(hour + 5) % 24 for hour in planted.index])[shown.index]
    assert not naive.between(shown["share_of_orders_low"], shown["share_of_orders_high"]).mean() > 0.5


def test_the_weekdays_of_the_chapter_hold_the_planted_ones(
    planted_run: Path, expected_orders: pd.Series, types: dict[str, dict]
) -> None:
    planted = sum(pd.Series(types[name]["weekdays_from_monday"]) * orders for name, orders in expected_orders.items())
    planted = (planted / expected_orders.sum()).set_axis(range(1, 8))
    weekdays = pd.read_parquet(planted_run / "behavior" / "weekdays.parquet").set_index("weekday")
    held = planted.between(weekdays["orders_index_low"], weekdays["orders_index_high"])
    assert held.sum() >= 6


def test_the_chapter_finds_no_difference_where_none_is_planted(planted_run: Path) -> None:
    # (by smaller groups than the chapter's: of 200 customers some refuse analysis)
    backend = warehouse.connect()
    tables = warehouse.open_tables(backend, planted_run / "clean")
    period = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}
    groups = spend_by_group(
        summarize_orders(tables["order_lines"], time_zone="America/New_York"),
        tables["customers"],
        **period,
        attributes=("home_ownership",),
        min_group=20,
    )
    home = groups[groups["level"].ne("unknown")].set_index("level")
    assert len(home) == 2
    assert home["monthly_spend_low"].max() < home["monthly_spend_high"].min()  # the intervals overlap


def test_the_chapter_shows_that_the_described_shop_more(planted_run: Path) -> None:
    table = pd.read_parquet(planted_run / "behavior" / "described.parquet").set_index("customers_with")
    assert table.loc["described", "median_orders_low"] > table.loc["not described", "median_orders_high"]


# Who is behind a browser


@pytest.fixture(scope="module")
def silent(planted_run: Path, truth: Path) -> pd.DataFrame:
    """The events of customers' browsers in which nobody ever logged in; ``owner`` and ``registered`` are the truth."""
    events = pd.read_parquet(planted_run / "clean" / "events.parquet")
    visitors = pd.read_parquet(truth / "visitors.parquet").rename(columns={"customer_id": "owner"})
    events = events.merge(visitors[visitors["kind"] == "customer"], on="visitor_id")
    return events[events["customer_id"].isna().groupby(events["visitor_id"]).transform("all")]


def test_who_opened_an_account_in_a_browser_is_known_there_without_logging_in(silent: pd.DataFrame) -> None:
    registered = silent[silent["registered"]]
    assert registered["visitor_id"].nunique() >= 5
    known = registered[registered["linked_customer_id"].notna()]
    assert len(known) / len(registered) > 0.9  # the others are records that identity resolution left apart
    assert (known["linked_customer_id"] == known["owner"]).mean() > 0.9


def test_who_neither_opened_an_account_nor_logged_in_stays_unknown(silent: pd.DataFrame) -> None:
    """The twin of the test above: nothing but the registration says who these are."""
    others = silent[~silent["registered"]]
    assert others["visitor_id"].nunique() >= 3
    assert others["linked_customer_id"].isna().all()


def test_judged_pairs_score_who_is_who_as_the_truth_does(planted_run: Path, truth: Path) -> None:
    scores = pd.read_parquet(planted_run / "clean" / "identity_scores.parquet").set_index("measure")
    known = accuracy(
        pd.read_parquet(planted_run / "clean" / "profiles.parquet"), pd.read_parquet(truth / "identities.parquet")
    )
    assert scores["n"].min() >= 100
    for measure, true in (("precision", known.precision.value), ("recall", known.recall.value)):
        assert scores.at[measure, "share_low"] <= true <= scores.at[measure, "share_high"], measure

"""Tags: the registry's entries, who has them, and where they stand out."""

from __future__ import annotations

import copy
from datetime import date, datetime
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import hypergeom

from customer_patterns.cleaning import TABLES as CLEAN
from customer_patterns.segments.tags import TagError, evaluate_tags, tag_contrasts, tag_registry
from customer_patterns.segments.tags.counting import count_tags
from customer_patterns.segments.tags.fisher import fisher_two_sided
from customer_patterns.segments.tags.registry import TAGS_FILE
from customer_patterns.segments.tags.tables import OWN
from customer_patterns.stage import schemas_of

LAST = date(2017, 12, 31)
SCHEMAS = {**CLEAN, **schemas_of("behavior"), **schemas_of("segments")}
COLUMNS: dict[str, Any] = {name: schema.names for name, schema in SCHEMAS.items()}

ENTRY = {
    "name": {"en": "coupons"},
    "means": {"en": "Redeemed at least {at_least} coupons in {days} days"},
    "owner": "marketing",
    "since": date(2026, 1, 1),
    "table": "coupon_redemptions",
    "days": 30,
    "at_least": 2,
}


def registry(**added: Any) -> dict:
    return tag_registry(COLUMNS, added=added, study_file="study.yaml")


def only(tags: dict, *keys: str) -> dict:
    return {key: tags[key] for key in keys}


# the registry


def test_the_package_registry_can_be_read_and_says_everything_in_both_languages() -> None:
    tags = registry()
    assert len(tags) >= 35
    for tag in tags.values():
        for language in ("en", "zh"):
            name, means = tag.said(language)
            assert name, tag.key
            assert means, tag.key
            assert "{" not in means
    named = {tag.table for tag in tags.values()}
    assert {"customers", "orders", "coupon_redemptions", "order_channels", "customer_traits"} <= named
    assert {"events", "messages", "contacts", "calls", "survey_responses", "feedback", "loyalty_ledger"} <= named
    assert {"usage", "contracts", "opportunities", "referrals"} <= named


def test_no_tag_is_read_from_what_identifies_persons_from_consent_or_from_an_experiment() -> None:
    for table in ("identities", "consents", "experiments"):
        with pytest.raises(TagError, match=f"no tag is read from '{table}'"):
            registry(x={key: value for key, value in ENTRY.items() if key != "days"} | {"table": table})


def test_the_words_of_a_tag_hold_the_numbers_of_its_condition() -> None:
    assert registry(x=ENTRY)["x"].said("en")[1] == "Redeemed at least 2 coupons in 30 days"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tabel": "orders"}, "key 'tabel': there is no such key; did you mean 'table'"),
        ({"table": "order"}, "no tag is read from 'order'; did you mean 'orders'"),
        ({"where": {"campain_id": "1"}}, "has no such column; did you mean 'campaign_id'"),
        ({"owner": ""}, "key 'owner': name who answers"),
        ({"since": "long ago"}, "key 'since': write the day"),
        ({"name": "coupons"}, "key 'name': write it in English at least"),
        ({"at_least": "two"}, "key 'at_least': 'two' is no number"),
        ({"at_least": None, "is": None}, "is no number"),
        ({"measure": "average"}, "key 'measure': 'average' is none"),
        ({"measure": {"mean": ["a"], "sum": "b"}}, "key 'measure'"),
        ({"days": 0}, "key 'days': 0 is no whole number"),
        ({"top_share": 0.9}, "key 'top_share': write a share"),
        ({"known_for": "all"}, "key 'known_for'"),
        ({"where": {"campaign_id": {"like": "x"}}}, "key 'where.campaign_id'"),
        ({"table": "feedback", "where": {"text": "rude"}}, "nobody is tagged by free text"),
        ({"all": ["mailed"]}, "reads no table itself"),
        ({"where": {"customer_id": "7"}}, "key 'customer_id': it stands for one person"),
        ({"known_from": 10}, "key 'known_from': it is known of everyone; add known_for: seen"),
        ({"means": {"en": "Cheap", " dear or free": None}}, "put a text that holds a comma or a brace in quotes"),
    ],
)
def test_a_bad_entry_gets_one_error_that_names_file_tag_key_and_remedy(change: dict, message: str) -> None:
    with pytest.raises(TagError) as error:
        registry(mine={**ENTRY, **change})
    assert message in str(error.value)
    assert "study.yaml, tag 'mine'" in str(error.value)


def test_the_words_of_the_package_that_cannot_be_read_are_named_by_their_line(tmp_path, monkeypatch) -> None:
    broken = tmp_path / "registry.yaml"
    broken.write_text("mine:\n  means: { en: at least {at_least} coupons }\n", encoding="utf-8")
    monkeypatch.setattr("customer_patterns.segments.tags.registry.TAGS_FILE", broken)
    with pytest.raises(TagError, match=r"registry.yaml, line \d: this cannot be read; put a text that holds a brace"):
        tag_registry({})


def test_tags_made_of_unknown_tags_or_of_themselves_are_refused() -> None:
    about = {key: ENTRY[key] for key in ("name", "means", "owner", "since")}
    with pytest.raises(TagError, match="there is no tag 'maild'; did you mean 'mailed'"):
        registry(x={**about, "all": ["maild"]})
    with pytest.raises(TagError, match="made of itself"):
        registry(x={**about, "all": ["y"]}, y={**about, "any": ["x"]})


def test_a_study_adds_replaces_and_removes_tags_without_code() -> None:
    tags = registry(mine=ENTRY, mailed={**ENTRY, "at_least": 9}, fuel=None)
    assert "mine" in tags
    assert tags["mailed"].tests == {"at_least": 9}
    assert "fuel" not in tags


def test_reading_leaves_the_study_file_as_it_was() -> None:
    added = {"x": copy.deepcopy(ENTRY)}
    registry(**added)
    assert added == {"x": ENTRY}


# who has them


PEOPLE = np.array(["a", "b", "c", "d"], dtype=object)


def held(tags: dict, **tables: pd.DataFrame) -> pd.DataFrame:
    there = {}
    for name, frame in tables.items():
        table = ibis.memtable(frame)
        there[name] = table.mutate(**{day: table[day].cast("date") for day in frame.columns if day.endswith("_on")})
    return evaluate_tags(tags, there, PEOPLE, last_day=LAST, time_zone="America/New_York", delivered=frozenset(tables))


def redemptions(*rows: tuple[str, str]) -> pd.DataFrame:
    days, who = pd.to_datetime([day for _, day in rows]), [customer for customer, _ in rows]
    return pd.DataFrame({"customer_id": who, "coupon_id": "1", "campaign_id": "7", "redeemed_on": days})


def test_rows_are_counted_in_the_window_that_ends_on_the_last_day() -> None:
    table = redemptions(
        ("a", "2017-12-02"), ("a", "2017-12-31"), ("b", "2017-12-01"), ("b", "2017-12-31"), ("c", "2018-01-01"),
        ("c", "2017-12-30"),
    )  # fmt: skip
    found = held(only(registry(x=ENTRY), "x"), coupon_redemptions=table)
    assert found["x"].to_dict() == {"a": 1, "b": 0, "c": 0, "d": 0}  # b's first lies 31 days back, c's after the end


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"where": {"worth": "high"}}, "key 'worth': coupon_redemptions has numbers there, none is 'high'"),
        ({"where": {"worth": {"not": ["none"]}}}, "key 'worth': coupon_redemptions has numbers there"),
        ({"where": {"campaign_id": {"at_least": 3}}}, "key 'campaign_id': coupon_redemptions has texts there"),
        ({"measure": {"mean": "campaign_id"}}, "key 'measure': campaign_id of coupon_redemptions is no number"),
    ],
)
def test_numbers_are_not_asked_for_texts_nor_texts_for_numbers(change: dict, message: str) -> None:
    columns = {**COLUMNS, "coupon_redemptions": [*COLUMNS["coupon_redemptions"], "worth"]}
    entry = {key: value for key, value in ENTRY.items() if key != "days"}
    tags = only(tag_registry(columns, added={"mine": {**entry, **change}}, study_file="study.yaml"), "mine")
    with pytest.raises(TagError, match=message):
        held(tags, coupon_redemptions=redemptions(("a", "2017-06-01")).assign(campaign_id="1", worth=2.0))


def test_moments_become_days_where_the_customer_lives() -> None:
    entry = {**ENTRY, "table": "contacts", "days": 1, "at_least": 1}
    moments = [datetime(2018, 1, 1, 4, 59), datetime(2018, 1, 1, 5, 1), datetime(2017, 12, 31, 4, 59)]
    table = pd.DataFrame({"customer_id": ["a", "b", "c"], "contact_id": list("123"), "opened_at": moments, "csat": 1})
    found = held(only(registry(x=entry), "x"), contacts=table)
    assert found["x"].to_dict() == {"a": 1, "b": 0, "c": 0, "d": 0}


def test_what_was_not_seen_is_not_known_and_not_a_no() -> None:
    entry = {**ENTRY, "table": "contacts", "measure": {"mean": "csat"}, "where": {"csat": {"known": True}}}
    entry = {key: value for key, value in entry.items() if key not in ("days", "at_least")} | {"at_most": 2}
    table = pd.DataFrame(
        {"customer_id": list("aab"), "opened_at": datetime(2017, 5, 1), "csat": pd.array([1, 3, pd.NA], dtype="Int64")}
    )
    found = held(only(registry(x=entry), "x"), contacts=table)
    assert found["x"].to_dict() == {"a": 1, "b": -1, "c": -1, "d": -1}


def test_a_share_is_that_of_the_rows_that_count() -> None:
    entry = {**ENTRY, "table": "orders", "where": {"kind": "goods"}, "measure": {"share": {"weekday": [6, 7]}}}
    entry |= {"at_least": 0.5, "days": 365, "known_from": 2}
    table = pd.DataFrame(
        {
            "customer_id": list("aaabbc"),
            "kind": ["goods", "goods", "fuel", "goods", "goods", "goods"],
            "weekday": [6, 1, 7, 1, 7, 6],
            "ordered_on": pd.to_datetime("2017-06-01"),
        }
    )
    found = held(only(registry(x=entry), "x"), orders=table)
    assert found["x"].to_dict() == {"a": 1, "b": 1, "c": -1, "d": -1}  # one order is too little to know by


def test_the_top_holds_equal_values_together() -> None:
    entry = {key: value for key, value in ENTRY.items() if key not in ("days", "at_least")}
    entry |= {"measure": {"distinct": "coupon_id"}, "top_share": 0.25}
    one = redemptions(*[(who, "2017-06-01") for who in "abcd"]).assign(coupon_id="1")
    two = redemptions(("d", "2017-06-02")).assign(coupon_id="2")
    assert held(only(registry(x=entry), "x"), coupon_redemptions=pd.concat([one, two]))["x"].tolist() == [0, 0, 0, 1]
    assert held(only(registry(x=entry), "x"), coupon_redemptions=one)["x"].tolist() == [0, 0, 0, 0]


def test_tags_compose_in_three_valued_logic() -> None:
    about = {key: ENTRY[key] for key in ("name", "means", "owner", "since")}
    many = {**ENTRY, "days": 365, "at_least": 2}
    asked = {**ENTRY, "table": "messages", "known_for": "seen", "where": {"opened_at": {"known": True}}, "at_least": 1}
    del asked["days"]
    tags = registry(
        many=many, opened=asked,
        both={**about, "all": ["many", "opened"]},
        either={**about, "any": ["many", "opened"]},
        neither={**about, "none": ["many", "opened"]},
    )  # fmt: skip
    coupons = redemptions(("a", "2017-06-01"), ("a", "2017-06-02"), ("c", "2017-06-01"), ("c", "2017-06-02"))
    opened = pd.to_datetime(["2017-05-02", None])
    mails = pd.DataFrame({"customer_id": ["a", "b"], "sent_at": pd.to_datetime("2017-05-01"), "opened_at": opened})
    found = held(only(tags, "many", "opened", "both", "either", "neither"), coupon_redemptions=coupons, messages=mails)
    assert found.loc["a", ["both", "either", "neither"]].tolist() == [1, 1, 0]
    assert found.loc["b", ["both", "either", "neither"]].tolist() == [0, 0, 1]
    assert found.loc["c", ["both", "either", "neither"]].tolist() == [-1, 1, 0]  # nobody knows whether c opens
    assert found.loc["d", ["both", "either", "neither"]].tolist() == [0, -1, -1]


def test_rows_of_bots_and_of_nobody_tag_nobody() -> None:
    entry = {**ENTRY, "table": "events", "where": {"event_type": "search"}, "at_least": 1, "days": 365}
    table = pd.DataFrame(
        {
            "customer_id": pd.array(["a", "b", None], dtype="str"),
            "linked_customer_id": pd.array([None, None, "c"], dtype="str"),
            "suspected_bot": [False, True, False],
            "event_type": "search",
            "occurred_at": datetime(2017, 5, 1),
        }
    )
    assert held(only(registry(x=entry), "x"), events=table)["x"].to_dict() == {"a": 1, "b": 0, "c": 1, "d": 0}


# what came of them


class Nowhere:
    def sources_of(self, table: str) -> tuple:
        return ()


def test_a_tag_of_nobody_or_everybody_or_without_data_is_reported_as_such() -> None:
    index = pd.Index([f"{n:03d}" for n in range(60)], name="customer_id")
    tags = only(registry(), "coupon_user", "mailed", "fuel", "caller", "family")
    values = {
        "coupon_user": np.zeros(60, dtype=np.int8),
        "mailed": np.ones(60, dtype=np.int8),
        "fuel": np.r_[np.ones(9), np.zeros(51)].astype(np.int8),
        "caller": np.full(60, -1, dtype=np.int8),
        "family": np.r_[np.ones(20), np.zeros(20), np.full(20, -1)].astype(np.int8),
    }
    table = count_tags(
        pd.DataFrame(values, index=index), tags, COLUMNS, first_day=date(2017, 1, 1), last_day=LAST,
        delivered=frozenset(OWN), simulated=frozenset({"customers"}), sources=Nowhere(),
    ).set_index("tag")  # fmt: skip
    assert table["verdict"].to_dict() == {
        "caller": "data not delivered",
        "coupon_user": "nobody has it",
        "family": "in use",
        "fuel": "too few have it, or too few do not",
        "mailed": "everybody has it",
    }
    assert (table.loc["family", "n"], table.loc["family", "tagged_share"]) == (40, 0.5)
    assert round(table.loc["family", "known_share"], 6) == round(40 / 60, 6)
    assert np.isnan(table.loc["fuel", "tagged_share"])
    assert table.index[table["simulated"]].tolist() == ["family"]
    assert table.loc["fuel", "from_day"] == pd.Timestamp("2017-07-03")


def test_fishers_test_agrees_with_scipy() -> None:
    rng = np.random.default_rng(5)
    for _ in range(40):
        of, having = 80, int(rng.integers(1, 80))
        n = rng.integers(1, 80, 4)
        k = np.array([rng.hypergeometric(having, of - having, size) for size in n])
        ours = fisher_two_sided(k, n, having=having, of=of)
        pairs = zip(k, n, strict=True)
        tails = [(hypergeom.sf(a - 1, of, having, b), hypergeom.cdf(a, of, having, b)) for a, b in pairs]
        np.testing.assert_allclose(ours, [min(1, 2 * min(pair)) for pair in tails], rtol=1e-9)


def contrast(rng: np.random.Generator, lift: float) -> pd.DataFrame:
    """One group of four carries twelve tags more often than the others by ``lift``; twelve by nothing."""
    index = pd.Index([f"{n:04d}" for n in range(800)], name="customer_id")
    group = pd.Series(rng.choice(list("wxyz"), 800), index=index)
    chance = np.where(group == "w", 0.25 * lift, 0.25)
    real = {f"real{n:02d}": (rng.random(800) < chance).astype(np.int8) for n in range(12)}
    null = {f"null{n:02d}": (rng.random(800) < 0.25).astype(np.int8) for n in range(12)}
    frame = pd.DataFrame({**real, **null}, index=index)
    return tag_contrasts(frame, {"segment": group}, {"segment": list("wxyz")}, list(frame.columns))


def test_planted_tags_stand_out_in_their_group_and_chance_names_none() -> None:
    found = contrast(np.random.default_rng(3), 2.0)
    more = found[found["verdict"] == "more often"]
    planted = more[more["tag"].str.startswith("real") & (more["group"] == "w")]
    assert len(planted) >= 10
    assert not more["tag"].str.startswith("null").any()


def test_without_the_family_chance_would_name_tags() -> None:
    """The broken twin: p-values as they are."""
    false = [(contrast(np.random.default_rng(seed), 1.0)["p"] <= 0.05).any() for seed in range(8)]
    ours = [(contrast(np.random.default_rng(seed), 1.0)["p_yekutieli"] <= 0.05).any() for seed in range(8)]
    assert sum(false) >= 6
    assert sum(ours) <= 1


def test_the_registry_file_holds_no_tag_twice() -> None:
    node = yaml.compose(TAGS_FILE.read_text(encoding="utf-8"))
    keys = [key.value for key, _ in node.value]
    assert len(set(keys)) == len(keys)

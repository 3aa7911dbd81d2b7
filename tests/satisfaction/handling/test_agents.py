"""Agents on the same mix of contacts, waits within a channel, and improvements beside other topics."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from customer_patterns.satisfaction.handling import (
    agent_cases,
    agent_numbers,
    improvements,
    numbered,
    service_agents,
    waits_and_ratings,
)
from tests.satisfaction.sample_survey import NEW_YORK, YEAR


def cases(seed: int, *, agents: int = 8, each: int = 60, slow: float = 1.0, nights: bool = True) -> pd.DataFrame:
    """The first agent takes ``slow`` times as long; the last one works at night, when everything takes four times."""
    chance = np.random.default_rng(seed)
    agent = np.repeat(np.arange(agents), each)
    night = (chance.random(len(agent)) < np.where(agent == agents - 1, 0.9, 0.1)) if nights else agent < 0
    hours = np.exp(0.6 * chance.normal(size=len(agent))) * np.where(night, 4.0, 1.0) * np.where(agent == 0, slow, 1.0)
    stars = np.clip(np.round(4 - 0.8 * night + chance.normal(size=len(agent))), 1, 5)
    return pd.DataFrame(
        {
            "contact_id": [f"k{i:05d}" for i in range(len(agent))],
            "customer_id": [f"c{i:05d}" for i in chance.integers(0, len(agent), len(agent))],
            "channel": "phone",
            "agent_id": [f"{one + 1:02d}" for one in agent],
            "topic": chance.choice(["price", "staff"], len(agent)),
            "shift": np.where(night, "phone night", "phone day"),
            "hours": hours,
            "answered": True,
            "csat": np.where(chance.random(len(agent)) < 0.6, stars, np.nan),
        }
    )


def test_a_slow_agent_is_found_and_how_slow():
    table = service_agents(cases(1, slow=2.5, each=150)).set_index("agent")
    assert table.loc["01", "speed"] == "later"
    assert table.loc["01", "wait_ratio_low"] <= 2.5 <= table.loc["01", "wait_ratio_high"] * 1.1
    assert table.drop("01")["speed"].eq("like the others").all()


def test_who_works_at_night_is_not_blamed_for_the_night():
    """The broken twin compares plain means: it blames the agent of the nights, every time."""
    wrong = twin = 0
    for seed in range(25):
        rows = cases(seed)
        table = service_agents(rows)
        wrong += table["speed"].ne("like the others").any() or table["rated_as"].ne("like the others").any()
        plain = np.log(rows["hours"]).groupby(rows["agent_id"]).agg(["mean", "sem"])
        twin += (plain.loc["08", "mean"] - plain["mean"].median()) / plain.loc["08", "sem"] > 3
    assert wrong <= 3
    assert twin >= 24


def test_agents_of_few_contacts_are_blank_and_still_counted_with():
    rows = cases(3)
    few = rows[(rows["agent_id"] != "02") | (rows.groupby("agent_id").cumcount() < 5)]
    table = service_agents(few).set_index("agent")
    assert table.loc["02", ["n", "wait_ratio", "speed", "rating_difference"]].isna().all()
    assert (table["suppressed"] != "no").sum() >= 2
    assert service_agents(rows[rows["agent_id"] == "01"]).empty
    assert service_agents(rows.head(0)).empty


def test_a_middling_agent_with_few_contacts_is_drawn_toward_the_others():
    rows = cases(5, nights=False)
    few = rows[(rows["agent_id"] != "02") | (rows.groupby("agent_id").cumcount() < 32)]
    weights = service_agents(few).set_index("agent")["own_weight"]
    assert weights["02"] < weights.drop("02").min()


CONTACTS = pa.schema(
    [
        ("contact_id", pa.string()),
        ("customer_id", pa.string()),
        ("agent_id", pa.string()),
        ("topic", pa.string()),
        ("opened_at", pa.timestamp("us")),
    ]
)


def test_agents_are_numbered_and_the_shift_is_local(table):
    rows = [
        # Saturday 7 a.m. in New York
        {"contact_id": "k1", "agent_id": "Smith", "topic": None, "opened_at": datetime(2017, 5, 6, 11)},
        {"contact_id": "k2", "agent_id": "Jones", "topic": "price", "opened_at": datetime(2017, 5, 8, 23)},
        {"contact_id": "k3", "agent_id": None, "topic": "price", "opened_at": datetime(2017, 5, 8, 23)},
    ]
    contacts = table([row | {"customer_id": "anna"} for row in rows], CONTACTS)
    waits = pd.DataFrame(
        {"contact_id": ["k1", "k2", "k3"], "customer_id": "anna", "channel": "chat", "hours": 1.0, "answered": True}
    ).assign(csat=np.nan)
    numbers = agent_numbers(contacts)
    found = numbered(agent_cases(waits, contacts, time_zone=NEW_YORK), numbers)
    assert found["agent_id"].tolist() == ["2", "1"]
    assert found["shift"].tolist() == ["chat 0 weekend", "chat 3"]
    assert "Smith" not in found.to_string()


def waits(channel: str, n: int, *, level: float, per_hour: float, stars: float, seed: int) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    hours = level * np.exp(chance.normal(size=n))
    return pd.DataFrame(
        {
            "contact_id": [f"{channel}{i}" for i in range(n)],
            "customer_id": [f"{channel}{i // 2}" for i in range(n)],
            "channel": channel,
            "hours": hours,
            "answered": True,
            "csat": np.clip(np.round(stars + per_hour * np.log(hours / level) + chance.normal(size=n)), 1, 5),
        }
    )


def test_a_slow_channel_that_is_rated_badly_makes_no_correlation():
    """The broken twin correlates over all channels at once."""
    rows = pd.concat(
        [
            waits("chat", 300, level=0.1, per_hour=0, stars=4.2, seed=1),
            waits("e-mail", 300, level=9, per_hour=0, stars=2.5, seed=2),
        ]
    )
    table = waits_and_ratings(rows)
    assert table["channel"].tolist() == ["all channels", "chat", "e-mail"]
    assert table["verdict"].eq("not told apart").all()
    assert rows[["hours", "csat"]].corr("spearman").iloc[0, 1] < -0.4


def test_longer_waits_that_are_rated_worse_are_found_within_each_channel():
    rows = pd.concat([waits(name, 300, level=at, per_hour=-0.6, stars=3, seed=at) for name, at in (("a", 1), ("b", 8))])
    table = waits_and_ratings(rows)
    assert table["verdict"].eq("rated worse").all()
    scipy = rows[rows["channel"] == "a"][["hours", "csat"]].corr("spearman").iloc[0, 1]
    assert table.set_index("channel").loc["a", "rank_correlation"] == pytest.approx(scipy)
    assert waits_and_ratings(rows.assign(csat=np.nan)).empty


# Improvements

BEGUN = date(2017, 7, 1)


def declared(cause: str = "price", on: date = BEGUN) -> SimpleNamespace:
    return SimpleNamespace(date=on, cause=cause, owner="till", action="new labels")


def stream(table, seed: int, *, price_after: float = 1.0, all_after: float = 1.0):
    """A contact about price, and two about anything else, by two days; later by these factors."""
    chance, rows = np.random.default_rng(seed), []
    for number in range(-120, 121):
        day = BEGUN + timedelta(days=number)
        for topic, rate, later in (("price", 1.5, price_after * all_after), ("staff", 2.5, all_after)):
            for _ in range(chance.poisson(rate * (later if number > 0 else 1))):
                rows.append({"topic": topic, "opened_at": datetime(day.year, day.month, day.day, 17)})
    people = chance.integers(0, 300, len(rows))
    extra = [{"contact_id": f"k{i}", "customer_id": f"c{one}"} for i, one in enumerate(people)]
    return table([row | more for row, more in zip(rows, extra, strict=True)], CONTACTS)


LOOK = {"window_days": 90, "time_zone": NEW_YORK, **YEAR}


def test_fewer_contacts_about_the_topic_alone_are_said(table):
    row = improvements(stream(table, 1, price_after=0.4), [declared()], **LOOK).iloc[0]
    assert row["verdict"] == "fewer"
    assert row["beyond_others_low"] <= 0.4 <= row["beyond_others_high"]
    assert (row["days"], row["owner"]) == (90, "till")


def test_a_season_of_all_contacts_is_no_improvement(table):
    """The broken twin looks at the topic alone, before and after."""
    alike = twin = 0
    for seed in range(12):
        row = improvements(stream(table, seed, all_after=0.5), [declared()], **LOOK).iloc[0]
        alike += row["verdict"] == "like all other topics"
        twin += row["change_high"] < 1
    assert alike >= 10
    assert twin >= 10


def test_the_day_itself_and_what_lies_outside_the_window_or_the_study_does_not_count(table):
    rows = [
        {"contact_id": f"{name}{i}", "customer_id": f"c{i}", "topic": "price", "opened_at": datetime(*day, 17)}
        for name, day, times in (("a", (2017, 6, 20), 15), ("b", (2017, 7, 1), 40), ("c", (2017, 12, 1), 40))
        for i in range(times)
    ]
    rows += [
        {"contact_id": f"o{i}", "customer_id": f"d{i}", "topic": "staff"} | {"opened_at": datetime(2017, 6, 20, 17)}
        for i in range(15)
    ]
    found = improvements(table(rows, CONTACTS), [declared(), declared(on=date(2018, 5, 1))], **LOOK)
    assert len(found) == 1
    assert (found["before"].item(), found["after"].item()) == (15, 0)
    assert found["verdict"].item() == "not enough data"


def test_nothing_declared_is_no_row(table):
    assert improvements(stream(table, 2), [], **LOOK).empty

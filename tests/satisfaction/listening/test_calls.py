"""Calls: agents, sounds and phrases, with planted differences found and none made up."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from customer_patterns import warehouse
from customer_patterns.satisfaction import listening
from customer_patterns.satisfaction.listening.tables import TABLES

UNTIL = {"last_day": date(2017, 12, 31), "time_zone": "UTC"}


def made(seed, *, calls=600, talks=0.0, pleases=0.0, hard=0.0):
    """Calls of eight agents: the second talks more by ``talks``, the third pleases by ``pleases`` stars.

    Half of the calls are about a hard topic, rated ``hard`` stars worse; the fourth agent gets no other calls.
    """
    rng = np.random.default_rng(seed)
    agent = rng.integers(1, 9, calls)
    topic = np.where((rng.random(calls) < 0.4) | (agent == 4), "hard", "easy")
    mood = 3.4 + pleases * (agent == 3) - hard * (topic == "hard") + rng.normal(0, 0.8, calls)
    return pd.DataFrame(
        {
            "call_id": [f"k{n:04d}" for n in range(calls)],
            "agent_id": [f"A{n}" for n in agent],
            "customer_id": [f"c{n:03d}" for n in rng.integers(0, 400, calls)],
            "language": "en",
            "transcript": "Customer: Good day.",
            "topic": topic,
            "talk_share": np.clip(0.5 + talks * (agent == 2) + rng.normal(0, 0.07, calls), 0, 1),
            "silence_share": np.clip(0.1 + rng.normal(0, 0.03, calls), 0, 1),
            "pitch_variation": np.nan,
            "minutes": rng.gamma(4, 1, calls),
            "rating": np.where(rng.random(calls) < 0.6, np.clip(np.round(mood), 1, 5), np.nan),
        }
    )


def test_planted_agents_are_found_and_of_like_ones_none():
    found = listening.agents(made(1, talks=0.1, pleases=1.0)).set_index("agent")
    assert found["talking"].to_dict() == {
        f"A{n}": "talks more than others" if n == 2 else "like the others" for n in range(1, 9)
    }
    assert (found["rated_as"] == "rated better than others").to_dict() == {f"A{n}": n == 3 for n in range(1, 9)}
    alarms = sum(
        (table["talking"] != "like the others").sum() + (table["rated_as"] != "rated like the others").sum()
        for table in (listening.agents(made(seed)) for seed in range(20))
    )
    assert alarms <= 3  # of 320 verdicts at 5 % false discovery


def test_an_agent_who_gets_the_hard_calls_is_not_called_worse():
    calls = made(3, hard=1.2, calls=1200)
    assert (listening.agents(calls)["rated_as"] == "rated like the others").all()
    twin = listening.agents(calls.assign(topic="all")).set_index("agent")  # without what the calls were about
    assert twin.at["A4", "rated_as"] == "rated worse than others"


def test_agents_of_few_callers_are_blank_and_few_ratings_give_none():
    calls = made(5)
    few = calls[(calls["agent_id"] != "A1") | (calls.groupby("agent_id").cumcount() < 6)]
    few = few.assign(rating=few["rating"].where((few["agent_id"] != "A5") | (few.groupby("agent_id").cumcount() < 8)))
    found = listening.agents(few).set_index("agent")
    assert found.at["A1", "suppressed"] == "too few"
    assert (found["suppressed"] == "to protect another").sum() == 1
    shown = found[found["suppressed"] == "no"]
    assert pd.isna(found.at["A5", "rating"])
    assert shown["talk_share"].notna().all()
    assert listening.agents(calls[calls["agent_id"] == "A1"]).empty
    assert list(found.reset_index().columns) == TABLES["agents"].names


def test_sounds_of_calls_rated_well_and_badly():
    calls = made(7).assign(silence_share=lambda t: np.where(t["rating"] >= 4, 0.1, 0.2) + t["silence_share"] / 10)
    found = listening.call_sound(calls).set_index("measure")
    assert list(found.index) == ["agent talks", "silence", "length"]  # nobody measured the pitch
    assert found.at["silence", "difference"] == pytest.approx(-0.1, abs=0.01)
    assert found.at["silence", "difference_high"] < 0
    assert found.at["length", "difference_low"] < 0 < found.at["length", "difference_high"]
    assert listening.call_sound(calls.head(12)).empty


def test_what_the_customer_says_counts_and_numbers_do_not():
    text = "Agent: How can I help you?\nCustomer: My coupon was refused. Call 555-0100 now!\n客户：小票上的价格不对。"
    said = listening.customers_words(text)
    assert "help" not in said
    assert {"my coupon", "coupon was refused", "my coupon was refused", "小票", "价格不对"} <= listening.phrases_of(
        said
    )
    assert not any(character.isdigit() for phrase in listening.phrases_of(said) for character in phrase)
    assert listening.phrases_of("Wait") == set()


def spoken(seed: int, *, honest: bool = True) -> pd.DataFrame:
    """Calls in which the content praise and the others blame, in six ways; or say either, whatever they rate."""
    calls, rng = made(seed, calls=700), np.random.default_rng([seed, 2])
    calls["rating"] = rng.choice([1.0, 2.0, 4.0, 5.0], 700)
    good = (calls["rating"] >= 4) if honest else rng.random(700) < 0.5
    praise = ["you were very helpful", "that was quick and friendly", "I am happy with the refund"]
    blame = ["this is useless", "I have waited forever and nobody called back", "the refund is still not here"]
    say = [rng.choice(praise if fine else blame) for fine in good]
    return calls.assign(transcript=[f"Agent: We are glad to help.\nCustomer: {one}." for one in say])


def test_callers_who_praise_and_blame_are_told_apart_by_what_they_say():
    calls = spoken(3)
    found = listening.call_mood(calls).set_index("language").loc["en"]
    assert found["method"] == "learned from ratings"
    assert found["verdict"] == "used"
    assert found["right_low"] > 0.9
    happy = (calls["rating"] >= 4).mean()
    assert found["praise"] == pytest.approx(happy, abs=0.03)
    assert found["blame"] == pytest.approx(1 - happy, abs=0.03)
    assert found["n"] == calls["customer_id"].nunique()


def test_where_words_and_ratings_do_not_go_together_no_mood_is_claimed():
    """What the agent says is not the caller's mood: all agents here are glad, and few callers are."""
    found = listening.call_mood(spoken(4, honest=False)).set_index("language").loc["en"]
    assert found["verdict"] == "not used"
    assert np.isnan(found["praise"])
    assert listening.call_mood(spoken(5).head(9)).empty
    assert listening.call_mood(made(5).assign(transcript=None)).empty


def test_phrases_that_tell_calls_apart_are_found_and_others_not():
    calls = made(9, calls=800)
    bad = calls["rating"] < 4
    rng = np.random.default_rng(4)
    said = np.where(bad & (rng.random(800) < 0.5), "not good enough at all", "it is fine")
    calls["transcript"] = [
        f"Customer: {one}. See you on {day}."
        for one, day in zip(said, rng.choice(["a monday", "a friday"], 800), strict=True)
    ]
    found = listening.call_phrases(calls).set_index("phrase")
    assert found.at["not good enough at all", "verdict"] == "more often in calls rated badly"
    assert "good enough" not in found.index  # a part of a phrase that the same calls hold
    assert found.at["see you on a monday", "verdict"] == "not told apart"
    shuffled = calls.assign(rating=calls["rating"].sample(frac=1, random_state=1).to_numpy())
    assert (listening.call_phrases(shuffled)["verdict"] == "not told apart").all()


def test_a_phrase_of_nine_customers_is_never_shown():
    calls = made(11, calls=400)
    calls.loc[calls["customer_id"].isin(sorted(calls["customer_id"].unique())[:9]), "transcript"] = (
        "Customer: call Mary Smith."
    )
    assert not listening.call_phrases(calls)["phrase"].str.contains("mary").any()


def test_ratings_after_the_study_are_not_known_and_later_calls_not_there():
    backend = warehouse.connect()
    calls = pa.table(
        {
            "call_id": ["1", "2"], "contact_id": ["k", "k"], "customer_id": pa.array([None, "c"], pa.string()),
            "agent_id": ["A", "A"], "started_at": [datetime(2017, 12, 30), datetime(2018, 1, 2)],
            "duration_seconds": [90.0, 60.0], "talk_share": [0.5, 0.5], "silence_share": [0.1, 0.1],
            "pitch_variation": [1.0, 1.0], "language": ["en", "en"], "transcript": ["", ""],
        }
    )  # fmt: skip
    contacts = pa.table({"contact_id": ["k"], "topic": ["staff"], "rated_at": [datetime(2018, 1, 3)], "csat": [5]})
    backend.con.register("given_calls", calls)
    backend.con.register("given_contacts", contacts)
    (found,) = listening.rated_calls(backend.table("given_calls"), backend.table("given_contacts"), **UNTIL).to_dict(
        "records"
    )
    assert (found["call_id"], found["customer_id"], found["minutes"]) == ("1", "call 1", 1.5)
    assert np.isnan(found["rating"])

"""What people complain about, before and after."""

from __future__ import annotations

from datetime import date, datetime

import ibis
import numpy as np
import pandas as pd

from customer_patterns.satisfaction import bad_contacts, complaint_topics

YEAR = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}


def bad(topics: dict[str, tuple[int, int]], *, seed: int = 1) -> pd.DataFrame:
    """So many of each topic in the earlier half and in the later, each by another customer."""
    chance = np.random.default_rng(seed)
    rows = []
    for topic, halves in topics.items():
        for half, number in enumerate(halves):
            days = chance.integers(0, 182, number) + 183 * half
            rows += [(topic, pd.Timestamp("2017-01-01") + pd.Timedelta(days=int(day))) for day in days]
    table = pd.DataFrame(rows, columns=["topic", "day"])
    return table.assign(
        contact_id=[f"K{n:04d}" for n in range(len(table))], customer_id=[f"c{n:04d}" for n in range(len(table))]
    )


def test_shares_and_sums_by_hand():
    found = complaint_topics(bad({"price": (30, 30), "staff": (20, 20)}), **YEAR, owners={"staff": "store manager"})
    assert list(found["topic"]) == ["price", "staff"]
    assert found["share_of_bad"].tolist() == [0.6, 0.4]
    assert found["cumulative_share"].tolist() == [0.6, 1.0]
    assert list(found["owner"]) == [None, "store manager"]
    assert found[["before", "after"]].to_numpy().tolist() == [[30, 30], [20, 20]]


def test_a_topic_that_has_halved_is_told_and_the_others_are_not():
    found = complaint_topics(bad({"price": (120, 60), "staff": (90, 92)}), **YEAR).set_index("topic")
    assert found["verdict"].to_dict() == {"price": "fewer", "staff": "as many"}
    assert found.loc["price", "change_low"] < 0.5 * 182 / 183 < found.loc["price", "change_high"]


def test_chance_alone_is_hardly_ever_a_change():
    """The broken twin calls every topic changed whose later half differs by a fifth."""
    told, twin = 0, 0
    for seed in range(30):
        halves = np.random.default_rng(seed).binomial(60, 0.5, 5)
        topics = {f"topic {n}": (int(60 - later), int(later)) for n, later in enumerate(halves)}
        told += (complaint_topics(bad(topics, seed=seed), **YEAR)["verdict"] != "as many").sum()
        twin += sum(abs(later / max(earlier, 1) - 1) > 0.2 for earlier, later in topics.values())
    assert told <= 5
    assert twin > 50


def test_one_angry_customer_is_one_customer():
    table = bad({"price": (40, 40), "staff": (40, 40)})
    same = table.assign(customer_id=table["customer_id"].where(table["topic"] == "staff", "anna"))
    found = complaint_topics(same, **YEAR).set_index("topic")
    assert found.loc["price", "suppressed"] != "no"
    assert pd.isna(found.loc["price", "share_of_bad"])


def test_ratings_after_the_study_and_good_ones_do_not_count():
    contacts = ibis.memtable(
        pd.DataFrame(
            {
                "contact_id": ["1", "2", "3", "4", "5"],
                "customer_id": ["a", None, "c", "d", "e"],
                "topic": ["price", None, "price", "price", "price"],
                "opened_at": [datetime(2017, 5, 1, 12)] * 4 + [datetime(2018, 1, 1, 12)],
                "rated_at": [datetime(2017, 5, 2)] * 3 + [datetime(2018, 1, 2)] * 2,
                "csat": [1, 2, 3, 1, 1],
            }
        )
    )
    found = bad_contacts(contacts, last_day=date(2017, 12, 31), time_zone="America/New_York")
    assert found[["contact_id", "customer_id", "topic"]].to_numpy().tolist() == [
        ["1", "a", "price"],
        ["2", "contact 2", "unknown"],
    ]


def test_nobody_complained():
    assert complaint_topics(bad({}), **YEAR).empty
    assert complaint_topics(bad({"price": (1, 0)}), **YEAR).empty

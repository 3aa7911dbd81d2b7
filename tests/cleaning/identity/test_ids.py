"""A profile's number: the oldest record's, the same on every run and after every delivery."""

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.cleaning.identity.clusters import cluster_records
from customer_patterns.cleaning.identity.corrections import Decisions
from customer_patterns.cleaning.identity.ids import KEPT, MERGED, NEW, SPLIT, profile_ids
from tests.cleaning.identity.persons import groups, who

ANN = {"name": "Ann Lee", "email": "ann@example.com"}


def numbered(ids, clusters, *, since=None, main=(), register=None):
    records = pd.DataFrame(
        {"customer_id": ids, "known_since": since or [None] * len(ids), "main": [i in main for i in ids]}
    )
    return profile_ids(records, np.array(clusters), register=register).set_index("customer_id")


def test_the_oldest_record_gives_the_number():
    found = numbered(["a", "b"], [0, 0], since=[date(2016, 1, 1), date(2015, 1, 1)])
    assert found["profile_id"].tolist() == ["b", "b"]


def test_of_equally_old_records_the_one_that_describes_a_customer_gives_it():
    assert numbered(["a", "b"], [0, 0], main=("b",))["profile_id"].tolist() == ["b", "b"]


def test_a_new_delivery_does_not_rename_a_profile():
    old = [{**ANN, "customer_id": "w1", "known_since": date(2016, 5, 1)}]
    new = [*old, {**ANN, "customer_id": "a0", "known_since": date(2017, 5, 1)}]
    assert set(who(*old).profiles["profile_id"]) == set(who(*new).profiles["profile_id"]) == {"w1"}


def test_a_registered_number_is_kept_though_an_older_record_turns_up():
    found = numbered(["a", "b"], [0, 0], since=[date(2010, 1, 1), date(2015, 1, 1)], register={"b": "b"})
    assert found["profile_id"].tolist() == ["b", "b"]
    assert found["change"].tolist() == [NEW, KEPT]


def test_two_profiles_that_turn_out_to_be_one_keep_the_older_number():
    found = numbered(["a", "b"], [0, 0], since=[date(2015, 1, 1), date(2014, 1, 1)], register={"a": "a", "b": "b"})
    assert found["profile_id"].tolist() == ["b", "b"]
    assert found["change"].tolist() == [MERGED, KEPT]


def test_a_profile_that_falls_apart_leaves_its_number_to_the_record_it_came_from():
    register = {"a": "b", "b": "b", "c": "b"}
    found = numbered(["a", "b", "c"], [0, 1, 0], register=register)
    assert found["profile_id"].to_dict() == {"a": "a", "b": "b", "c": "a"}
    assert found["change"].tolist() == [SPLIT, KEPT, SPLIT]


def test_a_second_run_with_the_register_of_the_first_changes_nothing():
    first = numbered(["a", "b", "c", "d"], [0, 0, 1, 2])
    again = numbered(["a", "b", "c", "d"], [0, 0, 1, 2], register=first["profile_id"].to_dict())
    assert (again["profile_id"] == first["profile_id"]).all()
    assert (again["change"] == KEPT).all()


def test_a_merge_is_taken_back_by_a_line_and_comes_again_without_it():
    records = [{**ANN, "customer_id": "a"}, {**ANN, "customer_id": "b"}]
    never = Decisions(never=pd.DataFrame({"one": ["a"], "other": ["b"]}))
    assert len(groups(who(*records))) == 1
    assert len(groups(who(*records, decisions=never))) == 2
    assert len(groups(who(*records, decisions=Decisions()))) == 1


def test_what_was_decided_to_be_one_is_one_though_names_contradict():
    always = Decisions(always=pd.DataFrame({"one": ["a"], "other": ["b"]}))
    records = [{"customer_id": "a", "name": "Ann Lee"}, {"customer_id": "b", "name": "Ann Marl"}]
    found = who(*records, decisions=always)
    assert groups(found) == {frozenset("ab")}
    assert found.links["way"].tolist() == ["decided by hand"]


def test_never_holds_through_a_third_record():
    never = Decisions(never=pd.DataFrame({"one": ["a"], "other": ["c"]}))
    records = [{**ANN, "customer_id": one} for one in "abc"]
    assert all(not {"a", "c"} <= group for group in groups(who(*records, decisions=never)))


def brute_force(size, links, apart):
    """Connect what is linked, strongest first, never bringing two together that are apart."""
    where = {row: frozenset([row]) for row in range(size)}
    for _, a, b in sorted((-s, a, b) for a, b, s in links):
        both = where[a] | where[b]
        if not any({x, y} <= both for x, y in apart):
            where |= dict.fromkeys(both, both)
    return set(where.values())


@given(
    st.lists(
        st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 9)).filter(lambda e: e[0] < e[1]),
        max_size=14,
        unique_by=lambda e: e[:2],
    ),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda e: e[0] < e[1]), max_size=4, unique=True),
)
def test_clusters_are_those_of_brute_force(links, apart):
    records = pd.Index(list("abcdefgh"))
    name = lambda rows, at: [records[row[at]] for row in rows]  # noqa: E731
    table = pd.DataFrame({"one": name(links, 0), "other": name(links, 1), "strength": [s for _, _, s in links]})
    cannot = pd.DataFrame({"one": name(apart, 0), "other": name(apart, 1)})
    found = cluster_records(records, table, cannot).cluster
    made = {frozenset(np.flatnonzero(found == each).tolist()) for each in np.unique(found)}
    if not apart:
        assert made == brute_force(8, links, [])
    assert made == brute_force(8, links, apart) or not _connected(links, apart)
    for a, b in apart:
        assert found[a] != found[b]


def _connected(links, apart):
    """Whether some contradiction lies inside a component: elsewhere the order of links decides nothing."""
    whole = brute_force(8, links, [])
    return any({a, b} <= group for a, b in apart for group in whole)

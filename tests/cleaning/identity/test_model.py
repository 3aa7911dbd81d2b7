"""Weights against hand-worked values, and planted truth found again."""

from math import log2

import numpy as np
import pandas as pd
import pytest

from customer_patterns.cleaning.identity import accuracy, explain, resolve
from customer_patterns.cleaning.identity.explained import agreement, match_weights, merge_pattern, merge_ways
from customer_patterns.cleaning.identity.review import review_sample, scores
from tests.cleaning.identity.persons import planted, resolved

PERSONS = 140


@pytest.fixture(scope="module")
def found():
    return resolved(PERSONS, 1.0)


def test_the_weights_of_the_fields_add_up_to_the_match_weight(found):
    scored = found[0].scored
    bits = scored.pairs[[f"bits_{field}" for field in scored.fields]].sum(axis=1)
    assert np.allclose(bits + scored.prior, scored.pairs["weight"], atol=1e-6)
    assert np.allclose(scored.pairs["probability"], 1 / (1 + 2.0 ** -scored.pairs["weight"]), atol=1e-9)


def test_a_rare_value_weighs_by_its_own_frequency(found):
    """An agreement weighs log2(m / frequency of the value), worked out by hand from the records."""
    scored, (codes, _) = found[0].scored, planted(PERSONS, 1.0)
    mail = codes.select(["customer_id", "email"]).to_pandas().set_index("customer_id")["email"]
    share = mail.value_counts() / mail.notna().sum()
    m = scored.parameters.set_index(["field", "level"]).at[("email", "same"), "m"]
    same = scored.pairs[scored.pairs["level_email"] == 2].head(50)
    by_hand = [log2(m / share[mail[one]]) for one in same["one"]]
    assert np.allclose(same["bits_email"], by_hand, atol=1e-6)


def test_a_disagreement_weighs_by_m_and_u(found):
    scored = found[0].scored
    p = scored.parameters.set_index(["field", "level"])
    by_hand = log2(p.at[("birthday", "different"), "m"] / p.at[("birthday", "different"), "u"])
    unlike = scored.pairs[scored.pairs["level_birthday"] == 0]
    assert len(unlike)
    assert np.allclose(unlike["bits_birthday"], by_hand)


def test_each_fields_chances_add_up_to_one(found):
    sums = found[0].scored.parameters.groupby("field")[["m", "u"]].sum()
    assert np.allclose(sums, 1.0)


@pytest.mark.parametrize("field", ["name", "email", "phone", "birthday"])
def test_em_finds_the_chances_that_the_truth_gives(found, field):
    """The reference: *m* counted over the true pairs of persons."""
    scored, truth = found[0].scored, found[1]
    codes = planted(PERSONS, 1.0)[0].select(["customer_id", field]).to_pandas()
    both = codes.merge(truth, left_on="customer_id", right_on="record_id")
    pairs = both.merge(both, on="person")
    pairs = pairs[(pairs["customer_id_x"] < pairs["customer_id_y"])].dropna(subset=[f"{field}_x", f"{field}_y"])
    by_truth = (pairs[f"{field}_x"] == pairs[f"{field}_y"]).mean()
    by_em = scored.parameters.set_index(["field", "level"]).at[(field, "same"), "m"]
    assert by_em == pytest.approx(by_truth, abs=0.1)


@pytest.mark.parametrize(("errors", "least_recall"), [(0.0, 0.98), (4.0, 0.90)])
def test_planted_persons_are_found_at_several_rates_of_errors(errors, least_recall):
    which, truth = resolved(PERSONS, errors)
    score = accuracy(which.profiles, truth)
    assert score.precision.value >= 0.99
    assert score.recall.value >= least_recall
    assert score.recall.low <= score.recall.value <= score.recall.high


def test_without_its_guards_families_become_one_person(found):
    """The broken twin: contradictions ignored."""
    codes, truth = planted(PERSONS, 1.0)
    unguarded = accuracy(resolve(codes, guarded=False).profiles, truth)
    guarded = accuracy(found[0].profiles, truth)
    assert unguarded.precision.value < 0.95 < guarded.precision.low


def test_the_order_of_the_records_decides_nothing(found):
    codes, _ = planted(PERSONS, 1.0)
    shuffled = codes.take(np.random.default_rng(1).permutation(codes.num_rows))
    again = resolve(shuffled)
    pd.testing.assert_frame_equal(again.profiles, found[0].profiles)
    pd.testing.assert_frame_equal(again.scored.pairs, found[0].scored.pairs)


def test_each_merge_can_be_explained(found):
    link = found[0].links[found[0].links["way"] == "same e-mail address"].iloc[0]
    steps = explain(found[0], link["other"], link["one"])
    assert steps["field"].iloc[0] == "Before comparing"
    assert steps["total"].iloc[-1] == pytest.approx(link["weight"], abs=1e-6)
    assert "E-mail address" in set(steps["field"])
    with pytest.raises(KeyError):
        explain(found[0], "nobody", "no one")


def test_the_tables_of_the_chapter_follow_from_the_pairs(found):
    which = found[0]
    assert match_weights(which.scored)["pairs"].sum() == len(which.scored.pairs)
    assert merge_ways(which)["pairs"].sum() <= len(which.links)
    pattern = merge_pattern(which)
    assert np.allclose(pattern["bits"].cumsum(), pattern["total"])
    assert agreement("name", -1) == "missing"
    assert agreement("name", 0) == "different"
    assert agreement("name", 4) == "same"


def test_judged_pairs_give_precision_and_recall(found):
    which, truth = found
    person = truth.set_index("record_id")["person"]
    sample = review_sample(which)
    assert set(sample["stratum"]) == {"joined", "apart"}
    judged = sample[["one", "other"]].assign(
        same=person.reindex(sample["one"]).to_numpy() == person.reindex(sample["other"]).to_numpy()
    )
    table = scores(which, judged).set_index("measure")
    known = accuracy(which.profiles, truth)
    assert table.at["precision", "share_low"] <= known.precision.value <= table.at["precision", "share_high"]
    assert table.at["recall", "share_low"] <= known.recall.value <= table.at["recall", "share_high"]
    assert scores(which, judged.head(0)).empty


def test_too_few_records_teach_nothing_and_keys_still_join():
    codes, truth = planted(8, 0.0)
    few = resolve(codes)
    assert few.scored is None
    assert accuracy(few.profiles, truth).right > 0

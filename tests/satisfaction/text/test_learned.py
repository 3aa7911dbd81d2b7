"""Praise and blame learned from stars, and topics: held against scikit-learn, planted truths and broken twins."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.linear_model import LogisticRegression

from customer_patterns.satisfaction.text import sentiment
from customer_patterns.satisfaction.text.clauses import Clause, clauses
from customer_patterns.satisfaction.text.factors import amounts, beginnings, factorize
from customer_patterns.satisfaction.text.features import COLUMNS, counted, rarity, weighed
from customer_patterns.satisfaction.text.logistic import balanced_weights, calibrate, fit
from customer_patterns.satisfaction.text.sentiment import learn_sentiment
from customer_patterns.satisfaction.text.topics import find_topics


@pytest.fixture(scope="module")
def some() -> tuple[sparse.csr_array, np.ndarray]:
    random = np.random.default_rng(3)
    table = sparse.random_array((300, 60), density=0.1, format="csr", rng=random)
    praised = (table @ random.normal(size=60) + random.normal(0, 0.3, 300)) > 0.1
    return table, praised


def test_the_regression_is_that_of_scikit_learn(some):
    table, praised = some
    ours = fit(table, praised, strength=2.0)
    theirs = LogisticRegression(C=2.0, tol=1e-10, max_iter=5000).fit(table, praised, balanced_weights(praised))
    assert ours.coefficients == pytest.approx(theirs.coef_[0], abs=2e-3)
    assert ours.intercept == pytest.approx(theirs.intercept_[0], abs=2e-3)


def test_calibration_is_a_regression_on_one_number_without_a_penalty(some):
    table, praised = some
    sums = 3 * fit(table, praised).sums(table) + np.random.default_rng(1).normal(0, 6, len(praised))
    slope, intercept = calibrate(sums, praised)
    theirs = LogisticRegression(C=1e9, tol=1e-10).fit(sums[:, None], praised, balanced_weights(praised))
    assert (slope, intercept) == pytest.approx((theirs.coef_[0, 0], theirs.intercept_[0]), abs=1e-3)


def test_factors_fit_as_well_as_those_of_scikit_learn(some):
    table = some[0]
    texts, words = factorize(table, beginnings(table, 6), 4)
    theirs = NMF(4, init="nndsvd", max_iter=2000, random_state=0).fit(table)
    ours = float(np.sqrt(((table.toarray() - texts @ words) ** 2).sum()))
    assert ours <= 1.02 * theirs.reconstruction_err_
    assert (texts >= 0).all()
    assert (words >= 0).all()
    again = amounts(table, words)
    assert float(np.sqrt(((table.toarray() - again @ words) ** 2).sum())) <= 1.02 * ours


def test_features_are_a_text_s_own_whatever_stands_around_it():
    texts = [clauses("the bread was not fresh, but cheap"), clauses("面包不新鲜"), []]
    all_at_once, alone = counted(texts), [counted([text]) for text in texts]
    assert all_at_once.shape == (3, COLUMNS)
    for number, one in enumerate(alone):
        assert (all_at_once[[number]] != one).nnz == 0
    assert alone[2].nnz == 0
    turned, plain = counted([clauses("not fresh")]), counted([clauses("fresh")])
    assert set(plain.indices) - set(turned.indices)  # "fresh" is another word after "not"
    table = weighed(all_at_once, np.ones(COLUMNS, dtype=np.float32))
    assert np.sqrt(np.asarray((table * table).sum(axis=1))).ravel() == pytest.approx([1, 1, 0], abs=1e-5)
    assert rarity(all_at_once).max() > 0


def reviews(seed: int, writers: int, *, each: int = 6, telling: float = 0.75, vocabulary: int = 60):
    """Texts of made-up words, half of which tell; each writer has words, and a mood, of their own."""
    random = np.random.default_rng(seed)
    half = vocabulary // 2
    texts, stars, who = [], [], []
    for writer in range(writers):
        own, mood = [f"o{seed}w{writer}x".replace("0", "q") + letter for letter in "abcd"], random.normal()
        own = ["".join(chr(97 + ord(sign) % 26) for sign in word) for word in own]
        for _ in range(each):
            praise = bool(random.random() < 1 / (1 + np.exp(-3 * mood)))
            tells = random.random(5) < telling
            words = [f"v{chr(97 + int(random.integers(half)) % 26)}{'yz'[praise ^ (not yes)]}vo" for yes in tells]
            texts.append([Clause(" ".join([*words, *own]), 1.0)])
            stars.append(5.0 if praise else 1.0)
            who.append(f"{seed}-{writer}")
    return texts, np.array(stars), who


def test_what_is_claimed_holds_for_new_writers_and_testing_on_known_ones_claims_too_much():
    texts, stars, who = reviews(1, 80, telling=0.6)
    others, truth, _ = reviews(2, 200, telling=0.6)
    found = learn_sentiment(texts, stars, who, language="en")
    told, praised = found.probability(others) > 0.5, truth > 3
    right = (told[praised].mean() + (~told[~praised]).mean()) / 2
    assert found.method == "learned from stars"
    assert found.right.low - 0.02 <= right <= found.right.high + 0.02
    twin = learn_sentiment(texts, stars, [f"t{number}" for number in range(len(who))], language="en")
    assert twin.right.low > right + 0.05  # it has met these writers, and knows their moods


def test_a_text_learned_from_is_told_by_what_was_learned_without_its_writer():
    texts, stars, who = reviews(3, 60)
    found = learn_sentiment(texts, stars, who, language="en")
    assert len(found.models) == 6
    by_writer = {}
    for one, model in zip(who, found.without, strict=True):
        assert by_writer.setdefault(one, model) == model < 5
    honest, learned = found.polarity(texts, of=range(len(texts))), found.polarity(texts)
    side = np.where(stars > 3, 1, -1)
    assert (learned == side).mean() >= (honest == side).mean()


def test_few_stars_one_kind_of_stars_or_none_leave_the_word_lists():
    texts, stars, who = reviews(4, 60)
    for given in (
        np.full(len(stars), np.nan),
        np.full(len(stars), 5.0),
        np.where(np.arange(len(stars)) < 30, stars, 3),
    ):
        found = learn_sentiment(texts, given, who, language="zh")
        assert (found.method, found.test, found.verdict) == ("word lists", "labeled sentences", "used")
        assert found.tested >= 150


def test_texts_that_nobody_can_tell_apart_are_not_used():
    texts, stars, who = reviews(5, 80)
    shuffled = np.random.default_rng(1).permutation(stars)
    assert learn_sentiment(texts, shuffled, who, language="en").verdict == "not used"


def test_praise_and_blame_are_told_the_same_in_any_order_of_rows():
    texts, stars, who = reviews(6, 60)
    order = np.random.default_rng(2).permutation(len(texts))
    one = learn_sentiment(texts, stars, who, language="en")
    other = learn_sentiment([texts[k] for k in order], stars[order], [who[k] for k in order], language="en")
    assert float(one.right.value) == pytest.approx(float(other.right.value), abs=1e-9)
    assert (one.polarity(texts) == other.polarity(texts)).all()


def topical(seed: int, topics: int, texts: int = 500):
    random = np.random.default_rng(seed)
    words = [f"w{chr(97 + k % 26)}{chr(97 + k // 26)}" for k in range(25 * topics)]
    topic, share = random.integers(0, topics, texts), 0.85 ** np.arange(25)
    said = [[words[25 * one + int(k)] for k in random.choice(25, 7, p=share / share.sum())] for one in topic]
    return said, topic, [f"p{k}" for k in random.integers(0, 300, texts)]


def test_planted_topics_are_found_and_named_by_their_words():
    said, topic, who = topical(7, 6)
    found = find_topics(said, who, language="en")
    assert len(found.names) == 6
    assert (found.again > 0.6).all()
    for number in range(6):
        mine = topic[found.topic == number]
        assert (np.bincount(mine).max() / len(mine)) > 0.95
        planted = set(np.concatenate([said[k] for k in np.flatnonzero(topic == np.bincount(mine).argmax())]))
        assert set(found.names[number].split(" · ")) <= planted
    assert find_topics(said, who, language="en").names == found.names


def test_words_of_few_writers_name_no_topic_and_texts_all_alike_have_none():
    said, _, who = topical(8, 4)
    rare = [[*words, "secretname"] if name in who[:9] else words for words, name in zip(said, who, strict=True)]
    rare = [
        words if name in set(who[:9]) else [w for w in words if w != "secretname"]
        for words, name in zip(rare, who, strict=True)
    ]
    assert "secretname" not in " ".join(find_topics(rare, who, language="en").names)
    for same in ([["one", "text"]] * 300, [[]] * 300, said[:50]):
        found = find_topics(same, [f"p{k}" for k in range(len(same))], language="en")
        assert found.names == ()
        assert (found.topic == -1).all()


def test_the_floor_is_fixed():
    assert sentiment.FLOOR == 0.70

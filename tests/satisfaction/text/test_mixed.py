"""Texts in English and Chinese at once: each part in its own language, and denials that cross from one to the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.satisfaction import text
from customer_patterns.satisfaction.text.clauses import Clause, clauses
from customer_patterns.satisfaction.text.labeled import labeled_sentences, word_list_right
from customer_patterns.satisfaction.text.mixed import learn_mixed, parts_of
from customer_patterns.satisfaction.text.normalize import normalize
from customer_patterns.satisfaction.text.reading import read_frame


@pytest.fixture(scope="module")
def by_lists():
    return learn_mixed([], [], [], single={})


def told(reader, sentence: str) -> int:
    return int(reader.polarity([clauses(normalize(sentence))])[0])


def test_labeled_sentences_are_told_rightly_and_better_than_by_both_lists_at_once(by_lists):
    rows = labeled_sentences("mixed")
    right = sum(told(by_lists, row.text) == row.polarity for row in rows)
    assert right >= 0.9 * len(rows)
    assert (by_lists.tested, by_lists.test, by_lists.verdict) == (len(rows), "labeled sentences", "used")
    assert float(by_lists.right.value) == pytest.approx(right / len(rows))
    hits, of = word_list_right("mixed", kind="negation")  # the broken twin: a clause is read as one
    assert hits <= 0.6 * of
    crossed = [row for row in rows if row.kind == "negation"]
    assert sum(told(by_lists, row.text) == row.polarity for row in crossed) >= 0.85 * of


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("房间不 clean", -1), ("not 好吃", -1), ("一点都不 expensive", 1), ("the staff are never 热情", -1),
        ("味道还可以 but the service is terrible", -1), ("有点贵但是 the quality is excellent", 1),
        ("虽然 expensive，但是味道很好", 1), ("包裹 arrived on tuesday", 0), ("不 bad", 1),
    ],
)  # fmt: skip
def test_a_denial_in_one_language_turns_the_other_and_a_turn_counts_in_both(by_lists, sentence, says):
    assert told(by_lists, sentence) == says


@given(st.text(alphabet="ab 不好坏了not'👍，。0", max_size=30))
def test_parts_hold_each_letter_once_but_for_what_denies(said):
    kept = "".join(part.text for part in parts_of(Clause(said, 1.0)))
    letters = [sign for sign in said if sign.isalpha()]
    left = iter(letters)
    assert all(sign in left for sign in kept if sign.isalpha())  # in their order
    assert len(letters) - sum(map(str.isalpha, kept)) <= said.count("不") + said.count("n") * 3 + said.count("好")


def reviews(many: int, seed: int) -> pd.DataFrame:
    """Reviews in English, Chinese and both; what words say differs from what any list holds: only stars tell."""
    random = np.random.default_rng(seed)
    good, bad = {"en": "zorp", "zh": "芷芙"}, {"en": "blick", "zh": "荼蘼"}
    rows = []
    for number in range(many):
        words = good if random.random() < 0.5 else bad
        kind = ("en", "zh", "mixed")[number % 3]
        said = {
            "en": f"the bread is {words['en']} and it came today",
            "zh": f"面包{words['zh']}的样子，今天到",
            "mixed": f"面包{words['zh']}的样子 and it is so {words['en']} today",
        }[kind]
        stars = int(random.choice([4, 5] if words is good else [1, 2]))
        writer = f"w{int(random.integers(many // 3))}"
        rows.append((f"r{number:05d}", None, writer, None, stars, f"{said} {number % 7}"))
    return pd.DataFrame(rows, columns=["feedback_id", "customer_id", "writer", "language", "rating", "text"])


def test_what_each_language_s_stars_teach_tells_texts_of_both():
    table = reviews(600, 2)
    reading = read_frame(table)
    languages = text.text_languages(reading).set_index("language")
    assert languages.at["mixed", "method"] == "each part in its language"
    assert languages.at["mixed", "test"] == "texts with stars, of writers not learned from"
    assert languages.at["mixed", "verdict"] == "used"
    assert languages.at["mixed", "right_low"] > 0.9
    assert languages.at["mixed", "lists_right"] == pytest.approx(0.5, abs=0.1)  # no list holds these words
    mixed = reading.texts[reading.texts["language"] == "mixed"]
    assert (mixed["polarity"] == np.where(mixed["rating"] > 3, 1, -1)).mean() > 0.9


def test_without_stars_of_their_own_they_are_held_against_labeled_sentences():
    table = reviews(600, 2)
    reading = read_frame(table.assign(rating=table["rating"].where(table.index % 3 != 2)))
    row = text.text_languages(reading).set_index("language").loc["mixed"]
    assert (row["test"], row["tested"], row["verdict"]) == (
        "labeled sentences",
        len(labeled_sentences("mixed")),
        "used",
    )
    assert row["right"] == row["lists_right"]  # what was learned of other words tells these worse than the lists do


def test_stars_that_belong_to_other_texts_teach_nothing():
    """The broken twin's data: the verdict is what keeps them out."""
    table = reviews(600, 3)
    shuffled = table.assign(rating=table["rating"].to_numpy()[np.random.default_rng(1).permutation(len(table))])
    languages = text.text_languages(read_frame(shuffled)).set_index("language")
    assert languages["verdict"].to_dict() == {"en": "not used", "zh": "not used", "mixed": "not used"}


def test_nothing_is_learned_from_the_writer_who_is_told():
    table = reviews(600, 4)
    reading = read_frame(table)
    mixed = reading.sentiment["mixed"]
    rows = reading.texts[reading.texts["language"] == "mixed"]["writer"]
    for language in ("en", "zh"):
        known = reading.sentiment[language]
        own = reading.texts[reading.texts["language"] == language]["writer"].tolist()
        both = [writer for writer in rows if writer in own]
        assert both
        assert all(own[mixed.row_of[language][writer]] == writer for writer in both)
        assert all(known.without[mixed.row_of[language][writer]] < 5 for writer in both)  # a fold, not all

"""Texts read once: the simulated companion's themes and moods recovered, bad texts, needs, and nobody's words shown."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from customer_patterns import warehouse
from customer_patterns.estimates import wilson
from customer_patterns.satisfaction import text
from customer_patterns.satisfaction.text.reading import read_frame
from tests.benchmarks.texts_side import reviews

UNTIL = {"last_day": date(2017, 12, 31), "time_zone": "UTC"}
THEMES = {
    "product quality",
    "price",
    "service attitude",
    "response speed",
    "store experience",
    "assortment",
    "loyalty offers",
}


def written(texts, stars=None, writers=None):
    """Texts in memory, each by another writer unless said."""
    return pd.DataFrame(
        {
            "feedback_id": [f"r{k:05d}" for k in range(len(texts))],
            "customer_id": None,
            "writer": [f"w{k}" for k in range(len(texts))] if writers is None else writers,
            "language": None,
            "rating": pd.array([None] * len(texts) if stars is None else stars, dtype="Int64"),
            "text": texts,
        }
    )


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return reviews(1_500, seed=4)


@pytest.fixture(scope="module")
def reading(table) -> text.Reading:
    return read_frame(table)


def empty_table(backend, name, **columns):
    backend.con.register(name, pa.table({key: pa.array([], kind) for key, kind in columns.items()}))
    return backend.table(name)


@pytest.fixture(scope="module")
def nothing_else():
    backend = warehouse.connect()
    events = empty_table(
        backend, "no_events", occurred_at=pa.timestamp("us"), visitor_id=pa.string(), customer_id=pa.string(),
        search_term=pa.string(),
    )  # fmt: skip
    names = ("product_id", "department", "category", "product_type", "brand")
    return backend, events, empty_table(backend, "no_products", **dict.fromkeys(names, pa.string()))


def test_planted_themes_are_found_and_each_language_is_told_apart(reading):
    languages = text.text_languages(reading).set_index("language")
    assert languages["verdict"].to_dict() == {"en": "used", "zh": "used"}
    assert (languages["right_low"] > 0.75).all()
    assert (languages["right"] >= languages["lists_right"]).all()
    themes = text.text_themes(reading)
    assert set(themes.loc[themes["suppressed"] == "no", "theme"]) >= THEMES
    known = text.told_themes(themes)
    assert known["blamed"].is_monotonic_decreasing
    assert ((known["praised"] + known["blamed"]) <= 1 + 1e-9).all()
    assert (known["stars_less_high"].dropna() < 0).all()  # who blames gives fewer stars


def test_a_theme_that_only_complaints_name_sounds_worse():
    random = np.random.default_rng(3)
    bad = random.random(900) < 0.5
    said = [
        f"the {random.choice(['soup', 'bread', 'fish'])} is {'stale' if no else 'delicious'}. "
        + (random.choice(["the line was slow", "we waited forever"]) if no else "the staff are kind")
        for no in bad
    ]
    found = text.text_themes(read_frame(written(said, np.where(bad, 1, 5)))).set_index("theme")
    assert found.at["response speed", "verdict"] == "worse than the others"
    assert found.at["service attitude", "verdict"] == "better than the others"
    assert found.at["response speed", "blamed"] > 0.95
    assert found.at["response speed", "n"] == bad.sum()
    shuffled = read_frame(written(said, random.permutation(np.where(bad, 1, 5))))
    assert text.text_themes(shuffled)["blamed"].isna().all()  # stars that say nothing: not used
    assert text.text_languages(shuffled)["verdict"].tolist() == ["not used"]


def test_a_share_of_few_writers_has_an_interval_and_the_share_of_all_texts_all_their_writers():
    """Eleven writers, of whom all but one complain: resamples of so few give no interval, and once none was shown."""
    random = np.random.default_rng(4)
    bad = random.random(600) < 0.5
    said = ["the soup is stale" if no else "the soup is delicious" for no in bad]
    said[:11] = ["the website is terrible"] * 10 + ["the website is lovely"]
    stars = np.where(bad, 1, 5)
    stars[:11] = [1] * 10 + [5]
    found = text.text_themes(read_frame(written(said, stars))).set_index("theme").loc["website"]
    assert found["n"] == 11
    assert found["everybody"] == 600  # of whom the share of texts is taken
    assert found["blamed_low"] < found["blamed"] < found["blamed_high"]
    wide = wilson(found["blamed"] * found["n"], found["n"])
    assert (found["blamed_low"], found["blamed_high"]) == pytest.approx((float(wide.low), float(wide.high)))


def test_the_same_in_whatever_order_rows_come(table, reading):
    again = read_frame(table.sample(frac=1, random_state=5).sort_values("feedback_id", ignore_index=True))
    pd.testing.assert_frame_equal(text.text_themes(again), text.text_themes(reading))
    pd.testing.assert_frame_equal(text.text_topics(again), text.text_topics(reading))
    pd.testing.assert_frame_equal(text.text_readings(again), text.text_readings(reading))


@pytest.mark.parametrize(
    "texts",
    [
        [], [""], ["好"], ["a"], ["👍"] * 40, ["   "] * 3, ["<script>alert('x')</script>"] * 30,
        ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3"], ["bad " * 25_000], ["the same words again"] * 200,
        ["sehr gut, aber nicht billig"] * 50, [None, None], ["\x00\x01\u202e"], ["很好"] * 300,
    ],
    ids=["none", "empty", "one sign", "one letter", "emoji", "spaces", "scripts", "formulas", "long", "all the same",
         "another language", "missing", "controls", "all the same Chinese"],
)  # fmt: skip
def test_bad_texts_give_a_verdict_and_no_failure(texts, nothing_else):
    _, events, products = nothing_else
    reading = read_frame(written(texts, [1, 5] * (len(texts) // 2) if len(texts) % 2 == 0 and texts else None))
    languages, themes = text.text_languages(reading), text.text_themes(reading)
    assert languages["texts"].fillna(0).sum() <= len(texts)
    assert set(languages["verdict"]) <= {"used", "not used", "not read"}
    assert text.text_topics(reading).empty
    for table in (themes, text.text_examples(reading), text.unmet_needs(reading, themes, events, products, **UNTIL)):
        assert not table.astype(str).apply(lambda column: column.str.contains("script|SUM|cmd")).any().any()
    assert len(text.text_readings(reading)) == len(reading.texts)


def test_what_a_writer_repeats_counts_once():
    reading = read_frame(written(["too slow"] * 30, writers=["w"] * 30))
    (row,) = text.text_languages(reading).to_dict("records")
    assert len(reading.texts) == 1
    assert reading.copies["en"] == 29
    assert row["suppressed"] == "too few"


def test_later_texts_change_nothing(table):
    backend = warehouse.connect()
    rows = table.assign(
        author_key=table["writer"], customer_id=pd.Series([None] * len(table), dtype="str"), language="en",
        written_at=[datetime(2017, 6, 1) if k % 3 else datetime(2018, 1, 2) for k in range(len(table))],
    ).drop(columns="writer")  # fmt: skip
    backend.con.register("given_feedback", pa.Table.from_pandas(rows, preserve_index=False))
    found = text.read_texts(backend.table("given_feedback"), **UNTIL)
    kept = rows[rows["written_at"] < datetime(2018, 1, 1)]
    assert found.texts["feedback_id"].tolist() == sorted(set(kept["feedback_id"]) & set(found.texts["feedback_id"]))
    assert found.texts["writer"].str.startswith("author w").all()


def test_examples_hold_only_words_that_ten_writers_use(table, reading):
    found = text.text_examples(reading)
    assert len(found)
    assert (found["n"] >= 10).all()
    said = ["mary smith the cashier was rude to me" for _ in range(9)]
    said += [
        f"the cashier was rude to {name}"
        for name in ("ann", "bob", "cy", "dan", "eve", "flo", "gus", "hal", "ida", "jon")
    ]
    stars = [1] * len(said)
    more = read_frame(
        pd.concat(
            [
                table,
                written(said, stars).assign(
                    feedback_id=lambda t: "x" + t["feedback_id"], writer=lambda t: "x" + t["writer"]
                ),
            ]
        )
    )
    shown = " ".join(text.text_examples(more)["example"])
    assert not any(name in shown.split() for name in ("mary", "smith", "ann", "bob", "jon"))
    alone = read_frame(written([f"the cashier was rude {k}" for k in range(9)], [1] * 9))
    assert text.text_examples(alone).empty


def test_a_chinese_name_of_single_signs_is_left_out():
    said = (
        ["收银员张伟态度很差"] * 9
        + [f"收银员态度很差{'啊' * (k % 3)}" for k in range(40)]
        + ["张开"] * 12
        + ["伟大"] * 12
    )
    shown = "".join(text.text_examples(read_frame(written(said)))["example"])
    assert shown
    assert "张" not in shown
    assert "伟" not in shown


def test_goods_asked_for_and_searches_without_a_product_are_found():
    backend, _, _ = (warehouse.connect(), None, None)
    random = np.random.default_rng(1)
    filler = [
        "the bread is fresh",
        "the staff are kind",
        "the coffee is great",
        "prices are fair",
        "the milk was cheap",
    ]
    said = [str(random.choice(filler)) for _ in range(300)]
    said += [f"please carry tofu {random.choice(['soon', 'here'])}" for _ in range(15)]
    said += ["they stopped selling the bread"] * 4
    names = {"department": ["GROCERY"], "category": ["BREAD"], "product_type": ["COFFEE"], "brand": ["x"]}
    products = pa.table({"product_id": ["1"], **names})
    who = [f"v{k}" for k in range(40)]
    events = pa.table(
        {
            "occurred_at": [datetime(2017, 5, 1)] * 38 + [datetime(2018, 5, 1)] * 2, "visitor_id": who,
            "customer_id": pa.array([None] * 40, pa.string()),
            "search_term": [
                *["oat milk"] * 12, *["coffee"] * 12, *["dragonfruit"] * 9, *["+1 555 0100"] * 5, *["dragonfruit"] * 2,
            ],
        }
    )  # fmt: skip
    backend.con.register("sold_products", products)
    backend.con.register("searching_events", events)
    reading = read_frame(written(said))
    found = text.unmet_needs(
        reading, text.text_themes(reading), backend.table("searching_events"), backend.table("sold_products"), **UNTIL
    )
    asked = found[found["kind"] == "goods asked for"].set_index("need")
    assert list(asked.index) == ["tofu"]
    assert asked.loc["tofu", ["mentions", "n", "assortment"]].tolist() == [15, 15, "not sold"]
    searched = found[found["kind"] == "searched for"].set_index("need")
    assert list(searched.index) == ["oat milk"]  # coffee is sold, dragonfruit has nine, and a number is nobody's need
    assert searched.at["oat milk", "share"] == pytest.approx(12 / 38)


def test_segments_stand_beside_each_other(table):
    known = table.assign(customer_id=table["writer"])
    people = sorted(set(table["writer"]))
    segments = pd.DataFrame(
        {"customer_id": people, "value_level": np.where(np.arange(len(people)) % 3, "high", "ordinary")}
    )
    found = text.themes_by_segment(read_frame(known), segments)
    assert found["value_level"].unique().tolist() == ["high", "ordinary"]
    assert (found["blame"] <= found["speak"]).all()
    assert text.themes_by_segment(read_frame(table), segments).empty


def test_tables_keep_their_promises(reading, nothing_else):
    from customer_patterns.schemas.table import check

    backend, events, products = nothing_else
    themes = text.text_themes(reading)
    made = {
        "text_languages": text.text_languages(reading), "text_themes": themes, "text_topics": text.text_topics(reading),
        "text_examples": text.text_examples(reading), "text_readings": text.text_readings(reading),
        "unmet_needs": text.unmet_needs(reading, themes, events, products, **UNTIL),
    }  # fmt: skip
    for name, frame in made.items():
        assert list(frame.columns) == text.TABLES[name].names, name
        assert not frame.duplicated(list(text.TABLES[name].key)).any(), name
    backend.con.register("themes_made", pa.Table.from_pandas(themes, preserve_index=False))
    check(text.TABLES["text_themes"].cast(backend.table("themes_made")), text.TABLES["text_themes"])

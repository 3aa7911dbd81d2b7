"""The usual indices by hand and from published weights; what is measured and why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA

from customer_patterns.satisfaction import csat_by_wave, nps_by_wave
from customer_patterns.satisfaction.standard import (
    acsi_index,
    in_words,
    measured_dimensions,
    outer_weights,
    standard_indices,
)
from customer_patterns.study.survey import Survey
from customer_patterns.study.templates import template_dimensions, templates
from customer_patterns.wording import Voice, set_voice
from tests.satisfaction.sample_survey import item

#: Three questions as the American index asks them, ease, recommendation.
ASKED = [
    *(item(f"s{n}", "overall", low=1, high=10) for n in range(3)),
    item("easy", "effort", low=1, high=7),
    item("recommend", "recommendation", low=0, high=10),
    item("p1", about="price", low=1, high=10),
]
#: Published by the State of Ohio for the three questions.
OHIO = (0.3885, 0.3190, 0.2925)


def test_the_index_as_published():
    """Of equal weights (a + b + c - 3) / 27 × 100; of Ohio's weights as Ohio writes it."""
    assert acsi_index([8, 7, 6], [1, 1, 1]) == pytest.approx((8 + 7 + 6 - 3) / 27 * 100)
    ohio = ((8 - 1) * 0.3885 + (7 - 1) * 0.3190 + (6 - 1) * 0.2925) / 9 * 100
    assert acsi_index([8, 7, 6], OHIO) == pytest.approx(ohio)
    assert acsi_index([1, 1, 1], OHIO) == 0
    assert acsi_index([10, 10, 10], OHIO) == pytest.approx(100)
    # Three scales of their own: each question is taken by its own length.
    assert acsi_index([5, 10, 7], [1, 1, 1], lowest=[1, 1, 1], highest=[5, 10, 7]) == pytest.approx(100)


@pytest.mark.parametrize("weights", [[-1, 1, 1], [0, 0, 0], [np.nan, 1, 1]])
def test_weights_that_make_no_index_are_refused(weights):
    with pytest.raises(ValueError, match="weights of questions"):
        acsi_index([5, 5, 5], weights)


def test_weights_of_a_block_alone_are_its_first_component_and_beside_others_what_they_share():
    chance = np.random.default_rng(4)
    factor = chance.normal(size=500)
    block = factor[:, None] * [1.0, 0.8, 0.5] + 0.4 * chance.normal(size=(500, 3))
    alone = outer_weights(np.cov(block.T), 3)[0]
    first = np.abs(PCA(1).fit(block).components_[0])
    assert alone == pytest.approx(first / first.sum(), abs=1e-9)
    beside = factor + 0.5 * chance.normal(size=500)
    found = outer_weights(np.cov(np.column_stack([block, beside]).T), 3)[0]
    shared = np.array([np.cov(column, beside)[0, 1] for column in block.T])
    assert found == pytest.approx(shared / shared.sum(), abs=1e-9)
    # A question that runs against the others has no say: all weigh the same.
    against = block * [1, 1, -1]
    assert outer_weights(np.cov(np.column_stack([against, beside]).T), 3)[0] == pytest.approx([1 / 3] * 3)


def answered_by(answered, n: int, seed: int = 2, items=ASKED):
    chance = np.random.default_rng(seed)
    theta = chance.normal(size=n)

    def on(low, high):
        return np.clip(np.round((low + high) / 2 + (theta + 0.5 * chance.normal(size=n)) * (high - low) / 5), low, high)

    given = {one["item_id"]: on(one["scale_low"], one["scale_high"]) for one in items}
    rows = [("w", f"c{i:04d}", "2017-05-01", {name: int(x[i]) for name, x in given.items()}) for i in range(n)]
    return answered(rows, items=items), given


def of(sheets) -> pd.DataFrame:
    return standard_indices(sheets, nps_by_wave(sheets), csat_by_wave(sheets)).set_index("index_name")


def test_indices_of_a_survey_that_asks_for_all(answered):
    sheets, given = answered_by(answered, 400)
    table = of(sheets)
    assert set(table["verdict"]) == {"as published"}
    promoters, detractors = (given["recommend"] >= 9).mean(), (given["recommend"] <= 6).mean()
    assert table.loc["Net Promoter Score", "value"] == pytest.approx(100 * (promoters - detractors))
    ease = table.loc["ease (customer effort)"]
    assert ease["as_asked"] == pytest.approx(given["easy"].mean())
    assert ease["value"] == pytest.approx(100 * (given["easy"].mean() - 1) / 6)
    index = table.loc["satisfaction index (ACSI style)"]
    means = [given[f"s{n}"].mean() for n in range(3)]
    assert acsi_index([min(means)] * 3, OHIO) <= index["value"] <= acsi_index([max(means)] * 3, OHIO)
    assert index["value_low"] < index["value"] < index["value_high"]
    assert (table["items"] == [1, 1, 1, 3]).all()


def test_what_was_not_asked_has_no_number(answered):
    sheets, _ = answered_by(answered, 60, items=[item("only", "overall"), item("p1", about="price")])
    table = of(sheets)
    assert table.loc["Net Promoter Score", "verdict"] == "never asked"
    assert table.loc["ease (customer effort)", "verdict"] == "never asked"
    assert table.loc["satisfaction index (ACSI style)", "verdict"] == "of one question, not three"
    assert table.loc[["Net Promoter Score", "ease (customer effort)"], "value"].isna().all()


def test_a_score_asked_on_another_scale_is_not_the_published_one(answered):
    items = [item("recommend", "recommendation", low=1, high=5), item("easy", "effort", low=1, high=5)]
    sheets, _ = answered_by(answered, 60, items=items)
    table = of(sheets)
    assert table.loc["Net Promoter Score", "verdict"] == "asked on another scale than published"
    assert pd.isna(table.loc["Net Promoter Score", "value"])  # the formula would find no promoter at all
    assert table.loc["ease (customer effort)", "verdict"] == "asked on another scale than published"


def test_few_or_equal_answers_make_no_index(answered):
    sheets, _ = answered_by(answered, 6)
    assert set(of(sheets)["verdict"]) == {"too few answers"}
    equal = answered([("w", f"c{i}", "2017-05-01", {"s0": 7, "easy": 4}) for i in range(40)], items=ASKED)
    assert of(equal).loc["ease (customer effort)", "verdict"] == "too few answers"


# What is measured and why


def test_every_template_is_whole():
    ids = [one.item_id for dimension in template_dimensions().values() for one in dimension.items]
    assert len(ids) == len(set(ids))
    assert set(templates()["servqual"]) == {"tangibles", "reliability", "responsiveness", "assurance", "empathy"}
    wanted = {"product_quality", "price", "service_attitude", "response_speed", "pre_sales", "after_sales", "delivery"}
    assert wanted | {"brand"} <= set(template_dimensions())
    for dimension in template_dimensions().values():
        assert dimension.items
        assert dimension.words
        assert dimension.source
        for text in (dimension.name, dimension.why, *(one.wording for one in dimension.items)):
            assert text["en"].isascii(), text
            assert not text["zh"].isascii(), text
        assert all(one.scale[0] < one.scale[1] for one in dimension.items)


def items_table() -> pd.DataFrame:
    rows = [
        ("q1", "dimension", "quality", "Is it good?", "好吗？"),
        ("q2", "dimension", "quality", "Does it last?", "耐用吗？"),
        ("p1", "dimension", "price", "Is it fair?", None),
        ("x1", "dimension", "parking", None, None),
        ("o", "overall", None, "All in all?", "总的来说？"),
    ]
    return pd.DataFrame(rows, columns=["item_id", "role", "dimension", "wording_en", "wording_zh"])


def test_dimensions_are_held_against_the_templates_that_the_study_names():
    survey = Survey(
        templates=("price", "delivery", "satisfaction"), dimensions={"quality": {"template": "product_quality"}}
    )
    table = measured_dimensions(items_table(), survey).set_index("dimension")
    assert table["measured_as"].to_dict() == {
        "quality": "as in the template",
        "price": "as in the template",
        "parking": "no reason declared",
        "delivery": "never asked",  # contentment overall is asked for, by a question of its own role
    }
    assert table.loc["quality", "asked"] == "Is it good? · Does it last?"
    assert table.loc["parking", "asked"] == "x1"
    assert table.loc["delivery", "items"] == 0
    own = Survey(dimensions={"parking": {"why": "It is our one bottleneck.", "why_zh": "停车是我们的瓶颈。"}})
    assert (
        measured_dimensions(items_table(), own).set_index("dimension").loc["parking", "measured_as"]
        == "the study's own"
    )


def test_a_page_shows_the_texts_in_its_language():
    table = measured_dimensions(items_table(), Survey(templates=("delivery",)))
    set_voice(Voice(language="zh"))
    shown = in_words(table)
    assert shown["asked"][0].text == "好吗？ · 耐用吗？"
    assert shown["dimension"].iloc[-1].text == "配送"
    assert shown["asked"][1].text == "Is it fair?"  # nobody has translated it


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"templates": ("servqal",)}, "did you mean"),
        ({"dimensions": {"quality": {"template": "pricee"}}}, "no dimension of a template"),
        ({"bridges": [{"old": "a", "new": "a"}]}, "no bridge to itself"),
        ({"bridges": [{"old": "a", "new": "b", "answers": {1: 3, 2: 1, 3: 5}}]}, "in their order"),
        ({"bridges": [{"old": "a", "new": "b"}, {"old": "a", "new": "c"}]}, "two bridges"),
    ],
)
def test_what_a_study_file_says_wrongly_is_refused_in_words(said, words):
    with pytest.raises(ValueError, match=words):
        Survey.model_validate(said)

"""The sentences of the chapter: said from tables, silent where there is nothing."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from customer_patterns.features.enough import empty
from customer_patterns.satisfaction import TABLES, Figures, findings_that_suffice, nps_by_wave
from customer_patterns.satisfaction.figures import FINDINGS, INSTEAD_OF_A_SCORE
from customer_patterns.satisfaction.tables.columns import ALL_WAVES
from customer_patterns.wording import SENTENCES, Chosen, speaking
from customer_patterns.wording.rules import causal_words, faults, overstated
from tests.satisfaction.sample_survey import YEAR, sheets_of

SETTINGS = {
    "window": Chosen(90, "days"),
    "min_group": Chosen(30, "customers"),
    "soon": Chosen(24, "hours"),
}


def own_sentences() -> dict[str, str]:
    return {key: text for key, text in SENTENCES.items() if key.startswith("satisfaction.")}


def test_the_score_is_said_with_its_interval_and_its_answers():
    figures = Figures(**YEAR, **SETTINGS)
    figures.read(nps=nps_by_wave(sheets_of({}, recommendation=np.repeat([10.0, 8, 3], [50, 30, 20]))))
    said = figures.say("satisfaction.nps_alone")
    assert said == "NPS 30 (14–44) from 100 answers; how many of those asked answered is not known"
    assert [key for key, *_ in findings_that_suffice(figures)] == ["satisfaction.nps_alone"]


def test_from_empty_tables_nothing_is_said_but_every_title_has_a_twin():
    with speaking(currency="USD", customers="households", customer="household"):
        figures = Figures(**YEAR, **SETTINGS)
        figures.read(**{name: empty(TABLES[name]) for name in Figures.readers})
        assert findings_that_suffice(figures) == []
        for key in own_sentences():
            if key.endswith(("_title", "_subtitle", "_table")):
                assert len(figures.say(key)) <= (90 if key.endswith("_title") else 130)


@pytest.mark.parametrize("key", sorted(own_sentences()))
def test_a_sentence_holds_no_digit_and_claims_no_cause(key):
    assert not faults(key, SENTENCES[key])
    assert not causal_words(SENTENCES[key])


def test_findings_stay_within_their_grade_and_name_tables_that_exist():
    for keys, grade, table, _ in (*FINDINGS, *INSTEAD_OF_A_SCORE):
        assert table in TABLES
        for key in keys:
            assert not overstated(grade, SENTENCES[key])


def test_where_nobody_was_asked_to_recommend_contentment_is_found_instead():
    """A sheet with ratings and one overall question once ended in no finding at all."""
    scores = pd.DataFrame(
        {"wave": ALL_WAVES, "dimension": ["price", "service"], "n": 150, "customers": 150, "suppressed": "no",
         "score": [60.0, 70.0], "score_low": [57.0, 67.0], "score_high": [63.0, 73.0]}
    )  # fmt: skip
    csat = {"wave": ALL_WAVES, "n": 150, "customers": 150, "csat": 0.6, "csat_low": 0.52, "csat_high": 0.67}
    figures = Figures(**YEAR, **SETTINGS)
    figures.read(csat=pd.DataFrame([{**csat, "suppressed": "no"}]), dimension_scores=scores)
    assert [key for key, *_ in findings_that_suffice(figures)] == ["satisfaction.content", "satisfaction.dimensions"]
    nps = {"wave": ALL_WAVES, "n": 150, "customers": 150, "nps": 20.0, "nps_low": 8.0, "nps_high": 31.0}
    figures.read(nps=pd.DataFrame([{**nps, "suppressed": "no"}]))
    assert [key for key, *_ in findings_that_suffice(figures)] == ["satisfaction.nps_alone"]


def test_every_table_says_what_it_is_made_from():
    """A figure that rests on simulated answers is labeled by what its table reads."""
    for schema in TABLES.values():
        assert set(schema.reads) & {
            "survey_items",
            "survey_responses",
            "contacts",
            "feedback",
            "feedback_codes",
            "calls",
        }
        assert schema.meaning


def scores_of(names: list[str], score: list[float], *, reach: float) -> pd.DataFrame:
    """A table of scores over all waves, each with an interval of ``reach`` to either side."""
    values = np.array(score)
    ends = {"score": values, "score_low": values - reach, "score_high": values + reach}
    return pd.DataFrame({"dimension": names, "wave": ALL_WAVES, "n": 300, "customers": 300, "suppressed": "no", **ends})


def test_a_title_that_has_no_room_for_long_names_gives_way():
    figures, scores = Figures(**YEAR), [54.0, 57.0, 60.0]
    long = ["Departure and arrival time convenient", "Inflight wireless network service", "overall"]
    figures.read(dimension_scores=scores_of(long, scores, reach=1))
    assert figures.suffice("satisfaction.dimensions_title")
    assert figures.say("satisfaction.dimensions_title").key == "satisfaction.dimensions_title_otherwise"
    figures.read(dimension_scores=scores_of(["price", "quality", "overall"], scores, reach=1))
    assert figures.say("satisfaction.dimensions_title").key == "satisfaction.dimensions_title"


def test_dimensions_that_cannot_be_told_apart_have_no_best_one():
    figures, names = Figures(**YEAR), ["price", "quality", "overall"]
    figures.read(dimension_scores=scores_of(names, [56.6, 57.4, 60.0], reach=1.6))
    assert not figures.suffice("satisfaction.dimensions")
    assert figures.suffice("satisfaction.overall")
    figures.read(dimension_scores=scores_of(names, [51.0, 57.4, 60.0], reach=1.6))
    assert figures.suffice("satisfaction.dimensions")


NONE_OF_THEM = {
    "complaint_topics": ("satisfaction.complaints", "satisfaction.complaints_steady", "as many", "fewer"),
    "driver_pairs": ("satisfaction.drivers", "satisfaction.drivers_alike", "not told apart", "told apart"),
    "group_drivers": ("satisfaction.groups_differ", "satisfaction.groups_alike", "not told apart", "differs"),
}


@pytest.mark.parametrize("table", sorted(NONE_OF_THEM))
def test_none_is_said_as_none_and_not_as_a_nought(table):
    some, none, usual, special = NONE_OF_THEM[table]
    rows = pd.DataFrame(
        {"topic": ["price", "staff"], "verdict": usual, "n": 20, "all_bad": 40, "suppressed": "no"}
        | {"share_of_bad": 0.5, "share_of_bad_low": 0.4, "share_of_bad_high": 0.6}
    )
    shares = pd.DataFrame(
        {"dimension": ["price", "staff"], "n": 200, "performance": 60.0, "performance_low": 59, "performance_high": 61}
        | {f"{name}{end}": 0.5 for name in ("importance", "explained") for end in ("", "_low", "_high")}
    )
    for verdicts, key in (([usual, usual], none), ([special, usual], some)):
        figures = Figures(**YEAR, **SETTINGS)
        if table == "driver_pairs":
            figures.read(drivers=shares)
        figures.read(**{table: rows.assign(verdict=verdicts)})
        assert [figures.suffice(one) for one in (some, none)] == [key == some, key == none]
        assert not re.search(r"\b0\b", figures.say(key))


def test_contentment_overall_is_told_where_nothing_says_more_of_it():
    pooled = {"wave": ["all waves"], "n": [300], "customers": [300], "suppressed": ["no"]}
    scores = pd.DataFrame(
        {"dimension": ["overall"], "score": [60.0], "score_low": [59.0], "score_high": [61.0], **pooled}
    )
    csat = pd.DataFrame({"csat": [0.6], "csat_low": [0.55], "csat_high": [0.65], **pooled})
    told = Figures(**YEAR)
    told.read(csat=csat)
    told.read(dimension_scores=scores)
    assert [key for key, *_ in findings_that_suffice(told)] == ["satisfaction.content"]
    alone = Figures(**YEAR)
    alone.read(dimension_scores=scores)
    assert [key for key, *_ in findings_that_suffice(alone)] == ["satisfaction.overall"]

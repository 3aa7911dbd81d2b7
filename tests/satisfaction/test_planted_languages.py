"""An item that is read otherwise in one of two languages was planted in the planted shop: it is found, and no other."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.satisfaction import Sheets, answer_sheets
from customer_patterns.satisfaction.measurement import invariance, sheet_languages
from customer_patterns.sources.companion.answers import draw_survey
from customer_patterns.sources.companion.instrument import survey_items
from customer_patterns.sources.companion.plan import Plan, Translation
from tests.satisfaction.sample_survey import NEW_YORK, YEAR

NOBODY = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "value_level": pd.Series(dtype="str")})


def between_languages(sheets: Sheets, languages: pd.DataFrame | None) -> pd.DataFrame:
    table = invariance(sheets, NOBODY, min_group=80, languages=languages)
    return table[table["grouping"] == "languages"].set_index("dimension")


@pytest.fixture(scope="module")
def delivered(planted_run: Path) -> tuple[Sheets, pd.DataFrame]:
    """The planted shop's answer sheets as cleaning left them, and the language of each."""
    backend = warehouse.connect()
    items, answers, sheets = (
        backend.read_parquet(planted_run / "clean" / f"{name}.parquet")
        for name in ("survey_items", "survey_responses", "survey_sheets")
    )
    languages = sheet_languages(sheets)
    return answer_sheets(items, answers, time_zone=NEW_YORK, last_day=YEAR["last_day"]), languages


def test_the_item_that_one_language_reads_otherwise_is_named_and_no_other(delivered, planted_delivery: Path):
    planted = json.loads((planted_delivery / "truth" / "answers.json").read_text(encoding="utf-8"))["translation_break"]
    found = between_languages(*delivered)
    assert (found["verdict"] != "not testable").all()
    named = found[found["items"] != ""]
    assert named["items"].to_dict() == {planted["item"].rsplit("_", 1)[0].replace("_", " "): planted["item"]}
    assert (found["verdict"].drop(named.index) == "comparable").all()


def test_who_answers_in_a_language_is_who_was_planted_to(delivered, planted_delivery: Path):
    _, languages = delivered
    truth = pd.read_parquet(planted_delivery / "truth" / "contentment.parquet")
    spoken = truth.groupby("customer_id")["language"].agg(set)
    assert spoken.map(len).eq(1).all()  # one language each, in all waves
    told = languages.groupby("customer_id")["language"].agg(set)
    both = told.index.intersection(spoken.index)
    assert len(both) > 100
    assert (told[both] == spoken[both]).all()


def _drawn(translation: Translation | None) -> tuple[Sheets, pd.DataFrame]:
    """A survey of fifteen hundred who are invited once, each as content as chance has it."""
    plan = Plan(seed=31, waves=Plan(seed=0).waves[:1], translation=translation, straight_liners=0.0)
    rng, n = plan.rng(99), 1500
    names = [f"c{number:04d}" for number in range(n)]
    content = pd.DataFrame({"wave": plan.waves[0][0], "customer_id": names, "past_z": 0.0, "core": rng.normal(size=n)})
    survey = draw_survey(plan, content.assign(theta=content["core"]), pd.DataFrame({"customer_id": names}))
    backend = warehouse.connect()
    items, answers = (
        backend.create_table(name, table, temp=True)
        for name, table in (("asked_items", survey_items()), ("given_answers", survey.responses))
    )
    sheets = answer_sheets(items, answers, time_zone=NEW_YORK, last_day=YEAR["last_day"])
    language = pd.Series(Plan(seed=31).rng(10).random(n) < 0.4, index=names).map({True: "zh", False: "en"})
    return sheets, sheets.rows[["wave", "customer_id"]].assign(language=sheets.rows["customer_id"].map(language))


def test_where_nothing_is_planted_the_same_customers_read_all_items_alike():
    """The same customers, with the break and without it."""
    found = between_languages(*_drawn(Translation(shift=0.0)))
    assert found["verdict"].eq("comparable").sum() >= 4
    planted = between_languages(*_drawn(Translation()))
    assert planted.at["store experience", "items"] == "store_experience_2"


def test_a_second_language_changes_no_answer_to_any_other_item():
    one, two = (_drawn(translation)[0] for translation in (None, Translation()))
    other = (one.items["item_id"] != Translation().item).to_numpy()
    assert (one.points[:, other] == two.points[:, other])[~pd.isna(one.points[:, other])].all()
    assert not (one.points == two.points)[:, ~other].all()

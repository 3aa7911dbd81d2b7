"""Which conclusions the delivered data allow, by hand."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace

import ibis
import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.reporting.evidence_map import (
    CONCLUSION_TABLE,
    CONCLUSIONS,
    DATA_KINDS,
    KINDS,
    conclusions,
    count_waves,
    data_kinds,
    map_figures,
)
from customer_patterns.schemas import check
from customer_patterns.schemas.canonical import CANONICAL

YEAR = {"first_day": date(2017, 1, 1), "as_of": date(2017, 12, 31)}


def study(**tables: str) -> SimpleNamespace:
    """A study that delivers these tables, each real or simulated."""
    sources = tuple(SimpleNamespace(table=name, provenance=kind) for name, kind in tables.items())
    return SimpleNamespace(sources=sources, time_zone="America/New_York")


def kinds_of(*, rows: int = 5, **tables: str) -> pd.DataFrame:
    account = pd.DataFrame({"table": list(tables), "kept": rows})
    return data_kinds(study(**tables), account, {})


def verdicts(kinds: pd.DataFrame, **more: object) -> dict[str, str]:
    found = conclusions(kinds, **{**YEAR, **more})
    return dict(zip(found["question"], found["verdict"], strict=True))


def missing(kinds: pd.DataFrame, question: str, **more: object) -> str | None:
    found = conclusions(kinds, **{**YEAR, **more}).set_index("question")
    text = found.at[question, "missing"]
    return None if pd.isna(text) else text


def test_with_purchases_alone_habits_can_be_told_and_pairs_need_product_descriptions():
    found = verdicts(kinds_of(order_lines="real"))
    assert found["how often they buy, when, and for how much"] == "possible"
    assert found["what goes together in a basket"] == "not possible"
    assert missing(kinds_of(order_lines="real"), "what goes together in a basket") == "product descriptions"


def test_a_conclusion_is_as_real_as_its_least_real_data():
    found = verdicts(kinds_of(order_lines="real", survey_responses="simulated"), waves=1)
    assert found["how often they buy, when, and for how much"] == "possible"
    assert found["whether contentment shows in what they buy"] == "possible, on simulated data only"


def test_a_delivery_without_a_record_by_the_last_day_allows_nothing():
    kinds = kinds_of(order_lines="real", contacts="real", rows=0)
    assert set(verdicts(kinds).values()) == {"not possible"}
    assert missing(kinds, "how soon the service answers, and how that is rated") == "service contacts"


@pytest.mark.parametrize(
    ("as_of", "verdict"),
    [(date(2018, 12, 30), "not possible"), (date(2018, 12, 31), "possible"), (date(2019, 6, 1), "possible")],
)
def test_seasons_need_two_whole_years(as_of: date, verdict: str):
    kinds = kinds_of(order_lines="real")
    assert verdicts(kinds, as_of=as_of)["whether the year has seasons"] == verdict
    wanted = "two years of purchases" if verdict == "not possible" else None
    assert missing(kinds, "whether the year has seasons", as_of=as_of) == wanted


def test_contentment_moves_only_where_a_survey_was_repeated():
    kinds = kinds_of(order_lines="real", survey_responses="real")
    assert verdicts(kinds, waves=1)["how contentment moves over time"] == "not possible"
    assert verdicts(kinds, waves=2)["how contentment moves over time"] == "possible"


def test_what_can_be_answered_stands_first_and_every_question_once():
    found = conclusions(kinds_of(order_lines="real", survey_responses="simulated"), **YEAR)
    order = ["possible", "possible, on simulated data only", "not possible"]
    assert found["verdict"].map(order.index).is_monotonic_increasing
    assert sorted(found["question"]) == sorted(c.question for c in CONCLUSIONS)
    assert list(found["position"]) == list(range(1, len(CONCLUSIONS) + 1))
    assert (found["missing"].isna() == (found["verdict"] != "not possible")).all()


def test_the_tables_keep_their_promise():
    backend = warehouse.connect()
    kinds = kinds_of(order_lines="real", survey_responses="simulated")
    for frame, schema in ((kinds, DATA_KINDS), (conclusions(kinds, **YEAR), CONCLUSION_TABLE)):
        check(schema.cast(warehouse.writing.as_ibis(backend, schema.name, frame)), schema)


def test_the_first_and_last_day_are_the_customers_own():
    late = datetime(2017, 6, 1, 2, 30)  # in New York the evening of 31 May
    lines = ibis.memtable({"ordered_at": [late, datetime(2017, 1, 5, 15)]}).mutate(
        ordered_at=ibis._.ordered_at.cast("timestamp(6)")
    )
    account = pd.DataFrame({"table": ["order_lines"], "kept": [2]})
    row = data_kinds(study(order_lines="real"), account, {"order_lines": lines}).iloc[0]
    assert (row["first_on"], row["last_on"]) == (pd.Timestamp("2017-01-05"), pd.Timestamp("2017-05-31"))


def test_a_kind_delivered_in_part_by_a_simulator_says_so():
    kinds = kinds_of(order_lines="real", campaigns="real", campaign_recipients="simulated").set_index("kind")
    assert kinds.at["mailings", "provenance"] == "partly simulated"
    assert kinds.at["online events", "provenance"] == "not delivered"


def test_the_figures_count_the_questions_and_name_what_is_absent():
    kinds = kinds_of(order_lines="real", survey_responses="simulated")
    figures = map_figures(kinds, conclusions(kinds, **YEAR, waves=2))
    assert figures["asked"].value == len(CONCLUSIONS)
    assert figures["answered"].value + figures["unanswered"].value == len(CONCLUSIONS)
    assert figures["answered_simulated"].value == 3
    assert figures["simulated_kinds"].text == "survey answers"
    assert "feedback texts" in figures["absent"].text
    assert "simulated_kinds" not in map_figures(kinds_of(order_lines="real"), conclusions(kinds, **YEAR))


def test_waves_are_those_in_which_someone_answered():
    assert count_waves({}) == 0
    assert count_waves({"survey_responses": ibis.memtable({"wave": ["a", "b", "b"]})}) == 2


def test_every_table_that_a_study_can_deliver_belongs_to_a_kind_and_every_need_is_one():
    listed = [table for kind in KINDS for table in (*kind.tables, *kind.beside)]
    assert set(CANONICAL) <= set(listed)
    assert len(set(listed)) == len(listed)
    names = {kind.name for kind in KINDS}
    assert all(set(c.needs) <= names for c in CONCLUSIONS)
    assert all(c.reach is None or c.reach.kind in c.needs for c in CONCLUSIONS)

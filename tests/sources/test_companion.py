"""What is planted in a companion is there, for other seeds than the one it was tuned on too."""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import stats

from customer_patterns.reruns.prepare import make_delivery, simulate_if_absent, simulated_folder
from customer_patterns.schemas import Refusal
from customer_patterns.sources.companion import Companion, Purchases, draw_companion, phrases_en, phrases_zh
from customer_patterns.sources.companion.__main__ import main
from customer_patterns.sources.companion.contacts import SLOW_AGENT
from customer_patterns.sources.companion.delivery import accompany, simulate, surround
from customer_patterns.sources.companion.feedback import TOPICS
from customer_patterns.sources.companion.instrument import ITEMS
from customer_patterns.sources.companion.plan import DIMENSIONS, WITHOUT_EFFECT, ZERO_DIFFERENCE
from customer_patterns.sources.companion.truth import lmg_shares
from customer_patterns.sources.simulated import DeliveryExists
from customer_patterns.study import RunError, load_study
from customer_patterns.study.places import OUTPUT_ROOT

SEEDS = (20170215, 1, 77)
WAVES = ["2017-1", "2017-2", "2017-3", "2017-4"]


@pytest.fixture(scope="module", params=SEEDS)
def companion(request: pytest.FixtureRequest) -> Companion:
    purchases, plan = accompany(load_study("complete-journey"), seed=request.param)
    return draw_companion(plan, purchases)


@pytest.fixture(scope="module")
def everyone(companion: Companion) -> pd.DataFrame:
    """One row per wave and household: what is true of it, whether it answered or not."""
    return companion.households


@pytest.fixture(scope="module")
def answers(companion: Companion) -> pd.DataFrame:
    """What was delivered, one row per wave and household, one column per item, reversed items turned."""
    given = companion.tables["survey_responses"]
    scales = {item.item_id: (item.low, item.high) for item in ITEMS}
    low, high = (given["item_id"].map({name: scale[end] for name, scale in scales.items()}) for end in (0, 1))
    given = given[given["answer"].between(low, high)].drop_duplicates(["wave", "customer_id", "item_id"])
    given = given.assign(answer=given["answer"].astype(float))
    table = given.pivot_table(index=["wave", "customer_id"], columns="item_id", values="answer", aggfunc="first")
    for item in ITEMS:
        if item.direction == "reversed":
            table[item.item_id] = item.low + item.high - table[item.item_id]
    return table


@pytest.fixture(scope="module")
def contacts(companion: Companion) -> pd.DataFrame:
    table = companion.tables["contacts"].drop_duplicates("contact_id")
    minutes = (table["first_response_at"] - table["opened_at"]).dt.total_seconds() / 60
    local = table["opened_at"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    return table.assign(minutes=minutes.where(minutes >= 0), hour=local.dt.hour, weekday=local.dt.dayofweek)


def items_of(dimension: str) -> list[str]:
    return [f"{dimension}_{number}" for number in (1, 2, 3)]


# The survey


def test_all_households_that_have_bought_are_invited_and_two_in_five_answer(everyone: pd.DataFrame) -> None:
    waves = everyone.groupby("wave")["answered"].agg(["size", "mean"])
    assert waves.index.tolist() == WAVES
    assert waves["size"].between(2000, 2469).all()
    assert waves["mean"].between(0.35, 0.45).all()


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_each_dimension_is_measured_reliably_but_not_perfectly(answers: pd.DataFrame, dimension: str) -> None:
    part = answers[items_of(dimension)].dropna()
    alpha = 3 / 2 * (1 - part.var().sum() / part.sum(axis="columns").var())
    assert 0.74 <= alpha <= 0.86


def test_the_net_promoter_score_is_that_of_an_ordinary_shop(answers: pd.DataFrame) -> None:
    given = answers["recommendation"].dropna().groupby("wave")
    score = given.apply(lambda part: 100 * ((part >= 9).mean() - (part <= 6).mean()))
    assert score.between(10, 40).all()


def test_contentment_goes_with_later_spend_as_planted_once_the_past_is_known(everyone: pd.DataFrame) -> None:
    found, naive = [], []
    for _, wave in everyone.groupby("wave"):
        later = np.log1p(wave["later_cents"] / 100)
        known = np.column_stack([np.ones(len(wave)), np.log1p(wave["past_cents"] / 100), np.log1p(wave["past_orders"])])
        left = [
            values - known @ np.linalg.lstsq(known, values, rcond=None)[0]
            for values in (later.to_numpy(), wave["theta"].to_numpy())
        ]
        found.append(stats.pearsonr(*left).statistic)
        naive.append(stats.pearsonr(later, wave["theta"]).statistic)
    assert np.mean(found) == pytest.approx(0.15, abs=0.03)
    assert np.mean(naive) > 0.22  # a method that forgets the past finds far more than there is


def test_a_part_of_silence_is_seen_in_behavior_and_a_part_is_not(companion: Companion, everyone: pd.DataFrame) -> None:
    for name in ("overall", "nps"):
        found = companion.truth["estimands"]["all_waves"][name]
        respondents, weighted, all_ = (
            found[k] for k in ("respondents", "respondents_weighted_by_behavior", "everyone")
        )
        assert respondents > weighted > all_
        assert (respondents - weighted) / (respondents - all_) > 0.2  # weights are worth while …
        assert (weighted - all_) / (respondents - all_) > 0.3  # … and not enough
        assert found["delta_silent_less_respondents_given_behavior"] < 0


def test_the_drawn_respondents_are_what_the_truth_expects(companion: Companion, everyone: pd.DataFrame) -> None:
    drawn = everyone.loc[everyone["answered"], "overall"]
    expected = companion.truth["estimands"]["all_waves"]["overall"]["respondents"]
    assert abs(drawn.mean() - expected) < 4 * drawn.std() / np.sqrt(len(drawn))


def test_weights_by_the_true_chance_given_behavior_recover_just_their_part(
    companion: Companion, everyone: pd.DataFrame
) -> None:
    """With purchases alone one can fit who answers; that brings the mean down to where the truth says."""
    fit = pd.qcut(everyone["past_z"], 20, labels=False, duplicates="drop")
    chance = everyone["answered"].groupby(fit).transform("mean")
    drawn = everyone[everyone["answered"]]
    weighted = np.average(drawn["overall"], weights=1 / chance[everyone["answered"]])
    expected = companion.truth["estimands"]["all_waves"]["overall"]
    assert weighted == pytest.approx(expected["respondents_weighted_by_behavior"], abs=0.05)
    assert weighted > expected["everyone"] + 0.03


def test_one_dimension_is_the_same_for_those_who_spend_more_and_less_and_the_others_are_not(
    everyone: pd.DataFrame,
) -> None:
    mean = everyone.groupby("above_median")[list(DIMENSIONS)].mean()
    differences = mean.loc[True] - mean.loc[False]
    assert abs(differences[ZERO_DIFFERENCE]) < 0.05
    assert (differences.drop(ZERO_DIFFERENCE) > 0.12).all()


def test_one_dimension_counts_for_nothing_given_the_others(companion: Companion, everyone: pd.DataFrame) -> None:
    known = np.column_stack([np.ones(len(everyone)), everyone[list(DIMENSIONS)]])
    effects = pd.Series(np.linalg.lstsq(known, everyone["overall"], rcond=None)[0][1:], index=DIMENSIONS)
    assert effects.idxmin() == WITHOUT_EFFECT
    assert effects[WITHOUT_EFFECT] < 0.35 * effects.drop(WITHOUT_EFFECT).min()
    alone = stats.pearsonr(everyone[WITHOUT_EFFECT], everyone["overall"]).statistic
    assert alone > 0.2  # the halo makes it look like a driver
    latent = companion.truth["drivers"]["lmg_shares_latent"]
    answered = companion.truth["drivers"]["lmg_shares_of_answers"]
    assert sum(latent.values()) == pytest.approx(1, abs=0.001)
    assert max(abs(latent[name] - answered[name]) for name in DIMENSIONS) < 0.05


def test_one_item_breaks_invariance_in_one_wave_and_no_other_item_does(answers: pd.DataFrame) -> None:
    means = answers[[name for d in DIMENSIONS for name in items_of(d)]].groupby("wave").mean()
    moved = means.loc["2017-3"] - means.drop(index="2017-3").mean()
    assert moved["service_attitude_2"] < -0.3
    assert moved.drop("service_attitude_2").abs().max() < 0.2


def test_a_few_draw_straight_lines_and_a_few_items_are_passed_over(companion: Companion) -> None:
    given = companion.tables["survey_responses"]
    five = given[given["item_id"].str.fullmatch(r".*_\d") & given["answer"].notna()]
    straight = five.groupby(["wave", "customer_id"])["answer"].agg(["nunique", "size"]).query("size >= 12")
    assert 0.005 < (straight["nunique"] == 1).mean() < 0.035
    people = given[["wave", "customer_id"]].drop_duplicates()
    asked = len(people) * len(ITEMS)
    assert 0.02 < 1 - given["answer"].notna().sum() / asked < 0.04
    assert given["answer"].isna().any()  # some items passed over have a row …
    assert len(given) < asked  # … and some have none


def test_everyone_is_invited_in_the_morning_of_the_wave_and_answers_afterwards(companion: Companion) -> None:
    invited = companion.tables["survey_invitations"].drop_duplicates(["wave", "customer_id"])
    local = invited["invited_at"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    assert local.dt.hour.between(9, 11).all()
    both = companion.tables["survey_responses"].merge(invited, on=["wave", "customer_id"])
    waited = both["answered_at"] - both["invited_at"]
    assert (waited > pd.Timedelta(0)).all()
    assert waited.max() < pd.Timedelta(days=15)


def test_shares_of_two_unrelated_drivers_are_their_squared_effects() -> None:
    effects = np.array([3.0, 4.0])
    shares = lmg_shares(np.eye(2), effects, 30.0)
    assert shares == pytest.approx([9 / 25, 16 / 25])


def test_two_drivers_that_are_the_same_but_for_their_names_share_alike() -> None:
    shares = lmg_shares(np.array([[1.0, 0.6], [0.6, 1.0]]), np.array([0.5, 0.5]), 1.0)
    assert shares == pytest.approx([0.5, 0.5])


def test_shares_depend_on_no_order_of_entry() -> None:
    """By hand, for one correlation: the average of entering first and entering last."""
    r, cov = 0.5, np.array([0.6, 0.2])
    whole = cov @ np.linalg.solve(np.array([[1, r], [r, 1]]), cov)
    first = ((0.36) + (whole - 0.04)) / 2
    assert lmg_shares(np.array([[1, r], [r, 1]]), cov, 1.0)[0] == pytest.approx(first / whole)


# Contacts


def test_channels_answer_at_their_own_pace_and_some_never(contacts: pd.DataFrame) -> None:
    median = contacts.groupby("channel")["minutes"].median()
    assert median["e-mail"] > 20 * median["phone"]
    unanswered = contacts["first_response_at"].isna().groupby(contacts["channel"]).mean()
    assert unanswered["store"] == 0
    assert unanswered.drop("store").between(0.01, 0.15).all()


def test_an_e_mail_of_the_night_waits_for_the_morning_and_a_sunday_for_monday(contacts: pd.DataFrame) -> None:
    mails = contacts[contacts["channel"].eq("e-mail") & contacts["minutes"].notna()]
    answered = mails["first_response_at"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    sunday = mails["weekday"].eq(6) & mails["hour"].between(8, 19)
    assert sunday.sum() > 5
    assert (answered[sunday].dt.dayofweek != 6).all()
    night = mails["hour"].ge(21)
    assert (mails.loc[night, "minutes"] > 8 * 60).all()


def test_nobody_calls_at_night_by_the_customers_clock(contacts: pd.DataFrame) -> None:
    assert contacts.loc[contacts["channel"].isin(["phone", "store"]), "hour"].between(8, 20).all()
    by_day = contacts.groupby("weekday").size()
    assert by_day[6] < by_day[0]


def test_one_agent_is_slower_than_all_the_others(contacts: pd.DataFrame) -> None:
    calls = contacts[contacts["channel"].isin(["phone", "chat"])].groupby("agent_id")["minutes"].median()
    assert len(calls) == 12
    assert calls.idxmax() == SLOW_AGENT


def test_ratings_fall_with_the_time_to_an_answer_and_who_spends_more_asks_more(
    companion: Companion, contacts: pd.DataFrame
) -> None:
    rated = contacts[contacts["csat"].between(1, 5) & contacts["minutes"].notna()]
    assert stats.spearmanr(rated["minutes"], rated["csat"].astype(int)).statistic < -0.15
    spend = companion.households.groupby("customer_id")["past_cents"].max()
    asked = contacts["customer_id"].value_counts().reindex(spend.index, fill_value=0)
    assert stats.spearmanr(spend, asked).statistic > 0.2


# Feedback


def test_two_to_three_thousand_texts_in_two_languages(companion: Companion) -> None:
    texts = companion.tables["feedback"]
    assert 2000 <= len(texts) <= 3000
    assert 0.25 < (texts["language"] == "zh").sum() / texts["language"].notna().sum() < 0.36
    assert texts["text"].nunique() > 1500
    chinese = texts["text"].str.contains(r"[\u4e00-\u9fff]")
    assert (chinese == texts["language"].eq("zh"))[texts["language"].notna() & texts["text"].str.strip().ne("")].all()
    assert not texts["text"].str.contains(r"[{}#]").any()


def test_stars_go_with_what_is_praised_and_blamed(companion: Companion) -> None:
    texts = companion.texts.merge(companion.tables["feedback"].drop_duplicates("feedback_id"), on="feedback_id")
    texts = texts[texts["rating"].between(1, 5)]
    praise, blame = (texts[name].ne("") for name in ("praised", "blamed"))
    assert texts.loc[praise & ~blame, "rating"].mean() > 4
    assert texts.loc[blame & ~praise, "rating"].mean() < 2.5
    assert texts.loc[praise & blame, "rating"].mean() == pytest.approx(3, abs=0.7)
    assert (texts.loc[texts["kind"] == "ironic", "rating"] <= 2).all()
    assert set(texts["kind"]) == {"plain", "short", "ironic", "off topic"}
    listed = set(";".join(texts["praised"] + ";" + texts["blamed"]).split(";")) - {""}
    assert listed == set(TOPICS)


@pytest.mark.parametrize("bank", [phrases_en, phrases_zh], ids=["en", "zh"])
def test_a_language_has_several_hundred_phrases_and_none_twice(bank: object) -> None:
    phrases = [text for moods in bank.STATEMENTS.values() for said in moods.values() for text in said]
    phrases += [*bank.OPENERS, *bank.OFF_TOPIC, *(text for _, text in bank.IRONIC)]
    phrases += [text for moods in (bank.CLOSERS, bank.SHORT) for said in moods.values() for text in said]
    assert len(phrases) >= 270
    assert len(set(phrases)) == len(phrases)
    blanks = {name for text in phrases for name in re.findall(r"{(\w+)}", text)}
    assert blanks <= set(bank.BLANKS)
    assert set(bank.STATEMENTS) == set(TOPICS)


def test_every_telephone_number_is_one_that_nobody_has(companion: Companion) -> None:
    texts = companion.tables["feedback"]["text"]
    numbers = texts.str.findall(r"\d[\d-]{5,}\d").explode().dropna()
    assert len(numbers) > 3
    assert numbers.str.fullmatch(r"555-01\d\d|000-0000-01\d\d").all()


# The delivery


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw") / "complete-journey-companion"
    study = load_study("complete-journey")
    purchases, plan = accompany(study, seed=20170215)
    started = time.process_time()
    simulate(folder, purchases, plan=plan, shop=surround(study))
    assert time.process_time() - started < 25
    return folder


def test_nothing_of_the_rest_of_a_shop_changes_what_people_answer(delivered: Path, tmp_path: Path) -> None:
    purchases, plan = accompany(load_study("complete-journey"), seed=20170215)
    simulate(tmp_path / "alone", purchases, plan=plan)
    whole, alone = files(delivered), files(tmp_path / "alone")
    assert len(alone) < len(whole)
    assert {name for name in alone if whole[name] != alone[name]} == {"DELIVERY.json"}


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_records(delivered: Path, tmp_path: Path) -> None:
    study = load_study("complete-journey")
    purchases, plan = accompany(study, seed=20170215)
    simulate(tmp_path / "again", purchases, plan=plan, shop=surround(study))
    assert files(tmp_path / "again") == files(delivered)
    simulate(tmp_path / "other", purchases, plan=replace(plan, seed=3))
    one, two = files(delivered), files(tmp_path / "other")
    assert {name for name in two if one[name] == two[name]} == {"survey_items.csv"}


def test_the_order_of_the_purchases_changes_nothing(planted_delivery: Path, tmp_path: Path) -> None:
    names = ("receipt_no", "card_no", "sold_at_utc", "net_amount")
    given = planted_delivery / "order_lines.parquet"
    shuffled = pq.read_table(given).to_pandas().sample(frac=1, random_state=4)
    pq.write_table(pa.Table.from_pandas(shuffled, preserve_index=False), tmp_path / "shuffled.parquet")
    _, plan = accompany(load_study("complete-journey"), seed=5)
    one, two = (draw_companion(plan, Purchases(path, *names)) for path in (given, tmp_path / "shuffled.parquet"))
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, two.tables[name])
    pd.testing.assert_frame_equal(one.households, two.households)


def test_the_study_file_maps_every_column_of_every_file_and_none_of_the_truth(delivered: Path) -> None:
    study = load_study("complete-journey")
    assert not study.simulated
    assert study.simulated_tables == {
        "survey_items", "survey_invitations", "survey_responses", "contacts", "feedback", "regions", "customer_traits",
        "order_channels", "events", "messages", "calls", "loyalty_ledger", "experiments",
    }  # fmt: skip
    for name in study.simulated_tables:
        source = study.source(name)
        assert (source.provenance, source.owner) == ("simulated", "Customer Patterns")
        path = delivered / Path(source.location).name
        have = {
            "csv": lambda path: pd.read_csv(path, nrows=0).columns,
            "jsonl": lambda path: pd.read_json(path, lines=True).columns,
            "parquet": lambda path: pq.read_schema(path).names,
        }[source.reader](path)
        assert set(source.columns.values()) == set(have)
        assert Path(source.location).parent.name == delivered.name
    assert {study.source(name).reader for name in study.simulated_tables} == {"csv", "jsonl", "parquet"}
    slip = json.loads((delivered / "DELIVERY.json").read_text())
    assert (slip["provenance"], slip["seed"]) == ("simulated", study.simulator.seed)


def test_nothing_delivered_gives_the_truth_away(delivered: Path) -> None:
    secret = {"theta", "core", "chance", "straight_liner", "kind", "praised", "blamed", "past_z", "residual_z"}
    secret |= {"owner", "terminal", "mood", "solved", "area_type", "outcome_control", "outcome_treatment"}
    for path in delivered.glob("*.*"):
        if path.suffix in (".csv", ".parquet"):
            table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
            assert not secret & set(table.columns)
            assert len(table.columns) <= 15
    assert {path.name for path in (delivered / "truth").iterdir()} == {
        "answers.json", "contentment.parquet", "texts.parquet", "beside.json", "traits.parquet", "sessions.parquet",
        "outcomes.parquet", "calls.parquet",
    }  # fmt: skip


def test_the_command_makes_a_delivery_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "companion"
    assert main(["--folder", str(folder)]) == 0
    assert main(["--folder", str(folder)]) == 2
    assert "--replace" in capsys.readouterr().err


def test_a_build_makes_the_companion_where_there_is_none_and_never_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    study = load_study("complete-journey")
    folder = tmp_path / "data" / "raw" / "complete-journey-companion"
    assert simulated_folder(study) == folder == simulate_if_absent(study)
    before = files(folder)
    assert simulate_if_absent(study) is None
    with pytest.raises(DeliveryExists):
        make_delivery(study, folder)
    assert files(folder) == before
    with pytest.raises(RunError, match="leave out --customers"):
        make_delivery(study, folder, customers=5, replace=True)


def test_a_companion_needs_purchases_as_parquet_and_a_year_of_them() -> None:
    study = load_study("complete-journey")
    lines = study.source("order_lines")
    typed = study.model_copy(update={"sources": (lines.model_copy(update={"reader": "csv"}),)})
    with pytest.raises(Refusal, match="delivered as parquet"):
        accompany(typed, seed=1)
    short = study.model_copy(update={"last_day": study.first_day + timedelta(days=200)})
    with pytest.raises(Refusal, match="too short"):
        accompany(short, seed=1)


@pytest.mark.parametrize("customers", [1, 2, 5])
def test_a_handful_of_customers_is_accompanied_too(tmp_path: Path, planted_delivery: Path, customers: int) -> None:
    table = pq.read_table(planted_delivery / "order_lines.parquet").to_pandas()
    few = table[table["card_no"].isin(sorted(table["card_no"].unique())[:customers])]
    pq.write_table(pa.Table.from_pandas(few, preserve_index=False), tmp_path / "few.parquet")
    _, plan = accompany(load_study("complete-journey"), seed=5)
    purchases = Purchases(tmp_path / "few.parquet", "receipt_no", "card_no", "sold_at_utc", "net_amount")
    simulate(tmp_path / "out", purchases, plan=plan)
    shutil.rmtree(tmp_path / "out")


def test_of_a_very_large_clientele_a_sample_is_asked(planted_delivery: Path) -> None:
    names = ("receipt_no", "card_no", "sold_at_utc", "net_amount")
    _, plan = accompany(load_study("complete-journey"), seed=5)
    drawn = draw_companion(
        replace(plan, most_customers=50), Purchases(planted_delivery / "order_lines.parquet", *names)
    )
    assert 40 <= drawn.households["customer_id"].nunique() <= 50

"""The whole stage on the planted shop: truths recovered; and on inputs that hold nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from customer_patterns import cleaning, segments, warehouse
from customer_patterns.sources.planted_shop.reviews import EFFECTS
from customer_patterns.wording import SENTENCES
from tests.notebooks_in_process import PLANTED, run_notebook

STAGE = "satisfaction"
Change = Callable[[dict[str, pd.DataFrame]], None]


@pytest.fixture(scope="module")
def truth(planted_delivery: Path) -> dict:
    return json.loads((planted_delivery / "truth" / "answers.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def written(planted_run: Path) -> Callable[[str], pd.DataFrame]:
    return lambda name: pd.read_parquet(planted_run / STAGE / f"{name}.parquet")


def test_the_weighted_score_finds_what_was_planted(written, truth):
    planted = truth["estimands"]["all_waves"]
    rows = written("score_versions").set_index(["score", "version"])
    weighted = rows.loc[("NPS", "weighted by past behavior")]
    assert weighted["value_low"] <= planted["nps"]["respondents_weighted_by_behavior"] <= weighted["value_high"]
    raw = rows.loc[("overall", "as answered")]
    assert raw["value_low"] <= 25 * (planted["overall"]["respondents"] - 1) <= raw["value_high"]


def test_the_dimension_without_effect_is_not_the_most_important(written, truth):
    drivers = written("drivers").set_index("dimension")
    idle = truth["drivers"]["without_effect"].replace("_", " ")
    assert drivers["rank"][idle] >= 4
    assert drivers["alone"][idle] == pytest.approx(0, abs=0.03)
    low, high = drivers["importance_low"], drivers["importance_high"]
    shares = {name.replace("_", " "): share for name, share in truth["drivers"]["lmg_shares_latent"].items()}
    assert sum(low[name] <= share <= high[name] for name, share in shares.items()) >= 4


def test_the_planted_link_with_later_spend_is_not_excluded(written, truth):
    row = written("said_and_done").set_index("measure").loc["mean of the dimensions"]
    assert row["partial_low"] <= truth["rho"]["planted"] <= row["partial_high"]


def test_dimensions_are_measured_as_reliably_as_planted(written):
    assert (written("reliability")["alpha_high"] > 0.75).all()
    assert (written("item_quality")["item_rest"] > 0.3).all()


def test_readers_agree_as_planted_and_agents_who_talk_more_are_found(written, planted_delivery: Path):
    planted = json.loads((planted_delivery / "truth" / "additions.json").read_text(encoding="utf-8"))
    (row,) = written("coder_agreement").to_dict("records")
    assert row["kappa_low"] <= planted["codes"]["expected_kappa"] <= row["kappa_high"]
    known = written("agents").query("suppressed == 'no'").set_index("agent")
    assert len(known)
    extra = planted["calls"]["talk_share_by_agent"]
    keys = dict(zip([f"{place:02d}" for place in range(1, len(extra) + 1)], sorted(extra), strict=True))
    assert all(extra[keys[agent]] > 0 for agent in known.index[known["talking"] == "talks more than others"])
    assert all(extra[keys[agent]] < 0 for agent in known.index[known["talking"] == "talks less than others"])
    assert (known["talk_share_low"] < known["talk_share_high"]).all()


def test_sources_agree_as_they_were_made_and_nobody_is_named(written, planted_delivery: Path):
    """Survey and stars share what customers are like; nothing was planted about the improvement."""
    pairs = written("source_agreement").set_index(["first", "second"])
    assert pairs.loc[("survey", "stars"), "order"] == "same customers content"
    assert not pairs["order"].eq("opposite").any()
    picture = written("customer_picture")
    assert picture["together"].notna().all()
    assert picture["customer_id"].is_unique
    assert pairs.loc[("survey", "stars for products"), "order"] == "not told apart from none"  # as planted
    assert written("improvements")["verdict"].tolist() == ["like all other topics"]
    assert written("agents")["agent"].str.fullmatch(r"\d+").all()


def test_products_planted_apart_are_flagged_on_their_side(written):
    table = written("product_satisfaction")
    flagged = table[table["verdict"].isin(["worse than others", "better than others"])]
    products = flagged[flagged["level"] == "product"]
    kinds = products["name"].str.rsplit(" ", n=1).str[0]
    for kind, stars in EFFECTS.items():
        assert set(products.loc[kinds == kind, "verdict"]) == {
            "worse than others" if stars < 0 else "better than others"
        }
    assert len(set(kinds) - set(EFFECTS)) <= 1  # one flag in twenty may be chance
    assert set(products["measure"]) <= {"stars", "one or two stars"}  # nothing was planted about returns
    assert set(flagged.loc[flagged["level"] == "category", "name"]) <= set(products["category"])


def test_praise_and_blame_in_reviews_are_told_as_planted(written, planted_delivery: Path):
    truth = pd.read_parquet(planted_delivery / "truth" / "product_reviews.parquet").set_index("feedback_id")
    told = (
        written("text_readings").set_index("feedback_id").join(truth[["side", "language"]], rsuffix="_of", how="inner")
    )
    assert (told["language"] == told["language_of"]).mean() > 0.9  # one English word in a Chinese text is Chinese
    sided = told[told["side"] != 0]
    right = (sided["polarity"] == sided["side"]).groupby(sided["language_of"]).mean()
    assert set(right.index) == {"en", "zh", "mixed"}
    assert (right > 0.85).all()
    languages = written("text_languages").set_index("language")
    assert languages.loc[["en", "zh", "mixed"], "verdict"].eq("used").all()


def test_behavior_explains_no_more_than_was_planted(written, truth):
    """Past spend is planted to explain an eighth of contentment, and less of what is said of it."""
    proxy = written("behavior_proxy")
    assert (proxy["explained_low"] < truth["contentment_by_past_spend"] ** 2).all()
    assert not proxy["verdict"].eq("carries").any()


# Inputs that hold nothing


def emptied(*names: str) -> Change:
    def change(tables: dict[str, pd.DataFrame]) -> None:
        for name in names:
            tables[name] = tables[name].head(0)

    return change


def one_customer(tables: dict[str, pd.DataFrame]) -> None:
    only = tables["survey_responses"]["customer_id"].iloc[0]
    for name in (
        "survey_invitations",
        "survey_responses",
        "contacts",
        "calls",
        "feedback",
        "order_lines",
        "customer_segments",
    ):
        tables[name] = tables[name][tables[name]["customer_id"] == only]


def all_answers_equal(tables: dict[str, pd.DataFrame]) -> None:
    tables["survey_responses"] = tables["survey_responses"].assign(answer=4)


def one_wave_and_no_segments(tables: dict[str, pd.DataFrame]) -> None:
    emptied("customer_segments")(tables)
    for name in ("survey_invitations", "survey_responses"):
        tables[name] = tables[name][tables[name]["wave"] == tables[name]["wave"].min()]


SURVEY = ("survey_items", "survey_invitations", "survey_responses")


@pytest.fixture
def rerun(planted_run: Path, tmp_path: Path) -> Callable[[Change], tuple[dict, Path]]:
    """Run the chapter on changed upstream tables; return its namespace and the folder of its tables."""

    def run(change: Change) -> tuple[dict, Path]:
        day = tmp_path / "data" / "runs" / PLANTED / planted_run.name
        schemas = {"clean": cleaning.TABLES, "segments": segments.TABLES}
        frames = {
            stage: {path.stem: pd.read_parquet(path) for path in (planted_run / stage).glob("*.parquet")}
            for stage in schemas
        }
        everything = {name: frame for tables in frames.values() for name, frame in tables.items()}
        change(everything)
        for stage, tables in frames.items():
            warehouse.write_stage(
                day / stage,
                {name: everything[name] for name in tables},
                schemas={name: schemas[stage][name] for name in tables},
                backend=warehouse.connect(),
                manifest={"stage": stage, "simulated": sorted(tables)},
            )
        shutil.copytree(planted_run / "collect", day / "collect")
        return run_notebook(STAGE, tmp_path, study=PLANTED, as_of=planted_run.name, language="en"), day / STAGE

    return run


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (emptied(*SURVEY, "contacts", "feedback", "calls"), []),
        (
            emptied(*SURVEY, "calls"),
            [
                f"satisfaction.{one}"
                for one in ("waits", "stars", "texts_blame", "kappa", "sources_apart", "products_apart")
            ],
        ),
        (emptied(*SURVEY, "feedback"), ["satisfaction.waits", "satisfaction.agents_talk"]),
        (one_customer, []),
    ],
    ids=["nothing", "contacts and reviews", "only contacts", "one customer"],
)
def test_where_there_is_nothing_the_chapter_says_so_and_passes(rerun, change, found):
    namespace, folder = rerun(change)
    assert [item.key for item in namespace["found"]] == found
    assert len(list(folder.glob("*.parquet"))) == len(namespace["satisfaction"].TABLES)


def test_where_all_answers_are_equal_nothing_is_explained(rerun):
    namespace, folder = rerun(all_answers_equal)
    assert len(pd.read_parquet(folder / "drivers.parquet")) == 0
    assert (pd.read_parquet(folder / "reliability.parquet")["verdict"] == "not enough data").all()
    assert "satisfaction.drivers" not in [item.key for item in namespace["found"]]


def test_one_wave_is_enough_for_its_scores(rerun):
    namespace, folder = rerun(one_wave_and_no_segments)
    nps = pd.read_parquet(folder / "nps.parquet").set_index("wave")
    assert len(nps) == 2
    assert nps["nps"].iloc[0] == nps["nps"].iloc[1]
    assert "satisfaction.nps" in [item.key for item in namespace["found"]]
    assert len(pd.read_parquet(folder / "segment_scores.parquet")) == 0


def test_without_invitations_the_response_is_said_to_be_unknown(rerun):
    namespace, folder = rerun(emptied("survey_invitations"))
    assert "satisfaction.nps_alone" in [item.key for item in namespace["found"]]
    assert (pd.read_parquet(folder / "survey_waves.parquet")["status"] == "not known").all()
    assert len(pd.read_parquet(folder / "score_versions.parquet")) == 0
    assert "satisfaction.no_invitations" in SENTENCES

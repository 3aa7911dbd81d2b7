"""A study may hold only some tables, or tables without rows, or of one customer: the whole pipeline goes to the end.

Where data are missing, chapters say so and name the table; they show no zero in its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from html import unescape
from pathlib import Path

import duckdb
import nbformat
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from customer_patterns.cleaning import TABLES, VOICES
from customer_patterns.reporting import Finding
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.study import project_root
from customer_patterns.warehouse import FINDINGS, MANIFEST
from customer_patterns.wording import speaking
from tests.notebooks_in_process import deliver, fingerprints, publish_run, run_pipeline, writing_into
from tests.ratings_alone import (
    CHINESE,
    CONTENT,
    NOT_APPLICABLE,
    PASSENGERS,
    SHOPPERS,
    THEMES,
    WORDS,
    passengers,
    shoppers,
)

AS_OF = "2017-12-31"
STUDY = "sparse"

Edit = Callable[[dict], None]


def write_study(root: Path, edit: Edit) -> None:
    """Write a study file into ``root``: the planted shop's, edited."""
    content = yaml.safe_load((project_root() / "data" / "studies" / "planted-shop.yaml").read_text(encoding="utf-8"))
    edit(content)
    folder = root / "data" / "studies"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{STUDY}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def without(*tables: str) -> Edit:
    """Leave tables out of the study, and sources that then have none."""

    def edit(content: dict) -> None:
        for source in list(content["sources"].values()):
            for table in tables:
                source["tables"].pop(table, None)
        content["sources"] = {name: source for name, source in content["sources"].items() if source["tables"]}

    return edit


def run(root: Path) -> Path:
    return run_pipeline(root, as_of=AS_OF, study=STUDY, stages=["collect", "clean"])


@pytest.mark.parametrize(
    "lacking",
    [("products", *VOICES), ("customers", "survey_items"), tuple(set(CANONICAL) - {"order_lines"})],
    ids=["no products, nothing said", "no customers, no questions", "purchases alone"],
)  # fmt: skip
def test_what_is_not_delivered_is_there_without_rows_and_the_chapters_are_whole(
    fresh_root: Callable[[str], Path], lacking: tuple[str, ...]
) -> None:
    root = fresh_root("root")
    write_study(root, without(*lacking))
    clean = run(root) / "clean"
    written = json.loads((clean / MANIFEST).read_text())["tables"]
    assert set(written) == set(TABLES)
    for name in lacking:
        if name not in ("products", "customers", "promotions", "survey_responses"):
            assert written[name]["rows"] == 0
    for name in ("rules", "answer_rules", "other_rules"):
        rules = pd.read_parquet(clean / f"{name}.parquet")
        assert not set(rules["table"]) & (set(lacking) - {"products", "customers"})  # (these get rows from others)
    assert json.loads((clean / FINDINGS).read_text())
    if "survey_items" in lacking and "survey_responses" not in lacking:  # nobody can say what was asked
        assert written["survey_responses"]["rows"] == 0


def without_what_else_is_said(content: dict) -> None:
    """Leave out the sources that deliver in other formats than one file a table."""
    del content["sources"]["desk"], content["sources"]["listening"], content["sources"]["shelf"]


def test_survey_tables_delivered_without_rows_pass(fresh_root: Callable[[str], Path]) -> None:
    root = fresh_root("root")
    folder = root / "data" / "raw" / "planted-shop"
    delivered = ("survey_items", "survey_invitations", "survey_responses", "contacts", "feedback")
    for name in delivered:
        path = folder / f"{name}.parquet"
        if path.is_file():
            pq.write_table(pq.read_schema(path).empty_table(), path)
        else:
            text = path.with_suffix(".csv")
            text.write_text(text.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    write_study(root, without_what_else_is_said)
    clean = run(root) / "clean"
    written = json.loads((clean / MANIFEST).read_text())["tables"]
    assert all(written[name]["rows"] == 0 for name in VOICES)
    assert (pd.read_parquet(clean / "answer_rules.parquet")["records_found"] == 0).all()


# A study of which a part is simulated


#: The shop's sources of what customers say.
SAYING = ("voice", "desk", "listening", "shelf")


def only_what_is_said_is_simulated(content: dict) -> None:
    del content["simulator"]
    for name, source in content["sources"].items():
        source["provenance"] = "simulated" if name in SAYING else "real"


@pytest.fixture(scope="module")
def mixed(with_key: None, planted_delivery: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a study in which only what is said is simulated."""
    root = deliver(planted_delivery, tmp_path_factory.mktemp("mixed") / "root")
    write_study(root, only_what_is_said_is_simulated)
    return run(root)


def test_only_what_rests_on_simulated_tables_says_so(mixed: Path) -> None:
    folder = mixed
    clean = json.loads((folder / "clean" / MANIFEST).read_text())
    assert set(clean["simulated"]) == {*VOICES, "answer_rules", "answer_quality"}
    said = {f["key"]: f for stage in ("collect", "clean") for f in json.loads((folder / stage / FINDINGS).read_text())}
    assert {key for key, finding in said.items() if finding["simulated"]} == {"clean.answers"}
    assert "survey answers" in json.dumps(said["collect.simulated"])
    assert "purchases" not in json.dumps(said["collect.simulated"])


def test_other_answers_change_no_table_that_does_not_say_it_rests_on_them(
    mixed: Path, fresh_root: Callable[[str], Path]
) -> None:
    root = fresh_root("root")
    write_study(root, only_what_is_said_is_simulated)
    raw = root / "data" / "raw" / "planted-shop"
    for file, column in (("survey_responses", "reply"), ("contacts", "stars"), ("feedback", "note")):
        table = pq.read_table(raw / f"{file}.parquet").to_pandas()
        table[column] = table[column].to_numpy()[::-1]
        write_like(raw / f"{file}.parquet", table)
    found = fingerprints(mixed), fingerprints(run(root))
    changed = {name for name in found[0] if found[0][name] != found[1][name]}
    findings = {f"{stage}/{FINDINGS}" for stage in ("collect", "clean")}
    simulated = {f"{stage}/{name}.parquet" for stage in ("collect", "clean") for name in VOICES}
    lists = ("account", "repair_reasons", "source_quality")  # of all that was delivered
    deliveries = {f"collect/{name}.parquet" for name in lists}
    allowed = simulated | {"clean/answer_rules.parquet", "clean/answer_quality.parquet"} | findings | deliveries
    assert {"clean/survey_responses.parquet", "clean/contacts.parquet", "clean/feedback.parquet"} <= changed <= allowed


def test_no_words_of_a_customer_stand_in_a_table_but_feedback(planted_run: Path) -> None:
    texts = pd.read_parquet(planted_run / "clean" / "feedback.parquet")["text"]
    longest = texts.loc[texts.str.len().idxmax()]
    for path in planted_run.glob("*/*.parquet"):
        if path.stem != "feedback":
            columns = duckdb.read_parquet(str(path)).columns
            tests = " OR ".join(f'CAST("{column}" AS VARCHAR) = $1' for column in columns)
            query = f"SELECT count(*) FROM read_parquet('{path}') WHERE {tests}"
            assert duckdb.execute(query, [longest]).fetchall()[0][0] == 0, path


# Studies of a few tables, to the end and as pages


def only(*tables: str) -> Edit:
    """Leave all tables out but these."""
    return without(*(set(CANONICAL) - set(tables)))


def of_the_till(*tables: str) -> Edit:
    """The same, without what the web shop sold."""

    def edit(content: dict) -> None:
        content["sources"]["site"]["tables"].pop("order_lines")
        only(*tables)(content)

    return edit


def with_table(table: str, columns: Iterable[str], keep: tuple[str, ...] = (), **read: object) -> Edit:
    """Let the study rest on one file of our own, ``<table>.csv``, and on some tables of the shop.

    ``read`` says of single columns how they are to be read.
    """

    def edit(content: dict) -> None:
        source = {**next(iter(content["sources"].values())), "reader": "csv"}
        only(*keep)(content)
        location = f"data/raw/planted-shop/{table}.csv"
        entry = {"location": location, "columns": {name: read.get(name, name) for name in columns}}
        content["sources"]["own"] = {**source, "tables": {table: entry}}

    return edit


#: What reviews say of two themes, by whether they praise.
_PHRASES = {
    "en": {
        True: ("The staff are friendly and patient", "The bread is always fresh", "Fair prices, good value"),
        False: ("We waited forever in line", "The cashier was rude", "The fish was not fresh, it smelled"),
    },
    "zh": {
        True: ("店员很热情，很有耐心", "面包一直很新鲜", "价格公道，很划算"),
        False: ("排队等了半天，太慢了", "收银员态度很差", "鱼不新鲜，有怪味"),
    },
}


def reviews(languages: tuple[str, ...] = ("en", "zh"), many: int = 400) -> pd.DataFrame:
    """Reviews by people who are known by the name they chose, and by nothing else."""
    rng = np.random.default_rng(11)
    hours = pd.to_timedelta(np.sort(rng.integers(0, 364 * 24, many)), unit="h")
    stars = rng.choice([1, 2, 3, 4, 5], many, p=[0.2, 0.1, 0.1, 0.3, 0.3])
    chosen = [_PHRASES[languages[k % len(languages)]][bool(star >= 3)] for k, star in enumerate(stars)]
    texts = [
        f"{phrases[int(rng.integers(3))]}{'！' if k % 2 and '店' in phrases[0] else '.'} {'👍' if stars[k] > 4 else ''}"
        for k, phrases in enumerate(chosen)
    ]
    return pd.DataFrame(
        {
            "feedback_id": [f"r{i}" for i in range(many)],
            "author_key": [f"name {i}" for i in rng.integers(0, 240, many)],
            "written_at": (pd.Timestamp("2017-01-01 12:00") + hours).strftime("%Y-%m-%d %H:%M:%S"),
            "rating": stars,
            "text": texts,
        }
    )


def labeled_reviews() -> pd.DataFrame:
    """Chinese reviews with labels in place of stars: 1 where they praise, 0 where they do not."""
    table = reviews(("zh",))
    return table.assign(rating=(table["rating"] >= 3).astype(int))


def opportunities() -> pd.DataFrame:
    """Possible sales to sixty firms; each stage is passed by most, and some still wait."""
    rng, rows = np.random.default_rng(12), []
    for number in range(100):
        moment = pd.Timestamp("2017-01-10") + pd.Timedelta(days=int(rng.integers(0, 150)))
        for stage in ("lead", "analysis", "quote", "contract", "won"):
            rows.append((f"o{number}", f"f{number % 60}", stage, moment))
            moment += pd.Timedelta(days=int(rng.integers(3, 30)))
            end = rng.random()
            if stage != "won" and end < 0.25:
                rows.append((f"o{number}", f"f{number % 60}", "lost", moment))
            if stage == "won" or end < 0.3:
                break
    table = pd.DataFrame(rows, columns=["opportunity_id", "customer_id", "stage", "entered_at"])
    return table.assign(entered_at=table["entered_at"].dt.strftime("%Y-%m-%d %H:%M:%S"))


def of_one_customer(raw: Path) -> None:
    lines = pd.read_parquet(raw / "order_lines.parquet")
    card = lines["card_no"].value_counts().index[0]
    write_like(raw / "order_lines.parquet", lines[lines["card_no"] == card])


def one_order_each(raw: Path) -> None:
    lines = pd.read_parquet(raw / "order_lines.parquet")
    first = lines.sort_values(["sold_at_utc", "receipt_no"]).drop_duplicates("card_no")["receipt_no"]
    write_like(raw / "order_lines.parquet", lines[lines["receipt_no"].isin(first)])


def one_order_each_and_equal_answers(raw: Path) -> None:
    one_order_each(raw)
    all_answers_equal(raw)


def all_answers_equal(raw: Path) -> None:
    answers = pd.read_parquet(raw / "survey_responses.parquet")
    same = answers["reply"].where(answers["reply"].isna(), type(answers["reply"].dropna().iloc[0])(5))
    write_like(raw / "survey_responses.parquet", answers.assign(reply=same))


def write_like(path: Path, frame: pd.DataFrame) -> None:
    """Write rows in the place of a delivered file, in its types."""
    schema = pq.read_schema(path)
    pq.write_table(pa.Table.from_pandas(frame, schema=schema, preserve_index=False), path)


def write_csv(name: str, frame: pd.DataFrame) -> Callable[[Path], None]:
    return lambda raw: frame.to_csv(raw / f"{name}.csv", index=False)


#: Each study: how its file is edited, and what is done to its deliveries.
STUDIES: dict[str, tuple[Edit, Callable[[Path], None] | None]] = {
    "events": (only("events"), None),
    "survey": (only("survey_items", "survey_responses"), None),
    "passengers": PASSENGERS,
    "shoppers": SHOPPERS,
    "reviews": (with_table("feedback", reviews().columns), write_csv("feedback", reviews())),
    "labels": (
        with_table("feedback", reviews().columns, rating={"column": "rating", "values": {"0": "1", "1": "5"}}),
        write_csv("feedback", labeled_reviews()),
    ),
    "opportunities and contacts": (
        with_table("opportunities", opportunities().columns, keep=("contacts",)),
        write_csv("opportunities", opportunities()),
    ),
    "purchases": (only("order_lines"), None),
    "events and survey": (only("events", "customers", "survey_items", "survey_invitations", "survey_responses"), None),
    "one customer": (of_the_till("order_lines", "products", "customers"), of_one_customer),
    "one order each, equal answers": (
        of_the_till("order_lines", "products", "customers", "survey_items", "survey_responses"),
        one_order_each_and_equal_answers,
    ),
}

#: Those whose chapters are kept as they were shown, read, and published as pages.
SHOWN = ("events", "survey", "reviews")

RunOf = Callable[[str], Path]


@pytest.fixture(scope="module")
def run_of(planted_delivery: Path, tmp_path_factory: pytest.TempPathFactory) -> RunOf:
    """Run a study to the end, once; return the folder of its run."""
    runs: dict[str, Path] = {}

    def make(name: str) -> Path:
        if name not in runs:
            root = deliver(planted_delivery, tmp_path_factory.mktemp("sparse") / "root")
            edit, change = STUDIES[name]
            write_study(root, edit)
            if change is not None:
                change(root / "data" / "raw" / "planted-shop")
            runs[name] = run_pipeline(root, as_of=AS_OF, study=STUDY, chapters=name in SHOWN)
        return runs[name]

    return make


def said_by(run: Path, *stages: str) -> str:
    """What the cells of some chapters, or of all, show as text."""
    texts = []
    for path in sorted((run / "chapters").glob("*.ipynb")):
        if not stages or path.stem.split("-", 1)[1] in stages:
            for cell in nbformat.read(path, as_version=4).cells:
                texts += [output["data"].get("text/plain", "") for output in cell.get("outputs", [])]
    return "\n".join(texts)


def findings_of(run: Path, stage: str) -> dict[str, str]:
    """A stage's findings: what each says, by its key."""
    stored = json.loads((run / stage / FINDINGS).read_text(encoding="utf-8"))
    with speaking(currency="USD"):
        return {entry["key"]: str(Finding.from_json(entry).sentence) for entry in stored}


def words_of(page: Path) -> str:
    """The words of a page: no pictures, no tags."""
    html = re.sub(r'"data:image[^"]*"', '""', page.read_text(encoding="utf-8"))
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style.*?</style>", " ", html, flags=re.DOTALL)))


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_of_a_few_tables_goes_to_the_end_without_a_pretended_number(run_of: RunOf, name: str) -> None:
    run = run_of(name)
    assert not re.search(r"Traceback|\bnan\b|\bNaT\b|<NA>|\binf\b", said_by(run))
    for stage in ("behavior", "patterns", "segments", "outlook", "satisfaction"):
        for key, finding in findings_of(run, stage).items():
            assert not re.search(r"(?<![\d.])0\s%", finding), (key, finding)
            assert not re.search(r"[$¥]0(?![\d.])|(?<![\d.])0 orders", finding), (key, finding)


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("events", {"behavior": "order_lines", "patterns": "products", "satisfaction": "survey_responses"}),
        ("survey", {"behavior": "order_lines", "segments": "order_lines", "satisfaction": "contacts"}),
        ("reviews", {"behavior": "events", "satisfaction": "survey_responses", "segments": "order_lines"}),
    ],
)
def test_a_chapter_names_the_table_that_an_answer_would_need(run_of: RunOf, name: str, missing: dict) -> None:
    run = run_of(name)
    for stage, table in missing.items():
        sentences = [line for line in said_by(run, stage).splitlines() if "An answer would need" in line]
        assert any(re.search(rf"\b{table}\b", line) for line in sentences), (stage, table)
        assert all(line.endswith(".") for line in sentences)


def test_each_study_says_what_its_data_do_answer(run_of: RunOf) -> None:
    for name, stage, key in (
        ("events", "behavior", "behavior.visits"),
        ("opportunities and contacts", "behavior", "behavior.conversion"),
        ("survey", "satisfaction", "satisfaction.nps_alone"),
        ("passengers", "satisfaction", "satisfaction.overall"),
        ("passengers", "satisfaction", "satisfaction.drivers"),
        ("shoppers", "satisfaction", "satisfaction.content"),
        ("events and survey", "satisfaction", "satisfaction.nps_asked"),
        ("reviews", "satisfaction", "satisfaction.stars"),
        ("reviews", "satisfaction", "satisfaction.texts_blame"),
        ("labels", "satisfaction", "satisfaction.texts_blame"),
        ("opportunities and contacts", "satisfaction", "satisfaction.waits"),
        ("purchases", "behavior", "behavior.rhythm"),
        ("one order each, equal answers", "behavior", "behavior.only_once"),
    ):
        assert key in findings_of(run_of(name), stage), (name, key)


def test_what_was_not_delivered_leaves_no_row_that_speaks_of_it(run_of: RunOf) -> None:
    events, survey = run_of("events"), run_of("events and survey")
    for table in ("behavior/hours", "behavior/rhythm_groups", "behavior/weeks", "segments/customer_segments"):
        assert pd.read_parquet(events / f"{table}.parquet").empty, table
    about_purchases = ("said_and_done", "segment_scores", "behavior_proxy")
    for table in ("who_answered", "score_versions", "silent_scenarios", *about_purchases):
        assert pd.read_parquet(survey / "satisfaction" / f"{table}.parquet").empty, table
    kinds = pd.read_parquet(events / "summary" / "data_kinds.parquet").set_index("kind")
    assert kinds.index[kinds["records"] > 0].tolist() == ["online events"]


def test_reviews_alone_are_read_from_stars_and_from_labels(run_of: RunOf) -> None:
    for name, languages in (("reviews", ["en", "zh"]), ("labels", ["zh"])):
        folder = run_of(name) / "satisfaction"
        told = pd.read_parquet(folder / "text_languages.parquet").set_index("language")
        assert told.index.tolist() == languages
        assert (told["verdict"] == "used").all()
        assert (told["method"] == "learned from stars").all()
        themes = pd.read_parquet(folder / "text_themes.parquet").set_index("theme")
        assert themes.at["response speed", "blamed"] > 0.9
        assert themes.at["price", "praised"] > 0.9
        assert themes.at["response speed", "verdict"] == "worse than the others"
        needs = pd.read_parquet(folder / "unmet_needs.parquet")
        assert "response speed" in needs["need"].tolist()


def test_rating_sheets_of_people_whom_nobody_knows_tell_what_was_planted(run_of: RunOf) -> None:
    folder, made = run_of("passengers") / "satisfaction", passengers()
    drivers = pd.read_parquet(folder / "drivers.parquet").set_index("dimension")
    assert drivers["importance"].idxmax() == "cabin"
    assert drivers.at["diversion", "importance_high"] < drivers["importance"].drop("diversion").min()
    reliability = pd.read_parquet(folder / "reliability.parquet").set_index("dimension")
    assert set(reliability.index) == set(THEMES)
    assert (reliability["verdict"] == "reliable").all()
    whole = (made[list(THEMES["booking"][0])] != NOT_APPLICABLE).all(axis=1)
    assert reliability.at["booking", "n"] == whole.sum()  # what did not apply is no answer, least of all the worst
    scores = pd.read_parquet(folder / "dimension_scores.parquet").query("wave == 'all waves'").set_index("dimension")
    assert scores.at["overall", "n"] == len(made)
    assert scores.at["overall", "score"] == pytest.approx(100 * (made["satisfaction"] == CONTENT).mean())
    apart = pd.read_parquet(folder / "discriminant_validity.parquet")
    assert len(apart) == 6
    assert (apart["htmt_high"] < apart["limit"]).all()


def test_one_question_for_each_theme_is_no_dimension_and_its_page_says_so(run_of: RunOf) -> None:
    run = run_of("shoppers")
    folder = run / "satisfaction"
    drivers = pd.read_parquet(folder / "drivers.parquet")
    assert set(drivers["dimension"]) == set(CHINESE)
    assert drivers.loc[drivers["importance"].idxmax(), "dimension"] == CHINESE[0]  # which was made to count most
    assert (pd.read_parquet(folder / "reliability.parquet")["verdict"] == "not enough data").all()
    csat = pd.read_parquet(folder / "csat.parquet").query("wave == 'all waves'").squeeze()
    assert csat["csat"] == pytest.approx(shoppers()["总体满意度"].isin(WORDS[-2:]).mean())
    assert csat["customers"] == len(shoppers())  # each sheet is by a person of its own


def test_opportunities_move_on_as_they_were_made_to(run_of: RunOf) -> None:
    table = pd.read_parquet(run_of("opportunities and contacts") / "behavior" / "stage_conversion.parquet").set_index(
        "stage"
    )
    made = opportunities()
    won = made.loc[made["stage"] == "won", "opportunity_id"].nunique()
    lost = made.loc[made["stage"] == "lost", "opportunity_id"].nunique()
    assert table.loc["all stages", ["reached", "moved_on", "n"]].tolist() == [100, won, won + lost]


@pytest.mark.parametrize("name", SHOWN)
def test_the_pages_are_published_in_both_languages(run_of: RunOf, name: str) -> None:
    run = run_of(name)
    root = run.parents[3]
    with writing_into(root):
        pages = publish_run(root, as_of=AS_OF, study=STUDY, languages=("en", "zh"))
    for language, left_open, needed in (
        ("en", "What these data leave open", "An answer would need"),
        ("zh", "这些数据无法回答的问题", "需要数据表"),
    ):
        for page in sorted((pages / language).glob("*.html")):
            words = words_of(page)
            assert not re.search(r"Traceback|\bnan\b|\bNaN\b|\bNaT\b", words), page
        for stem in ("03-behavior", "04-patterns", "05-segments"):
            html = (pages / language / f"{stem}.html").read_text(encoding="utf-8")
            words = words_of(pages / language / f"{stem}.html")
            for wanted in (left_open, needed, "order_lines"):
                assert wanted in words, (language, stem)
            assert words.count(needed) <= 10  # each reason once, not once per cell
            charts = len(re.findall(r'<figure class="chart"', html))
            assert (charts > 0) == (name == "events" and stem == "03-behavior"), (language, stem)

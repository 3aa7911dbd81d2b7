"""A study may lack products, customers or surveys, or deliver a table without rows: collect and clean go to the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from customer_patterns.cleaning.tables import TABLES, VOICES
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.study import project_root
from customer_patterns.warehouse import FINDINGS, MANIFEST
from tests.notebooks_in_process import fingerprints, run_pipeline

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
    [("products",), ("customers",), VOICES, ("survey_items",), tuple(set(CANONICAL) - {"order_lines"})],
    ids=["no products", "no customers", "nothing said", "no questions", "purchases alone"],
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
    rules = pd.read_parquet(clean / "answer_rules.parquet")
    assert not set(rules["table"]) & set(lacking)
    assert json.loads((clean / FINDINGS).read_text())
    if "survey_items" in lacking and "survey_responses" not in lacking:  # nobody can say what was asked
        assert written["survey_responses"]["rows"] == 0


def test_survey_tables_delivered_without_rows_pass(fresh_root: Callable[[str], Path]) -> None:
    root = fresh_root("root")
    folder = root / "data" / "raw" / "planted-shop"
    for name in VOICES:
        path = folder / f"{name}.parquet"
        if path.is_file():
            pq.write_table(pq.read_schema(path).empty_table(), path)
        else:
            text = path.with_suffix(".csv")
            text.write_text(text.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    write_study(root, without())
    clean = run(root) / "clean"
    written = json.loads((clean / MANIFEST).read_text())["tables"]
    assert all(written[name]["rows"] == 0 for name in VOICES)
    assert (pd.read_parquet(clean / "answer_rules.parquet")["records_found"] == 0).all()


# A study of which a part is simulated


def only_what_is_said_is_simulated(content: dict) -> None:
    del content["simulator"]
    content["sources"]["till"]["provenance"] = content["sources"]["card"]["provenance"] = "real"


def test_only_what_rests_on_simulated_tables_says_so(fresh_root: Callable[[str], Path]) -> None:
    root = fresh_root("root")
    write_study(root, only_what_is_said_is_simulated)
    folder = run(root)
    clean = json.loads((folder / "clean" / MANIFEST).read_text())
    assert set(clean["simulated"]) == {*VOICES, "answer_rules", "answer_quality"}
    said = {f["key"]: f for stage in ("collect", "clean") for f in json.loads((folder / stage / FINDINGS).read_text())}
    assert {key for key, finding in said.items() if finding["simulated"]} == {"clean.answers"}
    assert "survey answers" in json.dumps(said["collect.simulated"])
    assert "purchases" not in json.dumps(said["collect.simulated"])


def test_other_answers_change_no_table_that_does_not_say_it_rests_on_them(fresh_root: Callable[[str], Path]) -> None:
    found = []
    for name in ("one", "two"):
        root = fresh_root(name)
        write_study(root, only_what_is_said_is_simulated)
        if name == "two":
            raw = root / "data" / "raw" / "planted-shop"
            for file, column in (("survey_responses", "reply"), ("contacts", "stars"), ("feedback", "note")):
                table = pq.read_table(raw / f"{file}.parquet").to_pandas()
                table[column] = table[column].to_numpy()[::-1]
                schema = pq.read_schema(raw / f"{file}.parquet")
                pq.write_table(
                    pa.Table.from_pandas(table, schema=schema, preserve_index=False), raw / f"{file}.parquet"
                )
        found.append(fingerprints(run(root)))
    changed = {name for name in found[0] if found[0][name] != found[1][name]}
    findings = {f"{stage}/{FINDINGS}" for stage in ("collect", "clean")}
    simulated = {f"{stage}/{name}.parquet" for stage in ("collect", "clean") for name in VOICES}
    allowed = simulated | {"clean/answer_rules.parquet", "clean/answer_quality.parquet"} | findings
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

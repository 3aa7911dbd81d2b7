"""A stage is made again exactly when something that it was made from changed, and the reason is said."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from customer_patterns import stage as stage_module
from customer_patterns.reruns import freshness
from customer_patterns.reruns.freshness import stale_stages, why_stale
from customer_patterns.sources import delivered_files
from customer_patterns.sources.readers import sql
from customer_patterns.sources.remote import fetched_digests
from customer_patterns.stage import fingerprints, notebook_path, stage_names
from customer_patterns.study import Run, Source, chapters_folder, intake_folder, output_root, project_root, stage_folder
from customer_patterns.warehouse import sha256


def folder(run: Run, stage: str) -> Path:
    return stage_folder(run.study.name, run.as_of, stage)


def chapter(run: Run, stage: str) -> Path:
    return chapters_folder(run.study.name, run.as_of) / notebook_path(stage).name


def test_a_run_that_nothing_happened_to_is_current(built):
    assert stale_stages(built()) == {}


def test_a_run_that_was_never_made_is_never_built(built):
    run = built()
    shutil.rmtree(output_root() / "data" / "runs")
    assert set(stale_stages(run).values()) == {"never built"}
    assert list(stale_stages(run)) == stage_names()


def test_one_flipped_bit_in_a_table_is_damage(built):
    run = built()
    table = folder(run, "clean") / "order_lines.parquet"
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    assert why_stale(run, "clean") == "its tables are damaged"
    assert why_stale(run, "collect") is None


def test_what_follows_a_stale_stage_is_stale_and_what_precedes_it_is_not(built):
    run = built()
    (folder(run, "clean") / "products.parquet").unlink()
    after = [stage for stage in stage_names() if stage not in ("collect", "clean", "laboratory")]
    assert stale_stages(run) == {"clean": "its tables are damaged", **dict.fromkeys(after, "follows clean")}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"tables": {}}', '{"tables": 3}', "null"])
def test_a_manifest_that_cannot_be_read_is_damage(built, content):
    run = built()
    (folder(run, "clean") / "manifest.json").write_text(content)
    assert "damaged" in why_stale(run, "clean")


def test_a_changed_delivery_concerns_the_first_stage(built):
    run = built()
    (output_root() / "data" / "raw" / "planted-shop" / "customers.csv").open("a").write("\n")
    assert why_stale(run, "collect") == "the delivery changed"
    assert why_stale(run, "clean") is None  # until collect has made other tables


def made_from(run: Run, stage: str, study, **inputs: str) -> Run:
    """The run, as if its stage had been made from another study file and from these inputs."""
    path = folder(run, stage) / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["inputs"] |= {stage_module.STUDY_FILE: stage_module.study_fingerprint(study), **inputs}
    path.write_text(json.dumps(manifest))
    content = json.loads(chapter(run, stage).read_text())
    content["cells"][-1]["outputs"][0]["metadata"]["customer_patterns"]["manifest"] = sha256(path)
    chapter(run, stage).write_text(json.dumps(content))
    return Run(study, run.as_of, run.language, run.settings)


def test_a_changed_mapping_of_merged_customers_concerns_the_cleaning(built):
    run = built()
    mapping = output_root() / "data" / "raw" / "merged.csv"
    mapping.write_text("old,new\nA,B\n")
    study = run.study.model_copy(update={"merged_customers": "data/raw/merged.csv"})
    run = made_from(run, "clean", study, **{freshness.MERGED: sha256(mapping)})
    assert why_stale(run, "clean") is None
    mapping.write_text("old,new\nA,C\n")
    assert why_stale(run, "clean") == "the mapping of merged customers changed"
    mapping.unlink()
    assert why_stale(run, "clean") == "the mapping of merged customers changed"


@pytest.fixture
def from_database(built, monkeypatch):
    """A run in which customers' regions came from a database that is watched."""
    run = built()
    monkeypatch.setenv("SHOP_DATABASE", "sqlite:///shop.db")
    with sqlite3.connect(output_root() / "shop.db") as connection:
        connection.execute("CREATE TABLE regions (code, updated)")
        connection.execute("INSERT INTO regions VALUES ('north', '2017-01-01')")
    given = {name: getattr(run.study.sources[0], name) for name in ("owner", "party", "purpose", "legal_basis")}
    source = Source(
        source="crm", table="regions", reader="sql", location="regions", connection="SHOP_DATABASE", provenance="real",
        retention="none", columns={"region_id": "code"}, key=("region_id",), watch=("updated",), **given,
    )  # fmt: skip
    others = tuple(other for other in run.study.sources if other.table != "regions")
    study = run.study.model_copy(update={"sources": (*others, source)})
    sql.fetch(source, folder=intake_folder(study.name) / "fetched", as_of=run.as_of)
    fetched = fetched_digests(study, as_of=run.as_of)
    assert list(fetched) == ["regions"]
    return made_from(run, "collect", study, **delivered_files(study), **fetched)


def test_a_database_that_changed_since_it_was_fetched_makes_the_collection_stale(from_database):
    assert why_stale(from_database, "collect") is None
    with sqlite3.connect(output_root() / "shop.db") as connection:
        connection.execute("INSERT INTO regions VALUES ('south', '2017-02-01')")
    assert why_stale(from_database, "collect") == "the source changed (regions)"


def test_a_database_that_is_away_makes_nothing_stale(from_database):
    (output_root() / "shop.db").unlink()
    assert why_stale(from_database, "collect") is None


def test_a_download_that_was_removed_is_a_changed_delivery(from_database):
    shutil.rmtree(intake_folder(from_database.study.name) / "fetched")
    assert why_stale(from_database, "collect") == "the delivery changed"


def test_a_missing_delivery_is_named(built):
    run = built()
    (output_root() / "data" / "raw" / "planted-shop" / "customers.csv").unlink()
    assert why_stale(run, "collect") == "the delivery is not there"


def test_other_upstream_tables_make_a_stage_stale(built):
    run = built()
    path = folder(run, "clean") / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["inputs"]["collect"] = "0" * 64
    path.write_text(json.dumps(manifest))
    assert why_stale(run, "clean") == "the tables of collect changed"


def test_a_changed_study_file_makes_every_stage_stale(built):
    run = built()
    other = Run(run.study.model_copy(update={"time_zone": "America/Chicago"}), run.as_of, "en", run.settings)
    assert {why_stale(other, stage) for stage in stage_names()} == {"the study file changed"}


def test_a_changed_setting_is_named(built):
    run = built()
    setting = next(name for name in stage_module.notebook_parameters("clean") if name not in stage_module.COMMON)
    assert why_stale(run, "clean", {setting: "X"}) == f"the settings changed ({setting})"
    changed = Run(run.study, run.as_of, "en", {**run.settings, "clean": {setting: "X"}})
    assert why_stale(changed, "clean") == f"the settings changed ({setting})"
    assert why_stale(changed, "collect") is None


def test_another_version_of_a_package_is_named(built, monkeypatch):
    run = built()
    monkeypatch.setattr(freshness, "versions", lambda: {**stage_module.versions(), "pandas": "9.9"})
    assert why_stale(run, "clean") == "another version of pandas"


def test_a_changed_function_makes_its_stage_stale_and_not_its_siblings(built, tmp_path, monkeypatch):
    run = built()
    package = tmp_path / "customer_patterns"
    shutil.copytree(fingerprints.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprints, "PACKAGE", package)
    assert stale_stages(run) == {}
    changed = next((package / "cleaning").glob("[!_]*.py"))
    changed.write_text(changed.read_text() + "\n# changed\n")
    assert why_stale(run, "clean") == "the code changed"
    assert why_stale(run, "collect") is None
    assert why_stale(run, "behavior") is None
    shared = package / "warehouse" / "manifest.py"
    shared.write_text(shared.read_text() + "\n# changed\n")
    assert {why_stale(run, stage) for stage in stage_names()} == {"the code changed"}


def test_the_rerunning_code_itself_makes_nothing_stale(built, tmp_path, monkeypatch):
    run = built()
    package = tmp_path / "customer_patterns"
    shutil.copytree(fingerprints.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprints, "PACKAGE", package)
    pages = ("chapter/dressed", "publish", "at_once", "privacy_page", "registry")
    for name in ("reruns/build.py", "explore/opening.py", "__main__.py", *(f"reporting/{page}.py" for page in pages)):
        (package / name).write_text("# changed")
    assert stale_stages(run) == {}


def test_a_missing_or_broken_chapter_makes_its_stage_stale(built):
    run = built()
    chapter(run, "clean").unlink()
    assert why_stale(run, "clean") == "its chapter is missing"
    chapter(run, "behavior").write_text("{")
    assert why_stale(run, "behavior") == "its chapter is damaged"


def test_a_chapter_made_with_other_tables_makes_its_stage_stale(built):
    run = built()
    text = chapter(run, "clean").read_text()
    digest = json.loads(text)["cells"][-1]["outputs"][0]["metadata"]["customer_patterns"]["manifest"]
    chapter(run, "clean").write_text(text.replace(digest, "0" * 64))
    assert why_stale(run, "clean") == "its chapter was made with other tables"


def test_a_chapter_that_stopped_halfway_makes_its_stage_stale(built):
    run = built()
    content = json.loads(chapter(run, "clean").read_text())
    content["cells"][-1]["outputs"] = []
    chapter(run, "clean").write_text(json.dumps(content))
    assert why_stale(run, "clean") == "its chapter was made with other tables"


def test_changed_prose_in_the_notebook_makes_its_stage_stale(built):
    run = built()
    content = json.loads(chapter(run, "clean").read_text())
    content["cells"][0]["source"] = "# Another title"
    chapter(run, "clean").write_text(json.dumps(content))
    assert why_stale(run, "clean") == "the notebook's text changed"


def test_a_swap_that_was_killed_between_its_two_renames_is_undone(built):
    run = built()
    tables = folder(run, "clean")
    tables.rename(tables.with_name(".clean.old"))
    assert why_stale(run, "clean") is None
    assert tables.is_dir()


def test_the_project_itself_is_not_written_to(built):
    run = built()
    before = {path: path.stat().st_mtime_ns for path in (project_root() / "notebooks").iterdir()}
    stale_stages(run)
    assert before == {path: path.stat().st_mtime_ns for path in (project_root() / "notebooks").iterdir()}

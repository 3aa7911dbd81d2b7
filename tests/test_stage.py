"""A stage in its notebook: what it may be told, what it finds by itself, what it writes down."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.stage import (
    COMMON,
    Setting,
    Stage,
    check_parameters,
    code_fingerprint,
    effective_settings,
    fingerprints,
    notebook_parameters,
    notebook_path,
    open_stage,
    process,
    stage_names,
    study_fingerprint,
    upstream_of,
)
from customer_patterns.study import RunError, StudyError, open_run
from customer_patterns.study.places import OUTPUT_ROOT
from customer_patterns.warehouse import content_digest
from tests.notebooks_in_process import PLANTED, writing_into

DECLARED = {
    **{name: Setting(name, None, "") for name in COMMON},
    "window_days": Setting("window_days", 7, "how long"),
    "level": Setting("level", 0.95, "how sure"),
    "pattern": Setting("pattern", "A%", "which"),
    "strict": Setting("strict", False, "whether"),
    "cuts": Setting("cuts", [1, 2], "where"),
}


def settle(from_env=None, given=None, by_name=()):
    return effective_settings("web", DECLARED, from_env or {}, given or {}, by_name)


# Settings


def test_a_setting_is_the_default_or_what_env_yaml_says_or_what_is_given_by_name_the_last_of_these():
    assert settle()["window_days"] == Setting("window_days", 7, "how long", 7, "default")
    from_env = settle({"window_days": 14})["window_days"]
    assert (from_env.value, from_env.given_by) == (14, "env.yaml")
    named = settle({"window_days": 14}, {"window_days": 21})["window_days"]
    assert (named.value, named.given_by) == (21, "parameter")


def test_the_default_given_by_name_wins_over_env_yaml():
    told = settle({"window_days": 14}, {"window_days": 7}, ["window_days"])["window_days"]
    assert (told.value, told.given_by) == (7, "parameter")


def test_what_every_notebook_has_is_no_method_setting():
    assert set(settle()) == {"window_days", "level", "pattern", "strict", "cuts"}
    with pytest.raises(RunError, match="no parameter 'study'"):
        settle({"study": "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("window_days", "7"),
        ("window_days", 7.0),
        ("window_days", True),
        ("window_days", None),
        ("level", "0.9"),
        ("pattern", 3),
        ("strict", 1),
        ("strict", "yes"),
        ("cuts", 3),
        ("cuts", "ab"),
    ],
)
def test_a_value_of_another_type_than_its_default_is_refused(name, value):
    with pytest.raises(RunError, match=f"stage 'web': {name} is .* but must be"):
        settle({name: value})


def test_a_whole_number_may_stand_for_a_decimal_one():
    assert settle({"level": 1})["level"].value == 1.0
    assert isinstance(settle({"level": 1})["level"].value, float)


def test_a_misspelled_setting_gets_the_nearest_name_and_the_list():
    with pytest.raises(RunError, match=r"did you mean 'window_days'\?.*its settings: window_days, level"):
        settle({"window_day": 3})


@pytest.mark.parametrize("stage", stage_names())
def test_the_notebooks_declare_what_every_notebook_has_and_comment_the_rest(stage):
    declared = notebook_parameters(stage)
    assert list(declared)[: len(COMMON)] == list(COMMON)
    assert all(declared[name].default is None for name in COMMON)
    assert [name for name, setting in declared.items() if name not in COMMON and not setting.comment] == []


def test_parameters_for_papermill_are_checked_by_name_and_type():
    check_parameters("collect", {"study": PLANTED, "thin_day_share": 0.4})
    with pytest.raises(RunError, match="did you mean 'thin_day_share'"):
        check_parameters("collect", {"thin_day_shares": 0.4})
    with pytest.raises(RunError, match="must be a number"):
        check_parameters("collect", {"thin_day_share": "many"})


def test_a_stage_that_does_not_exist_gets_the_nearest_name():
    with pytest.raises(RunError, match="did you mean 'behavior'"):
        notebook_path("behaviour")
    with pytest.raises(RunError, match="did you mean 'clean'"):
        upstream_of("claen")


# Opening


def nothing_given(**given) -> dict:
    return {**dict.fromkeys(COMMON), **given}


def test_a_notebook_that_is_given_nothing_finds_study_day_language_folders_and_settings(planted_root, planted_run):
    namespace = nothing_given(study=PLANTED)
    with writing_into(planted_root):
        stage = open_stage("clean", namespace)
    assert (stage.study.name, str(stage.as_of), stage.run.language) == (PLANTED, "2017-12-31", "en")
    assert stage.folder == planted_run / "clean"
    assert stage.upstream == {"collect": planted_run / "collect"}
    assert namespace["fuel_types"] == notebook_parameters("clean")["fuel_types"].default


def test_settings_of_env_yaml_reach_the_notebooks_names(planted_root, planted_run):
    namespace = nothing_given(study=PLANTED, settings={"fuel_types": "DIESEL%"})
    with writing_into(planted_root):
        stage = open_stage("clean", namespace)
    assert namespace["fuel_types"] == "DIESEL%"
    assert "setting fuel_types = 'DIESEL%' (by env.yaml" in repr(stage)


def test_ploombers_folders_win_over_our_own(planted_root, planted_run, tmp_path):
    shutil.copytree(planted_run / "collect", tmp_path / "collect")
    namespace = nothing_given(
        study=PLANTED,
        product={"nb": "x.ipynb", "tables": str(tmp_path / "mine")},
        upstream={"collect": {"nb": "y.ipynb", "tables": str(tmp_path / "collect")}},
    )
    with writing_into(planted_root):
        stage = open_stage("clean", namespace)
    assert (stage.folder, stage.upstream["collect"]) == (tmp_path / "mine", tmp_path / "collect")


@pytest.mark.parametrize(
    ("given", "error", "part"),
    [
        ({"study": "planted-shp"}, StudyError, "did you mean 'planted-shop'"),
        ({"study": PLANTED, "as_of": "2018-01-01"}, RunError, "outside the study"),
        ({"study": PLANTED, "as_of": "31.12.2017"}, RunError, "is not a day"),
        ({"study": PLANTED, "language": "xx"}, RunError, "language 'xx' is not known"),
        ({"study": PLANTED, "settings": {"fuel_typs": "x"}}, RunError, "did you mean 'fuel_types'"),
        ({"study": PLANTED, "fuel_types": 3}, RunError, "must be text"),
        ({"study": PLANTED, "as_of": "2017-01-15"}, warehouse.WarehouseError, "make reports"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_the_first_cell(planted_root, planted_run, given, error, part):
    with writing_into(planted_root), pytest.raises(error) as refused:
        open_stage("clean", nothing_given(**given))
    assert part in str(refused.value)
    assert refused.value._render_traceback_() == [f"{error.__name__}: {refused.value}"]


def test_what_a_stage_shows_of_itself_are_tables_with_rows_and_columns_and_no_row(planted_root, planted_run):
    with writing_into(planted_root):
        stage = open_stage("behavior", nothing_given(study=PLANTED))
        shown = repr(stage)
        customers = set(stage.tables.customers.customer_id.to_pandas())
    assert shown.startswith("Stage behavior of study planted-shop, as of 2017-12-31")
    assert "clean.order_lines:" in shown
    assert not customers & set(shown.split())


def test_the_later_stages_table_wins_and_all_findings_arrive(planted_root, planted_run):
    with writing_into(planted_root):
        summary = open_stage("summary", nothing_given(study=PLANTED))
    assert "line_kind" in summary.tables.order_lines.columns
    assert {finding.stage for finding in summary.findings} >= {"collect", "clean", "behavior"}


# Writing

SIZES = TableSchema("sizes", "table", ("name",), (Column("name", "text", "which"), Column("rows", "integer", "rows")))


@pytest.fixture
def small(tmp_path, monkeypatch, planted_run) -> Stage:
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return Stage(
        name="clean",
        run=open_run(PLANTED),
        settings={"fuel_types": Setting("fuel_types", "G%", "which", "D%", "parameter")},
        folder=tmp_path / "clean",
        upstream={"collect": planted_run / "collect"},
        backend=warehouse.connect(),
        code="c" * 64,
    )


def test_a_manifest_names_inputs_code_settings_and_versions(small, planted_run):
    small.write({"sizes": pd.DataFrame({"name": ["a"], "rows": [1]})}, schemas=[SIZES], inputs={"slip": "s" * 64})
    manifest = warehouse.verify(small.folder)
    assert manifest["inputs"] == {
        "study file": study_fingerprint(small.study),
        "collect": content_digest(warehouse.read_manifest(planted_run / "collect")),
        "slip": "s" * 64,
    }
    assert manifest["code"] == "c" * 64
    assert manifest["settings"]["fuel_types"] == {
        "value": "D%",
        "default": "G%",
        "comment": "which",
        "given_by": "parameter",
    }
    assert set(manifest["versions"]) >= {"python", "pandas", "duckdb"}


def test_a_chapter_carries_the_manifest_it_wrote_beside_its_text(small):
    written = small.write({"sizes": pd.DataFrame({"name": ["a"], "rows": [1]})}, schemas=[SIZES])
    data, metadata = written._repr_mimebundle_()
    assert data == {"text/plain": "Stage clean wrote\n  sizes: 1 rows"}
    assert metadata["customer_patterns"] == {
        "stage": "clean",
        "manifest": warehouse.sha256(small.folder / "manifest.json"),
        "tables": {"sizes": warehouse.sha256(small.folder / "sizes.parquet")},
    }


# Fingerprints


def test_the_content_of_a_stage_changes_with_its_tables_and_findings_only():
    manifest = {"tables": {"a": {"sha256": "1", "rows": 3}}, "findings": "2", "code": "x"}
    assert content_digest(manifest) == content_digest({**manifest, "code": "y", "versions": {}})
    assert content_digest(manifest) != content_digest({**manifest, "findings": "3"})
    assert content_digest(manifest) != content_digest({**manifest, "tables": {"a": {"sha256": "2"}}})


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "customer_patterns"
    shutil.copytree(fingerprints.PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprints, "PACKAGE", folder)
    return folder


@pytest.mark.parametrize(
    ("file", "stages"),
    [
        ("sources/collect.py", {"collect", "laboratory"}),  # whose scores may rest on any method
        ("cleaning/rules.py", {"clean", "laboratory"}),
        (
            "behavior/rhythm.py",
            {"behavior", "patterns", "segments", "outlook", "laboratory"},
        ),  # notebooks call each other's rooms
        ("laboratory/trial.py", {"laboratory"}),
        ("warehouse/manifest.py", set(stage_names())),
        ("estimates/bootstrap.py", set(stage_names())),
        ("wording/formats.py", set(stage_names())),
        ("reruns/build.py", set()),
        ("explore/opening.py", set()),
        # data, but it decides what is written; the summary draws the tiers again
        ("segments/tags/registry.yaml", {"segments", "outlook", "laboratory", "summary"}),
        ("sources/planted_shop/plan.py", {"laboratory"}),
    ],
)
def test_a_changed_file_concerns_the_stages_that_use_it(package, file, stages):
    before = {stage: code_fingerprint(stage) for stage in stage_names()}
    (package / file).write_text((package / file).read_text() + "\n# changed\n")
    assert {stage for stage in stage_names() if code_fingerprint(stage) != before[stage]} == stages


def test_the_stored_outputs_of_a_notebook_are_not_its_code(tmp_path, monkeypatch):
    before = code_fingerprint("clean")
    content = json.loads(notebook_path("clean").read_text())
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    (tmp_path / "02-clean.ipynb").write_text(json.dumps(content))
    monkeypatch.setattr(fingerprints, "notebook_path", lambda stage: tmp_path / "02-clean.ipynb")
    assert code_fingerprint("clean") == before
    content["cells"][-1]["source"] = ["stage.write({})"]
    (tmp_path / "02-clean.ipynb").write_text(json.dumps(content))
    assert code_fingerprint("clean") != before


@pytest.mark.parametrize("library", [OSError("no such library"), AttributeError("no such function")])
def test_a_c_library_without_places_for_memory_stops_no_stage(monkeypatch, library):
    def without(_):
        raise library

    monkeypatch.setattr(process.platform, "system", lambda: "Linux")
    monkeypatch.setattr(process.ctypes, "CDLL", without)
    process.give_memory_back()


@pytest.mark.parametrize(("chosen", "used"), [(None, "system"), ("mimalloc", "mimalloc")])
def test_arrow_keeps_no_memory_to_itself_unless_somebody_has_chosen_so(chosen: str | None, used: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    program = "import customer_patterns.stage, pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    env |= {} if chosen is None else {"ARROW_DEFAULT_MEMORY_POOL": chosen}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [used]

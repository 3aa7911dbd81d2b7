"""A run: one study at one day in one language, and where it lies."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from customer_patterns.study import (
    RunError,
    chapters_folder,
    nearest,
    open_run,
    output_root,
    project_root,
    read_env,
    reports_folder,
    run_folder,
    stage_folder,
)
from customer_patterns.study.places import OUTPUT_ROOT


@pytest.fixture
def env(tmp_path, monkeypatch):
    """Write an ``env.yaml`` of one's own."""
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return lambda text: (tmp_path / "env.yaml").write_text(text)


WHOLE = "study: planted-shop\nas_of: 2017-06-30\nlanguage: en\nsettings: {clean: {fuel_types: X}, collect: }\n"


def test_what_is_not_given_is_taken_from_env_yaml(env):
    env(WHOLE)
    run = open_run()
    assert (run.study.name, run.as_of, run.language) == ("planted-shop", date(2017, 6, 30), "en")
    assert run.settings == {"clean": {"fuel_types": "X"}, "collect": {}}


def test_the_day_of_env_yaml_belongs_to_the_study_of_env_yaml(env):
    env(WHOLE)
    assert open_run("complete-journey").as_of == date(2017, 12, 31)
    assert open_run("planted-shop").as_of == date(2017, 6, 30)


@pytest.mark.parametrize("day", ["2017-03-31", date(2017, 3, 31), datetime(2017, 3, 31, 12)])
def test_a_day_may_be_text_or_a_date(day):
    assert open_run("planted-shop", day).as_of == date(2017, 3, 31)


@pytest.mark.parametrize("day", ["2017-01-01", "2017-12-31"])
def test_the_first_and_the_last_day_of_the_study_are_in_it(day):
    assert open_run("planted-shop", day).as_of.isoformat() == day


@pytest.mark.parametrize("day", ["2016-12-31", "2018-01-01"])
def test_a_day_outside_the_study_is_refused_with_its_days(day):
    with pytest.raises(RunError, match="from 2017-01-01 to 2017-12-31; give a day within it"):
        open_run("planted-shop", day)


@pytest.mark.parametrize("day", ["", "31.12.2017", "2017-02-30", "2017-6-1", "today", 20170101])
def test_what_is_no_day_is_refused(day):
    with pytest.raises(RunError, match=r"is not a day|outside the study"):
        open_run("planted-shop", day)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "env.yaml is empty"),
        ("- a\n", "env.yaml is empty"),
        ("study: [\n", "env.yaml cannot be read"),
        ("study: planted-shop\nas_of: 2017-02-30\n", "env.yaml cannot be read: day is out of range"),
        ("studi: x\n", "env.yaml has 'studi', which is not known; did you mean 'study'?"),
        ("language: en\n", "no study is named"),
        ("study: planted-shop\nas_of: never\n", "is not a day"),
        ("study: planted-shop\nlanguage: e\n", "did you mean 'en'?"),
        ("study: planted-shop\nsettings: [clean]\n", "'settings' must list the stages"),
        ("study: planted-shop\nsettings: {clean: strict}\n", "clean"),
    ],
)
def test_a_fault_in_env_yaml_is_named(env, text, part):
    env(text)
    with pytest.raises(RunError) as error:
        open_run()
    assert part in str(error.value)


def test_a_run_writes_below_the_output_root_and_reads_the_projects_env_yaml(tmp_path, monkeypatch):
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    day = date(2017, 9, 30)
    assert output_root() == tmp_path.resolve()
    for folder in (
        run_folder("shop", day),
        stage_folder("shop", day, "clean"),
        chapters_folder("shop", day),
        reports_folder("shop", day, "en"),
    ):
        assert folder.is_relative_to(tmp_path)
        assert "2017-09-30" in folder.parts
    assert read_env()["study"] == "complete-journey"


def test_the_project_is_found_from_any_folder_inside_and_from_outside(monkeypatch, tmp_path):
    root = project_root()
    monkeypatch.chdir(root / "notebooks" / "scratch")
    assert project_root() == root
    monkeypatch.chdir(tmp_path)
    assert (project_root() / "pipeline.yaml").is_file()


def test_a_name_is_suggested_only_where_one_is_near():
    assert nearest("behaviour", ["behavior", "clean"]) == "; did you mean 'behavior'?"
    assert nearest("xyz", ["behavior", "clean"]) == ""

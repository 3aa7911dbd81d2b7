"""What a scheduler calls, from refusal to a run that was killed, on the planted shop."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from customer_patterns.reruns.build import build_reports
from customer_patterns.reruns.lock import LOCK
from customer_patterns.reruns.rerun import read_parameters, rerun
from customer_patterns.stage import notebook_path, stage_names
from customer_patterns.study import RunError, project_root
from customer_patterns.study.places import OUTPUT_ROOT
from customer_patterns.warehouse import sha256
from tests.notebooks_in_process import PLANTED, deliver, writing_into

DAY = "2017-03-31"


def run_folder(root: Path) -> Path:
    return root / "data" / "runs" / PLANTED / DAY


def status(root: Path) -> dict:
    return json.loads((run_folder(root) / "status.json").read_text())


def history(root: Path) -> list[dict[str, str]]:
    with (root / "data" / "runs" / "history.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def pages(root: Path) -> dict[str, str]:
    folder = root / "reports" / PLANTED / DAY / "en"
    return {path.name: sha256(path) for path in sorted(folder.glob("*.html"))}


@pytest.fixture(scope="module")
def killed_and_repaired(tmp_path_factory: pytest.TempPathFactory, planted_delivery: Path) -> tuple[Path, dict]:
    """A root in which a rerun was killed while its second stage ran, and then called again."""
    root = deliver(planted_delivery, tmp_path_factory.mktemp("rerun"))
    call = [sys.executable, "-m", "customer_patterns", "rerun", "--study", PLANTED, "--as-of", DAY]
    process = subprocess.Popen(
        call,
        cwd=project_root(),
        env={**os.environ, OUTPUT_ROOT: str(root)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            if status(root)["stage"] == "clean":
                break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    left = status(root)
    with writing_into(root):
        again = rerun(PLANTED, DAY, progress=False)
    assert again.code == 0, again.status
    return root, left


def test_a_run_that_was_killed_is_taken_up_where_it_stopped(killed_and_repaired):
    root, left = killed_and_repaired
    assert (left["state"], left["stage"], left["stages_run"]) == ("running", "clean", ["collect"])
    assert status(root)["state"] == "done"
    assert status(root)["stages_skipped"] == ["collect"]
    assert status(root)["stages_run"] == [name for name in stage_names() if name != "collect"]
    assert not [path for path in run_folder(root).rglob("*") if ".fresh" in path.name or path.name.endswith(".old")]


def test_all_chapters_are_published_and_the_run_is_in_the_history(killed_and_repaired):
    root, _ = killed_and_repaired
    assert set(pages(root)) == {"index.html", "privacy.html"} | {
        f"{notebook_path(stage).stem}.html" for stage in stage_names() if stage != "summary"
    }
    assert history(root)[0]["result"] == "done"
    assert history(root)[0]["as_of"] == DAY


def test_a_second_rerun_and_a_build_by_ploomber_find_nothing_to_do_and_change_no_page(killed_and_repaired):
    root, _ = killed_and_repaired
    before, rows = pages(root), len(history(root))
    with writing_into(root):
        assert rerun(PLANTED, DAY, progress=False).status.stages_run == ()
        built = build_reports(PLANTED, DAY, progress=False)
    assert built.ran == {}
    assert pages(root) == before
    assert len(history(root)) == rows + 1


def test_ploomber_builds_what_is_damaged_and_what_follows_it_and_gives_the_same_pages(killed_and_repaired):
    root, _ = killed_and_repaired
    before = pages(root)
    collected = (run_folder(root) / "collect" / "manifest.json").stat().st_mtime_ns
    (run_folder(root) / "behavior" / "manifest.json").unlink()
    with writing_into(root):
        built = build_reports(PLANTED, DAY, progress=False)
    assert built.ran == {
        "behavior": "its manifest is missing",
        "segments": "follows behavior",
        "outlook": "follows behavior",
        "satisfaction": "follows segments",
        "summary": "follows behavior",
    }
    assert (run_folder(root) / "collect" / "manifest.json").stat().st_mtime_ns == collected
    assert pages(root) == before


def test_ploombers_own_commands_find_that_run_current(killed_and_repaired, tmp_path):
    with writing_into(killed_and_repaired[0]):
        build_reports(PLANTED, DAY, progress=False)  # tells Ploomber what the rerun made
    project = tmp_path / "project"
    shutil.copytree(project_root() / "notebooks", project / "notebooks")
    for name in ("pipeline.yaml", "env.yaml"):
        shutil.copy(project_root() / name, project)
    shutil.copytree(killed_and_repaired[0] / "data" / "runs", project / "data" / "runs")
    call = [str(Path(sys.executable).with_name("ploomber")), "status", "--env--study", PLANTED, "--env--as_of", DAY]
    env = {**os.environ, "COLUMNS": "400"}
    done = subprocess.run(call, cwd=project, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [line for line in done.stdout.splitlines() if line.split(" ")[0] in stage_names()]
    assert sorted(line.split()[0] for line in rows) == sorted(stage_names())
    assert all(" False " in line for line in rows), done.stdout  # the column "Outdated?"


def test_a_failing_stage_is_named_once_and_the_pages_stay(killed_and_repaired, tmp_path):
    root = tmp_path / "root"
    shutil.copytree(killed_and_repaired[0], root)
    before = pages(root)
    # an error page where the customers should be
    customers = root / "data" / "raw" / PLANTED / "customers.csv"
    customers.write_text("<html><body>Bad Gateway</body></html>", encoding="utf-8")
    call = [sys.executable, "-m", "customer_patterns", "reports", "--study", PLANTED, "--as-of", DAY]
    env = {**os.environ, OUTPUT_ROOT: str(root)}
    built = subprocess.run(call, cwd=project_root(), env=env, capture_output=True, text=True, check=False)
    assert built.returncode == 2
    said = [line for line in built.stderr.splitlines() if "cell/s" not in line and "s/cell" not in line]
    assert [line for line in said if "E_NOT_CSV" in line] == [said[-1]]
    assert "Traceback" not in built.stderr
    assert pages(root) == before
    with writing_into(root):
        again = rerun(PLANTED, DAY, progress=False)
    assert (again.code, again.status.state, again.status.stage) == (2, "refused", "collect")
    assert "E_NOT_CSV" in again.status.reason
    assert pages(root) == before


# What is decided before any stage runs.


@pytest.fixture
def root(tmp_path, planted_delivery, monkeypatch):
    folder = deliver(planted_delivery, tmp_path / "root")
    monkeypatch.setenv(OUTPUT_ROOT, str(folder))
    return folder


def test_a_run_whose_lock_is_held_waits_and_leaves_the_status_alone(root):
    run_folder(root).mkdir(parents=True)
    with (run_folder(root) / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        outcome = rerun(PLANTED, DAY, progress=False)
    assert (outcome.code, outcome.status.state) == (75, "waiting")
    assert "at work" in outcome.status.reason
    assert not (run_folder(root) / "status.json").exists()
    assert history(root)[-1]["result"] == "waiting"


def test_a_delivery_that_is_not_there_yet_waits(root):
    (root / "data" / "raw" / PLANTED / "products.parquet").unlink()
    outcome = rerun(PLANTED, DAY, progress=False)
    assert (outcome.code, status(root)["state"]) == (75, "waiting")
    assert "products.parquet is not there" in outcome.status.reason


@pytest.mark.parametrize(
    ("study", "day", "parameters", "part"),
    [
        ("planted-shp", None, [], "did you mean 'planted-shop'?"),
        (PLANTED, "2016-12-31", [], "outside the study"),
        (PLANTED, "2018-01-01", [], "outside the study"),
        (PLANTED, "yesterday", [], "is not a day"),
        (PLANTED, None, ["clean.fuel_typs=x"], "did you mean 'fuel_types'?"),
        (PLANTED, None, ["claen.fuel_types=x"], "did you mean 'clean'?"),
        (PLANTED, None, ["collect.thin_day_share=many"], "must be a number"),
        (PLANTED, None, ["collect.study=other"], "is no setting"),
        (PLANTED, None, ["nonsense"], "write it like"),
    ],
)
def test_what_cannot_be_run_is_refused_before_any_work(root, study, day, parameters, part):
    outcome = rerun(study, day, None, parameters, progress=False)
    assert (outcome.code, outcome.status.state) == (2, "refused")
    assert part in outcome.status.reason
    assert history(root)[-1]["reason"] == " ".join(outcome.status.reason.split())
    assert not list((root / "data" / "runs").glob("*/*/collect"))


def test_text_stays_text_and_numbers_become_numbers():
    given = read_parameters(["clean.fuel_types=00123", "collect.thin_day_share=0.25"])
    assert given == {"clean": {"fuel_types": "00123"}, "collect": {"thin_day_share": 0.25}}


def test_a_parameter_is_named_by_its_stage():
    with pytest.raises(RunError, match="write it like"):
        read_parameters(["thin_day_share=0.25"])

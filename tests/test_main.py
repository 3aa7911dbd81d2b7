"""The commands: what they accept, what they say, and with which exit code they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from customer_patterns.__main__ import main
from customer_patterns.reruns import BuildFailed, StageFailed, Waiting
from customer_patterns.study import RunError, project_root
from customer_patterns.study.places import OUTPUT_ROOT


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["reports", "--study", "planted-shp"], "did you mean 'planted-shop'?"),
        (["reports", "--study", "planted-shop", "--as-of", "2016-12-31"], "outside the study"),
        (["reports", "--study", "planted-shop", "--as-of", "2018-01-01"], "outside the study"),
        (["reports", "--language", "xx"], "language 'xx' is not known"),
        (["rerun", "--study", "planted-shop", "-p", "clean.fuel_typs=x"], "did you mean 'fuel_types'?"),
        (["simulate", "complete-journey", "--customers", "5"], "leave out --customers"),
        (["simulate", "--customers", "0"], "customer"),
        (["new-stage", "clean", "--number", "10", "--upstream", "collect"], "there is a stage 'clean' already"),
    ],
)
def test_what_is_refused_is_said_in_one_sentence_with_exit_code_2(root, capsys, arguments, part):
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert part in said.err
    assert "Traceback" not in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert not (root / "reports").exists()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RunError("no"), 2),
        (Waiting("later"), 75),
        (StageFailed("clean", "ZeroDivisionError", refused=False), 1),
        (StageFailed("clean", "no rows", refused=True), 2),
        (BuildFailed("pages"), 1),
        (ModuleNotFoundError("No module named 'ibis'", name="ibis"), 2),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_ending_has_its_exit_code_and_its_sentence(monkeypatch, capsys, error, code):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("customer_patterns.reruns.build.build_reports", fail)
    assert main(["reports"]) == code
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1
    assert said


def test_a_missing_package_is_named_with_the_remedy(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['ibis'] = None\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    call = [sys.executable, "-m", "customer_patterns", "reports"]
    done = subprocess.run(call, cwd=project_root(), env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.strip() == "the Python package 'ibis' is not installed; run 'make setup'"


def test_a_delivery_is_simulated_once_and_replaced_only_when_told(root, capsys):
    assert main(["simulate", "--customers", "5", "--seed", "3"]) == 0
    slip = root / "data" / "raw" / "planted-shop" / "DELIVERY.json"
    assert json.loads(slip.read_text())["customers"] == 5
    assert "Simulated " in capsys.readouterr().out
    assert main(["simulate", "--customers", "6"]) == 2
    assert "--replace" in capsys.readouterr().err
    assert main(["simulate", "--customers", "6", "--replace"]) == 0
    assert json.loads(slip.read_text())["customers"] == 6


def test_help_lists_every_command_and_loads_nothing_heavy():
    program = (
        "import sys, contextlib\nfrom customer_patterns.__main__ import main\n"
        "with contextlib.suppress(SystemExit): main(['--help'])\n"
        "print('heavy:', [name for name in ('ibis', 'pandas', 'ploomber', 'duckdb') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "heavy: []" in done.stdout
    for command in ("reports", "rerun", "simulate", "store-outputs", "dictionary", "new-stage"):
        assert command in done.stdout


def test_a_name_that_is_no_command_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["report"])
    assert ended.value.code == 2
    assert "reports" in capsys.readouterr().err

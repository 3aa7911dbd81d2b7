"""What is checked and made before any stage runs."""

from __future__ import annotations

import shutil

import pytest

from customer_patterns.reruns import prepare
from customer_patterns.reruns.outcome import Waiting, stage_failed
from customer_patterns.reruns.prepare import check_settings, deliver, simulate_if_absent
from customer_patterns.sources import DeliveryError
from customer_patterns.study import Run, RunError, open_run
from customer_patterns.study.places import OUTPUT_ROOT


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return open_run("planted-shop")


def with_settings(run: Run, settings: dict) -> Run:
    return Run(run.study, run.as_of, run.language, settings)


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"claen": {}}, "env.yaml, settings: there is no stage 'claen'; did you mean 'clean'?"),
        ({"clean": {"fuel_typs": "x"}}, "did you mean 'fuel_types'?"),
        ({"clean": {"fuel_types": 3}}, "must be text"),
        ({"collect": {"thin_day_share": True}}, "must be a number"),
    ],
)
def test_a_setting_that_does_not_exist_or_has_the_wrong_type_is_refused(run, settings, part):
    with pytest.raises(RunError) as error:
        check_settings(with_settings(run, settings))
    assert part in str(error.value)


def test_the_settings_of_env_yaml_pass(run):
    check_settings(run)


def test_a_simulated_delivery_is_made_where_there_is_none_and_never_again(run, tmp_path):
    small = run.study.model_copy(update={"simulator": run.study.simulator.model_copy(update={"customers": 5})})
    assert simulate_if_absent(small) == tmp_path / "data" / "raw" / "planted-shop"
    slip = tmp_path / "data" / "raw" / "planted-shop" / "DELIVERY.json"
    before = slip.stat().st_mtime_ns
    assert simulate_if_absent(small) is None
    assert slip.stat().st_mtime_ns == before


def test_half_a_delivery_is_not_replaced_but_waited_for(run, tmp_path, planted_delivery):
    folder = tmp_path / "data" / "raw" / "planted-shop"
    shutil.copytree(planted_delivery, folder)
    (folder / "coupons.parquet").unlink()
    with pytest.raises(Waiting, match=r"coupons\.parquet is not there"):
        deliver(run)
    assert not (folder / "coupons.parquet").exists()


def test_a_package_that_is_not_installed_is_refused_and_not_waited_for(run):
    source = run.study.sources[0].model_copy(update={"reader": "package", "location": "no_such_package/x.parquet"})
    study = run.study.model_copy(update={"simulator": None, "sources": (source,)})
    with pytest.raises(DeliveryError, match="'no_such_package' is not installed"):
        deliver(Run(study, run.as_of, "en", {}))


def test_only_one_builds_at_a_time(run):
    from customer_patterns.reruns.lock import only_build

    with only_build(run), pytest.raises(Waiting, match="at work"), only_build(run):
        pass
    with only_build(run):
        pass


def test_a_notebook_that_broke_is_told_from_one_that_refused(tmp_path):
    def executed(name: str, message: str):
        import json

        error = {"output_type": "error", "ename": name, "evalue": message, "traceback": []}
        cells = [
            {"cell_type": "markdown", "metadata": {}, "source": ""},
            {"cell_type": "code", "metadata": {}, "source": "", "outputs": []},
            {"cell_type": "code", "metadata": {}, "source": "", "outputs": [error]},
        ]
        path = tmp_path / "notebook.ipynb"
        path.write_text(json.dumps({"cells": cells}))
        return stage_failed("clean", path, RuntimeError("x"))

    refused = executed("SchemaError", "table t: a is empty in 3 rows")
    assert (refused.refused, str(refused)) == (True, "stage 'clean' stopped: table t: a is empty in 3 rows")
    broke = executed("ZeroDivisionError", "division by zero")
    assert (broke.refused, broke.reason) == (False, "ZeroDivisionError in cell 2: division by zero")
    gone = stage_failed("clean", tmp_path / "none.ipynb", RuntimeError("first\nKernel died"))
    assert (gone.refused, gone.reason) == (False, "RuntimeError: Kernel died")


def test_no_room_below_is_missed_when_refusals_are_told_from_errors():
    from customer_patterns.reruns.outcome import _refusals

    assert {"RunError", "StudyError", "WarehouseError", "SchemaError", "DeliveryError"} <= _refusals()
    assert prepare.Waiting is Waiting

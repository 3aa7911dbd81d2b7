"""Stages that do not wait for each other run at the same time; a failure stops only those that read it."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from ploomber import DAG
    from ploomber.constants import TaskStatus
    from ploomber.exceptions import DAGBuildError
    from ploomber.products import File
    from ploomber.tasks import PythonCallable

from customer_patterns.reruns.side_by_side import SideBySide

READS = {
    "collect": [],
    "clean": ["collect"],
    "behavior": ["clean"],
    "patterns": ["clean"],
    "summary": ["behavior", "patterns"],
}


class Kitchen:
    """A pipeline of functions: collect, then clean; behavior and patterns read clean; summary reads both."""

    def __init__(self, folder: Path, *, at_once: int, **work: Callable[[], None]) -> None:
        self.begun: list[str] = []
        self.dag = DAG(executor=SideBySide(at_once))
        for name, upstream in READS.items():
            task = PythonCallable(self.stage(name, work.get(name)), File(str(folder / name)), self.dag, name=name)
            for other in upstream:
                self.dag[other] >> task

    def stage(self, name: str, work: Callable[[], None] | None) -> Callable:
        def run(product, upstream=None):
            self.begun.append(name)
            if work is not None:
                work()
            Path(str(product)).write_text(name, encoding="utf-8")

        def first(product):
            run(product)

        return run if READS[name] else first

    def build(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.dag.build(show_progress=False)

    def status(self, name: str) -> TaskStatus:
        return self.dag[name].exec_status


def test_two_stages_that_read_the_same_run_at_the_same_time(tmp_path):
    both = threading.Barrier(2, timeout=20)  # breaks where one is only begun after the other
    kitchen = Kitchen(tmp_path, at_once=2, behavior=both.wait, patterns=both.wait)
    kitchen.build()
    assert kitchen.begun[:2] == ["collect", "clean"]
    assert kitchen.begun[-1] == "summary"
    assert all((tmp_path / name).read_text() == name for name in READS)


def test_one_at_a_time_never_meets(tmp_path):
    both = threading.Barrier(2, timeout=0.2)
    kitchen = Kitchen(tmp_path, at_once=1, behavior=both.wait, patterns=both.wait)
    with pytest.raises(DAGBuildError) as failure:
        kitchen.build()
    assert isinstance(failure.value.__cause__, threading.BrokenBarrierError)


def test_a_failure_stops_what_reads_it_and_nothing_else(tmp_path):
    def burn() -> None:
        raise ValueError("burnt")

    kitchen = Kitchen(tmp_path, at_once=2, behavior=burn)
    with pytest.raises(DAGBuildError, match="failed: behavior") as failure:
        kitchen.build()
    assert str(failure.value.__cause__) == "burnt"
    assert kitchen.status("patterns") == TaskStatus.Executed
    assert kitchen.status("behavior") == TaskStatus.Errored
    assert kitchen.status("summary") == TaskStatus.Aborted
    assert not (tmp_path / "summary").exists()


def test_what_is_current_does_not_run_again(tmp_path):
    Kitchen(tmp_path, at_once=2).build()
    again = Kitchen(tmp_path, at_once=2)
    again.build()
    assert again.begun == []

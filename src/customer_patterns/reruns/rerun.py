"""What a scheduler calls: run what is stale of a run by papermill, publish, and say how it went.

Killed at any moment, the next call takes up where this one stopped: a stage's tables and its chapter are each swapped
in whole, and a stage counts as done only when both belong together.
"""

from __future__ import annotations

import contextlib
import os
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from customer_patterns.reporting.chapter import no_grammars
from customer_patterns.reruns.freshness import why_stale
from customer_patterns.reruns.history import Status, append_history, write_status
from customer_patterns.reruns.lock import only_build
from customer_patterns.reruns.outcome import FAILED, REFUSED, WAITING, BuildFailed, StageFailed, Waiting, stage_failed
from customer_patterns.reruns.prepare import Given, check_settings, deliver
from customer_patterns.reruns.warm import warm_kernels
from customer_patterns.schemas import Refusal
from customer_patterns.stage import notebook_parameters, notebook_path, pipeline_tasks, stage_names
from customer_patterns.study import (
    Run,
    RunError,
    chapters_folder,
    nearest,
    open_run,
    output_root,
    project_root,
    run_folder,
)

_CODES = {"done": 0, "failed": FAILED, "refused": REFUSED, "waiting": WAITING}


@dataclass(frozen=True)
class Outcome:
    """How a rerun ended."""

    status: Status
    seconds: float

    @property
    def code(self) -> int:
        """The exit code."""
        return _CODES[self.status.state]


def rerun(
    study: str | None = None,
    as_of: str | None = None,
    language: str | None = None,
    parameters: Iterable[str] = (),
    *,
    progress: bool = True,
) -> Outcome:
    """Run every stage that is not current, publish, and record the outcome. Never raises for what can go wrong.

    Parameters
    ----------
    study, as_of, language
        The run; what is not given is taken from ``env.yaml``, the date from the study.
    parameters
        Method settings, each as ``stage.name=value``.
    progress
        Whether to say what is done.
    """
    started = time.perf_counter()
    status = Status(study or "", as_of or "", language or "")
    run: Run | None = None
    try:
        run = open_run(study, as_of, language)
        status.study, status.as_of, status.language = run.study.name, run.as_of.isoformat(), run.language
        with contextlib.chdir(project_root()), only_build(run), warm_kernels():
            try:
                _rerun(run, read_parameters(parameters), status, progress=progress)
            except BaseException as error:
                _note(status, error)
                raise
            finally:
                write_status(run, status)
    except Exception as error:
        _note(status, error)
        if status.state == "failed" and not isinstance(error, BuildFailed):
            traceback.print_exc()
    seconds = time.perf_counter() - started
    append_history(status, seconds=seconds)
    return Outcome(status, seconds)


def read_parameters(given: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Read ``stage.name=value``; text stays text, everything else is read as YAML.

    Raises
    ------
    RunError
        For another form, or a stage or setting that does not exist.
    """
    found: dict[str, dict[str, Any]] = {}
    for entry in given:
        target, equals, text = entry.partition("=")
        stage, dot, name = target.strip().partition(".")
        if not (equals and dot and stage and name):
            raise RunError(f"parameter {entry!r} cannot be read; write it like collect.thin_day_share=0.4")
        if stage not in stage_names():
            raise RunError(f"parameter {entry}: there is no stage '{stage}'{nearest(stage, stage_names())}")
        declared = notebook_parameters(stage).get(name)
        keep = declared is not None and isinstance(declared.default, str)
        try:
            found.setdefault(stage, {})[name] = text if keep else yaml.safe_load(text)
        except yaml.YAMLError:
            raise RunError(f"parameter {entry}: the value cannot be read") from None
    return found


def _rerun(run: Run, given: Given, status: Status, *, progress: bool) -> None:
    check_settings(run, given)
    write_status(run, status)
    deliver(run)
    for task in pipeline_tasks():
        stage = task["name"]
        reason = why_stale(run, stage, given.get(stage))
        if progress:
            print(f"  {stage:<9} {reason or 'is current'}", flush=True)
        if reason is None:
            status.stages_skipped += (stage,)
            continue
        status.stage = stage
        write_status(run, status)
        _run_stage(run, task, dict(given.get(stage, {})))
        status.stages_run += (stage,)
    status.stage = "publishing"
    write_status(run, status)
    publish_pages(run)
    status.stage, status.state = "", "done"


def _run_stage(run: Run, task: dict[str, Any], given: dict[str, Any]) -> None:
    """Execute one notebook beside its chapter's place and put it there when it is whole."""
    with no_grammars():
        import papermill

    stage = task["name"]
    notebook = notebook_path(stage)
    folder = chapters_folder(run.study.name, run.as_of)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{notebook.stem}.fresh.ipynb"
    fresh.unlink(missing_ok=True)  # a killed run's; what a kernel that dies leaves is nothing
    common = {"study": run.study.name, "as_of": run.as_of.isoformat()}
    try:
        papermill.execute_notebook(
            notebook, fresh, {**common, **given}, progress_bar=False, **task.get("executor_params", {})
        )
    except Exception as error:
        failed = stage_failed(stage, fresh, error)
        if fresh.is_file():  # for whoever looks into it; never published
            stopped = run_folder(run.study.name, run.as_of) / "stopped"
            stopped.mkdir(exist_ok=True)
            os.replace(fresh, stopped / notebook.name)
        raise failed from None
    os.replace(fresh, folder / notebook.name)


def publish_pages(run: Run) -> None:
    """Publish the chapters of a run, as the pipeline's ``on_finish`` does.

    Raises
    ------
    BuildFailed
        Where they cannot be published; the pages are as they were.
    """
    from customer_patterns.reporting import publish

    runs, stems = output_root() / "data" / "runs", [notebook_path(stage).stem for stage in stage_names()]
    try:
        publish.publish_study(run.study, run.as_of, runs_folder=runs, language=run.language, stems=stems)
    except publish.PublishError as error:
        raise BuildFailed(f"the pages were not published: {error}") from error


def _note(status: Status, error: BaseException) -> None:
    """Write into the status what an error means."""
    if isinstance(error, Waiting):
        status.state = "waiting"
    elif isinstance(error, Refusal) or (isinstance(error, StageFailed) and error.refused):
        status.state = "refused"
    else:
        status.state = "failed"
    known = isinstance(error, Refusal | BuildFailed)
    status.reason = str(error) if known else f"{type(error).__name__}: {error}"

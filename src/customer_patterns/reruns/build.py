"""What ``make reports`` does: check, deliver, let Ploomber build what is stale. All that we need of Ploomber is here.

Ploomber itself notices only changed notebooks and parameters. So the stages that are stale for any other reason (code,
delivery, study file, damaged tables, a killed build) lose the metadata that Ploomber keeps beside their products, which
makes it build exactly these and what depends on them.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from customer_patterns.reporting.chapter import no_grammars
from customer_patterns.reporting.publish import publish_dag
from customer_patterns.reruns.freshness import stale_stages
from customer_patterns.reruns.lock import only_build
from customer_patterns.reruns.outcome import BuildFailed, Waiting, stage_failed
from customer_patterns.reruns.prepare import check_settings, deliver, is_to_be_simulated, simulate_if_absent
from customer_patterns.reruns.warm import warm_kernels
from customer_patterns.schemas import Refusal
from customer_patterns.sources import DeliveryError
from customer_patterns.stage import stage_names
from customer_patterns.study import Run, Study, chapters_folder, open_run, output_root, project_root, reports_folder

if TYPE_CHECKING:
    from ploomber import DAG
    from ploomber.executors.abc import Executor
    from ploomber.spec import DAGSpec


@dataclass(frozen=True)
class Built:
    """What a build made: the index page, the stages that ran with the reason, and how long it took in seconds."""

    index: Path
    ran: dict[str, str]
    seconds: float


def build_reports(
    study: str | None = None, as_of: str | date | None = None, language: str | None = None, *, progress: bool = True
) -> Built:
    """Build what is stale of a run and publish its pages, all of them or none.

    Parameters
    ----------
    study, as_of, language
        The run; what is not given is taken from ``env.yaml``, the date from the study.
    progress
        Whether to say what is done.

    Raises
    ------
    Refusal
        For a run that cannot be made, before any work.
    Waiting
        Where another build of the same run is at work.
    StageFailed
        Where a notebook stopped; the published pages are as they were.
    """
    started = time.perf_counter()
    run = open_run(study, as_of, language)
    check_settings(run)
    with contextlib.chdir(project_root()), only_build(run), _quiet(), warm_kernels() as warm:
        if not chapters_folder(run.study.name, run.as_of).is_dir():  # a first build: it reads in while we deliver
            warm.begin()
        try:
            _simulate_meanwhile(run)
            deliver(run)
        except Waiting as error:  # nobody will bring it while we wait
            raise DeliveryError(str(error)) from None
        stale = stale_stages(run)
        if stale:
            warm.begin()
        if progress:
            _announce(run, stale)
        dag = make_dag(run, progress=progress)
        _mark(dag, run, stale)
        _build(dag)
    index = reports_folder(run.study.name, run.as_of, run.language) / "index.html"
    return Built(index, stale, time.perf_counter() - started)


def _simulate_meanwhile(run: Run) -> None:
    """Simulate what is to be simulated in a process of its own while this one reads Ploomber in: seconds each.

    What goes wrong there is tried again, and said, where deliveries are looked for.
    """
    if not is_to_be_simulated(run.study) or sys.platform != "linux" or (os.cpu_count() or 1) < 2:
        return
    simulating = get_context("fork").Process(target=_try_to_simulate, args=(run.study,), daemon=True)
    simulating.start()
    _ploomber()
    simulating.join()


def _try_to_simulate(study: Study) -> None:
    with contextlib.suppress(Exception, KeyboardInterrupt):
        simulate_if_absent(study)


def _ploomber() -> tuple[type[DAGSpec], type[Executor]]:
    """Read in what we need of Ploomber."""
    with warnings.catch_warnings(), no_grammars():
        warnings.simplefilter("ignore")
        from ploomber.spec import DAGSpec

        from customer_patterns.reruns.side_by_side import SideBySide
    return DAGSpec, SideBySide


def make_dag(run: Run, *, progress: bool = True) -> DAG:
    """Make Ploomber's pipeline for a run, as ``ploomber build --env--study … --env--as_of …`` does.

    Its products lie below the output root; paths are relative to the project where that is the same folder, so that
    Ploomber's own commands find them current.
    """
    specification, side_by_side = _ploomber()
    root = project_root()
    spec = yaml.safe_load((root / "pipeline.yaml").read_text(encoding="utf-8"))
    if output_root() != root:
        for task in spec["tasks"]:
            task["product"] = {key: str(output_root() / path) for key, path in task["product"].items()}
    env = {
        "study": run.study.name,
        "as_of": run.as_of.isoformat(),
        "settings": {stage: dict(run.settings.get(stage, {})) for stage in stage_names()},
    }
    dag = specification(spec, env=env, parent_path=str(root)).to_dag()
    dag.executor = side_by_side()
    dag.on_finish = partial(publish_dag, language=run.language)
    for name in dag:
        bar = {"desc": f"  {name:<9}"} if progress else False
        dag[name].executor_params = {**dag[name].executor_params, "progress_bar": bar}
    return dag


def _announce(run: Run, stale: dict[str, str]) -> None:
    print(f"{run.study.title}, up to {run.as_of}")
    for stage in stage_names():
        print(f"  {stage:<9} {stale.get(stage, 'is current')}")
    sys.stdout.flush()


def _mark(dag: DAG, run: Run, stale: dict[str, str]) -> None:
    """Let Ploomber see what is stale, and what is current though another runner made it."""
    from ploomber.constants import TaskStatus

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dag.render(show_progress=False)
        for name in dag:
            task = dag[name]
            if name in stale:
                task.product.metadata.delete()
                # an earlier build's chapter would be taken for what a kernel that dies has left
                Path(str(task.product["nb"])).unlink(missing_ok=True)
            elif task.exec_status != TaskStatus.Skipped:
                task.product.metadata.update(str(task.source), task.params.to_json_serializable(params_only=True))


def _build(dag: DAG) -> None:
    from ploomber.constants import TaskStatus
    from ploomber.exceptions import DAGBuildError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # Ploomber warns of its own; what a notebook warns of stands in the notebook
            dag.build(show_progress=False)
    except DAGBuildError as error:
        for name in dag:
            if dag[name].exec_status == TaskStatus.Errored:
                raise stage_failed(name, Path(str(dag[name].product["nb"])), error.__cause__ or error) from None
        cause = error.__cause__
        if isinstance(cause, Refusal):
            raise cause from None
        raise BuildFailed(f"the pages were not published: {cause or error}") from cause


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the tools' own logs off the terminal: what they say, we say in one sentence."""
    loggers: list[tuple[logging.Logger, Any]] = [
        (logger, logger.level) for logger in map(logging.getLogger, ("ploomber", "papermill", "traitlets"))
    ]
    for logger, _ in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in loggers:
            logger.setLevel(level)

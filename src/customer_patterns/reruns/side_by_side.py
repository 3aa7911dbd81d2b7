"""Run stages that do not wait for each other at the same time, each notebook in a kernel of its own.

Ploomber's own parallel executor keeps a processor busy with asking whether a stage is done, and clears the terminal;
its serial one leaves all processors but one idle, since a notebook is mostly one thread.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from ploomber.constants import TaskStatus
from ploomber.exceptions import DAGBuildError
from ploomber.executors.abc import Executor

if TYPE_CHECKING:
    from ploomber import DAG
    from ploomber.tasks.abc import Task

#: Stages at work at the same time, at most. Two of them fit into the memory that the README asks for.
MOST_AT_ONCE = 2


class SideBySide(Executor):
    """Ploomber executor: a stage begins as soon as those it reads are done, a few of them at the same time.

    A stage that fails stops those that read it and no others, as in Ploomber's serial executor.

    Parameters
    ----------
    at_once
        How many stages may be at work; by default :data:`MOST_AT_ONCE`, or one where there is one processor only.
    """

    def __init__(self, at_once: int | None = None) -> None:
        """Hold how many stages may be at work."""
        self.at_once = at_once or min(MOST_AT_ONCE, os.cpu_count() or 1)

    def __call__(self, dag: DAG, show_progress: bool) -> list[Any]:
        """Run what is not current.

        Returns
        -------
        list
            Ploomber's report of each stage that ran, in the order of the pipeline.

        Raises
        ------
        DAGBuildError
            Where a stage failed, after all that could still run did.
        """
        super().__call__(dag)
        done: SimpleQueue[tuple[Task, Any, BaseException | None]] = SimpleQueue()
        started: set[str] = set()
        reports: dict[str, Any] = {}
        failures: dict[str, BaseException] = {}
        at_work = 0
        while True:
            for task in _ready(dag, started):
                if at_work == self.at_once:
                    break
                started.add(task.name)
                at_work += 1
                # A daemon, so that Ctrl-C ends the build at once; a kernel ends when the process that started it has.
                Thread(target=_run, args=(task, done), name=task.name, daemon=True).start()
            if not at_work:
                break
            task, report, failure = done.get()
            at_work -= 1
            if failure is None:
                reports[task.name] = report
            else:
                failures[task.name] = failure
        if failures:
            failed = [name for name in dag if name in failures]
            raise DAGBuildError(f"failed: {', '.join(failed)}") from _root(failures[failed[0]])
        return [reports[name] for name in dag if name in reports]


def _ready(dag: DAG, started: set[str]) -> Iterator[Task]:
    for name in dag:
        if name not in started and dag[name].exec_status == TaskStatus.WaitingExecution:
            yield dag[name]


def _root(failure: BaseException) -> BaseException:
    """What Ploomber wrapped: what the notebook's runner raised."""
    while failure.__cause__ is not None:
        failure = failure.__cause__
    return failure


def _run(task: Task, done: SimpleQueue[tuple[Task, Any, BaseException | None]]) -> None:
    """Run a stage; what comes of it goes into the queue, whatever it is, for nobody else would hear of it."""
    try:
        report, metadata = task._build(catch_exceptions=True)
        task.product.metadata.update_locally(metadata)
    except BaseException as failure:
        task.exec_status = TaskStatus.Errored
        done.put((task, None, failure))
    else:
        done.put((task, report, None))

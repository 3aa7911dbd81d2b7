"""One build of a run at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from customer_patterns.reruns.outcome import Waiting
from customer_patterns.study import Run, run_folder

LOCK = ".lock"


@contextmanager
def only_build(run: Run) -> Iterator[None]:
    """Hold the lock of a run (a study at a date, whatever the language).

    The operating system lets go of it when the process ends, however it ends.

    Raises
    ------
    Waiting
        Where another process holds it.
    """
    folder = run_folder(run.study.name, run.as_of)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Waiting(
                f"another build of {run.study.name} as of {run.as_of} is at work; call again when it is done"
            ) from None
        yield

"""The same for several things at once, each in a process of its own: pages in several languages, one per processor."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")

#: Who has said nothing after so many seconds is not waited for any longer.
PATIENCE = 120.0


def all_at_once(make: Callable[[Thing], Result], things: Sequence[Thing]) -> list[Result]:
    """Return what ``make`` returns for each thing, in their order.

    The first is made here, each other one by a copy of this process, as far as there are processors. What a copy cannot
    say, or fails at, is made here once more, so that whatever goes wrong is raised as if all were made here.

    Parameters
    ----------
    make
        It changes nothing but what it returns; what it returns can be pickled.
    things
        Any number of them.
    """
    at_once = os.cpu_count() or 1
    if sys.platform != "linux" or at_once < 2:
        return [make(thing) for thing in things]
    copies = [_Copy(make, thing) for thing in things[1:at_once]]
    try:
        first = [make(thing) for thing in things[:1]]
        made = [copy.said() for copy in copies]
    finally:
        for copy in copies:
            copy.end()
    rest = [make(thing) if not ended else found for thing, (ended, found) in zip(things[1:], made, strict=False)]
    return [*first, *rest, *(make(thing) for thing in things[1 + len(copies) :])]


class _Copy:
    """A copy of this process that makes one thing."""

    def __init__(self, make: Callable[[Any], Any], thing: Any) -> None:
        context = get_context("fork")
        self._hears, says = context.Pipe(duplex=False)
        self._process = context.Process(target=_say, args=(make, thing, says), daemon=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that there are threads: none of them is at work
            self._process.start()
        says.close()

    def said(self) -> tuple[bool, Any]:
        """Whether it has made it, and what."""
        try:
            return self._hears.recv() if self._hears.poll(PATIENCE) else (False, None)
        except (EOFError, OSError):
            return False, None

    def end(self) -> None:
        """Let it go."""
        self._process.kill()
        self._process.join()
        self._hears.close()


def _say(make: Callable[[Any], Any], thing: Any, says: Connection) -> None:
    try:
        said = (True, make(thing))
    except BaseException:  # it is made once more by who asked, and raised there
        said = (False, None)
    says.send(said)
    os._exit(0)  # without taking apart what is not ours

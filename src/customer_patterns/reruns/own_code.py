"""This package's own code, read in once for all kernels, and handed on only while it is what lies on disk.

A stage's manifest names the code that ran by what lies on disk when its notebook opens. A kernel that brings code along
must therefore bring the very same; where a file has changed since, the kernel reads everything anew.
"""

from __future__ import annotations

import contextlib
import importlib
import stat
import warnings
from pathlib import Path

import customer_patterns

#: What notebooks import, and what they come to need of it at once.
MODULES = (
    "stage",
    "charts",
    "reporting.show",
    "sources",
    "cleaning",
    "behavior",
    "behavior.engagement",
    "behavior.journeys",
    "patterns",
    "patterns.preferences",
    "segments",
    "outlook",
    "satisfaction",
    "laboratory",
)

#: Where the code lies, with its words and templates.
FOLDER = Path(customer_patterns.__file__).parent

#: What a file was when it was read: when it was last written to, and how long it was.
State = dict[str, tuple[int, int]]


def state_of_files() -> State:
    """Return when each file of :data:`FOLDER` was last written to (in nanoseconds), and its size in bytes."""
    found: State = {}
    for path in FOLDER.rglob("*"):
        if "__pycache__" in path.parts:  # what Python and numba make of the files
            continue
        with contextlib.suppress(OSError):  # it went while we looked
            about = path.stat()
            if stat.S_ISREG(about.st_mode):  # a folder changes with what Python keeps beside the files
                found[str(path)] = (about.st_mtime_ns, about.st_size)
    return found


def read_own_code(modules: tuple[str, ...] = MODULES) -> State:
    """Read in the package, its translations and its fonts; return what its files were before.

    What cannot be read in is left to the kernels, which say what is wrong with it.
    """
    before = state_of_files()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.suppress(Exception):
            for module in modules:
                importlib.import_module(f"{customer_patterns.__name__}.{module}")
            if modules:
                _prepare()
    return before


def _prepare() -> None:
    """Read translations, and draw a chart that nobody sees: fonts and what draws them are then at hand."""
    import pandas as pd

    from customer_patterns import charts
    from customer_patterns.study import LANGUAGES
    from customer_patterns.wording.messages import messages

    for language in LANGUAGES:
        messages(language)
    table = pd.DataFrame({"name": ["A", "图"], "number": [1.0, 2.0]})
    words = {"title": "A 图", "subtitle": "a", "source": "a"}
    charts.to_svg(charts.bars(table, x="number", y="name", simulated=False, **words))

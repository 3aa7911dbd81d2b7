"""The DuckDB of a stage: in memory, spilling into a folder of its own that goes with its process."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import ibis

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


def connect(*, memory_limit: str = "300MB") -> Backend:
    """Open an empty in-memory DuckDB that spills to disk above ``memory_limit`` and shows no progress bars."""
    backend = ibis.duckdb.connect()
    backend.con.execute(f"SET memory_limit = '{memory_limit}'")
    backend.con.execute("SET TimeZone = 'UTC'")
    # by default DuckDB spills into the working folder, and a killed kernel leaves that behind
    _sweep()
    spill = Path(tempfile.gettempdir()) / f"{OURS}{os.getpid()}"
    backend.con.execute("SET temp_directory = ?", [str(spill)])
    with contextlib.suppress(duckdb.InvalidInputException):  # without ipywidgets a kernel has no bars to switch off
        backend.con.execute("SET enable_progress_bar = false")
    return backend


#: How folders for temporary files begin; then comes the process they belong to.
OURS = "customer-patterns-"


def _sweep() -> None:
    """Remove what processes that were killed left behind. A folder of a process that lives is left alone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{OURS}*"):
        process = folder.name.removeprefix(OURS).partition("-")[0]
        if process.isdigit() and folder.is_dir() and not folder.is_symlink() and not _lives(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True

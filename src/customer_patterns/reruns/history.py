"""What a scheduler reads: the state of a run, and the row of each run in the history."""

from __future__ import annotations

import csv
import fcntl
import io
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from customer_patterns.study import Run, output_root, run_folder
from customer_patterns.warehouse import to_json

#: The columns of the history, one row per call, whatever came of it.
COLUMNS = (
    "finished_at",
    "duration_s",
    "study",
    "as_of",
    "language",
    "result",
    "stages_run",
    "stages_skipped",
    "reason",
)


@dataclass
class Status:
    """The state of a run: ``running``, ``done``, ``waiting``, ``refused`` or ``failed``; at which stage; and why."""

    study: str
    as_of: str
    language: str
    state: str = "running"
    stage: str = ""
    reason: str = ""
    stages_run: tuple[str, ...] = ()
    stages_skipped: tuple[str, ...] = ()


def write_status(run: Run, status: Status) -> Path:
    """Write ``status.json`` of a run, whole or not at all; return its path."""
    path = run_folder(run.study.name, run.as_of) / "status.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.fresh")
    fresh.write_text(to_json(asdict(status)), encoding="utf-8")
    os.replace(fresh, path)
    return path


def history_path() -> Path:
    """Return where the history of all runs is kept."""
    return output_root() / "data" / "runs" / "history.csv"


def append_history(status: Status, *, seconds: float) -> None:
    """Append one row to the history, in one write and one at a time.

    Parameters
    ----------
    status
        How the run ended.
    seconds
        How long it took.
    """
    path = history_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = os.fstat(file.fileno()).st_size
        rows = [] if size else [list(COLUMNS)]
        rows.append([_touched(path), f"{seconds:.1f}", *_cells(status)])
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        # A row that a full disk cut short must not swallow this one.
        cut = size > 0 and not path.read_bytes().endswith(b"\n")
        file.write((("\n" if cut else "") + text.getvalue()).encode())


def _cells(status: Status) -> list[str]:
    cells = [status.study, status.as_of, status.language, status.state]
    cells += [" ".join(status.stages_run), " ".join(status.stages_skipped), " ".join(status.reason.split())]
    # What a spreadsheet would take for a formula stays text.
    return [f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in cells]


def _touched(path: Path) -> str:
    """The moment by the file system's clock: the code itself reads none, so that no result can depend on one."""
    os.utime(path)
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

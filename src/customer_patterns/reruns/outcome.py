"""How a build can end, and what the operating system is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from customer_patterns.schemas import Refusal

#: Exit codes. 75 is what sysexits.h calls a temporary failure: the same call may succeed later.
FAILED = 1
REFUSED = 2
WAITING = 75


class Waiting(Refusal):
    """Nothing is wrong, but it cannot be done now: another build is at work, or the delivery is not there yet."""


class BuildFailed(RuntimeError):
    """A build stopped; the message is one sentence. The published pages are as they were."""


class StageFailed(BuildFailed):
    """A stage's notebook stopped.

    Attributes
    ----------
    stage
        Which stage.
    reason
        One sentence.
    refused
        Whether the notebook refused what it was asked for or given, rather than broke.
    """

    def __init__(self, stage: str, reason: str, *, refused: bool) -> None:
        """Hold stage and reason."""
        super().__init__(f"stage '{stage}' stopped: {reason}")
        self.stage = stage
        self.reason = reason
        self.refused = refused


def stage_failed(stage: str, notebook: Path, error: BaseException) -> StageFailed:
    """Say in one sentence why a stage's notebook stopped.

    Parameters
    ----------
    stage
        The stage.
    notebook
        As far as it was executed; it may be missing or unreadable.
    error
        What the notebook's runner raised.
    """
    shown = _error_shown(notebook)
    if shown is None:
        lines = [line for line in str(error).strip().splitlines() if line.strip()]
        return StageFailed(stage, f"{type(error).__name__}: {lines[-1] if lines else 'no message'}", refused=False)
    name, message, cell = shown
    if name in _refusals():
        return StageFailed(stage, message, refused=True)
    return StageFailed(stage, f"{name} in cell {cell}: {message or 'no message'}", refused=False)


def _error_shown(notebook: Path) -> tuple[str, str, int] | None:
    """The error that an executed notebook shows: its class, its message, the number of its cell."""
    try:
        cells: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return None
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    for number, cell in enumerate(code, start=1):
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                return output["ename"], output["evalue"].strip(), number
    return None


def _refusals() -> set[str]:
    """The names of all errors that are meant for people."""
    import customer_patterns.stage  # noqa: F401  so that the rooms below have declared theirs
    from customer_patterns import sources  # noqa: F401

    found, waiting = set(), [Refusal]
    while waiting:
        kind = waiting.pop()
        found.add(kind.__name__)
        waiting += kind.__subclasses__()
    return found

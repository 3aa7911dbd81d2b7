"""Where things lie. Nothing else in the project knows a path."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

#: The environment variable that sends everything a run writes elsewhere (tests write into a temporary folder).
OUTPUT_ROOT = "CUSTOMER_PATTERNS_ROOT"


def project_root() -> Path:
    """Return the folder that holds ``pipeline.yaml``: the working folder, a parent of it, or this checkout.

    Notebooks run from anywhere in the project, and from a kernel that starts elsewhere.

    Raises
    ------
    FileNotFoundError
        Where neither holds a ``pipeline.yaml``.
    """
    here = Path.cwd()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        if (folder / "pipeline.yaml").is_file() and (folder / "notebooks").is_dir():
            return folder
    raise FileNotFoundError(f"no pipeline.yaml in {here} or above it: start inside a checkout of Customer Patterns")


def output_root() -> Path:
    """Return the folder under which ``data/`` and ``reports/`` are written and deliveries are looked for."""
    return Path(os.environ.get(OUTPUT_ROOT) or project_root()).resolve()


def run_folder(study: str, as_of: date) -> Path:
    """Return the folder of all that a run of ``study`` at ``as_of`` computes."""
    return output_root() / "data" / "runs" / study / as_of.isoformat()


def stage_folder(study: str, as_of: date, stage: str) -> Path:
    """Return the folder of the tables of one stage."""
    return run_folder(study, as_of) / stage


def chapters_folder(study: str, as_of: date) -> Path:
    """Return the folder of the executed notebooks of a run; each holds what it shows in all languages."""
    return run_folder(study, as_of) / "chapters"


def reports_folder(study: str, as_of: date, language: str) -> Path:
    """Return the folder of the published pages of a run in one language."""
    return output_root() / "reports" / study / as_of.isoformat() / language


def intake_folder(study: str) -> Path:
    """Return the folder of what was taken in of a study's deliveries: typed pieces, one per delivered file."""
    return output_root() / "data" / "runs" / study / "intake"


def corrected_folder(study: str) -> Path:
    """Return the folder into which corrected records of a study's deliveries are put."""
    return output_root() / "data" / "raw" / study / "corrected"


def vault_path(study: str) -> Path:
    """Return the file of a study's vault: who stands behind its pseudonyms."""
    return output_root() / "data" / "vault" / f"{study}.vault"


def blocked_path(study: str) -> Path:
    """Return the file that says, in keyed hashes, whose records of a study are never taken in again."""
    return output_root() / "data" / "vault" / f"{study}.blocked.json"

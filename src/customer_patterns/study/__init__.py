"""Floor 1: the study file (which data, whose, why, for how long), the run (study, date, language) and their places."""

from customer_patterns.study.contract import Source
from customer_patterns.study.file import Study, StudyError, load_study, study_names
from customer_patterns.study.format import Format
from customer_patterns.study.places import (
    blocked_path,
    chapters_folder,
    corrected_folder,
    intake_folder,
    output_root,
    project_root,
    reports_folder,
    run_folder,
    stage_folder,
    vault_path,
)
from customer_patterns.study.run import LANGUAGES, Run, RunError, open_run, read_env
from customer_patterns.study.spelling import nearest

__all__ = [
    "LANGUAGES",
    "Format",
    "Run",
    "RunError",
    "Source",
    "Study",
    "StudyError",
    "blocked_path",
    "chapters_folder",
    "corrected_folder",
    "intake_folder",
    "load_study",
    "nearest",
    "open_run",
    "output_root",
    "project_root",
    "read_env",
    "reports_folder",
    "run_folder",
    "stage_folder",
    "study_names",
    "vault_path",
]

"""A stage at work: what a notebook is given, what it may be told, and where its tables go.

The same notebook runs under Ploomber, under papermill alone, cell by cell in JupyterLab and under nbval. Whatever it
is not given (study, date, language, paths, settings) is found here, in one place.
"""

from customer_patterns.stage.fingerprints import code_fingerprint, study_fingerprint, versions
from customer_patterns.stage.opening import open_stage
from customer_patterns.stage.parameters import (
    COMMON,
    Setting,
    check_parameters,
    effective_settings,
    notebook_parameters,
)
from customer_patterns.stage.pipeline import (
    LABORATORY,
    ROOMS,
    chapter_pages,
    notebook_path,
    pipeline_tasks,
    schemas_of,
    stage_names,
    upstream_of,
)
from customer_patterns.stage.work import STUDY_FILE, Stage, Written

__all__ = [
    "COMMON",
    "LABORATORY",
    "ROOMS",
    "STUDY_FILE",
    "Setting",
    "Stage",
    "Written",
    "chapter_pages",
    "check_parameters",
    "code_fingerprint",
    "effective_settings",
    "notebook_parameters",
    "notebook_path",
    "open_stage",
    "pipeline_tasks",
    "schemas_of",
    "stage_names",
    "study_fingerprint",
    "upstream_of",
    "versions",
]

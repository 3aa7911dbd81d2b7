"""The stages: in which order, which reads which, where the notebook, the room and the page of each are."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import yaml

from customer_patterns.reporting.chapter import SUMMARY
from customer_patterns.schemas import TableSchema
from customer_patterns.study import RunError, nearest, project_root

#: The room each stage's code lives in, where it is not called like the stage.
ROOMS = {"collect": "sources", "clean": "cleaning", "summary": "reporting"}

#: The stage whose chapter is about the methods, not about the study.
LABORATORY = "laboratory"


def notebook_path(stage: str) -> Path:
    """Return the notebook of a stage."""
    found = sorted((project_root() / "notebooks").glob(f"[0-9][0-9]-{stage}.ipynb"))
    if not found:
        raise RunError(f"stage '{stage}' has no notebook in notebooks/{nearest(stage, stage_names())}")
    return found[0]


def chapter_pages() -> dict[str, str]:
    """Return the page of each stage's chapter, as it is called beside the summary."""
    return {stage: "index.html" if stage == SUMMARY else f"{notebook_path(stage).stem}.html" for stage in stage_names()}


def pipeline_tasks() -> list[dict[str, Any]]:
    """Return the tasks of ``pipeline.yaml``, in order."""
    return yaml.safe_load((project_root() / "pipeline.yaml").read_text(encoding="utf-8"))["tasks"]


def stage_names() -> list[str]:
    """Return the stages, in order."""
    return [task["name"] for task in pipeline_tasks()]


def upstream_of(stage: str) -> list[str]:
    """Return the stages that a stage reads."""
    for task in pipeline_tasks():
        if task["name"] == stage:
            return list(task.get("upstream") or [])
    raise RunError(f"stage '{stage}' is not in pipeline.yaml{nearest(stage, stage_names())}")


def schemas_of(stage: str) -> dict[str, TableSchema]:
    """Return the schemas of the tables a stage writes, as its room declares them."""
    return importlib.import_module(f"customer_patterns.{ROOMS.get(stage, stage)}").TABLES

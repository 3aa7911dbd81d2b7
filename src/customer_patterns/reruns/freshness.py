"""Whether what a stage made is what it would make now; if not, why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from customer_patterns import warehouse
from customer_patterns.cleaning import identity, merged_path
from customer_patterns.reruns.prepare import Given
from customer_patterns.sources import DeliveryError, delivered_files, locate
from customer_patterns.sources.files.places import REMOTE
from customer_patterns.sources.remote import changed_since, fetched_digests
from customer_patterns.stage import (
    STUDY_FILE,
    code_fingerprint,
    effective_settings,
    notebook_parameters,
    notebook_path,
    stage_names,
    study_fingerprint,
    upstream_of,
    versions,
)
from customer_patterns.study import Run, chapters_folder, stage_folder

_OTHER_TABLES = "the tables of"

#: What the mapping of merged customers is called among the inputs of ``clean``.
MERGED = "merged customers"

#: What papermill and Ploomber add to the notebooks that they execute.
INJECTED = "injected-parameters"


def why_stale(run: Run, stage: str, given: Mapping[str, Any] | None = None) -> str | None:
    """Return why a stage must be made again, in words, or None where its tables and its chapter are current.

    Parameters
    ----------
    run
        Study, date, language, settings.
    stage
        The stage.
    given
        Its method settings given by name.
    """
    folder = stage_folder(run.study.name, run.as_of, stage)
    warehouse.clear_leftovers(folder)
    if not (folder / warehouse.MANIFEST).is_file():
        return "never built" if not folder.exists() else "its manifest is missing"
    try:
        manifest = warehouse.verify(folder)
        return _differs(run, stage, manifest, given or {}) or _chapter_differs(run, stage, folder)
    except warehouse.WarehouseError:
        return "its tables are damaged"
    except (KeyError, TypeError, AttributeError):
        return "its manifest is damaged"


def stale_stages(run: Run, given: Given | None = None) -> dict[str, str]:
    """Return the stages to make again, in order, each with the reason; what follows a stale stage is stale."""
    stale: dict[str, str] = {}
    for stage in stage_names():
        reason = why_stale(run, stage, (given or {}).get(stage))
        before = [name for name in upstream_of(stage) if name in stale]
        if before and (reason is None or reason.startswith(_OTHER_TABLES)):
            reason = f"follows {before[0]}"
        if reason is not None:
            stale[stage] = reason
    return stale


def _differs(run: Run, stage: str, manifest: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
    """What a manifest was made from and what it would be made from now, where they differ."""
    if manifest["code"] != code_fingerprint(stage):
        return "the code changed"
    settled = effective_settings(stage, notebook_parameters(stage), run.settings.get(stage, {}), given, list(given))
    now = json.loads(warehouse.to_json({name: [s.value, s.given_by] for name, s in settled.items()}))
    before = {name: [entry["value"], entry["given_by"]] for name, entry in manifest["settings"].items()}
    if now != before:
        changed = sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name))
        return f"the settings changed ({', '.join(changed)})"
    if manifest["versions"] != (current := versions()):
        changed = sorted(name for name in current if manifest["versions"].get(name) != current[name])
        return f"another version of {', '.join(changed)}"
    return _inputs_differ(run, stage, manifest["inputs"])


def _inputs_differ(run: Run, stage: str, before: Mapping[str, str]) -> str | None:
    if before[STUDY_FILE] != study_fingerprint(run.study):
        return "the study file changed"
    upstream = upstream_of(stage)
    for name in upstream:
        if before.get(name) != _content(stage_folder(run.study.name, run.as_of, name)):
            return f"{_OTHER_TABLES} {name} changed"
    if stage == stage_names()[0]:  # it reads what was delivered
        try:
            for source in run.study.sources:
                if source.reader not in REMOTE:
                    locate(source)
        except DeliveryError:
            return "the delivery is not there"
        delivered = {**delivered_files(run.study), **fetched_digests(run.study, as_of=run.as_of)}
        if delivered != {name: digest for name, digest in before.items() if name != STUDY_FILE}:
            return "the delivery changed"
        if changed := changed_since(run.study, as_of=run.as_of):
            return f"the source changed ({', '.join(changed)})"
    if stage == "clean":  # it reads a few files beside its upstream
        mapping = merged_path(run.study)
        now = warehouse.sha256(mapping) if mapping is not None and mapping.is_file() else None
        if before.get(MERGED) != now:
            return "the mapping of merged customers changed"
        decided = identity.decision_inputs(run.study) | identity.labeled_inputs(run.study)
        if decided != {name: digest for name, digest in before.items() if name.startswith("identity ")}:
            return "what was decided about who is who changed"
    return None


def _content(folder: Path) -> str | None:
    """The fingerprint of the tables of an upstream stage, if it has any."""
    try:
        return warehouse.content_digest(warehouse.read_manifest(folder))
    except (warehouse.WarehouseError, KeyError, TypeError, AttributeError):
        return None


def _chapter_differs(run: Run, stage: str, folder: Path) -> str | None:
    """Whether the stage's executed notebook is there, was made with these tables, and says what the notebook says."""
    notebook = notebook_path(stage)
    path = chapters_folder(run.study.name, run.as_of) / notebook.name
    try:
        chapter = json.loads(path.read_text(encoding="utf-8"))["cells"]
        belongs_to = manifest_of_chapter(chapter)
    except FileNotFoundError:
        return "its chapter is missing"
    except (ValueError, KeyError):
        return "its chapter is damaged"
    if belongs_to != warehouse.sha256(folder / warehouse.MANIFEST):
        return "its chapter was made with other tables"
    if _sources(chapter) != _sources(json.loads(notebook.read_text(encoding="utf-8"))["cells"]):
        return "the notebook's text changed"
    return None


def manifest_of_chapter(cells: list[dict[str, Any]]) -> str | None:
    """Return the SHA-256 of the manifest that an executed notebook wrote, as its last cell says."""
    for cell in reversed(cells):
        for output in cell.get("outputs", []):
            if note := output.get("metadata", {}).get("customer_patterns"):
                return note["manifest"]
    return None


def _sources(cells: list[dict[str, Any]]) -> list[str]:
    return ["".join(cell["source"]) for cell in cells if INJECTED not in cell["metadata"].get("tags", [])]

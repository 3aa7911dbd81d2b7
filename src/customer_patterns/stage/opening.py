"""How a notebook opens its stage: parameters checked, what was not given found, upstream verified."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from customer_patterns import warehouse
from customer_patterns.reporting import show
from customer_patterns.reporting.languages import study_voice
from customer_patterns.stage.fingerprints import code_fingerprint
from customer_patterns.stage.parameters import effective_settings, injected_names, notebook_parameters, refuse_unknown
from customer_patterns.stage.pipeline import schemas_of, upstream_of
from customer_patterns.stage.process import give_memory_back, one_thread_per_product, shell
from customer_patterns.stage.work import Stage
from customer_patterns.study import Run, open_run, stage_folder
from customer_patterns.wording import set_voice


def open_stage(name: str, namespace: dict[str, Any]) -> Stage:
    """Open a stage for its notebook: check the parameters, find what was not given, open and verify upstream.

    The names of the parameters cell hold the values in force afterwards: the default, or what ``env.yaml`` sets for
    the stage, or what was given by name (``papermill -p``, or an edited cell), the last of these that there is.

    Parameters
    ----------
    name
        The stage.
    namespace
        The notebook's ``globals()``.

    Raises
    ------
    RunError
        For an unknown parameter (with the nearest known one), a wrong type, or a run that cannot be made.
    StudyError, WarehouseError
        For a study file or upstream tables that cannot be used.
    """
    declared = notebook_parameters(name)
    refuse_unknown(name, injected_names(), declared)
    run = open_run(namespace.get("study"), namespace.get("as_of"), namespace.get("language"))
    from_env = namespace.get("settings")
    if from_env is None:
        from_env = run.settings.get(name, {})
    settings = effective_settings(name, declared, from_env, namespace, injected_names())
    namespace.update({setting.name: setting.value for setting in settings.values()})
    product, upstream = namespace.get("product") or {}, namespace.get("upstream") or {}
    reads = upstream_of(name)
    if (notebook := shell()) is not None:
        show.register(notebook)
    one_thread_per_product()
    give_memory_back()
    stage = Stage(
        name=name,
        run=run,
        settings=settings,
        folder=_folder(product, run, name),
        upstream={stage: _folder(upstream.get(stage) or {}, run, stage) for stage in reads},
        backend=warehouse.connect(),
        code=code_fingerprint(name),
    )
    stage.tables  # noqa: B018  opened and verified now, so that a damaged table is named in the first cell
    headings = {
        (schema.name, column.name): column.heading for schema in schemas_of(name).values() for column in schema.columns
    }
    set_voice(study_voice(run.study, run.language, simulated_tables=stage.simulated_tables, headings=headings))
    return stage


def _folder(given: Mapping[str, str], run: Run, stage: str) -> Path:
    """The folder of a stage's tables: as Ploomber says, or where it belongs."""
    return Path(given["tables"]) if given else stage_folder(run.study.name, run.as_of, stage)

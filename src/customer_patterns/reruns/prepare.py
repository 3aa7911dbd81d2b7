"""What is checked, and made where it can be made, before any stage runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from customer_patterns.reruns.outcome import Waiting
from customer_patterns.sources import DeliveryError, locate
from customer_patterns.stage import COMMON, check_parameters, effective_settings, notebook_parameters, stage_names
from customer_patterns.study import Run, RunError, Study, nearest, output_root

#: Method settings given by name, by stage.
Given = Mapping[str, Mapping[str, Any]]


def check_settings(run: Run, given: Given | None = None) -> None:
    """Check every setting of ``env.yaml`` and every parameter given by name.

    Raises
    ------
    RunError
        For a stage or a setting that does not exist (with the nearest that does), or a value of the wrong type.
    """
    stages = stage_names()
    for where, listed in (("env.yaml, settings: ", run.settings), ("", given or {})):
        for stage in listed:
            if stage not in stages:
                raise RunError(
                    f"{where}there is no stage '{stage}'{nearest(stage, stages)} (stages: {', '.join(stages)})"
                )
    for stage in stages:
        effective_settings(stage, notebook_parameters(stage), run.settings.get(stage, {}), {})
        asked = (given or {}).get(stage, {})
        if reserved := [name for name in asked if name in COMMON]:
            raise RunError(f"'{stage}.{reserved[0]}' is no setting; use the command's own options for it")
        check_parameters(stage, asked)


def deliver(run: Run) -> None:
    """See that every delivery is there; simulate it where the study says how, and never over one that is.

    Raises
    ------
    Waiting
        Where a delivered file is not there (yet).
    DeliveryError
        Where the Python package that holds a delivery is not installed.
    """
    simulate_if_absent(run.study)
    for source in run.study.sources:
        try:
            locate(source)
        except DeliveryError as error:
            if source.reader == "package":
                raise
            raise Waiting(str(error)) from None


def simulate_if_absent(study: Study) -> Path | None:
    """Make the delivery of a simulated study where there is none; return its folder if one was made."""
    if study.simulator is None or any(_is_there(source) for source in study.sources):
        return None
    from customer_patterns.sources.planted_shop import simulate

    folder = simulated_folder(study)
    simulate(folder, customers=study.simulator.customers, seed=study.simulator.seed)
    return folder


def simulated_folder(study: Study) -> Path:
    """Return the folder in which a simulated study looks for its delivery."""
    return output_root() / Path(study.sources[0].location).parent


def _is_there(source: Any) -> bool:
    try:
        return locate(source).is_file()
    except DeliveryError:
        return False

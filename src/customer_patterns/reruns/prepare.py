"""What is checked, and made where it can be made, before any stage runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from customer_patterns.reruns.outcome import Waiting
from customer_patterns.sources import DeliveryError, locate
from customer_patterns.sources.files.places import REMOTE
from customer_patterns.stage import COMMON, check_parameters, effective_settings, notebook_parameters, stage_names
from customer_patterns.study import Run, RunError, Source, Study, nearest, output_root

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
        if source.reader in REMOTE:  # whether a database or service is there is seen when it is asked
            continue
        try:
            locate(source)
        except DeliveryError as error:
            if source.reader == "package":
                raise
            raise Waiting(str(error)) from None


def is_to_be_simulated(study: Study) -> bool:
    """Whether the study has simulated deliveries, and none of them is there."""
    return study.simulator is not None and not any(_is_there(source) for source in _simulated(study))


def simulate_if_absent(study: Study) -> Path | None:
    """Make the simulated deliveries of a study where there are none; return their folder if they were made."""
    if not is_to_be_simulated(study):
        return None
    folder = simulated_folder(study)
    make_delivery(study, folder)
    return folder


def make_delivery(
    study: Study, folder: Path, *, customers: int | None = None, seed: int | None = None, replace: bool = False
) -> dict[str, int]:
    """Simulate what the study file says into ``folder``; return the records per delivered table.

    Raises
    ------
    RunError
        Where the study names no simulator, or its simulator takes no number of customers.
    DeliveryExists
        Where a delivery lies there and ``replace`` is false.
    """
    if study.simulator is None:
        raise RunError(f"study '{study.name}' is not simulated: its study file names no simulator")
    chosen = study.simulator.seed if seed is None else seed
    if study.simulator.name == "companion":
        if customers is not None:
            raise RunError(f"the companion of '{study.name}' has the customers of its purchases; leave out --customers")
        from customer_patterns.sources.companion.delivery import accompany, surround
        from customer_patterns.sources.companion.delivery import simulate as simulate_companion

        purchases, plan = accompany(study, seed=chosen)
        return simulate_companion(folder, purchases, plan=plan, shop=surround(study), replace=replace).records
    if study.simulator.name == "pipeline-works":
        from customer_patterns.sources.pipeline_works import simulate
    else:
        from customer_patterns.sources.planted_shop import simulate
    people = study.simulator.customers if customers is None else customers
    return simulate(folder, customers=people, seed=chosen, replace=replace).records


def simulated_folder(study: Study) -> Path:
    """Return the folder in which a study looks for its simulated deliveries."""
    return output_root() / Path(_simulated(study)[0].location).parent


def _simulated(study: Study) -> list[Source]:
    return [source for source in study.sources if source.provenance == "simulated"]


def _is_there(source: Source) -> bool:
    try:
        return locate(source).is_file()
    except DeliveryError:
        return False

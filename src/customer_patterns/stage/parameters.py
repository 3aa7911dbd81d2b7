"""The parameters of a stage's notebook: what it declares, what a run sets, what somebody gave by name."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from customer_patterns.stage.pipeline import notebook_path
from customer_patterns.stage.process import shell
from customer_patterns.study import RunError, nearest

#: Parameters every notebook has; all others are method settings.
COMMON = ("upstream", "product", "study", "as_of", "language", "settings")


@dataclass(frozen=True)
class Setting:
    """One parameter of a notebook: its default, what it means, its value in this run and who gave it."""

    name: str
    default: Any
    comment: str
    value: Any = None
    given_by: str = "default"


def notebook_parameters(stage: str) -> dict[str, Setting]:
    """Read the parameters of a stage's notebook: names, defaults and comments of the cell tagged ``parameters``."""
    cells = json.loads(notebook_path(stage).read_text(encoding="utf-8"))["cells"]
    source = next("".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", []))
    comments = {
        match["name"]: match["comment"].strip()
        for match in re.finditer(r"^(?P<name>\w+)\s*=[^#\n]*#(?P<comment>.*)$", source, re.MULTILINE)
    }
    declared: dict[str, Setting] = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            parameter = statement.targets[0].id
            default = ast.literal_eval(statement.value)
            declared[parameter] = Setting(parameter, default, comments.get(parameter, ""), value=default)
    return declared


def effective_settings(
    stage: str,
    declared: Mapping[str, Setting],
    from_env: Mapping[str, Any],
    given: Mapping[str, Any],
    by_name: Iterable[str] = (),
) -> dict[str, Setting]:
    """Settle each method setting: the default, or the one of ``env.yaml``, or the one given by name.

    Parameters
    ----------
    declared
        The notebook's parameters.
    from_env
        What ``env.yaml`` sets for the stage.
    given
        Values by name; one that differs from the default, or is listed in ``by_name``, was given.

    Raises
    ------
    RunError
        For a name in ``from_env`` that is no setting, or a value of the wrong type.
    """
    methods = {name: setting for name, setting in declared.items() if name not in COMMON}
    refuse_unknown(stage, from_env, methods, where="env.yaml, settings: ")
    settled: dict[str, Setting] = {}
    for name, setting in methods.items():
        value, giver = setting.default, "default"
        if name in from_env:
            value, giver = from_env[name], "env.yaml"
        if name in given and (name in by_name or given[name] != setting.default):
            value, giver = given[name], "parameter"
        settled[name] = Setting(name, setting.default, setting.comment, _typed(stage, setting, value), giver)
    return settled


def check_parameters(stage: str, parameters: Mapping[str, Any]) -> None:
    """Raise :class:`RunError` for a parameter that the stage's notebook does not have, or a wrong type."""
    declared = notebook_parameters(stage)
    refuse_unknown(stage, parameters, declared)
    effective_settings(stage, declared, {}, {k: v for k, v in parameters.items() if k not in COMMON}, list(parameters))


def refuse_unknown(stage: str, names: Iterable[str], known: Mapping[str, Any], where: str = "") -> None:
    """Raise :class:`RunError` for the first name that a stage does not know, with the nearest one that it does."""
    for name in names:
        if name not in known:
            listed = ", ".join(n for n in known if n not in COMMON) or "none"
            raise RunError(
                f"{where}stage '{stage}' has no parameter '{name}'{nearest(name, known)} (its settings: {listed})"
            )


def _typed(stage: str, setting: Setting, value: Any) -> Any:
    """The value, if it has the type of its default (a whole number may stand for a decimal one)."""
    wanted = type(setting.default)
    if setting.default is None or type(value) is wanted:
        return value
    if wanted is float and type(value) is int:
        return float(value)
    if wanted in (list, tuple) and isinstance(value, list | tuple):
        return value
    kinds = {int: "a whole number", float: "a number", str: "text", bool: "true or false", list: "a list"}
    raise RunError(
        f"stage '{stage}': {setting.name} is {value!r}, but must be {kinds.get(wanted, wanted.__name__)} "
        f"like its default {setting.default!r}"
    )


def injected_names() -> list[str]:
    """Return the names that papermill or Ploomber gave this kernel, read from the cell they add."""
    notebook = shell()
    names: list[str] = []
    for source in notebook.user_ns.get("In", []) if notebook else []:
        if source.startswith("# Parameters"):
            names += [t.id for s in ast.parse(source).body if isinstance(s, ast.Assign) for t in s.targets]
    return [name for name in names if not name.startswith("PAPERMILL_")]

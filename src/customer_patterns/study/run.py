"""A run: one study at one date in one language, and the names and values it may be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from customer_patterns.schemas import Refusal
from customer_patterns.study.file import Study, load_study
from customer_patterns.study.places import output_root, project_root
from customer_patterns.study.spelling import nearest

#: The languages a report is written in; a run opens in one of them.
LANGUAGES: tuple[str, ...] = ("en", "zh")


class RunError(Refusal):
    """A run was asked for that cannot be made; the message says what is wrong and what would be right."""


@dataclass(frozen=True)
class Run:
    """One study at one date in one language, with the method settings of ``env.yaml``."""

    study: Study
    as_of: date
    language: str
    settings: Mapping[str, Mapping[str, Any]]


def read_env() -> dict[str, Any]:
    """Read ``env.yaml``: study, as_of, language and settings per stage.

    Raises
    ------
    RunError
        Where the file is missing, is no YAML, or has a name that is not known.
    """
    path = _env_file()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise RunError(f"env.yaml is missing in {path.parent.name}; it names the study to run") from None
    except (yaml.YAMLError, ValueError) as error:  # no text, or a day such as 2017-02-30
        raise RunError(f"env.yaml cannot be read: {' '.join(str(error).split())}") from None
    known = ("study", "as_of", "language", "settings")
    if not isinstance(content, dict):
        raise RunError(f"env.yaml is empty; it needs {', '.join(known)}")
    for name in content:
        if name not in known:
            raise RunError(f"env.yaml has '{name}', which is not known{nearest(name, known)}")
    return content


def open_run(study: str | None = None, as_of: str | date | None = None, language: str | None = None) -> Run:
    """Find out which run is meant: what is not given is taken from ``env.yaml``, the date from the study.

    A study given by name without a date runs at its last day; ``env.yaml``'s date belongs to ``env.yaml``'s study.

    Raises
    ------
    RunError
        For a date outside the study or not a date, or an unknown language.
    StudyError
        For a study file that cannot be used.
    """
    env = read_env()
    name = study or env.get("study")
    if not name:
        raise RunError("no study is named; write 'study: complete-journey' into env.yaml")
    chosen = load_study(str(name))
    given = as_of
    if given is None and chosen.name == env.get("study"):
        given = env.get("as_of")
    day = _day(given) if given is not None else chosen.last_day
    if not chosen.first_day <= day <= chosen.last_day:
        raise RunError(
            f"as_of {day} lies outside the study '{chosen.name}', which runs from {chosen.first_day} to "
            f"{chosen.last_day}; give a day within it"
        )
    speech = language or env.get("language") or LANGUAGES[0]
    if speech not in LANGUAGES:
        known = f"known: {', '.join(LANGUAGES)}"
        raise RunError(f"language '{speech}' is not known{nearest(speech, LANGUAGES, then=known)}")
    settings = env.get("settings") or {}
    if not isinstance(settings, dict):
        raise RunError("env.yaml: 'settings' must list the stages, each with its settings")
    for stage, values in settings.items():
        if not isinstance(values, dict | None):
            raise RunError(f"env.yaml, settings: '{stage}' is {values!r}, but must list settings, e.g. {stage}: {{}}")
    return Run(chosen, day, speech, {stage: dict(values or {}) for stage, values in settings.items()})


def _day(given: str | date) -> date:
    """A day as text or date."""
    if isinstance(given, date):
        return date(given.year, given.month, given.day)
    try:
        day = date.fromisoformat(str(given))
    except ValueError:
        day = None
    if day is None or day.isoformat() != str(given):  # one way to write a day, so that a run has one folder
        raise RunError(f"as_of '{given}' is not a day; write it like 2017-09-30")
    return day


def _env_file() -> Path:
    """The ``env.yaml`` that counts: the output root's own, or the project's."""
    own = output_root() / "env.yaml"
    return own if own.is_file() else project_root() / "env.yaml"

"""The committed scores, and whether the code they were taken with is still the code."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import customer_patterns
from customer_patterns.estimates import in_row
from customer_patterns.laboratory.tables import (
    ACCEPTED,
    MET,
    METHOD_SCORES,
    MISSED,
    NOT_SCORED,
    OUTDATED,
    REJECTED,
)
from customer_patterns.laboratory.trial import Score, Trial
from customer_patterns.laboratory.trials import TRIALS
from customer_patterns.warehouse import digest, sha256, to_json

#: The chapters in the order in which they are read, after what all of them rest on.
ROOMS = ("estimates", "cleaning", "behavior", "patterns", "segments", "outlook", "satisfaction")
#: Where the scores stand; ``make laboratory`` writes them.
SCORES = Path(__file__).with_name("scores.json")

_PACKAGE = Path(customer_patterns.__file__).parent


def code_of(trial: Trial) -> str:
    """Return the SHA-256 of the code that decides a trial's score: the method's, and the trial's own.

    Comments, docstrings and layout are no part of it.
    """
    own = Path(inspect.getfile(trial.run)).resolve()
    paths = {own, *(path for place in trial.rests_on for path in _modules(_PACKAGE / place))}
    return digest(
        {path.relative_to(_PACKAGE).as_posix(): _meaning(path.read_text(encoding="utf-8")) for path in sorted(paths)}
    )


def _modules(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


@cache  # the trials of a room rest on the same modules
def _meaning(text: str) -> str:
    """A module's code without what no computer reads."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:]
    return ast.dump(tree)


def entry(trial: Trial, ours: Score, twin: Score) -> dict[str, Any]:
    """Return what is stored of a trial."""
    return {
        "score": list(ours.shown),
        "n": ours.n,
        "met": trial.aim.met(ours),
        "twin_score": list(twin.shown),
        "twin_rejected": not trial.aim.met(twin),
        "code": code_of(trial),
    }


def read_scores(path: Path = SCORES) -> dict[str, dict[str, Any]]:
    """Read the stored scores, by the trial's name."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def write_scores(entries: Mapping[str, Mapping[str, Any]], path: Path = SCORES) -> None:
    """Store scores beside those that stand there; what is no trial any more is dropped."""
    known = {trial.name for trial in TRIALS}
    kept = {name: dict(item) for name, item in {**read_scores(path), **entries}.items() if name in known}
    fresh = path.with_suffix(".fresh")
    fresh.write_text(to_json(kept), encoding="utf-8")
    fresh.replace(path)


def scores_fingerprint() -> str:
    """Return the SHA-256 of the stored scores; that of nothing where there are none."""
    return sha256(SCORES) if SCORES.is_file() else digest({})


def method_scores(stored: Mapping[str, Mapping[str, Any]] | None = None) -> pd.DataFrame:
    """Lay the stored scores out: one row per trial, by chapter and in their order, as in ``METHOD_SCORES``."""
    stored = read_scores() if stored is None else stored
    listed = sorted(TRIALS, key=lambda trial: ROOMS.index(trial.room))
    return pd.DataFrame([_row(trial, stored.get(trial.name)) for trial in listed], columns=METHOD_SCORES.names).astype(
        {"n": "Int64"}
    )


def _row(trial: Trial, found: Mapping[str, Any] | None) -> dict[str, Any]:
    about = {name: getattr(trial, name) for name in ("room", "setting", "measure", "twin")}
    about["revised"] = trial.revised or None
    row = {"trial": trial.name, **about, "aim_from": trial.aim.low, "aim_to": trial.aim.high, "verdict": NOT_SCORED}
    if found is None:
        return row
    verdict = MET if found["met"] else MISSED
    numbers = in_row("score", found["score"]) | in_row("twin_score", found["twin_score"])
    return {
        **row,
        **numbers,
        "n": found["n"],
        "verdict": verdict if found["code"] == code_of(trial) else OUTDATED,
        "twin_verdict": REJECTED if found["twin_rejected"] else ACCEPTED,
    }


def barred(scores: pd.DataFrame) -> frozenset[str]:
    """Return the keys of findings whose method misses its aim: they may not enter the summary.

    Parameters
    ----------
    scores
        Rows as in ``METHOD_SCORES``.
    """
    short = set(scores.loc[scores["verdict"] == MISSED, "trial"])
    return frozenset(key for trial in TRIALS if trial.name in short for key in trial.feeds)

"""What a stage's tables were made from, as numbers that change with it: the study file, the code, the packages."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
from pathlib import Path

import customer_patterns
from customer_patterns import warehouse
from customer_patterns.stage.pipeline import LABORATORY, ROOMS, notebook_path, stage_names, upstream_of
from customer_patterns.study import Study
from customer_patterns.wording.messages import NAMES, PAGE, translation_files

#: Where the code lies, with its words and templates.
PACKAGE = Path(customer_patterns.__file__).parent

#: Code that no table depends on: other entrances, how a page is dressed, and the simulators of deliveries.
_NOT_IN_TABLES = (
    "__main__.py",
    "explore",
    "laboratory",
    "reruns",
    *(f"reporting/{part}" for part in ("at_once", "chapter", "ledger", "lists", "privacy", "publish", "quotes")),
    *(f"reporting/{part}" for part in ("registry", "templates", "trace", "typed")),
    "planted_shop",
    "sources/companion",
    "sources/pipeline_works",
    "sources/simulated",
)

#: Packages whose version can change a number.
_VERSIONS = ("duckdb", "ibis-framework", "numpy", "pandas", "scipy", "seaborn", "matplotlib")


def study_fingerprint(study: Study) -> str:
    """Return the SHA-256 of what a study file says."""
    return warehouse.digest(study.model_dump(mode="json"))


def code_fingerprint(stage: str) -> str:
    """Return the SHA-256 of the code a stage depends on: its notebook's cells, its room, the floors below, its words.

    Translations count as code: they change no table, but what the executed notebook shows.
    """
    other_rooms = {ROOMS.get(name, name) for name in stage_names() if name != stage} - {ROOMS.get(stage, stage)}
    cells = json.loads(notebook_path(stage).read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    called = re.findall(r"^from customer_patterns import (.*)$", "\n".join(sources), re.MULTILINE)
    # Every stage words its findings with one room; where others meet in its notebook, it calls them too.
    other_rooms -= {"reporting", *re.findall(r"\w+", " ".join(called))}
    apart = _NOT_IN_TABLES
    if stage == LABORATORY:  # whether a score is outdated depends on all code that a trial may run
        other_rooms, apart = set(), tuple(part for part in apart if part != "planted_shop" and part != "laboratory")
    files = {}
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("tags/*.yaml")]):
        name = path.relative_to(PACKAGE).as_posix()
        if name.split("/")[0] not in other_rooms and not any(part in name for part in apart):
            files[name] = warehouse.sha256(path)
    for domain in (PAGE, NAMES, stage, *upstream_of(stage)):  # what its cells show, in other languages
        files |= {f"{p.parent.name}/{p.name}": warehouse.sha256(p) for p in translation_files(domain)}
    files["notebook"] = sources
    return warehouse.digest(files)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that can change a number."""
    found = {name: importlib.metadata.version(name) for name in _VERSIONS}
    return {"python": platform.python_version(), **found}

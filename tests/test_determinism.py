"""The same delivery gives the same bytes: tables, findings, manifests, the registry, and every page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from customer_patterns.reporting.registry import REGISTRY_FILE
from customer_patterns.stage import stage_names
from customer_patterns.study import LANGUAGES, project_root
from customer_patterns.warehouse import MANIFEST, sha256
from tests.notebooks_in_process import PLANTED, fingerprints, publish_run, run_pipeline

AS_OF = "2017-12-31"

#: A machine that differs from this one in what must not matter.
ELSEWHERE = {"PYTHONHASHSEED": "20171231", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}

#: What it does: the whole study, executed and published in every language.
BUILD = (
    "import sys; from pathlib import Path; from tests.notebooks_in_process import publish_run, run_pipeline;"
    f"root = Path(sys.argv[1]); run_pipeline(root, as_of={AS_OF!r}, chapters=True);"
    f"publish_run(root, as_of={AS_OF!r}, languages={LANGUAGES!r})"
)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, planted_root: Path, planted_run: Path) -> Path:
    """A copy of the planted shop's run, published."""
    root = tmp_path_factory.mktemp("here")
    shutil.copytree(planted_root / "data" / "raw", root / "data" / "raw")
    shutil.copytree(planted_run, run_of(root))
    publish_run(root, as_of=AS_OF, languages=LANGUAGES)
    return root


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, planted_delivery: Path) -> Path:
    """The same delivery built and published in a process of its own, with another hash seed and time zone."""
    root = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(planted_delivery, root / "data" / "raw" / PLANTED)
    env = {**os.environ, **ELSEWHERE}
    call = [sys.executable, "-W", "ignore", "-c", BUILD, str(root)]
    done = subprocess.run(call, cwd=project_root(), env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return root


def run_of(root: Path) -> Path:
    return root / "data" / "runs" / PLANTED / AS_OF


def pages(root: Path) -> dict[str, str]:
    folder = root / "reports"
    return {path.relative_to(folder).as_posix(): sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def test_tables_and_findings_are_the_same_elsewhere(here: Path, elsewhere: Path) -> None:
    first = fingerprints(run_of(here))
    assert first == fingerprints(run_of(elsewhere))
    assert {name.split("/")[0] for name in first} == set(stage_names())


def test_manifests_are_the_same_elsewhere(here: Path, elsewhere: Path) -> None:
    for stage in stage_names():
        first, second = (json.loads((run_of(root) / stage / MANIFEST).read_text()) for root in (here, elsewhere))
        assert first == second


def test_the_registry_is_the_same_elsewhere(here: Path, elsewhere: Path) -> None:
    first, second = ((run_of(root) / REGISTRY_FILE).read_text(encoding="utf-8") for root in (here, elsewhere))
    assert first == second
    assert len(json.loads(first)["entries"]) > 10


def test_every_page_in_every_language_is_the_same_elsewhere(here: Path, elsewhere: Path) -> None:
    first = pages(here)
    assert first == pages(elsewhere)
    for language in LANGUAGES:
        folder = f"{PLANTED}/{AS_OF}/{language}/"
        assert sum(name.startswith(folder) and name.endswith(".html") for name in first) == len(stage_names())


def test_a_rerun_in_place_gives_the_same_bytes(fresh_root: Callable[[str], Path]) -> None:
    root = fresh_root("root")
    first = fingerprints(run_pipeline(root, as_of="2017-06-30", stages=["collect", "clean"]))
    assert fingerprints(run_pipeline(root, as_of="2017-06-30", stages=["collect", "clean"])) == first

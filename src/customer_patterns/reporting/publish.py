"""Publish the chapters of a run together or not at all, and keep the lists of runs.

``reports/<study>/<as_of>/<language>/`` holds one page per chapter, ``index.html`` being the summary;
``reports/<study>/latest/`` leads to the newest; ``reports/index.html`` lists all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_patterns import warehouse
from customer_patterns.reporting.chapter import (
    SUMMARY,
    Chapter,
    Edition,
    Provenance,
    chapter_title,
    read_notebook,
    render_chapter,
    render_template,
    stage_of,
)
from customer_patterns.schemas.refusal import Refusal
from customer_patterns.warehouse import content_digest
from customer_patterns.wording import formats, speaking

if TYPE_CHECKING:
    from customer_patterns.study import Study

#: What a published folder says about itself, for the lists of runs.
RECORD = "run.json"


class PublishError(Refusal):
    """A run cannot be published; its pages are as they were. The message says what to do."""


class PartialRun(PublishError):
    """A chapter is missing, because only a part of the run was built."""


def publish(
    runs_folder: Path,
    reports_folder: Path,
    *,
    study: str,
    as_of: date | str,
    language: str,
    stems: Iterable[str] | None = None,
    title: str | None = None,
    sources: Sequence[Provenance] = (),
    languages: Sequence[str] = (),
) -> Path:
    """Render all chapters of a run and put them in the place of those published before, together or not at all.

    Parameters
    ----------
    runs_folder, reports_folder
        ``data/runs`` and ``reports``.
    study, as_of, language
        Which run.
    stems
        The notebooks that make up the run, in order: ``["01-collect", …]``; all that were executed if not given.
    title
        The study's title.
    sources
        Where its data come from.
    languages
        Languages in which the same chapters are published.

    Returns
    -------
    Path
        The folder of the pages.

    Raises
    ------
    PartialRun
        Where a chapter, or the summary, has not been built.
    PublishError
        For a chapter that failed, that belongs to another run, or whose tables were written from others.
    """
    day = date.fromisoformat(str(as_of))
    folder = reports_folder / study / day.isoformat() / language
    warehouse.clear_leftovers(folder)  # of a publication that was killed
    run_folder = runs_folder / study / day.isoformat()
    chapters_folder = run_folder / "chapters" / language
    given = sorted(path.stem for path in chapters_folder.glob("[0-9]*.ipynb")) if stems is None else list(stems)
    files = [chapters_folder / f"{stem}.ipynb" for stem in given]
    missing = [file.stem for file in files if not file.is_file()]
    if missing or SUMMARY not in map(stage_of, given):
        raise PartialRun(f"not all chapters are built (missing: {', '.join(missing) or SUMMARY})")
    notebooks = {file.stem: read_notebook(file) for file in files}
    manifests = {stage_of(stem): warehouse.read_manifest(run_folder / stage_of(stem)) for stem in given}
    _check_that_they_belong_together(notebooks, manifests, study=study, as_of=day, language=language)
    chapters = [
        Chapter(stem, chapter_title(notebook), manifests[stage_of(stem)], content_digest(manifests[stage_of(stem)]))
        for stem, notebook in notebooks.items()
    ]
    chapters.sort(key=lambda chapter: chapter.stage != SUMMARY)
    edition = Edition(study, title or study, day, language, tuple(chapters), tuple(sources), tuple(languages))
    pages = {
        chapter.page: render_chapter(notebooks[chapter.stem], run=edition, stem=chapter.stem) for chapter in chapters
    }
    record = {
        "study": study,
        "title": edition.title,
        "as_of": day.isoformat(),
        "language": language,
        "chapters": [{"page": chapter.page, "title": chapter.title} for chapter in chapters],
    }
    _swap_in({**pages, RECORD: warehouse.to_json(record)}, folder)
    update_lists(reports_folder)
    return folder


def publish_dag(dag: Any) -> None:
    """Publish what Ploomber has built; its ``on_finish`` hook.

    Ploomber passes what the parameters' names ask for, and only those without a default. A partial build has no
    summary; then the pages stay as they were.
    """
    from customer_patterns.study import load_study

    notebooks = {name: Path(str(dag[name].product["nb"])) for name in dag}
    if SUMMARY not in notebooks:
        print("Pages left as they were: only a part of the run was built.")
        return
    # <root>/data/runs/<study>/<as_of>/chapters/<language>/09-summary.ipynb
    language, day, name = (notebooks[SUMMARY].absolute().parents[level].name for level in (0, 2, 3))
    runs = notebooks[SUMMARY].absolute().parents[4]
    study = load_study(name)
    try:
        folder = publish(
            runs,
            runs.parents[1] / "reports",
            study=name,
            as_of=day,
            language=language,
            stems=sorted(path.stem for path in notebooks.values()),
            title=study.title,
            sources=provenance(study),
        )
    except PartialRun as error:
        print(f"Pages left as they were: {error}.")
        return
    print(f"Published {folder.relative_to(runs.parents[1]).as_posix()}/index.html")


def provenance(study: Study) -> list[Provenance]:
    """Return where a study's tables come from: one entry for all tables of one owner and purpose."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for source in study.sources:
        found.setdefault((source.provenance, source.owner, source.purpose), []).append(source.table)
    return [Provenance(tuple(tables), *key) for key, tables in found.items()]


def update_lists(reports_folder: Path) -> None:
    """Write ``reports/index.html`` and each study's ``latest/index.html`` anew from the runs that are published."""
    records = []
    for path in sorted(reports_folder.glob(f"*/*/*/{RECORD}")):
        if not any(part.startswith(".") for part in path.relative_to(reports_folder).parts):
            records.append(json.loads(path.read_text(encoding="utf-8")))
    studies: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        studies.setdefault(record["study"], []).append(record)
    listed = []
    for name, runs in studies.items():
        runs.sort(key=lambda run: run["language"])
        runs.sort(key=lambda run: run["as_of"], reverse=True)
        newest = runs[0]
        target = f"../{newest['as_of']}/{newest['language']}/index.html"
        with speaking(language=newest["language"]):
            day = formats.day(date.fromisoformat(newest["as_of"]))
            values = {"language": newest["language"], "title": newest["title"], "target": target, "day": day}
            _replace(reports_folder / name / "latest" / "index.html", render_template("latest.html.j2", **values))
        listed.append(
            _Listed(name, newest["title"], len({run["language"] for run in runs}), tuple(map(_edition, runs)))
        )
    with speaking(language="en"):
        _replace(reports_folder / "index.html", render_template("runs.html.j2", language="en", studies=listed))


@dataclass(frozen=True)
class _Listed:
    """A study in the list of runs."""

    name: str
    title: str
    languages: int
    editions: tuple[dict[str, Any], ...]


def _edition(record: Mapping[str, Any]) -> dict[str, Any]:
    with speaking(language=record["language"]):
        day = formats.day(date.fromisoformat(record["as_of"]))
    return {**record, "day": day, "folder": f"{record['study']}/{record['as_of']}/{record['language']}"}


def _check_that_they_belong_together(
    notebooks: Mapping[str, Any], manifests: Mapping[str, Mapping[str, Any]], *, study: str, as_of: date, language: str
) -> None:
    """Refuse chapters and tables of different runs, and tables that were made from others than lie here."""
    wanted = {"study": study, "as_of": as_of.isoformat(), "language": language}
    for stem, notebook in notebooks.items():
        given = notebook.metadata.get("papermill", {}).get("parameters", {})
        for name, value in wanted.items():
            if given.get(name) is not None and str(given[name]) != value:
                raise PublishError(
                    f"chapter {stem} was built for {name} {given[name]}, not {value}; build the run again"
                )
    for stage, manifest in manifests.items():
        for name, value in {"stage": stage, **wanted}.items():
            if name in manifest and manifest[name] != value:
                raise PublishError(
                    f"the tables of stage '{stage}' say {name} {manifest[name]}, not {value}; build again"
                )
        for other, digest in manifest.get("inputs", {}).items():
            if other in manifests and digest != content_digest(manifests[other]):
                raise PublishError(
                    f"the tables of stage '{stage}' were made from other tables of '{other}'; build again"
                )


def _swap_in(files: Mapping[str, str], folder: Path) -> None:
    """Write all files into a sibling folder and put it in the folder's place."""
    fresh = folder.with_name(f".{folder.name}.fresh")
    fresh.mkdir(parents=True)
    for name, content in files.items():
        (fresh / name).write_text(content, encoding="utf-8", newline="\n")
    warehouse.swap_in(fresh, folder)


def _replace(path: Path, content: str) -> None:
    """Write a file so that a reader finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.fresh")
    fresh.write_text(content, encoding="utf-8", newline="\n")
    os.replace(fresh, path)

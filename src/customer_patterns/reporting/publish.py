"""Publish the chapters of a run together or not at all, and keep the lists of runs.

``reports/<study>/<as_of>/<language>/`` holds one page per chapter, ``index.html`` being the summary. The pages of all
languages come from the same executed notebooks and are swapped in together. ``reports/<study>/latest/`` leads to the
newest run, in the language in which it opens; ``reports/index.html`` lists all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_patterns import warehouse
from customer_patterns.charts.rendering import garbage_left
from customer_patterns.reporting.at_once import all_at_once
from customer_patterns.reporting.chapter import (
    SUMMARY,
    Chapter,
    ChapterError,
    Edition,
    Provenance,
    chapter_title,
    read_notebook,
    render_chapter,
    stage_of,
)
from customer_patterns.reporting.languages import study_voice
from customer_patterns.reporting.ledger import Ledger
from customer_patterns.reporting.lists import RECORD, replace_file, update_lists
from customer_patterns.reporting.privacy_page import PRIVACY_PAGE, privacy_page
from customer_patterns.reporting.quotes import misquoted
from customer_patterns.reporting.registry import (
    REGISTRY_FILE,
    Registry,
    misworded,
    note_of,
    read_registry,
    stale,
)
from customer_patterns.reporting.typed import typed_digits
from customer_patterns.schemas.refusal import Refusal
from customer_patterns.sources import delivered_files
from customer_patterns.study import LANGUAGES, Study, load_study, read_env
from customer_patterns.warehouse import content_digest
from customer_patterns.wording import Told, Voice, speaking
from customer_patterns.wording.messages import ORIGINAL

if TYPE_CHECKING:
    from nbformat import NotebookNode


#: With fewer bytes of notebooks than this, a process for each language costs more than it saves.
_MUCH = 5_000_000


class PublishError(Refusal):
    """A run cannot be published; its pages are as they were. The message says what to do."""


class PartialRun(PublishError):
    """A chapter is missing, because only a part of the run was built."""


@garbage_left()
def publish(
    runs_folder: Path,
    reports_folder: Path,
    *,
    study: str,
    as_of: date | str,
    language: str,
    stems: Iterable[str] | None = None,
    languages: Sequence[str] = (),
    title: Told | str | None = None,
    sources: Sequence[Provenance] = (),
    voice: Voice | None = None,
    delivered: Mapping[str, str] | None = None,
    about_persons: Study | None = None,
) -> Path:
    """Render all chapters of a run and put them in the place of those published before, together or not at all.

    Parameters
    ----------
    runs_folder, reports_folder
        ``data/runs`` and ``reports``.
    study, as_of
        Which run.
    language
        In which language it opens.
    languages
        In which its chapters are published; only in ``language`` if none is given.
    stems
        The notebooks that make up the run, in order: ``["01-collect", …]``; all that were executed if not given.
    title
        The study's title.
    sources
        Where its data come from.
    voice
        What the study calls customers and money; ``None``: the current voice.
    delivered
        SHA-256 of the study's deliveries as they lie now, by table; what is not named is not compared.
    about_persons
        The study whose record of processing is published beside the chapters; ``None``: none is.

    Returns
    -------
    Path
        The folder of the pages in ``language``.

    Raises
    ------
    PartialRun
        Where a chapter, or the summary, has not been built.
    PublishError
        For a chapter that failed, that belongs to another run, or whose tables were written from others; for each
        sentence that is stale, misquoted, or claims more than its grade carries, by its key.
    ChapterError
        For each text that lacks a translation.
    """
    day = date.fromisoformat(str(as_of))
    folder = reports_folder / study / day.isoformat()
    warehouse.clear_leftovers(folder)  # of a publication that was killed
    run_folder = runs_folder / study / day.isoformat()
    chapters_folder = run_folder / "chapters"
    given = sorted(path.stem for path in chapters_folder.glob("[0-9]*.ipynb")) if stems is None else list(stems)
    files = [chapters_folder / f"{stem}.ipynb" for stem in given]
    missing = [file.stem for file in files if not file.is_file()]
    if missing or SUMMARY not in map(stage_of, given):
        raise PartialRun(f"not all chapters are built (missing: {', '.join(missing) or SUMMARY})")
    notebooks = {file.stem: read_notebook(file) for file in files}
    manifests = {stage_of(stem): warehouse.read_manifest(run_folder / stage_of(stem)) for stem in given}
    known = read_registry(Ledger(run_folder, manifests), {stage_of(stem): nb for stem, nb in notebooks.items()})
    _refuse(stale(known, delivered))
    _check_that_they_belong_together(notebooks, manifests, study=study, as_of=day)
    _refuse(fault for stem, notebook in notebooks.items() for fault in typed_digits(notebook, name=stem))
    told = title if isinstance(title, Told) else Told({ORIGINAL: title or study})
    published = tuple(dict.fromkeys((*languages, language)))

    def content_in(spoken: str) -> dict[str, str]:
        with speaking(voice), speaking(language=spoken):
            chapters = _chapters(notebooks, manifests)
            privacy = PRIVACY_PAGE if about_persons else ""
            edition = Edition(study, told.text, day, spoken, chapters, tuple(sources), published, privacy)
            pages = _pages(edition, notebooks, known)
            if about_persons:
                pages |= privacy_page(about_persons, edition, run_folder)
        record = {
            "study": study,
            "title": edition.title,
            "as_of": day.isoformat(),
            "language": spoken,
            "opens": language,
            "chapters": [{"page": chapter.page, "title": chapter.title} for chapter in chapters],
        }
        return {f"{spoken}/{name}": text for name, text in {**pages, RECORD: warehouse.to_json(record)}.items()}

    pays = sum(file.stat().st_size for file in files) > _MUCH
    in_all = all_at_once(content_in, published) if pays else map(content_in, published)
    content = {name: text for in_one in in_all for name, text in in_one.items()}
    _swap_in(content, folder)
    replace_file(run_folder / REGISTRY_FILE, warehouse.to_json(known.to_json()))
    update_lists(reports_folder)
    return folder / language


def _chapters(notebooks: Mapping[str, NotebookNode], manifests: Mapping[str, Mapping[str, Any]]) -> tuple[Chapter, ...]:
    """The chapters of a run, the summary first, with their titles in the current voice's language."""
    listed = [
        Chapter(stem, chapter_title(notebook), manifests[stage_of(stem)], content_digest(manifests[stage_of(stem)]))
        for stem, notebook in notebooks.items()
    ]
    return tuple(sorted(listed, key=lambda chapter: chapter.stage != SUMMARY))


def _pages(edition: Edition, notebooks: Mapping[str, NotebookNode], registry: Registry) -> dict[str, str]:
    """Render an edition's pages, and compare what they say with the registry."""
    pages, lacking = {}, []
    for chapter in edition.chapters:
        try:
            pages[chapter.page] = render_chapter(notebooks[chapter.stem], run=edition, stem=chapter.stem)
        except ChapterError as error:
            lacking.append(str(error))
    if lacking:
        raise ChapterError("\n".join(lacking))
    _refuse(misworded(registry))
    _refuse(
        fault for chapter in edition.chapters for fault in misquoted(pages[chapter.page], registry, name=chapter.page)
    )
    return pages


def _refuse(faults: Iterable[str]) -> None:
    """Raise PublishError with all faults, one a line, if there is one."""
    if listed := list(faults):
        raise PublishError("\n".join(listed))


def publish_study(
    study: Study, as_of: date | str, *, runs_folder: Path, language: str, stems: Iterable[str] | None = None
) -> Path:
    """Publish a run in all languages, with all that its study file says: title, sources, words, who is in the data.

    Parameters
    ----------
    study, as_of
        Which run.
    runs_folder
        ``data/runs`` of a root; the pages go into its ``reports``.
    language
        In which language it opens.
    stems
        The notebooks that make up the run, as for :func:`publish`, which also says what is refused.

    Returns
    -------
    Path
        The folder of the pages in ``language``.
    """
    return publish(
        runs_folder,
        runs_folder.parents[1] / "reports",
        study=study.name,
        as_of=as_of,
        language=language,
        languages=LANGUAGES,
        stems=stems,
        title=Told(study.told("title")),
        sources=provenance(study),
        voice=study_voice(study),
        delivered=delivered_files(study),
        about_persons=study,
    )


def publish_dag(dag: Any, language: str | None = None) -> None:
    """Publish what Ploomber has built, in all languages; its ``on_finish`` hook.

    Ploomber passes what the parameters' names ask for, and only those without a default: the language in which the run
    opens is then that of ``env.yaml``. A partial build has no summary; then the pages stay as they were.
    """
    notebooks = {name: Path(str(dag[name].product["nb"])) for name in dag}
    if SUMMARY not in notebooks:
        print("Pages left as they were: only a part of the run was built.")
        return
    # <root>/data/runs/<study>/<as_of>/chapters/09-summary.ipynb
    day, name = (notebooks[SUMMARY].absolute().parents[level].name for level in (1, 2))
    runs = notebooks[SUMMARY].absolute().parents[3]
    spoken = language or read_env().get("language") or LANGUAGES[0]
    stems = sorted(path.stem for path in notebooks.values())
    try:
        folder = publish_study(load_study(name), day, runs_folder=runs, language=spoken, stems=stems)
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


def _check_that_they_belong_together(
    notebooks: Mapping[str, Any], manifests: Mapping[str, Mapping[str, Any]], *, study: str, as_of: date
) -> None:
    """Refuse chapters and tables of different runs, and tables that were made from others than lie here."""
    wanted = {"study": study, "as_of": as_of.isoformat()}
    for stem, notebook in notebooks.items():
        given = notebook.metadata.get("papermill", {}).get("parameters", {})
        for name, value in wanted.items():
            if given.get(name) is not None and str(given[name]) != value:
                raise PublishError(
                    f"chapter {stem} was built for {name} {given[name]}, not {value}; build the run again"
                )
        belongs_to = note_of(notebook).get("manifest")
        if belongs_to and belongs_to != warehouse.digest(manifests[stage_of(stem)]):
            raise PublishError(f"chapter {stem} was made with other tables than lie here; build the run again")
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
        (fresh / name).parent.mkdir(exist_ok=True)
        (fresh / name).write_text(content, encoding="utf-8", newline="\n")
    warehouse.swap_in(fresh, folder)

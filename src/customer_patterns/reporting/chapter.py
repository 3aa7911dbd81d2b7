"""An executed notebook as a page: what a reader needs, in a reader's order, in a file that fetches and runs nothing."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_patterns import charts
from customer_patterns.schemas.refusal import Refusal
from customer_patterns.wording import (
    Untranslated,
    current_voice,
    data_text,
    formats,
    say,
    speaking,
    translated,
    word,
)
from customer_patterns.wording.formats import spaced
from customer_patterns.wording.messages import ORIGINAL
from customer_patterns.wording.prose import NOTEBOOK, in_language

if TYPE_CHECKING:
    import jinja2
    from nbconvert.exporters import HTMLExporter
    from nbformat import NotebookNode

TEMPLATES = Path(__file__).parent / "templates"

#: The chapter that is published as ``index.html``.
SUMMARY = "summary"

#: A page that is larger belongs on several pages.
LARGEST_PAGE = 3_000_000

_UNSEEN_CELLS = frozenset({"parameters", "injected-parameters"})

#: What each language calls itself.
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}


#: How a paragraph is marked that stands where data are missing, and a cell of prose that speaks of such data.
_MISSING = re.compile(r'<p class="said" data-missing="([^"]+)"')
_NEEDS = "needs-"
#: How a sentence begins that stands alone, such as one that says why nothing is shown.
_SAID = '<p class="said"'


class ChapterError(Refusal):
    """A notebook cannot be made a page; the message names it and what is wrong with it."""


@dataclass(frozen=True)
class Chapter:
    """One chapter of a run: an executed notebook and the manifest of the tables it wrote.

    Attributes
    ----------
    stem
        The notebook's name without ``.ipynb``, e.g. ``03-behavior``; what follows the number is the stage.
    """

    stem: str
    title: str
    manifest: Mapping[str, Any]
    fingerprint: str = ""

    @property
    def stage(self) -> str:
        """The stage's name."""
        return stage_of(self.stem)

    @property
    def page(self) -> str:
        """The page's file name."""
        return "index.html" if self.stage == SUMMARY else f"{self.stem}.html"


@dataclass(frozen=True)
class Provenance:
    """Where some tables of a study come from."""

    tables: tuple[str, ...]
    provenance: str
    owner: str
    purpose: str


@dataclass(frozen=True)
class Edition:
    """One study up to one day in one language: the chapters that are published together, the summary first."""

    study: str
    title: str
    as_of: date
    language: str
    chapters: tuple[Chapter, ...]
    sources: tuple[Provenance, ...] = ()
    languages: tuple[str, ...] = ()
    privacy: str = ""

    @property
    def day(self) -> str:
        """The last day that counts, as people write it."""
        return formats.day(self.as_of)

    @property
    def other_languages(self) -> list[dict[str, str]]:
        """The languages in which the same chapters are published beside this one."""
        return [{"code": c, "name": LANGUAGE_NAMES.get(c, c)} for c in self.languages if c != self.language]


def stage_of(stem: str) -> str:
    """Return the stage of a notebook: ``behavior`` for ``03-behavior``."""
    return stem.split("-", 1)[-1]


def chapter_title(notebook: NotebookNode) -> str:
    """Return a notebook's title, its first heading, in the current voice's language."""
    for cell in notebook.cells:
        found = re.match(r"#\s+(.+)", cell.source) if cell.cell_type == "markdown" else None
        if found:
            return translated(found.group(1).strip(), context=NOTEBOOK)
    raise ChapterError("the notebook has no title: its first cell must begin with '# '")


def render_chapter(notebook: NotebookNode | Path, *, run: Edition, stem: str | None = None) -> str:
    """Render an executed notebook as one page.

    Code, prompts and what was printed are left out; findings come first; figures are numbered; nothing is fetched.

    Parameters
    ----------
    notebook
        The executed notebook, or its file.
    run
        What it is published with.
    stem
        Which of the run's chapters it is; the file's name if not given.

    Raises
    ------
    ChapterError
        For a notebook that failed, a picture without alternative text, a page that is too large, a script.
    """
    if isinstance(notebook, Path):
        stem, notebook = stem or notebook.stem, read_notebook(notebook)
    order = [chapter.stem for chapter in run.chapters]
    place = order.index(stem or order[0])
    here = run.chapters[place]
    before = run.chapters[place - 1] if place else None
    after = run.chapters[place + 1] if place + 1 < len(order) else None
    neighbors = {"page": here.page, "manifest": here.manifest, "fingerprint": here.fingerprint}
    with speaking(language=run.language):
        try:
            page = arrange(notebook)
            resources = {"page": page, "run": run, "here": {**neighbors, "before": before, "after": after}}
            html, _ = _exporter().from_notebook_node(_without_cells(notebook), resources=resources)
        except ChapterError as error:
            raise ChapterError(f"chapter {here.stem}: {error}") from None
    check_page(html, name=here.page)
    return html


def _without_cells(notebook: NotebookNode) -> NotebookNode:
    """The notebook's frame. Its cells are arranged already, and nbconvert would copy and check them a dozen times."""
    from nbformat.v4 import new_notebook

    return new_notebook(metadata=notebook.metadata)


def check_page(html: str, *, name: str) -> None:
    """Refuse a page that runs or fetches anything, or is too large to be sent to anyone."""
    if len(html.encode()) > LARGEST_PAGE:
        raise ChapterError(
            f"page {name} has {len(html.encode()) / 1e6:.1f} MB; {LARGEST_PAGE / 1e6:.0f} MB are allowed"
        )
    if re.search(r"<(script|iframe|object|embed|base|form)\b", html, re.IGNORECASE):
        raise ChapterError(f"page {name} holds an element that runs or fetches something")
    for tag in re.findall(r"<(?:img|source|link|video|audio|use|image)\b[^>]*>", html, re.IGNORECASE):
        tag = re.sub(r"""\b(?:alt|title)="[^"]*\"""", "", tag)  # words, which may speak of anything
        if re.search(r"""(?:src|srcset|href)\s*=\s*["']?(?!data:)[^"'\s>]""", tag, re.IGNORECASE):
            raise ChapterError(f"page {name} would fetch something: {tag[:120]}")


# A notebook, arranged for readers


@dataclass
class Page:
    """A chapter as its template shows it."""

    title: str
    question: str = ""
    preface: str = ""
    opening: list[dict[str, Any]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    @property
    def findings(self) -> list[Section]:
        """The sections that show findings; they come right after the question."""
        return [section for section in self.sections if section.findings]

    @property
    def parts(self) -> list[Section]:
        """All other sections, in the notebook's order."""
        return [section for section in self.sections if not section.findings]


@dataclass
class Section:
    """What stands under one heading: prose, figures and what cells show."""

    title: str
    id: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def findings(self) -> bool:
        """Whether the findings stand here."""
        return any('<section class="findings"' in item.get("html", "") for item in self.entries)

    @property
    def said(self) -> list[str]:
        """The sentences that stand alone here."""
        return [item["html"] for item in self.entries if item.get("html", "").startswith(_SAID)]

    def left_open(self, said_before: Collection[str] = ()) -> str:
        """What the section says, if that is only why there is no answer: data are missing, or it was said before."""
        shown = [item for item in self.entries if item["kind"] != "prose"]
        if not shown or len(self.said) < len(shown):
            return ""
        known = all(_MISSING.search(said) or said in said_before for said in self.said)
        return self.said[0] if known else ""

    @property
    def simulated(self) -> bool:
        """Whether something here shows simulated data; among findings, of which each says so itself, whether all do."""
        if self.findings:
            listed = "".join(item.get("html", "") for item in self.entries)
            return 0 < listed.count('<li id="f-') == listed.count('class="simulated"')
        return any(item.get("simulated") or 'class="simulated"' in item.get("html", "") for item in self.entries)


def arrange(notebook: NotebookNode) -> Page:
    """Put a notebook into a reader's order: title, question, findings, the sections; figures numbered as they come.

    Prose is translated here, into the current voice's language; what cells show lies in the notebook in all languages.
    Sections that say only which data are missing, or only what an earlier one has said, are gathered under one heading;
    within a section a sentence is said once; prose that a tag (``needs-order_lines``) ties to missing tables is left
    out.

    Raises
    ------
    ChapterError
        For a cell that failed, a missing title, a picture without alternative text; for each text that lacks a
        translation.
    """
    page, lacking = Page(chapter_title(notebook)), []
    section: Section | None = None
    missing = _missing_tables(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if missing & {tag.removeprefix(_NEEDS) for tag in cell.metadata.get("tags", []) if tag.startswith(_NEEDS)}:
                continue
            for heading, prose in _split(_in_language(cell.source, lacking)):
                if heading.startswith("# "):
                    page.question, page.preface = _question(prose)
                    continue
                if heading:
                    section = Section(heading.removeprefix("## ").strip())
                    page.sections.append(section)
                if prose:
                    (section.entries if section else page.opening).append({"kind": "prose", "text": prose})
        elif cell.cell_type == "code":
            entries = section.entries if section else page.opening
            said = section.said if section else ()
            entries.extend(item for item in _shown(cell, lacking) if item.get("html") not in said)
    if lacking:
        raise ChapterError("; ".join(dict.fromkeys(lacking)))
    page.sections = _gather_open(page.sections)
    page.sections = [part for part in page.sections if part.entries]  # of some only the heading is left
    _number([*(part.entries for part in page.findings), page.opening, *(part.entries for part in page.parts)])
    _name(page)
    return page


def _missing_tables(notebook: NotebookNode) -> set[str]:
    """The tables that cells say are missing."""
    shown = (
        _text(output.get("data", {}).get("text/html", ""))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.get("outputs", [])
    )
    return {table for html in shown for names in _MISSING.findall(html) for table in names.split()}


def _gather_open(sections: list[Section]) -> list[Section]:
    """Put the questions that have no answer in the place of the last of them, each reason once."""
    reasons: dict[str, list[str]] = {}
    opened, said = set(), set()
    for section in sections:
        if reason := section.left_open(said):
            reasons.setdefault(reason, []).append(section.title)
            opened.add(id(section))
        said.update(section.said)
    if not reasons:
        return sections
    entries = [
        {
            "kind": "html",
            "html": reason + "\n<ul>\n" + "".join(f"<li>{escape(title)}</li>\n" for title in titles) + "</ul>",
        }
        for reason, titles in reasons.items()
    ]
    last = max(place for place, section in enumerate(sections) if id(section) in opened)
    gathered = Section(str(say("show.left_open")), entries=entries)
    listed = [gathered if place == last else section for place, section in enumerate(sections)]
    return [section for section in listed if id(section) not in opened]


def _in_language(source: str, lacking: list[str]) -> str:
    """A cell of prose in the current voice's language; what has no translation is noted."""

    def say_or_note(text: str) -> str:
        try:
            return spaced(translated(text, context=NOTEBOOK))
        except Untranslated as error:
            lacking.append(str(error))
            return text

    return source if current_voice().language == ORIGINAL else in_language(source, say_or_note)


def _split(source: str) -> Iterator[tuple[str, str]]:
    """Cut a cell of prose at its headings of the first two levels; code blocks keep their number signs."""
    heading, lines, fenced = "", [], False
    for line in source.split("\n"):
        fenced ^= line.lstrip().startswith("```")
        if not fenced and re.match(r"##?\s+\S", line):
            if heading or "".join(lines).strip():
                yield heading, "\n".join(lines).strip()
            heading, lines = line, []
        else:
            lines.append(line)
    if heading or "".join(lines).strip():
        yield heading, "\n".join(lines).strip()


def _question(prose: str) -> tuple[str, str]:
    """Part what follows the title: the question without its label, and the rest (what is read and written, why)."""
    first, _, rest = prose.partition("\n\n")
    question = re.sub(r"^\*\*[^*]+\*\*[：:]?\s*", "", first)
    return question, rest.strip()


def _shown(cell: NotebookNode, lacking: list[str]) -> Iterator[dict[str, Any]]:
    """What a cell shows to a reader: figures and HTML. What was printed, and plain text, is for whoever runs it."""
    outputs = cell.get("outputs", [])
    for output in outputs:
        if output.output_type == "error":
            raise ChapterError(f"a cell failed with {output.ename}: {output.evalue}")
    if _UNSEEN_CELLS & set(cell.metadata.get("tags", [])):
        return
    for output in outputs:
        data = output.get("data", {})
        kind = next((kind for kind in ("image/svg+xml", "text/html") if kind in data), "")
        if kind:
            described = output.metadata.get(kind, {})
            content = _said_in_language(_text(data[kind]), described, lacking)
            if kind == "text/html":
                yield {"kind": "html", "html": _scrollable(content)}
            else:
                yield _figure(content, described)
        elif any(kind.startswith("image/") for kind in data):
            raise ChapterError("a picture that no chart of the house made: it cannot be described; use charts")


def _said_in_language(content: str, described: Mapping[str, Any], lacking: list[str]) -> str:
    """What a cell shows, as it was made in the current voice's language."""
    language = current_voice().language
    if language == described.get("language", ORIGINAL):
        return content
    if language in described.get("languages", {}):
        return _text(described["languages"][language])
    lacking.append(
        described.get("faults", {}).get(language)
        or f"a cell shows something that does not exist in {language!r}; use charts and show"
    )
    return content


def _figure(svg: str, described: Mapping[str, Any]) -> dict[str, Any]:
    """A figure's words and pictures. Charts of the house describe themselves; another SVG needs its words beside it."""
    picture = charts.read_svg(svg)
    words = picture.description if picture else None
    alt = words.alt if words else described.get("alt")
    if not alt:
        raise ChapterError("a picture has no alternative text")
    shown = picture.page if picture else svg
    size = re.search(r'<svg [^>]*?width="([\d.]+)pt" height="([\d.]+)pt"', shown)
    return {
        "kind": "figure",
        "picture": _data_address(shown),
        "phone": _data_address(picture.phone) if picture and picture.phone else "",
        "alt": alt,
        "title": words.title if words else described.get("title", ""),
        "subtitle": words.subtitle if words else described.get("subtitle", ""),
        "source": words.source if words else described.get("source", ""),
        "id": (words.anchor if words else described.get("anchor")) or "",
        "simulated": bool(words and words.simulated),
        "width": round(float(size.group(1)) / 0.75) if size else None,
        "height": round(float(size.group(2)) / 0.75) if size else None,
    }


def _number(parts: Sequence[list[dict[str, Any]]]) -> None:
    """Number the figures as a reader meets them, and give each an anchor."""
    figures = [item for part in parts for item in part if item["kind"] == "figure"]
    given = [item["id"] for item in figures if item["id"]]
    if twice := sorted({anchor for anchor in given if given.count(anchor) > 1}):
        raise ChapterError(f"two figures have the anchor {', '.join(twice)}")
    for number, item in enumerate(figures, start=1):
        item["number"] = number
        item["id"] = item["id"] or f"figure-{number}"


def _name(page: Page) -> None:
    """Give each section an anchor of its own."""
    taken = {item["id"] for part in page.sections for item in part.entries if item["kind"] == "figure"} | {
        "about",
        "content",
    }
    taken |= {item["id"] for item in page.opening if item["kind"] == "figure"}
    for section in page.sections:
        base = re.sub(r"[^\w]+", "-", unescape(section.title).casefold()).strip("-") or "section"
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        section.id = name


def _scrollable(html: str) -> str:
    """Let a wide table scroll by itself, by keyboard too, so that the page does not."""

    def opened(match: re.Match[str]) -> str:
        label = re.search(r'aria-label="([^"]*)"', match.group())
        name = f' aria-label="{label.group(1)}"' if label else ""
        return f'<div class="scroll" tabindex="0" role="group"{name}>{match.group()}'

    return re.sub(r"<table\b[^>]*>", opened, html).replace("</table>", "</table></div>")


def _text(data: str | Sequence[str]) -> str:
    return data if isinstance(data, str) else "".join(data)


def _data_address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


# From page to HTML


@contextmanager
def no_grammars() -> Iterator[None]:
    """Let nbformat be imported without the grammars of international addresses, which take three seconds to compile.

    Its import of jsonschema compiles them where they happen to be installed (JupyterLab brings them), for a check of
    formats that no notebook asks for.
    """
    grammars = "rfc3987_syntax"
    if grammars in sys.modules:
        yield
        return
    sys.modules[grammars] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        yield
    finally:
        del sys.modules[grammars]


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook's file."""
    with no_grammars():
        import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise ChapterError(f"notebook {path.name} cannot be read ({error}); build it again") from None


def render_template(name: str, **values: Any) -> str:
    """Render one of the house's other pages, such as the list of runs."""
    return _exporter().environment.get_template(name).render(**values)


@cache
def _exporter() -> HTMLExporter:
    """The exporter that dresses pages. Values are escaped unless the template says that they are HTML."""
    from nbconvert.exporters import HTMLExporter

    class ChapterExporter(HTMLExporter):
        def _create_environment(self) -> jinja2.Environment:
            environment = super()._create_environment()
            environment.autoescape = True
            environment.globals["_"] = translated
            environment.globals["say"] = say
            environment.globals["word"] = word
            environment.globals["joined"] = formats.joined
            environment.globals["spaced"] = spaced
            environment.globals["data_text"] = data_text
            environment.filters["category"] = lambda table: str(say(f"collect.word_{table}"))
            environment.globals["meaning"] = partial(translated, context="setting")
            environment.globals["style"] = _style()
            return environment

    return ChapterExporter(
        template_name="chapter",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        enable_mathjax=False,
    )


def _style() -> str:
    """The style sheet, without its comments and indents."""
    text = (TEMPLATES / "chapter" / "style.css").read_text(encoding="utf-8")
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()

"""From an arranged chapter to one page that fetches and runs nothing."""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_patterns.reporting.chapter.arranged import arrange
from customer_patterns.reporting.chapter.edition import ChapterError, Edition
from customer_patterns.reporting.chapter.notebooks import read_notebook
from customer_patterns.wording import data_text, formats, say, speaking, translated, word
from customer_patterns.wording.formats import spaced

if TYPE_CHECKING:
    import jinja2
    from nbconvert.exporters import HTMLExporter
    from nbformat import NotebookNode

TEMPLATES = Path(__file__).parent.parent / "templates"

#: A page that is larger belongs on several pages.
LARGEST_PAGE = 3_000_000


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
